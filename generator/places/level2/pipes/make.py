"""The pipes of a region as meshes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....geometry.kit import Index
from ....geometry.level import Mesh
from ....geometry.pipes import Pipe, pipe_mesh
from ....geometry.troughs import Trough, beside, trough_mesh
from ....plan.floorplan import CELL_M, CHUNK_CELLS, Floorplan
from ....plan.lattice import CELL
from ....plan.sheet import Service
from ..plan.generate import window
from ..plan.twins import twins
from ..settings import Level2Scene
from .lines import BY_NAME, LINES, TRAY, TRAY_HALF_M, Line
from .routing import Route, pipe_world, routes, twin_routes

SHEET_M = 0.004
CABLES = ((-0.115, 0.016), (-0.07, 0.022), (-0.005, 0.0135), (0.045, 0.016), (0.12, 0.0135))
"""How far from the middle of a tray, off the wall, each of its cables lies, and its radius, metres."""
CABLE_BEND_M = 0.16
PROFILE = np.array([
    (-1, -1, 0, 0), (1, -1, 0, 0), (1, 1, 0, 0), (1, 1, -1, 0), (1, -1, -1, 1), (-1, -1, 1, 1), (-1, 1, 1, 0),
    (-1, 1, 0, 0),
]) @ np.array([[TRAY_HALF_M, 0.0], [0.0, TRAY.radius], [SHEET_M, 0.0], [0.0, SHEET_M]])  # fmt: skip
"""A tray's cross-section: a bottom with openings and two sides."""
CUT_M = 4 * CELL_M
"""Straight pipes are cut at every such line of the world."""


def routes_in(plan: Floorplan, scene: Level2Scene, seed: int) -> list[Route]:
    """List the stretches of lines at the junctions whose legs reach into a plan's region, metres from its corner."""
    legs, found = window(scene.plan, seed, plan.chunks)
    origin = (plan.origin[0] * CHUNK_CELLS * CELL, plan.origin[1] * CHUNK_CELLS * CELL)
    main = routes(found, pipe_world(seed), scene.plan, origin)
    return main + twin_routes(twins(legs, found, scene.plan), origin)


INKS = {
    "power": ("#8a8a86", 8), "signal": ("#b9b6ab", 9), "tray": ("#5c5a54", 252),
    "steam": ("#e8b90c", 2), "condensate": ("#c98a1b", 40), "water": ("#2f8f4e", 3), "fire": ("#c0392b", 1),
    "air": ("#2f6fb0", 5), "mains": ("#d98e04", 30), "sewage": ("#7a4a2a", 34),
}  # fmt: skip
"""The colour of each line on maps, and its number in the AutoCAD colour index."""


def services(plan: Floorplan, scene: Level2Scene, seed: int) -> list[Service]:
    """List the lines of a plan's region as maps draw them, a service each."""
    found: dict[str, list[NDArray[np.float64]]] = {}
    for route in routes_in(plan, scene, seed):
        flat = np.concatenate([route.path[:-1, :2], route.path[1:, :2]], axis=1)
        found.setdefault(route.line.name, []).append(flat[np.abs(flat[:, :2] - flat[:, 2:]).max(axis=1) > 1e-6])
    names = [line.name for line in LINES if line.name in found]
    return [Service(name, *INKS[name], np.concatenate(found[name]), note=_note(BY_NAME[name])) for name in names]


def _note(line: Line) -> str:
    """A line's name, diameter, and how high it runs, from the lowest section to the highest."""
    low, high = min(line.heights.values()), max(line.heights.values())
    up = f"+{low:.2f}" if low == high else f"+{low:.2f} to {high:.2f}"
    wide = 2000 * (TRAY_HALF_M if line is TRAY else line.outside / 2)
    return f"{line.name} {wide:.0f} mm {up}"


def pipes(plan: Floorplan, scene: Level2Scene, seed: int, index: Index) -> list[Mesh]:
    """Make the meshes of all pipes in a plan's region."""
    found = routes_in(plan, scene, seed)
    trays = [route for route in found if route.line is TRAY]
    drawn = [
        Pipe(route.path, route.line.radius, route.line.bend, index[route.line.coat])
        for route in found
        if route.line is not TRAY
    ]
    drawn += [cable for route in trays for cable in _cables(route, index["cable"])]
    if not drawn:
        return []
    materials = (index["tray"], *[index["zinc"]] * (len(PROFILE) - 1))
    troughs = [Trough(route.path, PROFILE, materials) for route in trays]
    return [*pipe_mesh(drawn, plan.size_m, CUT_M), *trough_mesh(troughs, plan.size_m, CUT_M)]


def _cables(route: Route, material: int) -> list[Pipe]:
    """The cables in a stretch of tray."""
    sign = 1.0 if route.wall_right else -1.0
    return [
        Pipe(beside(route.path, sign * across, radius + SHEET_M - TRAY.radius), radius, CABLE_BEND_M, material)
        for across, radius in CABLES
    ]
