"""Five hundred generated media files: each comes out right by its own arithmetic or is refused in one line."""

from __future__ import annotations

import numpy as np
import pytest

from generator.errors import NoclipError
from generator.video.source import VideoSource
from tests.footage import CASES, taped, watched
from tests.footage_maker import INDEX_LAST, REFUSED, clip, faults_of, write


def verdict(seed: int, folder) -> str:
    """What is wrong with the result of one clip; empty where it is right."""
    asked = clip(seed)
    source, target = folder / f"in.{asked.form}", folder / "out.mp4"
    write(asked, source)
    try:
        taped(source, target)
    except NoclipError as error:
        good = asked.fault in REFUSED or (asked.fault == "cut" and asked.form in INDEX_LAST)
        return "" if good and "\n" not in str(error) and not target.exists() else f"refused: {error}"
    found = [*faults_of(asked, watched(target)), *(["not refused"] if asked.fault in REFUSED else [])]
    left = sorted(path.name for path in folder.iterdir())
    return "; ".join(found) if left == sorted([source.name, target.name]) else f"left {left}"


def wrong(seeds: range, folder) -> list[str]:
    """The clips that came out wrong, and how."""
    out = []
    for seed in seeds:
        at = folder / str(seed)
        at.mkdir()
        if said := verdict(seed, at):
            out.append(f"{clip(seed)}: {said}")
    return out


def test_forty_generated_files_come_out_right(tmp_path):
    assert wrong(range(40), tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(40, 500, 20))
def test_each_generated_file_comes_out_right(first, tmp_path):
    assert wrong(range(first, first + 20), tmp_path) == []


def spoiled(data: bytearray, rng) -> bytes:
    """A file with some bytes changed, lost or doubled, more often near its begin, where its headers are."""
    for _ in range(rng.integers(1, 8)):
        at = int(rng.integers(min(len(data), 800) if rng.random() < 0.5 else len(data)))
        kind = rng.integers(3)
        if kind == 0:
            data[at : at + 4] = rng.bytes(int(rng.integers(1, 5)))
        elif kind == 1:
            del data[at : at + int(rng.integers(1, min(200, len(data) // 2)))]
        else:
            data[at:at] = data[max(at - 50, 0) : at]
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_spoiled_files_give_a_result_or_one_line(seed, tmp_path):
    rng = np.random.default_rng([19, seed])
    sources = sorted(CASES.iterdir())
    for k in range(20):
        asked = clip(k)
        sources.append(tmp_path / f"{k}.{asked.form}")
        write(asked, sources[-1])
    (tmp_path / "run").mkdir()
    for _ in range(50):
        given = sources[rng.integers(len(sources))]
        source, target = tmp_path / f"in{given.suffix}", tmp_path / "run" / "out.mp4"
        target = target.with_suffix(".png") if given.suffix in (".png", ".jpg") else target
        source.write_bytes(spoiled(bytearray(given.read_bytes()), rng))
        said = ""
        try:
            if given.suffix not in (".png", ".jpg", ".gif") and VideoSource(source).frames > 9000:
                continue  # its stamps have become those of a film of hours, which would be made
            taped(source, target, hold_max_s=5.0)
            target.unlink()
        except NoclipError as error:
            said = str(error)
        assert "\n" not in said
        assert list((tmp_path / "run").iterdir()) == []


def test_the_arithmetic_can_fail(tmp_path):
    asked = clip(2)
    write(asked, tmp_path / f"in.{asked.form}")
    taped(tmp_path / f"in.{asked.form}", tmp_path / "out.mp4")
    shown = watched(tmp_path / "out.mp4")
    late = type(shown)(shown.fields[4:], shown.sound)
    assert faults_of(asked, shown) == []
    assert faults_of(asked, late) != []
