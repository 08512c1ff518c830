"""The chunk grid cannot be seen: walls are no more alike at a chunk's distance than at others near it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from generator.places.level0.plan.generate import floorplan
from generator.places.level0.plan_settings import PlanSettings
from generator.plan.floorplan import CHUNK_CELLS

SCENES = Path(__file__).parent.parent / "scenes"
CHUNKS = 8
SEEDS = 16
NEAR = np.array([lag for lag in range(CHUNK_CELLS - 8, CHUNK_CELLS + 9, 2) if lag != CHUNK_CELLS])
"""Other multiples of two cells within 16 modules (8 cells) of the chunk's 64: corridors' lines are even, so that a row
of lamps runs down their middle, and walls are alike at even lags."""


def wall_maps(settings, seed):
    """Walls on cells' east sides along x, and on north sides along y: two maps of 0 and 1."""
    i, j = 1000 * seed, -777 * seed
    plan = floorplan(settings, seed, (i, j, i + CHUNKS, j + CHUNKS))
    return ~plan.open_east, ~plan.open_north.T


def with_a_door_in_the_middle_of_each_side(walls):
    """The version to be caught: every chunk is walled, with one door in the middle of each side."""
    walls = walls.copy()
    walls[:, CHUNK_CELLS - 1 :: CHUNK_CELLS] = True
    walls[CHUNK_CELLS // 2 :: CHUNK_CELLS, CHUNK_CELLS - 1 :: CHUNK_CELLS] = False
    return walls


def likeness(walls):
    """Autocorrelation of a map along x at the chunk's length, and its mean at the lags near it."""
    w = walls - walls.mean()

    def at(lag):
        return float((w[:, lag:] * w[:, :-lag]).mean() / w.var())

    return at(CHUNK_CELLS), float(np.mean([at(lag) for lag in NEAR]))


def excess(settings, change=lambda walls: walls):
    """How far the chunk's length stands out, for each map of each seed."""
    pairs = [likeness(change(walls)) for seed in range(SEEDS) for walls in wall_maps(settings, seed)]
    return np.array([chunk - near for chunk, near in pairs])


@pytest.mark.parametrize("name", ["level0", "offices", "halls"])
def test_walls_do_not_repeat_at_the_chunks_length(name):
    settings = PlanSettings(**tomllib.loads((SCENES / f"{name}.toml").read_text())["plan"])
    over = excess(settings)
    # Not above the mean of the others, within the error of that mean over seeds.
    assert over.mean() <= 2.0 * over.std(ddof=1) / np.sqrt(len(over))
    caught = excess(settings, with_a_door_in_the_middle_of_each_side)
    assert caught.mean() > 10.0 * caught.std(ddof=1) / np.sqrt(len(caught))
    assert caught.mean() > 0.05
