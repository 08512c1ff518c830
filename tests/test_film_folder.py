"""A film's folder: nobody's files are lost, nothing in it is believed unseen, and nothing in it can run."""

from __future__ import annotations

import json
import pickle
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from generator.camera.script import Script, beats_of
from generator.errors import NoclipError
from generator.files import digest
from generator.film import FilmRequest, make, make_film, request
from generator.film.frame_range import WorkerCache, make_range, make_ready
from generator.film.lock import locked
from generator.film.request import files_of, frame_ranges, recipe_of
from generator.film.store import Record, complete, records_of, save_record, under_way
from generator.progress import Progress
from generator.scene import load_scene

TINY = ["render.width_px=64", "render.height_px=48", "render.quality=draft", "render.renderer=embree"]
FRAMES = 4


@pytest.fixture(scope="module", autouse=True)
def short_runs():
    """Ranges of two frames, so that a short film has several."""
    patch = pytest.MonkeyPatch()
    patch.setattr(request, "RANGE_FRAMES", 2)
    patch.setattr(make, "make_chapters", in_this_process)
    yield
    patch.undo()


def in_this_process(chapters, workers, cluster, done) -> None:
    """Make what is missing without starting workers."""
    cache = WorkerCache()
    for chapter in chapters:
        if chapter.ready is not None:
            done(make_ready(chapter.ready, cache))
        for task in chapter.ranges:
            done(make_range(task, cache))
    cache.clear()


@pytest.fixture(scope="module")
def asked() -> FilmRequest:
    return FilmRequest(load_scene("level0", TINY), Script(beats_of(["walk 5"])), 0, FRAMES, "folder", "interlaced")


@pytest.fixture(scope="module")
def whole_film(asked, tmp_path_factory) -> Path:
    """The film as a folder, made at once."""
    out = tmp_path_factory.mktemp("film") / "frames"
    make_film(asked, out, Progress())
    return out


def begun(what: FilmRequest, out: Path) -> Path:
    """A film that was stopped when all its runs were finished, its pictures made up; its work folder."""
    with suppress(KeyboardInterrupt), under_way(what, out, recipe_of(what, "embree"), False) as work:
        folder = out if what.form == "folder" else work
        for first, stop in frame_ranges(what):
            files = {name: f"{name} {'x' * 200}".encode() for name in files_of(what, first, stop)}
            for name, data in files.items():
                (folder / name).write_bytes(data)
            hashes = {name: digest(data) for name, data in files.items()}
            save_record(work, Record(first, stop, tuple(map(str, range(first, stop))), hashes))
        raise KeyboardInterrupt
    return work


@pytest.fixture
def stopped(asked, whole_film, tmp_path) -> Path:
    """A true film's folder as it was before its sound was made, and nothing of its segment kept."""
    out = tmp_path / "frames"
    work = begun(asked, out)
    told = json.loads((whole_film / "manifest.json").read_text())
    for first, stop in frame_ranges(asked):
        names = files_of(asked, first, stop)
        for name in names:
            shutil.copy(whole_film / name, out / name)
        frames = tuple(told["frames"][str(n)] for n in range(first, stop))
        save_record(work, Record(first, stop, frames, {name: told["files"][name] for name in names}))
    return out


def as_file(asked: FilmRequest) -> FilmRequest:
    return replace(asked, form="mp4", deliver="59.94p")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["frame_000001.png", "sound.wav", "shot.json", "manifest.json"])
