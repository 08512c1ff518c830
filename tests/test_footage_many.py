"""Five hundred generated media files: each comes out right by its own arithmetic or is refused in one line."""

from __future__ import annotations

import pytest

from generator.errors import NoclipError
from tests.footage import taped, watched
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


def test_the_arithmetic_can_fail(tmp_path):
    asked = clip(2)
    write(asked, tmp_path / f"in.{asked.form}")
    taped(tmp_path / f"in.{asked.form}", tmp_path / "out.mp4")
    shown = watched(tmp_path / "out.mp4")
    late = type(shown)(shown.fields[4:], shown.sound)
    assert faults_of(asked, shown) == []
    assert faults_of(asked, late) != []
