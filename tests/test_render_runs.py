"""Runs of pixels cover what is seen, once, and write nothing beyond."""

from __future__ import annotations

import numpy as np
from numba import njit

from generator.render import lanes
from generator.render.run_kernels import FIRST, empty_batch, gather, put


@njit(_nrt=False)
def written(out, faces, start_of, batch):
    """Write what each pixel's column is, twice and thrice that, into channels of rows of out (H, 3, W)."""
    flat, shape, row, column = out.reshape(-1), out.shape[1:], FIRST, FIRST
    while row < len(faces):
        n, row, column = gather(batch, faces, start_of, row, column)
        for r in range(n):
            x = lanes.ramp() + batch.middle[r, 0]
            put(flat, shape, 0, batch, r, (x, x * np.float32(2), x * np.float32(3)))


def test_every_pixel_that_sees_something_is_written_and_no_other():
    rng = np.random.default_rng(4)
    for width in (1, 7, 8, 9, 40):
        faces = np.repeat(rng.integers(-1, 4, (60, width)), rng.integers(1, 12), axis=1)[:, :width].astype(np.int32)
        start = np.stack([np.full(60, 0.5), np.arange(60) + 0.5], axis=1).astype(np.float32)
        out = np.zeros((60, 3, width), np.float32)
        written(out, faces, start, empty_batch())
        seen = np.where(faces >= 0, np.arange(width) + np.float32(0.5), 0)
        np.testing.assert_array_equal(out, np.stack([seen, 2 * seen, 3 * seen], axis=1))
