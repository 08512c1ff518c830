"""Legs and nodes as clear space: rectangles with a height, which join without a gap or an overlap. 0.1 mm."""

from __future__ import annotations

from typing import NamedTuple

from ....plan.lattice import CELL
from ..plan_settings import PlanSettings
from .graph import Leg, Node, draw

EAST, NORTH, WEST, SOUTH = range(4)
CHAMBER_HIGH = 36600
"""Clear height of a chamber."""
LADDERS = (62000, 76000, 91000)
"""Heights of shafts over the floor; their ladders end at a ceiling."""


class Junction(NamedTuple):
    """A node with the legs at it by direction (east, north, west, south; None where there is none), and the clear space
    that they meet in: x0, y0, x1, y1 of the world, and its height. chamber: it is wider than its legs."""

    node: Node
    arms: tuple[Leg | None, Leg | None, Leg | None, Leg | None]
    box: tuple[int, int, int, int]
    high: int
    chamber: bool


class Clear(NamedTuple):
    """A rectangle of clear space: x0, y0, x1, y1 of the world; its height; its own number."""

    x0: int
    y0: int
    x1: int
    y1: int
    high: int
    ident: int


def junctions(legs: list[Leg], wanted: set[int], settings: PlanSettings) -> dict[int, Junction]:
    """Give the junctions of the wanted nodes by their numbers, in the order of these; legs: all at them, and others."""
    arms: dict[int, list[Leg | None]] = {}
    nodes: dict[int, Node] = {}
    for leg in legs:
        for node, way in ((leg.low, leg.axis), (leg.high, leg.axis + 2)):
            if node.ident in wanted:
                nodes[node.ident] = node
                arms.setdefault(node.ident, [None] * 4)[way] = leg
    return {ident: _junction(nodes[ident], tuple(arms[ident]), settings) for ident in sorted(arms)}


def _junction(node: Node, arms: tuple, settings: PlanSettings) -> Junction:
    """A node's clear space: as wide as the legs across it, or a chamber."""
    here = [arm for arm in arms if arm is not None]
    high = max(arm.section.high for arm in here)
    across = [max((arms[k].section.wide for k in ways if arms[k] is not None), default=0) // 2
              for ways in ((NORTH, SOUTH), (EAST, WEST))]  # fmt: skip
    if len(here) != 2 and draw(node.ident, "chamber") < settings.chambers:
        half = CELL // 2 * (5 + int(draw(node.ident, "chamber size") * 4))
        return Junction(node, arms, _about(node, half, half), CHAMBER_HIGH, chamber=True)
    if len(here) == 1:
        across = [max(across)] * 2
    return Junction(node, arms, _about(node, *across), high, chamber=False)


def _about(node: Node, x: int, y: int) -> tuple[int, int, int, int]:
    return node.x - x, node.y - y, node.x + x, node.y + y


def body(leg: Leg, low: Junction, high: Junction) -> Clear:
    """Give a leg's own clear space, between those of its nodes."""
    start, end = low.box[2 + leg.axis], high.box[leg.axis]
    all_of = whole(leg)
    return all_of._replace(x0=start, x1=end) if leg.axis == 0 else all_of._replace(y0=start, y1=end)


def whole(leg: Leg) -> Clear:
    """Give a leg's clear space from node to node."""
    half, line, (start, end) = leg.section.wide // 2, leg.line, leg.span
    box = (start, line - half, end, line + half) if leg.axis == 0 else (line - half, start, line + half, end)
    return Clear(*box, leg.section.high, leg.ident)


def shaft_of(junction: Junction) -> Clear | None:
    """Give the shaft over a chamber at the end of a tunnel: one cell of it, up into the dark; None elsewhere."""
    if not junction.chamber or sum(arm is not None for arm in junction.arms) != 1:
        return None
    x, y = (c // CELL * CELL for c in (junction.node.x, junction.node.y))
    return Clear(x, y, x + CELL, y + CELL, LADDERS[ladder_of(junction)], junction.node.ident)


def ladder_of(junction: Junction) -> int:
    """Say which of the LADDERS a shaft has."""
    return int(draw(junction.node.ident, "ladder") * len(LADDERS))


def clear_space(legs: list[Leg], found: dict[int, Junction]) -> list[Clear]:
    """List the clear rectangles of legs and of their nodes."""
    out = [body(leg, found[leg.low.ident], found[leg.high.ident]) for leg in legs]
    out += [Clear(*j.box, j.high, j.node.ident) for j in found.values()]
    return [c for c in out if c.x1 > c.x0 and c.y1 > c.y0]
