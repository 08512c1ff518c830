"""What a failing tube does in time: random access, exact over a shutter.

Time is cut into slots; in each, a failing lamp does one thing drawn from its identity and the slot's number:
burn at its worn level, dip, buzz out for a moment and catch again, or fail to start: glow at its ends and, unless it
must be safe, flash and flash.
Every event is a sum of ramps, so its mean over a shutter is a sum of closed integrals. On top, a
failing lamp ripples at twice the mains frequency, as on a magnetic ballast; its mean multiplies the events' mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..seed import rng_for

MAINS_HZ = 60.0
RIPPLE = 0.3
"""Depth of the 120 Hz ripple. Source: percent flicker of T12 lamps on magnetic ballasts, 30-40 %, IEEE 1789-2015."""
WORN = 0.85
"""Output of a failing tube at its best, as a share of a good one."""
MEAN_OUTPUT = 0.74
"""Mean output of a failing lamp over a long time, to 0.02; what it adds where its flicker is not drawn."""
SLOT_S = 1.1
"""Each lamp does one thing in each slot. When flash-safe that is at most one dark moment, and a little more than a
second long it leaves no second with four opposing changes, two flashes, in it. Three lamps may overlap on a surface,
so no surface flashes more than three times a second. Source: WCAG 2.3.1, at most three general flashes a second."""

Ramp = tuple[float, float, float]
"""From time t, over a rise time, the output changes by an amount that stays."""

STEADY, DIP, OUT, START = range(4)
CHANCES = (0.52, 0.24, 0.10, 0.14)


def flicker(ident: ArrayLike, seed: int, t0: ArrayLike, t1: ArrayLike, safe: bool = True) -> NDArray[np.float64]:
    """Give the mean output (F,) of failing lamps over a shutter from t0 to t1 seconds, as a share of a good lamp's;
    (N, F) over the shutters of N fields.

    ident (F,) uint64, stable over the world. safe: at most one flash in any second of each lamp. Depends on nothing
    but the arguments, so any field stands alone. Shutters must be open: t1 > t0, else ValueError.
    """
    start, stop = np.asarray(t0, np.float64), np.asarray(t1, np.float64)
    if not (stop > start).all():
        raise ValueError("a shutter must be open for some time")
    lamps = np.atleast_1d(np.asarray(ident, np.uint64))
    means = [_mean(int(lamp), seed, start, stop, safe) for lamp in lamps]
    return np.moveaxis(np.array(means).reshape(len(lamps), *start.shape), 0, -1) * ripple(lamps, start, stop)


def ripple(ident: ArrayLike, t0: ArrayLike, t1: ArrayLike) -> NDArray[np.float64]:
    """Mean factor (L,) or (N, L) of the 120 Hz ripple over shutters; lamps hang on one of three mains phases."""
    t0, t1 = (np.asarray(t, np.float64)[..., None] for t in (t0, t1))
    phase = 2.0 * np.pi / 3.0 * (np.atleast_1d(np.asarray(ident, np.uint64)) % np.uint64(3)).astype(np.float64)
    w = 2.0 * np.pi * 2.0 * MAINS_HZ
    return 1.0 + RIPPLE * (np.sin(w * t1 + phase) - np.sin(w * t0 + phase)) / (w * (t1 - t0))


def _mean(ident: int, seed: int, t0: NDArray, t1: NDArray, safe: bool) -> NDArray[np.float64]:
    """Means of one lamp's output over shutters, without ripple; only the slots that a shutter touches count in it."""
    first, last = np.floor(t0 / SLOT_S).astype(np.int64) - 1, np.floor(t1 / SLOT_S).astype(np.int64)
    change = np.zeros(t0.shape)
    for slot in range(int(first.min()), int(last.max()) + 1):
        touched = (first <= slot) & (slot <= last)
        for ramp in _event(ident, seed, slot, safe) if touched.any() else ():
            change += np.where(touched, _integral(ramp, t1) - _integral(ramp, t0), 0.0)
    return np.maximum(WORN + change / (t1 - t0), 0.0)


def _integral(ramp: Ramp, t: NDArray) -> NDArray[np.float64]:
    """Integrals up to times t of a ramp's change."""
    start, rise, amount = ramp
    into = np.clip(t - start, 0.0, rise)
    return amount * (0.5 * into * into / rise + np.maximum(t - start - rise, 0.0))


def _event(ident: int, seed: int, slot: int, safe: bool) -> list[Ramp]:
    """What happens in one slot; every event returns to where it began before the slot's end."""
    rng = rng_for(seed, "light.flicker", ident >> 32, ident & 0xFFFFFFFF, slot)
    kind = rng.choice(CHANCES)
    at = slot * SLOT_S + rng.uniform(0.05, 0.2)
    if kind == STEADY:
        return []
    if kind == DIP:
        depth, width = rng.uniform(0.2, 0.6) * WORN, rng.uniform(0.05, 0.25)
        return [(at, 0.015, -depth), (at + width, 0.05, depth)]
    if kind == OUT:
        fade, dark = rng.uniform(0.15, 0.3), rng.uniform(0.05, 0.2)
        return [(at, fade, -0.92 * WORN), (at + fade + dark, 0.02, 0.92 * WORN)]
    return _starter(rng, at, slot, safe)


def _starter(rng, at: float, slot: int, safe: bool) -> list[Ramp]:
    """A tube that will not start: out but for its glowing ends, and for the flashes of its starter unless safe."""
    glow, end = 0.12, (slot + 1) * SLOT_S - 0.08
    ramps = [(at, 0.02, (glow - 1.0) * WORN)]
    if not safe:
        t = at + rng.uniform(0.08, 0.15)
        while t < end - 0.15:
            width, height = rng.uniform(0.03, 0.07), rng.uniform(0.4, 0.9) * WORN
            ramps += [(t, 0.005, height), (t + width, 0.015, -height)]
            t += width + rng.uniform(0.06, 0.2)
    return [*ramps, (end - 0.05, 0.02, (1.0 - glow) * WORN)]
