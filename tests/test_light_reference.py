"""The bake against an independent path tracer, Mitsuba 3, which must be installed (extra ``reference``)."""

from __future__ import annotations

import pytest

from tests.reference.mitsuba_scene import start_mitsuba
from tests.reference.mitsuba_views import (
    LEVEL1_VIEWS,
    SPP,
    VIEWS,
    agreement,
    expect_agreement,
    exported,
    ours,
    room,
    theirs,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mitsuba():
    return start_mitsuba()


@pytest.mark.parametrize("name, seed", VIEWS)
def test_a_furnished_room_matches_a_path_tracer(mitsuba, name, seed):
    seen = room(name, seed)
    mine, left_out = ours(seen)
    expect_agreement(agreement(mine, theirs(mitsuba, seen, SPP), left_out))


@pytest.mark.xfail(
    reason="halls of racks are 3 % too dark in all; 1920 samples are too few for a car park", strict=False
)
@pytest.mark.parametrize("name, seed", LEVEL1_VIEWS)
def test_a_piece_of_level_1_matches_a_path_tracer(mitsuba, name, seed):
    test_a_furnished_room_matches_a_path_tracer(mitsuba, name, seed)


def test_an_exported_file_lit_by_lamps_typed_in_by_hand_matches_the_bake(mitsuba, tmp_path):
    expect_agreement(agreement(*exported(mitsuba, tmp_path, SPP)))
