"""Cameras of one's own: JSON and glTF, any frame rate, and the round trip through our own export."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from generator.camera.script import script_of
from generator.camera.shot import FIELD_S, Lens, Pose, Shot
from generator.camera.track import Track, field_times, frame_count, moments, pose_in
from generator.camera_file import read_camera_file
from generator.cli import main
from generator.errors import NoclipError
from generator.export.cameras import add_camera, add_shot
from generator.export.gltf import Asset
from generator.export.region import Region
from generator.film import FilmRequest
from generator.film.request import check, identity, recipe_of
from generator.film.timeline import plan_timeline, pose_at
from generator.plan.floorplan import CHUNK_M
from generator.render.view import camera_axes, view_of
from generator.scene import load_scene

REGION = Region(200.0, -300.0, 260.0, -240.0)
SIZE = (640, 480)


def shaky_shot(seed: int, fields: int = 120, origin=(5, -8)) -> Shot:
    """A walk with a hand's tremor of a second or two."""
    rng = np.random.default_rng(seed)
    t = np.arange(fields) * FIELD_S
    sway = np.cumsum(rng.normal(0, 0.0008, (fields, 3)), axis=0)
    flat = np.ones(fields)
    return Shot(
        origin=origin,
        position=np.stack([6 + 1.1 * t, 9 + 0.3 * t, 1.6 + 0.02 * np.sin(9 * t)], axis=1),
        yaw=3.0 + 0.5 * t + sway[:, 0],
        pitch=-0.05 + sway[:, 1],
        roll=0.03 * np.sin(5 * t) + sway[:, 2],
        fov=np.full(fields, np.radians(62.0)),
        exposure=flat,
        gain_db=0 * flat,
        white=np.ones((fields, 3)),
        focus=0 * flat,
        lamp=0 * flat,
    )


def glb_of(asset: Asset, path: Path, extras: dict | None = None) -> Path:
    asset.add("scenes", {"name": "set", "nodes": list(range(len(asset.tree["nodes"]))), "extras": extras or {}})
    asset.tree["scene"] = 0
    asset.save_glb(path)
    return path


def off_px(first: Pose, second: Pose, fov: float, other_fov: float) -> float:
    """How far points 2 m off, all over a picture, lie apart in those of two poses, in pixels."""
    here, there = (view_of(first.origin, pose, Lens(f), SIZE) for pose, f in ((first, fov), (second, other_fov)))
    x, y = np.meshgrid(np.linspace(0, SIZE[0], 9), np.linspace(0, SIZE[1], 7))
    rays = here.corner + x[..., None] * here.across + y[..., None] * here.down
    seen = (here.eye + 2.0 * rays - there.eye) @ there.clip.T
    return float(np.hypot(seen[..., 0] / seen[..., 2] - x, seen[..., 1] / seen[..., 2] - y).max())


def shot_pose(shot: Shot, k: int) -> Pose:
    x, y, z = shot.position[k]
    return Pose(shot.origin, (x, y, z), shot.yaw[k], shot.pitch[k], shot.roll[k])


@pytest.mark.parametrize("seed", range(4))
def test_our_own_export_comes_back_within_a_tenth_of_a_pixel(seed, tmp_path):
    shot, asset = shaky_shot(seed), Asset("noclip")
    add_camera(asset, "view", shot_pose(shot, 3), Lens(1.0), 4 / 3, REGION)
    add_shot(asset, shot, SIZE[0] / SIZE[1], REGION)
    path = glb_of(asset, tmp_path / "set.glb", {"world_offset_m": [REGION.x0, REGION.y0, 0.0]})
    track = read_camera_file(path)
    assert frame_count(track) == 60
    now = moments(track, field_times(0, 120), SIZE[0] / SIZE[1])
    apart = [off_px(shot_pose(shot, k), pose_in(now, k), shot.fov[k], now.fov[k]) for k in range(0, 119)]
    assert max(apart[0::2]) < 0.1
    assert max(apart[1::2]) < 2.0, "between two frames a hand's tremor is not known"


def matrix_of(pose: Pose) -> list[list[float]]:
    right, up, forward = camera_axes(pose.yaw, pose.pitch, pose.roll)
    place = np.array(pose.position) + CHUNK_M * np.array([*pose.origin, 0])
    return np.vstack([np.column_stack([right, up, -forward, place]), [0, 0, 0, 1]]).tolist()


