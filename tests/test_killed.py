"""Whatever instant a film or a batch of stills is killed at: nothing half is left, and resumed bytes are the same."""

from __future__ import annotations

import multiprocessing
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests import film_killed

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="forks and SIGKILL of POSIX")]
KILLS, SOAK = (20, 6), (100, 20)
"""Films of both forms, and batches, that are killed: as a rule, and with ``--soak``."""


@pytest.fixture(scope="module")
def kills(request) -> tuple[int, int]:
    """How many films and batches are killed."""
    return SOAK if request.config.getoption("--soak") else KILLS


@pytest.fixture(scope="module")
def server():
    """Forks processes in which everything is imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.film_killed"])
    return context


def ended(server, what, *asked) -> float:
    """Seconds that something takes when nobody kills it."""
    process = server.Process(target=what, args=asked)
    started = time.monotonic()
    process.start()
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - started


def killed(server, rng: np.random.Generator, lasts_s: float, folder: Path, parts_like: str, what, *asked) -> None:
    """Kill at a random instant: of all the time it takes, or soon after so many of its parts are done."""
    process = server.Process(target=what, args=asked)
    process.start()
    parts = int(rng.integers(-2, 4))
    if parts <= 0:
        process.join(float(rng.uniform(0, lasts_s)))
    while process.is_alive() and len(list(folder.glob(parts_like))) < parts:
        process.join(0.002)
    process.join(float(rng.uniform(0, 0.05)))
    process.kill()
    process.join()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", ["folder", "mp4"])
def test_films_killed_at_any_instant_are_resumed_to_the_same_bytes(server, kills, tmp_path, form):
    name = "film" if form == "folder" else "film.mp4"
    (tmp_path / "whole").mkdir()
    ended(server, film_killed.film, tmp_path / "whole" / name, form, False)
    lasts = ended(server, film_killed.film, tmp_path / "whole" / name, form, False)
    whole = contents(tmp_path / "whole")
    rng = np.random.default_rng(1996)
    middle = 0
    for k in range(kills[0] // 2):
        folder = tmp_path / f"{k}"
        folder.mkdir()
        (folder / "mine.part").write_text("mine")
        out = folder / name
        work = out / ".work" if form == "folder" else folder / f"{name}.work"
        for _ in range(int(rng.integers(1, 3))):
            begun = (work / "film.json").exists()
            killed(server, rng, lasts, work, "0*.json", film_killed.film, out, form, begun)
            if form == "mp4":
                assert not out.exists() or out.read_bytes() == whole[name]
            middle += any(work.glob("0*.json"))
        if not (work / "film.json").exists() and contents(folder) != whole | {"mine.part": b"mine"}:
            ended(server, film_killed.film, out, form, False)
        elif work.exists():
            ended(server, film_killed.film, out, form, True)
        assert contents(folder) == whole | {"mine.part": b"mine"}, k
    least = kills[0] // 8 if kills == SOAK else 1
    assert middle >= least, "too few were killed while some of their runs were finished"


def test_batches_killed_at_any_instant_leave_whole_pictures_only(server, kills, tmp_path):
    (tmp_path / "whole").mkdir()
    ended(server, film_killed.stills, tmp_path / "whole")
    lasts = ended(server, film_killed.stills, tmp_path / "whole")
    whole = contents(tmp_path / "whole")
    assert len(whole) == film_killed.SEEDS
    rng = np.random.default_rng(1997)
    for k in range(kills[1]):
        folder = tmp_path / f"{k}"
        folder.mkdir()
        killed(server, rng, lasts, folder, "*.png", film_killed.stills, folder)
        left = {name: data for name, data in contents(folder).items() if not name.endswith(".part")}
        assert left.items() <= whole.items()
        ended(server, film_killed.stills, folder)
        assert whole.items() <= contents(folder).items()
