"""A plan as DXF for a set builder: world metres, one layer for each kind, solids as closed polylines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .cut import Box, corners_of, cut_lines, cut_rings
from .floorplan import CHUNK_M, Floorplan, SolidKind, WallKind
from .sheet import Service, cell_runs
from .sight import TROFFER_M, lamp_corners, solid_rings, wall_corners

if TYPE_CHECKING:
    from ezdxf.document import Drawing

LAYERS = {
    "WALLS": 7, "PARTITIONS_HALF": 30, "PILLARS": 5, "BLOCKS": 8, "OPENINGS": 3, "WINDOWS": 4, "LAMPS": 2, "REGION": 1,
    "STEPS": 6, "FLOORS": 40, "SLITS": 12,
}  # fmt: skip
"""Layers and their colours in the AutoCAD colour index."""
UPRIGHT = (SolidKind.CURVED_WALL, SolidKind.OBLIQUE_WALL, SolidKind.GROUND)
"""Solids that are walls to a set builder."""
GRID_M = 1e-4
"""Outlines that touch are joined on this grid, which plans are drawn on."""

Ring = NDArray[np.float64]


def write_dxf(
    plan: Floorplan, path: Path, box: Box, services: Sequence[Service] = (),
    lamps_m: Sequence[tuple[float, float]] = (TROFFER_M,),
) -> None:  # fmt: skip
    """Write the outlines of a box of a plan, cut at its border; x, y in metres from the world's origin.

    box: x0, y0, x1, y1 in the plan's coordinates; it is drawn too, on a layer of its own, and the drawing opens on it.
    services: lines on layers of their own, their group and name, such as PIPES_STEAM. lamps_m: as ``draw_map``.
    Walls that touch are one outline (holes are polylines of their own); everything else is drawn piece by piece.
    """
    import ezdxf
    from ezdxf import units

    with _undated():
        drawing = ezdxf.new("R2010", units=units.M)
        _fill(drawing, plan, box, services, lamps_m)
        drawing.saveas(path)


@contextmanager
def _undated() -> Iterator[None]:
    """Keep dates and random identifiers out of drawings, so that one plan gives one file."""
    import ezdxf

    before = ezdxf.options.write_fixed_meta_data_for_testing
    ezdxf.options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        ezdxf.options.write_fixed_meta_data_for_testing = before


def _fill(
    drawing: Drawing, plan: Floorplan, box: Box, services: Sequence[Service], lamps_m: Sequence[tuple[float, float]]
) -> None:  # fmt: skip
    """Layers, outlines, extents and the first view."""
    for name, colour in LAYERS.items():
        drawing.layers.add(name, color=colour)
    space = drawing.modelspace()
    world = np.array(plan.origin) * CHUNK_M
    for layer, ring in _outlines(plan, box, lamps_m):
        space.add_lwpolyline(np.round(ring + world, 6), close=True, dxfattribs={"layer": layer})
    for service in services:
        layer = f"{service.group}_{service.name.upper()}"
        drawing.layers.add(layer, color=service.colour)
        for x0, y0, x1, y1 in np.round(cut_lines(service.lines, box) + np.tile(world, 2), 6).tolist():
            space.add_line((x0, y0), (x1, y1), dxfattribs={"layer": layer})
    low, high = (np.round(np.array(corner) + world, 6) for corner in (box[:2], box[2:]))
    for name, corner in (("MIN", low), ("MAX", high)):
        space.dxf.set(f"ext{name.lower()}", (*corner, 0.0))
        drawing.header[f"$EXT{name}"] = (*corner, 0.0)
        drawing.header[f"$LIM{name}"] = tuple(corner)
    drawing.set_modelspace_vport(height=1.05 * float(max(high - low)), center=tuple((low + high) / 2))


def _outlines(
    plan: Floorplan, box: Box, lamps_m: Sequence[tuple[float, float]]
) -> Iterator[tuple[str, Ring]]:  # fmt: skip
    """Layer and outline (V, 2) of all that a box of a plan holds."""
    corners, kind = wall_corners(plan), plan.wall_kind
    full = (kind == WallKind.WALL) | (kind == WallKind.PARTITION)
    pairs = list(zip(solid_rings(plan), plan.solid_kind, strict=True))
    upright = [ring for ring, what in pairs if what in UPRIGHT]
    for ring in _joined([*corners[full], *upright], box):
        yield "WALLS", ring
    pieces = {
        "PARTITIONS_HALF": list(corners[kind == WallKind.HALF]),
        "OPENINGS": list(corners[(kind == WallKind.HEADER) | (kind == WallKind.ARCH)]),
        "WINDOWS": list(corners[kind == WallKind.SILL]),
        "PILLARS": [ring for ring, what in pairs if what in (SolidKind.PILLAR, SolidKind.PILASTER)],
        "BLOCKS": [ring for ring, what in pairs if what == SolidKind.BLOCK],
        "LAMPS": list(lamp_corners(plan, lamps_m)),
        "STEPS": [ring for ring, what in pairs if what == SolidKind.STEP],
        "SLITS": list(corners_of(plan.slit_box)),
        "REGION": [corners_of(box)],
    }
    for layer, rings in pieces.items():
        yield from ((layer, ring) for ring in cut_rings(rings, box))
    for height in np.unique(plan.floor_m[plan.floor_m != np.median(plan.floor_m)]):
        yield from (("FLOORS", ring) for ring in _joined(cell_runs(plan.floor_m == height), box))


def _joined(rings: list[Ring], box: Box) -> Iterator[Ring]:
    """The outlines, and the holes, of what rings that touch fill together in a box."""
    from shapely import Polygon, get_parts, set_precision, union_all
    from shapely import box as rectangle

    merged = union_all([set_precision(Polygon(ring), GRID_M) for ring in rings], grid_size=GRID_M)
    for shape in get_parts(merged.intersection(rectangle(*box))):
        if shape.geom_type == "Polygon":
            yield from (np.array(ring.coords)[:-1] for ring in (shape.exterior, *shape.interiors))
