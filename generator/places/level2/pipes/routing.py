"""Where lines run: along the walls of the graph, round its corners in the order that they are in, and never loose.

A wall of a tunnel belongs to the piece of ground behind it, a cell between the lattice's lines. A line that a cell has
runs along all its walls, which are closed round corners; between cells it goes on where both have it, and else turns
into the wall through a sleeve. Lines keep their distance before a wall and their height, so none can cross another.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....plan.districts import even
from ....seed import hash64
from ..plan.graph import LOW, Leg, draw
from ..plan.tunnels import Junction
from ..plan.twins import LINES_UNDER, Twin, twin_side
from ..plan_settings import PlanSettings
from .lines import LABELLED, LINES, Line

HILLS, STREAM = 6, 100
"""Cells of the lattice between hills of the map that says where a line is, and its number in the district maps."""
BEFORE_CORNER_M, INTO_M = 0.9, 0.25
"""A line that ends turns into the wall so far before the corner, and goes so far into it."""
SAWN = 0.03
"""Share of the lines that end which were sawn off before they reach the wall."""
STEP_M = 0.3
"""Lines that step or end beside each other do so this far apart."""
IN_TWINS = {"steam": 0.7, "condensate": 0.5, "water": 0.6, "fire": 0.4, "sewage": 0.4}
"""Share of the narrow tunnels that each line runs through, seen through the grilles."""
TEES, TEE_CLEAR_M = 0.6, 2.0
"""Share of the lines that lead past a branch's mouth and into it, and how high over the floor they must be for that."""
UNIT_M, EPS_M = 1e-4, 1e-7


class Route(NamedTuple):
    """A stretch of a line from the middle of one leg to the middle of another or into a wall.

    path: the place (N, 3) of its middle, metres from an origin. sleeve: it ends in a wall, there. wall_right: its wall
    is to the right of its way. open: it was sawn off, on purpose. across: it crosses a branch's mouth, from the one
    elbow of its line to the other, which makes tees of them.
    """

    line: Line
    path: NDArray[np.float64]
    sleeve: bool
    wall_right: bool
    open: bool = False
    across: bool = False


def has(world: np.uint64, line: Line, cell: tuple[int, int], settings: PlanSettings) -> bool:
    """Tell whether a cell of the lattice has a line; settings: how many of those there could be are there."""
    return even(world, STREAM + line.number, *cell, HILLS) < line.share * settings.pipes / 0.75


def is_bare(leg: Leg, left: bool, low_m: float, high_m: float, world: np.uint64, settings: PlanSettings) -> bool:
    """Tell whether no line runs along a leg's left or right wall between two heights."""
    return not any(
        low_m < height + line.radius and height - line.radius < high_m
        for line in LINES
        if (height := line.height(leg.section)) is not None and has(world, line, leg.cells[0 if left else 1], settings)
    )


def pipe_world(seed: int) -> np.uint64:
    """Name the world that the lines' maps are drawn of."""
    return np.uint64(hash64(seed, "level2.pipes"))


def routes(
    found: dict[int, Junction], world: np.uint64, settings: PlanSettings, origin: tuple[int, int]
) -> list[Route]:
    """List the stretches of all lines at some junctions, metres from an origin in the world, 0.1 mm."""
    return [route for j in found.values() for route in _at(j, world, settings, origin)]


def _at(junction: Junction, world: np.uint64, settings: PlanSettings, origin: tuple[int, int]) -> list[Route]:
    """The stretches at a junction: round every wedge between one leg and the next, anticlockwise."""
    ways = [k for k in range(4) if junction.arms[k] is not None]
    out: list[Route] = []
    for n, way in enumerate(ways):
        on = ways[(n + 1) % len(ways)]
        out += _wedge(junction, way, on, world, settings, origin)
    for way in range(4):
        out += _past(junction, way, world, settings, origin)
    return out


