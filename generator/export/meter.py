"""What the camera's meter sees: the baked or expected light of a level, over its surfaces or through a lens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..build.fixtures import rectangles
from ..build.level import Level, joined
from ..camera.exposure import LUMINANCE
from ..camera.shot import Lens, Pose
from ..light.lightmap import Lightmap
from ..render.view import view_of
from .shade import area_samples, light_at

UTILISATION = 0.55
"""Share of the lamps' light that lands on the floor. Source: lumen method, recessed prismatic troffers, pale room."""
GRID = (80, 60)
"""Columns and rows that are metered."""
DARK = 0.08
"""Places below this share of the brightest (95 of 100) count as unlit."""


def over_surfaces(level: Level, lightmap: Lightmap | None, albedo: NDArray[np.float64]) -> NDArray[np.float32]:
    """(60, 80, 3) radiance of places spread evenly over the building, of the lit ones alone: dark districts do not
    open the iris of the whole file. albedo (M, 3): of the level's materials."""
    chart, uv = area_samples(level.building, GRID[0] * GRID[1])
    seen = _light(level, lightmap, chart, uv) * albedo[level.building.chart_material[chart]]
    bright = seen @ LUMINANCE
    lit = np.flatnonzero(bright >= DARK * np.percentile(bright, 95))
    rows = lit[np.arange(len(seen)) * len(lit) // len(seen)]
    return seen[rows].reshape(GRID[1], GRID[0], 3).astype(np.float32)


def through_lens(
    level: Level, lightmap: Lightmap | None, albedo: NDArray[np.float64], pose: Pose, lens: Lens
) -> NDArray[np.float32]:
    """(60, 80, 3) radiance of the building and its lamps' lenses from a pose; black where nothing is hit."""
    from embreex.mesh_construction import TriangleMesh
    from embreex.rtcore_scene import EmbreeScene

    lamps, walls = level.lamps, level.building
    corner, plain = lamps.center - lamps.half_u - lamps.half_v, np.zeros(len(lamps.center), np.int16)
    lens_mesh = rectangles(corner, 2 * lamps.half_u, 2 * lamps.half_v, plain)
    mesh, tracer = joined([walls, lens_mesh]), EmbreeScene()
    TriangleMesh(tracer, mesh.vertices.astype(np.float32), mesh.faces)
    view = view_of(level.origin, pose, lens, GRID)
    y, x = (np.mgrid[: GRID[1], : GRID[0]] + 0.5).reshape(2, -1, 1)
    way = (view.corner + x * view.across + y * view.down).astype(np.float32)
    hit = tracer.run(np.tile(view.eye, (len(way), 1)).astype(np.float32), way, output=1)
    face, (b, c) = hit["primID"], (hit["u"], hit["v"])
    seen = np.zeros((len(way), 3))
    on_wall = np.flatnonzero((face >= 0) & (face < len(walls.faces)))
    corner = walls.faces[face[on_wall]]
    weight = np.stack([1.0 - b - c, b, c], axis=1)[on_wall]
    chart = walls.vertex_chart[corner[:, 0]].astype(np.int64)
    uv = (weight[..., None] * walls.chart_uv[corner]).sum(axis=1)
    seen[on_wall] = _light(level, lightmap, chart, uv) * albedo[walls.chart_material[chart]]
    on_lens = np.flatnonzero(face >= len(walls.faces))
    seen[on_lens] = lamps.radiance[(face[on_lens] - len(walls.faces)) // 2]
    return seen.reshape(GRID[1], GRID[0], 3).astype(np.float32)


def _light(level: Level, lightmap: Lightmap | None, chart: NDArray, uv: NDArray) -> NDArray[np.float64]:
    """(N, 3) irradiance / pi: baked, or without a bake what the lamps should give everywhere."""
    if lightmap is not None:
        return light_at(lightmap, chart, uv).astype(np.float64)
    lens = 4.0 * np.linalg.norm(level.lamps.half_u, axis=1) * np.linalg.norm(level.lamps.half_v, axis=1)
    flux = (np.pi * lens[:, None] * level.lamps.radiance).sum(axis=0)
    even = np.maximum(flux * UTILISATION / (level.size_m[0] * level.size_m[1] * np.pi), 1e-6)
    return np.tile(even, (len(chart), 1))
