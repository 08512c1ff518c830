"""What everybody relies on in a plan: connected, endless, independent of the window, lamps whole."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from scipy.ndimage import label

from generator.errors import NoclipError
from generator.places.level0.plan.generate import floorplan, rules_of
from generator.places.level0.plan.lamps import CIRCUIT
from generator.places.level0.plan.openings import seam
from generator.places.level0.plan.tiling import PITCH, SWAY, block_box
from generator.places.level0.plan.traffic import traffic
from generator.places.level0.plan_settings import Grammars, PlanSettings
from generator.plan import is_free, isovist, nearest_free, sightline, walkable
from generator.plan.floorplan import CELL_M, CHUNK_CELLS, CHUNK_M, MODULE_M, LampState, SolidKind, WallKind
from generator.plan.sight import wall_corners
from generator.seed import hash64

SCENES = Path(__file__).parent.parent / "scenes"
FAR = 2**30
PRESETS = ["level0", "offices", "halls", "blackout", "damp"]


def preset(name):
    return PlanSettings(**tomllib.loads((SCENES / f"{name}.toml").read_text()).get("plan", {}))


def enclosed(plan, clearance_m):
    """Walkable parts (four neighbours) that neither touch the plan's edge nor are the largest one."""
    parts, n = label(walkable(plan, clearance_m))
    at_edge = np.unique(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]))
    counts = np.bincount(parts.ravel(), minlength=n + 1)
    main = 1 + int(np.argmax(counts[1:]))
    return [k for k in range(1, n + 1) if k != main and k not in at_edge], counts[main] / counts[1:].sum()


def walls_as_set(plan, shift=(0.0, 0.0), box=None):
    """Walls cut to a box, in 0.1 mm, as an order-free description: covered unit pieces of 1/4 cell."""
    out = set()
    x_low, y_low, x_high, y_high = box or (0, 0, *plan.size_m)
    for k in range(len(plan.wall_xy)):
        x0, y0, x1, y1 = plan.wall_xy[k] - [*shift, *shift]
        x0, x1 = (max(x0, x_low), min(x1, x_high)) if x1 > x0 else (x0, x1)
        y0, y1 = (max(y0, y_low), min(y1, y_high)) if y1 > y0 else (y0, y1)
        if not (x_low - 1e-9 <= x0 <= x1 <= x_high + 1e-9 and y_low - 1e-9 <= y0 <= y1 <= y_high + 1e-9):
            continue
        if x1 - x0 < 1e-9 and y1 - y0 < 1e-9:
            continue
        spec = (plan.wall_thickness[k], *plan.wall_z[k], plan.wall_kind[k], plan.wall_crown[k], plan.wall_run[k])
        out.add((*(round(1e4 * c) for c in (x0, y0, x1, y1)), *(round(1e4 * float(s)) for s in spec[:3]), *spec[3:]))
    return out


@pytest.mark.parametrize("name", PRESETS)
def test_no_place_is_enclosed_and_no_way_narrower_than_0_6_m(name):
    for seed in range(4):
        origin = (0, 0) if seed % 2 == 0 else (FAR - 3, -FAR)
        plan = floorplan(preset(name), seed, (*origin, origin[0] + 3, origin[1] + 3))
        lost, share = enclosed(plan, 0.30)
        assert lost == []
        assert share > 0.9


@pytest.mark.slow
def test_nothing_is_enclosed_in_100_seeds_of_8_by_8_chunks():
    for seed in range(100):
        i, j = [(0, 0), (-5, 3), (FAR - 8, -FAR), (123456789, -987654321)][seed % 4]
        plan = floorplan(preset(PRESETS[seed % 5]), seed, (i, j, i + 8, j + 8))
        lost, share = enclosed(plan, 0.30)
        assert lost == [], (seed, i, j)
        assert share > 0.95


