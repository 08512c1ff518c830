"""What a user of the tape relies on: identity when off, repeatability, fields, width, losses, the head switch."""

import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from scipy import signal

from generator.errors import NoclipError
from generator.scene.tape import TapeSettings
from generator.tape import passes, record
from generator.tape.dropouts import PER_SECOND, losses_of
from generator.tape.profile import SP
from generator.tape.timebase import BANDS_S, _drift, line_positions, normals

QUIET = {"noise": 0.0, "timebase": 0.0, "dropouts": 0.0, "head_switch": 0.0}


def ramp(height=480, width=160):
    x = np.linspace(0.1, 0.9, width, dtype=np.float32)
    return np.stack([np.broadcast_to(c, (height, width)) for c in (x, 0.9 * x, 0.6 * x)], axis=-1).astype(np.float32)


def test_off_is_an_identity_to_one_code():
    video = ramp()
    assert np.abs(record(video, TapeSettings(profile="off"), 1, 0) - video * 255.0).max() <= 0.5 + 1e-4


def test_frame_seventeen_alone_equals_frame_seventeen_in_a_batch():
    alone = record(ramp(), TapeSettings(dropouts=20), 3, 17)
    batch = [record(ramp(), TapeSettings(dropouts=20), 3, n) for n in range(16, 19)]
    assert np.array_equal(alone, batch[1])
    assert not np.array_equal(batch[0], batch[1])


def test_another_seed_gives_another_tape():
    assert not np.array_equal(record(ramp(), TapeSettings(), 3, 0), record(ramp(), TapeSettings(), 4, 0))


def test_noise_differs_between_the_fields_of_a_still():
    grey = np.full((480, 160, 3), 0.5, np.float32)
    seen = record(grey, TapeSettings(timebase=0), 1, 0).astype(float)[:460, 20:140]
    lower, upper = seen[1::2, :, 1] - seen[1::2, :, 1].mean(), seen[0::2, :, 1] - seen[0::2, :, 1].mean()
    assert abs((lower * upper).mean()) < 0.1 * (lower**2).mean()


