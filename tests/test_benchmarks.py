"""The benchmarks' own arithmetic: what is printed can be read back, and two revisions are compared pair by pair."""

from __future__ import annotations

import json

from tests.benchmarks.against import compared
from tests.benchmarks.rows import Row, printed, read, write_json

ROWS = [Row("a field, normal: all", 33.25, "core-ms", "under 33"), Row("pictures with a door", 8.0, "%", "")]


def test_a_printed_row_is_read_back_and_other_lines_are_not():
    text = "\n".join(["3.11 on Linux, 2 cores", "", "film", *map(printed, ROWS), "make: nothing"])
    assert read(text) == ROWS


def test_a_machine_that_slows_down_during_a_comparison_does_not_change_its_ratio():
    new, old = ([[Row("x", value * drift, "s", "")] for drift in (1, 2, 4)] for value in (3.0, 2.0))
    (row,) = compared(new, old)
    assert row.ratio == 1.5
    assert row.new == [3.0, 6.0, 12.0]


def test_figures_of_one_revision_alone_are_left_out():
    assert compared([[Row("new one", 1.0, "s", "")]], [[Row("old one", 1.0, "s", "")]]) == []


def test_rows_are_written_as_json_that_any_program_reads(tmp_path):
    write_json(tmp_path / "rows.json", "here", {"film": [ROWS[0], Row("not installed", float("nan"), "s", "")]})
    found = json.loads((tmp_path / "rows.json").read_text(), parse_constant=lambda word: 1 / 0)
    assert found["rows"]["film"][0]["value"] == 33.25
    assert found["rows"]["film"][1]["value"] is None
