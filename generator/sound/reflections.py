"""Early reflections: image sources of two orders in the faces about an ear."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .hall import Hall
from .ray_kernels import arrives

REACH_M = 40.0
"""Images farther off are left out: they come after 120 ms, 32 dB under a source at 1 m."""
MIRRORS_M = 15.0
"""Upright faces farther off than this make no images; rays carry their sound."""
LEAST_M = 0.2
"""So do faces shorter than this, which mirror nothing under 1700 Hz."""
LEVELS = ((0, 0), (1, 0), (0, 1), (1, 1), (1, 1))
"""Bounces at floor and ceiling of a source's images in height."""


def images(hall: Hall, source: NDArray, ear: NDArray, low: float, high: float) -> tuple[NDArray, NDArray]:
    """Find the ways of sound by up to two mirrors: lengths (K,) metres and bounces (K, 3) at floor, walls and ceiling.

    source, ear (3,); low, high: floor and ceiling about the ear. Upright faces mirror in plan and level ones in height,
    so an image in space is one of each. The source itself is among them where it is in sight.
    Source: Allen and Berkley, "Image method for efficiently simulating small-room acoustics", JASA 65, 1979.
    """
    plan, walls = _images_in_plan(hall.edge[mirrors(hall, ear)], source[:2], ear[:2])
    z = source[2]
    heights = np.array([z, 2 * low - z, 2 * high - z, 2 * high - 2 * low + z, 2 * low - 2 * high + z])
    level = np.array(LEVELS)
    place = np.concatenate([np.repeat(plan, 5, axis=0), np.tile(heights, len(plan))[:, None]], axis=1)
    count = np.column_stack([np.tile(level[:, 0], len(plan)), np.repeat(walls, 5), np.tile(level[:, 1], len(plan))])
    length, order = np.linalg.norm(place - ear, axis=1), count.sum(axis=1)
    some = np.flatnonzero((order <= 2) & (length < REACH_M))
    some = some[arrives(hall, ear, place[some], order[some], source)]
    return length[some], count[some]


def mirrors(hall: Hall, ear: NDArray) -> NDArray[np.int64]:
    """Find the upright faces (M,) that are near an ear and turned towards it."""
    e = hall.edge
    along, to = e[:, 2:] - e[:, :2], ear[:2] - e[:, :2]
    size = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip((along * to).sum(axis=1) / size, 0.0, 1.0)
    gap = ((to - share[:, None] * along) ** 2).sum(axis=1)
    facing = along[:, 1] * to[:, 0] - along[:, 0] * to[:, 1] > 0.0
    return np.flatnonzero(facing & (gap < MIRRORS_M**2) & (size > LEAST_M**2))


def _images_in_plan(edge: NDArray, source: NDArray, ear: NDArray) -> tuple[NDArray, NDArray]:
    """Images (P, 2) of a source in plan, by up to two of some faces (M, 4), and by how many (P,), each place once."""
    once, front = _mirrored(source[None], edge)
    first = np.flatnonzero(front[0] & _crosses(ear, once[0], edge))
    behind = np.flatnonzero(front[0])
    twice, front = _mirrored(once[0, behind], edge)
    ways = front & _crosses(ear, twice.reshape(-1, 2), np.tile(edge, (len(behind), 1))).reshape(front.shape)
    ways[np.arange(len(behind)), behind] = False
    place = np.concatenate([source[None], once[0, first], twice[ways]])
    walls = np.repeat([0, 1, 2], [1, len(first), int(ways.sum())])
    place, kept = np.unique(np.round(place, 6), axis=0, return_index=True)
    return place, walls[kept]


def _mirrored(place: NDArray, edge: NDArray) -> tuple[NDArray, NDArray]:
    """Mirror images (N, M, 2) of places (N, 2) in faces (M, 4), and whether each place is before the face (N, M)."""
    along = edge[:, 2:] - edge[:, :2]
    normal = np.column_stack([along[:, 1], -along[:, 0]]) / np.linalg.norm(along, axis=1)[:, None]
    off = place @ normal.T - (edge[:, :2] * normal).sum(axis=1)
    return place[:, None] - 2.0 * off[:, :, None] * normal, off > 1e-9


def _crosses(ear: NDArray, image: NDArray, edge: NDArray) -> NDArray[np.bool_]:
    """Whether the way from an ear to each image (N, 2) passes the face (N, 4) of the same row from before it."""
    before, t, s = crossings(ear, image, edge)
    return before & (t >= 0.0) & (t <= 1.0) & (s >= -1e-9) & (s <= 1.0 + 1e-9)


def crossings(
    start: NDArray, end: NDArray, edge: NDArray
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Tell of faces (N, 4) whether the way in plan to ``end`` (2,) or (N, 2) comes from before each, and where it meets
    its line: at which shares of the way and of the face, (N,) each."""
    d, e, to = end - start, edge[:, 2:] - edge[:, :2], edge[:, :2] - start
    cross = d[..., 0] * e[:, 1] - d[..., 1] * e[:, 0]
    before = cross < -1e-12
    safe = np.where(before, cross, -1.0)
    t = (to[:, 0] * e[:, 1] - to[:, 1] * e[:, 0]) / safe
    s = (to[:, 0] * d[..., 1] - to[:, 1] * d[..., 0]) / safe
    return before, t, s