def told(**changes) -> dict:
    frames = [{"position": [10.0 + k, 5.0, 1.6], "yaw_deg": 10.0 * k, "fov_deg": 50.0} for k in range(4)]
    return {"noclip_camera": 1, "fps": 24, "frames": frames} | changes


def written(tmp_path, text) -> Path:
    path = tmp_path / "shot.json"
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return path


@pytest.mark.parametrize("seed", range(6))
def test_angles_and_matrices_are_read_as_they_were_meant(seed, tmp_path):
    rng = np.random.default_rng(seed)
    turn = rng.uniform(-3, 3), rng.uniform(-1.5, 1.5), rng.uniform(-3, 3)
    pose = Pose((3, -2), (float(rng.uniform(0, 39)), 7.0, 1.5), *turn)
    x, y = 3 * CHUNK_M + pose.position[0], -2 * CHUNK_M + 7.0
    angles = {name: float(np.degrees(a)) for name, a in zip(("yaw_deg", "pitch_deg", "roll_deg"), turn, strict=True)}
    for frame in ({"position": [x, y, 1.5], **angles}, {"matrix": matrix_of(pose)}):
        track = read_camera_file(written(tmp_path, told(frames=[frame], fov_deg=62.0)))
        now = moments(track, np.zeros(1), 4 / 3)
        assert off_px(pose, pose_in(now, 0), np.radians(62.0), now.fov[0]) < 1e-6


@pytest.mark.parametrize("pitch", [90.0, -90.0])
def test_a_camera_that_looks_straight_up_or_down_keeps_its_turn(pitch, tmp_path):
    frame = {"position": [10.0, 5.0, 1.6], "yaw_deg": 30.0, "pitch_deg": pitch, "roll_deg": 0.0}
    track = read_camera_file(written(tmp_path, told(frames=[frame], fov_deg=62.0)))
    pose = pose_in(moments(track, np.zeros(1), 4 / 3), 0)
    asked = replace(pose, yaw=np.radians(30.0), pitch=np.radians(pitch), roll=0.0)
    assert off_px(asked, pose, 1.0, 1.0) < 1e-3


@pytest.mark.parametrize("rate", [12, 24, 25, "30000/1001", 60.0, 120])
def test_any_frame_rate_keeps_its_time(rate, tmp_path):
    """A camera that goes and turns evenly does so in fields too, whatever the rate of its keys."""
    per_s = float(Fraction(str(rate)) if isinstance(rate, str) else rate)
    times = np.arange(int(2 * per_s) + 1) / per_s
    frames = [{"position": [1.0 + 2.0 * t, 0.0, 1.6], "yaw_deg": 170.0 + 40.0 * t, "fov_deg": 50.0} for t in times]
    track = read_camera_file(written(tmp_path, told(frames=frames, fps=rate)))
    now = moments(track, field_times(0, 100), 4 / 3)
    np.testing.assert_allclose(now.position[:, 0], 1.0 + 2.0 * field_times(0, 100), atol=1e-9)
    np.testing.assert_allclose(np.degrees(now.yaw - now.yaw[0]), 40.0 * field_times(0, 100), atol=1e-6)
    assert frame_count(track) == pytest.approx(2 * 30000 / 1001 + 1, abs=1)


def test_turns_take_the_short_way_about_one_axis(tmp_path):
    frames = [{"position": [0, 0, 1], "yaw_deg": yaw, "pitch_deg": 30.0, "fov_deg": 50.0} for yaw in (350.0, 10.0)]
    track = read_camera_file(written(tmp_path, told(frames=frames, fps=1)))
    middle = moments(track, np.array([0.5]), 4 / 3)
    assert np.degrees(middle.yaw[0]) % 360 == pytest.approx(0.0, abs=1e-6)
    assert np.degrees(middle.pitch[0]) == pytest.approx(30.0)


def test_a_field_of_view_from_top_to_bottom_is_kept_in_any_picture(tmp_path):
    track = read_camera_file(written(tmp_path, told(fov_is="upright")))
    for aspect in (4 / 3, 16 / 9):
        now = moments(track, np.zeros(1), aspect)
        assert 2 * np.degrees(np.arctan(np.tan(now.fov[0] / 2) / aspect)) == pytest.approx(50.0)


