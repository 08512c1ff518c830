"""The shadow of a lamp beside the lens, from what the picture itself shows.

The lamp stands on the lens's own row, so that each row of the picture is a row of the lamp's picture too, its pixels
moved by the lamp's offset over their distance. What falls behind something there lies in shadow. Approximations:

- What the picture does not show throws no shadow: under a twentieth of them, at the rim on the lamp's side.
- The shadow's edge is as hard as a pixel or two; a reflector of 3 cm is softer by a third of the shadow's breadth.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER

JUMP_PX = np.float32(2.0)
"""Pixels of one surface lie closer together than this in the lamp's picture."""
SOFT_PX = np.float32(1.5)
"""Breadth of the shadow's edge."""
STEP_PX = np.float32(0.5)
"""What lies so much farther off in the lamp's picture is another surface, on which a shadow may fall."""


@njit(**ENTRY)
def cast_shadows(nearness, shift_px, out):
    """Share 0..1 of the lamp's light that reaches what each pixel sees, into out (H, W) float32.

    nearness (H, W): one over the distance along the camera's axis, 1/m, 0 for nothing. shift_px: pixels by which the
    lamp, to the right of the lens if positive, sees a thing one metre off moved.
    """
    height, width = nearness.shape
    zero, one, side = np.float32(0), np.float32(1), shift_px > 0
    shift = np.float32(abs(shift_px))
    for row in range(height):
        low = high = np.float32(1e9)
        for k in range(width):
            x = width - 1 - k if side else k
            place = np.float32(width - 1 - k) - shift * nearness[row, x]
            if place < low:
                if low - place > JUMP_PX:
                    high = place
                low = place
                out[row, x] = one
            else:
                deep = min(place - low, high - place) / SOFT_PX
                out[row, x] = one - min(max(deep, zero), one)
    for row in range(height):
        for other in (row - 1, row + 1):
            if 0 <= other < height:
                _spread(nearness[row], nearness[other], shift, side, out[row])


@njit(**INNER)
def _spread(row, other, shift, side, out):
    """Spread the shadow (W,) of an edge that is nearly level over the whole step that the edge makes in a row.

    row, other (W,): the nearness of a row and of the one over or under it. Along a step the nearer thing is in the
    other row; its shadow is a pixel or two at the step's beginning, which would be a row of dots.
    """
    width, one, on = len(row), np.float32(1), -1 if side else 1
    for start in range(width):
        if out[start] == one or not _goes_on(row, other, shift, start, start):
            continue
        if 0 <= start - on < width and _goes_on(row, other, shift, start - on, start):
            continue
        x, count, lost, leading = start, 0, np.float32(0), True
        while 0 <= x < width and _goes_on(row, other, shift, x, x - on if count else x):
            leading = leading and out[x] < one
            if leading:
                lost += one - out[x]
                out[x] = one
            x, count = x + on, count + 1
        for n in range(count):
            at = start + n * on
            out[at] = max(out[at] - lost / np.float32(count), np.float32(0))


@njit(**INNER)
def _goes_on(row, other, shift, x, last):
    """Tell whether a step has the pixel x, and the pixel ``last`` of the same row lies on the same surface."""
    return shift * (other[x] - row[x]) >= STEP_PX and shift * abs(row[x] - row[last]) <= STEP_PX
