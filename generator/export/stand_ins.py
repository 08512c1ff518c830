"""Punctual lamps that stand for many: so that a set is not black where emission gives no light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..colour import LUMENS_PER_WATT
from ..geometry.level import Level
from .cameras import turned
from .gltf import Asset

MOST = 256
"""Most stand-ins of a file. Source: three.js fails at so many on many graphics cards."""
DROP_M = 0.15
"""A stand-in hangs this far before its lens, clear of the fixture."""


@dataclass(frozen=True)
class StandIn:
    """A point lamp: place (3,) metres; intensity (3,) in candela for linear red, green and blue; of how many lamps."""

    place: NDArray[np.float64]
    intensity: NDArray[np.float64]
    count: int


def stand_ins(level: Level, most: int) -> list[StandIn]:
    """Group the burning emitters of a level into at most ``most`` clusters by Ward's method, a point lamp for each.

    A cluster's lamp hangs before its middlemost lens, and is as strong as all of them along their axes: radiance times
    area, in candela.
    """
    lamps = level.lamps
    lit = np.flatnonzero(lamps.radiance.max(axis=1) > 0.0)
    if not len(lit) or most < 1:
        return []
    group = _clusters(lamps.center[lit], most)
    power = LUMENS_PER_WATT * lamps.area_m2[lit, None] * lamps.radiance[lit]
    out = []
    for k in np.unique(group):
        own = np.flatnonzero(group == k)
        middle = lamps.center[lit[own]].mean(axis=0)
        nearest = own[np.linalg.norm(lamps.center[lit[own]] - middle, axis=1).argmin()]
        place = lamps.center[lit[nearest]] + DROP_M * lamps.normal[lit[nearest]]
        out.append(StandIn(place, power[own].sum(axis=0), len(own)))
    return out


def add_stand_ins(asset: Asset, lamps: list[StandIn], shift: NDArray[np.float64]) -> list[int]:
    """Add point lamps to a document, moved by ``shift`` (3,); the indices of their nodes.

    Source: KHR_lights_punctual.
    """
    if not lamps:
        return []
    asset.uses("KHR_lights_punctual")
    held = asset.tree.setdefault("extensions", {}).setdefault("KHR_lights_punctual", {"lights": []})["lights"]
    nodes = []
    for k, lamp in enumerate(lamps):
        top = float(lamp.intensity.max())
        colour = [float(c) for c in lamp.intensity / top]
        held.append({"name": f"stand_in_{k:03d}", "type": "point", "color": colour, "intensity": top})
        node: dict[str, Any] = {
            "name": f"stand_in_{k:03d}",
            "translation": turned(lamp.place + shift).tolist(),
            "extensions": {"KHR_lights_punctual": {"light": len(held) - 1}},
            "extras": {"stands_for": lamp.count},
        }
        nodes.append(asset.add("nodes", node))
    return nodes


def _clusters(place: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(place) <= most:
        return np.arange(len(place))
    return np.asarray(fcluster(linkage(place, "ward"), most, "maxclust"), np.int64)
