"""A built region cut into its chunks: each a level of its own, with the things whose origin lies in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ...geometry.footprints import SNAP_M
from ...geometry.level import Level, picked
from ...plan.floorplan import CHUNK_M
from ..clip import clip_level, mesh_of, with_instances
from ..pieces import conforming, mesh_of_pieces
from ..region import Chunk, Region, region_of
from ..triangle_soup import soup_of


def chunk_region(chunk: Chunk) -> Region:
    """Give the square of a chunk of the world."""
    low = np.array(chunk) * CHUNK_M
    return region_of(*low, *(low + CHUNK_M))


def chunk_levels(level: Level) -> Iterator[tuple[Chunk, Level]]:
    """Cut a level of whole chunks along their borders; walls on the region's own edge are left out.

    Neighbours are cut in one plane from the same triangles, in whose edges no corner hangs, so that they meet without
    a seam.
    """
    level = replace(level, building=mesh_of_pieces(level.building, conforming(soup_of(level.building))))
    corner = level.building.vertices[level.building.faces][..., :2]
    low, high, inner = corner.min(axis=1), corner.max(axis=1), ~border_faces(level)
    place = level.instances.world_from_mesh[:, :2, 3] / CHUNK_M
    wide, deep = (round(side / CHUNK_M) for side in level.size_m)
    home = np.clip(np.floor(place + SNAP_M / CHUNK_M).astype(int), 0, [wide - 1, deep - 1])
    for i in range(wide):
        for j in range(deep):
            start = np.array([i, j]) * CHUNK_M
            near = inner & (high > start - SNAP_M).all(axis=1) & (low < start + CHUNK_M + SNAP_M).all(axis=1)
            own = with_instances(_with_faces(level, near), (home == [i, j]).all(axis=1))
            chunk = i + level.origin[0], j + level.origin[1]
            yield chunk, clip_level(own, chunk_region(chunk), closed=False, whole=True)


def border_level(level: Level) -> Level:
    """Keep only the walls on a level's own edge, which close the region."""
    return with_instances(_with_faces(level, border_faces(level)), np.zeros(len(level.instances.mesh), bool))


def border_faces(level: Level) -> NDArray[np.bool_]:
    """(F,) the triangles of a building that lie in the planes of its region's edge."""
    corner = level.building.vertices[level.building.faces][..., :2]
    on_edge = (np.abs(corner) < SNAP_M) | (np.abs(corner - np.array(level.size_m)) < SNAP_M)
    return np.asarray(on_edge.all(axis=1).any(axis=1))


def _with_faces(level: Level, keep: NDArray[np.bool_]) -> Level:
    return replace(level, building=mesh_of(picked(soup_of(level.building), keep), level.building))
