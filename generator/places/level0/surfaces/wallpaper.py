"""Wallpapers: printed paper in rolls with joints, a slight relief and an uneven print."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....seed import Rng
from ....surface.canvas import Canvas, Image, canvas, cover, finished, folded, grid, noise
from ....surface.material import Material

ROLL_M = {"chevron": 0.60, "stripe": 0.60, "plain": 0.60, "dots": 0.69}
"""Width of a roll, of 0.53 to 0.69 m that are sold: 0.60 m holds whole stripes of 0.15 m and chevrons of 30 mm."""
YELLOW_PAPER = np.array([0.42, 0.34, 0.12])
"""Mean linear albedo of paper that is yellow itself, set beside the photograph Dsc00161.jpg of June 2002."""
MISREGISTERED_M = 0.0016
"""How far a roll's second ink may lie off its first."""
BEIGE_PAPER = np.array([0.55, 0.50, 0.38])
"""Mean linear albedo of beige paper that the camera's white makes yellow, as that of the photograph was."""


def wallpaper(pattern: str, yellow: float, motif: str, rng: Rng, texture_px: int) -> Material:
    """Two rolls of one pattern, as high as they are wide.

    pattern: ``chevron``, ``stripe``, ``dots`` or ``plain``. yellow: 0 beige paper, 1 yellow paper. motif: ``large``, or
    of the sizes in the ``photograph``.
    """
    roll_m = ROLL_M[pattern]
    sheet = canvas((2 * roll_m, 2 * roll_m), texture_px)
    x, y = grid(sheet)
    roll = np.floor(x / roll_m).astype(int)
    x_in = x - roll * np.float32(roll_m)
    slip = rng.uniform(-0.0012, 0.0012, 2).astype(np.float32)[roll]
    off = rng.uniform(-MISREGISTERED_M, MISREGISTERED_M, (2, 2)).astype(np.float32)[:, roll]
    at, astray = (x_in, y + slip), (x_in + off[0], y + slip + off[1])
    first, second, raised_m, gloss = _PRINTS[pattern](sheet, at, astray, motif)
    ink = first * _print_wear(sheet, rng) + second
    shade = 1.0 + _paper(sheet, rng, pattern) + (rng.uniform(-0.003, 0.003, 2).astype(np.float32)[roll])
    joint, lip_m = _joint(sheet, rng, x_in, roll_m)
    mean = BEIGE_PAPER + (YELLOW_PAPER - BEIGE_PAPER) * yellow
    height_m = raised_m + lip_m + _embossing(sheet, rng, pattern)
    shade *= (1.0 - 0.16 * joint) * _from_above(sheet, height_m)
    inked = zip(mean.astype(np.float32), _INK[pattern], strict=True)
    albedo = np.stack([shade * paper * (1.0 - ink * taken) for paper, taken in inked], axis=2)
    return finished(f"wallpaper/{pattern}", sheet, albedo, height_m, 0.88 - gloss, mean)


_INK = {
    "chevron": np.array([0.32, 0.36, 0.47], np.float32),
    "stripe": np.array([0.22, 0.26, 0.36], np.float32),
    "dots": np.array([0.30, 0.34, 0.45], np.float32),
    "plain": np.array([0.05, 0.05, 0.05], np.float32),
}
"""Share of the paper's reflectance that full ink takes away: as much as a tape shows, and no more."""

Place = tuple[Image, Image]
Print = tuple[Image, Image, Image, Image]
"""The first ink and the second, 0 none to 1 full, below 0 where it is paler than the paper; relief in metres; gloss."""


def _chevron(sheet: Canvas, at: Place, second: Place, motif: str) -> Print:
    """Up-chevrons in columns. In the photograph: 24 mm wide at 30 mm pitch, strokes of 2.4 mm, every 15 mm.

    Large: 48 mm at 60 mm and steeper, strokes of 11 mm every 48 mm; a paler second ink under each and between columns.
    A stroke rises by one distance to the next from a column's middle to its side, so that every row has as much ink as
    any other. So a V is read through the tape at 3.5 m, and nothing but columns at 6 m.
    """
    texel = sheet.texel_m[0]
    pitch, wide, every, stroke_m, steep = _CHEVRONS[motif]
    along, across = _chevron_lines(*at, pitch, every, steep)
    stroke = cover(np.abs(along) - stroke_m / 2, texel) * cover(across - wide / 2, texel)
    if motif == "photograph":
        return stroke, np.zeros_like(stroke), stroke * np.float32(6e-5), 0.06 * stroke
    along, across = _chevron_lines(*second, pitch, every, steep)
    under = cover(np.abs(along + stroke_m / 2 + 0.005) - 0.005, texel) * cover(across - wide / 2, texel)
    between = cover(wide / 2 - across, texel)
    return stroke, -0.12 * under - 0.24 * between, stroke * np.float32(6e-5), 0.06 * stroke


_CHEVRONS = {"photograph": (0.030, 0.024, 0.015, 0.0024, 1.25), "large": (0.060, 0.048, 0.048, 0.011, 2.0)}
"""Pitch and width of columns, distance upwards and breadth of strokes, metres, and how steep they rise."""


def _chevron_lines(x: Image, y: Image, pitch: float, every: float, steep: float) -> Place:
    """Distance from the middle of the nearest stroke, upwards at right angles to it, and from the column's middle."""
    across = np.abs(folded(x - pitch / 2, pitch))
    return folded(y + steep * across, every) / np.float32(np.hypot(1.0, steep)), across


