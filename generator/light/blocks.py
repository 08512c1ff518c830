"""Fixed blocks of the world, each with a margin: what bounced light in a block may depend on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..build.level import Mesh
from ..plan.floorplan import CHUNK_M

BLOCK_M = CHUNK_M / 2
"""Side of a block: half a chunk, so that every level is cut into the same blocks wherever its origin lies."""
MARGIN_M = CHUNK_M / 4
"""What lies further than this from a block is unknown to its bounced light."""


def chart_middles(mesh: Mesh) -> NDArray[np.float64]:
    """Middles (C, 2) of the charts in plan."""
    return (mesh.chart_origin + 0.5 * (mesh.chart_u + mesh.chart_v))[:, :2]


def home_blocks(middle: NDArray[np.float64]) -> NDArray[np.int64]:
    """The block (C, 2) that each chart belongs to."""
    return np.floor(middle / BLOCK_M).astype(np.int64)


def within(middle: NDArray[np.float64], block: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which charts (C,) belong to a block or to its margin."""
    low = block * BLOCK_M - MARGIN_M
    inside: NDArray[np.bool_] = (middle >= low) & (middle < low + BLOCK_M + 2 * MARGIN_M)
    return inside[:, 0] & inside[:, 1]
