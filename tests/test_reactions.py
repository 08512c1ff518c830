"""What an operator notices in a film, what comes of it, and that nothing of it breaks the walk or the shot."""

from __future__ import annotations

import itertools
from dataclasses import fields as fields_of
from functools import lru_cache

import numpy as np
import pytest

from generator.camera.attention import STOPS_APART_S
from generator.camera.gaze import hesitations
from generator.camera.operator import Performance, perform
from generator.camera.operator_body import BEHIND
from generator.camera.path import CLEARANCE_M, STEP_M, Around, Route, around, wander
from generator.camera.script import REACTING, Script, beats_of, drawn_beats, read_script, script_of
from generator.camera.shot import FIELD_S
from generator.errors import NoclipError
from generator.film import FilmRequest
from generator.film.request import check
from generator.film.timeline import plan_timeline
from generator.places.verbs import floorplan
from generator.plan import is_free
from generator.plan.floorplan import CHUNK_M
from generator.plan.grid import grid_of_lines
from generator.plan.sight import Outlines, cast
from generator.scene import load_scene
from tests.walks import (
    FASTEST,
    HARDEST,
    ROUNDED,
    film_of,
    glided,
    looked_at,
    nearest_thing,
    speeds,
    straight,
    things_met,
)

FILMS = ["level0", "halls"]
TRIED = 8
"""Seeds, up to so many, of which the first is taken whose film stops at something."""
SECONDS = 16.0


@lru_cache(maxsize=8)
def seed_of(name: str) -> int:
    """The first seed of a preset whose film stops at something."""
    return next(k for k in range(TRIED) if any(r.deed == "stop" for r in walk(name, k).reactions))


@lru_cache(maxsize=2 * TRIED)
def walk(name: str, seed: int) -> Performance:
    """The walk of a film of a preset."""
    return film_of(name, seed, SECONDS).performance


@pytest.mark.parametrize("name", FILMS)
def test_things_that_come_near_in_the_light_are_looked_at_and_held(name):
    seed = seed_of(name)
    met = things_met(load_scene(name, [f"seed={seed}"]), walk(name, seed))
    assert met
    for key, at in met.items():
        assert any(key in (r.key, r.also) for r in walk(name, seed).reactions)
        assert looked_at(walk(name, seed), at) > 2.0


@pytest.mark.parametrize("name", FILMS)
def test_full_stops_are_ten_seconds_apart_no_thing_is_stopped_at_twice_and_beats_keep_their_clock(name):
    seed = seed_of(name)
    reactions = walk(name, seed).reactions
    stops = [r for r in reactions if r.deed == "stop"]
    assert stops
    assert all(b.start_s - a.start_s >= STOPS_APART_S for a, b in itertools.pairwise(stops))
    keys = [key for r in reactions if r.deed != "back" for key in (r.key, r.also) if key >= 0]
    assert len(keys) == len(set(keys))
    assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(reactions))
    script = script_of(load_scene(name).film, seed)
    for r in reactions:
        during = np.arange(r.start_s, r.end_s, 0.05)
        assert all(script.at(t)[1].word in REACTING for t in during)


@pytest.mark.parametrize("name", FILMS)
def test_an_operator_who_stops_stands_holds_breath_and_goes_on(name):
    seed = seed_of(name)
    p = walk(name, seed)
    for r in (r for r in p.reactions if r.deed == "stop" and r.end_s + 2.0 < len(p.position) * FIELD_S):
        held = slice(round((r.free_s - 1.0) / FIELD_S), round((r.free_s - 0.4) / FIELD_S))
        assert glided(p, held) < 0.25
        assert np.abs(p.breath[held]).max() < 0.2
        assert glided(p, slice(round(r.end_s / FIELD_S), round((r.end_s + 2.0) / FIELD_S))) > 0.5


@pytest.mark.parametrize("name", FILMS)
def test_nobody_turns_faster_than_people_do(name):
    seed = seed_of(name)
    for speed, change in speeds(walk(name, seed)):
        assert speed < FASTEST
        assert change < HARDEST


@pytest.mark.parametrize("name", FILMS)
def test_a_step_off_the_route_ends_clear_of_everything(name):
    seed = seed_of(name)
    p = walk(name, seed)
    scene = load_scene(name, [f"seed={seed}"])
    xy = p.position[::10, :2] + np.array(p.origin) * CHUNK_M
    assert nearest_thing(scene, seed, xy) > CLEARANCE_M - ROUNDED
    low, high = np.floor(xy.min(axis=0) / CHUNK_M).astype(int) - 1, np.floor(xy.max(axis=0) / CHUNK_M).astype(int) + 2
    assert is_free(floorplan(scene, seed, (*low, *high)), xy - low * CHUNK_M, CLEARANCE_M - ROUNDED).all()