@pytest.mark.parametrize("height,width", [(16, 16), (17, 31), (480, 641), (481, 720), (96, 128), (720, 960)])
def test_any_size_comes_back_at_its_size(height, width):
    out = record(np.full((height, width, 3), 0.5, np.float32), TapeSettings(**QUIET), 0, 0)
    assert out.shape == (height, width, 3)
    assert out.dtype == np.uint8
    middle = out[height // 4 : height * 3 // 4, width // 4 : width * 3 // 4].astype(float)
    assert np.abs(middle - 127.5).max() < 2.0


def test_results_are_in_seconds_whatever_the_width():
    def rise(width):
        video = np.full((480, width, 3), 60 / 255, np.float32)
        video[:, width // 2 :] = 180 / 255
        line = record(video, TapeSettings(**QUIET), 0, 0)[200, :, 1].astype(float)
        rising = line[width // 2 - width // 40 : width // 2 + width // 90]
        place = np.interp([72, 168], rising, np.arange(len(rising)))
        return (place[1] - place[0]) * 52.66e-6 / width

    assert rise(1440) == pytest.approx(rise(2880), abs=15e-9)


def test_colour_is_at_unity():
    video = np.empty((480, 720, 3), np.float32)
    video[:] = [0.70, 0.60, 0.30]
    seen = record(video, TapeSettings(**QUIET), 0, 0)[50:400, 60:660].reshape(-1, 3).mean(axis=0) / 255
    assert seen == pytest.approx([0.70, 0.60, 0.30], abs=0.004)


def test_edges_stay_where_they_are():
    video = np.full((480, 720, 3), 0.2, np.float32)
    video[:, 360:] = 0.6
    line = record(video, TapeSettings(**QUIET), 0, 0)[200, :, 1] / 255
    k = int(np.argmax(line >= 0.4))
    assert k - 1 + (0.4 - line[k - 1]) / (line[k] - line[k - 1]) == pytest.approx(359.5, abs=0.8)


def test_head_switch_tears_the_last_lines_only():
    video = np.full((480, 720, 3), 0.2, np.float32)
    video[:, 360:] = 0.6
    still = record(video, TapeSettings(**QUIET), 5, 0).astype(int)
    torn = record(video, TapeSettings(**{**QUIET, "head_switch": 1.0}), 5, 0).astype(int)
    moved = np.flatnonzero(np.abs(torn - still)[:, 300:420].max(axis=(1, 2)) > 60)
    assert len(moved) >= 5
    assert moved.min() >= 471


@pytest.mark.parametrize("frame", range(4))
def test_head_switch_moves_both_fields_the_same_way(frame):
    video = np.full((480, 720, 3), 0.2, np.float32)
    video[:, 360:] = 0.6
    torn = record(video, TapeSettings(**{**QUIET, "head_switch": 1.0}), 5, frame)[..., 1].astype(int)
    edge = (torn[:, 300:420] > 102).argmax(axis=1) + 300
    for rows in (edge[0::2], edge[1::2]):
        moved = np.flatnonzero(rows[220:] > 365) + 220
        assert 2 <= len(moved) <= 4
        assert moved[-1] == 239
        assert rows[240 - len(moved)] >= rows[239] > 366


@pytest.mark.parametrize("frame", range(4))
def test_colour_is_off_from_the_head_switch_into_the_next_line_and_the_noise_is_there(frame):
    video = np.empty((480, 720, 3), np.float32)
    video[:] = [0.6, 0.5, 0.2]
    for parity in (0, 1):
        seen = record(video, TapeSettings(dropouts=0), 5, frame)[parity::2, 40:680].astype(float)
        colour = seen[..., 0] - seen[..., 2]
        grey = np.abs(colour) < 0.3 * np.median(colour)
        lines = np.flatnonzero(grey.sum(axis=1) > 8)
        assert lines.min() >= 235
        assert 1 <= len(lines) <= 2
        assert 0.3 < grey[lines].sum() / 640 < 2.0
        noise = seen[..., 1].std(axis=1)
        assert 235 <= noise.argmax() <= 238
        assert noise.max() > 4 * np.median(noise)


def test_a_worn_tape_is_told_from_a_new_one_at_once():
    video = ramp(480, 640)
    new, worn = (record(video, TapeSettings(profile=p), 7, 3).astype(float) for p in ("sp", "worn"))
    assert np.abs(worn - new).mean() > 6
    noise = np.diff(worn[:460, 60:580, 1], axis=1).std(axis=1)
    assert 4 <= (noise > 3 * np.median(noise)).sum() <= 90


def test_wear_is_the_last_tape_s_and_none_at_zero():
    video = ramp()
    new = record(video, TapeSettings(), 3, 5)
    assert np.array_equal(new, record(video, TapeSettings(wear=0.0, generations=1), 3, 5))
    assert not np.array_equal(new, record(video, TapeSettings(wear=0.1), 3, 5))


def test_dropouts_repeat_the_line_before():
    rng = np.random.Generator(np.random.Philox(1))
    video = np.repeat(rng.uniform(0.2, 0.8, (480, 45, 1)), 16, axis=1).repeat(3, axis=2).astype(np.float32)
    settings = TapeSettings(**{**QUIET, "dropouts": 60.0})
    whole = record(video, TapeSettings(**QUIET), 2, 0)[..., 1].astype(int)
    lossy = record(video, settings, 2, 0)[..., 1].astype(int)
    lost = np.abs(lossy - whole) > 40
    above = np.vstack([whole[:2], whole[:-2]])
    assert lost.sum() > 200
    assert (np.abs(lossy - above)[lost] < 25).mean() > 0.6


def test_loss_rates_and_recurrence_are_the_measured_ones():
    deep = np.log(10) * 15 / 20
    found = [losses_of(SP, 9, field, 240) for field in range(3000)]
    events = sum(len(np.unique(np.round(f.middle + 910 * f.line)[f.depth > deep])) for f in found)
    seen_share = 240 * 63.5556e-6 / (1001 / 60000)
    assert events / (3000 * 1001 / 60000) == pytest.approx(PER_SECOND[2] * seen_share, rel=0.25)
    again = sum(
        bool(len(np.intersect1d(np.round(a.depth, 5), np.round(b.depth, 5))))
        for a, b in pairwise(found)
        if len(a.depth)
    )
    assert again > 0.15 * sum(bool(len(f.depth)) for f in found)


def test_slow_time_base_has_the_measured_size_and_joins_between_fields():
    drift = _drift(1, np.arange(200000))
    assert drift.std() == pytest.approx(np.sqrt(sum(s * s for s in BANDS_S)), rel=0.1)
    assert np.array_equal(_drift(1, np.arange(1000, 2000)), drift[1000:2000])


def test_the_pll_leaves_the_stated_skew_at_the_top():
    bare = SP.__class__(**{**SP.__dict__, "timebase": 0.0})
    top = abs(line_positions(bare, 1, 4, 240).start)
    assert top[0] == pytest.approx(72e-9, rel=0.35)
    assert top[40] < 6e-9


def test_normals_are_normal_and_local():
    z = normals(1, "x", np.arange(20000))
    assert z.mean() == pytest.approx(0, abs=0.03)
    assert z.std() == pytest.approx(1, abs=0.03)
    assert normals(1, "x", np.array([777]))[0] == z[777]


def test_worse_tapes_are_noisier():
    grey = np.full((480, 320, 3), 0.5, np.float32)
    sigma = [record(grey, TapeSettings(profile=p), 1, 0)[:460, ..., 1].std() for p in ("sp", "ep", "worn")]
    assert sigma[0] < sigma[1]
    assert sigma[0] < sigma[2]


def test_a_copy_of_a_copy_is_softer_and_tracking_error_is_noisy_somewhere():
    grey = np.full((480, 320, 3), 0.5, np.float32)
    off = record(grey, TapeSettings(tracking=0.9, dropouts=0), 1, 0)[..., 1].std(axis=1)[:460]
    assert off.max() > 6 * np.median(off[off <= np.percentile(off, 30)])
    video = np.full((480, 720, 3), 0.2, np.float32)
    video[:, 360:] = 0.6
    first, third = (record(video, TapeSettings(generations=g, **QUIET), 0, 0)[200, 340:380, 1] for g in (1, 3))
    assert np.diff(third.astype(int)).max() < np.diff(first.astype(int)).max()


def test_composite_input_paints_fine_luma():
    t = (np.arange(720) + 0.5) * 52.66e-6 / 720
    slant = np.pi * (np.arange(480) // 2)[:, None]
    tone = 0.5 + 0.3 * np.sin(2 * np.pi * 3.4e6 * t + slant)
    video = np.repeat(tone[..., None], 3, axis=-1).astype(np.float32)

    def colour(composite):
        seen = record(video, TapeSettings(composite=composite, **QUIET), 0, 0)[100:300].astype(float)
        return np.abs(seen[..., 0] - seen[..., 2]).mean()

    assert colour(True) > 3 * colour(False) + 2


def test_display_comes_after_the_tape_and_only_for_its_time():
    grey = np.full((480, 640, 3), 0.3, np.float32)
    settings = TapeSettings(display=True, display_to_s=1.0, **QUIET)
    assert record(grey, settings, 0, 0)[20:80].max() > 220
    assert record(grey, settings, 0, 31)[20:80].max() < 100


def test_display_refuses_what_it_cannot_write():
    from generator.camera.characters import write

    with pytest.raises(NoclipError, match="no character"):
        write(np.zeros((480, 640, 3), np.float32), "ÄPFEL", 0.1, 0.1)


def test_kernels_agree_with_plain_versions():
    rng = np.random.Generator(np.random.Philox(2))
    x = rng.standard_normal(300).astype(np.float32)
    x[:8] = 0
    taps = rng.standard_normal(11).astype(np.float32)
    out, work = np.empty_like(x), np.empty_like(x)
    passes.fir(x, taps, out)
    assert out[5:-5] == pytest.approx(np.correlate(x, taps, mode="valid"), abs=1e-4)
    b0, b1, a1 = np.float32(0.3), np.float32(-0.25), np.float32(-0.93)
    passes.first_order(x, b0, b1, a1, work, out)
    assert out == pytest.approx(signal.lfilter([b0, b1], [1, a1], x), abs=2e-4)


def test_carrier_and_demodulator_are_inverse():
    level = (0.5 + 0.4 * np.sin(np.arange(600) / 20)).astype(np.float32)
    turn = np.float32(2.0**32 / 14.31818e6)
    carrier = tuple(np.float32(hz) * turn for hz in (3.69e6, 0.71e6, 3.0e6, 4.65e6, 5.0e6))
    phase, re, im, back = np.empty(600, np.int32), *(np.empty(600, np.float32) for _ in range(3))
    passes.modulate(level, carrier, phase, re, im)
    passes.demodulate(re, im, carrier, back)
    assert np.hypot(re, im) == pytest.approx(np.ones(600), abs=1e-4)
    assert back[10:] == pytest.approx(level[10:], abs=3e-4)


@pytest.mark.slow
def test_a_freshly_compiled_kernel_and_a_cached_one_give_the_same_bytes(tmp_path):
    script = (
        "import hashlib, numpy as np\n"
        "from generator.camera.exposure import State\n"
        "from generator.camera.shoot import shoot\n"
        "from generator.scene.camera import CameraSettings\n"
        "from generator.scene.tape import TapeSettings\n"
        "from generator.tape import record\n"
        "light = np.random.Generator(np.random.Philox(1)).random((480, 640, 3), dtype=np.float32) * 2\n"
        "video = shoot(light, CameraSettings(), State(1.0), 1, 3)\n"
        "seen = record(video, TapeSettings(dropouts=9), 1, 3)\n"
        "print(hashlib.sha256(video.tobytes() + seen.tobytes()).hexdigest())\n"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    runs = [
        subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