def _stripe(sheet: Canvas, at: Place, second: Place, motif: str) -> Print:
    """Vertical bands of 75 mm every 0.15 m, edged by a pair of fine lines."""
    texel = sheet.texel_m[0]
    across = np.abs(folded(at[0] - 0.075, 0.15)) + 0 * at[1]
    band = cover(across - 0.0375, texel)
    across = np.abs(folded(second[0] - 0.075, 0.15)) + 0 * second[1]
    lines = cover(np.abs(across - 0.0415) - 0.0009, texel) + cover(np.abs(across - 0.0335) - 0.0006, texel)
    return 0.62 * band, 0.55 * lines, lines * np.float32(5e-5), 0.16 * band


def _dots(sheet: Canvas, at: Place, second: Place, motif: str) -> Print:
    """Dots on a staggered lattice, a pin dot between them: 4.6 mm every 23 in the photograph, 17 mm every 46 large."""
    texel, k = sheet.texel_m[0], 1.0 if motif == "photograph" else 2.0
    near = np.hypot(folded(at[0], 0.023 * k), folded(at[1], 0.046 * k))
    far = np.hypot(folded(at[0] - 0.0115 * k, 0.023 * k), folded(at[1] - 0.023 * k, 0.046 * k))
    pin = np.hypot(folded(second[0] - 0.0115 * k, 0.023 * k), folded(second[1], 0.046 * k))
    dots = cover(np.minimum(near, far) - (0.0023 if k == 1.0 else 0.0085), texel)
    pins = 0.6 * cover(pin - 0.0009 * k, texel)
    return dots, pins, (dots + pins) * np.float32(5e-5), 0.04 * dots


def _plain(sheet: Canvas, at: Place, second: Place, motif: str) -> Print:
    """No print at all: the weave alone."""
    blank = np.zeros(sheet.shape, np.float32)
    return blank, blank, blank, blank


_PRINTS = {"chevron": _chevron, "stripe": _stripe, "dots": _dots, "plain": _plain}


def _print_wear(sheet: Canvas, rng: Rng) -> Image:
    """Uneven inking: the roller's pressure and the paper's tooth."""
    return np.clip(1.0 + 0.10 * noise(sheet, rng, 0.0015, 0.3, 0.8), 0.55, 1.3)


def _paper(sheet: Canvas, rng: Rng, pattern: str) -> Image:
    """Fibres and clouds of the paper's stock, as a relative shade; of the plain paper its weave."""
    fibre = noise(sheet, rng, 0.0006, 0.004, 0.3, (1.0, 2.5))
    drag = noise(sheet, rng, 0.0012, 0.02, 0.6, (1.0, 40.0))
    cloud = noise(sheet, rng, 0.01, 0.15, 1.0)
    stock = 0.018 * fibre + 0.007 * drag + 0.006 * cloud
    return stock + _grasscloth(sheet, rng) if pattern == "plain" else stock


def _grasscloth(sheet: Canvas, rng: Rng) -> Image:
    """Grasses of uneven breadth woven level into fine upright threads: seen from 3 m, where a thread is not."""
    grass = noise(sheet, rng, 0.006, 0.030, 0.2, (22.0, 1.0))
    thread = noise(sheet, rng, 0.005, 0.025, 0.2, (1.0, 30.0))
    return 0.045 * grass + 0.018 * thread


def _embossing(sheet: Canvas, rng: Rng, pattern: str) -> Image:
    """Relief in metres: the plaster below, a stipple in the paper; on the plain paper a rolled linen grain."""
    plaster = noise(sheet, rng, 0.02, 0.12, 1.6) * np.float32(1.6e-4)
    stipple = noise(sheet, rng, 0.0016, 0.009, 0.4) * np.float32(5.0e-5)
    if pattern != "plain":
        return plaster + stipple
    warp = noise(sheet, rng, 0.0013, 0.010, 0.3, (1.0, 9.0))
    weft = noise(sheet, rng, 0.0013, 0.010, 0.3, (7.0, 1.0))
    return plaster + stipple + np.float32(5.5e-5) * (warp + 0.7 * weft)


def _from_above(sheet: Canvas, height_m: Image) -> Image:
    """What relief does to the light of a ceiling, 45° above the wall: slopes that look up are brighter."""
    slope = (np.roll(height_m, -1, 0) - np.roll(height_m, 1, 0)) / np.float32(2 * sheet.texel_m[1])
    return 1.0 + np.clip(slope, -0.15, 0.15)


def _joint(sheet: Canvas, rng: Rng, x: Image, roll_m: float) -> tuple[Image, NDArray[np.float32]]:
    """Butt joints between rolls: how dark the gap is (0..1) and how far the edges lift, in metres."""
    distance = np.abs(folded(x, roll_m))
    open_ = np.clip(0.6 + 0.5 * noise(sheet, rng, 0.02, 0.4, 1.0)[:, :1], 0.1, 1.3)
    gap = np.clip(1.0 - distance / (1.1 * sheet.texel_m[0]), 0.0, 1.0) * open_
    lift = np.exp(-((distance / 0.004) ** 2)) * open_
    return gap, (lift * 1.1e-4 - gap * 1.0e-4).astype(np.float32)
