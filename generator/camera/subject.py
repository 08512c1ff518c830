"""How well pictures show the kind of district that a scene is of, and where one stands for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..places.subject import Subject
from ..plan.floorplan import CELL_M, Floorplan, LampState, SolidKind
from ..plan.grid import grid_of_lines
from ..plan.near import nearest_m
from ..plan.sight import Outlines, cast, edges_of, outlines, solid_rings
from .turns import wrapped

WIDE_M, LONG_M = 40.0, 60.0
"""As far as counts of what one sees on the mean, and in the middle."""
ABOUT_CELLS = 25
"""Width of the square about a place, cells, in which its district's share is taken: 30 m."""
MOSTLY = 0.6
"""That share where no square is all of one district."""
LIT_M = 8.0
"""No further than this from a lamp that burns one stands."""
BEGINS = 0.25
"""A difference of the logarithms of two neighbouring distances at which something ends and another thing begins."""
OFTEN = 16
"""So many of these are as often as counts."""
BENT, BROAD = float(np.radians(50.0)), 0.5
"""A curved wall fills its part of a picture that turns so far in it, and takes so much of its breadth."""
FACET = float(np.radians(12.0))
"""No bend between two facets of an arc is larger."""
TOUCH_M = 1e-6


def place_of_subject(plan: Floorplan, own: NDArray[np.bool_], near: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The middle (2,) of the lit cell, nearest to a place, about which a kind of district lies; None where it is not.

    own (h, w): the cells of that kind.
    """
    from scipy.ndimage import uniform_filter

    share = uniform_filter(own.astype(np.float64), ABOUT_CELLS, mode="constant")
    for cells in (share > 1.0 - 1e-9, own & (share > MOSTLY)):
        places = ((np.argwhere(cells)[:, ::-1] + 0.5) * CELL_M).astype(np.float64)
        lit = places[nearest_m(plan.lamp_xy[plan.lamp_state == LampState.ON], places) < LIT_M]
        if len(lit):
            return np.asarray(lit[np.argmin(np.hypot(*(lit - near).T))])
    return None


def shown(
    plan: Floorplan, subject: Subject, places: NDArray[np.float64], angles: NDArray[np.float64],
    window: NDArray[np.int64],
) -> NDArray[np.float64]:  # fmt: skip
    """How well pictures from places (P, 2) show a subject: (P, T).

    angles (A,): directions that are looked in, all round. window (T, N): which of them each picture shows.
    """
    away = np.maximum(cast(outlines(plan), places, angles), 0.1)
    seen, middle = away[:, window], slice(window.shape[1] // 3, -(window.shape[1] // 3))
    begins = np.abs(np.diff(np.log(np.minimum(seen, WIDE_M)), axis=2)) > BEGINS
    total = subject.wide * np.minimum(seen / WIDE_M, 1.0).mean(axis=2)
    total += subject.long * np.minimum(seen[..., middle].max(axis=2) / LONG_M, 1.0)
    total += subject.often * np.minimum(begins.sum(axis=2) / OFTEN, 1.0)
    if subject.solids:
        total += subject.solids * _ends(plan, SolidKind.BLOCK, places, angles, away)[:, window].mean(axis=2)
    if subject.slanted:
        slanted = _ends(plan, SolidKind.OBLIQUE_WALL, places, angles, away)[:, window].mean(axis=2)
        total += subject.slanted * slanted
    if subject.curved:
        curved = _ends(plan, SolidKind.CURVED_WALL, places, angles, away)
        total += subject.curved * _bend(curved, away, angles, window)
    return np.asarray(total)


def _ends(
    plan: Floorplan, kind: SolidKind, places: NDArray[np.float64], angles: NDArray[np.float64],
    away: NDArray[np.float64],
) -> NDArray[np.bool_]:  # fmt: skip
    """Which rays (P, A) that end ``away`` metres off end on a solid of a kind."""
    rings = [ring for ring, of in zip(solid_rings(plan), plan.solid_kind, strict=True) if of == kind]
    if not rings:
        return np.zeros(away.shape, np.bool_)
    edge = np.ascontiguousarray(np.concatenate([edges_of(ring) for ring in rings]))
    alone = cast(Outlines(edge, grid_of_lines(plan.ceiling_m.shape, edge)), places, angles)
    return np.asarray(alone <= away + TOUCH_M)


def _bend(
    on: NDArray[np.bool_], away: NDArray[np.float64], angles: NDArray[np.float64], window: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How far one curved wall of each picture turns, and how wide it is: (P, T) in 0..1.

    on, away (P, A): which rays end on such a wall, and how far off. angles (A,), window (T, N): as in ``shown``.
    """
    ends = away * np.exp(1j * angles)
    turns = np.angle(np.diff(ends, axis=1, append=ends[:, :1]))
    bends = np.abs(wrapped(turns - np.roll(turns, 1, axis=1)))
    log = np.log(away)
    joined = on & np.roll(on, 1, axis=1) & (np.abs(log - np.roll(log, 1, axis=1)) < BEGINS) & (bends < FACET)
    best = np.zeros((len(on), len(window)))
    count, bent = np.zeros_like(best), np.zeros_like(best)
    for ray in window[:, ::-1].T:
        count = np.where(joined[:, ray], count + 1, 0)
        bent = np.where(joined[:, ray], bent + bends[:, ray], 0.0)
        best = np.maximum(best, np.minimum(bent / BENT, 1.0) * np.minimum(count / window.shape[1] / BROAD, 1.0))
    return best
