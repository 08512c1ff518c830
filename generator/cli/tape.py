"""``noclip tape``: any picture, folder of pictures or video through the tape."""

from __future__ import annotations

import math
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..errors import NoclipError
from . import options, report


class First(StrEnum):
    """Which field of an interlaced frame comes first in time."""

    auto = "auto"
    progressive = "progressive"
    upper_first = "upper"
    lower_first = "lower"


class Fit(StrEnum):
    """How footage of another shape meets the 4:3 screen."""

    stretch = "stretch"
    letterbox = "letterbox"
    crop = "crop"


def tape(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A picture, a folder of pictures, or a video.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The same kind, in IN's size.")],
    profile: Annotated[str | None, typer.Option("--tape", metavar="PROFILE", help="sp, ep, worn or off.")] = None,
    camera: Annotated[
        str | None, typer.Option(metavar="PROFILE", help="Also shoot it again with this camera; else none.")
    ] = None,
    osd: Annotated[bool, typer.Option("--osd", help="Burn the camera's date and time in.")] = False,
    fit: Annotated[Fit, typer.Option(help="How another shape meets the 4:3 screen.")] = Fit.stretch,
    fields: Annotated[First, typer.Option(help="Which field comes first; auto: as the file says.")] = First.auto,
    hold_max: Annotated[
        float | None, typer.Option(metavar="S", min=0.0, help="Longest time a picture is held for the sound.")
    ] = None,
    codec: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of a video: h264; .mov also prores; .mkv also ffv1.")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="What noise and dropouts follow from.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Any setting of tape or camera.")
    ] = None,
) -> None:
    """Record footage on tape and play it back, sound included."""
    from ..scene import load_scene
    from ..tape.footage import tape_file
    from ..tape.foreign import Treatment

    if hold_max is not None and math.isnan(hold_max):
        raise NoclipError("--hold-max nan: give seconds, 0 or more")
    given = {"tape.profile": profile, "camera.profile": camera, "seed": seed}
    scene = load_scene("level0", options.overrides(settings, given))
    treatment = Treatment(
        scene.tape, scene.camera if camera else None, osd, fit.value, scene.seed, scene.camera, fields.value, hold_max
    )
    progress = report.progress()

    with progress.stage("tape"):
        written = tape_file(
            source, target, treatment, lambda done, total: progress.share(done / total), progress.warn, codec
        )
    for path in written:
        typer.echo(path)
