"""The bake against an independent path tracer, Mitsuba 3, which must be installed (extra ``reference``)."""

from __future__ import annotations

import pytest

from tests.reference.mitsuba_scene import start_mitsuba
from tests.reference.mitsuba_views import SPP, VIEWS, Agreement, agreement, exported, ours, room, theirs

pytestmark = pytest.mark.slow
MEAN, WORST, TOTAL = 0.03, 0.12, 0.015


@pytest.fixture(scope="module")
def mitsuba():
    return start_mitsuba()


def expect_agreement(found: Agreement) -> None:
    print(found)
    assert found.noise[0] < MEAN / 3
    assert found.noise[1] < WORST / 3
    assert found.noise[2] < TOTAL / 3
    assert found.mean < MEAN
    assert found.worst < WORST
    assert abs(found.total) < TOTAL


@pytest.mark.parametrize("name, seed", VIEWS)
def test_a_furnished_room_matches_a_path_tracer(mitsuba, name, seed):
    seen = room(name, seed)
    mine, left_out = ours(seen)
    expect_agreement(agreement(mine, theirs(mitsuba, seen, SPP), left_out))


def test_an_exported_file_lit_by_lamps_typed_in_by_hand_matches_the_bake(mitsuba, tmp_path):
    expect_agreement(agreement(*exported(mitsuba, tmp_path, SPP)))
