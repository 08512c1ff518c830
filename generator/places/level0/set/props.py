"""Office furniture, plain: each stands on the floor around the origin, its front towards -y.

Sizes from office-furniture catalogues of the 1980s and 90s, in metres. ``index``: the material's index by its name.
"""

from __future__ import annotations

import numpy as np

from ....geometry.level import Mesh, joined
from ....geometry.panels import panel
from ....geometry.shapes import bar, bent_sheet, box, turned
from ....plan.floorplan import MODULE_M
from .troffer import LENS_HALF_M

HOUSING_M = 0.11
"""Depth of a recessed troffer's housing."""


def stacking_chair(index: dict[str, int]) -> Mesh:
    """An upholstered stacking chair: seat 0.45 m up, 0.46 m wide, back to 0.80 m, on 22 mm steel tube."""
    shell, steel, cloth = index["plastic/dark"], index["metal"], index["fabric"]
    seat = [(-0.235, 0.425), (-0.205, 0.452), (0.02, 0.442), (0.195, 0.450)]
    back = [(0.215, 0.555), (0.248, 0.680), (0.262, 0.800)]
    parts = [bent_sheet(seat, 0.018, 0.23, shell, cloth), bent_sheet(back, 0.014, 0.215, shell, cloth)]
    for x in (-0.215, 0.215):
        parts.append(bar((1.10 * x, -0.245, 0), (x, -0.195, 0.430), 0.022, steel))
        parts.append(bar((1.10 * x, 0.275, 0), (x, 0.225, 0.430), 0.022, steel))
        parts.append(bar((x, -0.205, 0.424), (x, 0.235, 0.424), 0.020, steel))
        parts.append(bar((x, 0.243, 0.424), (0.93 * x, 0.285, 0.780), 0.020, steel))
    return joined(parts)


def desk(index: dict[str, int]) -> Mesh:
    """A single-pedestal steel desk of 1.52 × 0.76 m (60 × 30 in), 0.74 m high, with a wooden top."""
    paint, wood, dark = index["metal"], index["wood"], index["plastic/dark"]
    parts = [
        box((-0.76, -0.38, 0.71), (0.76, 0.38, 0.74), wood),
        box((-0.70, 0.28, 0.22), (0.34, 0.30, 0.71), paint, "Z"),
        box((-0.74, -0.34, 0), (-0.70, 0.34, 0.71), paint, "zZ"),
        box((0.34, -0.34, 0.05), (0.74, 0.34, 0.71), paint, "Z"),
        box((0.36, -0.32, 0), (0.72, 0.32, 0.05), dark, "zZ"),
    ]
    for z0, z1 in ((0.06, 0.36), (0.37, 0.53), (0.54, 0.70)):
        parts += _drawer((0.35, 0.73), -0.34, (z0, z1), paint, dark)
    return joined(parts)


def filing_cabinet(index: dict[str, int]) -> Mesh:
    """A four-drawer vertical file: 0.38 × 0.66 m, 1.32 m high (15 × 26 × 52 in)."""
    paint, dark = index["metal"], index["plastic/dark"]
    parts = [
        box((-0.19, -0.32, 0.0), (0.19, 0.33, 1.32), paint, "yz"),
        box((-0.19, -0.32, 0.0), (0.19, 0.33, 1.32), dark, "xXYzZ"),
    ]
    for k in range(4):
        z = 0.03 + 0.322 * k
        parts += _drawer((-0.18, 0.18), -0.32, (z, z + 0.31), paint, dark)
    return joined(parts)


def water_cooler(index: dict[str, int]) -> Mesh:
    """A bottled-water cooler: cabinet 0.31 × 0.33 m, 0.97 m high, with an 18.9 l bottle 0.27 m across."""
    case, dark, blue = index["plastic/ivory"], index["plastic/dark"], index["plastic/clear"]
    bottle = [(0.055, 0.97), (0.132, 1.06), (0.132, 1.33), (0.110, 1.36)]
    parts = [
        box((-0.155, -0.165, 0.0), (0.155, 0.165, 0.97), case, "z"),
        turned(bottle, 16, blue, "Z"),
        box((-0.11, -0.167, 0.60), (0.11, -0.165, 0.86), dark, "YxXzZ"),
        box((-0.10, -0.235, 0.60), (0.10, -0.167, 0.615), case, "Y"),
    ]
    for x, paint in ((-0.05, index["plastic/red"]), (0.05, blue)):
        parts.append(box((x - 0.014, -0.215, 0.77), (x + 0.014, -0.167, 0.80), case, "Y"))
        parts.append(box((x - 0.012, -0.213, 0.80), (x + 0.012, -0.189, 0.815), paint, "z"))
    return joined(parts)


def mop_bucket(index: dict[str, int]) -> Mesh:
    """A mop in its bucket on castors: pail 0.30 m across and 0.33 m high, with a wringer, handle 1.35 m up."""
    pail, dark, steel, wood = (index[name] for name in ("plastic/ivory", "plastic/dark", "metal", "wood"))
    parts = [
        turned([(0.115, 0.06), (0.150, 0.33), (0.145, 0.33)], 14, pail, "z"),
        turned([(0.145, 0.33), (0.118, 0.14)], 14, pail, ""),
        turned([(0.118, 0.14), (0.116, 0.141)], 14, dark, "Z"),
        box((-0.095, -0.150, 0.335), (0.095, -0.035, 0.435), steel),
        bar((0.075, -0.092, 0.435), (0.135, -0.20, 0.66), 0.016, steel),
        bar((-0.02, 0.05, 0.142), (-0.09, 0.17, 1.35), 0.026, wood),
        box((-0.105, 0.155, 1.345), (-0.075, 0.185, 1.37), wood),
    ]
    for x in (-0.07, 0.07):
        parts += [box((x - 0.014, y - 0.02, 0.0), (x + 0.014, y + 0.02, 0.062), dark, "z") for y in (-0.07, 0.07)]
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
    carpet = index["carpet"]
    return joined([box((-0.6, -0.36, 0), (0.6, 0, 0.18), carpet, "zY")])


def _drawer(x: tuple[float, float], front: float, z: tuple[float, float], paint: int, dark: int) -> list[Mesh]:
    """A drawer's front, 12 mm proud, with a recessed pull and a label holder."""
    middle, top = (x[0] + x[1]) / 2, z[1] - 0.05
    proud = front - 0.012
    return [
        box((x[0], proud, z[0]), (x[1], front, z[1]), paint, "Y"),
        box((middle - 0.05, proud - 0.014, top - 0.012), (middle + 0.05, proud, top), dark, "Y"),
    ]
