"""Walls, floors and ceilings, split where their colours ask for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Level, Mesh
from ..surface.material import Patina
from ..surface.pack import pack
from ..surface.palette import Role, Wear
from .job import Job
from .pieces import conforming, mesh_of_pieces
from .shade import light_at, wear_at
from .subdivide import Colour, SplitLimits, refined
from .triangle_soup import soup_of

SET_LIMITS = SplitLimits(5.0, 0.4, 0.13)
"""Wear is split for where it strays 13 % of the albedo: less is lost in the pattern. A hectare has 110,000 triangles at
most."""
BAKED_LIMITS = SplitLimits(6.0, 0.8, 0.09)
"""Baked light is split for where it strays 9 % of white, in steps near to even ones for the eye. A hectare has
180,000 triangles at most, each fixture's and prop's mesh counted once."""
TRIMS = 0.5
"""What counts of that on trims, which are too narrow for the eye to follow their light."""
UNDER_M, UPRIGHT = 0.12, 0.9
"""Nearer than this to its upper edge a wall's light is read here: under a ceiling it falls off within a hand, and a
corner would carry that fall half a metre down. Upright is a chart whose second axis rises so much of its length."""
UV2_M = 0.1
"""Texels that the second UV set is laid out for."""


def split_building(job: Job, slow: Patina) -> Mesh:
    """The building without hanging corners, split where its colours ask for it."""
    level = job.level
    soup, colour, fitted = soup_of(level.building), worn_light(job, slow), _fitted(level)
    pieces = conforming(soup)
    if not job.baked:
        old = (level.palette.wear != Wear.PAINT)[soup.material]
        pieces = refined(soup, pieces, colour, SET_LIMITS, old, fitted)
        return mesh_of_pieces(level.building, pieces)
    material = level.building.chart_material
    trims = np.where(level.palette.role[material] == Role.TRIM, TRIMS, 1.0).astype(np.float32)
    albedo = job.albedo[material].astype(np.float32)

    def shown(chart: NDArray[np.int64], uv: NDArray[np.float64]) -> NDArray[np.float32]:
        return np.sqrt(job.tone.level(colour(chart, uv) * albedo[chart])) * trims[chart, None]

    everything = np.ones(len(soup.chart), bool)
    pieces = refined(soup, pieces, shown, BAKED_LIMITS, everything, fitted)
    return mesh_of_pieces(level.building, pieces)


def worn_light(job: Job, slow: Patina) -> Colour:
    """What multiplies a surface's albedo: wear, times its light where colours carry that."""
    highest = _highest(job.level.building)

    def value(chart: NDArray[np.int64], uv: NDArray[np.float64]) -> NDArray[np.float32]:
        wear = wear_at(slow, chart, uv)
        if not job.baked or job.light is None:
            return wear
        return wear * light_at(job.light, chart, np.minimum(uv, highest[chart]))

    return value


def _highest(building: Mesh) -> NDArray[np.float64]:
    """(M, 2) how far along its axes, in 0..1, a chart's light is read."""
    side = building.sides_m[:, 1]
    wall = (building.chart_v[:, 2] > UPRIGHT * side) & (side > 2 * UNDER_M)
    out = np.ones((len(side), 2))
    out[wall, 1] -= UNDER_M / side[wall]
    return out


def second_uv(mesh: Mesh) -> NDArray[np.float32]:
    """(V, 2) coordinates in 0..1 in which no two charts overlap."""
    size = np.ceil(mesh.sides_m / UV2_M).astype(np.int64) + 1
    width = int(max(np.sqrt(np.prod(size + 2, axis=1).sum() * 1.05), size.max() + 2))
    place, height = pack(size, width)
    at = place[mesh.vertex_chart] + 0.5 + mesh.chart_uv * (size[mesh.vertex_chart] - 1)
    return (at / max(width, height)).astype(np.float32)


def _fitted(level: Level) -> NDArray[np.float64]:
    """(K, 3) corners of all instances, some of which fill holes of the building."""
    places = level.instances.world_from_mesh
    corners = [
        level.instance_meshes[mesh].vertices @ place[:3, :3].T + place[:3, 3]
        for mesh, place in zip(level.instances.mesh, places, strict=True)
    ]
    return np.concatenate(corners) if corners else np.zeros((0, 3))
