"""Fixtures, fittings and props as they are placed: what it is and where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..plan.floorplan import MODULE_M, LampState
from . import doors, fittings, props
from .fixtures import Boxes, Sides, tees, troffer
from .level import Instances, Mesh

PLAIN_EDGES: Sides = ((), (), (), ())


class Burning(NamedTuple):
    """What a lamp needs that hangs in no ceiling: its identity in the world, colour temperature and state."""

    ident: int
    kelvin: float
    state: LampState


class Item(NamedTuple):
    """One thing of a ``kind`` that ``made`` knows; place (4, 4) world from mesh; lamp: whose lens it is, or -1.

    corners, taken: of a thing that fills a hole in the ceiling, as in ``troffer``. burns: of a loose lamp with current.
    """

    kind: str
    place: NDArray[np.float64]
    lamp: int = -1
    corners: Sides = PLAIN_EDGES
    taken: Boxes = ()
    burns: Burning | None = None


def made(kind: str, index: dict[str, int], corners: Sides = PLAIN_EDGES, taken: Boxes = ()) -> Mesh:
    """The mesh of a kind. Raises ValueError for an unknown one."""
    match kind:
        case "troffer":
            return troffer(index["frame"], index["lens/prismatic"], index["ceiling/bar"], corners, taken)
        case "grille_2x4" | "grille_2x2":
            return fittings.grille(index, kind.endswith("4"), corners)
        case "tile_bars_2x4" | "tile_bars_2x2":
            return tees((MODULE_M if kind.endswith("4") else MODULE_M / 2, MODULE_M / 2), index["ceiling/bar"])
        case "door_ajar" | "door_open":
            return doors.open_door(index, doors.AJAR[kind])
        case "blank_door":
            return doors.blank_door(index)
        case "outlet" | "switch" | "clock" | "exit_sign" | "sprinkler" | "smoke_detector" | "arrow":
            return getattr(fittings, kind)(index)
        case "stacking_chair" | "desk" | "filing_cabinet" | "water_cooler" | "loose_troffer" | "step":
            return getattr(props, kind)(index)
    raise ValueError(f"there is no fixture or prop called {kind!r}")


def instances(items: Sequence[Item], index: dict[str, int]) -> tuple[tuple[Mesh, ...], tuple[str, ...], Instances]:
    """Meshes, their names, and the placed instances of them, in the order of the items."""
    shapes: dict[tuple[str, Sides, Boxes], int] = {}
    which = [shapes.setdefault((item.kind, item.corners, item.taken), len(shapes)) for item in items]
    count: Counter[str] = Counter()
    names = []
    for item in items:
        names.append(f"{item.kind}_{count[item.kind]:04d}")
        count[item.kind] += 1
    return (
        tuple(made(kind, index, corners, taken) for kind, corners, taken in shapes),
        tuple(kind for kind, *_ in shapes),
        Instances(
            np.array(which, np.int16),
            np.array([item.place for item in items], np.float64).reshape(-1, 4, 4),
            np.array([item.lamp for item in items], np.int32),
            tuple(names),
        ),
    )


def standing(xy: ArrayLike, yaw: float, z: float = 0.0) -> NDArray[np.float64]:
    """(4, 4) of something upright at xy, its x axis turned to ``yaw``."""
    c, s = round(float(np.cos(yaw)), 12), round(float(np.sin(yaw)), 12)
    x, y = np.asarray(xy, float)
    return np.array([[c, -s, 0, x], [s, c, 0, y], [0, 0, 1, z], [0, 0, 0, 1]], dtype=float)


def hanging(xy: ArrayLike, right: ArrayLike, z: float) -> NDArray[np.float64]:
    """(4, 4) of something on a wall at xy, ``z`` up, the viewer's right along ``right``."""
    return standing(xy, float(np.arctan2(*np.asarray(right, float)[::-1])), z)


def tipped(place: NDArray[np.float64], roll: float, pitch: float) -> NDArray[np.float64]:
    """``place`` with the thing first turned about its own y by ``roll`` and x by ``pitch``, radians."""
    c, s, a, b = np.cos(roll), np.sin(roll), np.cos(pitch), np.sin(pitch)
    turn = np.eye(4)
    turn[:3, :3] = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]) @ np.array([[1, 0, 0], [0, a, -b], [0, b, a]])
    return place @ turn
