"""Settings of the plan section: the maze and what becomes of it."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from ...scene.base import Section, setting
from .patch_settings import Patch

Grammar = Literal[
    "", "offices", "spine", "bays", "hypostyle", "nested", "slots", "void", "turned", "rings", "cores"
]  # fmt: skip
Maze = Literal["backtracker", "prim", "kruskal", "wilson", "division", "hunt_and_kill", "growing_tree"]


class Grammars(Section):
    """How many districts have which grammar, as weights; districts are 60 to 190 m a side."""

    offices: float = setting(1.0, "weight of offices: rooms of many sizes", low=0, high=100)
    spine: float = setting(0.0, "weight of corridors of 60 to 190 m with ribs", low=0, high=100)
    bays: float = setting(0.0, "weight of one room many times, and one error", low=0, high=100)
    hypostyle: float = setting(0.0, "weight of halls of columns", low=0, high=100)
    nested: float = setting(0.0, "weight of rooms in rooms in rooms", low=0, high=100)
    slots: float = setting(0.0, "weight of parallel walls 0.6 to 1.1 m apart", low=0, high=100)
    void: float = setting(0.0, "weight of empty halls of 40 by 60 m", low=0, high=100)
    turned: float = setting(0.0, "weight of rooms turned by 7 to 20 degrees", low=0, high=100)
    rings: float = setting(0.0, "weight of ovals in ovals", low=0, high=100)
    cores: float = setting(0.0, "weight of fat solids that one walks round", low=0, high=100)

    @model_validator(mode="after")
    def _has_weight(self) -> Grammars:
        if not any(self.model_dump().values()):
            raise PydanticCustomError("weightless", "all weights are zero; give one grammar a weight over 0")
        return self


NAMES = tuple(Grammars.model_fields)
"""The grammars of districts."""
CORRIDORS = "corridors"
ON_MAPS = (*NAMES, CORRIDORS)
"""What the district map "grammar" tells apart, spread evenly over 0..1."""


class PlanSettings(Section):
    """The maze and what becomes of it."""

    maze: Maze = setting("backtracker", "maze algorithm that joins the rooms and fills the warrens")
    openness: float = setting(0.66, "mean of the district map that opens the plan: 0 warrens, 1 halls", low=0, high=1)
    openness_range: float = setting(0.27, "how far openness sways around its mean", low=0, high=1)
    district_m: float = setting(310.0, "distance between hills of the district maps", unit="m", low=50, high=5000)
    room_scale: float = setting(1.3, "size of rooms in plan, 1 = 10 to 100 m²", low=0.25, high=8)
    maze_share: float = setting(0.55, "how much of tight districts is bare maze", low=0, high=1)
    merge: float = setting(0.12, "share of neighbouring rooms that lose the wall between them", low=0, high=1)
    loops: float = setting(0.35, "share of further maze passages that become openings", low=0, high=1)
    braid: float = setting(0.8, "share of dead ends that are opened", low=0, high=1)
    erosion: float = setting(0.08, "share of opened walls that stop short of their end", low=0, high=1)
    windows: float = setting(0.03, "share of closed walls with an interior window", low=0, high=1)
    long_view: float = setting(0.04, "share of blocks' borders with a straight corridor of 50 to 80 m", low=0, high=1)
    ceiling_m: float = setting(2.7432, "usual ceiling height (9 ft)", unit="m", low=2.3, high=4)
    tall: float = setting(0.05, "share of large rooms with a ceiling of 4.5 to 6 m", low=0, high=1)
    plain: float = setting(0.6, "weight of openings up to the ceiling", low=0, high=1)
    header: float = setting(0.35, "weight of openings under a header", low=0, high=1)
    doorway: float = setting(0.05, "weight of doorways 0.9 m wide without a door", low=0, high=1)
    arch: float = setting(0.02, "weight of arches", low=0, high=1)
    partitions: float = setting(0.35, "chance of a free-standing partition per 45 m² of a room", low=0, high=1)
    half: float = setting(0.3, "share of those that are half walls, 1.0 to 1.5 m high", low=0, high=1)
    stubs: float = setting(0.35, "chance of a wall stub per 60 m² of a room", low=0, high=1)
    pilasters: float = setting(0.08, "share of rooms with a row of pilasters", low=0, high=1)
    pillars: float = setting(0.3, "share of large rooms with pillars", low=0, high=1)
    blocks: float = setting(0.15, "share of large rooms with a thick solid block", low=0, high=1)
    oblique: float = setting(0.06, "share of rooms with a partition off the building's lines", low=0, high=1)
    curved: float = setting(0.05, "share of large rooms with a curved wall or an oval room", low=0, high=1)
    lamps_dead: float = setting(0.035, "share of lamps that are dead where there is power", low=0, high=1)
    lamps_failing: float = setting(0.01, "share of lamps that flicker", low=0, high=1)
    rooms_dark: float = setting(0.08, "share of rooms whose lamps have no power", low=0, high=1)
    blackout: float = setting(0.04, "share of the floor in districts without power", low=0, high=1)
    damp: float = setting(0.1, "share of the floor in damp districts", low=0, high=1)
    decay: float = setting(0.2, "share of the floor in decayed districts", low=0, high=1)
    grammar: Grammar = setting("", "the grammar of all districts; empty: drawn by the weights in grammars")
    grammars: Grammars = Grammars()
    corridors: bool = setting(False, "does the maze lay corridors through the offices?")
    long_views: float = setting(0.0, "share of squares of 146 m with a straight corridor of 66 to 102 m", low=0, high=1)
    long_walls: float = setting(0.0, "share of squares of 146 m with a straight wall of 100 to 134 m", low=0, high=1)
    heights: float = setting(0.0, "share of open floors with steps, pits or low ceilings", low=0, high=1)
    patch: tuple[Patch, ...] = setting((), "literal pieces of plan, laid over the maze")
