"""What is seen of the head switch besides the step of the lines: a burst of noise, and colour that is lost for a line.

One head has left the tape and the other has yet to land: the carrier dips for some microseconds, the limiter shoots
over, and until the colour's phase lock has found the new burst there is no colour. Source: the step's, US5675698; the
rest set by eye against tapes played.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from ..seed import hash64, share_of
from .dropouts import Losses
from .raster import ACTIVE, CHROMA_STEP, PAD, SAMPLE_HZ
from .timebase import Positions

DIP_S = (6e-6, 16e-6)
"""Half the time that the carrier is weak for, least and greatest."""
DIP_NEPERS = 2.2
DASH_S = (0.4e-6, 2.2e-6)
"""Half the time that the limiter shoots over for."""
DASH_LEVEL = (0.12, 0.55)
FIELDS = fields(Losses)
UNTOUCHED = 1e-3
"""A comet's level that only keeps the compensator off."""
LOCKED = (0.2, 0.6)
"""Share of the next line after which colour is back, least and greatest."""


def switch_noise(losses: Losses, positions: Positions, seed: int, field: int) -> Losses:
    """The losses of a field with those of its head switch among them."""
    drawn = hash64(seed, "tape.switch.noise", field)
    u = [(drawn >> shift & 0xFFFF) / 65536.0 for shift in (0, 16, 32)]
    at = PAD + positions.switch_share * ACTIVE
    dip, dash = (SAMPLE_HZ * (low + (high - low) * x) for (low, high), x in ((DIP_S, u[0]), (DASH_S, u[1])))
    level = DASH_LEVEL[0] + (DASH_LEVEL[1] - DASH_LEVEL[0]) * u[2]
    last = float(ACTIVE + 2 * PAD)
    rows = [(positions.switch, int(max(at - half, 0.0)), int(min(at + half, last)), at, half, depth, head)
            for half, depth, head in ((dip, DIP_NEPERS, UNTOUCHED), (dash, DIP_NEPERS, level))]  # fmt: skip
    place = int(np.searchsorted(losses.line, positions.switch, side="right"))
    columns = [(getattr(losses, f.name), values) for f, values in zip(FIELDS, zip(*rows, strict=True), strict=True)]
    return Losses(*(np.concatenate([c[:place], np.array(v, c.dtype), c[place:]]) for c, v in columns))


def without_colour(positions: Positions, seed: int, field: int) -> NDArray[np.int64]:
    """Where colour is lost: a line, the sample at fsc from which on it is, and the one up to which the next line has
    none either."""
    from_ = (PAD + positions.switch_share * ACTIVE) / CHROMA_STEP
    share = LOCKED[0] + (LOCKED[1] - LOCKED[0]) * share_of(seed, "tape.switch.lock", field)
    return np.array([positions.switch, int(from_), int((PAD + share * ACTIVE) / CHROMA_STEP)])
