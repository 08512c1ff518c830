"""Where struts and arms hold the lines, and where joints, flanges, valves, labels and sleeves are on them.

All follow from a line's straight runs and the world's own measures: a station each STATION modules, at which every line
of a wall is held; a length of pipe each LENGTH; a label at both sides of a bend and at least each 15 m.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....geometry.items import Item, hanging
from ....plan.floorplan import MODULE_M
from ....seed import hash64
from .lines import LABELLED, Line
from .routing import INTO_M, Route

STATION, LENGTH, LABEL = 5, 10, 20
"""Modules of the world from support to support (3.05 m, the least that any line here allows), from joint to joint (a
length of pipe, 20 ft), and from label to label (12.2 m)."""
HEAD_M, STEP_M = 1.8, 0.05
"""What is over the one is over a walker's head, what is under the other under the feet."""
TAPS = {"steam": ("trap", 30), "fire": ("hydrant", 45), "water": ("gauge", 35)}
"""What branches off a line, and modules of the world from one to the next: steam traps every 18 m, hose valves every
27 m (at most 30 m. Source: NFPA 14, class III standpipes), gauges."""
ARM_M = 0.19
"""A strut begins so far under the lowest line that it holds, below its arm."""
CLEAR_M = 0.25
"""What sits on a pipe keeps so far from its elbows."""
VALVES, FLANGED = 0.35, 0.3
"""Share of bends that have a valve before them, and of joints of welded lines that are flanged."""
VALVE_M = 0.75
"""A valve is so far before a bend, and each line's a little farther than that of the line over it."""
SPREAD_M = 0.16


class Run(NamedTuple):
    """A level straight run of a line: from low to high along an axis (0, 1), its place across, its height; wall: on
    which side of it, across, the wall is, 1 or -1; bends: whether it ends in an elbow at low, at high; key: of the
    world."""

    line: Line
    axis: int
    low: float
    high: float
    across: float
    z: float
    wall: int
    bends: tuple[bool, bool]


def runs_of(route: Route) -> list[Run]:
    """List the level straight runs of a stretch but for those that lead into a wall."""
    path = route.path
    last = len(path) - 1 - (route.sleeve and len(path) > 2)
    out = []
    for k in range(last):
        p, q = path[k], path[k + 1]
        axis = int(np.abs(q - p).argmax())
        if axis == 2:
            continue
        way = float(np.sign(q[axis] - p[axis]))
        right = (-way if axis == 0 else way) * (1 if route.wall_right else -1)
        ends = (k > 0, k < len(path) - 2)
        low, high = (p[axis], q[axis]) if way > 0 else (q[axis], p[axis])
        out.append(Run(route.line, axis, low, high, p[1 - axis], p[2], int(right), ends if way > 0 else ends[::-1]))
    return out


def marks(run: Run, modules: int, origin: int) -> NDArray[np.float64]:
    """Give where a run crosses the world's lines of so many modules, clear of its elbows; origin: module of the
    region's corner along its axis."""
    inset = [CLEAR_M + run.line.bend if bends else 0.0 for bends in run.bends]
    pitch = modules * MODULE_M
    start = origin % modules * MODULE_M
    low, high = run.low + inset[0] + start, run.high - inset[1] + start
    first, last = int(np.ceil(low / pitch)), int(np.ceil(high / pitch))
    return np.arange(first, last).astype(np.float64) * pitch - start


def place_on(run: Run, at: float, on_wall: bool = False) -> NDArray[np.float64]:
    """Give the place (4, 4) of what sits on a run, or on the wall behind it, its own x along the wall."""
    across = run.across + run.wall * (run.line.before if on_wall else 0.0)
    xy = (at, across) if run.axis == 0 else (across, at)
    right = (float(run.wall), 0.0) if run.axis == 0 else (0.0, -float(run.wall))
    return hanging(xy, right, run.z)


def fittings(routes: list[Route], origin: tuple[int, int], struts: tuple[tuple[float, float], ...]) -> list[Item]:
    """List all that holds lines and sits on them; origin: module of the region's corner."""
    out: list[Item] = []
    racks: dict[tuple[int, int, int, int], list[float]] = {}
    drained = [run for route in routes if route.line.name == "condensate" for run in runs_of(route)]
    for route in routes:
        if route.across:
            out += _tees(route)
            continue
        if route.sleeve:
            out.append(_sleeve(route))
        if route.open:
            out.append(_open_end(route))
        for run in runs_of(route):
            for at in marks(run, STATION, origin[run.axis]):
                out.append(Item(f"arm_{run.line.name}", place_on(run, at, True)))
                behind = run.across + run.wall * run.line.before
                rack = (run.axis, run.wall, round(at * 1e4), round(behind * 1e4))
                if run.line in LABELLED:  # conduit is clipped to the wall itself
                    racks.setdefault(rack, []).append(run.z)
            out += _on_run(run, origin[run.axis])
            out += _taps(run, origin[run.axis], drained)
    for (axis, wall, at, behind), z in racks.items():
        reach = (k for k, (low, high) in enumerate(struts) if low < min(z) - ARM_M and max(z) + 0.03 < high)
        kind = next(reach, None)
        if kind is not None:
            xy = (at * 1e-4, behind * 1e-4) if axis == 0 else (behind * 1e-4, at * 1e-4)
            right = (float(wall), 0.0) if axis == 0 else (0.0, -float(wall))
            out.append(Item(f"strut_{kind}", hanging(xy, right, 0.0)))
    return out


