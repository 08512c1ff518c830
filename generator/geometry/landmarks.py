"""What one would notice in a region, known without building it: a chair, a door ajar, a missing tile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..plan.floorplan import Floorplan
from ..scene import Scene
from .ceiling import HoleKind
from .doors import AJAR
from .items import Item
from .obstacles import things

APART_M = 1.8
"""What stands nearer together than this is one thing: a desk and its chair, lamps in a ring."""
SUNK_M = 0.3
"""What goes deeper than this into the floor is not the same thing any more."""


class Bulk(NamedTuple):
    """How high the middle of a thing is over its place, and how large it looks, metres."""

    middle: float
    size: float


BULK = {
    "stacking_chair": Bulk(0.40, 0.7),
    "desk": Bulk(0.37, 1.1),
    "filing_cabinet": Bulk(0.66, 0.9),
    "sunken_filing_cabinet": Bulk(0.9, 0.6),
    "water_cooler": Bulk(0.70, 0.9),
    "loose_troffer": Bulk(0.10, 1.4),
    "step": Bulk(0.09, 0.5),
    "blank_door": Bulk(1.05, 1.4),
    "sunken_blank_door": Bulk(1.4, 1.1),
    "door_ajar": Bulk(1.05, 0.6),
    "door_open": Bulk(1.05, 0.9),
    "exit_sign": Bulk(0.0, 0.25),
    "clock": Bulk(0.0, 0.33),
    "arrow": Bulk(0.0, 0.6),
    "outlet": Bulk(0.0, 0.09),
    "switch": Bulk(0.0, 0.25),
    "missing_tile": Bulk(0.1, 0.3),
}
"""Sizes are what makes a thing what it is, the gap of a door ajar, a tile as one sees it aslant; switches come seven
in a row."""
AJAR_TURN = float(np.radians(30.0))
"""A door ajar hides its gap from the side of its hinges, the left: it shows best from so far to the right."""
FLAT = {"step", "blank_door", "sunken_blank_door", "exit_sign", "clock", "arrow", "outlet", "switch", *AJAR}
"""Kinds that lie against a wall and show best from straight ahead."""


@dataclass(frozen=True)
class Landmarks:
    """N things. kind (N,) names; at (N, 3) their middles, metres; size (N,) metres; out (N, 2) the unit direction that
    a thing on a wall faces, 0 for what can be seen from all around."""

    kind: tuple[str, ...]
    at: NDArray[np.float64]
    size: NDArray[np.float64]
    out: NDArray[np.float64]


def landmarks(plan: Floorplan, scene: Scene, seed: int) -> Landmarks:
    """What ``build`` would put into a plan that breaks its monotony, one entry for what stands close together.

    The result for a place does not depend on the region, but for the region's outermost two cells.
    """
    found, holes = things(plan, scene.look, scene.plan.patch, seed)
    rows = [_row(item) for item in found]
    missing = np.flatnonzero(holes.kind == HoleKind.MISSING)
    rows += [("missing_tile", *holes.center[k], holes.z[k] + BULK["missing_tile"].middle, 0.0, 0.0) for k in missing]
    return _joined(rows)


Row = tuple[str, float, float, float, float, float]


def _row(item: Item) -> Row:
    """A thing's kind, its middle, and where it faces."""
    x, y, z = item.place[:3, 3]
    kind = f"sunken_{item.kind}" if z < -SUNK_M else item.kind
    right, into = item.place[:2, 0], item.place[:2, 1]
    turn = AJAR_TURN if kind in AJAR else 0.0
    out = np.sin(turn) * right - np.cos(turn) * into if kind in FLAT else np.zeros(2)
    return kind, x, y, z + BULK[kind].middle, out[0], out[1]


def _joined(rows: list[Row]) -> Landmarks:
    """The largest of what stands close together."""
    kind = np.array([row[0] for row in rows], object)
    at = np.array([row[1:4] for row in rows], np.float64).reshape(-1, 3)
    out = np.array([row[4:] for row in rows], np.float64).reshape(-1, 2)
    size = np.array([BULK[name].size for name in kind], np.float64)
    near = np.linalg.norm(at[:, None] - at[None], axis=2) < APART_M
    rank = np.empty(len(rows), np.int64)
    rank[np.lexsort((at[:, 1], at[:, 0], -size))] = np.arange(len(rows))
    least = np.where(near, rank[None], len(rows)).min(axis=1, initial=len(rows)) >= rank
    return Landmarks(tuple(str(k) for k in kind[least]), at[least], size[least], out[least])