def test_a_wall_across_a_passage_is_noticed_as_enclosing():
    plan = floorplan(preset("offices"), 1, (0, 0, 2, 2))
    shut = np.where(plan.wall_kind == WallKind.HEADER, 0.0, plan.wall_z[:, 0])
    closed = replace(plan, wall_z=np.stack([shut, plan.wall_z[:, 1]], axis=1))
    assert enclosed(closed, 0.30)[0]


@pytest.mark.parametrize("origin", [(0, 0), (-3, 7), (FAR - 2, -FAR)])
def test_a_chunk_alone_equals_the_chunk_in_a_city(origin):
    settings = preset("level0")
    i, j = origin
    city = floorplan(settings, 5, (i, j, i + 2, j + 2))
    for di, dj in ((0, 0), (1, 0), (1, 1)):
        alone = floorplan(settings, 5, (i + di, j + dj, i + di + 1, j + dj + 1))
        at = np.array([di * CHUNK_M, dj * CHUNK_M])
        cells = slice(dj * CHUNK_CELLS, (dj + 1) * CHUNK_CELLS), slice(di * CHUNK_CELLS, (di + 1) * CHUNK_CELLS)
        for name in ("ceiling_m", "room", "open_east", "open_north"):
            assert np.array_equal(getattr(city, name)[cells], getattr(alone, name)), name
        for name, values in city.district_maps.items():
            assert np.array_equal(values[cells], alone.district_maps[name])
        box = (0.0, 0.0, CHUNK_M, CHUNK_M)
        assert walls_as_set(city, at, box) == walls_as_set(alone)
        here = ((city.lamp_xy >= at) & (city.lamp_xy < at + CHUNK_M)).all(axis=1)
        assert np.array_equal(np.sort(city.lamp_id[here]), np.sort(alone.lamp_id))
        order, other = np.argsort(city.lamp_id[here]), np.argsort(alone.lamp_id)
        assert np.allclose(city.lamp_xy[here][order] - at, alone.lamp_xy[other], atol=1e-9)
        assert np.array_equal(city.lamp_state[here][order], alone.lamp_state[other])


def test_neighbours_agree_on_their_common_border():
    settings = preset("level0")
    west, east = floorplan(settings, 9, (0, 0, 1, 1)), floorplan(settings, 9, (1, 0, 2, 1))
    right = np.abs(west.wall_xy[:, [0, 2]] - CHUNK_M).max(axis=1) < 1e-9
    left = np.abs(east.wall_xy[:, [0, 2]]).max(axis=1) < 1e-9
    of_west = sorted(map(tuple, np.round(np.column_stack([west.wall_xy[right][:, [1, 3]], west.wall_z[right]]), 6)))
    of_east = sorted(map(tuple, np.round(np.column_stack([east.wall_xy[left][:, [1, 3]], east.wall_z[left]]), 6)))
    assert of_west == of_east


def test_the_same_seed_gives_the_same_plan_and_another_seed_another():
    settings = preset("level0")
    one, two, other = (floorplan(settings, s, (0, 0, 1, 1)) for s in (3, 3, 4))
    assert np.array_equal(one.wall_xy, two.wall_xy)
    assert np.array_equal(one.lamp_state, two.lamp_state)
    assert one.wall_xy.shape != other.wall_xy.shape or not np.array_equal(one.wall_xy, other.wall_xy)


@pytest.mark.parametrize("maze", ["prim", "kruskal", "wilson", "division", "hunt_and_kill", "growing_tree"])
def test_the_maze_algorithm_changes_the_plan_and_keeps_it_whole(maze):
    base = preset("offices")
    plan = floorplan(base.model_copy(update={"maze": maze}), 2, (0, 0, 4, 4))
    assert enclosed(plan, 0.30)[0] == []
    usual = floorplan(base.model_copy(update={"maze": "backtracker"}), 2, (0, 0, 4, 4))
    assert not np.array_equal(plan.open_east, usual.open_east)


