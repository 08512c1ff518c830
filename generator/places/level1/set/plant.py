"""What plant rooms hold, and the pipes and ducts over it: items, pipes and ducts of a tile, metres from its corner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....geometry.items import Item, standing
from ....geometry.kit import Index
from ....geometry.level import Mesh
from ....geometry.pipes import Pipe, pipe_mesh
from ....plan.floorplan import CELL_M, Floorplan
from ....plan.floorplan import MODULE_M as M
from ..plan.cages import Cage, panels_of
from ..plan.plant import PLINTH_M, Bank, Machine, banks, machines
from ..plan.structure import Structure
from ..plan.tiles import EDGE, Tile, in_tile
from ..plan.uses import Use
from ..plan_settings import PlanSettings
from .machines import DUCT_LONG_M, DUCT_UP_M, FLUE_M, PORTS, Port

CUT_M = 8 * CELL_M
RACK = (
    ("pipe/green", 0.0841, -1.05),
    ("pipe/green", 0.0841, -0.35),
    ("lagging", 0.1091, 0.35),
    ("lagging", 0.0951, 1.0),
)
"""A rack's lines: coat, radius in metres (6 in, and 4 and 3 in with what is about them. Source: ASME B36.10), and its
place across from the rack's middle, in modules."""
RACK_AT, RACK_UP_M, OVER_M = 3.2, 3.42, 0.38
"""Modules from the aisle's middle to a rack's, the height of its lines, and how far over them branches cross."""
BRANCH_M, BEND_M = 0.045, 0.10
"""Radius of branches, 3 in, and of their elbows."""
HANGERS = 4
"""From beam to beam. Source: Piping Handbook, table B5.1: 3 in at most 3.66 m apart."""
ENDS = EDGE + 1.4
"""Modules from a joint at which racks and ducts turn up into the slab."""
DUCT_BACK_M = 1.85
"""Of a main duct's middle before the column line's: over the air handlers'."""


class Rack(NamedTuple):
    """A rack of pipes: its span, and its middle across the aisles in modules."""

    span: int
    s: float


def racks(tile: Tile) -> list[Rack]:
    """List the racks of a tile, one beside each aisle; none over switchgear, which no water runs over."""
    if tile.use != Use.PLANT:
        return []
    return [
        Rack(span, middle + (RACK_AT if tile.draw("plant rack", span) < 0.5 else -RACK_AT))
        for span, middle in enumerate(tile.aisles)
    ]


def overhead(
    tiles: list[tuple[Tile, NDArray[np.float64], Structure]], settings: PlanSettings, plan: Floorplan, index: Index
) -> list[Mesh]:
    """Make the pipes over a region of tiles with their corners. They throw no shadow: lamps hang under them."""
    pipes: list[Pipe] = []
    for tile, at, built in tiles:
        if tile.use == Use.PLANT:
            shift = np.append(at, 0.0)
            pipes += [pipe._replace(path=pipe.path + shift) for pipe in _pipes(tile, built, settings, index)]
    made = pipe_mesh(pipes, plan.size_m, CUT_M)
    return [replace(mesh, chart_run=np.zeros_like(mesh.chart_run)) for mesh in made]


def _path(tile: Tile, *places: tuple[float, float, float]) -> NDArray[np.float64]:
    """Places across and along the aisles, in modules, and heights in metres, as a path in metres."""
    return np.array([[*(c * M for c in in_tile(tile, s, t)), z] for s, t, z in places])


def _pipes(tile: Tile, built: Structure, settings: PlanSettings, index: Index) -> list[Pipe]:
    """The lines of a tile's racks, from slab to slab, branches down to machines, flues."""
    top = built.ceiling * 1e-4 + 0.1
    found = racks(tile)
    out = []
    for rack in found:
        for nth, (coat, radius, aside) in enumerate(RACK):
            s, ends = rack.s + aside, (ENDS + 0.5 * nth, tile.along - ENDS - 0.5 * nth)
            path = _path(tile, (s, ends[0], top), (s, ends[0], RACK_UP_M), (s, ends[1], RACK_UP_M), (s, ends[1], top))
            out.append(Pipe(path, radius, 1.5 * radius, index[coat]))
    for machine in machines(tile, settings):
        if not machine.gone:
            rack = found[machine.bank.span]
            out += [_branch(tile, machine, port, rack, index) for port in PORTS[machine.kind]]
            if machine.kind == "boiler":
                out.append(_flue(tile, machine, top, index))
    return out


