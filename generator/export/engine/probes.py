"""Light probes: what comes to a place from everywhere, as spherical harmonics, for things that move.

The radiance is gathered by rays in the baked level: baked light times albedo where they meet a surface, the lens's own
where they meet a burning lamp. Source: Ramamoorthi and Hanrahan, "An efficient representation for irradiance
environment maps", SIGGRAPH 2001.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ...geometry.level import Level, expand
from ...light.lightmap import Lightmap
from ...plan.floorplan import CHUNK_M
from ...plan.floors import floor_at
from ..cameras import turned
from ..region import Chunk
from ..shade import light_at
from .cells import chunk_corner
from .colliders import Collider

RAYS = 2048
"""Directions of a probe: a lens overhead is met by some thirty of them."""
STEP_M = CHUNK_M / 16
"""Probes are two cells apart."""
HEIGHTS_M = (0.5, 1.5)
"""Over the floor: about knees and chests."""
CLEAR_M = 0.05
"""Probes nearer to something solid than this take the light of the nearest that is not."""
BASIS = "real spherical harmonics in glTF's axes: 1, y, z, x, xy, yz, 3z2-1, xz, x2-y2, orthonormal over the sphere"


@dataclass(frozen=True)
class Probes:
    """A grid of a chunk's probes: count (nx, ny, nz), places (P, 3) metres from the chunk's south-west corner, x first;
    coefficients (P, 9, 3) of the radiance, W/(sr m2)."""

    count: tuple[int, int, int]
    place: NDArray[np.float64]
    coefficients: NDArray[np.float64]


def directions(count: int) -> NDArray[np.float64]:
    """Spread ``count`` unit vectors (N, 3) evenly over the sphere: a Fibonacci lattice (Swinbank and Purser, 2006)."""
    k = np.arange(count) + 0.5
    turn, z = np.pi * (1.0 + 5.0**0.5) * k, 1.0 - 2.0 * k / count
    flat = np.sqrt(1.0 - z * z)
    return np.column_stack([flat * np.cos(turn), flat * np.sin(turn), z])


def harmonics(way: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 9) values of the BASIS in directions (N, 3)."""
    x, y, z = way.T
    one, two = np.sqrt(0.75 / np.pi), np.sqrt(15.0 / np.pi)
    columns = [
        np.full(len(way), np.sqrt(0.25 / np.pi)), one * y, one * z, one * x,
        0.5 * two * x * y, 0.5 * two * y * z, np.sqrt(0.3125 / np.pi) * (3.0 * z * z - 1.0), 0.5 * two * x * z,
        0.25 * two * (x * x - y * y),
    ]  # fmt: skip
    return np.column_stack(columns)


class Gatherer:
    """A baked level that rays gather radiance in. albedo (M, 3): of its materials, as worn as they are."""

    def __init__(self, level: Level, lightmap: Lightmap, albedo: NDArray[np.float64]) -> None:
        from embreex.mesh_construction import TriangleMesh
        from embreex.rtcore_scene import EmbreeScene

        self._mesh, self._lamp = expand(level)
        self._level, self._lightmap, self._albedo = level, lightmap, albedo
        self._scene = EmbreeScene()
        TriangleMesh(self._scene, self._mesh.vertices.astype(np.float32), self._mesh.faces)

    def radiance(self, place: NDArray[np.float64], way: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, 3) what comes to places (N, 3) against directions (N, 3); black where a ray leaves the level."""
        hit = self._scene.run(place.astype(np.float32), way.astype(np.float32), output=1)
        met = np.flatnonzero(hit["primID"] >= 0)
        face, b, c = hit["primID"][met], hit["u"][met], hit["v"][met]
        corner = self._mesh.faces[face]
        share = np.stack([1.0 - b - c, b, c], axis=1)
        uv = (share[..., None] * self._mesh.chart_uv[corner]).sum(axis=1).astype(np.float64)
        chart = self._mesh.vertex_chart[corner[:, 0]].astype(np.int64)
        seen = light_at(self._lightmap, chart, uv) * self._albedo[self._mesh.chart_material[chart]]
        lamp = self._lamp[face]
        seen[lamp >= 0] = self._level.lamps.radiance[lamp[lamp >= 0]]
        out = np.zeros((len(place), 3))
        out[met] = seen
        return out

    def coefficients(self, place: NDArray[np.float64], rays: int = RAYS) -> NDArray[np.float64]:
        """(P, 9, 3) of the radiance about places (P, 3)."""
        way = directions(rays)
        basis = harmonics(turned(way)) * (4.0 * np.pi / rays)
        out = np.empty((len(place), 9, 3))
        for k, at in enumerate(place):
            out[k] = basis.T @ self.radiance(np.repeat(at[None], rays, axis=0), way)
        return out


def probes_of(gatherer: Gatherer, level: Level, chunk: Chunk, solid: tuple[Collider, ...]) -> Probes:
    """Gather the probes of a chunk; solid: its colliders, from its own corner."""
    low = chunk_corner(chunk, level.origin)
    side = round(CHUNK_M / STEP_M)
    x, y = (np.arange(side * side) % side + 0.5) * STEP_M, (np.arange(side * side) // side + 0.5) * STEP_M
    floor = floor_at(level.floor_m, np.column_stack([x, y]) + low)
    place = np.concatenate([np.column_stack([x, y, floor + height]) for height in HEIGHTS_M])
    free = ~_inside(place, solid)
    out = np.zeros((len(place), 9, 3))
    if free.any():
        out[free] = gatherer.coefficients(place[free] + [*low, 0.0])
        from scipy.spatial import cKDTree

        _, nearest = cKDTree(place[free]).query(place[~free])
        out[~free] = out[free][nearest]
    return Probes((side, len(HEIGHTS_M), side), place, out)


def _inside(place: NDArray[np.float64], solid: tuple[Collider, ...]) -> NDArray[np.bool_]:
    """(P,) whether places lie in or at something solid."""
    tree = shapely.STRtree([shapely.Polygon(c.outline) for c in solid])
    at, which = tree.query(shapely.points(place[:, :2]), predicate="dwithin", distance=CLEAR_M)
    z = np.array([[c.bottom, c.top] for c in solid])
    within = (place[at, 2] > z[which, 0] - CLEAR_M) & (place[at, 2] < z[which, 1] + CLEAR_M)
    out = np.zeros(len(place), bool)
    out[at[within]] = True
    return out


def probes_json(probes: Probes) -> dict[str, Any]:
    """Describe probes as plain lists, in glTF's axes from the chunk's own corner: x runs first, then y, then z."""
    nx, nz, ny = probes.count
    order = np.arange(nx * ny * nz).reshape(nz, ny, nx).transpose(1, 0, 2)[::-1].reshape(-1)
    return {
        "order": 2,
        "basis": BASIS,
        "quantity": "radiance, W/(sr m2), failing lamps at full output",
        "count": [nx, nz, ny],
        "places_m": np.round(turned(probes.place[order]), 4).tolist(),
        "coefficients": [[[float(f"{x:.5g}") for x in rgb] for rgb in one] for one in probes.coefficients[order]],
    }