def overlaps(plan, rects):
    """How many axis-aligned rectangles (N, 4) overlap a lamp by more than 0.2 mm."""
    half = np.where(plan.lamp_axis[:, None] == 0, [[0.6096, 0.3048]], [[0.3048, 0.6096]])
    low, high = plan.lamp_xy - half + 1e-4, plan.lamp_xy + half - 1e-4
    return sum(int(((low < r[2:]) & (high > r[:2])).all(axis=1).sum()) for r in rects)


@pytest.mark.parametrize("name", PRESETS)
def test_lamps_cover_whole_modules_and_nothing_cuts_them(name):
    plan = floorplan(preset(name), 11, (0, 0, 2, 2))
    assert len(plan.lamp_xy) > 50
    half = np.where(plan.lamp_axis[:, None] == 0, [[2, 1]], [[1, 2]]) / 2
    corner = plan.lamp_xy / MODULE_M - half
    assert np.abs(corner - np.round(corner)).max() < 1e-6
    corners = wall_corners(plan)
    reach = (plan.wall_kind != WallKind.HALF) & (plan.wall_kind != WallKind.SILL)
    assert overlaps(plan, np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)[reach]) == 0
    rings = [plan.solid_xy[a:b] for a, b in zip(plan.solid_start[:-1], plan.solid_start[1:], strict=True)]
    rings = [ring for ring, top in zip(rings, plan.solid_z[:, 1], strict=True) if top > 1.0]
    half = half * MODULE_M - 1e-4
    lamps = shapely.box(*(plan.lamp_xy - half).T, *(plan.lamp_xy + half).T)
    assert not shapely.STRtree(lamps).query([shapely.Polygon(r) for r in rings], predicate="intersects").size
    assert overlaps(plan, np.concatenate([plan.lamp_xy - 0.1, plan.lamp_xy + 0.1], axis=1)) == len(plan.lamp_xy)
    cell = np.floor((plan.lamp_xy) / CELL_M - 1e-6).astype(int)
    assert np.array_equal(plan.ceiling_m[cell[:, 1], cell[:, 0]], plan.lamp_z)
    assert len(np.unique(plan.lamp_id)) == len(plan.lamp_id)


def test_few_lamps_are_dead_with_power_and_nearly_all_without():
    plan = floorplan(preset("blackout").model_copy(update={"rooms_dark": 0.0}), 0, (0, 0, 8, 8))
    cell = np.floor(plan.lamp_xy / CELL_M - 1e-6).astype(int)
    power = plan.district_maps["power"][cell[:, 1], cell[:, 0]]
    dead = plan.lamp_state == LampState.DEAD
    assert 0.04 < dead[power > 0.99].mean() < 0.12
    assert dead[power < 0.01].mean() > 0.99
    powered = preset("level0").model_copy(update={"blackout": 0.0, "rooms_dark": 0.0})
    lit = floorplan(powered, 0, (0, 0, 6, 6)).lamp_state
    assert 0.02 < (lit == LampState.DEAD).mean() < 0.05
    assert 0.003 < (lit == LampState.FAILING).mean() < 0.02


def test_a_few_rooms_are_dark_as_a_whole_and_the_others_as_bright_as_ever():
    bare = {"corridors": False, "long_views": 0.0, "long_walls": 0.0, "grammars": Grammars()}
    settings = preset("level0").model_copy(update={"blackout": 0.0, "lamps_dead": 0.0} | bare)
    plan = floorplan(settings, 0, (0, 0, 6, 6))
    cell = np.floor(plan.lamp_xy / CELL_M - 1e-6).astype(int)
    shares = _shares_dead(plan, plan.room[cell[:, 1], cell[:, 0]])
    assert set(shares) == {0.0, 1.0}
    assert 0.05 < (shares > 0).mean() < 0.11
    all_lit = floorplan(settings.model_copy(update={"rooms_dark": 0.0}), 0, (0, 0, 6, 6)).lamp_state
    assert not (all_lit == LampState.DEAD).any()


