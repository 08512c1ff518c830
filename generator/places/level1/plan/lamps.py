"""Where strips hang, and which of them burn; 0.1 mm."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....plan.floorplan import LampState
from ....plan.lattice import CELL, MODULE
from ....seed import GOLDEN, mix
from ..plan_settings import PlanSettings
from .cores import cores
from .structure import Structure
from .tiles import SPAN, Tile, corner_of, in_tile
from .uses import Use

PATTERNS = {"middle": (15.0,), "sides": (8.5, 21.5), "staggered": (9.0, 21.0)}
"""Where across a span strips hang, in modules: over the aisle; over both its edges; over either in turn."""
HIGH = (8.0, 22.0)
"""Where across a span of a hall high bays hang, in modules: over both aisles; 8.5 by 12.2 m, 1.3 to 1.9 mounting
heights apart."""
HANG = (3000, 6000)
"""How far below a slab a strip hangs on its chains, 0.1 mm."""
KELVIN = (3900.0, 4300.0)
"""Colour temperature of cool white tubes, and how few have been replaced by warm ones."""
WARM, WARM_KELVIN = 0.06, 3000.0
BARE_TWO, BARE_ONE, HALIDE, SODIUM, WAKING, WARMING, LOW_TWO, LOW_ONE, BULKHEAD = range(9)
"""Kinds of lamps: strips of two tubes, and of two of which one is dead; high bays; halide that came on again a minute
ago, when only its mercury burns, and some minutes ago; strips on long rods; bulkheads under beams."""
LOW = 32000
"""Height of a plant room's strips, under its pipes, 0.1 mm."""
BULKHEADS, BULKHEAD_KELVIN, BULKHEAD_DEAD = (7.0, 23.0), 2750.0, 0.35
"""Where across a span bulkheads hang under beams, in modules; their colour; the share that is dead."""
WAKING_KELVIN, WARMING_KELVIN = (6400.0, 7800.0), (4700.0, 5600.0)
DIPPED = 0.14
"""Share of halide halls where the current has dipped: their lamps are dark for 5 to 10 minutes, then take 5 to come
back. Source: makers' sheets of 400 W metal halide, hot restrike."""
STAGES = 0.45, 0.70, 0.92
"""Of the lamps of such a hall, up to where they are dark, wake, and warm up; the rest burn already."""
SODIUM_KELVIN, HALIDE_KELVIN = (2050.0, 2150.0), (3500.0, 4700.0)
"""Colour temperatures of 400 W high-pressure sodium, and of metal halide from lamp to lamp as they age. Source: makers'
tables, 2100 K and 4000 K."""
SODIUM_TILES, ODD_LAMP = 0.42, 0.07
"""Share of halls lit by sodium, and of lamps that were replaced by the other kind."""
BELOW_BEAMS = 1500
"""How far under the beams' foot a high bay's mouth hangs, 0.1 mm."""


class TileLamps(NamedTuple):
    """A tile's lamps: lamp (N, 5) as in ``Drawing``, ident (N,), kind (N,), kelvin (N,)."""

    lamp: NDArray[np.int64]
    ident: NDArray[np.uint64]
    kind: NDArray[np.uint8]
    kelvin: NDArray[np.float64]


def pattern_of(tile: Tile) -> str:
    """Name the pattern that a tile's strips hang in."""
    return list(PATTERNS)[int(tile.draw("lamps") * len(PATTERNS))]


def strip_places(tile: Tile, settings: PlanSettings) -> list[tuple[float, float]]:
    """List where lamps hang: (s, t) in the middle of bays, none over a core; in some tiles only in every second."""
    name = pattern_of(tile)
    lines, taken = tile.bay_lines, cores(tile, settings)
    if tile.use == Use.PLANT:
        return [(line + SPAN / 2, t + tile.bay * at) for line in tile.span_lines[:-1] for t in lines[:-1]
                for at in (0.25, 0.75)]  # fmt: skip
    hall = tile.use != Use.CARPARK
    sparse = name == "middle" and not hall and tile.draw("sparse") < 0.25
    out = []
    for span, line in enumerate(tile.span_lines[:-1]):
        for n, t in enumerate(lines[:-1]):
            if sparse and (n + span) % 2:
                continue
            own = HIGH if hall else PATTERNS[name] if name != "staggered" else PATTERNS[name][n % 2 : n % 2 + 1]
            for s in own:
                place = line + s, t + tile.bay / 2
                if not any(c.s0 - 1 < place[0] < c.s1 + 1 and c.t0 < place[1] < c.t1 for c in taken):
                    out.append(place)
    return out


def bulkhead_places(tile: Tile, settings: PlanSettings) -> list[tuple[float, float]]:
    """List where bulkheads hang under the beams of plant rooms, by turns at both sides, none at a core: (s, t)."""
    if tile.use != Use.PLANT:
        return []
    taken = cores(tile, settings)
    lines = list(enumerate(tile.bay_lines[1:-1]))
    places = [(line + BULKHEADS[(n + k) % 2], t) for k, line in enumerate(tile.span_lines[:-1]) for n, t in lines]
    return [(s, t) for s, t in places if not any(c.s0 < s < c.s1 and c.t0 < t < c.t1 for c in taken)]


