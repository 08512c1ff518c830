"""Bodies of what stands and hangs in the car park: wheel stops, bollards, steel doors, drains, sprinklers, a tarpaulin.

Each about its own place: what stands on a floor has it under its middle, what hangs on a wall has the wall at y = 0.
"""

from __future__ import annotations

import numpy as np

from ....geometry.kit import Index
from ....geometry.level import Mesh, joined, moved, placed
from ....geometry.panels import panels
from ....geometry.rounded import bevelled
from ....geometry.shapes import box, lofted, on_wall, turned
from ....geometry.smooth import smoothed

STOP_M = (1.83, 0.152, 0.114)
"""Length, width and height of a wheel stop. Source: makers' sheets of precast stops, 6 ft."""
BOLLARD_M = (0.084, 1.07)
"""Radius and height of a bollard: 6-inch pipe, outside diameter 168 mm, filled with concrete."""
DOOR_M = (0.914, 2.134)
"""Leaf of a steel door, 3 ft × 7 ft."""
EXIT_HALF_M, EXIT_DEPTH_M = (0.145, 0.085), 0.05
WINDOW_HALF_M, WINDOW_DEPTH_M = (0.91, 0.53), 0.035
"""Half width and height of an office's window, 6 ft by 3 ft 6 in, and how far it stands before the wall."""
DRAIN_M = 0.3
TARP_M = (4.5, 1.75, 1.38)
"""What lies under a tarpaulin: length, width, height."""


def wheel_stop(index: Index) -> Mesh:
    """A wheel stop along x: sloping sides, the heads of its two pins, slots under it for water."""
    long, wide, high = STOP_M
    rings = [
        np.column_stack([
            np.array([-1, 1, 1, -1]) * (long / 2 - inset), np.array([-1, -1, 1, 1]) * (wide / 2 - slope), np.full(4, z)
        ])
        for inset, slope, z in ((0.0, 0.0, 0.0), (0.0, 0.006, 0.05), (0.012, 0.030, high - 0.008), (0.02, 0.04, high))
    ]  # fmt: skip
    body = lofted(rings, index["precast"], "Z")
    pin = turned([(0.014, high - 0.002), (0.012, high + 0.004)], 8, index["iron"], "Z")
    return joined([body, *(placed(pin, moved((x, 0.0, 0.0))) for x in (-0.6, 0.6))])


def bollard(index: Index) -> Mesh:
    """A pipe filled with concrete to a dome."""
    r, high = BOLLARD_M
    pipe = turned([(r, 0.0), (r, high)], 12, index["band/yellow"], "")
    dome = turned([(r, high), (0.8 * r, high + 0.028), (0.35 * r, high + 0.045)], 12, index["precast"], "Z")
    return joined([pipe, dome])


def steel_door(index: Index) -> Mesh:
    """A shut door in a pressed steel frame, with a push plate, a closer and a louvre of four slats."""
    wide, high = DOOR_M
    frame, leaf, zinc = index["enamel"], index["door"], index["zinc"]
    half, jamb, proud = wide / 2, 0.05, 0.03
    parts = [
        box((-half - jamb, -proud, 0.0), (-half, 0.0, high + jamb), frame, "Yz"),
        box((half, -proud, 0.0), (half + jamb, 0.0, high + jamb), frame, "Yz"),
        box((-half, -proud, high), (half, 0.0, high + jamb), frame, "YxX"),
        box((-half, -0.012, 0.012), (half, 0.0, high), leaf, "YxXZ"),
        bevelled((half - 0.15, -0.034, 0.95), (half - 0.06, -0.012, 1.22), zinc, "Y"),
        bevelled((-half + 0.10, -0.055, high - 0.09), (-half + 0.36, -0.012, high - 0.03), zinc, "Y"),
    ]
    parts += [box((-0.22, -0.020, 0.25 + 0.05 * k), (0.22, -0.012, 0.28 + 0.05 * k), leaf, "Y") for k in range(5)]
    return joined(parts)


