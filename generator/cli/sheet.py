"""``noclip sheet``: a contact sheet of many seeds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import NoclipError
from ..files import check_writable, whole
from . import options, parse, report
from .still import check_failures

if TYPE_CHECKING:
    from ..scene import Scene
    from ..stills import Take

MOST_PICTURES = 200


def sheet(
    scene: options.SceneName = "level0",
    seeds: Annotated[str, typer.Option(metavar="A:B", help="A picture for each seed from A up to B.")] = "0:12",
    columns: Annotated[int, typer.Option(min=1, max=20, metavar="N", help="Pictures in a row.")] = 4,
    width: Annotated[int, typer.Option(min=64, max=1920, metavar="PX", help="Width of each picture.")] = 400,
    quality: options.QualityName = None,
    views: options.Views = 1,
    workers: options.Workers = None,
    cluster: options.Cluster = None,
    settings: options.Settings = None,
    out: Annotated[str, typer.Option("-o", "--out", metavar="FILE.png", help="The sheet.")] = "sheet.png",
) -> None:
    """Take stills of each of several seeds and lay them out on one sheet.

    Where some fail, the others wait in a folder beside the sheet, and the same command goes on.
    """
    with report.starting():
        from ..camera.temper import mishaps_allowed
        from ..scene import load_scene

    path = Path(out)
    if path.suffix.lower() != ".png":
        raise NoclipError(f"-o {out}: the name must end in .png")
    check_writable(path)
    numbers = parse.seeds("--seeds", seeds)
    if len(numbers) * views > MOST_PICTURES:
        raise NoclipError(f"--seeds {seeds}: at most {MOST_PICTURES} pictures on a sheet")
    progress = report.progress()
    processes = options.worker_count(workers, progress)
    first = load_scene(scene, options.overrides(settings, {"render.quality": quality}))
    camera = mishaps_allowed(first.camera)
    scenes = [first.model_copy(update={"seed": n, "camera": camera}) for n in numbers]
    from ..stills import make_stills

    with _work_folder(path, [(scene, view) for scene in scenes for view in range(views)]) as takes:
        failed = make_stills(takes, len(takes), progress, processes, cluster)
        check_failures(failed, len(takes))
        _lay_out(takes, columns, width, path, views)
    typer.echo(path)


@contextmanager
def _work_folder(path: Path, asked: list[tuple[Scene, int]]) -> Iterator[list[Take]]:
    """Takes of scenes, each with its view, in a folder beside a sheet, which goes when the block ends well."""
    from ..camera.choose import Wish
    from ..still import StillRequest
    from ..stills import Take

    folder = path.with_name(f"{path.name}.work")
    takes = [Take(StillRequest(scene, Wish(), view=view), folder / f"{scene.seed}_{view}.png") for scene, view in asked]
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise NoclipError(f"{folder}: cannot be made: {error.strerror or error}") from error
    try:
        yield takes
        for one in takes:
            one.picture.unlink(missing_ok=True)
    finally:
        with suppress(OSError):
            folder.rmdir()


def _lay_out(takes: list[Take], columns: int, width: int, path: Path, views: int) -> None:
    import numpy as np
    from PIL import Image

    from ..sheet import contact_sheet

    frames = [np.asarray(Image.open(one.picture)) for one in takes]
    labels = [f"seed {t.request.scene.seed}" + (f", view {t.request.view}" if views > 1 else "") for t in takes]
    picture = contact_sheet(frames, labels, min(columns, len(frames)), width)
    with whole(path) as part:
        Image.fromarray(picture).save(part, "PNG")
