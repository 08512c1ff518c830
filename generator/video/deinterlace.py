"""Compiled kernels from woven frames to the planes of a video file: fields bobbed, R'G'B' to Y'CbCr.

Source of the matrix and the ranges: ITU-R BT.601-7, 8 bit, limited range.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER

NEAR, NEXT, BEFORE, AFTER = (np.float32(w) for w in (0.8671875, 0.2265625, -0.0703125, -0.0234375))
"""Catmull and Rom's cubic a quarter of a line off. Both rows between two lines of a field lie so, in either field: what
stands still keeps its sharpness from field to field and does not twitter."""
OPTIONS: dict[str, Any] = ENTRY | {"fastmath": {"contract", "nsz"}}


@njit(**OPTIONS | INNER)
def _luma(line, out):
    for x in range(len(out)):
        out[x] = (
            np.float32(16.0)
            + np.float32(0.299 * 219 / 255) * np.float32(line[x, 0])
            + np.float32(0.587 * 219 / 255) * np.float32(line[x, 1])
            + np.float32(0.114 * 219 / 255) * np.float32(line[x, 2])
        )


@njit(**OPTIONS | INNER)
def _chroma(line, blue, red):
    half = np.float32(0.5)
    for k in range(len(blue)):
        r = half * (np.float32(line[2 * k, 0]) + np.float32(line[2 * k + 1, 0]))
        g = half * (np.float32(line[2 * k, 1]) + np.float32(line[2 * k + 1, 1]))
        b = half * (np.float32(line[2 * k, 2]) + np.float32(line[2 * k + 1, 2]))
        y = np.float32(0.299) * r + np.float32(0.587) * g + np.float32(0.114) * b
        blue[k] = np.float32(128.0) + np.float32(224 / 255 / 1.772) * (b - y)
        red[k] = np.float32(128.0) + np.float32(224 / 255 / 1.402) * (r - y)


@njit(**OPTIONS | INNER)
def _code(value):
    return np.uint8(min(max(value + np.float32(0.5), np.float32(1.0)), np.float32(254.0)))


@njit(**OPTIONS)
def bob(frame, parity, luma, blue, red):
    """One field of a woven frame (H, W, 3) uint8 as a whole picture: luma (H, W), blue and red (H / 2, W / 2) uint8.

    parity: 0 the upper field (rows 0, 2, …), 1 the lower. The picture lies half a row lower than the frame.
    """
    lines, w = frame.shape[0] // 2, frame.shape[1]
    y = np.empty((lines + 4, w), np.float32)
    cb, cr = np.empty((lines + 2, w // 2), np.float32), np.empty((lines + 2, w // 2), np.float32)
    for k in range(lines):
        _luma(frame[2 * k + parity], y[k + 2])
        _chroma(frame[2 * k + parity], cb[k + 1], cr[k + 1])
    y[0] = y[1] = y[2]
    y[lines + 2] = y[lines + 3] = y[lines + 1]
    cb[0], cr[0], cb[lines + 1], cr[lines + 1] = cb[1], cr[1], cb[lines], cr[lines]
    for row in range(2 * lines):
        k = row // 2 + 2
        turn = 1 if row % 2 == parity else -1
        k += 1 if parity == 0 and row % 2 == 1 else 0
        a, b, c, d = y[k - turn], y[k], y[k + turn], y[k + 2 * turn]
        out = luma[row]
        for x in range(w):
            out[x] = _code(BEFORE * a[x] + NEAR * b[x] + NEXT * c[x] + AFTER * d[x])
    for k in range(lines):
        for x in range(w // 2):
            if parity == 0:
                blue[k, x] = _code(np.float32(0.5) * (cb[k + 1, x] + cb[k + 2, x]))
                red[k, x] = _code(np.float32(0.5) * (cr[k + 1, x] + cr[k + 2, x]))
            else:
                blue[k, x], red[k, x] = _code(cb[k + 1, x]), _code(cr[k + 1, x])


@njit(**OPTIONS)
def weave(frame, luma, blue, red):
    """A woven frame (H, W, 3) uint8 as planes whose rows stay in their fields, chroma too.

    Source of the chroma's place: MPEG-2 (ISO/IEC 13818-2, 6.1.1.8): a quarter of a field's line from its own.
    """
    h, w = frame.shape[:2]
    line = np.empty(w, np.float32)
    for row in range(h):
        _luma(frame[row], line)
        for x in range(w):
            luma[row, x] = _code(line[x])
    cb, cr = np.empty((2, w // 2), np.float32), np.empty((2, w // 2), np.float32)
    for row in range(h // 2):
        parity, k = row % 2, row // 2
        for n in range(2):
            _chroma(frame[4 * k + 2 * n + parity], cb[n], cr[n])
        near = np.float32(0.75) if parity == 0 else np.float32(0.25)
        for x in range(w // 2):
            blue[row, x] = _code(near * cb[0, x] + (np.float32(1.0) - near) * cb[1, x])
            red[row, x] = _code(near * cr[0, x] + (np.float32(1.0) - near) * cr[1, x])


@njit(**OPTIONS | INNER)
def _line(frame, parity, k):
    return frame[2 * min(max(k, 0), frame.shape[0] // 2 - 1) + parity]


@njit(**OPTIONS)
def bob_rgb(frame, parity, out):
    """One field of a woven frame (H, W, 3) uint8 as a whole picture, rows and columns as ``bob`` has them."""
    lines, w = frame.shape[0] // 2, frame.shape[1]
    for row in range(2 * lines):
        k = row // 2 + (1 if parity == 0 and row % 2 == 1 else 0)
        turn = 1 if row % 2 == parity else -1
        a, b = _line(frame, parity, k - turn), _line(frame, parity, k)
        c, d = _line(frame, parity, k + turn), _line(frame, parity, k + 2 * turn)
        for x in range(w):
            for n in range(3):
                value = BEFORE * a[x, n] + NEAR * b[x, n] + NEXT * c[x, n] + AFTER * d[x, n]
                out[row, x, n] = np.uint8(min(max(value + np.float32(0.5), np.float32(0.0)), np.float32(255.0)))
