"""Measures and maps of a plan: known values on plans drawn by hand, and the figures that level0 keeps to."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.errors import NoclipError
from generator.places.level0.plan.generate import floorplan
from generator.places.level0.plan_settings import PlanSettings
from generator.plan import draw_map, outlines, stats, walkable
from generator.plan.floorplan import CELL_M, CHUNK_M
from generator.plan.metrics import (
    RAYS,
    dead_ends,
    grid_places,
    intelligibility,
    largest,
    longest_sightline,
    room_kinds,
    room_links,
)
from generator.plan.sight import cast

SCENES = Path(__file__).parent.parent / "scenes"


@pytest.fixture(scope="module")
def plan():
    settings = PlanSettings(**tomllib.loads((SCENES / "level0.toml").read_text())["plan"])
    return floorplan(settings, 7, (0, 0, 2, 2))


def bare(plan, walls=()):
    """A plan of the same size, level, with nothing but some full-height walls (x0, y0, x1, y1) 0.12 m thick."""
    n = len(walls)
    return replace(
        plan,
        wall_xy=np.array(walls, float).reshape(n, 4),
        wall_thickness=np.full(n, 0.12),
        wall_z=np.tile([0.0, 2.74], (n, 1)),
        wall_kind=np.zeros(n, np.uint8),
        wall_crown=np.zeros(n),
        wall_run=np.arange(n),
        solid_xy=np.zeros((0, 2)),
        solid_start=np.zeros(1, np.int64),
        solid_kind=np.zeros(0, np.uint8),
        solid_z=np.zeros((0, 2)),
        solid_run=np.zeros(0, np.int64),
        floor_m=np.zeros_like(plan.floor_m),
        room=np.zeros_like(plan.room),
        open_east=np.ones_like(plan.open_east),
        open_north=np.ones_like(plan.open_north),
    )


def test_an_empty_floor_is_all_walkable_and_seen_from_everywhere(plan):
    empty = bare(plan)
    measures = stats(empty)
    assert measures["walkable_share"] == 1.0
    assert measures["wall_m_per_m2"] == 0.0
    assert measures["rooms"] == 1
    assert measures["loops"] == 0
    assert measures["dead_end_share"] == 0.0
    side = 2 * CHUNK_M
    # Between two rays an isovist is a triangle, which cuts the corners off by a little.
    assert measures["isovist_area_mean_m2"] == pytest.approx(side**2, rel=0.01)
    assert side < measures["longest_sightline_m"] <= side * 2**0.5 + 1e-6


def test_a_wall_across_the_floor_halves_what_is_walkable_and_seen(plan):
    side = 2 * CHUNK_M
    half = bare(plan, [(CHUNK_M, 0, CHUNK_M, side)])
    free = walkable(half)
    assert largest(free).mean() == pytest.approx((CHUNK_M - 0.31) / side, abs=0.003)
    places = grid_places(free)
    views = cast(outlines(half), places, np.arange(RAYS) * (2 * np.pi / RAYS))
    assert longest_sightline(places, views) < np.hypot(CHUNK_M, side)


def test_dead_ends_are_cells_with_one_way_out(plan):
    empty = bare(plan)
    east, north = empty.open_east.copy(), empty.open_north.copy()
    east[10, 10] = east[10, 9] = north[10, 10] = False
    shut = replace(empty, open_east=east, open_north=north)
    inner = (shut.room.shape[0] - 2) * (shut.room.shape[1] - 2)
    assert dead_ends(shut) == pytest.approx(1 / inner)


def test_links_count_each_opening_between_two_rooms_once(plan):
    empty = bare(plan)
    room, east = empty.room.copy(), empty.open_east.copy()
    room[:, 20:] = 1
    east[:, 19] = False
    east[5:8, 19] = east[30, 19] = True
    links, rooms = room_links(replace(empty, room=room, open_east=east))
    assert rooms == 2
    assert links.tolist() == [[0, 1], [0, 1]]


def test_kinds_of_rooms_follow_area_and_elongation(plan):
    room = np.zeros_like(plan.room)
    room[10:20, 10:20] = 1  # 148.6 m², square
    room[30:32, 10:30] = 2  # 59.5 m², 10:1
    kinds = room_kinds(replace(plan, room=room))
    assert kinds == {"large compact": 0.5, "middle passage": 0.5}


def test_a_plan_that_one_sees_at_once_is_intelligible_and_a_maze_less_so(plan):
    half = bare(plan, [(x, 0 if k % 2 else 4, x, 74 + (4 if k % 2 == 0 else 0)) for k, x in enumerate(range(6, 78, 6))])
    snake = intelligibility(outlines(half), grid_places(largest(walkable(half))))
    cross = bare(plan, [(10, 10, 70, 10), (10, 70, 70, 70), (10, 10, 10, 70)])
    room = intelligibility(outlines(cross), grid_places(largest(walkable(cross))))
    assert room > 0.9
    assert snake < room


def test_measures_are_plain_numbers_that_json_can_hold(plan):
    measures = json.loads(json.dumps(stats(plan)))
    assert 0.6 < measures["walkable_share"] < 0.95
    assert sum(measures["room_kinds"].values()) == pytest.approx(1.0, abs=0.01)
    assert measures["area_m2"] == pytest.approx((2 * CHUNK_M) ** 2, abs=0.01)


def test_maps_are_written_whole_in_every_format(plan, tmp_path):
    draw_map(plan, tmp_path / "a.svg", "A & B", 7, (20.0, 20.0))
    draw_map(plan, tmp_path / "a.png", "A", 7)
    draw_map(plan, tmp_path / "a.dxf")
    text = (tmp_path / "a.svg").read_text()
    assert "A &amp; B" in text
    assert "seed 7" in text
    from xml.etree import ElementTree

    from PIL import Image

    assert ElementTree.fromstring(text).tag.endswith("svg")
    with Image.open(tmp_path / "a.png") as image:
        assert min(image.size) > 2000
        assert len(image.getcolors(1 << 24)) > 50
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.dxf", "a.png", "a.svg"]


def test_a_dxf_has_closed_outlines_in_metres_on_a_layer_for_each_kind(plan, tmp_path):
    import ezdxf
    from shapely import Polygon

    draw_map(plan, tmp_path / "a.dxf")
    drawing = ezdxf.readfile(tmp_path / "a.dxf")
    assert drawing.header["$INSUNITS"] == 6
    found: dict[str, list] = {}
    for line in drawing.modelspace().query("LWPOLYLINE"):
        assert line.closed
        found.setdefault(line.dxf.layer, []).append(np.array(line.get_points("xy")))
    assert {"WALLS", "PARTITIONS_HALF", "PILLARS", "BLOCKS", "OPENINGS", "LAMPS"} <= set(found)
    assert len(found["LAMPS"]) == len(plan.lamp_xy)
    assert all(abs(Polygon(p).area - 0.6096 * 1.2192) < 1e-6 for p in found["LAMPS"])


def test_a_map_of_an_unknown_kind_or_size_is_refused_and_nothing_written(plan, tmp_path):
    with pytest.raises(NoclipError, match=r"\.svg"):
        draw_map(plan, tmp_path / "a.bmp")
    huge = replace(plan, chunks=(0, 0, 200, 1))
    with pytest.raises(NoclipError, match="5000 m"):
        draw_map(huge, tmp_path / "a.svg")
    assert list(tmp_path.iterdir()) == []


def longest_views(settings, seeds):
    """The longest view in each seed's 195 m square, metres; what else a plan must keep to is held against it."""
    longest = []
    for seed in range(seeds):
        plan = floorplan(settings, seed, (0, 0, 5, 5))
        assert plan.size_m[0] == pytest.approx(160 * CELL_M)
        assert max(room_kinds(plan).values()) <= 0.5
        assert dead_ends(plan) < 0.12
        places = grid_places(largest(walkable(plan)))
        longest.append(longest_sightline(places, cast(outlines(plan), places, np.arange(RAYS) * (2 * np.pi / RAYS))))
    return np.array(longest)


@pytest.mark.slow
def test_the_offices_of_level0_keep_their_figures_over_200_seeds():
    settings = PlanSettings(**tomllib.loads((SCENES / "level0.toml").read_text())["plan"])
    alone = {"grammar": "offices", "corridors": False, "long_views": 0.0, "long_walls": 0.0}
    longest = longest_views(settings.model_copy(update=alone), 200)
    assert longest.min() > 20.0
    assert np.mean(longest < 120.0) >= 0.95


@pytest.mark.slow
def test_level0_has_a_view_over_60_m_in_each_of_40_seeds():
    settings = PlanSettings(**tomllib.loads((SCENES / "level0.toml").read_text())["plan"])
    assert longest_views(settings, 40).min() > 60.0
