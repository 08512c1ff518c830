"""A cellar: brick rooms without end, a bare bulb in each, a stone floor one step, 0.2 m, deeper in the middle.

A place of one's own, made with the public ``Place`` alone.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from generator.geometry.kit import Emitter, Index, Kit, Luminaire
from generator.geometry.level import Mesh, joined
from generator.geometry.plain import plain_dress, plain_levels
from generator.geometry.shapes import bar, box
from generator.places.known import add
from generator.places.place import Place
from generator.places.sounds import BRICK, BRICKWORK_DB, CONCRETE, STONE, Sounds
from generator.plan.floorplan import CHUNK_CELLS, DISTRICT_MAPS, Floorplan, LampState
from generator.plan.lattice import CELL, HEADER, WALL
from generator.plan.rows import Drawing, check_chunks, plan_of_drawing
from generator.plan.walls import walls
from generator.scene import Scene
from generator.scene.base import Section, setting
from generator.seed import Rng, hash64
from generator.surface import Ageing, Material, Role, Surface, Wear
from generator.surface.canvas import blended, canvas, finished, folded, grid, noise, tinted

ROOM, MARGIN = 4, 2
"""Cells from wall to wall, which divide a chunk; cells drawn around a region."""
CEILING, PIT, HANG, BRICKS = 26000, -2000, 4000, 3600
"""Heights of ceiling and pit, how far a bulb hangs, and thickness of walls, 0.1 mm."""
BULB_M = 0.03
"""Half side of a bulb: a cube of 0.06 m, which gives the 2 000 lm of a 150 W bulb at 30 000 cd/m²."""


class CellarPlan(Section):
    """The rooms of the cellar."""

    dark: float = setting(0.2, "share of the bulbs that are dead", low=0.0, high=1.0)


class CellarLook(Section):
    """Bricks and their age."""

    damp: float = setting(0.5, "water on bricks and stone; 0 dry, 1 flooded", low=0.0, high=1.0)


class CellarScene(Scene):
    """A piece of the cellar."""

    title: str = setting("Cellar", "one line for `noclip scenes`")
    place: Literal["cellar"] = setting("cellar", "which place it is")
    plan: CellarPlan = CellarPlan()
    look: CellarLook = CellarLook()


def plan(scene: CellarScene, seed: int, chunks: tuple[int, int, int, int]) -> Floorplan:
    """Square rooms, an opening under a header in the middle of every wall, a bulb over every pit."""
    check_chunks(chunks)
    i0, j0, i1, j1 = chunks
    nx, ny = (i1 - i0) * CHUNK_CELLS, (j1 - j0) * CHUNK_CELLS
    y, x = np.mgrid[-MARGIN : ny + MARGIN, -MARGIN : nx + MARGIN]
    x, y = x + i0 * CHUNK_CELLS, y + j0 * CHUNK_CELLS
    u, v, room = x % ROOM, y % ROOM, (x // ROOM) * 2**24 + (y // ROOM) % 2**24
    middle = [(c >= ROOM // 2 - 1) & (c <= ROOM // 2) for c in (u, v)]
    sides = [(u == ROOM - 1, middle[1]), (v == ROOM - 1, middle[0])]
    what = np.stack([np.where(line, np.where(gap, HEADER, WALL), 0) for line, gap in sides]).astype(np.uint8)
    jamb, thick = np.zeros((2, 2, *x.shape), np.int64), np.full(what.shape, BRICKS)
    ceil, floor = np.full(x.shape, CEILING), np.where(middle[0] & middle[1], PIT, 0)
    at = np.argwhere((u == ROOM // 2) & (v == ROOM // 2))
    ident = np.array([hash64(seed, "cellar.bulb", int(x[k, m]), int(y[k, m])) for k, m in at], np.uint64)
    state = np.where(ident * 2.0**-64 < scene.plan.dark, LampState.DEAD, LampState.ON)
    zero, count = np.zeros(len(at), np.int64), len(at)
    lamp = np.column_stack([at[:, 1] * CELL, at[:, 0] * CELL, zero, zero + CEILING - HANG, state])
    maps = {name: np.full((ny, nx), 0.5, np.float32) for name in DISTRICT_MAPS}
    rows = walls(what, jamb, thick, np.stack([room * 2, room * 2 + 1]), ceil)
    kelvin, kind = np.full(count, BULB.kelvin[0]), np.zeros(count, np.uint8)
    drawn = Drawing(MARGIN, rows, floor, ceil, room, what != WALL, maps, lamp, ident, kind, kelvin)
    return plan_of_drawing(chunks, drawn)


def brick(look: CellarLook, rng: Rng, px: int) -> Material:
    """Courses of 75 mm, bricks of 225 mm, joints of 10 mm: 0.9 m square."""
    sheet = canvas((0.9, 0.9), px)
    x, y = grid(sheet)
    shifted = x + 0.1125 * (np.floor(y / 0.075) % 2)
    joint = np.maximum(np.abs(folded(y, 0.075)) < 0.005, np.abs(folded(shifted, 0.225)) < 0.005).astype(np.float32)
    rough = noise(sheet, rng, 0.002, 0.1)
    clay, lime = tinted(1.0 + 0.12 * rough, (0.28, 0.13, 0.08)), tinted(1.0 + 0.05 * rough, (0.4, 0.37, 0.32))
    height = (1.0 - joint) * np.float32(4e-3)
    return finished("brick", sheet, blended(clay, lime, joint), height, 0.95, (0.26, 0.14, 0.10))


def plain(name: str, mean: tuple[float, float, float]):
    """A maker of plastered or solid stuff with a little life, 1.2192 m square."""

    def make(look: CellarLook, rng: Rng, px: int) -> Material:
        sheet = canvas((1.2192, 1.2192), px)
        cloud, glow = noise(sheet, rng, 0.004, 0.4), np.ones((*sheet.shape, 3), np.float32)
        emission = glow if name == "bulb" else None
        shade = tinted(1.0 + 0.1 * cloud, mean)
        return finished(name, sheet, shade, cloud * np.float32(5e-4), 0.9, mean, 0.0, emission)

    return make


def bulb(index: Index, corners=(), taken=()) -> Mesh:
    """A bare bulb on its wire."""
    glass = box((-BULB_M,) * 3, (BULB_M,) * 3, index["bulb"])
    return joined([glass, bar((0, 0, BULB_M), (0, 0, HANG * 1e-4), 0.002, index["cord"])])


def faces() -> tuple[Emitter, ...]:
    """The six sides of the bulb."""
    ways, size = np.eye(3), BULB_M * np.eye(3)
    sides = [(sign * ways[k], size[k - 2], size[k - 1]) for k in range(3) for sign in (-1.0, 1.0)]
    return tuple(Emitter(tuple(BULB_M * n), tuple(u), tuple(v), tuple(n)) for n, u, v in sides)


SURFACES = (
    Surface("brick", Role.WALL, "wall", brick, Wear.WALL, stains=True),
    Surface("stone", Role.FLOOR, "floor", plain("stone", (0.22, 0.21, 0.19)), Wear.FLOOR),
    Surface("whitewash", Role.CEILING, "ceiling", plain("whitewash", (0.62, 0.60, 0.55)), Wear.CEILING),
    Surface("bulb", Role.LENS, "bulb", plain("bulb", (0.8, 0.8, 0.8))),
    Surface("cord", Role.PROP, "cord", plain("cord", (0.05, 0.05, 0.05))),
)
BULB = Luminaire("bulb", bulb, faces(), 30000.0, (2700.0, 2700.0), 0.0, recessed=False, hum=0.0, reach_m=14.0)
KIT = Kit(
    surfaces={surface.name: surface for surface in SURFACES},
    palette=lambda scene: tuple(surface.name for surface in SURFACES),
    luminaires=(BULB,),
    props={},
    level_materials=plain_levels("stone", "whitewash", "stone"),
    dress=plain_dress("brick"),
    ageing=lambda scene: Ageing(decay=0.3, damp=scene.look.damp, anomalies=0.0, tile_modules=1.0),
)
CELLAR = Place("cellar", CellarScene, plan, KIT, Sounds(STONE, 0.0, CONCRETE, BRICK, CONCRETE, BRICKWORK_DB))
add(CELLAR)
