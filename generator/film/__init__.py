"""Film: a walk with a camcorder, from a scene to a video file, on one machine or many.

    FilmOrder ─► Plot ─► Leg ─► runs of frames ─► file or folder
    (asked)      (poses)  (light)  (workers)        (sound, manifest)

Every frame is a pure function of the order and its number; workers, restarts and clusters change nothing.
"""

from .make import make_film
from .order import FilmOrder

__all__ = ["FilmOrder", "make_film"]
