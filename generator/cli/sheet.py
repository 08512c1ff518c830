"""``noclip sheet``: a contact sheet of many seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import NoclipError
from ..files import check_writable, whole
from . import options, parse, report


def sheet(
    scene: options.SceneName = "level0",
    seeds: Annotated[str, typer.Option(metavar="A:B", help="A picture for each seed from A up to B.")] = "0:12",
    columns: Annotated[int, typer.Option(min=1, max=20, metavar="N", help="Pictures in a row.")] = 4,
    width: Annotated[int, typer.Option(min=64, max=1920, metavar="PX", help="Width of each picture.")] = 400,
    quality: options.QualityName = None,
    settings: options.Settings = None,
    out: Annotated[str, typer.Option("-o", "--out", metavar="FILE.png", help="The sheet.")] = "sheet.png",
) -> None:
    """Take a still of each of several seeds and lay them out on one sheet."""
    from ..camera.temper import mishaps_allowed
    from ..scene import load_scene

    path = Path(out)
    if path.suffix.lower() != ".png":
        raise NoclipError(f"-o {out}: the name must end in .png")
    check_writable(path)
    numbers = parse.seeds("--seeds", seeds)
    if len(numbers) > 200:
        raise NoclipError(f"--seeds {seeds}: at most 200 pictures on a sheet")
    first = load_scene(scene, options.overrides(settings, {"render.quality": quality}))
    camera = mishaps_allowed(first.camera)
    _lay_out([first.model_copy(update={"seed": n, "camera": camera}) for n in numbers], columns, width, path)


def _lay_out(scenes: list, columns: int, width: int, path: Path) -> None:
    from PIL import Image

    from ..camera.choose import Wish
    from ..sheet import contact_sheet
    from ..still import StillRequest, make_still

    progress = report.progress()
    frames = [make_still(StillRequest(scene, Wish()), progress).frame for scene in scenes]
    picture = contact_sheet(frames, [f"seed {scene.seed}" for scene in scenes], min(columns, len(frames)), width)
    with whole(path) as part:
        Image.fromarray(picture).save(part, "PNG")
    typer.echo(path)
