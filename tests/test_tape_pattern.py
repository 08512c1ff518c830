"""The test pattern passes on our tape, and fails on a tape that is broken on purpose."""

import numpy as np
import pytest

from generator.scene.tape import TapeSettings
from generator.tape import record
from generator.tape.pattern import BANDS, YIQ, _colour, _lines, _luma_noise, _luma_response, _row, measure
from generator.tape.plot import draw_measured

RGB = np.linalg.inv(YIQ)


@pytest.fixture(scope="module")
def measured():
    return measure(TapeSettings())


def test_every_row_is_inside_the_vhs_band(measured):
    assert {row.measure for row in measured.rows} == set(BANDS)
    assert [f"{row.measure}: {row.value:.2f}" for row in measured.rows if not row.ok] == []
    assert measured.ok


def test_the_worst_row_comes_last(measured):
    assert measured.rows[-1].off == max(row.off for row in measured.rows)


def test_the_plot_shows_all_rows_and_is_a_picture(measured, tmp_path):
    from PIL import Image

    draw_measured(measured, tmp_path / "chart.png")
    with Image.open(tmp_path / "chart.png") as image:
        assert image.size[0] >= 900
        assert len(image.convert("RGB").getcolors(100000)) > 5


def broken(part, play, settings=None):
    """Names of the rows of one part of the test pattern that fail with another tape in its place."""
    values = {}
    part(settings or TapeSettings(), play, values, {})
    return {name for name, value in values.items() if not _row(name, value).ok}


def test_white_noise_in_place_of_the_tape_s_fails():
    def white(video, settings, seed, frame):
        noise = np.random.Generator(np.random.Philox([seed, frame])).standard_normal(video.shape[:2])
        return np.clip(video * 255 + 1.3 * noise[..., None] + 0.5, 0, 255).astype(np.uint8)

    assert "luma noise, white over black" in broken(_luma_noise, white)
    assert "luma noise under 0.5 MHz" in broken(_luma_noise, white)


def test_a_turned_hue_fails():
    def turned(video, settings, seed, frame):
        seen = record(video, settings, seed, frame).astype(float) @ YIQ.T
        angle = np.radians(4)
        i, q = seen[..., 1].copy(), seen[..., 2].copy()
        seen[..., 1], seen[..., 2] = i * np.cos(angle) - q * np.sin(angle), i * np.sin(angle) + q * np.cos(angle)
        return np.clip(seen @ RGB.T + 0.5, 0, 255).astype(np.uint8)

    assert "hue error" in broken(_colour, turned)
    assert "hue error" not in broken(_colour, record)


def test_a_head_switch_at_the_wrong_line_fails():
    def early(video, settings, seed, frame):
        seen = record(video, settings, seed, frame)
        return np.concatenate([seen[:460], seen[473:], seen[473:], seen[473:]])[:480]

    assert "bottom lines moved" in broken(_lines, early)
    assert "bottom lines moved" in broken(_lines, record, TapeSettings(head_switch=0))
    assert "bottom lines moved" not in broken(_lines, record)


def values_of(profile):
    values = {}
    _luma_response(TapeSettings(profile=profile, noise=0, timebase=0, dropouts=0), record, values, {})
    _luma_noise(TapeSettings(profile=profile), record, values, {})
    return values["luma limit, -20 dB"], values["luma SNR"]


def test_other_profiles_are_ordered_below_sp():
    sp, ep, worn = (values_of(p) for p in ("sp", "ep", "worn"))
    assert ep[0] < sp[0] - 10
    assert worn[0] < sp[0] - 10
    assert ep[1] < sp[1] - 1
    assert worn[1] < sp[1] - 1