def exit_sign(index: Index) -> Mesh:
    """An exit sign on a wall, its face lit."""
    (x, z), deep = EXIT_HALF_M, EXIT_DEPTH_M
    case = box((-x - 0.012, -deep + 0.002, -z - 0.012), (x + 0.012, 0.0, z + 0.012), index["enamel"], "Y")
    return joined([case, on_wall([(-x, -z), (x, -z), (x, z), (-x, z)], deep, index["lens/exit"])])


def window(glass: str):
    """Give what makes a window in a steel frame with a mullion, about its middle."""

    def mesh(index: Index) -> Mesh:
        (x, z), deep, steel = WINDOW_HALF_M, WINDOW_DEPTH_M, index["enamel"]
        wide = 0.05
        parts = [
            box((-x - wide, -deep - 0.012, -z - wide), (x + wide, 0.0, -z), steel, "Y"),
            box((-x - wide, -deep - 0.012, z), (x + wide, 0.0, z + wide), steel, "Y"),
            box((-x - wide, -deep - 0.012, -z), (-x, 0.0, z), steel, "YzZ"),
            box((x, -deep - 0.012, -z), (x + wide, 0.0, z), steel, "YzZ"),
            box((-0.02, -deep - 0.012, -z), (0.02, -deep, z), steel, "YzZ"),
            box((-x - 0.09, -deep - 0.06, -z - wide - 0.03), (x + 0.09, 0.0, -z - wide), steel, "Y"),
            on_wall([(-x, -z), (x, -z), (x, z), (-x, z)], deep, index[glass]),
        ]
        return joined(parts)

    return mesh


def drain(index: Index) -> Mesh:
    """A grate set in the slab."""
    half = DRAIN_M / 2
    return box((-half, -half, -0.004), (half, half, 0.0025), index["grate"], "z")


def sprinkler(index: Index) -> Mesh:
    """An upright head on its nipple: frame, bulb and deflector, about the middle of the pipe under it."""
    stem = turned([(0.013, 0.012), (0.013, 0.05), (0.008, 0.055), (0.008, 0.075)], 6, index["brass"], "")
    plate = turned([(0.004, 0.098), (0.017, 0.100), (0.017, 0.102)], 8, index["brass"], "zZ")
    arms = [
        box((s * 0.012 - 0.002, -0.003, 0.072), (s * 0.012 + 0.002, 0.003, 0.1), index["brass"], "zZ") for s in (-1, 1)
    ]
    return joined([stem, plate, *arms])


def tarpaulin(index: Index) -> Mesh:
    """A tarpaulin down to the floor over something as long and as high as a car, that is not one."""
    long, wide, high = TARP_M
    u, v = np.linspace(-1.0, 1.0, 19), np.linspace(-1.0, 1.0, 11)
    x, y = (long / 2 + 0.12) * u[:, None] + 0 * v, (wide / 2 + 0.10) * v[None] + 0 * u[:, None]
    body = np.clip(1.0 - np.abs(u) ** 9, 0, 1)[:, None] * np.clip(1.0 - np.abs(v) ** 5, 0, 1)[None]
    roof = 0.66 + 0.34 * np.exp(-(((u - 0.08) / 0.42) ** 4))[:, None]
    folds = 0.018 * np.sin(9.0 * u[:, None] + 3.0 * v[None]) + 0.014 * np.sin(23.0 * v[None] - 7.0 * u[:, None])
    z = high * roof * body**0.55 - 0.05 * (1 - v[None] ** 2) * (1 - u[:, None] ** 2) + folds * (body > 0.05)
    points = np.stack([x, y, np.maximum(z, 0.0)], axis=2)
    rings = [
        (np.array(ring), index["tarpaulin"])
        for i in range(len(u) - 1)
        for j in range(len(v) - 1)
        for ring in _halves(points[i, j], points[i + 1, j], points[i + 1, j + 1], points[i, j + 1])
    ]
    return smoothed(panels(rings), float(np.radians(75.0)))


def _halves(a, b, c, d) -> list[list]:
    """Two triangles of a quad, without those that have no area."""
    return [
        ring for ring in ([a, b, c], [a, c, d]) if np.linalg.norm(np.cross(ring[1] - ring[0], ring[2] - ring[0])) > 1e-6
    ]
