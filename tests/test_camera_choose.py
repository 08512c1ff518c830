"""Where a still is taken from: what it shows, and that this hangs on the seed and the world alone."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from generator.camera.choose import Wish, choose_pose
from generator.camera.composition import noticed
from generator.geometry.landmarks import APART_M, Landmarks
from generator.places.level0.kit import KIT
from generator.places.verbs import build, floorplan, landmarks
from generator.plan.floorplan import CHUNK_M, LampState
from generator.plan.sight import sightline
from generator.precompile import small_room
from generator.scene import load_scene
from generator.viewpoint import pose_for

FOV = np.radians(62.0)
AROUND = (-1, -1, 2, 2)

SIGHTS = {kind: prop.sight for kind, prop in KIT.props.items() if prop.sight is not None}
SIGHTS |= {f"sunken_{kind}": prop.sunk for kind, prop in KIT.props.items() if prop.sunk is not None}
SIGHTS["open_hole"] = KIT.gap


def scene_of(seed: int, name: str = "level0"):
    return load_scene(name, [f"seed={seed}"])


def chosen(seed: int, chunks=AROUND, name: str = "level0"):
    scene = scene_of(seed, name)
    plan = floorplan(scene, seed, chunks)
    things = landmarks(plan, scene, seed)
    return plan, things, choose_pose(plan, seed, Wish(), FOV, things)[0]


def shown(plan, things: Landmarks, pose) -> list[str]:
    """Kinds of the things that a plain test finds in the picture's middle, near enough, with nothing before them."""
    eye, found = np.array(pose.position[:2]), []
    for kind, (x, y, z), size, out in zip(things.kind, things.at, things.size, things.out, strict=True):
        to = np.array([x, y]) - eye
        away = float(np.hypot(*to))
        off = (np.arctan2(to[1], to[0]) - pose.yaw + np.pi) % (2 * np.pi) - np.pi
        heights = (1.6, 0.8) if z < 1.3 else (1.6,)
        clear = all(sightline(plan, eye, (x, y) + 0.15 * out, h) > away - 0.2 for h in heights)
        if 2.5 < away < 12.0 and abs(off) < 0.8 * FOV / 2 and abs(z - 1.6) < 0.39 * away and clear and away < 20 * size:
            found.append(kind)
    return found


def test_most_seeds_show_one_thing_and_the_others_none():
    counts, kinds = Counter(), Counter()
    for seed in range(100, 160):
        found = shown(*chosen(seed))
        counts[min(len(found), 3)] += 1
        kinds.update(set(found))
    assert 0.55 < 1 - counts[0] / 60 < 0.9
    assert counts[1] > 2 * (counts[2] + counts[3])
    assert len(kinds) >= 8
    assert max(kinds.values()) < 20


@pytest.mark.parametrize("seed", [1, 4, 7, 12])
def test_the_choice_does_not_depend_on_the_window(seed):
    small, large = chosen(seed)[2], chosen(seed, (-2, -2, 2, 3))[2]
    shift = [(large.origin[k] - small.origin[k]) * CHUNK_M for k in (0, 1)]
    assert small.yaw == pytest.approx(large.yaw, abs=1e-9)
    assert np.add(large.position[:2], shift) == pytest.approx(small.position[:2], abs=1e-6)


def test_notable_things_are_those_that_are_built():
    scene = scene_of(6)
    look = scene.look.model_copy(update={"fittings": 3.0, "props": 6.0, "anomalies": 1.0})
    scene = scene.model_copy(update={"look": look})
    plan = floorplan(scene, 6, (0, 0, 2, 2))
    things, level = landmarks(plan, scene, 6), build(plan, scene, 6)
    at, kinds = [], []
    for mesh, place in zip(level.instances.mesh, level.instances.world_from_mesh, strict=True):
        name = level.instance_names[mesh].replace("tile_bars_2x4", "open_hole")
        ordinary = (name == "outlet" and place[2, 3] < 1.0) or name == "switch"
        name = f"sunken_{name}" if place[2, 3] < -0.3 else name
        if name in SIGHTS and not ordinary:
            kinds.append(name)
            at.append(place[:3, 3] + [0.0, 0.0, SIGHTS[name].middle_m])
    built = np.array(at)
    gap = np.linalg.norm(built[:, None] - things.at[None], axis=2)
    assert len(things.kind) > 30
    assert len(set(things.kind)) > 8
    assert gap.min(axis=1).max() < 2 * APART_M
    for n, kind in enumerate(things.kind):
        if kind != "switch":
            assert kinds[int(gap[:, n].argmin())] == kind
            assert gap[:, n].min() < 1e-6


def things_at(*rows: tuple[str, float, float, float]) -> Landmarks:
    sights = [SIGHTS[row[0]] for row in rows]
    number, size, worth = (np.array([getattr(s, name) for s in sights]) for name in ("number", "size_m", "worth"))
    at, out = np.array([r[1:] for r in rows]), np.zeros((len(rows), 2))
    return Landmarks(tuple(r[0] for r in rows), number, at, size, worth, out)


def best(things: Landmarks, eye: tuple[float, float], yaw: float) -> float:
    return float(noticed(small_room(), things, np.ones(len(things.kind)), np.array([eye]), np.array([yaw]), FOV)[0, 0])


def test_a_half_wall_hides_a_chair_and_not_a_clock():
    assert best(things_at(("stacking_chair", 7.0, 3.5, 0.4)), (1.0, 3.5), 0.0) == 0.0
    assert best(things_at(("clock", 7.0, 3.5, 2.1)), (1.0, 3.5), 0.0) > 0.3
    assert best(things_at(("stacking_chair", 7.0, 8.0, 0.4)), (1.0, 8.0), 0.2) > 0.6


