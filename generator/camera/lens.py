"""The lens's point spread: how much light falls how far from where it belongs.

A point becomes a compact core and long, faint tails. The core is a Gaussian. The tails come from scatter and from
reflections between glass, barrel and sensor; they are a pyramid of pictures, each half as fine as the one before. What
strays further than the picture is wide is spread evenly: veiling glare. The converter in front of the lens adds a
ghost, the picture upside down. Nothing is clipped before, so a lamp throws its whole light.
Approximations: tails are round within 10 % but near the border, where the picture's edge stands for what is beyond; the
share of light beyond a radius is met within 20 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

FALL = 0.62
"""The share of light beyond a radius falls as radius^-0.62, its density as radius^-2.62. The exponent is a choice, no
measurement was found for it: single pictures of cameras are fitted with radius^-1, ^-2 and ^-3 together (EstimatePSF in
Banterle's HDR Toolbox), and it lies between the steep two. That a digital camera's stray light spreads over the whole
picture: Talvala, Adams, Horowitz and Levoy, "Veiling glare in high dynamic range imaging"; Wei, Bouman and Allebach,
"Fast space-varying convolution using matrix source coding with applications to camera stray light reduction"."""
NEAR = 0.005
"""Radius, a share of the width, beyond which ``camera.bloom`` of the light falls."""
GHOST = 0.012
"""Share of the strayed light that makes the ghost, 0.0008 of all: two reflections at 1.6 % of single-coated glass come
to 0.00026, and the faces of a converter make three such pairs. Source: Fresnel's equations for magnesium fluoride."""
GHOST_LEVEL = 1
"""The level of the pyramid that the ghost is taken from: it is out of focus."""
CELLS = 160
"""Cells of the finest level across the picture, about."""


@dataclass(frozen=True)
class Spread:
    """A point spread for pictures of one size.

    across, down: taps of the core along lines and from line to line, which add up to what stays in it and to 1.
    wide, tall: pixels and lines of a cell of the tails' finest level. shares: of the light in each level. veil, ghost:
    shares of the light spread evenly and seen upside down.
    """

    across: NDArray[np.float32]
    down: NDArray[np.float32]
    wide: int
    tall: int
    shares: tuple[float, ...]
    veil: float
    ghost: float


@lru_cache(maxsize=16)
def spread_for(rows: int, width: int, rows_a_line: int, core: float, bloom: float) -> Spread:
    """Fit the point spread to a picture of some size.

    rows: lines. rows_a_line: 2 for a field, else 1. core: standard deviation, a share of the width. bloom: share of the
    light beyond NEAR.
    """
    wide = 2 * max(1, round(width / (2 * CELLS)))
    tall = wide // rows_a_line
    count = max(1, int(np.log2(min(-(-rows // tall), -(-width // wide)))))
    k = np.arange(count + 1)
    sigma = wide / width * np.sqrt(1 / 3 + 0.5 * (4.0**k - 1.0))
    beyond = bloom * (sigma * np.sqrt(np.log(2.0)) / NEAR) ** -FALL
    ghost = bloom * GHOST
    taps = core_taps((core * width) ** 2)
    return Spread(
        (taps * (1.0 - beyond[0])).astype(np.float32),
        core_taps((core * width / rows_a_line) ** 2).astype(np.float32),
        wide,
        tall,
        tuple(float(share) for share in -np.diff(beyond)) if bloom else (),
        float(beyond[-1]) - ghost,
        ghost,
    )


def core_taps(variance: float) -> NDArray[np.float64]:
    """Weights of a discrete Gaussian of a variance in samples squared, an odd number that add up to 1.

    Source: exp(-t) I_n(t), Lindeberg, "Scale-space for discrete signals", IEEE Trans. PAMI 12, 1990; the Bessel
    function by the trapezoidal rule over its period.
    """
    reach = int(np.ceil(3.0 * np.sqrt(variance)))
    angle = 2 * np.pi * np.arange(256) / 256
    n = np.arange(-reach, reach + 1)[:, None]
    taps = (np.exp(variance * (np.cos(angle) - 1.0)) * np.cos(n * angle)).mean(axis=1)
    return np.asarray(taps / taps.sum())


def tent(pixels: int) -> NDArray[np.float32]:
    """Weights by which a cell of some pixels takes part in what falls on it and half of either neighbour."""
    weights = pixels - np.abs(np.arange(2 * pixels) + 0.5 - pixels)
    return (weights / weights.sum()).astype(np.float32)


def stray_light(light: NDArray[np.float32], spread: Spread) -> NDArray[np.float32]:
    """What falls in the tails: (rows / tall, W / wide, 3) from light (rows, 3, W); empty for none."""
    from .lens_kernels import add_doubled, gather_cells, halve

    if not spread.shares:
        return np.zeros((0, 0, 3), np.float32)
    rows, _, width = light.shape
    levels = [np.empty((-(-rows // spread.tall), -(-width // spread.wide), 3), np.float32)]
    gather_cells(light, tent(spread.wide), tent(spread.tall), levels[0])
    for _ in spread.shares[1:]:
        h, w = levels[-1].shape[:2]
        levels.append(np.empty((-(-h // 2), -(-w // 2), 3), np.float32))
        halve(levels[-2], levels[-1])
    veil = np.float32(spread.veil) * levels[-1].mean(axis=(0, 1))
    ghost = min(GHOST_LEVEL, len(levels) - 1)
    glow = np.zeros((1, 1, 3), np.float32) + veil
    for k in reversed(range(len(levels))):
        fine = np.float32(spread.shares[k]) * levels[k]
        if k == ghost:
            fine += np.float32(spread.ghost) * levels[k][::-1, ::-1]
        if k == len(levels) - 1:
            fine += glow
        else:
            add_doubled(glow, fine)
        glow = fine
    return glow
