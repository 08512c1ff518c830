"""Film: a walk with a camcorder, from a scene to a video file, on one machine or many.

    FilmRequest ─► Timeline ─► Segment ─► ranges of frames ─► file or folder
    (asked)      (poses)  (light)  (workers)        (sound, manifest)

Every frame is a pure function of the request and its number; workers, restarts and clusters change nothing.
"""

from .make import make_film
from .request import FilmRequest
from .timeline import walk_shot

__all__ = ["FilmRequest", "make_film", "walk_shot"]
