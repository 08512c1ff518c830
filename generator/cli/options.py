"""Options that several commands have, each with its line of help."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import NoclipError
from . import parse

if TYPE_CHECKING:
    from ..camera.track import Track
    from ..passes.catalogue import Wanted
    from ..progress import Progress
    from ..scene import Scene

MOST_WORKERS = 1024

_scene = {"metavar": "[SCENE]", "autocompletion": parse.scene_names}
SceneName = Annotated[str, typer.Argument(help="A scene's name or a .toml file.", **_scene)]
Source = Annotated[str, typer.Argument(help="A scene's name, a .toml file, or a .png that noclip made.", **_scene)]
Seed = Annotated[int | None, typer.Option(metavar="N", help="What everything random follows from.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Any setting of the scene.")
]
Size = Annotated[str | None, typer.Option(metavar="WxH", help="Size of the picture in pixels.")]
RendererName = Annotated[str | None, typer.Option(metavar="NAME", help="auto, opengl or embree.")]
QualityName = Annotated[str | None, typer.Option(metavar="NAME", help="draft, normal or final.")]
CameraName = Annotated[str | None, typer.Option(metavar="PROFILE", help="Which camera, such as ideal.")]
TapeName = Annotated[str | None, typer.Option(metavar="PROFILE", help="Which tape, such as worn.")]
CodecName = Annotated[
    str | None, typer.Option("--codec", metavar="NAME", help="h264, h265 or av1; .mov also prores; .mkv also ffv1.")
]
Workers = Annotated[int | None, typer.Option(metavar="N", help="Processes; else one for each core.")]
Cluster = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="A dask scheduler: tcp://…, or its scheduler file.")
]
Views = Annotated[
    int, typer.Option("--view-per-seed", min=1, max=20, metavar="K", help="Different views of each seed.")
]
CameraFile = Annotated[
    str | None, typer.Option("--camera-file", metavar="FILE", help="A camera of your own: .json, .glb or .gltf.")
]
CameraOrigin = Annotated[
    str | None, typer.Option("--camera-origin", metavar="X,Y", help="Where a camera file's origin lies, metres.")
]
Passes = Annotated[
    str | None, typer.Option(metavar="LIST", help="Also write passes as OpenEXR: depth,normal,… or all.")
]
PassesDistorted = Annotated[
    bool, typer.Option("--passes-distorted", help="Passes as the lens draws them, with an ST map.")
]
PassesFloat = Annotated[bool, typer.Option("--passes-float", help="All passes as float, not half.")]
PassesLevels = Annotated[
    int, typer.Option("--passes-levels", metavar="N", help="Levels of Cryptomatte, of two ids each, 1 to 4.")
]
Clean = Annotated[bool, typer.Option("--clean", help="No tape, no on-screen display.")]


def overrides(settings: list[str] | None, given: Mapping[str, object]) -> list[str]:
    """``--set`` and, after it, those options that were given, as ``load_scene`` takes them."""
    return [*(settings or []), *(f"{key}={value}" for key, value in given.items() if value is not None)]


def worker_count(asked: int | None, progress: Progress) -> int:
    """How many processes work: as asked, with a warning where the machine has fewer cores; else one for each core.

    Raises NoclipError for a number that is none.
    """
    cores = os.cpu_count() or 1
    if asked is not None and not 1 <= asked <= MOST_WORKERS:
        raise NoclipError(f"--workers {asked}: give 1 to {MOST_WORKERS}")
    if asked is not None and asked > cores:
        progress.warn(f"--workers {asked}: this machine has {cores} cores; more workers take memory and win no time")
    return asked or cores


def camera_track(
    file: str | None, origin: str | None, only_with: Mapping[str, bool], against: Mapping[str, object]
) -> Track | None:
    """The track of a camera file, None without one.

    only_with: options that mean nothing without the file, and whether they were given; against: options that say where
    the camera is too, None where not given.
    Raises NoclipError as ``read_camera_file``, and for options that do not go together.
    """
    if file is None:
        alone = [name for name, given in ({"--camera-origin": origin is not None} | dict(only_with)).items() if given]
        if alone:
            raise NoclipError(f"{alone[0]}: there is no camera file; give it with --camera-file")
        return None
    both = [name for name, value in against.items() if value is not None]
    if both:
        raise NoclipError(f"{both[0]}: the camera file says where the camera is and how it looks; give one of them")
    from ..camera_file import read_camera_file

    return read_camera_file(Path(file), parse.place(origin, "--camera-origin") if origin is not None else None)


def framed(scene: Scene, track: Track, pixel_aspect: float, frame: int | None = None) -> Scene:
    """A scene with the field of view of a track: its widest, or that of one of its keys.

    Raises NoclipError where no lens of a scene is so wide or so narrow.
    """
    from math import degrees

    from ..camera.track import fov_across
    from ..scene.base import limits
    from ..scene.camera import CameraSettings

    low, high = limits(CameraSettings, "fov_deg")
    fov = fov_across(track, scene.render.width_px * pixel_aspect / scene.render.height_px)
    wide = degrees(fov.max() if frame is None else fov[frame])
    if not low <= wide <= high:
        raise NoclipError(f"the camera file's field of view is {wide:.1f}° across; it may be {low:g}° to {high:g}°")
    return scene.model_copy(update={"camera": scene.camera.model_copy(update={"fov_deg": wide})})


def passes(text: str | None, moving: bool, distorted: bool, single: bool, levels: int) -> Wanted | None:
    """What is asked of passes, None for none.

    Raises NoclipError as ``wanted_of``, and for options of passes without passes.
    """
    from ..passes.catalogue import Wanted, wanted_of

    if text is None:
        given = {"--passes-distorted": distorted, "--passes-float": single, "--passes-levels": levels != Wanted.levels}
        alone = [name for name, is_given in given.items() if is_given]
        if alone:
            raise NoclipError(f"{alone[0]}: there are no passes; name them with --passes")
        return None
    return wanted_of(text, moving, distorted, levels, single)


def picture(
    size: str | None, renderer: str | None, quality: str | None, camera: str | None, tape: str | None
) -> dict[str, object]:
    """The settings behind the options of a picture, None where not given."""
    width, height = parse.size(size) if size else (None, None)
    return {
        "render.width_px": width,
        "render.height_px": height,
        "render.renderer": renderer,
        "render.quality": quality,
        "camera.profile": camera,
        "tape.profile": tape,
    }