def test_a_users_file_of_the_same_name_is_never_replaced(asked, tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(NoclipError, match=name):
        make_film(asked, tmp_path, Progress())
    assert contents(tmp_path) == {name: b"mine"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_a_users_other_files_stay_as_they_are(asked, whole_film, tmp_path):
    mine = {"draft.part": b"mine", "frame_000001.png.77.part": b"mine", "notes.txt": b"mine", "frame_000009.png": b"x"}
    for name, data in mine.items():
        (tmp_path / name).write_bytes(data)
    make_film(asked, tmp_path, Progress())
    assert contents(tmp_path) == mine | contents(whole_film)


@pytest.mark.parametrize("form", ["folder", "mp4"])
def test_a_users_work_folder_is_never_emptied(asked, tmp_path, form):
    what, out = (asked, tmp_path / "out") if form == "folder" else (as_file(asked), tmp_path / "a.mp4")
    work = out / ".work" if form == "folder" else tmp_path / "a.mp4.work"
    (work / "novel").mkdir(parents=True)
    (work / "novel" / "chapter.txt").write_text("mine")
    before = contents(tmp_path)
    with pytest.raises(NoclipError, match="novel"):
        make_film(what, out, Progress())
    assert contents(tmp_path) == before


def test_what_a_user_put_into_a_films_work_folder_outlives_the_film(asked, stopped, whole_film):
    (stopped / ".work" / "remember.txt").write_text("mine")
    make_film(asked, stopped, Progress(), resume=True)
    assert contents(stopped) == contents(whole_film) | {".work/remember.txt": b"mine"}


def test_a_work_folder_that_is_a_link_is_refused(asked, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "film.json").write_text("{}")
    (tmp_path / "a.mp4.work").symlink_to(elsewhere, target_is_directory=True)
    for resume in (False, True):
        with pytest.raises(NoclipError, match="move it away"):
            make_film(as_file(asked), tmp_path / "a.mp4", Progress(), resume=resume)
    assert contents(tmp_path) == {"elsewhere/film.json": b"{}"}


class Bomb:
    def __reduce__(self):
        return Path.touch, (Path(self.mark),)

    def __init__(self, mark: Path) -> None:
        self.mark = str(mark)


def test_a_planted_pickle_never_runs(asked, stopped, whole_film, tmp_path):
    (stopped / ".work" / "00000000.json").unlink()
    planted = pickle.dumps(Bomb(tmp_path / "boom"))
    for name in ("plan_timeline", "segment-00000000", "state-00000000"):
        for ending in ("pickle", "arrays"):
            (stopped / ".work" / f"{name}.{ending}").write_bytes(planted)
    make_film(asked, stopped, Progress(), resume=True)
    assert not (tmp_path / "boom").exists()
    for path in (stopped / ".work").glob("*.pickle"):
        path.unlink()
    assert {name: data for name, data in contents(stopped).items() if ".work" not in name} == contents(whole_film)


def flip(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]


DAMAGE = {"a flipped bit": flip, "cut": lambda data: data[:100], "emptied": lambda data: b"", "gone": None}


@pytest.mark.parametrize("form", ["folder", "mp4"])
@pytest.mark.parametrize("how", DAMAGE)
def test_a_run_is_finished_only_while_its_files_are_as_they_were_written(asked, tmp_path, how, form):
    what = asked if form == "folder" else as_file(asked)
    out = tmp_path / "out"
    work = begun(what, out)
    assert list(records_of(what, out, work)) == [0, 2]
    hurt((out if form == "folder" else work) / files_of(what, 2, 4)[-1], how)
    assert list(records_of(what, out, work)) == [0]


def hurt(path: Path, how: str) -> None:
    change = DAMAGE[how]
    data = path.read_bytes()
    path.unlink() if change is None else path.write_bytes(change(data))


def test_what_is_damaged_is_made_again_on_resume(asked, whole_film, tmp_path):
    out = tmp_path / "frames"
    shutil.copytree(whole_film, out)
    for name, how in (("frame_000001.png", "cut"), ("sound.wav", "a flipped bit"), ("shot.json", "gone")):
        hurt(out / name, how)
    make_film(asked, out, Progress(), resume=True)
    assert contents(out) == contents(whole_film)


@pytest.mark.parametrize("name", ["frame_000001.png", "sound.wav", "shot.json"])
def test_a_finished_folder_is_complete_only_while_its_files_are_as_they_were_written(asked, whole_film, tmp_path, name):
    out = tmp_path / "frames"
    shutil.copytree(whole_film, out)
    recipe = json.loads((out / "manifest.json").read_text())["recipe"]
    assert complete(asked, out, recipe)
    hurt(out / name, "a flipped bit")
    assert not complete(asked, out, recipe)


STRAY = {
    "no JSON": "{",
    "a list": "[]",
    "of another run": '{"first": 0, "stop": 9, "frames": [], "files": {}}',
    "outside the folder": '{"first": 0, "stop": 2, "frames": ["a", "b"], "files": {"../../x.png": "0"}}',
    "wrong types": '{"first": 0, "stop": 2, "frames": 3, "files": 4}',
    "deep": "[" * 5000,
    "null": "null",
}


@pytest.mark.parametrize("note", STRAY)
def test_a_damaged_or_stray_note_is_not_believed(asked, tmp_path, note):
    work = begun(asked, tmp_path / "out")
    (work / "00000000.json").write_text(STRAY[note])
    (work / "00000099.json").write_text(STRAY[note])
    assert list(records_of(asked, tmp_path / "out", work)) == [2]


@pytest.mark.parametrize("text", ["{", "[]", '{"identity": 3}', "", "[" * 5000])
def test_a_damaged_film_note_is_one_clear_error(asked, tmp_path, text):
    out = tmp_path / "a.mp4"
    work = begun(as_file(asked), out)
    (work / "film.json").write_text(text)
    before = contents(tmp_path)
    with pytest.raises(NoclipError, match=r"a\.mp4"):
        make_film(as_file(asked), out, Progress(), resume=True)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("form", ["folder", "mp4"])
def test_a_film_that_fails_before_anything_is_finished_leaves_nothing(asked, tmp_path, monkeypatch, form):
    what, out = (asked, tmp_path / "out") if form == "folder" else (as_file(asked), tmp_path / "a.mp4")

    def refused(request):
        raise NoclipError("nowhere to walk")

    monkeypatch.setattr(make, "plan_timeline", refused)
    with pytest.raises(NoclipError, match=r"^nowhere to walk$"):
        make_film(what, out, Progress())
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_cannot_be_saved_leaves_none_of_its_pictures(asked, tmp_path, monkeypatch):
    def full(path, data, folder, save=make.save_bytes):
        if path.name == "frame_000001.png":
            raise NoclipError("No space left")
        save(path, data, folder)

    monkeypatch.setattr(make, "save_bytes", full)
    with pytest.raises(NoclipError, match="No space left"):
        make_film(asked, tmp_path / "out", Progress())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["folder", "mp4"])
def test_a_film_that_is_being_made_is_left_to_who_makes_it(asked, tmp_path, form):
    what, out = (asked, tmp_path / "out") if form == "folder" else (as_file(asked), tmp_path / "a.mp4")
    work = begun(what, out)
    with locked(work / "lock", "first"):
        before = contents(tmp_path)
        for resume in (False, True):
            with pytest.raises(NoclipError, match="now"):
                make_film(what, out, Progress(), resume=resume)
        assert contents(tmp_path) == before


def test_a_manifest_states_every_files_hash(whole_film):
    from generator.files import file_digest

    files = json.loads((whole_film / "manifest.json").read_text())["files"]
    assert files == {name: file_digest(whole_film / name) for name in contents(whole_film) if name != "manifest.json"}
