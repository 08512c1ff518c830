"""A plan as DXF for a set builder: metres, one layer for each kind, solids as closed polylines."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .floorplan import Floorplan, SolidKind, WallKind
from .sight import wall_corners

LAYERS = {"WALLS": 7, "PARTITIONS_HALF": 30, "PILLARS": 5, "BLOCKS": 8, "OPENINGS": 3, "LAMPS": 2}
"""Layers and their colours in the AutoCAD colour index."""


def write_dxf(plan: Floorplan, path: Path) -> None:
    """Write a plan's outlines; x, y in metres from the south-west corner of its first chunk.

    Walls that touch are one outline (holes are polylines of their own); everything else is drawn piece by piece.
    """
    import ezdxf
    from ezdxf import units
    from shapely import Polygon, get_parts, set_precision, union_all

    drawing = ezdxf.new("R2010", units=units.M)
    for name, colour in LAYERS.items():
        drawing.layers.add(name, color=colour)
    space = drawing.modelspace()
    solids = [plan.solid_xy[a:b] for a, b in zip(plan.solid_start[:-1], plan.solid_start[1:], strict=True)]
    corners = wall_corners(plan)
    full = (plan.wall_kind == WallKind.WALL) | (plan.wall_kind == WallKind.PARTITION)
    upright = [
        ring
        for ring, kind in zip(solids, plan.solid_kind, strict=True)
        if kind in (SolidKind.CURVED_WALL, SolidKind.OBLIQUE_WALL)
    ]
    merged = union_all([set_precision(Polygon(ring), 1e-4) for ring in [*corners[full], *upright]], grid_size=1e-4)
    for shape in get_parts(merged):
        for ring in (shape.exterior, *shape.interiors):
            space.add_lwpolyline(np.array(ring.coords)[:-1], close=True, dxfattribs={"layer": "WALLS"})
    for ring in corners[plan.wall_kind == WallKind.HALF]:
        space.add_lwpolyline(ring, close=True, dxfattribs={"layer": "PARTITIONS_HALF"})
    for ring in corners[(plan.wall_kind == WallKind.HEADER) | (plan.wall_kind == WallKind.ARCH)]:
        space.add_lwpolyline(ring, close=True, dxfattribs={"layer": "OPENINGS"})
    for ring, kind in zip(solids, plan.solid_kind, strict=True):
        if kind in (SolidKind.PILLAR, SolidKind.PILASTER, SolidKind.BLOCK):
            layer = "BLOCKS" if kind == SolidKind.BLOCK else "PILLARS"
            space.add_lwpolyline(ring, close=True, dxfattribs={"layer": layer})
    half = np.where(plan.lamp_axis[:, None] == 0, [[0.6096, 0.3048]], [[0.3048, 0.6096]])
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)
    for ring in plan.lamp_xy[:, None] + square * half[:, None]:
        space.add_lwpolyline(ring, close=True, dxfattribs={"layer": "LAMPS"})
    drawing.saveas(path)