def test_a_longer_film_begins_like_a_shorter_one_reactions_and_all():
    seed = seed_of("level0")
    short, long = film_of("level0", seed, 9.0).performance, walk("level0", seed)
    for field in fields_of(Performance):
        if field.name not in ("origin", "step_time_s", "step_strength", "reactions"):
            a, b = getattr(short, field.name), getattr(long, field.name)
            assert np.array_equal(a, b[: len(a)]), field.name
    assert short.reactions == long.reactions[: len(short.reactions)]


def test_a_path_or_a_shot_file_draws_no_reactions_unless_it_says_so(tmp_path):
    def reactions(text: str):
        (tmp_path / "shot.toml").write_text(text, encoding="utf-8")
        scene = load_scene("level0", [f"seed={seed_of('level0')}"])
        asked = FilmRequest(scene, read_script(tmp_path / "shot.toml"), 0, 480)
        return plan_timeline(asked).performance.reactions

    assert reactions('beats = ["walk 20"]\n') == ()
    assert reactions('beats = ["walk 20"]\nreact = true\n')


def test_nerves_of_an_old_recipe_keep_the_old_motion():
    """The numbers are those that version 0.1 gave; they go through a bend, a beat of looking about, and a fall."""
    a = np.arange(0.0, np.pi / 2, STEP_M / 1.5)
    curve = np.stack([10 + 1.5 * np.sin(a), 1.5 - 1.5 * np.cos(a)], axis=1)
    x, y = np.arange(0, 10, STEP_M), np.arange(1.5, 21.5, STEP_M)
    ends = np.stack([x, 0 * x], axis=1), np.stack([0 * y + 11.5, y], axis=1)
    route = Route((0, 0), np.concatenate([ends[0], curve, ends[1]]), closed=False)
    script = Script(beats_of(["walk 9", "investigate 4", "look back 2.5", "drop 3"]), again=True)
    p = perform(route, script, 1200, 7, 0.5, 0.0, nerves=0.3)
    rows = {
        100: (1.387588, 0.007142, 1.600181, -0.001941, -0.022564, -0.003915),
        400: (7.118772, -0.002902, 1.585935, 0.011573, -0.018406, -0.003974),
        700: (11.133399, 0.521676, 1.594949, 0.715251, -0.011856, -0.002246),
        1000: (11.5, 2.785961, 0.089995, 1.275678, 0.052012, 1.420866),
    }
    for n, row in rows.items():
        assert np.allclose([*p.position[n], p.yaw[n], p.pitch[n], p.roll[n]], row, atol=2e-6)


def bend(radius_m: float = 1.2) -> Route:
    """Ten metres along +x, a quarter circle to the left, ten metres along +y."""
    a = np.arange(0.0, np.pi / 2, STEP_M / radius_m)
    curve = np.stack([10 + radius_m * np.sin(a), radius_m - radius_m * np.cos(a)], axis=1)
    x, y = np.arange(0, 10, STEP_M), np.arange(radius_m, radius_m + 10, STEP_M)
    ends = np.stack([x, 0 * x], axis=1), np.stack([0 * y + 10 + radius_m, y], axis=1)
    return Route((0, 0), np.concatenate([ends[0], curve, ends[1]]), closed=False)


def test_a_bend_is_taken_slowly_and_with_a_lean_to_its_inner_side():
    p = perform(bend(), Script(), round(16 / FIELD_S), 7, 0.0, 0.0)
    speed = np.hypot(*np.gradient(p.position[:, :2], axis=0).T) / FIELD_S
    inside = np.flatnonzero((p.position[:, 0] > 10.3) & (p.position[:, 1] < 0.9))
    assert speed[inside].max() < 0.8 * speed.max()
    assert p.roll[inside].min() < np.radians(-1.5)
    assert p.roll.max() < np.radians(0.5)


def test_a_threshold_that_is_hesitated_at_is_neared_slowly_and_others_are_not():
    """A wall with a doorway of 0.9 m on the way, ten times, each twelve metres on."""
    doors = np.arange(6.0, 120.0, 12.0)
    ends = [[d - 0.06, side * 0.45, d + 0.06, side * 0.45] for d in doors for side in (-1, 1)]
    edge = np.array([*ends, [0, -20, 130, -20], [0, 20, 130, 20]]) + 30.0
    where = Around(Outlines(edge, grid_of_lines((140, 140), edge)), np.array([30.0, 30.0]))
    slow = hesitations(straight(126.0), where, 3)
    near = [slow[round((d - 0.5) / STEP_M)] < 0.5 for d in doors]
    assert 2 <= sum(near) <= 8
    assert (slow[[round((d + 5.0) / STEP_M) for d in doors]] > 2.0).all()


def test_shake_given_beside_an_old_recipe_wins_over_its_nerves(tmp_path):
    path = tmp_path / "old.toml"
    path.write_text("[camera]\nnerves = 0.9\n", encoding="utf-8")
    assert load_scene(str(path)).camera.nerves == 0.9
    new = load_scene(str(path), ["camera.shake=0.4"]).camera
    assert (new.nerves, new.shake) == (None, 0.4)


