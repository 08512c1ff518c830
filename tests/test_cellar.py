"""A place of one's own, through the public ``Place`` alone, passes what Level 0 passes."""

from __future__ import annotations

import importlib
import io

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from generator.camera.script import Script, beats_of
from generator.camera.shot import Pose
from generator.cli import main
from generator.errors import NoclipError
from generator.export import build_region, export_region, region_of
from generator.film import FilmRequest, make_film
from generator.light.bake import bake
from generator.places.verbs import build, code_of, floorplan
from generator.plan import walkable
from generator.progress import Progress
from generator.scene import load_scene
from generator.still import StillRequest, make_still
from tests.furnace import furnace_light
from tests.glb import Glb
from tests.light_budget import absorbed
from tests.places.cellar import PIT, ROOM, CellarScene
from tests.reference.mitsuba_scene import start_mitsuba
from tests.reference.mitsuba_views import SPP, Room, agreement, expect_agreement, mean_albedo, ours, theirs
from tests.shell_checks import edges_used, rays_that_escape
from tests.tiny_scene import tiny


@pytest.fixture(scope="module")
def scene() -> CellarScene:
    return tiny(CellarScene())


@pytest.fixture(scope="module")
def level(scene):
    return build(floorplan(scene, 0, (0, 0, 1, 1)), scene, 0)


def test_a_scene_file_chooses_the_place_and_is_checked_by_it(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('place = "cellar"\n[plan]\ndark = 0.5\n', encoding="utf-8")
    assert load_scene(str(path)).plan.dark == 0.5
    with pytest.raises(NoclipError, match=r"plan\.dark = 2 is out of range; allowed: 0\.0 to 1\.0"):
        load_scene(str(path), ["plan.dark=2"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('place = "celar"', "there is no place 'celar' (did you mean 'cellar'?)"),
        ('place = "cellar"\n[plan]\nopenness = 0.5', "'plan.openness' is a setting of the place 'level0'"),
        ("[look]\nbricks = 1", "unknown key 'look.bricks'"),
        ("[plan]\ndark = 0.5", "'plan.dark' is a setting of the place 'cellar', and this scene's place is 'level0'"),
    ],
)
def test_another_place_s_settings_are_one_line_that_says_whose_they_are(text, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    assert main(["still", "mine.toml", "-o", "a.png"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize("seed", range(3))
def test_a_plan_does_not_depend_on_the_window_and_joins_its_rooms(seed, scene):
    small, large = floorplan(scene, seed, (0, 0, 1, 1)), floorplan(scene, seed, (-1, -1, 2, 2))
    inner = np.s_[32:64, 32:64]
    for name in ("floor_m", "ceiling_m", "room", "open_east", "open_north"):
        assert np.array_equal(getattr(small, name), getattr(large, name)[inner]), name
    assert set(small.lamp_id) <= set(large.lamp_id)
    assert small.floor_m.min() == pytest.approx(PIT * 1e-4)
    assert len(np.unique(small.room)) == (32 // ROOM) ** 2
    pixels, count = ndimage.label(walkable(small)[2:-2, 2:-2])
    assert (pixels > 0).any()
    assert count == 1


def test_the_shell_has_no_open_edge_and_no_ray_escapes(level):
    mesh = level.building
    assert (edges_used(mesh) == 2).all()
    assert rays_that_escape(mesh, level.size_m, floor_m=PIT * 1e-4) == 0


def test_the_pit_has_a_floor_and_sides(level):
    mesh = level.building
    low = np.abs(mesh.vertices[mesh.faces][:, :, 2] - PIT * 1e-4).max(axis=1) < 1e-6
    corners = mesh.vertices[mesh.faces[low]]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum() / 2
    rooms = (32 // ROOM) ** 2
    assert area == pytest.approx(rooms * (2 * 1.2192) ** 2, rel=1e-6)


def test_all_the_power_sent_out_is_taken_up(scene, level):
    albedo = np.full((len(level.materials), 3), 0.5)
    lamps = level.lamps
    area = 4 * np.linalg.norm(lamps.half_u, axis=1) * np.linalg.norm(lamps.half_v, axis=1)
    sent = (lamps.radiance * area[:, None]).sum(axis=0)
    exact = scene.light.model_copy(update={"cutoff": 0.0})
    taken = absorbed(level, bake(level, exact, albedo), albedo, props=False)
    np.testing.assert_allclose(taken, sent, rtol=0.02)  # bulbs and cords are too thin to throw shadows


def test_what_is_kept_of_a_place_of_one_s_own_does_not_outlive_a_change_of_its_code(tmp_path, monkeypatch):
    path = tmp_path / "loft.py"
    text = "from generator.scene import Scene\n\n\nclass LoftScene(Scene):\n    pass\n"
    path.write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    loft = importlib.import_module("loft")
    before = code_of(loft.LoftScene())
    path.write_text(text + "# bricks\n", encoding="utf-8")
    assert before
    assert code_of(loft.LoftScene()) != before
    assert code_of(load_scene("level0")) == ""


def test_a_still_is_taken_of_it(scene):
    taken = make_still(StillRequest(scene, pose=Pose((0, 0), (2.4, 0.9, 1.6), 1.57, 0.0, 0.0), clean=True), Progress())
    assert taken.frame.shape == (48, 64, 3)
    assert taken.recipe["scene"]["place"] == "cellar"
    assert 20 < np.median(taken.frame) < 220
    warm = taken.radiance.reshape(-1, 3).mean(axis=0)
    assert warm[0] > warm[1] > warm[2]


def test_a_film_of_ten_fields_is_made_by_two_workers_as_by_one(scene, tmp_path):
    request = FilmRequest(scene, Script(beats_of(["walk 5"])), 0, 5, form="folder", deliver="interlaced")
    for count in (1, 2):
        make_film(request, tmp_path / str(count), Progress(), workers=count)
    frames = [sorted((tmp_path / str(count)).glob("frame_*.png")) for count in (1, 2)]
    assert len(frames[0]) == 5
    assert [path.read_bytes() for path in frames[0]] == [path.read_bytes() for path in frames[1]]


def test_a_file_of_it_has_its_names_and_its_lights(scene, tmp_path):
    path = tmp_path / "cellar.glb"
    export_region(scene, region_of(0.0, 0.0, 9.0, 9.0), path, texture_px=64)
    file = Glb(path)
    names = [node["name"] for node in file.tree["nodes"]]
    assert any(name.startswith("wall_") for name in names)
    bulbs = [node for node in file.tree["nodes"] if node["name"].startswith("bulb_")]
    assert len(bulbs) == 4
    assert {node["extras"]["state"] for node in bulbs} <= {"on", "dead"}
    assert all(np.asarray(Image.open(io.BytesIO(data))).size for data in file.images())


@pytest.mark.parametrize("reflectance", [0.3, 0.8])
def test_furnace_every_patch_reaches_emission_over_one_less_reflectance(reflectance, level):
    # In a closed room of reflectance r where every patch gets E directly: B = r (E + B), so B = r E / (1 - r).
    np.testing.assert_allclose(furnace_light(level, reflectance), reflectance / (1 - reflectance), rtol=0.005)


@pytest.mark.slow
def test_a_room_matches_a_path_tracer(scene):
    level = build_region(scene, 0, region_of(0.0, 0.0, 4.8768, 4.8768))
    seen = Room(scene, level, mean_albedo(level, scene, 0), Pose((0, 0), (0.7, 0.7, 1.6), 0.8, -0.15, 0.0))
    mine, left_out = ours(seen)
    expect_agreement(agreement(mine, theirs(start_mitsuba(), seen, SPP), left_out))
