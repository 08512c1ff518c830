"""A chunk from afar: its colliders, papered; built so, not simplified: no trims, no fixtures, and boxes for things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...colour import LUMENS_PER_WATT
from ...geometry.level import Level
from ...plan.floorplan import CHUNK_M
from ...plan.floors import floor_at
from ...surface.material import Material
from ...surface.palette import LEFT_BY_WEAR, Role
from ..cameras import turned
from ..gltf import INDEX, VERTEX, Asset
from ..job import codes
from ..materials import HEADROOM, MaterialTable
from .colliders import Collider

LENS_GAP_M = 0.004
"""Flat lenses lie this far before the ceiling: a depth buffer tells them apart at the distance that they are for."""
ROLE = {"wall": Role.WALL, "floor": Role.FLOOR, "ceiling": Role.CEILING, "furniture": Role.PROP}
PARENT = {"wall": "Walls", "floor": "Floor", "ceiling": "Ceiling", "furniture": "Props"}


class Facet(NamedTuple):
    """A flat convex face: corners (V, 3) counter-clockwise from its front, and along (3,), the way of its texture."""

    corner: NDArray[np.float64]
    along: NDArray[np.float64]


def coarse_asset(
    generator: str, name: str, level: Level, materials: tuple[Material, ...], low: NDArray[np.float64],
    solid: Sequence[Collider],
) -> Asset:  # fmt: skip
    """Make the document of a chunk from afar; each face wears what the level wears nearest to it.

    low (2,): the chunk's corner from the level's; solid: its colliders, from its own.
    """
    asset = Asset(generator)
    table = MaterialTable(asset, materials, None)
    worn, roots = _Worn(level, low), []
    for kind in ROLE:
        groups: dict[int, list[Facet]] = {}
        for facet in _facets([c for c in solid if c.kind == kind]):
            groups.setdefault(worn.at(facet, ROLE[kind]), []).append(facet)
        nodes = [_node(asset, f"{kind}_{k}", table, worn, k, groups[k]) for k in sorted(groups)]
        roots.append(asset.group(PARENT[kind], nodes))
    roots += _lenses(asset, level, low)
    asset.show(name, roots)
    return asset


class _Worn:
    """What a level wears where."""

    def __init__(self, level: Level, low: NDArray[np.float64]) -> None:
        self._level = level
        self.palette = level.palette
        mesh = level.building
        self._middle = mesh.vertices[mesh.faces].mean(axis=1) - [*low, 0.0]
        self._material = mesh.face_material
        self._trees: dict[Role, Any] = {}

    def at(self, facet: Facet, role: Role) -> int:
        """The material of a role that lies nearest to a facet; where none does, the first of that role."""
        from scipy.spatial import cKDTree

        if role not in self._trees:
            rows = np.flatnonzero(self.palette.role[self._material] == role)
            self._trees[role] = (cKDTree(self._middle[rows]), rows) if len(rows) else None
        if self._trees[role] is None:
            return int(np.flatnonzero(self.palette.role == role)[0])
        tree, rows = self._trees[role]
        return int(self._material[rows[tree.query(facet.corner.mean(axis=0))[1]]])


def _facets(solid: Sequence[Collider]) -> Iterator[Facet]:
    """The faces of colliders that can be seen: not the underside of floors, nor what is over ceilings."""
    for c in solid:
        outline, ends = c.outline, (c.bottom, c.top)
        top, bottom = (np.column_stack([outline, np.full(len(outline), z)]) for z in reversed(ends))
        if c.kind != "ceiling":
            yield Facet(top, np.array([1.0, 0.0, 0.0]))
        if c.kind != "floor":
            yield Facet(bottom[::-1], np.array([1.0, 0.0, 0.0]))
        if c.kind in ("floor", "ceiling") and len({(s.bottom, s.top) for s in solid}) == 1:
            continue  # one level: its rims are walls'
        for k in range(len(outline)):
            after = (k + 1) % len(outline)
            side = np.stack([bottom[k], bottom[after], top[after], top[k]])
            yield Facet(side, (side[1] - side[0]) / np.linalg.norm(side[1] - side[0]))


def _node(asset: Asset, name: str, table: MaterialTable, worn: _Worn, k: int, facets: list[Facet]) -> int:
    """Facets of one material as a mesh and its node; colours at corners stand for mean wear."""
    corner = np.concatenate([f.corner for f in facets])
    normal = np.concatenate([np.repeat(_normal(f)[None], len(f.corner), axis=0) for f in facets])
    uv = np.concatenate(
        [np.column_stack([f.corner @ f.along, f.corner @ np.cross(_normal(f), f.along)]) for f in facets]
    )
    first = np.cumsum([0, *(len(f.corner) for f in facets[:-1])])
    fans = [
        start
        + np.column_stack(
            [np.zeros(len(f.corner) - 2, np.int64), np.arange(1, len(f.corner) - 1), np.arange(2, len(f.corner))]
        )
        for start, f in zip(first, facets, strict=True)
    ]
    left = np.full((len(corner), 3), LEFT_BY_WEAR[worn.palette.wear[k]] / HEADROOM)
    attributes = {
        "POSITION": asset.accessor(turned(corner).astype(np.float32), VERTEX, bounds=True),
        "NORMAL": asset.accessor(turned(normal).astype(np.float32), VERTEX),
        "TEXCOORD_0": asset.accessor((uv / table.size_m(k) * [1.0, -1.0]).astype(np.float32), VERTEX),
        "COLOR_0": asset.accessor(codes(left, False), VERTEX, normalized=True),
    }
    if table.bumpy(k):
        along = np.concatenate([np.repeat(f.along[None], len(f.corner), axis=0) for f in facets])
        tangent = np.column_stack([turned(along), np.ones(len(along))])
        attributes["TANGENT"] = asset.accessor(tangent.astype(np.float32), VERTEX)
    primitive = {
        "attributes": attributes,
        "indices": asset.accessor(np.concatenate(fans).reshape(-1).astype(np.uint32), INDEX),
        "material": table.of_surface(k),
    }
    return asset.add("nodes", {"name": name, "mesh": asset.add("meshes", {"name": name, "primitives": [primitive]})})


def _normal(facet: Facet) -> NDArray[np.float64]:
    a, b, c = facet.corner[:3]
    cross = np.cross(b - a, c - a)
    return np.asarray(cross / np.linalg.norm(cross))


def _lenses(asset: Asset, level: Level, low: NDArray[np.float64]) -> list[int]:
    """The burning lenses of a chunk as one mesh that glows as they do on the mean; its node."""
    lamps = level.lamps
    home = np.floor((lamps.center[:, :2] - low) / CHUNK_M).astype(int)
    own = np.flatnonzero((home == 0).all(axis=1) & (lamps.radiance.max(axis=1) > 0))
    if not len(own):
        return []
    mean = lamps.radiance[own].mean(axis=0)
    top = float(mean.max())
    asset.uses("KHR_materials_emissive_strength")
    material: dict[str, Any] = {
        "name": "lenses",
        "pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.8, 0.8, 1.0], "metallicFactor": 0.0},
        "emissiveFactor": [float(c) for c in mean / top],
        "extensions": {"KHR_materials_emissive_strength": {"emissiveStrength": LUMENS_PER_WATT * top}},
    }
    u, v, n = lamps.half_u[own], lamps.half_v[own], lamps.normal[own]
    middle = lamps.center[own] + LENS_GAP_M * n - [*low, 0.0]
    ceiling = floor_at(level.ceiling_m, middle[:, :2] + low)
    recessed = np.minimum(middle[:, 2], ceiling - LENS_GAP_M)  # comes out to its plane
    middle[:, 2] = np.where(n[:, 2] < -0.9, recessed, middle[:, 2])
    v = np.where(((np.cross(u, v) * n).sum(axis=1) < 0)[:, None], -v, v)
    corner = np.stack([middle - u - v, middle + u - v, middle + u + v, middle - u + v], axis=1).reshape(-1, 3)
    face = (np.arange(len(own))[:, None, None] * 4 + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1)
    primitive = {
        "attributes": {
            "POSITION": asset.accessor(turned(corner).astype(np.float32), VERTEX, bounds=True),
            "NORMAL": asset.accessor(turned(np.repeat(n, 4, axis=0)).astype(np.float32), VERTEX),
        },
        "indices": asset.accessor(face.astype(np.uint32), INDEX),
        "material": asset.add("materials", material),
    }
    mesh = asset.add("meshes", {"name": "lenses", "primitives": [primitive]})
    return [asset.add("nodes", {"name": "lenses", "mesh": mesh})]
