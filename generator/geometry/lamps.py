"""The lamps of a level: the ceiling's troffers, and those that lie about and burn all the same."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from ..colour import lamp_radiance
from ..plan.floorplan import Floorplan, LampState
from .fixtures import LENS_HALF_M, RECESS_M
from .items import Item
from .level import Lamps
from .props import HOUSING_M


def ceiling_lamps(plan: Floorplan) -> Lamps:
    """The lenses of the plan's troffers as emitters, in its order."""
    turned = plan.lamp_axis[:, None] == 1
    long, short = LENS_HALF_M
    return _lamps(
        np.column_stack([plan.lamp_xy, plan.lamp_z + RECESS_M]),
        np.where(turned, [[0.0, long, 0.0]], [[long, 0.0, 0.0]]),
        np.where(turned, [[-short, 0.0, 0.0]], [[0.0, short, 0.0]]),
        np.tile([0.0, 0.0, -1.0], (len(plan.lamp_xy), 1)),
        plan.lamp_state,
        plan.lamp_id,
        plan.lamp_kelvin,
    )


def _lamps(center, half_u, half_v, normal, state, ident, kelvin) -> Lamps:
    """Lenses that shine as tubes of their colour temperature do, or not at all when dead."""
    lit = (state != LampState.DEAD)[:, None]
    radiance = lamp_radiance(kelvin) * lit if len(kelvin) else np.zeros((0, 3))
    own = np.arange(len(center), dtype=np.int32)
    return Lamps(center, half_u, half_v, normal, own, radiance, state, ident, kelvin)


def joined_lamps(parts: list[Lamps]) -> Lamps:
    """Several groups of lamps as one, in order; which emitters belong together stays."""
    first = np.cumsum([0] + [len(part.lamp) for part in parts])
    columns = {f.name: [getattr(part, f.name) for part in parts] for f in fields(Lamps)}
    columns["lamp"] = [(rows + first[k]).astype(np.int32) for k, rows in enumerate(columns["lamp"])]
    return Lamps(**{name: np.concatenate(column) for name, column in columns.items()})


def with_loose_lamps(lamps: Lamps, items: list[Item]) -> tuple[Lamps, list[Item]]:
    """The lamps and those among ``items`` that burn where they lie, and the items, which now know their lamps."""
    burning = [(k, item.burns) for k, item in enumerate(items) if item.burns is not None]
    if not burning:
        return lamps, items
    place = np.array([items[k].place for k, _ in burning])
    long, short = LENS_HALF_M
    loose = _lamps(
        place[:, :3, 3] + HOUSING_M * place[:, :3, 2],
        long * place[:, :3, 0],
        short * place[:, :3, 1],
        place[:, :3, 2],
        np.array([burns.state for _, burns in burning], np.uint8),
        np.array([burns.ident for _, burns in burning], np.uint64),
        np.array([burns.kelvin for _, burns in burning]),
    )
    items = list(items)
    for n, (k, _) in enumerate(burning):
        items[k] = items[k]._replace(lamp=len(lamps.state) + n)
    return joined_lamps([lamps, loose]), items
