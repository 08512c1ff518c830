"""What maps of Level 1 show besides the building: stalls, racks, cages, sprinkler mains, the pipes of plant rooms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import MODULE_M as M
from ....plan.floorplan import Floorplan
from ....plan.sheet import Service
from ..plan.cages import stores
from ..plan.layout import stalls
from ..plan.plant import transformer_cages
from ..plan.racks import BAY, DEPTH, bays
from ..plan.structure import structure_of
from ..plan.tiles import Tile, in_tile
from ..settings import Level1Scene
from .markings import tiles_of
from .pipes import MAIN_M, runs
from .plant import ENDS, RACK, racks

Line = tuple[float, float, float, float]
"""From s, t to s, t: modules across and along the aisles."""
INKS = {
    "stalls": ("#8d8272", 8, "FLOOR"), "racks": ("#3d5c8c", 5, "FLOOR"), "cages": ("#6f7f78", 9, "FLOOR"),
    "mains": ("#b0372b", 1, "PIPES"), "lines": ("#3f7a52", 3, "PIPES"),
}  # fmt: skip
"""What is drawn: its ink on maps, its colour and its layer's group in drawings."""


def services(plan: Floorplan, scene: Level1Scene, seed: int) -> list[Service]:
    """List the lines that a map of a plan shows, cut at its border."""
    found: dict[str, list[NDArray[np.float64]]] = {name: [] for name in INKS}
    for tile, at in tiles_of(plan, seed, scene.plan.shares):
        found["stalls"].append(_placed(tile, _stall_lines(tile, scene), at))
        found["racks"].append(_placed(tile, _rack_lines(tile, scene), at))
        found["cages"].append(_placed(tile, _cage_lines(tile, scene), at))
        found["lines"].append(_placed(tile, _pipe_lines(tile), at))
        mains = [run for run in runs(tile, structure_of(tile, scene.plan)) if run.radius == MAIN_M]
        found["mains"].append(np.array([[*(run.p[:2] + at), *(run.q[:2] + at)] for run in mains]).reshape(-1, 4))
    drawn = {name: _cut(np.concatenate(parts), plan.size_m) for name, parts in found.items()}
    return [Service(name, ink, colour, drawn[name], group) for name, (ink, colour, group) in INKS.items()]


def _stall_lines(tile: Tile, scene: Level1Scene) -> list[Line]:
    """The sides of stalls."""
    rows = stalls(tile, scene.plan)
    return sorted({(stall.nose, t, stall.mouth, t) for stall in rows for t in (stall.t0, stall.t1)})


def _rack_lines(tile: Tile, scene: Level1Scene) -> list[Line]:
    """The outlines of racks' bays."""
    out: list[Line] = []
    for bay in bays(tile, scene.plan):
        s0, s1, t0, t1 = bay.s - DEPTH / 2, bay.s + DEPTH / 2, bay.t, bay.t + BAY
        out += [(s0, t0, s1, t0), (s1, t0, s1, t1), (s1, t1, s0, t1), (s0, t1, s0, t0)]
    return out


def _cage_lines(tile: Tile, scene: Level1Scene) -> list[Line]:
    """The sides of cages."""
    out: list[Line] = []
    for cage in stores(tile, scene.plan) + transformer_cages(tile, scene.plan):
        s0, t0, s1, t1 = cage.s0, cage.t0, cage.s1, cage.t1
        out += [(s0, t0, s1, t0), (s1, t0, s1, t1), (s1, t1, s0, t1), (s0, t1, s0, t0)]
    return out


def _pipe_lines(tile: Tile) -> list[Line]:
    """The lines of racks of pipes."""
    return [(rack.s + aside, ENDS, rack.s + aside, tile.along - ENDS) for rack in racks(tile) for _, _, aside in RACK]


def _placed(tile: Tile, lines: list[Line], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lines (N, 4) in metres of the plan."""
    ends = [(*in_tile(tile, s0, t0), *in_tile(tile, s1, t1)) for s0, t0, s1, t1 in lines]
    return np.array(ends).reshape(-1, 4) * M + np.tile(at, 2)


def _cut(lines: NDArray[np.float64], size: tuple[float, float]) -> NDArray[np.float64]:
    """What of level and upright lines (N, 4) lies in a region."""
    low, high = np.minimum(lines[:, :2], lines[:, 2:]), np.maximum(lines[:, :2], lines[:, 2:])
    kept = ((high > 0.0) & (low < size)).all(axis=1)
    low, high = np.clip(low[kept], 0.0, size), np.clip(high[kept], 0.0, size)
    return np.column_stack([low, high])
