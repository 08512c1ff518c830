"""What lies beside the pictures of a film's folder: its shot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..camera.shot import FIELD_S
from .request import FilmRequest
from .segment import SegmentState


def shot_table(request: FilmRequest, states: Iterable[SegmentState]) -> dict[str, Any]:
    """Pose, lens, exposure, white and failing lamps of every field, as lists that JSON can hold."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    lamps: dict[str, list[float]] = {}
    fields: list[int] = []
    for state in states:
        start = max(2 * request.first, fields[-1] + 1 if fields else 0)
        stop = min(2 * request.stop, state.field + len(state.shot.yaw))
        span = slice(start - state.field, stop - state.field)
        for name in COLUMNS:
            columns[name] += np.round(getattr(state.shot, name)[span], 7).tolist()
        for k, ident in enumerate(state.lamp_ident):
            known = lamps.setdefault(f"{int(ident):016x}", [1.0] * len(fields))
            known += np.round(state.lamp_output[span, k].astype(float), 4).tolist()
        fields += range(start, stop)
        for known in lamps.values():
            known += [1.0] * (len(fields) - len(known))
    return {"origin_chunk": list(state.shot.origin), "field_s": FIELD_S, "first_field": 2 * request.first, **columns,
            "failing_lamps": lamps}  # fmt: skip


COLUMNS = ("position", "yaw", "pitch", "roll", "fov", "exposure", "gain_db", "white", "focus", "lamp")
