"""Settings of the plan section: the maze and what becomes of it."""

from __future__ import annotations

from typing import Literal

from .base import Section, setting

Maze = Literal["backtracker", "prim", "kruskal", "wilson", "division", "hunt_and_kill", "growing_tree"]


class PlanSettings(Section):
    """The maze and what becomes of it."""

    maze: Maze = setting("backtracker", "maze algorithm that joins the rooms and fills the warrens")
    openness: float = setting(0.6, "mean of the field that opens the plan: 0 warrens, 1 halls", low=0, high=1)
    openness_range: float = setting(0.35, "how far openness sways around its mean", low=0, high=1)
    field_m: float = setting(310.0, "distance between hills of the slow fields", unit="m", low=50, high=5000)
    room_scale: float = setting(1.0, "size of rooms in plan, 1 = 10 to 100 m²", low=0.25, high=8)
    warren: float = setting(0.7, "how much of tight districts is bare maze", low=0, high=1)
    loops: float = setting(0.35, "share of further maze passages that become openings", low=0, high=1)
    braid: float = setting(0.8, "share of dead ends that are opened", low=0, high=1)
    ceiling_m: float = setting(2.7432, "usual ceiling height (9 ft)", unit="m", low=2.3, high=4)
    tall: float = setting(0.05, "share of large rooms with a ceiling of 4.5 to 6 m", low=0, high=1)
    plain: float = setting(0.6, "weight of openings up to the ceiling", low=0, high=1)
    header: float = setting(0.35, "weight of openings under a header", low=0, high=1)
    doorway: float = setting(0.05, "weight of doorways 0.9 m wide without a door", low=0, high=1)
    arch: float = setting(0.02, "weight of arches", low=0, high=1)
    lamps_dead: float = setting(0.035, "share of lamps that are dead where there is power", low=0, high=1)
    lamps_failing: float = setting(0.01, "share of lamps that flicker", low=0, high=1)
    blackout: float = setting(0.04, "share of the floor in districts without power", low=0, high=1)
    damp: float = setting(0.12, "share of the floor in damp districts", low=0, high=1)
    decay: float = setting(0.2, "share of the floor in decayed districts", low=0, high=1)
