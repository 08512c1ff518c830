"""Fixed blocks of the world, each with a margin: what bounced light in a block may depend on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Mesh
from ..plan.floorplan import CHUNK_M

BLOCK_M = CHUNK_M / 2
"""Side of a block: half a chunk, so that every level is cut into the same blocks wherever its origin lies."""
MARGIN_M = CHUNK_M / 4
"""What lies further than this from a block is unknown to its bounced light."""
BLEND_M = CHUNK_M / 16
"""So far on either side of a border the light of one block goes over into that of the next, and leaves no seam there.

Measured beside one solve of 80 m, bounced light alone, a square of 14 m about a corner of four blocks: offices err by
0.06 % in the mean and 0.8 % at the 99th percentile, level0 by 0.2 and 2.7 %, halls by 0.3 to 1 and by 3 to 6 %."""
ROUNDING_M = 1e-4
"""A middle on a border is inside on either side's reckoning: no window may decide it by rounding."""


def chart_middles(mesh: Mesh) -> NDArray[np.float64]:
    """Middles (C, 2) of the charts in plan."""
    return (mesh.chart_origin + 0.5 * (mesh.chart_u + mesh.chart_v))[:, :2]


def home_blocks(middle: NDArray[np.float64]) -> NDArray[np.int64]:
    """The block (C, 2) that each chart belongs to."""
    return np.floor(middle / BLOCK_M).astype(np.int64)


def within(middle: NDArray[np.float64], block: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which charts (C,) belong to a block or to its margin."""
    low = block * BLOCK_M - MARGIN_M - ROUNDING_M
    inside: NDArray[np.bool_] = (middle >= low) & (middle < low + BLOCK_M + 2 * MARGIN_M)
    return inside[:, 0] & inside[:, 1]


def within_any(middle: NDArray[np.float64], blocks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which charts (C,) belong to some of the blocks (B, 2), or to their margins: as ``within`` has it for each."""
    low = blocks.min(axis=0, initial=0) - 2
    listed = np.zeros(blocks.max(axis=0, initial=0) + 2 - low, np.bool_)
    listed[tuple((blocks - low).T)] = True
    last = np.floor((middle + MARGIN_M + ROUNDING_M) / BLOCK_M).astype(np.int64) - low
    inside = np.zeros(len(middle), np.bool_)
    for step in np.ndindex(2, 2):
        at = last - step
        known = ((at >= 0) & (at < listed.shape)).all(axis=1)
        inside[known] |= listed[tuple(at[known].T)]
    return inside


def blocks_of(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.int64]:
    """Blocks (B, 2) whose light counts somewhere in rectangles of the plan, low and high (N, 2)."""
    first = np.floor((low - BLEND_M) / BLOCK_M).astype(np.int64)
    last = np.floor((high + BLEND_M) / BLOCK_M).astype(np.int64)
    found = [first]
    for step in np.ndindex(*(last - first).max(axis=0, initial=0) + 1):
        found.append(np.minimum(first + step, last))
    blocks = np.concatenate(found)
    corner = blocks.min(axis=0, initial=0)
    used = np.zeros(blocks.max(axis=0, initial=0) - corner + 1, np.bool_)
    used[tuple((blocks - corner).T)] = True
    return np.argwhere(used) + corner


def counts_in(low: NDArray[np.float64], high: NDArray[np.float64], block: NDArray[np.int64]) -> bool:
    """Whether the light of a block counts anywhere in a rectangle of the plan, low and high (2,)."""
    return bool((high > block * BLOCK_M - BLEND_M).all() and (low < (block + 1) * BLOCK_M + BLEND_M).all())


def block_share(xy: NDArray[np.float64], block: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much (N,) the light of a block counts at places (N, 2): all blocks' shares add up to 1 everywhere."""
    low = block * BLOCK_M
    share = np.minimum(xy - low, low + BLOCK_M - xy) / (2.0 * BLEND_M) + 0.5
    return np.clip(share, 0.0, 1.0).prod(axis=1)


def known_from(low: NDArray[np.float64], high: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The rectangle of the plan, low and high (2,), whose surfaces count in the bounced light of another."""
    first, last = np.floor((low - BLEND_M) / BLOCK_M), np.floor((high + BLEND_M) / BLOCK_M) + 1.0
    return first * BLOCK_M - MARGIN_M, last * BLOCK_M + MARGIN_M