def test_halls_of_districts_are_dark_by_circuits_of_twenty_metres_not_as_a_whole():
    settings = preset("level0").model_copy(update={"blackout": 0.0, "lamps_dead": 0.0})
    plan = floorplan(settings, 0, (0, 0, 6, 6))
    cell = np.floor(plan.lamp_xy / CELL_M - 1e-6).astype(int)
    room = plan.room[cell[:, 1], cell[:, 0]]
    shares = _shares_dead(plan, room * 10_000 + cell[:, 1] // CIRCUIT * 100 + cell[:, 0] // CIRCUIT)
    assert set(shares) == {0.0, 1.0}
    assert 0.04 < (shares > 0).mean() < 0.12
    partly = _shares_dead(plan, room)
    assert ((partly > 0) & (partly < 1)).any()


def _shares_dead(plan, group):
    """Share of dead lamps in each group of lamps."""
    _, of = np.unique(group, return_inverse=True)
    return np.bincount(of, plan.lamp_state == LampState.DEAD) / np.bincount(of)


def test_lamps_of_old_districts_are_warm_and_cool_side_by_side_and_a_few_have_a_dead_tube():
    kelvins, lame = [], []
    for decay in (0.0, 1.0):
        plan = floorplan(preset("level0").model_copy(update={"decay": decay}), 3, (0, 0, 3, 3))
        cell = np.floor(plan.lamp_xy / 9.0).astype(int)
        same = [plan.lamp_kelvin[(cell == c).all(axis=1)] for c in np.unique(cell, axis=0)]
        kelvins.append(np.median([np.ptp(near) for near in same if len(near) > 4]))
        lame.append((plan.lamp_kind[plan.lamp_state == LampState.ON] == 1).mean())
        assert (plan.lamp_kind[plan.lamp_state != LampState.ON] == 0).all()
        assert plan.lamp_kelvin.min() >= 3400
    assert kelvins[0] < 150
    assert kelvins[1] > 500
    assert 0.02 < lame[0] < 0.05
    assert 1.5 * lame[0] < lame[1] < 0.15


def test_corridors_and_doorways_are_walked_on_most_and_halls_hardly():
    """A hall of 12 × 12 cells, a way of one cell from its middle, and a room that no one can get into."""
    east, north = np.zeros((2, 24, 40), bool)
    east[4:16, 4:15], north[4:15, 4:16] = True, True
    east[9, 15:30] = True
    worn = traffic(np.stack([east, north]))
    assert (worn[9, 17:29] == 1.0).all()
    assert worn[9, 15] == 1.0
    assert 0.2 < worn[9, 13] < worn[9, 14] < 1.0
    assert worn[5:14, 5:11].max() < 0.12
    assert (worn[20:, :] == 0.0).all()


def test_everything_that_was_asked_for_stands_somewhere():
    walls, solids, ceilings = set(), set(), set()
    for name in ("level0", "offices", "halls"):
        plan = floorplan(preset(name), 2, (0, 0, 6, 6))
        walls |= set(plan.wall_kind.tolist())
        solids |= set(plan.solid_kind.tolist())
        ceilings |= set(np.round(plan.ceiling_m, 2).ravel().tolist())
        low = plan.wall_z[plan.wall_kind == WallKind.HALF, 1]
        assert ((low >= 1.0) & (low <= 1.5)).all()
    stepped = floorplan(preset("level0").model_copy(update={"heights": 1.0}), 2, (0, 0, 2, 2))
    solids |= set(stepped.solid_kind.tolist())
    assert walls == {int(k) for k in WallKind}
    assert solids == {int(k) for k in SolidKind} - {SolidKind.GROUND}
    assert min(ceilings) >= 2.1
    assert max(ceilings) <= 6.0
    assert max(ceilings) >= 4.5


def test_headers_end_at_their_jambs_and_leave_room_for_a_head():
    plan = floorplan(preset("level0"), 6, (0, 0, 3, 3))
    over = (plan.wall_kind == WallKind.HEADER) | (plan.wall_kind == WallKind.ARCH)
    assert plan.wall_z[over, 0].min() >= 1.75
    walls = np.flatnonzero(plan.wall_kind == WallKind.WALL)
    ends = {tuple(np.round(p, 4)) for k in walls for p in plan.wall_xy[k].reshape(2, 2)}
    doors = np.flatnonzero(over & (np.abs(plan.wall_z[:, 0] - 2.1) < 1e-9))
    inner = [k for k in doors if (plan.wall_xy[k] > 1).all() and (plan.wall_xy[k] < plan.size_m[0] - 1).all()]
    assert len(inner) > 3
    for k in inner:
        assert all(tuple(np.round(p, 4)) in ends for p in plan.wall_xy[k].reshape(2, 2))
        assert np.hypot(*(plan.wall_xy[k, 2:] - plan.wall_xy[k, :2])) >= 0.9 - 1e-9


def test_tops_of_walls_are_the_higher_ceiling_beside_them():
    plan = floorplan(preset("halls"), 4, (0, 0, 2, 2))
    inner = (plan.wall_kind == WallKind.WALL) & (plan.wall_xy > 2).all(axis=1) & (plan.wall_xy < 76).all(axis=1)
    for k in np.flatnonzero(inner):
        middle = (plan.wall_xy[k, :2] + plan.wall_xy[k, 2:]) / 2
        around = middle + 0.2 * np.array([[1, 1], [-1, 1], [1, -1], [-1, -1]])
        cells = np.floor(around / CELL_M).astype(int)
        assert any(abs(plan.ceiling_m[y, x] - plan.wall_z[k, 1]) < 1e-9 for x, y in cells)


def test_blocks_tile_the_plane_and_none_is_thin():
    world = np.uint64(99)
    count = np.zeros((200, 200), int)
    for i in range(-3, 12):
        for j in range(-3, 12):
            x0, y0, x1, y1 = block_box(world, i, j)
            assert min(x1 - x0, y1 - y0) >= PITCH - 2 * SWAY
            count[max(y0, 0) : max(y1, 0), max(x0, 0) : max(x1, 0)] += 1
    assert (count == 1).all()


def test_a_region_without_chunks_or_outside_the_world_is_refused():
    for chunks in ((0, 0, 0, 1), (2, 0, 1, 1), (FAR + 1, 0, FAR + 2, 1)):
        with pytest.raises(NoclipError):
            floorplan(PlanSettings(), 0, chunks)


def test_sight_ends_at_walls_and_free_places_are_free():
    plan = floorplan(preset("level0"), 1, (0, 0, 1, 1))
    length = np.abs(plan.wall_xy[:, 2:] - plan.wall_xy[:, :2]).sum(axis=1)
    k = int(np.argmax(np.where(plan.wall_kind == WallKind.WALL, length, 0)))
    p, q = plan.wall_xy[k, :2], plan.wall_xy[k, 2:]
    middle, normal = (p + q) / 2, np.array([(q - p)[1], -(q - p)[0]]) / np.hypot(*(q - p))
    front = middle + 0.5 * normal
    assert abs(sightline(plan, front, middle - normal) - (0.5 - plan.wall_thickness[k] / 2)) < 1e-6
    assert not is_free(plan, middle)
    free = nearest_free(plan, middle)
    assert free is not None
    assert is_free(plan, free, 0.25)
    assert np.hypot(*(np.array(free) - middle)) < 2.0
    assert isovist(plan, free, 90).min() >= 0.25 - 1e-6


def test_a_border_between_blocks_is_one_run_so_that_no_paper_changes_along_it():
    rules = rules_of(PlanSettings())
    for i, j in np.ndindex(6, 6):
        run = seam(np.uint64(hash64(3, "plan")), rules, i, j)[-1]
        assert len(set(run.tolist())) == 1
