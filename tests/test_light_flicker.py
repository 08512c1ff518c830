"""The flicker signal: random access, exact over a shutter, flash-safe."""

import numpy as np
import pytest

from generator.camera.shot import FIELD_S
from generator.light.flicker import MEAN_OUTPUT, RIPPLE, flicker, ripple

IDENT = np.arange(1, 9, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
SHUTTER_S = 1 / 60


def signal(seconds, safe=True, ident=IDENT):
    start = np.arange(int(seconds / FIELD_S)) * FIELD_S
    return flicker(ident, 5, start, start + SHUTTER_S, safe)


def flashes(values, seconds):
    """Most pairs of opposing changes of a tenth of full output or more in any one second (WCAG 2.3.1)."""
    turns, low, high, way = [], values[0], values[0], 0
    for k, v in enumerate(values):
        low, high = min(low, v), max(high, v)
        if way >= 0 and v < high - 0.1:
            turns.append((k, -1))
            way, low, high = -1, v, v
        elif way <= 0 and v > low + 0.1:
            turns.append((k, 1))
            way, low, high = 1, v, v
        if way > 0:
            low = v if v > high else low
        elif way < 0:
            high = v if v < low else high
    at = np.array([k for k, _ in turns]) * FIELD_S
    return max((((at >= t) & (at < t + 1.0)).sum() / 2 for t in at), default=0)


def test_one_field_alone_is_the_field_of_a_batch_and_of_any_order():
    batch = signal(3.0)
    alone = flicker(IDENT[3:4], 5, 100 * FIELD_S, 100 * FIELD_S + SHUTTER_S)
    assert alone[0] == batch[100, 3]
    assert not np.array_equal(
        batch, np.array([flicker(IDENT, 6, k * FIELD_S, k * FIELD_S + SHUTTER_S) for k in range(len(batch))])
    )


def test_a_long_shutter_is_the_mean_of_its_parts():
    parts = [flicker(IDENT, 5, 7.0 + k / 500, 7.0 + (k + 1) / 500) for k in range(500)]
    np.testing.assert_allclose(np.mean(parts, axis=0), flicker(IDENT, 5, 7.0, 8.0), rtol=1e-3)


def test_output_stays_between_dark_and_a_good_lamp_and_keeps_its_stated_mean():
    many = np.arange(1, 200, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    values = signal(10.0)
    assert values.min() >= 0.0
    assert values.max() <= 1.0
    assert values.std() > 0.05
    assert flicker(many, 1, 0.0, 40.0).mean() == pytest.approx(MEAN_OUTPUT, abs=0.02)


def test_safe_lamps_flash_at_most_once_a_second_each_and_unsafe_ones_more():
    safe, wild = signal(40.0), signal(40.0, safe=False)
    assert max(flashes(lamp, 40.0) for lamp in safe.T) <= 1.5
    assert max(flashes(lamp, 40.0) for lamp in wild.T) > 3
    assert min(flashes(lamp, 40.0) for lamp in safe.T) > 0


def test_ripple_vanishes_over_whole_periods_and_shows_in_short_shutters():
    np.testing.assert_allclose(ripple(IDENT, 0.3, 0.3 + 1 / 60), 1.0, atol=1e-9)
    short = np.array([ripple(IDENT[:1], t, t + 1e-4)[0] for t in np.linspace(0, 1 / 120, 100)])
    assert short.max() == pytest.approx(1 + RIPPLE, abs=0.01)
    assert short.min() == pytest.approx(1 - RIPPLE, abs=0.01)


def test_a_closed_shutter_is_an_error():
    with pytest.raises(ValueError, match="shutter"):
        flicker(IDENT, 0, 1.0, 1.0)
