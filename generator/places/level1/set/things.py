"""What stands and hangs in the car park, and where: drawn tile by tile, so that it depends on the place alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ....geometry.holes import Holes, no_holes
from ....geometry.items import Burning, Item, standing
from ....geometry.panels import Sides
from ....geometry.shell import Shell
from ....plan.floorplan import MODULE_M as M
from ....plan.floorplan import Floorplan, LampState
from ....seed import hash64
from ..plan.cages import Cage, stores
from ..plan.cores import Core, cores
from ..plan.docks import Dock, docks
from ..plan.layout import Stall, is_parking, islands, offices, stalls
from ..plan.plant import transformer_cages
from ..plan.racks import BAY, PALLET_M, Bay, beams_of, frames
from ..plan.racks import bays as rack_bays
from ..plan.racks import loads as rack_loads
from ..plan.structure import Structure, structure_of
from ..plan.tiles import Tile, in_tile
from ..plan.uses import Use
from ..plan.walls import THICK, is_wall, openings
from ..settings import Level1Scene
from .markings import tiles_of
from .pipes import branch_drop_m, has_sprinklers, head_places
from .plant import cage_items, plant_items
from .racking import load_name

STOPS, MISSING, ASKEW = 0.5, 0.12, 0.08
"""Share of tiles whose stalls have wheel stops; of stops that are gone, and that a bumper has turned."""
BEFORE_M = 0.76
"""Of a wheel stop before the stall's nose: 30 in."""
EXIT_UP_M = 2.28
GUARD_M = 1.95
"""Of a dock's bollards beside its middle."""
TARPAULIN = 0.10
"""Share of tiles with a tarpaulin over nothing, times ``look.things``."""
DARK_EXITS = 0.35
"""Share of exit signs whose lamps are out."""
EXIT_KELVIN = 2900.0
LIT_OFFICES, WINDOW_UP_M = 0.2, 1.5
"""Share of offices with the light on behind their blinds, and how high their windows' middles lie."""


def furnish(shell: Shell, corners: list[Sides], scene: Level1Scene, seed: int) -> list[Item]:
    """Everything that is an instance, but for the plan's lamps."""
    return _inside(shell.plan, _items(shell.plan, scene, seed, small=True))


def things(plan: Floorplan, scene: Level1Scene, seed: int) -> tuple[list[Item], Holes]:
    """What one could walk into or look at, known without building, and no holes."""
    return _inside(plan, _items(plan, scene, seed, small=False)), no_holes()


def _inside(plan: Floorplan, items: list[Item]) -> list[Item]:
    """Those whose place lies in the region."""
    if not items:
        return []
    at = np.array([item.place[:2, 3] for item in items])
    kept = ((at >= 0.0) & (at < plan.size_m)).all(axis=1)
    return [items[k] for k in np.flatnonzero(kept)]


def _items(plan: Floorplan, scene: Level1Scene, seed: int, small: bool) -> list[Item]:
    """All items of the tiles that touch a region; small: those too that nobody could walk into or would look at."""
    out: list[Item] = []
    much = scene.look.things
    for tile, at in tiles_of(plan, seed, scene.plan.shares):
        built = structure_of(tile, scene.plan)
        rows = stalls(tile, scene.plan)
        found = _doors(tile, cores(tile, scene.plan))
        found += _roller_doors(tile, scene, small)
        found += _offices(tile, offices(tile, scene.plan))
        found += plant_items(tile, scene.plan, _on_face, small)
        found += cage_items(tile, stores(tile, scene.plan) + transformer_cages(tile, scene.plan), _on_face)
        found += _stored(tile, stores(tile, scene.plan))
        found += _racks(tile, rack_bays(tile, scene.plan))
        found += _bollards(tile, scene, much)
        found += _wheel_stops(tile, rows, much)
        found += _tarpaulins(tile, rows, much)
        if small:
            found += _drains(tile, scene)
            found += _heads(tile, built)
        out += [item._replace(place=_shifted(item.place, at)) for item in found]
    return out