def swing(angle, hz: float) -> float:
    """Half of the swing, degrees, of the part of an angle (N,) about one frequency."""
    power = np.fft.rfft(angle)
    off = np.abs(np.fft.rfftfreq(len(angle), FIELD_S) / hz - 1.0) > 0.2
    power[off] = 0.0
    return float(np.degrees(np.sqrt(2.0) * np.fft.irfft(power, len(angle)).std()))


def test_hands_swing_with_every_step_and_stride_as_much_as_hands_do():
    """A camera's pitch follows the step, its yaw and roll the stride, and no head of a walker exceeds 90°/s."""
    p = perform(straight(120.0), Script(), round(60 / FIELD_S), 7, 0.5, 0.0)
    step_hz = 1 / np.diff(p.step_time_s[8:]).mean()
    late = slice(600, None)
    pitch, yaw, roll = (a[late] - a[late].mean() for a in (p.pitch, p.yaw, p.roll))
    assert 0.4 < swing(pitch, step_hz) < 1.1
    assert 0.8 < swing(yaw, step_hz / 2) < 2.0
    assert 0.8 < swing(roll, step_hz / 2) < 2.0
    assert swing(pitch, step_hz) > 2 * swing(pitch, step_hz / 2)
    assert swing(roll, step_hz / 2) > 2 * swing(roll, step_hz)
    for angle in (pitch, yaw, roll):
        assert np.degrees(np.abs(np.diff(angle))).max() / FIELD_S < 90


def test_a_tripod_does_not_move_and_panic_moves_twice_as_much_as_ease():
    still, ease, panic = (perform(straight(), Script(), 900, 7, shake, 0.0) for shake in (0.0, 0.5, 1.0))
    assert np.ptp(still.position[:, 2]) < 1e-9
    assert np.ptp(still.pitch) < 1e-9
    assert panic.pitch[300:].std() == pytest.approx(2 * ease.pitch[300:].std(), rel=0.05)


def test_a_zoom_beyond_the_lens_is_refused_before_any_frame():
    scene = load_scene("level0")
    with pytest.raises(NoclipError, match=r"beyond the lens.*62.*13\.8"):
        check(FilmRequest(scene, Script(zoom=((1.0, 40.0),)), 0, 60))
    check(FilmRequest(scene, Script(zoom=((1.0, 13.0),)), 0, 60))


def test_a_zoom_goes_from_one_of_its_times_to_the_next():
    p = perform(straight(), Script(zoom=((1.0, 1.0), (3.0, 2.0))), 300, 7, 0.5, 0.0)
    at = {seconds: p.zoom[round(seconds / FIELD_S)] for seconds in (0.5, 2.0, 4.0)}
    assert at[0.5] == 1.0
    assert at[2.0] == pytest.approx(2**0.5, abs=0.03)
    assert at[4.0] == 2.0


@pytest.mark.parametrize("seed", range(4))
def test_a_look_back_goes_where_one_sees_farthest_behind(seed):
    scene = load_scene("level0", [f"seed={seed}"])
    route = wander(scene, seed, (0, 0), (20.0, 20.0), 0.0, 20.0)
    where = around(scene, seed, route)
    script = Script(beats_of(["walk 5", "look back 4", "walk 60"]))
    p = perform(route, script, round(9.0 / FIELD_S), seed, 0.0, 0.0, where)
    middle, turned = round(7.0 / FIELD_S), BEHIND[BEHIND > 0]
    ahead = float(p.yaw[round(4.8 / FIELD_S)])
    off = (p.yaw[middle] - ahead + np.pi) % (2 * np.pi) - np.pi
    assert np.abs(off) > np.radians(110.0)
    turns = np.append(p.yaw[middle], ahead + np.concatenate([turned, -turned]))
    free = cast(where.lines, p.position[middle, :2] + where.shift, turns)[0]
    assert free[0] > 0.5 * np.median(free[1:])


def test_nobody_runs_without_a_look_back_first():
    for seed in range(20):
        words = [beat.word for beat in drawn_beats(seed)]
        assert all(before == "look back" for before, word in itertools.pairwise(words) if word == "run")
        assert "run" in words


def test_no_two_seeds_have_one_rhythm_and_none_repeats_within_ten_minutes():
    begun = []
    for seed in range(12):
        beats = drawn_beats(seed)
        assert beats == drawn_beats(seed)
        assert sum(beat.seconds for beat in beats) > 600
        ends = np.cumsum([beat.seconds for beat in beats])
        broken = [end for end, beat in zip(ends, beats, strict=True) if beat.word not in ("walk", "run") and end < 120]
        assert 4 <= len(broken) <= 20
        begun.append(np.array(broken))
    for a, b in itertools.combinations(begun, 2):
        assert (np.abs(a[:, None] - b).min(axis=1) > 0.5).any()
