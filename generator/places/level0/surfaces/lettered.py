"""What is written and drawn on surfaces: a clock's face, an exit sign's front, a switch's plate with prints."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ....seed import Rng
from ....surface.canvas import Canvas, Image, canvas, cover, finished, grid, noise
from ....surface.material import Material

FACE_M = 2 * 0.148 * float(np.cos(np.pi / 32))
"""Across the flats of a clock's face of 32 sides, 0.148 m in radius."""
PLATE_M = (0.062, 0.106)
"""The flat front of a switch's plate."""
SIGN_M = (0.290, 0.170)
"""The lit front of an exit sign; its letters are 152 mm high, their strokes 19 mm. Source: NFPA 101, 7.10.6.1."""
PANEL = np.float32(0.05)
"""What the panel of an exit sign lets through, as a share of what its letters do in red."""
GLYPHS = {
    "0": "30,100 10,85 3,50 10,15 30,0 50,15 57,50 50,85 30,100",
    "1": "12,80 36,100 36,0",
    "2": "4,78 13,94 30,100 48,94 56,76 50,57 3,0 58,0",
    "3": "5,84 14,96 30,100 47,94 53,77 46,60 25,53 / 25,53 49,46 57,28 49,8 30,0 13,4 3,18",
    "4": "44,0 44,100 2,30 60,30",
    "5": "53,100 13,100 9,54 28,62 48,53 56,32 48,9 29,0 11,5 3,18",
    "6": "52,86 33,100 13,86 4,45 8,14 29,0 49,10 57,31 49,52 30,60 12,50 5,35",
    "7": "3,100 57,100 22,0",
    "8": "30,53 11,63 7,80 15,95 30,100 45,95 53,80 49,63 30,53 / 30,53 9,44 3,25 11,6 30,0 49,6 57,25 51,44 30,53",
    "9": "8,14 27,0 47,14 56,55 52,86 31,100 11,90 3,69 11,48 30,40 48,50 55,65",
    "E": "50,100 0,100 0,0 50,0 / 0,50 44,50",
    "A": "0,0 28,100 56,0 / 10,36 46,36",
    "C": "54,84 40,100 16,100 2,80 2,20 16,0 40,0 54,16",
    "D": "0,0 0,100 28,100 52,78 52,22 28,0 0,0",
    "F": "50,100 0,100 0,0 / 0,50 42,50",
    "L": "0,100 0,0 48,0",
    "M": "0,0 0,100 32,30 64,100 64,0",
    "N": "0,0 0,100 52,0 52,100",
    "O": "16,0 2,20 2,80 16,100 40,100 54,80 54,20 40,0 16,0",
    "R": "0,0 0,100 36,100 50,86 50,64 36,50 0,50 / 28,50 54,0",
    "S": "52,86 38,100 16,100 4,84 6,62 50,40 53,18 38,0 14,0 2,14",
    "V": "0,100 28,0 56,100",
    "W": "0,100 18,0 37,80 56,0 74,100",
    "X": "0,100 55,0 / 55,100 0,0",
    "I": "0,100 0,0",
    "T": "0,100 52,100 / 26,100 26,0",
}
"""Strokes of characters, in hundredths of their height from the lower left corner."""


