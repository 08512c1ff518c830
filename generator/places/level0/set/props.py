"""What was left behind, plain: each stands on the floor around the origin, its front towards -y.

Sizes from office-furniture catalogues of the 1980s and 90s, in metres. ``index``: the material's index by its name.
"""

from __future__ import annotations

import numpy as np

from ....geometry.level import Mesh, joined, moved, placed
from ....geometry.panels import panel
from ....geometry.rounded import bevelled, filleted, tube
from ....geometry.shapes import box, turned
from ....plan.floorplan import MODULE_M
from .fittings import laid
from .troffer import LENS_HALF_M

HOUSING_M = 0.11
"""Depth of a recessed troffer's housing."""
WATER_M = 1.285
"""Height of the water in a cooler's bottle."""
BOTTLE = (
    (0.030, 0.962), (0.030, 0.985), (0.060, 1.000), (0.104, 1.022), (0.126, 1.048), (0.1335, 1.078), (0.1335, 1.120),
    (0.1285, 1.126), (0.1285, 1.134), (0.1335, 1.140), (0.1335, 1.186), (0.1285, 1.192), (0.1285, 1.200),
    (0.1335, 1.206), (0.1335, 1.252), (0.1285, 1.258), (0.1285, 1.266), (0.1335, 1.272), (0.1335, WATER_M),
)  # fmt: skip
"""An 18.9 l bottle on its head up to the water's level: radius and height, ribs and all."""
AIR = ((0.1335, 1.318), (0.1290, 1.340), (0.1150, 1.356), (0.0950, 1.360))
"""The rest of it."""


def desk(index: dict[str, int]) -> Mesh:
    """A single-pedestal steel desk of 1.52 × 0.76 m (60 × 30 in), 0.74 m high, with a wooden top."""
    paint, wood, dark = index["metal"], index["wood"], index["plastic/dark"]
    parts = [
        bevelled((-0.76, -0.38, 0.711), (0.76, 0.38, 0.74), wood, edge=0.004),
        bevelled((-0.70, 0.28, 0.22), (0.34, 0.30, 0.711), paint, "Z"),
        bevelled((-0.74, -0.34, 0), (-0.70, 0.34, 0.711), paint, "zZ"),
        bevelled((0.34, -0.322, 0.05), (0.74, 0.34, 0.711), paint, "yZ"),
        box((0.343, -0.322, 0.05), (0.737, -0.30, 0.711), dark, "xXYzZ"),
        box((0.36, -0.30, 0), (0.72, 0.32, 0.05), dark, "zZ"),
        bevelled((-0.690, -0.330, 0.640), (0.330, -0.312, 0.706), paint),
        bevelled((-0.690, -0.312, 0.650), (0.330, 0.275, 0.700), paint, "yZ"),
    ]
    for z0, z1 in ((0.060, 0.362), (0.367, 0.534), (0.539, 0.704)):
        parts += _drawer(index, (0.344, 0.736), -0.322, (z0, z1), card=False)
    parts.append(laid(_lock(index), (0.70, -0.342, 0.675)))
    return joined(parts)


def filing_cabinet(index: dict[str, int]) -> Mesh:
    """A four-drawer vertical file: 0.38 × 0.66 m, 1.32 m high (15 × 26 × 52 in)."""
    paint, dark = index["metal"], index["plastic/dark"]
    parts = [
        bevelled((-0.19, -0.302, 0.0), (0.19, 0.33, 1.32), paint, "yz"),
        box((-0.19, -0.302, 0.0), (0.19, -0.28, 1.32), dark, "xXYzZ"),
    ]
    for k in range(4):
        z = 0.036 + 0.3205 * k
        parts += _drawer(index, (-0.186, 0.186), -0.302, (z, z + 0.3145), card=True)
    parts.append(laid(_lock(index), (0.155, -0.322, 1.285)))
    return joined(parts)


