"""What one would notice in a region, known without building it: a chair, a door ajar, a missing tile."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import Floorplan
from ..plan.sight import edges_of
from .items import Item
from .kit import Kit, Sight
from .obstacles import hulls

APART_M = 1.8
"""What stands nearer together than this is one thing: a desk and its chair, lamps in a ring."""
SUNK_M = 0.3
"""What goes deeper than this into the floor is not the same thing any more."""


@dataclass(frozen=True)
class Landmarks:
    """N things. kind (N,) names; number (N,) of each kind's sight; at (N, 3) their middles, metres; size (N,) metres;
    worth (N,); out (N, 2) the unit direction that a thing on a wall faces, 0 for what can be seen from all around.
    crowd (E, 4): edges x0, y0, x1, y1 in plan of what reaches into rooms, as pipes along a wall do."""

    kind: tuple[str, ...]
    number: NDArray[np.int64]
    at: NDArray[np.float64]
    size: NDArray[np.float64]
    worth: NDArray[np.float64]
    out: NDArray[np.float64]
    crowd: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 4)))


class _Row(NamedTuple):
    kind: str
    sight: Sight
    at: tuple[float, float, float]
    out: tuple[float, float]


def landmarks(plan: Floorplan, kit: Kit, scene: Any, seed: int) -> Landmarks:
    """What ``build`` would put into a plan that breaks its monotony, one entry for what stands close together.

    The result for a place does not depend on the region, but for the region's outermost two cells.
    """
    found, holes = kit.things(plan, scene, seed)
    rows = [row for item in found if (row := _row(item, kit)) is not None]
    if kit.gap is not None:
        for k in np.flatnonzero(holes.opens):
            (x, y), z = holes.center[k], holes.z[k] + kit.gap.middle_m
            rows.append(_Row("open_hole", kit.gap, (x, y, z), (0.0, 0.0)))
    return replace(_joined(rows), crowd=_crowd(found, kit))


def _crowd(items: list[Item], kit: Kit) -> NDArray[np.float64]:
    """The outlines (E, 4) in plan of those things that crowd a picture."""
    xy, start = hulls([item for item in items if kit.props[item.kind].crowds], kit, np.inf)
    rings = np.split(xy, start[1:-1]) if len(xy) else []
    return np.concatenate([np.zeros((0, 4)), *(edges_of(ring[:-1]) for ring in rings)])


def _row(item: Item, kit: Kit) -> _Row | None:
    """A thing's kind, its sight, its middle, and where it faces; None where it is nothing to a picture."""
    x, y, z = item.place[:3, 3]
    prop = kit.props[item.kind]
    sunk = z < -SUNK_M
    sight = prop.sunk if sunk else prop.sight
    if sight is None:
        return None
    right, into = item.place[:2, 0], item.place[:2, 1]
    out = np.sin(sight.turn) * right - np.cos(sight.turn) * into if sight.flat else np.zeros(2)
    return _Row(f"sunken_{item.kind}" if sunk else item.kind, sight, (x, y, z + sight.middle_m), (out[0], out[1]))


def _joined(rows: list[_Row]) -> Landmarks:
    """The largest of what stands close together."""
    at = np.array([row.at for row in rows], np.float64).reshape(-1, 3)
    out = np.array([row.out for row in rows], np.float64).reshape(-1, 2)
    size = np.array([row.sight.size_m for row in rows], np.float64)
    near = np.linalg.norm(at[:, None] - at[None], axis=2) < APART_M
    rank = np.empty(len(rows), np.int64)
    rank[np.lexsort((at[:, 1], at[:, 0], -size))] = np.arange(len(rows))
    least = np.where(near, rank[None], len(rows)).min(axis=1, initial=len(rows)) >= rank
    kept = [row for row, keep in zip(rows, least, strict=True) if keep]
    return Landmarks(
        kind=tuple(row.kind for row in kept),
        number=np.array([row.sight.number for row in kept], np.int64),
        at=at[least],
        size=size[least],
        worth=np.array([row.sight.worth for row in kept], np.float64),
        out=out[least],
    )
