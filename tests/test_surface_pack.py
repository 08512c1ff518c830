"""The packer: what is placed lies inside, apart, and wastes little."""

import numpy as np
import pytest

from generator.seed import rng_for
from generator.surface.pack import pack


def _owners(sizes, places, width, height, guard):
    count = np.zeros((height, width), np.int32)
    for (wide, high), (column, row) in zip(sizes, places, strict=True):
        if wide and high:
            box = count[row - guard : row + high + guard, column - guard : column + wide + guard]
            assert box.shape == (high + 2 * guard, wide + 2 * guard)
            box += 1
    return count


def test_rectangles_and_their_guards_never_overlap_nor_leave_the_atlas():
    sizes = rng_for(3, "test.pack").integers(0, 40, size=(800, 2))
    places, height = pack(sizes, 256, guard=1)
    count = _owners(sizes, places, 256, height, 1)
    assert count.max() == 1
    assert count.mean() > 0.8


def test_a_rectangle_as_wide_as_the_atlas_fits_and_a_wider_one_is_refused():
    places, height = pack(np.array([[62, 5], [0, 0], [10, 9]]), 64, guard=1)
    assert (places[1] == 0).all()
    assert height == 7 + 11
    with pytest.raises(ValueError, match="does not fit"):
        pack(np.array([[63, 5]]), 64, guard=1)


def test_nothing_to_pack_gives_the_smallest_atlas():
    places, height = pack(np.zeros((0, 2), int), 64)
    assert places.shape == (0, 2)
    assert height == 1