def lamp_lines(tile: Tile) -> tuple[float, ...]:
    """Say where across a span a tile's lamps hang, in modules."""
    if tile.use == Use.PLANT:
        return (SPAN / 2,)
    return HIGH if tile.use != Use.CARPARK else PATTERNS[pattern_of(tile)]


def hang_of(tile: Tile, built: Structure) -> int:
    """Say how far below the slab a tile's lamps hang, 0.1 mm."""
    if tile.use == Use.PLANT:
        return built.ceiling - LOW
    if tile.use != Use.CARPARK:
        return built.deep + BELOW_BEAMS
    return HANG[0] + int(tile.draw("hang") * (HANG[1] - HANG[0]))


def tile_lamps(
    tile: Tile, built: Structure, settings: PlanSettings, power: NDArray[np.float32], x0: int, y0: int
) -> TileLamps:
    """Hang a tile's lamps. power (h, w): of the cells from the place (x0, y0) of the world in modules; lamps beyond
    them take the nearest cell's, and are cut off later."""
    strips, beams = strip_places(tile, settings), bulkhead_places(tile, settings)
    places = np.array([in_tile(tile, s, t) for s, t in strips + beams]).reshape(-1, 2)
    under_beam = np.arange(len(places)) >= len(strips)
    at = np.round(places * MODULE).astype(np.int64) + corner_of(tile, x0, y0)
    ident = mix(np.uint64(tile.ident) + np.arange(1, len(at) + 1, dtype=np.uint64) * GOLDEN)
    draws = [_unit(mix(ident + np.uint64(k))) for k in range(1, 5)]
    cell = np.clip(at // CELL, 0, np.array(power.shape[::-1]) - 1)
    lit = power[cell[:, 1], cell[:, 0]]
    dead = settings.lamps_dead * 2.0 * tile.draw("dead") + 1.15 * (1.0 - lit) + BULKHEAD_DEAD * under_beam
    state = np.where(draws[0] < dead, LampState.DEAD, LampState.ON)
    state = np.where((state == LampState.ON) & (draws[1] < settings.lamps_failing), LampState.FAILING, state)
    kind, kelvin = _kinds(tile, draws[2], draws[3])
    kind, kelvin = np.where(under_beam, BULKHEAD, kind).astype(np.uint8), np.where(under_beam, BULKHEAD_KELVIN, kelvin)
    if tile.use in (Use.MIXED, Use.WAREHOUSE):
        state, kind, kelvin = _after_a_dip(tile, np.minimum(state, LampState.DEAD), kind, kelvin, draws[1], draws[2])
    axis = np.full(len(at), 0 if tile.turned else 1)
    height = built.ceiling - np.where(under_beam, built.deep, hang_of(tile, built))
    return TileLamps(np.column_stack([at, axis, height, state]), ident, kind, kelvin)


def _kinds(
    tile: Tile, tone: NDArray[np.float64], which: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """What kinds of lamps hang in a tile, and their colour temperatures, from two draws of each."""
    if tile.use in (Use.CARPARK, Use.PLANT):
        kelvin = np.where(tone < WARM, WARM_KELVIN, KELVIN[0] + (KELVIN[1] - KELVIN[0]) * tone)
        one, two = (BARE_ONE, BARE_TWO) if tile.use == Use.CARPARK else (LOW_ONE, LOW_TWO)
        return np.where(which < 0.12, one, two).astype(np.uint8), kelvin
    sodium = (tile.draw("sodium") < SODIUM_TILES) != (which < ODD_LAMP)
    low, high = (np.where(sodium, a, b) for a, b in zip(SODIUM_KELVIN, HALIDE_KELVIN, strict=True))
    return np.where(sodium, SODIUM, HALIDE).astype(np.uint8), low + (high - low) * tone


def _after_a_dip(
    tile: Tile, state: NDArray[np.int64], kind: NDArray[np.uint8], kelvin: NDArray[np.float64],
    stage: NDArray[np.float64], tone: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.float64]]:  # fmt: skip
    """What lamps, some of them dead, are when a hall's current has dipped: state, kind and colour temperature."""
    if tile.draw("dipped") >= DIPPED:
        return state, kind, kelvin
    halide = kind == HALIDE
    dark, waking, warming = (halide & (low <= stage) & (stage < high) for low, high in pairwise((0.0, *STAGES)))
    state = np.where(dark, LampState.DEAD, state)
    for some, name, (low, high) in ((waking, WAKING, WAKING_KELVIN), (warming, WARMING, WARMING_KELVIN)):
        kind, kelvin = np.where(some, name, kind).astype(np.uint8), np.where(some, low + (high - low) * tone, kelvin)
    return state, kind, kelvin


def _unit(bits: NDArray[np.uint64]) -> NDArray[np.float64]:
    return np.asarray((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53)
