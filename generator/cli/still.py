"""``noclip still``: one frame, from a scene to a PNG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import NoclipError
from ..files import check_writable
from . import options, parse, report

if TYPE_CHECKING:
    from ..scene import Scene
    from ..still import Only, StillRequest


def still(
    scene: options.Source = "level0",
    seed: options.Seed = None,
    seeds: Annotated[str | None, typer.Option(metavar="A:B", help="A picture for each seed from A up to B.")] = None,
    at: Annotated[str | None, typer.Option(metavar="X,Y", help="Where to stand, metres; else chosen.")] = None,
    yaw: Annotated[float | None, typer.Option(metavar="DEG", help="0 east, 90 north; else chosen.")] = None,
    pitch: Annotated[float | None, typer.Option(metavar="DEG", help="Up is positive; else chosen.")] = None,
    roll: Annotated[float | None, typer.Option(metavar="DEG", help="Clockwise is positive; else chosen.")] = None,
    fov: Annotated[float | None, typer.Option(metavar="DEG", help="Field of view across the picture.")] = None,
    size: options.Size = None,
    renderer: options.RendererName = None,
    camera: options.CameraName = None,
    tape: options.TapeName = None,
    clean: options.Clean = False,
    only: Annotated[
        str | None, typer.Option(metavar="PART", help="One part: direct, bounce, albedo, normal or texels.")
    ] = None,
    quality: options.QualityName = None,
    radiance: Annotated[
        str | None, typer.Option(metavar="FILE.npy", help="Also write the radiance before the camera.")
    ] = None,
    settings: options.Settings = None,
    out: Annotated[
        str, typer.Option("-o", "--out", metavar="FILE", help="{scene} and {seed} are filled in.")
    ] = "{scene}_{seed}.png",
) -> None:
    """Take one frame of a scene, or one for each of several seeds."""
    from ..camera.temper import mishaps_allowed
    from ..scene import load_scene

    if seed is not None and seeds is not None:
        raise NoclipError("give --seed or --seeds, not both")
    given = options.picture(size, renderer, quality, camera, tape) | {
        "camera.fov_deg": fov,
        "view.at": list(parse.place(at)) if at else None,
        "view.yaw_deg": yaw,
        "view.pitch_deg": pitch,
        "view.roll_deg": roll,
        "seed": seed,
    }
    first = load_scene(scene, options.overrides(settings, given))
    numbers = range(first.seed, first.seed + 1) if seeds is None else parse.seeds("--seeds", seeds)
    pictures = outputs("-o", out, ".png", scene, numbers)
    arrays = outputs("--radiance", radiance, ".npy", scene, numbers) if radiance else []
    from ..still import part_of

    part = part_of(only)
    shot_by = first.camera if seeds is None else mishaps_allowed(first.camera)
    asked = (first.model_copy(update={"seed": number, "camera": shot_by}) for number in numbers)
    _take((request_of(scene, s, clean, part) for s in asked), pictures, arrays)


def outputs(option: str, pattern: str, ending: str, scene: str, seeds: Sequence[int]) -> list[Path]:
    """The file for each seed, after making sure that all of them can be written.

    Raises NoclipError: another ending, several pictures in one file, or a folder that cannot be written.
    """
    if not pattern.lower().endswith(ending):
        raise NoclipError(f"{option} {pattern!r}: the name must end in {ending}")
    names = [pattern.replace("{scene}", Path(scene).stem).replace("{seed}", str(seed)) for seed in seeds]
    if len(set(names)) < len(names):
        raise NoclipError(f"{option} {pattern!r}: several seeds would write one file; put {{seed}} into the name")
    paths = [Path(name) for name in names]
    longest = {path.parent: path for path in sorted(paths, key=lambda path: len(path.name))}
    for path in {*longest.values(), *(path for path in paths if path.is_dir())}:
        check_writable(path)
    return paths


def request_of(name: str, scene: Scene, clean: bool, only: Only | None) -> StillRequest:
    """A request for a scene's picture; where the scene came from a picture, for that one."""
    from ..recipe import read_recipe
    from ..still import StillRequest, request_from

    if Path(name).suffix.lower() == ".png":
        recipe = read_recipe(Path(name))
        try:
            return request_from(recipe, scene, clean, only)
        except NoclipError as error:
            raise NoclipError(f"{name}: {error}") from None
    return StillRequest(scene, clean=clean, only=only)


def _take(requests: Iterable[StillRequest], pictures: Sequence[Path], arrays: Sequence[Path]) -> None:
    """Make and write the pictures, one after the other; their paths go to standard output."""
    from ..still import make_still, save_png, save_radiance

    progress = report.progress()
    for k, request in enumerate(requests):
        taken = make_still(request, progress)
        save_png(taken, pictures[k])
        typer.echo(pictures[k])
        if arrays:
            save_radiance(taken, arrays[k])
            typer.echo(arrays[k])