def test_a_header_hides_an_exit_sign_and_not_a_clock():
    assert best(things_at(("exit_sign", 7.0, 9.0, 2.33)), (7.0, 3.0), np.pi / 2) == 0.0
    assert best(things_at(("clock", 7.0, 9.0, 2.1)), (7.0, 3.0), np.pi / 2) > 0.3


def test_a_thing_counts_in_the_middle_of_the_picture_alone():
    door = things_at(("door_open", 7.0, 8.0, 1.05))
    assert best(door, (1.0, 8.0), -0.25) == best(door, (1.0, 8.0), 0.0) == best(door, (1.0, 8.0), 0.25) > 0.6
    assert 0.0 < best(door, (1.0, 8.0), 0.42) < best(door, (1.0, 8.0), 0.3)
    assert best(door, (1.0, 8.0), 0.5) == 0.0


def test_the_date_is_written_over_what_lies_low_and_left():
    chair = things_at(("stacking_chair", 7.0, 8.0, 0.4))
    assert best(chair, (1.0, 8.0), -0.2) < 0.6 * best(chair, (1.0, 8.0), 0.2)


def test_one_thing_is_better_than_four():
    rows = [("filing_cabinet", 6.0, 7.25 + 0.5 * k, 0.66) for k in range(4)]
    one, four = (best(things_at(*rows[:n]), (1.0, 8.0), 0.0) for n in (1, 4))
    assert four < 0.6 * one


def test_every_sight_has_a_number_of_its_own_and_a_worth():
    assert len({sight.number for sight in SIGHTS.values()}) == len(SIGHTS)
    assert all(sight.worth > 0 for sight in SIGHTS.values())


def test_where_the_power_is_out_one_goes_where_a_lamp_burns():
    plan, _, pose = chosen(0, name="damp")
    on = plan.lamp_xy[plan.lamp_state == LampState.ON]
    assert np.hypot(*(on - (1.5 * CHUNK_M, 1.5 * CHUNK_M)).T).min() > 30.0
    to = on - np.array(pose.position[:2])
    ahead = np.abs((np.arctan2(to[:, 1], to[:, 0]) - pose.yaw + np.pi) % (2 * np.pi) - np.pi) < FOV / 2
    assert np.hypot(*to[ahead].T).min() < 12.0


def test_few_pictures_are_filled_by_a_near_wall():
    assert sum(np.mean([lit is not None for lit in walls(seed)]) > 0.47 for seed in range(100, 124)) <= 2


def test_no_near_wall_in_the_dark_fills_much_of_a_picture():
    assert np.mean([lit is False for lit in walls(0)]) < 0.4


def test_many_pictures_open_into_the_dark_and_few_onto_a_door():
    dark, doors = 0, 0
    for seed in range(100, 124):
        plan, things, pose = chosen(seed)
        on = plan.lamp_xy[plan.lamp_state == LampState.ON]
        dark += np.mean([opens_dark(plan, on, pose, turn) for turn in np.linspace(-0.45, 0.45, 31) * FOV]) > 0.05
        doors += "door" in shown(plan, things, pose)
    assert dark >= 8
    assert doors <= 2


def opens_dark(plan, on, pose, turn: float) -> bool:
    """Does one see further than 7 m in this direction, to where no lamp shines?"""
    eye, way = np.array(pose.position[:2]), np.array([np.cos(pose.yaw + turn), np.sin(pose.yaw + turn)])
    free = sightline(plan, eye, eye + 24.0 * way, 1.6)
    end = eye + (free - 0.3) * way
    about = on[np.hypot(*(on - end).T) < 4.0]
    return free > 7.0 and not any(sightline(plan, lamp, end, 1.6) > np.hypot(*(lamp - end)) - 0.1 for lamp in about)


def walls(seed: int) -> list[bool | None]:
    """Over the picture's breadth, ``wall_lit``."""
    plan, _, pose = chosen(seed)
    on = plan.lamp_xy[plan.lamp_state == LampState.ON]
    return [wall_lit(plan, on, pose, turn) for turn in np.linspace(-0.45, 0.45, 31) * FOV]


def wall_lit(plan, on, pose, turn: float) -> bool | None:
    """Is the wall within 6 m in this direction lit by a lamp that nothing hides? None where there is no such wall."""
    eye, way = np.array(pose.position[:2]), np.array([np.cos(pose.yaw + turn), np.sin(pose.yaw + turn)])
    free = sightline(plan, eye, eye + 6.0 * way, 1.6)
    if free > 5.95:
        return None
    foot = eye + (free - 0.3) * way
    about = on[np.hypot(*(on - foot).T) < 4.0]
    return any(sightline(plan, lamp, foot, 1.6) > np.hypot(*(lamp - foot)) - 0.1 for lamp in about)


def test_with_a_light_on_the_camera_one_stands_in_the_dark_level_and_sees_where_lamps_burn():
    glimpses = 0
    for seed in range(8):
        scene = scene_of(seed, "blackout")
        pose, _ = pose_for(scene)
        i, j = pose.origin
        plan = floorplan(scene, seed, (i, j, i + 3, j + 3))
        on, eye = plan.lamp_xy[plan.lamp_state == LampState.ON], np.array(pose.position[:2])
        to = on - eye
        away = np.hypot(*to.T)
        assert away.min() > 4.0
        assert abs(pose.pitch) < np.radians(1.2)
        off = np.abs((np.arctan2(to[:, 1], to[:, 0]) - pose.yaw + np.pi) % (2 * np.pi) - np.pi)
        ahead = np.flatnonzero((off < FOV / 2) & (away < 30.0))
        glimpses += any(sightline(plan, eye, on[k], 1.6) > away[k] - 0.2 for k in ahead)
    assert glimpses >= 5