def _shifted(place: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """A place (4, 4) moved in plan."""
    out = place.copy()
    out[:2, 3] += at
    return out


def _placed(tile: Tile, kind: str, s: float, t: float, way: ArrayLike, z: float = 0.0) -> Item:
    """A thing at (s, t), in modules, its x axis along ``way`` (2,) across and along the aisles."""
    x, y = in_tile(tile, *np.asarray(way, float).tolist())
    return Item(kind, standing(np.array(in_tile(tile, s, t)) * M, float(np.arctan2(y, x)), z))


def _on_face(tile: Tile, kind: str, s: float, t: float, out: float, z: float = 0.0) -> Item:
    """A thing on a face across the aisles that looks towards ``out``, 1 or -1."""
    right = (0.0, out if not tile.turned else -out)  # its viewer's right; mirrored where the tile is turned
    return _placed(tile, kind, s, t, right, z)


def _doors(tile: Tile, found: list[Core]) -> list[Item]:
    """A steel door in each face of a core, now and then none, and an exit sign over it."""
    out = []
    for core in found:
        for side, (s, way) in enumerate(((core.s0, -1.0), (core.s1, 1.0))):
            if tile.draw("door", core.line, side) < 0.15:
                continue
            t = core.t0 + 3.0 + 0.5 * int(tile.draw("door at", core.line, side) * 7)
            out.append(_on_face(tile, "steel_door", s, t, way))
            if tile.draw("exit", core.line, side) < 0.8:
                sign = _on_face(tile, "exit_sign", s, t, way, EXIT_UP_M)
                ident = hash64(tile.ident, "level1.exit", core.line, side)
                dark = tile.draw("exit dark", core.line, side) < DARK_EXITS
                state = LampState.DEAD if dark else LampState.ON
                out.append(sign._replace(burns=Burning(ident, EXIT_KELVIN, state)))
            for aside in (-2.2, 2.2):
                out.append(_placed(tile, "bollard", s + 2.0 * way, t + aside, (1.0, 0.0)))
    return out


def _bollards(tile: Tile, scene: Level1Scene, much: float) -> list[Item]:
    """Bollards at the ends of islands, and at the jambs of some openings for cars."""
    out = []
    for n, (s0, t0, s1, t1) in enumerate(islands(tile, scene.plan)):
        if tile.draw("island bollard", n) < 0.7 * much:
            out += [_placed(tile, "bollard", s, (t0 + t1) / 2, (1.0, 0.0), 0.15) for s in (s0 + 1.0, s1 - 1.0)]
    away = THICK * 1e-4 / M / 2 + 0.55
    for axis in (0, 1):
        if is_wall(tile, axis, scene.plan):
            for gap in openings(tile, axis):
                if tile.draw("jamb", axis, gap.middle) < 0.5 * much:
                    for end in (-1, 1):
                        along = gap.middle + end * (gap.wide / 2 + 0.3)
                        x, y = (tile.x1 - tile.x0 - away, along) if axis == 0 else (along, tile.y1 - tile.y0 - away)
                        out.append(Item("bollard", standing((x * M, y * M), 0.0)))
    return out


def _roller_doors(tile: Tile, scene: Level1Scene, small: bool) -> list[Item]:
    """Roller doors on the fire walls of halls; at docks their gear, two bollards, and a leveller in the floor."""
    out, away = [], THICK * 1e-4 / M / 2
    for dock in docks(tile, scene.plan):
        place = _before_wall(tile, dock, 0.0, away)
        out.append(Item("roller_door", place))
        if not dock.number:
            continue
        out.append(Item("dock_gear", place))
        out += [Item("bollard", _before_wall(tile, dock, side * GUARD_M / M, away + 1.1)) for side in (-1, 1)]
        if small:
            out.append(Item("leveller", place))
    return out


def _before_wall(tile: Tile, dock: Dock, aside: float, away: float) -> NDArray[np.float64]:
    """A place at a dock: modules aside along its wall and away from the wall's middle, looking from it."""
    at = dock.along + aside
    x, y = (tile.x1 - tile.x0 - away, at) if dock.axis == 0 else (at, tile.y1 - tile.y0 - away)
    return standing((x * M, y * M), -np.pi / 2 if dock.axis == 0 else 0.0)


def _offices(tile: Tile, found: list[Core]) -> list[Item]:
    """A door and three windows in each long face of an office; in few a light was left on."""
    out = []
    for office in found:
        lit = tile.draw("office lit") < LIT_OFFICES
        for side, (s, way) in enumerate(((office.s0, -1.0), (office.s1, 1.0))):
            door = int(tile.draw("office door", side) * 4)
            for n in range(4):
                t = office.t0 + (n + 0.5) * (office.t1 - office.t0) / 4
                if n == door:
                    out.append(_on_face(tile, "steel_door", s, t, way))
                    continue
                window = _on_face(tile, "lit_window" if lit else "window", s, t, way, WINDOW_UP_M)
                ident = hash64(tile.ident, "level1.window", side, n)
                out.append(window._replace(burns=Burning(ident, 3600.0, LampState.ON)) if lit else window)
    return out


def _racks(tile: Tile, found: list[Bay]) -> list[Item]:
    """Frames and beams of a tile's racks, and pallets with what is on them."""
    if not found:
        return []
    along, kind = (0.0, 1.0), "rack_frame" if tile.use == Use.WAREHOUSE else "rack_frame_low"
    out = [_placed(tile, kind, s, t, along) for s, t in frames(found)]
    out += [_placed(tile, "rack_beams", bay.s, bay.t + BAY / 2, along, z) for bay in found for z in beams_of(tile, bay)]
    for load in rack_loads(tile, found):
        out.append(_placed(tile, "pallet", load.s, load.t, along, load.z))
        if load.course >= 0:
            name = load_name(load.course, load.wrapped)
            out.append(_placed(tile, name, load.s, load.t, along, load.z + PALLET_M[2]))
    return out


def _stored(tile: Tile, found: list[Cage]) -> list[Item]:
    """What is kept in cages: a few pallets along their backs, some with something on them."""
    out = []
    for cage in found:
        back = cage.s0 if cage.way > 0 else cage.s1
        for n, t in enumerate(np.arange(cage.t0 + 1.6, cage.t1 - 1.2, 2.3).tolist()):
            if tile.draw("stored", cage.line, n) < 0.45:
                continue
            s = back + cage.way * (1.4 + 0.5 * tile.draw("stored at", cage.line, n))
            askew = (0.3 * (tile.draw("stored turn", cage.line, n) - 0.5), 1.0)
            out.append(_placed(tile, "pallet", s, t, askew))
            course = int(5 * tile.draw("stored high", cage.line, n)) - 2
            if course >= 0:
                name = load_name(course, tile.draw("stored wrapped", cage.line, n) < 0.5)
                out.append(_placed(tile, name, s, t, askew, PALLET_M[2]))
    return out


def _wheel_stops(tile: Tile, rows: list[Stall], much: float) -> list[Item]:
    """A wheel stop in every stall of some tiles, but for those that are gone; a few have been turned."""
    if tile.draw("stops") >= STOPS * much:
        return []
    out = []
    for stall in rows:
        key = stall.row, round(2 * stall.t0)
        if tile.draw("stop gone", *key) < MISSING:
            continue
        askew = 0.35 * (tile.draw("stop turn", *key) - 0.5) if tile.draw("stop askew", *key) < ASKEW else 0.0
        s = stall.nose + stall.way * (BEFORE_M / M + askew)
        out.append(_placed(tile, "wheel_stop", s, (stall.t0 + stall.t1) / 2, (np.sin(askew), np.cos(askew))))
    return out


def _tarpaulins(tile: Tile, rows: list[Stall], much: float) -> list[Item]:
    """At most one tarpaulin in a tile, in one of its stalls."""
    if not rows or tile.draw("tarpaulin") >= TARPAULIN * much:
        return []
    stall = rows[int(tile.draw("tarpaulin at") * len(rows))]
    s = (stall.nose + stall.mouth) / 2
    return [_placed(tile, "tarpaulin", s, (stall.t0 + stall.t1) / 2, (stall.way, 0.03))]


def _drains(tile: Tile, scene: Level1Scene) -> list[Item]:
    """A grate in the middle of every third bay of an aisle."""
    if not is_parking(tile, scene.plan):
        return []
    places = [(s, t) for s in tile.aisles for t in tile.bay_lines[2::3]]
    return [_placed(tile, "drain", s, t, (1.0, 0.0)) for s, t in places]


def _heads(tile: Tile, built: Structure) -> list[Item]:
    """Sprinkler heads on the branches."""
    if not has_sprinklers(tile):
        return []
    z = built.ceiling * 1e-4 - branch_drop_m(tile)
    return [Item("sprinkler", standing(place, 0.0, z)) for place in head_places(tile)]