def water_cooler(index: dict[str, int]) -> Mesh:
    """A bottled-water cooler: cabinet 0.31 × 0.33 m, 0.97 m high, with an 18.9 l bottle 0.27 m across."""
    case, dark, chrome = index["plastic/ivory"], index["plastic/dark"], index["metal/chrome"]
    parts = [
        box((-0.155, -0.150, 0.0), (0.155, 0.165, 0.60), case, "yz"),
        bevelled((-0.155, -0.150, 0.86), (0.155, 0.165, 0.97), case, "y"),
        box((-0.155, -0.150, 0.60), (-0.11, 0.165, 0.86), case, "yzZ"),
        box((0.11, -0.150, 0.60), (0.155, 0.165, 0.86), case, "yzZ"),
        box((-0.11, -0.050, 0.60), (0.11, 0.165, 0.86), case, "xXzZ"),
        bevelled((-0.154, -0.165, 0.045), (0.154, -0.150, 0.585), case, "Y"),
        box((-0.154, -0.1505, 0.0), (0.154, -0.150, 0.60), dark, "xXYzZ"),
        box((-0.154, -0.1505, 0.86), (0.154, -0.150, 0.96), dark, "xXYzZ"),
        bevelled((-0.154, -0.165, 0.862), (0.154, -0.150, 0.955), case, "Y"),
        bevelled((-0.154, -0.165, 0.588), (-0.110, -0.150, 0.859), case, "Y"),
        bevelled((0.110, -0.165, 0.588), (0.154, -0.150, 0.859), case, "Y"),
        bevelled((-0.104, -0.235, 0.588), (0.104, -0.152, 0.604), case),
        turned([(0.060, 0.97), (0.052, 0.978), (0.034, 0.980)], 24, case, ""),
        *_bottle(index),
    ]
    for x in (0.018 * k for k in range(-5, 6)):
        parts.append(box((x - 0.004, -0.228, 0.6045), (x + 0.004, -0.160, 0.605), dark, "xXyYz"))
    for x, paint in ((-0.05, index["plastic/red"]), (0.05, index["plastic/water"])):
        parts.append(tube(filleted([(x, -0.05, 0.79), (x, -0.19, 0.79), (x, -0.19, 0.752)], 0.014), 0.011, 10, chrome))
        parts.append(bevelled((x - 0.013, -0.222, 0.803), (x + 0.013, -0.176, 0.816), paint, edge=0.004))
    return joined(parts)


def _bottle(index: dict[str, int]) -> list[Mesh]:
    """A bottle on its head, part water and part air, with a bright line where they meet."""
    water, air = index["plastic/water"], index["plastic/clear"]
    line = [(0.1335, WATER_M), (0.1337, WATER_M + 0.0006), (0.1337, WATER_M + 0.0034), (0.1335, WATER_M + 0.004)]
    rest = [(0.1335, WATER_M + 0.004), *AIR]
    return [turned(BOTTLE, 24, water, ""), turned(line, 24, index["frame"], ""), turned(rest, 24, air, "Z")]


def mop_bucket(index: dict[str, int]) -> Mesh:
    """A mop in its bucket on castors: pail 0.30 m across and 0.33 m high, with a wringer, handle 1.35 m up."""
    pail, dark, steel, wood = (index[name] for name in ("plastic/ivory", "plastic/dark", "metal", "wood"))
    rim = [(0.1475 * np.cos(t), 0.1475 * np.sin(t), 0.331) for t in np.linspace(0, 2 * np.pi, 24, endpoint=False)]
    parts = [
        turned([(0.108, 0.056), (0.116, 0.062), (0.147, 0.331)], 24, pail, "z"),
        turned([(0.143, 0.331), (0.118, 0.14)], 24, pail, ""),
        turned([(0.118, 0.14), (0.116, 0.141)], 24, dark, "Z"),
        tube(rim, 0.0055, 6, pail, closed=True),
        bevelled((-0.095, -0.150, 0.338), (0.095, -0.035, 0.435), steel, "Z"),
        *(bevelled((x, -0.148, 0.432), (x + 0.012, -0.037, 0.4375), steel, "z", 0.0015) for x in (-0.093, 0.081)),
        *(bevelled((-0.081, y, 0.432), (0.081, y + 0.012, 0.4375), steel, "z", 0.0015) for y in (-0.148, -0.049)),
        box((-0.081, -0.136, 0.36), (0.081, -0.049, 0.3605), dark, "xXyYz"),
        box((-0.082, -0.136, 0.3605), (-0.081, -0.049, 0.4320), steel, "xyYzZ"),
        box((0.081, -0.136, 0.3605), (0.082, -0.049, 0.4320), steel, "XyYzZ"),
        box((-0.081, -0.137, 0.3605), (0.081, -0.136, 0.4320), steel, "xXyzZ"),
        box((-0.081, -0.049, 0.3605), (0.081, -0.048, 0.4320), steel, "xXYzZ"),
        tube(filleted([(0.075, -0.092, 0.43), (0.120, -0.16, 0.60), (0.128, -0.20, 0.66)], 0.1), 0.009, 8, steel),
        tube([(0.128, -0.20, 0.655), (0.136, -0.207, 0.735)], 0.014, 8, dark),
        tube([(-0.02, 0.05, 0.142), (-0.09, 0.17, 1.345)], 0.0125, 10, wood),
    ]
    tip = turned([(0.0145, 0.0), (0.0155, 0.018), (0.012, 0.028), (0.005, 0.032)], 10, dark)
    parts.append(placed(tip, moved((-0.0895, 0.1695, 1.338))))
    wheel = turned([(0.012, -0.009), (0.022, -0.0075), (0.0225, 0.0), (0.022, 0.0075), (0.012, 0.009)], 12, dark)
    for x in (-0.075, 0.075):
        for y in (-0.075, 0.075):
            turn = np.array([[0, 0, 1, x], [1, 0, 0, y], [0, 1, 0, 0.0225], [0, 0, 0, 1.0]])
            parts.append(placed(wheel, turn))
            parts += [
                box((x + s - 0.001, y - 0.008, 0.02), (x + s + 0.001, y + 0.008, 0.06), steel) for s in (-0.012, 0.012)
            ]
    return joined(parts)