def clock_face(name: str, rng: Rng, texture_px: int, hours: int = 12, mirrored: bool = False) -> Material:
    """The face of a schoolroom clock, 0.295 m across, with so many ``hours`` around it; ``mirrored``: run backwards."""
    sheet = canvas((FACE_M, FACE_M), max(4, texture_px // 2))
    ink = _dial(sheet, hours)
    ink = ink[:, ::-1] if mirrored else ink
    age = 1.0 + 0.02 * noise(sheet, rng, 0.01, 0.15, 1.0)
    albedo = np.array([0.72, 0.70, 0.62], np.float32) * age[..., None] * (1.0 - 0.95 * ink[..., None])
    return finished(name, sheet, albedo, np.zeros(sheet.shape, np.float32), 0.3, albedo.mean(axis=(0, 1)), 0.04)


def exit_face(rng: Rng, texture_px: int) -> Material:
    """The front of an exit sign, 0.29 × 0.17 m: red letters glow in a pale panel, more so near the lamps below."""
    sheet = canvas(SIGN_M, max(4, texture_px // 2))
    ink = np.zeros(sheet.shape, np.float32)
    for letter, left in (("E", 0.0325), ("X", 0.099), ("I", 0.1955), ("T", 0.217)):
        write(sheet, ink, letter, (left, 0.0185), (0.100, 0.133), 0.0095)
    colour = 1.0 - ink[..., None] * (1.0 - np.array([0.55, 0.022, 0.018], np.float32))
    _, y = grid(sheet)
    even = (0.9 + 0.25 * np.exp(-y / 0.06)) * (1.0 + 0.01 * noise(sheet, rng, 0.01, 0.1))
    lit = PANEL + (np.array([1.0, 0.035, 0.022], np.float32) - PANEL) * ink[..., None]
    emission = lit * even[..., None]
    emission = (emission / emission.mean()).astype(np.float32)
    albedo = (0.66 * colour).astype(np.float32)
    flat = np.zeros(sheet.shape, np.float32)
    return finished("lens/exit", sheet, albedo, flat, 0.3, albedo.mean(axis=(0, 1)), 0.04, emission)


def switch_plate(rng: Rng, texture_px: int) -> Material:
    """The front of a switch's plate, 62 × 106 mm, ivory: grey about the toggle, and the prints of fingers."""
    sheet = canvas(PLATE_M, max(4, texture_px // 4))
    x, y = grid(sheet)
    away = np.hypot((x - PLATE_M[0] / 2) / 0.020, (y - PLATE_M[1] / 2 + 0.004) / 0.026)
    cloud = noise(sheet, rng, 0.003, 0.03, 1.0)
    grime = 0.30 * np.exp(-(away**2)) * np.clip(1.0 + 0.5 * cloud, 0.0, 2.0) + 0.02 * np.clip(cloud, 0.0, None)
    for _ in range(5):
        px, py = PLATE_M[0] * rng.uniform(0.25, 0.75), PLATE_M[1] * rng.uniform(0.25, 0.75)
        far = np.hypot((x - px) / 0.006, (y - py) / 0.008)
        ridges = 0.5 + 0.5 * np.cos(2 * np.pi * np.hypot(x - px, 1.4 * (y - py)) / 0.0012)
        grime += 0.14 * np.exp(-(far**4)) * ridges
    colour = np.array([0.70, 0.65, 0.50], np.float32)
    albedo = (colour * (1.0 - np.array([0.85, 0.92, 1.0]) * np.clip(grime, 0, 0.8)[..., None])).astype(np.float32)
    flat = np.zeros(sheet.shape, np.float32)
    return finished("plastic/handled", sheet, albedo, flat, 0.32, albedo.mean(axis=(0, 1)), 0.04)


def _dial(sheet: Canvas, hours: int) -> Image:
    """Numerals, and marks of the minutes, 0 to 1."""
    ink, middle = np.zeros(sheet.shape, np.float32), FACE_M / 2
    for k in range(5 * hours):
        way = _way(k / (5 * hours))
        long = k % 5 == 0
        ends = middle + way * 0.139, middle + way * (0.125 if long else 0.133)
        _stroke(sheet, ink, ends[0], ends[1], 0.0017 if long else 0.0008)
    for hour in range(1, hours + 1):
        text, high = str(hour), 0.025
        left, low = middle + _way(hour / hours) * 0.104 - np.array([0.31 * high * len(text), high / 2])
        for nth, figure in enumerate(text):
            write(sheet, ink, figure, (left + 0.66 * high * nth, low), (high, high), 0.0018)
    return ink


def _way(turn: float) -> NDArray[np.float64]:
    """The direction (2,) of a hand a share of the way round."""
    return np.array([np.sin(2 * np.pi * turn), np.cos(2 * np.pi * turn)])


def write(
    sheet: Canvas, ink: Image, glyph: str, low: tuple[float, float], size: tuple[float, float], half: float
) -> None:
    """Draw a character's strokes, ``half`` as thick, its lower left corner at ``low``, metres."""
    for stroke in GLYPHS[glyph].split(" / "):
        line = np.array([point.split(",") for point in stroke.split()], float)
        at = np.array(low) + 0.01 * line * size
        for start, end in pairwise(at):
            _stroke(sheet, ink, start, end, half)


def _stroke(sheet: Canvas, ink: Image, start: NDArray[np.float64], end: NDArray[np.float64], half: float) -> None:
    """Ink a line with round ends where it is darker than what is there."""
    (x0, y0), (x1, y1) = start, end
    x, y = grid(sheet)
    texel = sheet.texel_m[0]
    reach = half + 2 * texel
    columns = np.flatnonzero((x[0] > min(x0, x1) - reach) & (x[0] < max(x0, x1) + reach))
    rows = np.flatnonzero((y[:, 0] > min(y0, y1) - reach) & (y[:, 0] < max(y0, y1) + reach))
    if not len(columns) or not len(rows):
        return
    part = np.ix_(rows, columns)
    dx, dy = x1 - x0, y1 - y0
    px, py = x[:, columns] - x0, y[rows] - y0
    t = np.clip((px * dx + py * dy) / max(dx * dx + dy * dy, 1e-12), 0.0, 1.0)
    away = np.hypot(px - t * dx, py - t * dy) - half
    ink[part] = np.maximum(ink[part], cover(away, texel))