def _past(
    junction: Junction, way: int, world: np.uint64, settings: PlanSettings, origin: tuple[int, int]
) -> list[Route]:
    """The stretches past the mouth of a branch, where a line turns into it from both sides and is as high on all."""
    before, branch, after = (junction.arms[(way + k) % 4] for k in (-1, 0, 1))
    if junction.chamber or before is None or branch is None or after is None:
        return []
    first, second = (wall_of(junction, (way + k) % 4, (way + k + 1) % 4, origin) for k in (-1, 0))
    out = []
    for line in LINES:
        sides = ((before, False), (branch, True), (branch, False), (after, True))
        heights = {_height(line, leg, right, world, settings) for leg, right in sides}
        height = heights.pop()
        if heights or height is None or height - line.radius < TEE_CLEAR_M or line not in LABELLED:
            continue
        if before.section != after.section or draw(junction.node.ident, f"tee {way}", line.number) >= TEES:
            continue
        path = np.array([offset(wall, line.before)[1] for wall in (first, second)])
        reach = line.bend * (path[1] - path[0]) / np.linalg.norm(path[1] - path[0])
        path += [-reach, reach]
        out.append(Route(line, np.column_stack([path, np.full(2, height)]), False, True, across=True))
    return out


def _wedge(
    junction: Junction, way: int, on: int, world: np.uint64, settings: PlanSettings, origin: tuple[int, int]
) -> list[Route]:
    """The stretches along the wall from the left of one leg to the right of the next."""
    first, second = junction.arms[way], junction.arms[on]
    assert first is not None
    assert second is not None
    wall = wall_of(junction, way, on, origin)
    out = []
    through = way == on and not junction.chamber
    for line in LINES:
        before, after = (
            _height(line, leg, left == (k >= 2), world, settings)
            for leg, k, left in ((first, way, True), (second, on, False))
        )
        if before is not None and after is not None and not through:
            out.append(Route(line, round_wall(wall, line, (before, after)), False, True))
            continue
        for height, leg, trace, forth in ((before, first, wall, True), (after, second, wall[::-1], False)):
            if height is not None:
                path, sawn = _into(trace, line, height, forth, through), not through and is_sawn(line, leg, junction)
                out.append(Route(line, path[:2], False, forth, True) if sawn else Route(line, path, True, forth))
    return out


def twin_routes(found: list[Twin], origin: tuple[int, int]) -> list[Route]:
    """List the stretches along the far walls of narrow tunnels, from their middles into both ends, metres."""
    return [
        route
        for twin in found
        for line in LINES
        if line.name in IN_TWINS and draw(twin.space.ident, "twin line", line.number) < IN_TWINS[line.name]
        for route in _halves(twin, line, origin)
    ]


def _halves(twin: Twin, line: Line, origin: tuple[int, int]) -> list[Route]:
    """A line of a narrow tunnel: from its middle one way and the other."""
    space, axis, height = twin.space, twin.leg.axis, line.heights[LOW.name]
    along, across = ((space.x0, space.x1), (space.y0, space.y1))[:: 1 if axis == 0 else -1]
    upper = twin.left == (axis == 0)
    far = (across[int(upper)] - origin[1 - axis]) * UNIT_M + (-line.before if upper else line.before)
    start, end = ((c - origin[axis]) * UNIT_M for c in along)
    out = []
    for at, right in ((start - INTO_M, twin.left), (end + INTO_M, not twin.left)):
        flat = np.array([[(start + end) / 2, far], [at, far]])[:, :: 1 if axis == 0 else -1]
        out.append(Route(line, np.column_stack([flat, np.full(2, height)]), True, right))
    return out


def is_sawn(line: Line, leg: Leg, junction: Junction) -> bool:
    """Tell whether a line that ends there was sawn off and left: once in a few kilometres."""
    key = hash64(leg.ident, "level2.sawn", line.number, junction.node.ident)
    return line in LABELLED and (key >> 11) * 2.0**-53 < SAWN


def _height(line: Line, leg: Leg, right: bool, world: np.uint64, settings: PlanSettings) -> float | None:
    """The height of a line on a leg's left or right wall; None where it is not there."""
    height = line.height(leg.section)
    if height is None or not has(world, line, leg.cells[int(right)], settings):
        return None
    behind = twin_side(leg, settings.twins) is (not right)
    return None if behind and height - line.radius < LINES_UNDER * UNIT_M else height