def _port(tile: Tile, machine: Machine, x: float, y: float) -> tuple[float, float]:
    """Across and along the aisles, in modules, of a place in a machine's own frame."""
    turn = -1.0 if tile.turned else 1.0
    return machine.s - machine.way * y / M, machine.t + turn * machine.way * x / M


def _branch(tile: Tile, machine: Machine, port: Port, rack: Rack, index: Index) -> Pipe:
    """A pipe from a rack's line over those beside it and down to a machine."""
    coat, _, aside = RACK[port.line]
    s, t = _port(tile, machine, port.x, port.y)
    z, up = port.z + PLINTH_M, RACK_UP_M + OVER_M - 0.02 * port.line
    path = [(rack.s + aside, t, RACK_UP_M), (rack.s + aside, t, up), (s, t, up), (s, t, z)]
    if port.level:
        path.append((s - machine.way * 0.3 / M, t, z))
    return Pipe(_path(tile, *path), BRANCH_M, BEND_M, index[coat])


def _flue(tile: Tile, machine: Machine, top: float, index: Index) -> Pipe:
    """A boiler's flue: straight up into the slab."""
    s, t = _port(tile, machine, 0.0, 1.5)
    return Pipe(_path(tile, (s, t, 2.1 + PLINTH_M), (s, t, top)), FLUE_M, FLUE_M, index["zinc"])


def duct_lines(tile: Tile, settings: PlanSettings) -> list[tuple[float, float, float]]:
    """List a tile's main ducts, one over each row of air handlers: across, from where to where along, in modules."""
    rows: dict[tuple[float, int], list[Bank]] = {}
    for bank in banks(tile, settings):
        if bank.theme == "air":
            rows.setdefault((bank.line, bank.way), []).append(bank)
    return [
        (line + way * DUCT_BACK_M / M, min(b.t0 for b in row) + 1.0, max(b.t1 for b in row) - 1.0)
        for (line, way), row in rows.items()
    ]


Placer = Callable[..., Item]


def plant_items(tile: Tile, settings: PlanSettings, on_face: Placer, small: bool) -> list[Item]:
    """List the machines of a tile, and, where ``small``, what hangs over them and drains the floor before them.

    on_face: (tile, kind, s, t, out, z) → the item that looks towards ``out`` across the aisles.
    """
    if tile.use != Use.PLANT:
        return []
    found = machines(tile, settings)
    out = [on_face(tile, m.kind, m.s, m.t, m.way, PLINTH_M) for m in found if not m.gone]
    if not small:
        return out
    out += [on_face(tile, "anchors", m.s, m.t, m.way, PLINTH_M) for m in found if m.gone]
    for s, t0, t1 in duct_lines(tile, settings):
        long = DUCT_LONG_M / M
        count = int((t1 - t0) / long)
        start = (t0 + t1 - count * long) / 2
        out += [on_face(tile, "duct", s, start + (k + 0.5) * long, 1.0, DUCT_UP_M) for k in range(count)]
        out += [on_face(tile, "riser", s, t, 1.0, 0.0) for t in (start, start + count * long)]
    for rack in racks(tile):
        for t in tile.bay_lines[:-1]:
            for k in range(HANGERS):
                at = t + tile.bay * (k + 0.5) / HANGERS
                z = RACK_UP_M - max(radius for _, radius, _ in RACK)
                out.append(_across(tile, "trapeze", rack.s, at, z))
    for span, middle in enumerate(tile.aisles):
        for n, t in enumerate(tile.bay_lines[:-1]):
            if tile.draw("plant drain", span, n) < 0.6:
                out.append(on_face(tile, "drain", middle + 1.5, t + tile.bay / 2, 1.0, 0.0))
    return out


def _across(tile: Tile, kind: str, s: float, t: float, z: float = 0.0) -> Item:
    """An item whose x axis lies across the aisles."""
    x, y = in_tile(tile, 1.0, 0.0)
    return Item(kind, standing(np.array(in_tile(tile, s, t)) * M, float(np.arctan2(y, x)), z))


def cage_items(tile: Tile, found: list[Cage], on_face: Placer) -> list[Item]:
    """List the panels of a tile's cages."""
    out = []
    for cage in found:
        for panel in panels_of(cage):
            if panel.across:
                out.append(_across(tile, "mesh_panel", panel.s, panel.t))
            else:
                kind = "mesh_gate" if panel.gate else "mesh_panel"
                out.append(on_face(tile, kind, panel.s, panel.t, cage.way, 0.0))
    return out
