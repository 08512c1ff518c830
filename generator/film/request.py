"""What a film is asked to be, and its identity."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from .. import __version__
from ..camera.script import Script
from ..camera.track import Track, frame_count
from ..errors import NoclipError
from ..files import digest
from ..passes.catalogue import Rate, Wanted
from ..scene import Scene
from ..video.codecs import PIECE, Codec
from ..video.encode import Deliver

Form = Literal["mp4", "mov", "mkv", "folder"]
Kind = Literal["opengl", "embree"]
SEGMENT_FRAMES = 900
"""A film is prepared in segments of half a minute, so that memory has a bound; one while the one before is drawn."""
RANGE_FRAMES, PASS_FRAMES = 30, 6
"""Frames made in one go by one worker; each range opens with a key frame, so ranges can be joined. With passes there
are fewer, as a range's files are in memory together."""
LONGEST_S = 6 * 3600.0
NARROWEST_DEG = 5.0
"""The narrowest field of view that a lens has."""


@dataclass(frozen=True)
class FilmRequest:
    """One film: a scene, what the operator does in it, and how it is delivered.

    first, stop: half-open range of frames, counted from the shot's start. start, goal: x, y in metres of the world.
    codec: of a file. clean: neither tape nor display. passes: to be made besides, of every frame or field. track: a
    camera of one's own in place of the operator; hands: held in the operator's hands.
    """

    scene: Scene
    script: Script
    first: int
    stop: int
    form: Form = "mp4"
    deliver: Deliver = "59.94p"
    start: tuple[float, float] | None = None
    goal: tuple[float, float] | None = None
    clean: bool = False
    silent: bool = False
    codec: Codec = "h264"
    passes: Wanted | None = None
    passes_rate: Rate = "frames"
    track: Track | None = None
    hands: bool = False


def recipe_of(request: FilmRequest, renderer: Kind) -> dict[str, Any]:
    """All that a film must carry to be made again, but for a camera file's keys, of which it has the hash.

    renderer: the one that was taken.
    """
    asked = asdict(replace(request, track=None)) | {"scene": request.scene.model_dump(mode="json")}
    if request.track is not None:
        asked["track"] = digest(json.dumps(asdict(request.track)).encode())
    return {"version": __version__, "renderer": renderer, **asked}


def identity(recipe: dict[str, Any]) -> str:
    """A recipe's hash: films of one identity are equal byte for byte on one machine."""
    text = json.dumps(recipe, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def check(request: FilmRequest) -> None:
    """Raise NoclipError where no film can come of a request."""
    count, width, height = request.stop - request.first, request.scene.render.width_px, request.scene.render.height_px
    if request.first < 0 or count <= 0:
        raise NoclipError(f"frames {request.first}:{request.stop}: give at least one frame, counted from 0")
    if request.stop * 1001 / 30000 > LONGEST_S:
        raise NoclipError(f"the film would end after {LONGEST_S / 3600:g} hours; make it in parts with --frames A:B")
    if width % 2 or height % 4:
        raise NoclipError(f"size {width}x{height}: a film needs an even width, and a height divisible by 4")
    if request.track is not None and len(request.track.time_s) > 1 and request.stop > frame_count(request.track):
        lasts = frame_count(request.track)
        raise NoclipError(
            f"frames {request.first}:{request.stop}: the camera file lasts {lasts} frames; ask for no more"
        )
    if request.passes is not None and request.form != "folder":
        raise NoclipError(
            f"--passes: a .{request.form} holds the tape alone; give -o a folder's name, without an ending"
        )
    check_zoom(request)


def check_zoom(request: FilmRequest) -> None:
    """Raise NoclipError where a shot's zoom goes beyond the lens."""
    fov_deg = request.scene.camera.fov_deg
    for seconds, much in request.script.zoom:
        if much > longest_lens(fov_deg):
            raise NoclipError(f"zoom {much:g} at {seconds:g} s: beyond the lens, whose field of view is at least "
                              f"{NARROWEST_DEG:g}°; {fov_deg:g}° allows up to {longest_lens(fov_deg):.3g}")  # fmt: skip


def longest_lens(fov_deg: float) -> float:
    """How many times a lens gets longer than at its widest, a field of view in degrees."""
    return math.tan(math.radians(fov_deg / 2)) / math.tan(math.radians(NARROWEST_DEG / 2))


def frame_ranges(request: FilmRequest) -> list[tuple[int, int]]:
    """The half-open ranges of frames that a film is made in; their borders do not depend on where it begins."""
    count = RANGE_FRAMES if request.passes is None else PASS_FRAMES
    borders = range(request.first // count, -(-request.stop // count))
    return [(max(k * count, request.first), min((k + 1) * count, request.stop)) for k in borders]


def files_of(request: FilmRequest, first: int, stop: int) -> tuple[str, ...]:
    """The names of the files that a range of frames becomes: one piece of video, or a picture a field or frame, then
    their passes."""
    if request.form != "folder":
        return (f"{first:08d}.piece{PIECE[request.codec]}",)
    passes = tuple(name for n in range(first, stop) for name in _pass_names(request, n))
    if request.deliver == "59.94p":
        return (*(f"field_{n:06d}.png" for n in range(2 * first, 2 * stop)), *passes)
    return (*(f"frame_{n:06d}.png" for n in range(first, stop)), *passes)


def pass_fields(request: FilmRequest, frame: int) -> tuple[int, ...]:
    """The fields of a frame that passes are made of: the first, or both."""
    if request.passes is None:
        return ()
    return (2 * frame,) if request.passes_rate == "frames" else (2 * frame, 2 * frame + 1)


def _pass_names(request: FilmRequest, frame: int) -> list[str]:
    if request.passes_rate == "frames":
        return [f"frame_{frame:06d}.exr"] if request.passes is not None else []
    return [f"field_{field:06d}.exr" for field in pass_fields(request, frame)]
