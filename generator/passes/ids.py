"""What things, materials and rooms are called, and which of them each facet of a drawable is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..export.fixtures import names_of
from ..geometry.level import Level
from ..plan.floorplan import CHUNK_M, Floorplan
from ..render.facets import Facets


@dataclass(frozen=True)
class Ids:
    """Names of things, materials and rooms; ``material``, ``thing`` (F,) int32: the name of each facet's; room (NY, NX)
    int32: of each cell of the level."""

    materials: tuple[str, ...]
    things: tuple[str, ...]
    rooms: tuple[str, ...]
    material: NDArray[np.int32]
    thing: NDArray[np.int32]
    room: NDArray[np.int32]


def ids_of(level: Level, facets: Facets, plan: Floorplan | None) -> Ids:
    """Name all that is in a level; plan: of the same chunks, where rooms are asked for."""
    building, part = _building(level, facets)
    things = (*building, *names_of(level))
    thing = np.where(facets.instance >= 0, facets.instance + len(building), part).astype(np.int32)
    rooms, room = _rooms(level, plan) if plan is not None else ((), np.zeros((0, 0), np.int32))
    return Ids(level.materials, things, rooms, facets.material, thing, room)


def _building(level: Level, facets: Facets) -> tuple[list[str], NDArray[np.int64]]:
    """The building's pieces by part and chunk, as exported files have them, and the piece (F,) of each facet."""
    names, word = np.unique(np.array(level.palette.part), return_inverse=True)
    middle = facets.corners.mean(axis=1)[:, :2]
    chunk = np.floor(middle / CHUNK_M).astype(np.int64) + np.array(level.origin)
    rows, part = np.unique(np.column_stack([word[facets.material], chunk]), axis=0, return_inverse=True)
    return [f"{names[k]}_chunk_{i}_{j}" for k, i, j in rows], part.reshape(-1)


def _rooms(level: Level, plan: Floorplan) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Rooms' names, by their identity in the world, and the room of each cell."""
    known, room = np.unique(plan.room, return_inverse=True)
    names = tuple(f"room_{int(k) & (2**64 - 1):016x}" for k in known)
    return names, room.reshape(plan.room.shape).astype(np.int32)
