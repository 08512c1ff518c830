"""Options that several commands have, each with its line of help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from . import parse

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
Clean = Annotated[bool, typer.Option("--clean", help="No tape, no on-screen display.")]


def overrides(settings: list[str] | None, given: Mapping[str, object]) -> list[str]:
    """``--set`` and, after it, those options that were given, as ``load_scene`` takes them."""
    return [*(settings or []), *(f"{key}={value}" for key, value in given.items() if value is not None)]


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