def test_the_origin_of_a_file_is_the_files_or_the_one_that_was_given(tmp_path):
    path = written(tmp_path, told(origin_m=[100.0, -50.0]))
    assert read_camera_file(path).position[0] == (110.0, -45.0, 1.6)
    assert read_camera_file(path, (1.0, 2.0)).position[0] == (11.0, 7.0, 1.6)


def spun(tmp_path, way: str, children: bool) -> Path:
    """A camera that turns by a quarter in a second, with or without a parent that is turned and moved."""
    asset = Asset("noclip")
    pose = Pose((5, -8), (6.0, 9.0, 1.6), 0.4)
    node = add_camera(asset, "own", pose, Lens(1.0), 4 / 3, REGION)
    half = np.sqrt(0.5)
    keys = np.array([[0, 0, 0, 1], [0, half, 0, half]], np.float32)
    if way == "CUBICSPLINE":
        keys = np.stack([0 * keys, keys, 0 * keys], axis=1).reshape(-1, 4)
    target = node
    if children:
        target = asset.add("nodes", {"name": "arm", "translation": [1, 0, 0], "children": [node]})
    times = asset.accessor(np.array([0.5, 1.5], np.float32), bounds=True)
    sampler = {"input": times, "output": asset.accessor(keys), "interpolation": way}
    channel = {"sampler": 0, "target": {"node": target, "path": "rotation"}}
    asset.add("animations", {"name": "spin", "channels": [channel], "samplers": [sampler]})
    return glb_of(asset, tmp_path / f"{way}{children}.glb")


@pytest.mark.parametrize("way", ["LINEAR", "STEP", "CUBICSPLINE"])
def test_keys_of_every_kind_are_followed(way, tmp_path):
    track = read_camera_file(spun(tmp_path, way, False))
    now = moments(track, np.array([0.0, 0.25, 0.5, 1.02]), 4 / 3)
    turned = np.degrees(now.yaw - now.yaw[0])
    quarter = {"LINEAR": [0, 22.5, 45, 90], "STEP": [0, 0, 0, 90], "CUBICSPLINE": [0, None, 45, 90]}[way]
    for ours, asked in zip(turned, quarter, strict=True):
        assert asked is None or ours == pytest.approx(asked, abs=0.5)


def test_a_parent_that_turns_carries_the_camera_round(tmp_path):
    track = read_camera_file(spun(tmp_path, "LINEAR", True))
    now = moments(track, np.array([0.0, 1.0]), 4 / 3)
    assert np.degrees(now.yaw[1] - now.yaw[0]) == pytest.approx(90.0, abs=0.01)
    arm = np.array([1.0, 0.0])
    first, last = now.position[0, :2] - arm, now.position[1, :2] - arm
    np.testing.assert_allclose(last, [-first[1], first[0]], atol=1e-4)


def test_the_example_of_the_page_is_read(tmp_path):
    page = (Path(__file__).parents[1] / "docs" / "passes.md").read_text(encoding="utf-8")
    track = read_camera_file(written(tmp_path, page.partition("```json\n")[2].partition("```")[0]))
    now = moments(track, np.array([0.0, 1 / 24]), 4 / 3)
    np.testing.assert_allclose(np.degrees(now.yaw), 90.0, atol=1e-6)
    np.testing.assert_allclose(np.degrees(now.pitch), [-2.0, 0.0], atol=1e-6)