def wall_of(junction: Junction, way: int, on: int, origin: tuple[int, int]) -> NDArray[np.float64]:
    """Trace the wall from the middle of one leg, on its left, round the junction to the middle of the next, on its
    right: corners (N, 2), metres from an origin; none where it goes straight on."""
    x0, y0, x1, y1 = junction.box
    corners = [(x1, y1), (x0, y1), (x0, y0), (x1, y0)]
    ring = [corners[(way + k) % 4] for k in range((on - way) % 4 or 4)]
    start, first = _mouth(junction, way, True)
    end, last = _mouth(junction, on, False)
    out: list[NDArray[np.float64]] = []
    for x, y in (start, first, *ring, last, end):
        point = np.array([x - origin[0], y - origin[1]]) * UNIT_M
        if out and np.abs(point - out[-1]).max() < EPS_M:
            continue
        if len(out) > 1 and abs(_turn(out[-1] - out[-2], point - out[-1])) < EPS_M:
            out.pop()
        out.append(point)
    return np.array(out)


def _turn(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _mouth(junction: Junction, way: int, left: bool) -> tuple[tuple[int, int], tuple[int, int]]:
    """A wall of a leg: where its middle is, and where it meets the junction's box."""
    leg = junction.arms[way]
    assert leg is not None
    half = leg.section.wide // 2 * (1 if left else -1)
    across = ((0, half), (-half, 0), (0, -half), (half, 0))[way]
    x0, y0, x1, y1 = junction.box
    mouth = ((x1, leg.line), (leg.line, y1), (x0, leg.line), (leg.line, y0))[way]
    middle = sum(leg.span) // 2
    far = (middle, leg.line) if leg.axis == 0 else (leg.line, middle)
    return (far[0] + across[0], far[1] + across[1]), (mouth[0] + across[0], mouth[1] + across[1])


def offset(wall: NDArray[np.float64], before: float) -> NDArray[np.float64]:
    """Move a wall's corners (N, 2) into the open, on its left, so that all lie ``before`` metres before it."""
    way = np.diff(wall, axis=0)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    left = np.column_stack([-way[:, 1], way[:, 0]])
    shift = np.concatenate([left[:1], left[:-1] + left[1:], left[-1:]])
    return wall + before * shift


def round_wall(wall: NDArray[np.float64], line: Line, heights: tuple[float, float]) -> NDArray[np.float64]:
    """Lay a line along a wall (N, 2). It changes its height in the higher tunnel, before the corner: the lower a line
    is, the farther from that, so that each passes where those below it are out of its way."""
    flat = offset(wall, line.before)
    low, high = heights
    if low == high:
        return np.column_stack([flat, np.full(len(flat), low)])
    if low < high:
        return _rising(flat, line, (high, low))
    return _stepped(flat, line, heights)


def _rising(flat: NDArray[np.float64], line: Line, heights: tuple[float, float]) -> NDArray[np.float64]:
    """``round_wall`` from the lower tunnel to the higher."""
    return _stepped(flat[::-1], line, heights)[::-1]


def _stepped(flat: NDArray[np.float64], line: Line, heights: tuple[float, float]) -> NDArray[np.float64]:
    """A line (N, 2) that steps down from its first height to its second on its first stretch."""
    way = flat[1] - flat[0]
    long = float(np.linalg.norm(way))
    at = flat[1] - way / long * min(STEP_M * (line.number + 1), 0.8 * long)
    high, low = ([*at, z] for z in heights)
    rest = np.column_stack([flat[1:], np.full(len(flat) - 1, heights[1])])
    return np.concatenate([[[*flat[0], heights[0]], high, low], rest])


def _into(wall: NDArray[np.float64], line: Line, height: float, first: bool, through: bool) -> NDArray[np.float64]:
    """Lay a line along its own leg and into the wall: the side wall before the corner, or the end wall of a tunnel."""
    way = wall[1] - wall[0]
    long = float(np.linalg.norm(way))
    way /= long
    out = np.array([-way[1], way[0]]) * (1 if first else -1)
    start = wall[0] + line.before * out
    if through:
        path = [start, start + way * (long + INTO_M)]
    else:
        turn = start + way * max(long - BEFORE_CORNER_M - STEP_M * line.number, 0.3 * long)
        path = [start, turn, turn - out * (line.before + INTO_M)]
    return np.column_stack([np.array(path), np.full(len(path), height)])