def loose_troffer(index: dict[str, int]) -> Mesh:
    """A 2 × 4 ft troffer taken out of its ceiling and laid on the floor, its lens up, long side along x."""
    steel, paint, lens = index["metal"], index["frame"], index["lens/prismatic"]
    hx, hy = MODULE_M - 0.005, MODULE_M / 2 - 0.005
    lx, ly = LENS_HALF_M
    outer = np.array([[-hx, -hy, HOUSING_M], [hx, -hy, HOUSING_M], [hx, hy, HOUSING_M], [-hx, hy, HOUSING_M]])
    inner = np.array([[-lx, -ly, HOUSING_M], [lx, -ly, HOUSING_M], [lx, ly, HOUSING_M], [-lx, ly, HOUSING_M]])
    rim = [panel([outer[k], outer[k - 3], inner[k - 3], inner[k]], paint) for k in range(4)]
    return joined([box((-hx, -hy, 0), (hx, hy, HOUSING_M), steel, "zZ"), *rim, panel(inner, lens)])


def step(index: dict[str, int]) -> Mesh:
    """One carpeted step, 1.2 m wide, 0.36 m deep, 0.18 m high; its back (y = 0) belongs against a wall."""
    return bevelled((-0.6, -0.36, 0), (0.6, 0, 0.18), index["carpet"], "zY", 0.012)


def stair(index: dict[str, int]) -> Mesh:
    """Four carpeted steps, 0.9 m wide, up to a wall at their back (y = 0)."""
    carpet = index["carpet"]
    flights = []
    for k in range(4):
        front = -0.28 * (4 - k)
        flights.append(
            bevelled(
                (-0.45, front, 0.18 * k), (0.45, front + 0.28 + 0.004 * (k < 3), 0.18 * (k + 1)), carpet, "xXzY", 0.012
            )
        )
        sides = box((-0.45, front, 0.0), (0.45, front + 0.28, 0.18 * (k + 1)), carpet, "yYzZ")
        flights.append(sides)
    return joined(flights)


def _drawer(
    index: dict[str, int], x: tuple[float, float], front: float, z: tuple[float, float], card: bool
) -> list[Mesh]:
    """A drawer's front, 20 mm proud of the dark gaps around it, with a pull, and a card in its holder where asked."""
    middle, top, proud = (x[0] + x[1]) / 2, z[1] - 0.05, front - 0.020
    chrome = index["metal/chrome"]
    parts = [
        bevelled((x[0], proud, z[0]), (x[1], front, z[1]), index["metal"], "Y"),
        bevelled(
            (middle - 0.055, proud - 0.016, top - 0.024), (middle + 0.055, proud, top - 0.016), chrome, "Y", 0.002
        ),
        bevelled(
            (middle - 0.055, proud - 0.016, top - 0.016), (middle + 0.055, proud - 0.012, top), chrome, "z", 0.0018
        ),
    ]
    if card:
        low, high = top + 0.008, top + 0.038
        parts += [
            box(
                (middle - 0.036, proud - 0.0010, low + 0.003),
                (middle + 0.036, proud, high - 0.002),
                index["frame"],
                "Y",
            ),
            bevelled(
                (middle - 0.040, proud - 0.003, low - 0.002), (middle + 0.040, proud, low + 0.003), chrome, "Y", 0.001
            ),
            *(
                bevelled(
                    (middle + s - 0.002, proud - 0.003, low + 0.003),
                    (middle + s + 0.002, proud, high),
                    chrome,
                    "Yz",
                    0.001,
                )
                for s in (-0.038, 0.038)
            ),
        ]
    return parts


def _lock(index: dict[str, int]) -> Mesh:
    """A cylinder lock, standing on z."""
    return turned([(0.009, 0.0), (0.009, 0.003), (0.0075, 0.0045)], 12, index["metal/chrome"], "Z")
