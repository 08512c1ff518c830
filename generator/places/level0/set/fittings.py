"""Small fittings: what an electrician and a fire inspector leave on walls and ceilings.

On walls: x to the viewer's right, y into the wall, z up, the origin on the wall in the middle of the fitting. On
ceilings: the origin on the ceiling's plane. ``index``: the material's index by its name.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ....geometry.level import Mesh, joined, placed
from ....geometry.panels import Sides, framed_hole, panel, rectangles
from ....geometry.rounded import bevelled
from ....geometry.shapes import bar, box, cushioned, on_wall, polygon, turned
from ....geometry.smooth import smoothed
from ....plan.floorplan import MODULE_M
from ..surfaces.lettered import SIGN_M
from .troffer import FLANGE_M, tees

EXIT_HALF_M, EXIT_DEPTH_M = (SIGN_M[0] / 2, SIGN_M[1] / 2), 0.0458
"""Half sizes of an exit sign's front, and how far before the wall it lies."""
PLATE_EDGE = float(np.radians(70.0))
"""The sloping edges of a wall plate are shaded as rolled."""


def outlet(index: dict[str, int]) -> Mesh:
    """A duplex outlet with its plate. Source: NEMA WD 6, wall plate 70 × 114 mm, receptacles 38 mm apart."""
    ivory, dark = index["plastic/ivory"], index["plastic/dark"]
    parts = [smoothed(cushioned((0.035, 0.057), 0.006, 0.004, ivory), PLATE_EDGE)]
    for z in (-0.0195, 0.0195):
        parts.append(on_wall(polygon(0.0165, 12, (0.0, z)), 0.0072, index["frame"]))
        for x, high in ((-0.0064, 0.0085), (0.0064, 0.0070)):
            parts.append(_slot((x, z + 0.003), (0.0013, high / 2), 0.0078, dark))
        parts.append(on_wall(polygon(0.0026, 5, (0.0, z - 0.008)), 0.0078, dark))
    return joined(parts)


def switch(index: dict[str, int]) -> Mesh:
    """A toggle switch: plate 70 × 114 mm, the toggle down. Source: NEMA WD 6."""
    ivory, dark = index["plastic/ivory"], index["plastic/dark"]
    screws = [on_wall(polygon(0.0025, 5, (0.0, z)), 0.0066, ivory) for z in (-0.030, 0.030)]
    return joined([
        smoothed(cushioned((0.035, 0.057), 0.006, 0.004, index["plastic/handled"]), PLATE_EDGE),
        _slot((0.0, 0.0), (0.0055, 0.012), 0.0066, dark),
        box((-0.0045, -0.018, -0.0125), (0.0045, -0.0066, -0.0005), ivory, "Y"),
        *screws,
    ])  # fmt: skip


def clock(index: dict[str, int], face: str = "clock/face") -> Mesh:
    """A round schoolroom clock, 0.33 m across, that stands at a quarter to three; face: the surface of its dial."""
    dark = index["plastic/dark"]
    rim = ((0.165, 0.0), (0.165, 0.030), (0.1625, 0.0375), (0.157, 0.0415), (0.151, 0.0415), (0.148, 0.036))
    parts = [laid(turned(rim, 32, dark, ""), (0.0, 0.0, 0.0))]
    parts.append(on_wall(polygon(0.148, 32), 0.036, index[face]))
    for turn, length, half, depth in ((7.5, 0.075, 0.005, 0.0380), (180.0, 0.115, 0.0035, 0.0390)):
        parts.append(on_wall(_hand(np.radians(turn), length, half), depth, dark))
    parts.append(on_wall(_hand(np.radians(-62.0), 0.120, 0.0009), 0.0400, index["plastic/red"]))
    parts.append(laid(turned([(0.0065, 0.0), (0.0065, 0.0035), (0.004, 0.005)], 10, dark, "Z"), (0.0, -0.036, 0.0)))
    return joined(parts)


def exit_sign(index: dict[str, int]) -> Mesh:
    """An exit sign, 0.31 × 0.19 m; its front is a lens that may glow. Source: NFPA 101, 7.10.6.1."""
    wide, high = EXIT_HALF_M
    front = [(-wide, -high), (wide, -high), (wide, high), (-wide, high)]
    return joined([
        bevelled((-0.155, -0.045, -0.095), (0.155, 0, 0.095), index["plastic/ivory"], "Y", 0.004),
        on_wall(front, EXIT_DEPTH_M, index["lens/exit"]),
    ])  # fmt: skip


