"""What the car park's shell wears: cast faces, walls of block, slabs over and under."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....geometry.dressing import wall_mesh
from ....geometry.kit import Index
from ....geometry.level import Mesh
from ....geometry.plain import plain_levels
from ....geometry.shell import Shell
from ....plan.lattice import UNIT_M
from ....surface.palette import Ageing
from ..plan.layout import office_run
from ..plan.structure import structure_of
from ..plan.walls import THICK
from ..settings import Level1Scene
from ..surfaces.catalogue import SURFACES
from .markings import markings, tiles_of
from .pipes import pipes
from .plant import overhead
from .tees import tees

BLOCKWORK = 2
"""Of so many runs of fire walls one is cast, the others of block."""
PALETTE = tuple(SURFACES)

_plain = plain_levels("slab", "soffit", "cast")


def palette(scene: Level1Scene) -> tuple[str, ...]:
    """Name all that a level may wear."""
    return PALETTE


def level_materials(shell: Shell, index: Index) -> NDArray[np.int16]:
    """Slabs over and under, kerbs struck off as slabs are, undersides of beams as they were cast."""
    return np.where(shell.flats.up > 0, index["slab"], _plain(shell, index)).astype(np.int16)


def dress(shell: Shell, levels: Mesh, index: Index, scene: Level1Scene, seed: int) -> list[Mesh]:
    """Everything upright, the level faces, what is painted on both, and the pipes under the slab."""
    tiles = [(tile, at, structure_of(tile, scene.plan)) for tile, at in tiles_of(shell.plan, seed, scene.plan.shares)]
    rooms = [office_run(tile) for tile, *_ in tiles]
    upright = wall_mesh(shell, shell.walls, _upright(shell, index, rooms))
    hung = pipes(tiles, shell.plan, index) if scene.look.things > 0.0 else []
    hung += overhead(tiles, scene.plan, shell.plan, index)
    stems = tees(tiles, shell.plan, index)
    return [upright, levels, *markings(shell.plan, index, scene, seed), *stems, *hung]


def _upright(shell: Shell, index: Index, rooms: list[int]) -> NDArray[np.int16]:
    """The material of every upright face: walls of most runs, and of rooms in halls, are of block; all else is cast."""
    prints = shell.prints
    blockwork = np.append(prints.is_wall & ((prints.run >> 6) % (BLOCKWORK + 1) > 0), False)
    fire = np.isclose(shell.plan.wall_thickness, THICK * UNIT_M)
    thin = np.pad(fire, (0, len(prints.run) + 1 - len(fire)))
    own = shell.walls.print
    built = np.append(np.isin(prints.run, rooms), False)
    return np.where(built[own] | (blockwork[own] & thin[own]), index["block"], index["cast"]).astype(np.int16)


def ageing(scene: Level1Scene) -> Ageing:
    """How far surfaces have aged."""
    return Ageing(scene.look.decay, scene.look.damp, scene.look.anomalies, tile_modules=1.0)
