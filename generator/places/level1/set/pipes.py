"""What runs under the slab: sprinkler mains and branches, and conduits; cut at the region's border.

Two branches in every bay, a head every 3.66 m: 10.0 to 11.2 m² a head, under the 12.1 m² and 4.6 m that NFPA 13 allows
for ordinary hazard.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....geometry.kit import Index
from ....geometry.level import Mesh
from ....geometry.panels import rectangles
from ....plan.floorplan import MODULE_M as M
from ....plan.floorplan import Floorplan
from ..plan.lamps import lamp_lines
from ..plan.structure import BEAM_WIDE, Structure
from ..plan.tiles import EDGE, Tile, in_tile
from .tees import STEM_M, has_tees

HEADS = (3, 9, 15, 21, 27)
"""Modules across a span at which a branch has its heads."""
BRANCHES = 5.0
"""Modules from branch to branch at most: 3.05 m."""
BRANCH_M, MAIN_M, CONDUIT_M = 0.0167, 0.0571, 0.0115
"""Radii of 1-inch and 4-inch pipe and of 3/4-inch conduit. Source: ASME B36.10; ANSI C80.3."""
UNDER_SLAB_M, UNDER_STEMS_M = 0.25, 0.12
"""How far under the slab, or under the stems of tees, the branches' middles lie; heads end 25 to 305 mm under it.
Source: NFPA 13."""
BEAM = BEAM_WIDE * 1e-4 / M / 2
"""Modules from a beam's middle to its face, where conduits go through it in sleeves."""
MAIN_AT = 5
"""Modules from a span line at which the main runs."""


class Run(NamedTuple):
    """A straight pipe: from p to q (3,) metres, its radius, sides and material."""

    p: NDArray[np.float64]
    q: NDArray[np.float64]
    radius: float
    sides: int
    material: str


def has_sprinklers(tile: Tile) -> bool:
    """Tell whether a tile has sprinklers."""
    return tile.draw("sprinklers") < 0.75


def branch_drop_m(tile: Tile) -> float:
    """Say how far under a tile's slab its branches lie, metres."""
    return STEM_M[1] + UNDER_STEMS_M if has_tees(tile) else UNDER_SLAB_M


def branch_lines(tile: Tile) -> list[float]:
    """List where along the aisles branches lie, in modules: evenly in every bay, two in a car park's."""
    count = int(np.ceil(tile.bay / BRANCHES))
    return [t + tile.bay * (k + 0.5) / count for t in tile.bay_lines[:-1] for k in range(count)]


def head_places(tile: Tile) -> NDArray[np.float64]:
    """List where heads stand on the branches (N, 2), metres from the tile's corner."""
    places = [
        in_tile(tile, line + s, t)
        for line in tile.span_lines[:-1] for s in HEADS for t in branch_lines(tile)
    ]  # fmt: skip
    return np.array(places) * M


def runs(tile: Tile, built: Structure) -> list[Run]:
    """List the pipes and conduits of a tile, metres from its corner."""
    ceiling, foot = built.ceiling * 1e-4, (built.ceiling - built.deep) * 1e-4
    first, last = tile.bay_lines[0] + 0.6, tile.bay_lines[-1] - 0.6
    out: list[Run] = []
    if has_sprinklers(tile):
        z, main = ceiling - branch_drop_m(tile), foot - MAIN_M - 0.04
        out.append(_run(tile, EDGE + MAIN_AT, first, main, EDGE + MAIN_AT, last, main, MAIN_M, 8, "pipe"))
        for t in branch_lines(tile):
            start, end = EDGE + 1.2, tile.across - EDGE - 1.2
            out.append(_run(tile, start, t, z, end, t, z, BRANCH_M, 4, "pipe"))
            out.append(_run(tile, EDGE + MAIN_AT, t, main + 0.04, EDGE + MAIN_AT, t, z, BRANCH_M, 4, "pipe"))
    for line in tile.span_lines[:-1]:
        for s in lamp_lines(tile):
            at, z = line + s - 0.35, ceiling - CONDUIT_M - 0.003
            out += [
                _run(tile, at, t + BEAM, z, at, t + tile.bay - BEAM, z, CONDUIT_M, 4, "zinc")
                for t in tile.bay_lines[:-1]
            ]
    return out


def pipes(tiles: list[tuple[Tile, NDArray[np.float64], Structure]], plan: Floorplan, index: Index) -> list[Mesh]:
    """Make the mesh of all pipes in a region of tiles with their corners."""
    kept: list[Run] = []
    for tile, at, built in tiles:
        shift = np.append(at, 0.0)
        for run in runs(tile, built):
            ends = _cut(run.p + shift, run.q + shift, plan.size_m)
            if ends is not None:
                kept.append(run._replace(p=ends[0], q=ends[1]))
    by_sides = {run.sides for run in kept}
    return [_straight([run for run in kept if run.sides == sides], index) for sides in sorted(by_sides)]


def _straight(kept: list[Run], index: Index) -> Mesh:
    """Straight pipes with as many sides each, open at their ends, shaded as round."""
    p, q = (np.array([getattr(run, name) for run in kept]) for name in ("p", "q"))
    radius, sides = np.array([run.radius for run in kept]), kept[0].sides
    way = q - p
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    other = np.where(np.abs(way[:, 1:2]) < 0.9, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    side = np.cross(way, other)
    turn = 2 * np.pi * np.arange(sides + 1) / sides
    out = np.cos(turn)[:, None] * side[:, None] + np.sin(turn)[:, None] * np.cross(way, side)[:, None]
    ring = p[:, None] + radius[:, None, None] * out
    material = np.repeat([index[run.material] for run in kept], sides)
    along = np.repeat(q - p, sides, axis=0)
    mesh = rectangles(ring[:, :-1].reshape(-1, 3), np.diff(ring, axis=1).reshape(-1, 3), along, material)
    first, second = out[:, :-1].reshape(-1, 3), out[:, 1:].reshape(-1, 3)
    normals = np.stack([first, second, second, first], axis=1).reshape(-1, 3).astype(np.float32)
    return replace(mesh, normals=normals)


def _run(
    tile: Tile, s0: float, t0: float, z0: float, s1: float, t1: float, z1: float, radius: float, sides: int,
    material: str,
) -> Run:  # fmt: skip
    """A pipe between two places across and along the aisles, in modules, and heights in metres."""
    p, q = (np.array([*(c * M for c in in_tile(tile, s, t)), z]) for s, t, z in ((s0, t0, z0), (s1, t1, z1)))
    return Run(p, q, radius, sides, material)


def _cut(p: NDArray, q: NDArray, size: tuple[float, float]) -> NDArray[np.float64] | None:
    """The part (2, 3) of an axis-aligned line within the region; None outside it."""
    low, high = np.minimum(p, q), np.maximum(p, q)
    if (high[:2] < 0.0).any() or (low[:2] > size).any():
        return None
    low[:2], high[:2] = np.clip(low[:2], 0.0, size), np.clip(high[:2], 0.0, size)
    return np.stack([low, high]) if np.abs(high - low).max() > 0.02 else None
