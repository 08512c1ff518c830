"""Numbers side by side do what NumPy does with arrays of eight."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from generator.render import lanes
from generator.render.run_kernels import RUN


@njit
def arithmetic(a, b, scalar, out):
    """Every operator and function of lanes, a row of eight each."""
    x, y = lanes.take(a, 0), lanes.take(b, 0)
    lanes.keep(out, 0, x + y)
    lanes.keep(out, 8, x - scalar)
    lanes.keep(out, 16, scalar * y)
    lanes.keep(out, 24, x / y)
    lanes.keep(out, 32, lanes.least(x, y))
    lanes.keep(out, 40, lanes.most(x, scalar))
    lanes.keep(out, 48, lanes.root(y))
    lanes.keep(out, 56, lanes.floored(x))
    lanes.keep(out, 64, lanes.single(lanes.whole(x)))
    lanes.keep(out, 72, lanes.positive(x))
    lanes.keep(out, 80, lanes.ramp() + x)


@njit
def order(a, texels, in_turn, every_fourth, mean):
    """What lanes read and write in another order, and a bilinear mean."""
    lanes.keep_in_turn(in_turn, 0, lanes.take(a, 0), lanes.take(a, 8), lanes.take(a, 16))
    first, second, third, fourth = lanes.take_every_fourth(a, 0)
    lanes.keep(every_fourth, 0, first)
    lanes.keep(every_fourth, 8, second)
    lanes.keep(every_fourth, 16, third)
    lanes.keep(every_fourth, 24, fourth)
    lanes.keep(mean, 0, lanes.between(texels, 2, 5, np.float32(0.25), np.float32(0.75)))


def test_lanes_are_added_multiplied_and_compared_one_by_one():
    rng = np.random.default_rng(1)
    a, b = rng.uniform(-3, 3, RUN).astype(np.float32), rng.uniform(0.5, 3, RUN).astype(np.float32)
    s, out = np.float32(1.5), np.zeros(88, np.float32)
    arithmetic(a, b, s, out)
    expected = [a + b, a - s, s * b, a / b, np.minimum(a, b), np.maximum(a, s), np.sqrt(b), np.floor(a), np.trunc(a)]
    expected += [(a > 0).astype(np.float32), np.arange(RUN) + a]
    np.testing.assert_allclose(out.reshape(-1, RUN), expected, rtol=1e-6)


@njit
def mix_three(texels, place, mean):
    """A bilinear mean of three channels."""
    lanes.keep(mean, 0, lanes.between_three(texels, place, 5, np.float32(0.25), np.float32(0.75)))


def test_texels_of_three_channels_are_mixed_up_to_the_last_one():
    texels, mean = np.random.default_rng(3).random((4, 5, 3)).astype(np.float32), np.zeros(4, np.float32)
    mix_three(texels.reshape(-1), 2 * 5 + 3, mean)
    expected = np.einsum("y, x, yxc -> c", [0.25, 0.75], [0.75, 0.25], texels[2:, 3:])
    np.testing.assert_allclose(mean[:3], expected, rtol=1e-5)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_lanes_are_shuffled_and_texels_are_mixed(kind):
    rng = np.random.default_rng(2)
    a, texels = rng.random(32).astype(np.float32), rng.integers(0, 256, (4, 5, 4)).astype(kind)
    in_turn, every_fourth, mean = np.zeros(24, np.float32), np.zeros(32, np.float32), np.zeros(4, np.float32)
    order(a, texels.reshape(-1), in_turn, every_fourth, mean)
    np.testing.assert_array_equal(in_turn, a[:24].reshape(3, 8).T.reshape(-1))
    np.testing.assert_array_equal(every_fourth, a.reshape(8, 4).T.reshape(-1))
    four = texels[:2, 2:4].astype(float)
    expected = np.einsum("y, x, yxc -> c", [0.25, 0.75], [0.75, 0.25], four)
    np.testing.assert_allclose(mean, expected, rtol=1e-5)
