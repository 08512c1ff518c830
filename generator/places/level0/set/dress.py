"""Which material every face of the shell wears."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ....errors import NoclipError
from ....geometry.arches import arch_sides, arch_soffits
from ....geometry.arrangement import Arrangement
from ....geometry.caps import wall_caps
from ....geometry.dressing import above_ceiling, quad_runs, riser_mesh, wall_mesh
from ....geometry.footprints import SNAP_M
from ....geometry.kit import Index
from ....geometry.level import Mesh, picked
from ....geometry.shell import Quads, Shell
from ....geometry.trim import mouldings
from ....seed import share_of
from ....surface.palette import Ageing, Role
from ..look_settings import LookSettings
from ..plan.patch import papers_of
from ..plan.tiling import DISTRICT_BIT
from ..settings import Level0Scene
from ..surfaces.catalogue import SURFACES
from ..surfaces.papers import CHAIR_RAIL_M, has_rail, wallpaper_for, zones
from .mouldings import BASE, BASE_SHARES, BASES, RAIL, nosing

PLAIN = (
    "carpet",
    "ceiling/tile",
    "ceiling/bar",
    "trim",
    "frame",
    "lens/prismatic",
    "lens/tube_dead",
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


def palette(scene: Level0Scene) -> tuple[str, ...]:
    """Name every material that a level of this look may wear."""
    others = tuple(s.name for s in SURFACES.values() if s.role != Role.WALL)
    return tuple(dict.fromkeys((*PLAIN, *others, *scene.look.wallpapers)))


def zoned(quads: Quads, paper: NDArray[np.int64], look: LookSettings) -> tuple[Quads, tuple[str, ...]]:
    """Quads cut at their paper's height zones (dado, chair rail), and the material's name of each piece."""
    pieces: list[tuple[int, float, float, str]] = []
    bands = [zones(name) for name in look.wallpapers]
    for k, (low, high) in enumerate(quads.z):
        for bottom, top, name in bands[paper[k]]:
            z0, z1 = max(low, bottom + quads.floor[k]), min(high, top + quads.floor[k])
            if z1 - z0 > SNAP_M:
                pieces.append((k, z0, z1, name))
    index = np.array([p[0] for p in pieces], dtype=np.int64)
    z = np.array([p[1:3] for p in pieces], dtype=np.float64).reshape(-1, 2)
    rows = {name: value[index] for name, value in vars(quads).items()}
    return Quads(**rows | {"z": z}), tuple(p[3] for p in pieces)


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
    """(N,) what shares a dominant paper: 0 for the whole floor, or the plan's district."""
    district, inverse = np.unique(run >> DISTRICT_BIT, return_inverse=True)
    own = np.array([share_of(seed, "build.district", int(d)) < look.wallpaper_districts for d in district])
    return np.where((own & (district >= 0))[inverse], run >> DISTRICT_BIT, 0)


def bases(run: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """(Q,) index into ``mouldings.BASES``: a district has one kind of base trim."""
    district, inverse = np.unique(run >> DISTRICT_BIT, return_inverse=True)
    edges = np.cumsum(BASE_SHARES)
    draw = np.array([share_of(seed, "build.base", int(d)) for d in district])
    return np.minimum(np.searchsorted(edges, draw, side="right"), len(edges) - 1)[inverse.ravel()]


def level_materials(shell: Shell, index: Index) -> NDArray[np.int16]:
    """(N,) carpet on the floor, tile on the ceiling, concrete above it, painted caps and soffits elsewhere."""
    levels = shell.flats
    over = levels.z - shell.stack.ceiling[levels.face]
    tile = (levels.up < 0) & (np.abs(over) < 1e-6)
    dark = over > 1e-6
    floor = (levels.up > 0) & (np.abs(levels.z - shell.stack.floor[levels.face]) < 1e-6)
    kind = np.full(len(levels.z), index["trim"])
    for where, name in ((floor, "carpet"), (tile, "ceiling/tile"), (dark, "concrete/dark")):
        kind[where] = index[name]
    return kind.astype(np.int16)


def dress(shell: Shell, levels: Mesh, index: Index, scene: Level0Scene, seed: int) -> list[Mesh]:
    """Papered walls, what is above the ceiling, floors and ceilings, caps, trims, rails and arches."""
    look, walls, cut = scene.look, shell.walls, shell.cut
    runs = quad_runs(walls, shell.prints)
    dark = above_ceiling(cut, walls, shell.stack)
    paper = papers(cut, walls, runs, look, seed, papers_of(scene.plan.patch))
    plain = ~(shell.arch | dark | walls.riser)
    parts = [
        _papered(shell, picked(walls, plain), paper[plain], look, index),
        _dark_walls(shell, picked(walls, dark), index),
        *riser_mesh(shell, index["carpet"]),
        levels,
    ]
    if look.trim:
        parts += wall_caps(shell.plan, shell.prints, index["wood"])
        base = np.where(walls.stands & ~walls.riser, bases(runs, seed), -1)
        parts += mouldings(cut, walls, base, BASE, [index[name] for name in BASES])
        parts += _nosings(shell, index["carpet"])
    parts += mouldings(cut, walls, _railed(walls, paper, look), RAIL, [index["wood"]])
    if shell.arch.any():
        arch = picked(walls, shell.arch)
        material = np.array([index[look.wallpapers[p]] for p in paper[shell.arch]], np.int16)
        square = wall_mesh(shell, arch, material)
        parts += [arch_sides(shell.plan, square, arch), arch_soffits(shell.plan, square, arch, material)]
    return parts


def _nosings(shell: Shell, material: int) -> list[Mesh]:
    """The edges of all steps, in carpet."""
    walls = shell.walls
    rise = np.round(walls.z[:, 1] - walls.z[:, 0], 4)
    edges = [(high, np.where(walls.riser & (rise == high), 0, -1)) for high in np.unique(rise[walls.riser])]
    return [m for high, wears in edges for m in mouldings(shell.cut, walls, wears, nosing(float(high)), [material])]


def ageing(scene: Level0Scene) -> Ageing:
    """How far a level of this look has aged."""
    look = scene.look
    return Ageing(look.decay, look.damp, look.anomalies, 2.0 if look.ceiling_grid == "2x4" else 1.0, ("switch",))


def _papered(shell: Shell, walls: Quads, paper: NDArray[np.int64], look: LookSettings, index: Index) -> Mesh:
    worn, material = zoned(walls, paper, look)
    return wall_mesh(shell, worn, np.array([index[name] for name in material], np.int16))


def _railed(walls: Quads, paper: NDArray[np.int64], look: LookSettings) -> NDArray[np.int64]:
    """(Q,) 0 for quads with a chair rail, under a paper that wants one where it meets no sill; -1 for others."""
    wanted = np.array([has_rail(name) for name in look.wallpapers])
    high = walls.z[:, 1] - walls.floor > CHAIR_RAIL_M[1]
    return np.where(wanted[paper] & walls.stands & ~walls.riser & high, 0, -1)


def _dark_walls(shell: Shell, walls: Quads, index: Index) -> Mesh:
    """The rims of missing tiles and the sides of the space above them."""
    rim = walls.z[:, 0] < shell.stack.ceiling[walls.face] + 1e-6
    return wall_mesh(shell, walls, np.where(rim, index["ceiling/bar"], index["concrete/dark"]).astype(np.int16))