BAD = {
    "empty": ("", "not a JSON file"),
    "text": ("hello", "not a JSON file"),
    "list": ([1, 2], "valid dictionary"),
    "deep": ("[" * 100_000, "not a JSON file"),
    "unmarked": ({"frames": []}, "noclip_camera"),
    "no frames": (told(frames=[]), "frames"),
    "unknown": (told(speed=3), "speed"),
    "nan": (json.dumps(told()).replace("10.0", "NaN", 1), "finite"),
    "infinite": (json.dumps(told()).replace("10.0", "1e999", 1), "finite"),
    "text in a number": (told(frames=[{"position": ["a", 0, 0], "fov_deg": 50}]), "position"),
    "two places": (told(frames=[{"position": [0, 0, 1], "matrix": np.eye(4).tolist()}], fov_deg=50), "one of the two"),
    "no place": (told(frames=[{"fov_deg": 50}]), "one of the two"),
    "flat": (told(frames=[{"matrix": np.diag([1, 1, 0, 1]).tolist(), "fov_deg": 50}]), "no rotation"),
    "mirrored": (told(frames=[{"matrix": np.diag([1, 1, -1, 1]).tolist(), "fov_deg": 50}]), "no rotation"),
    "no view": (told(frames=[{"position": [0, 0, 1]}]), "no fov_deg"),
    "blind": (told(frames=[{"position": [0, 0, 1], "fov_deg": 0.0}]), "field of view"),
    "fisheye": (told(frames=[{"position": [0, 0, 1], "fov_deg": 200.0}]), "field of view"),
    "no rate": (told(fps=None), "fps"),
    "no such rate": (told(fps="3/0"), "fps"),
    "backwards": (told(fps=-24), "fps"),
    "some times": (told(frames=[{"position": [0, 0, 1], "fov_deg": 50, "time_s": 1}, {"position": [0, 0, 1],
                   "fov_deg": 50}]), "some frames"),
    "one moment": (told(frames=[{"position": [0, 0, 1], "fov_deg": 50, "time_s": 1}] * 2), "must rise"),
    "far out": (told(frames=[{"position": [1e12, 0, 1], "fov_deg": 50}]), "leaves the world"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_camera_file_that_cannot_be_read_is_one_line_and_nothing_is_written(name, tmp_path, capsys):
    text, says = BAD[name]
    path = written(tmp_path, text)
    for command in (["still", "-o", str(tmp_path / "a.png")], ["film", "-o", str(tmp_path / "a.mp4")]):
        assert main([*command, "--camera-file", str(path)]) == 2
        _, err = capsys.readouterr()
        assert says in err
        assert err.count("\n") == 1
        assert "shot.json" in err
    assert [p.name for p in tmp_path.iterdir()] == ["shot.json"]


def broken(path: Path, change) -> Path:
    """A .glb with its tree changed."""
    data = path.read_bytes()
    size = struct.unpack_from("<I", data, 12)[0]
    tree = json.loads(data[20 : 20 + size])
    change(tree)
    text = json.dumps(tree).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sIIII", b"glTF", 2, len(data) - size + len(text), len(text), 0x4E4F534A)
    path.write_bytes(head + text + data[20 + size :])
    return path


CHANGES = {
    "no camera": (lambda t: t.pop("cameras") and [n.pop("camera", 0) for n in t["nodes"]], "no camera in this file"),
    "cut off": (lambda t: t["accessors"][-1].update(count=10**6), "cut off"),
    "no such accessor": (lambda t: t["animations"][0]["samplers"][0].update(output=99), "damaged"),
    "no lens": (lambda t: t["cameras"][0]["perspective"].clear(), "damaged"),
    "circle": (lambda t: t["nodes"][0].update(children=[0]), "too many parents"),
    "falling times": (lambda t: t["animations"][0]["samplers"][0].update(input=1), "do not rise"),
    "sparse": (lambda t: t["accessors"][1].update(sparse={}), "sparse"),
    "no angle": (lambda t: t["cameras"][0]["perspective"].update(yfov="wide"), "damaged"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_gltf_whose_camera_cannot_be_read_is_one_line(name, tmp_path):
    change, says = CHANGES[name]
    path = broken(spun(tmp_path, "LINEAR", False), change)
    with pytest.raises(NoclipError, match=says):
        read_camera_file(path)


def test_files_of_other_kinds_and_missing_ones_are_one_line(tmp_path):
    (tmp_path / "a.glb").write_bytes(b"glTF")
    (tmp_path / "a.fbx").write_bytes(b"")
    (tmp_path / "b.json").mkdir()
    for name, says in {"a.glb": "neither", "a.fbx": "ends in", "b.json": "no file", "c.json": "No such"}.items():
        with pytest.raises(NoclipError, match=says):
            read_camera_file(tmp_path / name)


@pytest.mark.parametrize(("options", "says"), [
    (["--camera-origin", "1,2"], "no camera file"),
    (["--hands"], "no camera file"),
    (["--camera-file", "shot.json", "--from", "1,2"], "--from"),
    (["--camera-file", "shot.json", "--frames", "0:400"], "lasts"),
])  # fmt: skip
def test_options_that_do_not_go_with_a_camera_file_are_one_line(options, says, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, told())
    assert main(["film", *options, "-o", "a.mp4"]) == 2
    _, err = capsys.readouterr()
    assert says in err
    assert err.count("\n") == 1


def request_of(track: Track, **options) -> FilmRequest:
    scene = load_scene("level0", ["camera.fov_deg=62"])
    return FilmRequest(scene, script_of(scene.film, scene.seed), 0, frame_count(track), track=track, **options)


def slow_track(**changes) -> Track:
    frames = [Pose((0, 0), (10.0 + 0.05 * k, 12.0, 1.6), 0.02 * k, -0.1) for k in range(8)]
    quaternions = []
    from scipy.spatial.transform import Rotation

    for pose in frames:
        quaternions.append(tuple(Rotation.from_matrix(np.array(matrix_of(pose))[:3, :3]).as_quat().tolist()))
    time = tuple(k / 24 for k in range(8))
    made = Track(time, tuple(p.position for p in frames), tuple(quaternions), (np.radians(62.0),) * 8, False)
    return replace(made, **changes)


def test_a_film_by_a_camera_file_has_its_poses_and_no_hands_unless_asked():
    track = slow_track()
    plain, held = (plan_timeline(request_of(track, hands=hands)).performance for hands in (False, True))
    now = moments(track, field_times(0, len(plain.yaw)), 4 / 3)
    np.testing.assert_allclose(plain.position[:, :2] + np.array(plain.origin) * CHUNK_M, now.position[:, :2], atol=1e-9)
    np.testing.assert_allclose(plain.yaw, now.yaw)
    assert not len(plain.step_time_s)
    assert not plain.breath.any()
    assert np.abs(plain.zoom - 1).max() < 1e-9
    assert pose_at(plain, 0).pitch == pytest.approx(-0.1)
    assert 1e-5 < np.abs(held.yaw - plain.yaw).max() < 0.05


def test_a_films_identity_knows_its_camera_file():
    one, other = request_of(slow_track()), request_of(slow_track(fov=(1.0,) * 8))
    names = {identity(recipe_of(request, "embree")) for request in (one, other, replace(one, track=None))}
    assert len(names) == 3
    check(one)
    with pytest.raises(NoclipError, match="lasts 9 frames"):
        check(replace(one, stop=10))


@pytest.mark.slow
def test_a_still_and_a_films_passes_are_taken_where_the_file_says(tmp_path, capsys):
    import OpenEXR

    shot, asset = shaky_shot(1, 20, (0, 0)), Asset("noclip")
    region = Region(0.0, 0.0, 39.0, 39.0)
    add_shot(asset, replace(shot, position=shot.position + np.array([4.0, 3.0, 0.0])), SIZE[0] / SIZE[1], region)
    path = glb_of(asset, tmp_path / "set.glb", {"world_offset_m": [0.0, 0.0, 0.0]})
    tiny = ["--size", "80x60", "--quality", "draft", "--camera-file", str(path), "--passes", "depth,motion"]
    assert main(["still", *tiny, "--camera-frame", "4", "-o", str(tmp_path / "a.png")]) == 0
    film = ["film", *tiny, "--frames", "4:5", "--workers", "1", "--silent", "-o", str(tmp_path / "film")]
    assert main(film) == 0
    heads, depths = [], []
    for name in ("a.exr", "film/frame_000004.exr"):
        with OpenEXR.File(str(tmp_path / name), separate_channels=True) as file:
            heads.append(file.header()["worldToCamera"])
            depths.append(file.channels()["Z"].pixels)
            assert np.abs(file.channels()["forward.u"].pixels).max() > 0.05
    np.testing.assert_allclose(heads[0], heads[1], atol=1e-5)
    assert np.median(np.abs(depths[0] / depths[1] - 1)) < 1e-4
    x, y = shot.position[8, 0] + 4.0, shot.position[8, 1] + 3.0
    back = np.linalg.inv(heads[0].astype(float).T)  # for row vectors, as OpenEXR has it
    np.testing.assert_allclose(back[:2, 3], [x, y], atol=1e-3)
