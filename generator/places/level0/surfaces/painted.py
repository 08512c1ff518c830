"""A door that is only painted on: leaf, casing, hinges and knob in house paint, their shadows too."""

from __future__ import annotations

import numpy as np

from ....seed import Rng
from ....surface.canvas import Canvas, Image, blended, canvas, cover, finished, grid, noise
from ....surface.material import Material

PAINTED_M = (1.056, 2.118)
"""All of it, casing and all: the size of a real one."""
CASING_M, LEAF_M = 0.064, 0.914
"""Breadth of the casing's boards and of the leaf between them; what is left is the gap."""
KNOB_M, KNOB_UP_M, BACKSET_M = 0.029, 0.95, 0.070
"""Radius of the knob, its height, and how far from the leaf's right edge it sits."""
HINGES_M = (0.20, 0.97, 1.80)
ENAMEL = np.array([0.47, 0.42, 0.29], np.float32)
"""Reflectance of the casing: what was left of the trim's paint, a little thinner."""
LEAF, GRAIN = np.array([0.265, 0.158, 0.072], np.float32), np.array([0.150, 0.082, 0.036], np.float32)
"""Reflectance of the ground that was rolled on, and of the glaze that a comb drew through it for grain."""
DARK, BRASS = np.array([0.030, 0.026, 0.020], np.float32), np.array([0.34, 0.23, 0.075], np.float32)
WOBBLE_M = 0.0022
"""How far a steady hand strays from a pencil line."""


def painted_door(rng: Rng, texture_px: int) -> Material:
    """A flush door as a decorator paints it on a wall: combed grain, ruled gaps, a knob with its own light and shadow.

    Its light comes from the upper left, wherever the lamps are.
    """
    sheet = canvas(PAINTED_M, texture_px)
    x, y = grid(sheet)
    stray = WOBBLE_M * noise(sheet, rng, 0.08, 0.7, 1.5)
    u, v = x - PAINTED_M[0] / 2 + stray, y + 0.6 * stray
    bristle = noise(sheet, rng, 0.0016, 0.014, 0.3, (1.0, 60.0))
    level = noise(sheet, rng, 0.0016, 0.014, 0.3, (60.0, 1.0))
    leaf = np.maximum(np.abs(u) - LEAF_M / 2, v - (PAINTED_M[1] - CASING_M - 0.007))
    albedo = _casing(sheet, u, v, leaf, bristle, level)
    albedo = blended(albedo, DARK, cover(leaf - 0.006, sheet.texel_m[0]))
    albedo = blended(albedo, _grained(sheet, rng, u, v, bristle), cover(leaf, sheet.texel_m[0]))
    lit = np.exp(-(((u + LEAF_M / 2 - 0.004) / 0.003) ** 2)) * (leaf < 0)
    albedo = blended(albedo, np.array([0.40, 0.27, 0.14], np.float32), 0.7 * lit)
    albedo = _hinges(sheet, albedo, u, v)
    albedo = _knob(sheet, albedo, u, v)
    height = (bristle + 0.5 * level) * np.float32(2.2e-5)
    return finished("door/painted", sheet, albedo, height, 0.5 + 0.05 * bristle, albedo.mean(axis=(0, 1)), 0.04)


def _casing(sheet: Canvas, u: Image, v: Image, leaf: Image, bristle: Image, level: Image) -> Image:
    """Boards with a bead that is a light and a dark line, mitred by a ruled line at the upper corners."""
    top = v - (PAINTED_M[1] - CASING_M)
    side = np.abs(u) - (PAINTED_M[0] / 2 - CASING_M)
    head = top > side
    strokes = np.where(head, level, bristle)
    shade = 1.0 + 0.05 * strokes
    beyond = np.maximum(top, side)
    bead = np.exp(-(((beyond - 0.016) / 0.004) ** 2)) + np.exp(-(((beyond - 0.050) / 0.003) ** 2))
    shaded = np.where(head, 1.0, np.sign(u))  # the right jamb and the head lie in their own shade
    shade = shade - 0.34 * bead * shaded - 0.10 * (shaded > 0)
    mitre = cover(np.abs(top - side) - 0.0008, sheet.texel_m[0]) * (top > 0.0)
    return np.asarray(ENAMEL * (shade * (1.0 - 0.5 * mitre))[..., None])


def _grained(sheet: Canvas, rng: Rng, u: Image, v: Image, bristle: Image) -> Image:
    """Grain drawn with a comb in sweeps of 11 cm that do not quite meet, rockers' hearts in two of them."""
    sweep = np.floor((u + 1.0) / 0.112)
    within = (u + 1.0) / 0.112 - sweep - 0.5
    shaken = 0.5 * np.sin(2.6 * v + 2.1 * sweep) + 0.25 * np.sin(7.3 * v + 1.3 * sweep)
    heart = np.exp(-(((np.mod(v + 0.37 * sweep, 0.94) - 0.47) / 0.17) ** 2)) * (np.mod(sweep, 3.0) == 1.0)
    rings = 0.5 + 0.5 * np.cos(2 * np.pi * (6.5 * within + shaken + 2.8 * heart * (1.0 - 4.0 * within**2)))
    thin = np.clip(0.72 + 0.22 * noise(sheet, rng, 0.01, 0.25, 1.0) + 0.14 * bristle, 0.0, 1.0)
    overlap = np.exp(-(((0.5 - np.abs(within)) / 0.03) ** 2))
    glaze = np.clip(rings**2 * thin + 0.35 * overlap, 0.0, 1.0)
    return np.asarray((LEAF + (GRAIN - LEAF) * glaze[..., None]) * (1.0 + 0.035 * bristle)[..., None])


def _hinges(sheet: Canvas, albedo: Image, u: Image, v: Image) -> Image:
    """Three barrels on the left, each a brass stroke with a light and a dark side."""
    texel = sheet.texel_m[0]
    for up in HINGES_M:
        at = u + LEAF_M / 2 + 0.004
        barrel = np.maximum(np.abs(at) - 0.0065, np.abs(v - up - 0.045) - 0.045)
        shadow = np.maximum(np.abs(at - 0.006) - 0.0065, np.abs(v - up - 0.039) - 0.045)
        albedo = blended(albedo, DARK, 0.6 * cover(shadow, texel))
        albedo = blended(albedo, BRASS * (1.0 - 60.0 * at[..., None]), cover(barrel, texel))
    return albedo


def _knob(sheet: Canvas, albedo: Image, u: Image, v: Image) -> Image:
    """A rose, a ball, the spot of light that a ball would have, and the shadow that it would throw."""
    texel, at, up = sheet.texel_m[0], u - (LEAF_M / 2 - BACKSET_M), v - KNOB_UP_M
    far = np.hypot((at - 0.030) / 1.25, up + 0.034)
    albedo = blended(albedo, DARK, 0.7 * np.clip((KNOB_M + 0.006 - far) / 0.010, 0.0, 1.0))
    albedo = blended(albedo, 0.55 * BRASS, cover(np.hypot(at, up) - 0.034, texel))
    round_ = np.hypot(at, up)
    slope = np.clip(1.0 + (0.8 * (up - at)) / KNOB_M, 0.12, 2.0)
    albedo = blended(albedo, BRASS * slope[..., None], cover(round_ - KNOB_M, texel))
    spot = np.hypot((at + 0.010) / 1.3, up - 0.011) - 0.0052
    return blended(albedo, np.array([0.80, 0.74, 0.55], np.float32), 0.9 * cover(spot, texel))
