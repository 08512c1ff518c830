"""``noclip map``: a floor plan to hang on a wall, and its measures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import NoclipError
from ..files import check_writable
from . import options, parse, report

if TYPE_CHECKING:
    from ..plan.cut import Box
    from ..scene import Scene

ENDINGS = (".svg", ".png", ".dxf")
SHORTEST_M, LONGEST_M = 1.0, 5000.0
"""A drawing with less a side shows nothing; one with more is too large to open."""


def map_(
    scene: options.SceneName = "level0",
    seed: options.Seed = None,
    region: Annotated[
        str, typer.Option(metavar="X0,Y0,X1,Y1", help="What to draw, metres; cut at its border.")
    ] = "0,0,117,117",
    view: Annotated[str | None, typer.Option(metavar="X,Y", help="Also draw what is seen from this place.")] = None,
    stats: Annotated[bool, typer.Option("--stats", help="Print measures of the region's chunks as JSON.")] = False,
    settings: options.Settings = None,
    out: Annotated[
        str | None, typer.Option("-o", "--out", metavar="FILE", help="An .svg, .png or .dxf; without --stats needed.")
    ] = None,
) -> None:
    """Draw the floor plan of a region."""
    from ..plan.floorplan import CHUNK_M
    from ..scene import load_scene

    place = load_scene(scene, options.overrides(settings, {"seed": seed}))
    x0, y0, x1, y1 = parse.region(region)
    if max(x1 - x0, y1 - y0) > LONGEST_M:
        raise NoclipError(f"--region {region}: at most {LONGEST_M:g} m a side; draw it in parts")
    if min(x1 - x0, y1 - y0) < SHORTEST_M:
        raise NoclipError(f"--region {region}: at least {SHORTEST_M:g} m a side")
    chunks = parse.chunks_of(x0, y0, x1, y1)
    corner = chunks[0] * CHUNK_M, chunks[1] * CHUNK_M
    box = x0 - corner[0], y0 - corner[1], x1 - corner[0], y1 - corner[1]
    eye = _within(parse.place(view, "--view"), corner, box) if view else None
    if out is None and not stats:
        raise NoclipError("give -o FILE.svg, .png or .dxf, or --stats, or both")
    path = Path(out) if out is not None else None
    if path is not None:
        if path.suffix.lower() not in ENDINGS:
            raise NoclipError(f"-o {out}: the name must end in {', '.join(ENDINGS)}")
        check_writable(path)
    _draw(place, chunks, box, eye, path, stats)


def _within(eye: tuple[float, float], corner: tuple[float, float], box: Box) -> tuple[float, float]:
    """A place relative to the first chunk's corner.

    Raises NoclipError when it lies outside the region.
    """
    x, y = eye[0] - corner[0], eye[1] - corner[1]
    if not (box[0] <= x <= box[2] and box[1] <= y <= box[3]):
        raise NoclipError("--view: this place is outside the region drawn; move it or enlarge --region")
    return x, y


def _draw(
    scene: Scene,
    chunks: tuple[int, int, int, int],
    box: Box,
    eye: tuple[float, float] | None,
    path: Path | None,
    stats: bool,
) -> None:
    """Plan, draw and measure; the file's name and the measures go to standard output."""
    from ..places.verbs import floorplan, place_of
    from ..plan.draw import draw_map

    progress = report.progress()
    with progress.stage("plan"):
        drawn = floorplan(scene, scene.seed, chunks)
    if path is not None:
        with progress.stage("draw"):
            place = place_of(scene)
            services = place.services(drawn, scene, scene.seed)
            lamps_m = [lamp.plan_m for lamp in place.kit.luminaires]
            draw_map(drawn, path, scene.title, scene.seed, eye, box, place.districts, services, lamps_m)
        typer.echo(path)
    if stats:
        from ..plan.metrics import stats as measures

        with progress.stage("measure"):
            found = measures(drawn)
        typer.echo(json.dumps(found, indent=2))
