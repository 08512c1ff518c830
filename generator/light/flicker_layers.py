"""Failing lamps: which of three layers each is drawn in, so that no chart carries two in one layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .blocks import MARGIN_M
from .lightmap import LAYERS

FLICKER_M = MARGIN_M
"""Charts whose middle is further than this from a failing lamp get its mean output, without its flicker."""
STEADY = -1
"""A failing lamp without a layer: where three others already fail around it, it only adds its mean output."""


def layer_of(xy: NDArray[np.float64], ident: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Layers (F,) in 0..LAYERS-1, or STEADY, of failing lamps at xy (F, 2): any two within 2 * FLICKER_M differ.

    A lamp with LAYERS or more neighbours of smaller ident goes without, whatever those get: so that fact depends on
    its surroundings alone, and the others, coloured in the order of ident, always find a free layer.
    """
    layer = np.full(len(xy), STEADY)
    near = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) <= 2.0 * FLICKER_M
    earlier = ident[None] < ident[:, None]
    layered = (near & earlier).sum(axis=1) < LAYERS
    for k in np.argsort(ident, kind="stable"):
        if layered[k]:
            taken = set(layer[near[k] & earlier[k] & layered].tolist())
            layer[k] = min(set(range(LAYERS)) - taken)
    return layer


def carried(middle: NDArray[np.float64], xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which charts (C,) with these middles (C, 2) carry the flicker of a lamp at xy (2,)."""
    return np.hypot(*(middle - xy).T) <= FLICKER_M
