"""What the tunnels' shell wears: limewash on upright faces, slabs under foot, soffits as they were cast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....geometry.dressing import wall_mesh
from ....geometry.kit import Index
from ....geometry.level import Mesh
from ....geometry.shell import Shell
from ....surface.palette import Ageing
from ..pipes.make import pipes
from ..settings import Level2Scene
from ..surfaces.catalogue import SURFACES

PALETTE = tuple(SURFACES)


def palette(scene: Level2Scene) -> tuple[str, ...]:
    """Name all that a level may wear."""
    return PALETTE


def level_materials(shell: Shell, index: Index) -> NDArray[np.int16]:
    """Slabs under foot, soffits over head."""
    return np.where(shell.flats.up > 0, index["floor"], index["soffit"]).astype(np.int16)


def dress(shell: Shell, levels: Mesh, index: Index, scene: Level2Scene, seed: int) -> list[Mesh]:
    """Everything upright, the level faces, and the pipes along the walls."""
    upright = np.full(len(shell.walls.face), index["limewash"], np.int16)
    return [wall_mesh(shell, shell.walls, upright), levels, *pipes(shell.plan, scene, seed, index)]


def ageing(scene: Level2Scene) -> Ageing:
    """How far surfaces have aged."""
    return Ageing(scene.look.decay, scene.look.damp, scene.look.anomalies, tile_modules=1.0)
