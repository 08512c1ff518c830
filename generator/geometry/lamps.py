"""The lamps of a level: those of the plan, and those that lie about and burn all the same."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from ..colour import lamp_radiance
from ..plan.floorplan import Floorplan, LampState
from .items import Item, lamp_places
from .kit import Emitter, Kit, Luminaire
from .level import Lamps

LENS_M2 = 0.65774592
"""Area of the lens of a 2 x 4 ft troffer, which the light's cut-off is a share of."""


def plan_lamps(plan: Floorplan, kit: Kit) -> Lamps:
    """The emitters of the plan's lamps, in its order."""
    kinds = [kit.luminaires[kind] for kind in plan.lamp_kind]
    return _lamps(kit, kinds, lamp_places(plan), plan.lamp_state, plan.lamp_id, plan.lamp_kelvin)


def with_loose_lamps(lamps: Lamps, items: list[Item], kit: Kit) -> tuple[Lamps, list[Item]]:
    """The lamps and those among ``items`` that burn where they lie, and the items, which now know their lamps."""
    burning = [(k, item.burns) for k, item in enumerate(items) if item.burns is not None]
    if not burning:
        return lamps, items
    kinds = [kit.props[items[k].kind].lamp for k, _ in burning]
    loose = _lamps(
        kit,
        [kind for kind in kinds if kind is not None],
        np.array([items[k].place for k, _ in burning]),
        np.array([burns.state for _, burns in burning], np.uint8),
        np.array([burns.ident for _, burns in burning], np.uint64),
        np.array([burns.kelvin for _, burns in burning]),
    )
    items = list(items)
    first = len(lamps.state) + np.flatnonzero(loose.lamp == np.arange(len(loose.lamp)))
    for n, (k, _) in enumerate(burning):
        items[k] = items[k]._replace(lamp=int(first[n]))
    return joined_lamps([lamps, loose]), items


def joined_lamps(parts: list[Lamps]) -> Lamps:
    """Several groups of lamps as one, in order; which emitters belong together stays."""
    first = np.cumsum([0, *(len(part.lamp) for part in parts)])
    columns = {f.name: [getattr(part, f.name) for part in parts] for f in fields(Lamps)}
    columns["lamp"] = [(rows + first[k]).astype(np.int32) for k, rows in enumerate(columns["lamp"])]
    return Lamps(**{name: np.concatenate(column) for name, column in columns.items()})


def _area(emitter: Emitter) -> float:
    """Area in m²."""
    return 4.0 * float(np.linalg.norm(emitter.half_u) * np.linalg.norm(emitter.half_v))


def _strength(kind: Luminaire) -> float:
    """Luminance times area of a kind's main emitter, cd."""
    return max(kind.luminance * _area(emitter) for emitter in kind.emitters)


def _lamps(
    kit: Kit,
    kinds: list[Luminaire],
    place: NDArray[np.float64],
    state: NDArray[np.uint8],
    ident: NDArray[np.uint64],
    kelvin: NDArray[np.float64],
) -> Lamps:
    """The emitters of lamps (L,) at places (L, 4, 4), those of one lamp after the other; dark where it is dead."""
    usual = _strength(kit.luminaires[0])
    count = np.array([len(kind.emitters) for kind in kinds], np.int64)
    own = np.repeat(np.arange(len(kinds)), count)
    glows = [emitter for kind in kinds for emitter in kind.emitters]
    turn, at = place[own, :3, :3], place[own, :3, 3]

    def along(name: str) -> NDArray[np.float64]:
        """A vector of every emitter in the level's frame."""
        x, y, z = np.array([getattr(glow, name) for glow in glows], np.float64).reshape(-1, 3).T[..., None]
        return x * turn[..., 0] + y * turn[..., 1] + z * turn[..., 2] + 0.0

    radiance = np.zeros((len(kinds), 3))
    if len(kinds):
        luminance, duv = (np.array([getattr(kind, name) for kind in kinds]) for name in ("luminance", "duv"))
        radiance = lamp_radiance(kelvin, luminance, duv) * (state != LampState.DEAD)[:, None]
    return Lamps(
        center=at + along("center"),
        half_u=along("half_u"),
        half_v=along("half_v"),
        normal=along("normal"),
        lamp=(np.cumsum(count) - count)[own].astype(np.int32),
        radiance=radiance[own],
        state=state[own],
        ident=ident[own],
        kelvin=kelvin[own],
        weight=np.array([kind.luminance * LENS_M2 / max(usual, _strength(kind)) for kind in kinds], np.float64).round(
            6
        )[own],
        recess=np.array([glow.recess for glow in glows], np.float64),
    )