def arrow(index: dict[str, int]) -> Mesh:
    """An arrow painted on the paper by hand, 0.9 m long, pointing to the viewer's right; the paint has run."""
    paint = index["plastic/dark"]
    strokes = [
        [(-0.47, -0.035), (0.20, -0.022), (0.26, 0.030), (-0.45, 0.036)],
        [(0.20, -0.022), (0.44, 0.004), (0.26, 0.030)],
        [(0.44, 0.004), (0.20, 0.205), (0.16, 0.150), (0.26, 0.030)],
        [(0.44, 0.004), (0.20, -0.022), (0.13, -0.160), (0.19, -0.200)],
    ]
    runs = [(-0.31, 0.17), (-0.06, 0.06), (0.176, 0.24)]
    foot = [-0.033, -0.028, -0.19]
    strokes += [
        [(x - 0.003, z - low), (x + 0.003, z - low), (x + 0.005, z), (x - 0.005, z)]
        for (x, low), z in zip(runs, foot, strict=True)
    ]
    return joined([on_wall(stroke, 0.0008, paint) for stroke in strokes])


def sprinkler(index: dict[str, int]) -> Mesh:
    """A pendent sprinkler: escutcheon 76 mm across, frame, deflector 50 mm below the ceiling. Source: NFPA 13."""
    chrome = index["metal"]
    plate = turned([(0.022, -0.010), (0.038, 0.0)], 6, chrome, "z")
    arms = [bar((x, 0, -0.010), (x / 3, 0, -0.046), 0.005, chrome) for x in (-0.012, 0.012)]
    disc = panel(np.column_stack([polygon(0.014, 6)[::-1], np.full(6, -0.048)]), chrome)
    return joined([plate, *arms, disc])


def smoke_detector(index: dict[str, int]) -> Mesh:
    """An ionisation smoke detector, 110 mm across, 48 mm deep."""
    return turned([(0.026, -0.048), (0.046, -0.040), (0.055, -0.012), (0.055, 0.0)], 8, index["plastic/ivory"], "z")


def grille(index: dict[str, int], long: bool, corners: Sides = ((), (), (), ())) -> Mesh:
    """A return-air grille in place of a tile of 2 × 2 or 2 × 4 ft: fixed slats at 45° before a dark duct.

    corners: as in ``framed_hole``.
    """
    paint, dark = index["frame"], index["plastic/dark"]
    half = np.array([MODULE_M if long else MODULE_M / 2, MODULE_M / 2])
    inner = half - FLANGE_M
    parts = [framed_hole(half, inner, 0.06, paint, dark, corners)]
    count = 8
    y = np.linspace(-inner[1], inner[1], count, endpoint=False)
    depth = 2 * inner[1] / count
    low = np.column_stack([np.full(count, -inner[0]), y, np.full(count, 0.002)])
    along, rise = np.tile([2 * inner[0], 0, 0], (count, 1)), np.tile([0, depth * 0.55, depth * 0.55], (count, 1))
    behind = np.array([0.0, -0.001, 0.001])
    parts += [
        rectangles(low + rise, along, -rise, np.full(count, paint)),
        rectangles(low + behind, along, rise, np.full(count, paint)),
        tees(half, index["ceiling/bar"]),
    ]
    return joined(parts)


def laid(mesh: Mesh, at: tuple[float, float, float]) -> Mesh:
    """A body that stands on z, laid so that its z points out of the wall."""
    turn = np.eye(4)
    turn[:3, :3] = [[1, 0, 0], [0, 0, -1], [0, 1, 0]]
    turn[:3, 3] = at
    return placed(mesh, turn)


def _slot(center: tuple[float, float], half: tuple[float, float], depth: float, material: int) -> Mesh:
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    return on_wall(np.array(center) + corner * half, depth, material)


def _stroke(p: ArrayLike, q: ArrayLike, half: float) -> NDArray[np.float64]:
    """A rectangle around a line, (4, 2) counter-clockwise."""
    a, b = np.asarray(p, float), np.asarray(q, float)
    way = (b - a) / np.linalg.norm(b - a)
    side = half * np.array([-way[1], way[0]])
    return np.array([a - side, b - side, b + side, a + side])


def _hand(angle: float, length: float, half: float) -> NDArray[np.float64]:
    way = np.array([np.cos(angle), np.sin(angle)])
    return _stroke(-0.02 * way, length * way, half)
