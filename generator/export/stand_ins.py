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
DOWN = [-float(np.sqrt(0.5)), 0.0, 0.0, float(np.sqrt(0.5))]
"""What turns a spot's own -Z straight down in glTF's axes."""
DROP_M = 0.15
"""A stand-in hangs this far before its lens, clear of the fixture."""


@dataclass(frozen=True)
class StandIn:
    """A lamp without a size: place (3,) metres; intensity (3,) in candela for linear red, green and blue; of how many
    lamps. cone_rad: 0 where it shines to all sides, else half the angle of its cone, straight down."""

    place: NDArray[np.float64]
    intensity: NDArray[np.float64]
    count: int
    cone_rad: float = 0.0


def stand_ins(level: Level, most: int) -> list[StandIn]:
    """Group the burning emitters of a level into at most ``most`` clusters by Ward's method, a point lamp for each.

    A cluster's lamp hangs before its middlemost lens, and is as strong as all of them along their axes: radiance times
    area, in candela. Where bells cut their light off, a cone does.
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
        recess, side = lamps.recess[lit[nearest]], np.sqrt(lamps.area_m2[lit[nearest]])
        cone = float(np.arctan(side / recess)) if recess > 0.0 else 0.0
        out.append(StandIn(place, power[own].sum(axis=0), len(own), cone))
    return out


def add_stand_ins(asset: Asset, lamps: list[StandIn], shift: NDArray[np.float64]) -> list[int]:
    """Add stand-ins to a document, moved by ``shift`` (3,); the indices of their nodes.

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
        shape = {"type": "spot", "spot": {"innerConeAngle": 0.0, "outerConeAngle": lamp.cone_rad}}
        kind = shape if lamp.cone_rad else {"type": "point"}
        held.append({"name": f"stand_in_{k:03d}", "color": colour, "intensity": top} | kind)
        node: dict[str, Any] = {
            "name": f"stand_in_{k:03d}",
            "translation": turned(lamp.place + shift).tolist(),
            **({"rotation": DOWN} if lamp.cone_rad else {}),
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
