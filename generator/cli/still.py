"""``noclip still``: one frame, from a scene to a PNG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import NoclipError, shown
from ..files import check_writable
from . import parse, report

if TYPE_CHECKING:
    from ..scene import Scene
    from ..still import Only, StillRequest

PARTS: tuple[Only, ...] = ("direct", "bounce", "albedo", "normal", "texels")


def still(
    scene: Annotated[
        str,
        typer.Argument(
            metavar="[SCENE]",
            help="A scene's name, a .toml file, or a .png that noclip made.",
            autocompletion=parse.scene_names,
        ),
    ] = "level0",
    seed: Annotated[int | None, typer.Option(metavar="N", help="What everything random follows from.")] = None,
    seeds: Annotated[str | None, typer.Option(metavar="A:B", help="A picture for each seed from A up to B.")] = None,
    at: Annotated[str | None, typer.Option(metavar="X,Y", help="Where to stand, metres; else chosen.")] = None,
    yaw: Annotated[float | None, typer.Option(metavar="DEG", help="0 east, 90 north; else chosen.")] = None,
    pitch: Annotated[float | None, typer.Option(metavar="DEG", help="Up is positive; else chosen.")] = None,
    roll: Annotated[float | None, typer.Option(metavar="DEG", help="Clockwise is positive; else chosen.")] = None,
    fov: Annotated[float | None, typer.Option(metavar="DEG", help="Field of view across the picture.")] = None,
    size: Annotated[str | None, typer.Option(metavar="WxH", help="Size of the picture in pixels.")] = None,
    renderer: Annotated[str | None, typer.Option(metavar="NAME", help="auto, opengl or embree.")] = None,
    camera: Annotated[str | None, typer.Option(metavar="PROFILE", help="Which camera, such as ideal.")] = None,
    tape: Annotated[str | None, typer.Option(metavar="PROFILE", help="Which tape, such as worn.")] = None,
    clean: Annotated[bool, typer.Option("--clean", help="No tape, no on-screen display.")] = False,
    only: Annotated[
        str | None, typer.Option(metavar="PART", help="One part: direct, bounce, albedo, normal or texels.")
    ] = None,
    quality: Annotated[str | None, typer.Option(metavar="NAME", help="draft, normal or final.")] = None,
    radiance: Annotated[
        str | None, typer.Option(metavar="FILE.npy", help="Also write the radiance before the camera.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Any setting of the scene.")
    ] = None,
    out: Annotated[
        str, typer.Option("-o", "--out", metavar="FILE", help="{scene} and {seed} are filled in.")
    ] = "{scene}_{seed}.png",
) -> None:
    """Take one frame of a scene, or one for each of several seeds."""
    from ..camera.temper import mishaps_allowed
    from ..scene import load_scene

    if seed is not None and seeds is not None:
        raise NoclipError("give --seed or --seeds, not both")
    width, height = parse.size(size) if size else (None, None)
    given = {
        "render.width_px": width,
        "render.height_px": height,
        "render.renderer": renderer,
        "render.quality": quality,
        "camera.profile": camera,
        "camera.fov_deg": fov,
        "tape.profile": tape,
        "view.at": list(parse.place(at)) if at else None,
        "view.yaw_deg": yaw,
        "view.pitch_deg": pitch,
        "view.roll_deg": roll,
    }
    overrides = [*(settings or []), *(f"{key}={value}" for key, value in given.items() if value is not None)]
    part = _part(only)
    first = load_scene(scene, overrides if seed is None else [*overrides, f"seed={seed}"])
    numbers = range(first.seed, first.seed + 1) if seeds is None else parse.seeds("--seeds", seeds)
    pictures = outputs("-o", out, ".png", scene, numbers)
    arrays = outputs("--radiance", radiance, ".npy", scene, numbers) if radiance else []
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


def _part(text: str | None) -> Only | None:
    """Raises NoclipError for a part that there is not."""
    for part in PARTS:
        if text == part:
            return part
    if text is not None:
        raise NoclipError(f"--only {shown(text)} is not known; choose one of {', '.join(PARTS)}")
    return None


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
