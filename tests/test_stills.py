"""Batches of stills: workers and restarts change nothing, what fails is named, what is on disk is not made again."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from generator import stills
from generator.camera.choose import Wish
from generator.cli import main
from generator.scene import load_scene
from generator.still import Still, StillRequest, make_still, recipe_of, save_png
from generator.viewpoint import pose_for, world_of
from tests import still_workers

SEEDS, VIEWS = 5, 2
TINY = ["--size", "64x48", "--quality", "draft", "--renderer", "embree"]


@pytest.fixture
def drawn_by(monkeypatch):
    """Let workers draw by another verb, without a scene behind it; nothing need be compiled for it."""
    monkeypatch.setattr(stills, "_compile", lambda progress: None)

    def by(verb, here: bool = False) -> None:
        monkeypatch.setattr(stills, "take", verb)
        if here:
            monkeypatch.setattr(stills, "_near", still_workers.in_this_process)

    return by


def batch(folder: Path, *more: str, seeds: str = f"0:{SEEDS}") -> int:
    return main(["still", "--seeds", seeds, *TINY, *more, "-o", str(folder / "{seed}.png")])


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_workers_change_neither_bytes_nor_order(tmp_path, capsys, drawn_by):
    drawn_by(still_workers.draw)
    found = []
    for workers in ("1", "3"):
        folder = tmp_path / workers
        folder.mkdir()
        assert batch(folder, "--workers", workers) == 0
        assert capsys.readouterr().out.split() == [str(folder / f"{seed}.png") for seed in range(SEEDS)]
        found.append(contents(folder))
    assert found[0] == found[1]
    assert len(found[0]) == SEEDS


def test_what_is_on_disk_is_not_made_again(tmp_path, capsys, drawn_by):
    drawn_by(still_workers.draw, here=True)
    assert batch(tmp_path) == 0
    before, times = contents(tmp_path), {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    capsys.readouterr()
    assert batch(tmp_path) == 0
    assert len(capsys.readouterr().out.split()) == SEEDS
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == times
    (tmp_path / "1.png").unlink()
    (tmp_path / "2.png").write_bytes(before["2.png"][:-20])
    (tmp_path / "3.png").write_bytes(before["4.png"])
    assert batch(tmp_path) == 0
    assert contents(tmp_path) == before


def test_pictures_asked_for_otherwise_are_made_again(tmp_path, drawn_by):
    drawn_by(still_workers.draw, here=True)
    batch(tmp_path)
    before = contents(tmp_path)
    batch(tmp_path, "--clean")
    assert not before.items() & contents(tmp_path).items()


def test_a_picture_whose_worker_dies_is_tried_once_more(tmp_path, monkeypatch, drawn_by):
    drawn_by(still_workers.die_once)
    monkeypatch.setenv(still_workers.MARK, str(tmp_path / "mark"))
    (tmp_path / "out").mkdir()
    assert batch(tmp_path / "out", "--workers", "2") == 0
    assert (tmp_path / "mark").exists()
    assert len(contents(tmp_path / "out")) == SEEDS


@pytest.mark.parametrize(
    "verb, here, told",
    [
        (still_workers.die_always, False, "its worker died"),
        (still_workers.refuse, True, "nowhere to stand"),
        (still_workers.break_down, True, "ZeroDivisionError"),
    ],
)
def test_what_fails_is_named_and_the_others_are_made(tmp_path, capsys, drawn_by, verb, here, told):
    drawn_by(verb, here)
    assert batch(tmp_path, "--workers", "2") == 2
    said = capsys.readouterr()
    unlucky = str(tmp_path / f"{still_workers.UNLUCKY}.png")
    assert f"{unlucky}: failed: {told}" in said.err
    assert said.err.strip().splitlines()[-1].startswith(f"noclip: 1 of {SEEDS} pictures failed, {unlucky}")
    assert unlucky not in said.out
    assert len(said.out.split()) == len(contents(tmp_path)) == SEEDS - 1
    drawn_by(still_workers.draw, here=True)
    assert batch(tmp_path) == 0
    assert len(contents(tmp_path)) == SEEDS


def test_a_full_disk_leaves_what_is_finished_and_the_same_command_goes_on(tmp_path, capsys, monkeypatch, drawn_by):
    drawn_by(still_workers.draw, here=True)
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if len(list(tmp_path.glob("*.png"))) == 3:
            raise OSError(28, "No space left on device")
        return write(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        assert batch(tmp_path) == 2
    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert "No space left" in line
    assert f"3 of {SEEDS} pictures are finished" in line
    assert len(contents(tmp_path)) == 3
    assert batch(tmp_path) == 0
    assert len(contents(tmp_path)) == SEEDS


def test_sheets_go_on_too_and_leave_nothing_beside_them(tmp_path, capsys, drawn_by):
    args = ["sheet", "--seeds", f"0:{SEEDS}", "--columns", "3", "--width", "64", "-o", str(tmp_path / "sheet.png")]
    drawn_by(still_workers.refuse, here=True)
    assert main(args) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.png.work"]
    assert len(list((tmp_path / "sheet.png.work").iterdir())) == SEEDS - 1
    drawn_by(still_workers.draw, here=True)
    assert main(args) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.png"]


@pytest.mark.parametrize("command", ["still", "sheet", "film"])
def test_no_workers_are_refused_and_too_many_warned_of(command, tmp_path, capsys, drawn_by):
    drawn_by(still_workers.draw, here=True)
    assert main([command, "--workers", "0"]) == 2
    assert "--workers 0: give 1 to" in capsys.readouterr().err
    if command == "still":
        assert batch(tmp_path, "--workers", "1000") == 0
        assert "this machine has" in capsys.readouterr().err


def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path, capsys, drawn_by):
    drawn_by(still_workers.draw)
    assert batch(tmp_path, "--cluster", "tcp://127.0.0.1:9") == 2
    assert "--cluster" in capsys.readouterr().err.strip().splitlines()[-1]
    assert not list(tmp_path.iterdir())


def test_views_have_names_of_their_own(tmp_path, capsys, drawn_by):
    drawn_by(still_workers.draw, here=True)
    args = ["still", "--seeds", "0:2", "--view-per-seed", "2", *TINY, "-o"]
    assert main([*args, str(tmp_path / "{seed}_{view}.png")]) == 0
    assert sorted(contents(tmp_path)) == ["0_0.png", "0_1.png", "1_0.png", "1_1.png"]
    assert main([*args, str(tmp_path / "{seed}.png")]) == 2
    assert "{view}" in capsys.readouterr().err
    for fixed in (["--at", "5,5", "--yaw", "0"], ["--set", "view.at=[5,5]", "--set", "view.yaw_deg=0"]):
        assert main([*args, str(tmp_path / "{seed}_{view}.png"), *fixed]) == 2
        assert "--view-per-seed" in capsys.readouterr().err
    assert main(["still", str(tmp_path / "0_0.png"), "--view-per-seed", "2", "-o", str(tmp_path / "a{view}.png")]) == 2
    assert "--view-per-seed" in capsys.readouterr().err


def test_a_picture_taken_again_from_a_recipe_s_place_is_made_whatever_is_on_disk(tmp_path):
    scene = load_scene("level0", ["seed=3"])
    for k, pose in enumerate((None, pose_for(scene, Wish(), view=1)[0])):
        asked = stills.Take(StillRequest(scene, pose=pose), tmp_path / f"{k}.png")
        frame = np.zeros((8, 8, 3), np.uint8)
        save_png(Still(frame, frame.astype(np.float32), recipe_of(scene, pose_for(scene)[0], False)), asked.picture)
        assert stills.is_finished(asked) == (pose is None)


@pytest.mark.parametrize("seed", [3, 10])
def test_views_of_a_seed_show_different_things_and_the_first_is_the_one_alone(seed):
    scene = load_scene("level0", [f"seed={seed}"])
    poses = [pose_for(scene, Wish(), view=view)[0] for view in range(4)]
    assert poses[0] == pose_for(scene, Wish())[0]
    fov = np.radians(scene.camera.fov_deg)
    for k, one in enumerate(poses):
        for other in poses[:k]:
            turned = abs((one.yaw - other.yaw + np.pi) % (2 * np.pi) - np.pi)
            assert np.hypot(*np.subtract(world_of(one), world_of(other))) >= 4.0 or turned >= fov - 1e-6


def test_the_time_left_is_told_as_people_tell_it():
    assert [stills.duration(s) for s in (5, 89, 100, 5000, 12000)] == ["5 s", "89 s", "2 min", "83 min", "3 h 20 min"]


def test_a_picture_of_a_batch_equals_the_one_made_alone(tmp_path, monkeypatch):
    """The worker's verb itself, in this process; two views of a seed."""
    monkeypatch.setattr(stills, "_near", still_workers.in_this_process)
    scene = load_scene("level0", ["render.width_px=64", "render.height_px=48", "render.quality=draft",
                                  "render.renderer=embree"])  # fmt: skip
    takes = [stills.Take(StillRequest(scene, view=view), tmp_path / f"{view}.png", tmp_path / f"{view}.npy")
             for view in range(2)]  # fmt: skip
    assert stills.make_stills(iter(takes), len(takes), stills.Progress(), 1) == []
    for one in takes:
        alone = make_still(one.request, stills.Progress())
        save_png(alone, tmp_path / "alone.png")
        assert one.picture.read_bytes() == (tmp_path / "alone.png").read_bytes()
        assert np.array_equal(np.load(one.radiance), alone.radiance)
    assert (tmp_path / "0.png").read_bytes() != (tmp_path / "1.png").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="two workers want two cores")
def test_real_workers_make_the_bytes_of_one(tmp_path):
    for workers in ("1", "2"):
        (tmp_path / workers).mkdir()
        assert batch(tmp_path / workers, "--workers", workers, seeds="0:3") == 0
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_a_batch_that_cannot_be_written_says_so_before_any_picture(tmp_path, capsys, drawn_by):
    drawn_by(still_workers.draw, here=True)
    assert batch(tmp_path / "none") == 2
    assert "make it first" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_a_cluster_makes_the_same_pictures(tmp_path):
    distributed = pytest.importorskip("distributed")
    for folder in ("here", "far"):
        (tmp_path / folder).mkdir()
    assert batch(tmp_path / "here", seeds="0:2") == 0
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        assert batch(tmp_path / "far", "--cluster", cluster.scheduler_address, seeds="0:2") == 0
    assert contents(tmp_path / "here") == contents(tmp_path / "far")
