"""A stacking chair of bent tube, with a padded seat and back: its front towards -y, its feet around the origin."""

from __future__ import annotations

import numpy as np

from ....geometry.level import Mesh, joined, moved, placed
from ....geometry.rounded import cushion, filleted, outline, tube
from ....geometry.shapes import turned

TUBE_M, BEND_M = 0.011, 0.055
"""Radius of the tube, 7/8 in across, and of its bends."""
SEAT, BACK, ROUND_M = (0.222, 0.203), (0.215, 0.130), 0.055
"""Half sizes of the pads, and the radius of their corners."""
LEAN = np.radians(11.0)
"""How far the back leans."""
PAD = ((0.006, 0.0), (0.0, 0.006), (0.0, 0.020), (0.006, 0.029), (0.018, 0.034))
"""A pad from its pan upwards: inset and height, metres."""


def stacking_chair(index: dict[str, int]) -> Mesh:
    """An upholstered stacking chair: seat 0.46 m up, 0.46 m wide, back to 0.80 m, on 22 mm steel tube."""
    steel, dark = index["metal/chrome"], index["plastic/dark"]
    back = np.eye(4)
    c, s = np.cos(LEAN), np.sin(LEAN)
    back[:3, 1:] = [[0, 0, 0], [s, -c, 0.262], [c, s, 0.667]]
    parts = [placed(_pad(index, SEAT), moved((0.0, 0.0, 0.426))), placed(_pad(index, BACK), back)]
    for side in (-1.0, 1.0):
        frame = [(0.236, -0.245, 0.0), (0.205, -0.190, 0.408), (0.205, 0.200, 0.408), (0.196, 0.293, 0.770)]
        leg = [(0.236, 0.275, 0.0), (0.216, 0.150, 0.402)]
        for path in (filleted(frame, BEND_M), np.array(leg)):
            parts.append(tube(path * [side, 1.0, 1.0], TUBE_M, 8, steel))
        for x, y in ((0.235, -0.243), (0.235, 0.271)):
            foot = turned([(0.0125, 0.0), (0.0145, 0.004), (0.0135, 0.032)], 8, dark)
            parts.append(placed(foot, moved((side * x, y, 0.0))))
    parts += [tube([(-0.20, y, 0.409), (0.20, y, 0.409)], 0.009, 6, steel) for y in (-0.13, 0.13)]
    return joined(parts)


def _pad(index: dict[str, int], half: tuple[float, float]) -> Mesh:
    """An upholstered pad on its pan, with piping where the cloth is sewn."""
    pan = ((0.020, -0.012), (0.010, -0.010), (0.004, 0.0), (0.012, 0.002))
    seam = np.column_stack([outline(half, ROUND_M), np.full(16, PAD[1][1] + 0.001)])
    return joined([
        cushion(half, ROUND_M, PAD, index["fabric"], "Z"),
        cushion(half, ROUND_M, pan, index["plastic/dark"]),
        tube(seam, 0.0035, 5, index["plastic/dark"], closed=True),
    ])  # fmt: skip