def reaches(routes: list[Route], origin: tuple[int, int]) -> list[Item]:
    """List how far lines reach into tunnels below a walker's head, a piece for each station: the farthest of a wall."""
    deepest: dict[tuple[int, int, int, int], Run] = {}
    places: dict[tuple[int, int, int, int], float] = {}
    for route in routes:
        for run in runs_of(route):
            if run.z - run.line.radius > HEAD_M or run.z + run.line.radius < STEP_M:
                continue
            for at in marks(run._replace(bends=(False, False)), STATION, origin[run.axis]):
                key = (run.axis, run.wall, round(at * 1e4), round((run.across + run.wall * run.line.before) * 1e4))
                if key not in deepest or run.line.radius > deepest[key].line.radius:
                    deepest[key], places[key] = run, at
    return [Item(f"reach_{run.line.name}", place_on(run, places[key], True)) for key, run in deepest.items()]


def _on_run(run: Run, origin: int) -> list[Item]:
    """Joints, flanges, valves and labels."""
    name, out = run.line.name, []
    shift = (3 + 0.37 * run.line.number) * MODULE_M
    for at in marks(run._replace(low=run.low - shift, high=run.high - shift), LENGTH, origin):
        welded = run.line in LABELLED and not run.line.lagging and name != "sewage"
        key = hash64(run.line.number, "level2.joint", _world(at, origin), round(run.z * 1e4))
        kind = "flanges" if welded and (key >> 11) * 2.0**-53 < FLANGED else "joint"
        out.append(Item(f"{kind}_{name}", place_on(run, at + shift)))
    if run.line not in LABELLED:
        return out
    valves = [
        at for bends, at, way in zip(run.bends, (run.low, run.high), (1, -1), strict=True)
        if bends and run.high - run.low > 5.0
        and (hash64(run.line.number, "level2.valve", _world(at, origin)) >> 11) * 2.0**-53 < VALVES
        for at in (at + way * (VALVE_M + run.line.bend + SPREAD_M * run.line.number),)
    ]  # fmt: skip
    if name != "sewage":
        out += [Item(f"valve_{name}", place_on(run, at)) for at in valves]
    places = list(marks(run._replace(low=run.low - 1.5, high=run.high - 1.5), LABEL, origin) + 1.5)
    for bends, at in zip(run.bends, (run.low + 2.9, run.high - 2.9), strict=True):
        if bends and run.high - run.low > 6.5 and all(abs(at - other) > 2.0 for other in places):
            places.append(at)
    return out + [Item(f"label_{name}", place_on(run, at)) for at in places if run.high - run.low > 1.5]


def _taps(run: Run, origin: int, drained: list[Run]) -> list[Item]:
    """What branches off a run, between its supports; a trap only where there is a condensate line to lead into."""
    if run.line.name not in TAPS:
        return []
    kind, pitch = TAPS[run.line.name]
    shift = 2.5 * MODULE_M
    places = marks(run._replace(low=run.low - shift, high=run.high - shift), pitch, origin) + shift
    wall = run.across + run.wall * run.line.before
    if kind == "trap":
        below = [
            other for other in drained
            if (other.axis, other.wall) == (run.axis, run.wall) and 0.3 < run.z - other.z < 0.45
            and abs(other.across + other.wall * other.line.before - wall) < 1e-3
        ]  # fmt: skip
        places = np.array([at for at in places if any(o.low + CLEAR_M < at < o.high - CLEAR_M for o in below)])
    return [Item(f"{kind}_{run.line.name}", place_on(run, at)) for at in places]


def _open_end(route: Route) -> Item:
    """The sawn end of a line."""
    end, before = route.path[-1], route.path[-2]
    return Item(f"open_{route.line.name}", hanging(end[:2], (end - before)[:2], float(end[2])))


def _tees(route: Route) -> list[Item]:
    """The collars where a line that goes past a branch's mouth meets those that turn into it."""
    (run,) = runs_of(route)
    return [Item(f"joint_{route.line.name}", place_on(run, at)) for at in (run.low, run.high)]


def _world(at: float, origin: int) -> int:
    """A place along an axis of the world, in hundredths of a module."""
    return round(100 * at / MODULE_M) + 100 * origin


def _sleeve(route: Route) -> Item:
    """The collar where a stretch goes into a wall."""
    end, before = route.path[-1], route.path[-2]
    into = (end - before) / np.linalg.norm(end - before)
    at = end - INTO_M * into
    return Item(f"sleeve_{route.line.name}", hanging(at[:2], (into[1], -into[0]), float(at[2])))
