"""Fixtures, fittings and props as they are placed: what it is and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..plan.floorplan import Floorplan, LampState
from .kit import Index, Kit, mesh_of
from .level import Instances, Mesh
from .panels import Boxes, Sides

PLAIN_EDGES: Sides = ((), (), (), ())


class Burning(NamedTuple):
    """What a lamp needs that hangs in no ceiling: its identity in the world, colour temperature and state."""

    ident: int
    kelvin: float
    state: LampState


class Item(NamedTuple):
    """One thing of a ``kind`` that the place has; place (4, 4) world from mesh; lamp: which
    of the plan's lamps it is (in a level: by the row of its first emitter), or -1.

    corners, taken: of a thing that fills a hole in the ceiling, as in ``troffer``. burns: of a loose lamp with current.
    """

    kind: str
    place: NDArray[np.float64]
    lamp: int = -1
    corners: Sides = PLAIN_EDGES
    taken: Boxes = ()
    burns: Burning | None = None


def hung_lamps(plan: Floorplan, kit: Kit) -> list[Item]:
    """Those of the plan's lamps that fill no hole, where they are mounted."""
    kinds = [kit.luminaires[kind] for kind in plan.lamp_kind]
    places = lamp_places(plan)
    return [Item(lamp.kind, places[k], k) for k, lamp in enumerate(kinds) if not lamp.recessed]


def lamp_places(plan: Floorplan) -> NDArray[np.float64]:
    """(L, 4, 4) where the plan's lamps are mounted, their long sides along their own x."""
    rows = zip(plan.lamp_xy, plan.lamp_axis, plan.lamp_z, strict=True)
    return np.array([standing(xy, np.pi / 2 * axis, z) for xy, axis, z in rows]).reshape(-1, 4, 4)


def instances(items: Sequence[Item], index: Index, kit: Kit) -> tuple[tuple[Mesh, ...], tuple[str, ...], Instances]:
    """Meshes, their names, and the placed instances of them, in the order of the items."""
    shapes: dict[tuple[str, Sides, Boxes], int] = {}
    which = [shapes.setdefault((item.kind, item.corners, item.taken), len(shapes)) for item in items]
    return (
        tuple(mesh_of(kit, kind, index, corners, taken) for kind, corners, taken in shapes),
        tuple(kind for kind, *_ in shapes),
        Instances(
            np.array(which, np.int16),
            np.array([item.place for item in items], np.float64).reshape(-1, 4, 4),
            np.array([item.lamp for item in items], np.int32),
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


def lifted(items: Sequence[Item], height: float) -> list[Item]:
    """The items, all ``height`` metres higher."""
    places = [item.place.copy() for item in items]
    for place in places:
        place[2, 3] += height
    return [item._replace(place=place) for item, place in zip(items, places, strict=True)]


def tipped(place: NDArray[np.float64], roll: float, pitch: float) -> NDArray[np.float64]:
    """``place`` with the thing first turned about its own y by ``roll`` and x by ``pitch``, radians."""
    c, s, a, b = np.cos(roll), np.sin(roll), np.cos(pitch), np.sin(pitch)
    turn = np.eye(4)
    turn[:3, :3] = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]) @ np.array([[1, 0, 0], [0, a, -b], [0, b, a]])
    return place @ turn
