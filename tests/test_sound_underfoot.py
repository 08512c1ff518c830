"""Steps on a slab: wet where its patina is wet, with a splash where water stands; a car park rings for seconds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from generator.geometry import expand
from generator.places.level1.settings import Level1Scene
from generator.places.sounds import STONE
from generator.places.verbs import build, floorplan, place_of
from generator.scene.sound import SoundSettings
from generator.sound import RATE_HZ, parts
from generator.sound.body import splash
from generator.sound.echoes import SPEED_M_S, STEP_M, echoes
from generator.sound.hall import hall_of
from generator.surface import patina
from generator.surface.lay import MOST, WET
from generator.surface.palette import Wear
from generator.surface.underfoot import wetness
from tests.test_sound import silence
from tests.tiny_scene import tiny

SEED, PITCH_M = 4, 0.1


def flooded() -> Level1Scene:
    scene = tiny(Level1Scene())
    look, plan = scene.look.model_copy(update={"damp": 0.9}), scene.plan.model_copy(update={"damp": 0.8})
    return scene.model_copy(update={"look": look, "plan": plan})


def test_it_is_as_wet_underfoot_as_the_patina_is():
    scene = flooded()
    plan = floorplan(scene, SEED, (0, 0, 1, 1))
    level = build(plan, scene, SEED)
    mesh, _ = expand(level)
    slab = (level.palette.wear[mesh.chart_material] == Wear.SLAB) & (mesh.chart_origin[:, 2] == 0.0)
    slab &= (mesh.chart_normal[:, 2] > 0.99) & (mesh.sides_m.min(axis=1) > 1.0)
    laid = patina(mesh, level, SEED, np.where(slab, PITCH_M, 0.0))
    ours, theirs = [], []
    for chart in np.flatnonzero(slab):
        (x, y), (wide, high) = laid.chart_place[chart], laid.chart_size[chart]
        a, b = np.meshgrid(np.arange(2, wide - 2, 9), np.arange(2, high - 2, 9))
        a, b = a.ravel(), b.ravel()
        u, v = (a / (wide - 1))[:, None] * mesh.chart_u[chart], (b / (high - 1))[:, None] * mesh.chart_v[chart]
        code = laid.factor[y + b, x + a, 3].astype(float)
        ours.append(wetness(plan, level.ageing, SEED, (mesh.chart_origin[chart] + u + v)[:, :2]))
        theirs.append(np.clip((code - WET) / (MOST - WET), 0.0, 1.0))
    ours, theirs = np.concatenate(ours), np.concatenate(theirs)
    assert 0.1 < (theirs > 0.5).mean() < 0.95
    assert ((ours > 0.5) == (theirs > 0.5)).mean() > 0.95
    assert np.abs(ours - theirs).mean() < 0.05


def test_a_step_in_a_puddle_splashes_and_one_on_a_dry_slab_does_not():
    place = place_of(Level1Scene()).sounds
    steps = replace(silence(), step_time_s=np.array([0.2]), step_strength=np.ones(1))
    dry, wet = (
        parts(replace(steps, step_wet=np.array([share])), SoundSettings(), 1, place)["steps"] for share in (0.0, 1.0)
    )
    assert np.array_equal(dry, parts(steps, SoundSettings(), 1, place)["steps"])
    assert place.footing == STONE
    bands = [np.abs(np.fft.rfft(sound)[round(1500 * len(sound) / RATE_HZ) :]).sum() for sound in (dry, wet)]
    assert bands[1] > 1.5 * bands[0]
    assert np.abs(splash(3, 1)).max() == 1.0


def test_a_car_park_rings_for_seconds_and_its_tail_is_not_cut_off():
    scene = Level1Scene()
    sounds = place_of(scene).sounds
    plan = floorplan(scene, SEED, (-3, -3, 4, 4))
    ear = np.array([3.5 * 39.0, 3.5 * 39.0, 1.5])
    heard = echoes(hall_of(plan, sounds), ear - [0.0, 0.0, 1.45], ear, reach_m=sounds.reach_m)
    left = np.cumsum(heard.tail[::-1, 3])[::-1]
    at = [int(np.argmax(left < left[0] * 10.0**-share)) * STEP_M / SPEED_M_S for share in (0.5, 2.5)]
    assert 3.0 * (at[1] - at[0]) > 1.5
