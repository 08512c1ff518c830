"""The plainest way to dress a shell: one surface for walls, one for floors, one for ceilings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arches import arch_sides, arch_soffits
from .dressing import wall_mesh
from .kit import Index
from .level import Mesh, picked
from .shell import Shell


def plain_levels(floor: str, ceiling: str, other: str) -> Callable[[Shell, Index], NDArray[np.int16]]:
    """``Kit.level_materials``: ``floor`` below, ``ceiling`` at the ceiling, ``other`` on sills, caps and soffits."""

    def level_materials(shell: Shell, index: Index) -> NDArray[np.int16]:
        flats = shell.flats
        at_ceiling = (flats.up < 0) & (np.abs(flats.z - shell.stack.ceiling[flats.face]) < 1e-6)
        names = np.where(at_ceiling, index[ceiling], index[other])
        return np.where((flats.up > 0) & (flats.print < 0), index[floor], names).astype(np.int16)

    return level_materials


def plain_dress(wall: str) -> Callable[..., list[Mesh]]:
    """``Kit.dress``: ``wall`` on everything upright, arches included; no trims."""

    def dress(shell: Shell, levels: Mesh, index: Index, scene: Any, seed: int) -> list[Mesh]:
        straight = picked(shell.walls, ~shell.arch)
        parts = [wall_mesh(shell, straight, np.full(len(straight.face), index[wall], np.int16)), levels]
        if shell.arch.any():
            arch = picked(shell.walls, shell.arch)
            material = np.full(len(arch.face), index[wall], np.int16)
            square = wall_mesh(shell, arch, material)
            parts += [arch_sides(shell.plan, square, arch), arch_soffits(shell.plan, square, arch, material)]
        return parts

    return dress
