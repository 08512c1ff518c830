"""The parts of a bake: which lamps make a group, and the images that tell direct light from bounced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Level
from ..plan.floorplan import LampState
from .atlas import add_smooth, fill_atlas
from .lightmap import Lightmap, LightParts
from .samples import Samples

FAILING = "failing"
"""Name of the group of lamps that fail; others are named by their kind."""
LOOSE = "lamps"
"""Name of the group of lamps that no fixture holds."""


@dataclass(frozen=True)
class Groups:
    """Groups of lamps: their names, the failing ones last where there are any; kinds: how many others there are;
    lamp (L,) int32: the group of each row of ``level.lamps``."""

    name: tuple[str, ...]
    kinds: int
    lamp: NDArray[np.int32]


def groups_of(level: Level) -> Groups:
    """Group a level's lamps by the kind of their fixture, the failing ones by themselves.

    A kind whose name goes on from another's is a variant of it: ``troffer_tube_dead`` is a ``troffer``.
    """
    lamps, instances = level.lamps, level.instances
    kind = np.full(len(lamps.lamp), LOOSE, dtype=object)
    held = instances.lamp >= 0
    kind[instances.lamp[held]] = [level.instance_names[m] for m in instances.mesh[held]]
    kind = kind[lamps.lamp]
    known = sorted(set(kind))
    stem = {name: next((k for k in known if name.startswith(f"{k}_")), name) for name in known}
    kind = np.array([stem[k] for k in kind], dtype=object)
    fails = lamps.state == LampState.FAILING
    names = sorted(set(kind[~fails])) or [LOOSE]
    number = np.array([names.index(k) if k in names else 0 for k in kind], np.int32)
    number[fails] = len(names)
    return Groups((*names, FAILING) if fails.any() else tuple(names), len(names), number)


def steady_bands(groups: Groups | None, steady: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """The radiance (L, 3) of the steady lamps of every kind but the first; none where no groups are told apart."""
    if groups is None:
        return []
    return [steady * (groups.lamp == k)[:, None] for k in range(1, groups.kinds)]


class PartImages:
    """The images of ``LightParts`` while they are filled."""

    def __init__(self, groups: Groups, lightmap: Lightmap) -> None:
        count, shape = len(groups.name), lightmap.steady.shape
        self.groups, self._place = groups, lightmap.chart_place
        self.direct = np.zeros((count, *shape), np.float32)
        self.bounced = np.zeros((count - 1, *shape), np.float32)
        self.flicker_direct = np.zeros((0, *shape), np.float32)

    def add_steady(
        self, samples: Samples, direct: NDArray[np.float32], vertices: Samples, bounced: list[NDArray[np.float32]]
    ) -> None:
        """Fill in the steady lamps: direct light (N, 3 + 3 (kinds - 1) + …), of all and of every kind but the first;
        and what of the latter is bounced (M, 3)."""
        place, first = self._place[samples.chart], np.ascontiguousarray(direct[:, :3])
        for k, coarse in enumerate(bounced, start=1):
            own = np.ascontiguousarray(direct[:, 3 * k : 3 * k + 3])
            fill_atlas(samples, place, own, self.direct[k])
            first -= own
            light = np.zeros_like(own)
            add_smooth(vertices, coarse, samples, light)
            fill_atlas(samples, place, light, self.bounced[k - 1])
        fill_atlas(samples, place, first, self.direct[0])

    def add_failing(
        self, samples: Samples, direct: NDArray[np.float32], whole: NDArray[np.float32], layer: int | None
    ) -> None:
        """Add a failing lamp's light (N, 3): to a layer of ``flicker``, or None: to what is steady."""
        place = self._place[samples.chart]
        if layer is not None:
            fill_atlas(samples, place, direct, self.flicker_direct[layer])
            return
        fill_atlas(samples, place, direct, self.direct[-1])
        fill_atlas(samples, place, whole - direct, self.bounced[-1])

    def made(self) -> LightParts:
        """The parts as they are."""
        return LightParts(self.groups.name, self.groups.lamp, self.direct, self.bounced, self.flicker_direct)
