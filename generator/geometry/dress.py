"""Which material every face of the shell wears."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..plan.floorplan import CHUNK_M, Floorplan
from ..scene.look import LookSettings
from ..seed import hash64
from ..surface import wallpaper_for, zones
from .arrangement import Arrangement
from .footprints import SNAP_M, Footprints
from .shell import Levels, Quads
from .slabs import Slabs
from .trim import BASE_SHARES

PAPER_WRAP_M = 110.4
"""A length that every wallpaper period divides (2.4 and 2.76 m, their doubles and halves)."""
PLAIN = (
    "carpet",
    "ceiling/tile",
    "ceiling/bar",
    "trim",
    "frame",
    "lens/prismatic",
    "wood",
    "door",
    "concrete/dark",
    "metal",
    "plastic/ivory",
    "plastic/dark",
    "plastic/red",
    "plastic/clear",
    "fabric",
    "wallpaper/plain",
)


def palette(look: LookSettings) -> tuple[str, ...]:
    """Every material's name that a level of this look may wear."""
    return tuple(dict.fromkeys(PLAIN + tuple(look.wallpapers)))


def zoned(quads: Quads, paper: NDArray[np.int64], look: LookSettings) -> tuple[Quads, tuple[str, ...]]:
    """Quads cut at their paper's height zones (dado, chair rail), and the material's name of each piece."""
    pieces: list[tuple[int, float, float, str]] = []
    bands = [zones(name) for name in look.wallpapers]
    for k, (low, high) in enumerate(quads.z):
        for bottom, top, name in bands[paper[k]]:
            z0, z1 = max(low, bottom), min(high, top)
            if z1 - z0 > SNAP_M:
                pieces.append((k, z0, z1, name))
    index = np.array([p[0] for p in pieces], dtype=np.int64)
    z = np.array([p[1:3] for p in pieces], dtype=np.float64).reshape(-1, 2)
    cut = Quads(quads.start[index], quads.end[index], z, quads.print[index], quads.face[index])
    return cut, tuple(p[3] for p in pieces)


def papers(
    plan: Arrangement,
    quads: Quads,
    run: NDArray[np.int64],
    look: LookSettings,
    seed: int,
    demanded: Mapping[int, str],
) -> NDArray[np.int64]:
    """(Q,) index into ``look.wallpapers``: one paper for each side of a wall run; ``demanded``: names by run.

    Raises NoclipError when a demanded paper is not among ``look.wallpapers``.
    """
    way = plan.node[quads.end] - plan.node[quads.start]
    side = (np.where(np.abs(way[:, 0]) >= np.abs(way[:, 1]), way[:, 0], way[:, 1]) > 0).astype(np.int64)
    code, inverse = np.unique(np.stack([run, side], axis=1), axis=0, return_inverse=True)
    paper = wallpaper_for(look, seed, code[:, 0], code[:, 1], _districts(code[:, 0], look, seed))[inverse.ravel()]
    for one, name in demanded.items():
        if name not in look.wallpapers:
            raise NoclipError(f"plan.patch asks for {name}, which is not in look.wallpapers: add it there")
        paper[run == one] = look.wallpapers.index(name)
    return paper


def _districts(run: NDArray[np.int64], look: LookSettings, seed: int) -> NDArray[np.int64]:
    """(N,) what shares a dominant paper: 0 for the whole floor, or the plan's block, the run's bits above the 24th."""
    block, inverse = np.unique(run >> 24, return_inverse=True)
    own = np.array([hash64(seed, "build.district", int(b)) < look.wallpaper_districts * 2.0**64 for b in block])
    return np.where((own & (block >= 0))[inverse], run >> 24, 0)


def bases(run: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """(Q,) index into ``trim.BASES``: a district, the run's bits above the 24th, has one kind of base trim."""
    block, inverse = np.unique(run >> 24, return_inverse=True)
    edges = np.cumsum(BASE_SHARES)
    draw = np.array([hash64(seed, "build.base", int(b)) * 2.0**-64 for b in block])
    return np.minimum(np.searchsorted(edges, draw, side="right"), len(edges) - 1)[inverse.ravel()]


def quad_runs(quads: Quads, prints: Footprints) -> NDArray[np.int64]:
    """(Q,) the wall run of every quad; -1 for fascias and the region's border."""
    return np.append(prints.run, -1)[quads.print]


def paper_shift(plan: Floorplan, nodes: Arrangement, quads: Quads) -> NDArray[np.float64]:
    """(Q,) metres to add to u so that the pattern hangs on the world, not on the region."""
    way = nodes.node[quads.end] - nodes.node[quads.start]
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    corner = np.fmod(np.array(plan.origin) * CHUNK_M, PAPER_WRAP_M)
    axis = np.abs(way) > 1 - 1e-9
    exact = np.where(axis, way, 0.0) @ corner
    oblique = ~axis.any(axis=1)
    return np.where(oblique, 0.0, np.fmod(exact, PAPER_WRAP_M))


def above_ceiling(plan: Arrangement, quads: Quads, stack: Slabs) -> NDArray[np.bool_]:
    """(Q,) quads that stand in the dark space above a missing tile, or around it."""
    return quads.z[:, 0] > stack.ceiling[quads.face] - 1e-6


def level_materials(levels: Levels, stack: Slabs, index: dict[str, int]) -> NDArray[np.int16]:
    """(N,) carpet on the floor, tile on the ceiling, concrete above it, painted caps and soffits elsewhere."""
    over = levels.z - stack.ceiling[levels.face]
    tile = (levels.up < 0) & (np.abs(over) < 1e-6)
    dark = over > 1e-6
    floor = (levels.up > 0) & (levels.z == 0.0)
    kind = np.full(len(levels.z), index["trim"])
    for where, name in ((floor, "carpet"), (tile, "ceiling/tile"), (dark, "concrete/dark")):
        kind[where] = index[name]
    return kind.astype(np.int16)
