"""Plans whose floor has pits, plateaus, kerbs and stairs, with a beam and a duct over it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from generator.plan import Floorplan
from generator.plan.floorplan import CELL_M, SolidKind
from generator.plan.stepping import on_floors

KERB_M = 0.15


def random_floor(shape: tuple[int, int], seed: int, parts: int = 24) -> np.ndarray:
    """Heights (NY, NX): rectangles of 1 to 6 cells, in kerbs, pits, plateaus and one flight of stairs, about zero."""
    rng = np.random.default_rng([seed, 16])
    floor = np.zeros(shape)
    for _ in range(parts):
        y, x = (int(rng.integers(0, n)) for n in shape)
        height, width = rng.integers(1, 7, 2)
        floor[y : y + height, x : x + width] = rng.choice([KERB_M, -KERB_M, 2 * KERB_M, -0.3, -0.9, 0.6])
    y, x = (int(rng.integers(0, n - 8)) for n in shape)
    floor[y : y + 2, x : x + 6] = -KERB_M * np.arange(6)
    return floor


def with_boxes(plan: Floorplan, boxes: list[tuple[float, ...]]) -> Floorplan:
    """The plan with solid boxes (x0, y0, x1, y1, z0, z1) more."""
    rings = [np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]) for x0, y0, x1, y1, _, _ in boxes]
    return replace(
        plan,
        solid_xy=np.concatenate([plan.solid_xy, *rings]),
        solid_start=np.concatenate([plan.solid_start, plan.solid_start[-1] + 4 * np.arange(1, len(boxes) + 1)]),
        solid_kind=np.append(plan.solid_kind, np.full(len(boxes), SolidKind.BLOCK)).astype(np.uint8),
        solid_z=np.concatenate([plan.solid_z, np.array([box[4:] for box in boxes]).reshape(-1, 2)]),
        solid_run=np.append(plan.solid_run, np.full(len(boxes), -7)),
    )


def stepped(plan: Floorplan, seed: int) -> Floorplan:
    """A plan with a random floor, a beam all across its ceiling, clear of the lamps, and a duct that hangs free."""
    plan = on_floors(plan, random_floor(plan.ceiling_m.shape, seed))
    width, top = plan.size_m[0], float(plan.ceiling_m.max())
    x, y = 9.5 * CELL_M, 12.25 * CELL_M
    beam = (0.0, y, width, y + 0.3, 2.3, top)
    clear = np.abs(plan.lamp_xy[:, 1] - y) > 1.0
    plan = replace(plan, **{name: rows[clear] for name, rows in vars(plan).items() if name.startswith("lamp_")})
    return with_boxes(plan, [beam, (x, 3.0, x + 0.5, 30.0, 1.95, 2.25)])
