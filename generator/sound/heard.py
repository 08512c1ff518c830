"""The noun of the sound stage: what there is to hear about the microphone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from .hall import Hall
from .noise import RATE_HZ


@dataclass(frozen=True)
class Heard:
    """What there is to hear over N fields, on the film's clock.

    first_field: number of the first field. lamp_ident (L,) fixtures in reach at any time. lamp_distance (N + 1, L)
    metres and lamp_walls (N + 1, L) walls in between, at every field's border. lamp_output (N + 1, L) 0..1 with
    flicker. lamp_loudness (L,): 1 is a troffer's with a magnetic ballast. step_time_s, step_strength (S,) heel strikes
    from the first field on. breath (N + 1,) air flow, above 0 inward. motion (N + 1,) how briskly the operator moves,
    0..1. zoom (N + 1,): times that the lens is longer than at its widest. hall, ear (N + 1, 3): what stands about the
    microphone, and where in it the microphone is; without them steps sound as in the open. step_wet (S,): how wet it is
    underfoot, 0..1, from 1 on water stands; None: dry.
    """

    first_field: int
    lamp_ident: NDArray[np.uint64]
    lamp_distance: NDArray[np.float64]
    lamp_walls: NDArray[np.float64]
    lamp_output: NDArray[np.float64]
    step_time_s: NDArray[np.float64]
    step_strength: NDArray[np.float64]
    breath: NDArray[np.float64]
    motion: NDArray[np.float64]
    lamp_loudness: NDArray[np.float64]
    zoom: NDArray[np.float64] | None = None
    hall: Hall | None = None
    ear: NDArray[np.float64] | None = None
    step_wet: NDArray[np.float64] | None = None

    @property
    def start(self) -> int:
        """Number of the first sample on the film's clock."""
        return round(self.first_field * FIELD_S * RATE_HZ)

    @property
    def samples(self) -> int:
        """How many samples the fields last."""
        return round((self.first_field + len(self.breath) - 1) * FIELD_S * RATE_HZ) - self.start
