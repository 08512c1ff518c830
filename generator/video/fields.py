"""Fields: which comes first in a file's frames, and one of them as a whole picture."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

UPPER, LOWER = 0, 1
"""Parity of a field's rows."""
FIELD_S = 1001 / 60000
REGULAR = 0.005
"""Fields whose period is as near to ours as this share keep their lines."""
FIRST = {2: UPPER, 5: UPPER, 3: LOWER, 4: LOWER}
"""The field shown first, by FFmpeg's AVFieldOrder: coded and shown TT, BT; BB, TB."""
TELLS = ("h264", "hevc", "mpeg1video", "mpeg2video", "mpeg4", "vc1", "wmv3", "dvvideo", "prores", "dnxhd")
"""Codecs whose frames say for themselves whether they are interlaced."""
LINES_480 = range(480, 487)

WIDE_LINES = ((720, 480), (704, 480))
"""Width and height of pictures of standard definition whose pixels are not square."""

Picture = NDArray[Any]
"""(H, W, 3) R'G'B', uint8 or float32 0..1."""


def pixel_aspect(size: tuple[int, int]) -> Fraction:
    """Width over height of a film's pixel: 8:9 at 720x480 and 10:11 at 704x480, which fill a screen of 4:3; else 1.

    The picture's width is the whole active line, whether sampled 720 or 704 times.
    """
    width, height = size
    return Fraction(4 * height, 3 * width) if size in WIDE_LINES else Fraction(1)


def first_field(flagged: bool, order: int, codec: str, rows: int) -> tuple[int | None, bool]:
    """Parity of the field of a frame that is first in time, None where the frame is one picture; is it known?

    flagged: the frame says that it is interlaced. order: the stream's AVFieldOrder, 0 where unknown. Where the order is
    not known, 480-line footage has the lower field first, as DV and this project's films do, other footage the upper.
    """
    if not (flagged or (order in FIRST and codec not in TELLS)):
        return None, True
    if order in FIRST:
        return FIRST[order], True
    return (LOWER if rows in LINES_480 else UPPER), False


def spread(picture: Picture, parity: int, wanted: int) -> Picture:
    """A whole picture (H, W, 3) of one field of a woven one: its lines as they are, means between them.

    Its lines come to lie in the rows of parity ``wanted``; where those are the other field's, all moves down by a row.
    """
    own, rows = picture[parity::2], len(picture[wanted::2])
    if parity == LOWER and wanted == UPPER:
        own = np.concatenate([own[:1], own])
    out = np.empty_like(picture)
    out[wanted::2] = own[np.minimum(np.arange(rows), len(own) - 1)]
    lines = out[wanted::2]
    wide = lines.astype(np.uint16) if lines.dtype == np.uint8 else lines
    between = (wide[:-1] + wide[1:] + (1 if lines.dtype == np.uint8 else 0)) / 2
    gaps = out[1 - wanted :: 2]
    gaps[:] = lines[-1]
    if wanted == UPPER:
        gaps[: len(between)] = between
    else:
        gaps[0] = lines[0]
        gaps[1 : len(between) + 1] = between[: len(gaps) - 1]
    return out


def bobbed(picture: Picture, parity: int) -> Picture:
    """One field of a woven picture as a whole one whose rows lie half a row lower, whichever field it is.

    Floating point and an odd number of rows get the field's lines and means between them.
    """
    if picture.dtype != np.uint8 or len(picture) % 2:
        return spread(picture, parity, parity)
    from .deinterlace import bob_rgb

    out = np.empty_like(picture)
    bob_rgb(picture, parity, out)
    return out
