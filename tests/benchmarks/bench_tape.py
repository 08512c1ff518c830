"""How long camera and tape take, CPU milliseconds on one thread, warm."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from generator.camera.exposure import State
from generator.camera.shoot import shoot
from generator.scene.camera import CameraSettings
from generator.scene.tape import TapeSettings
from generator.tape import deck, filters, passes, profile, raster, record

LINES = 480
WIDTH, HEIGHT = 720, 480


def _best_ms(work: Callable[[], object], runs: int = 15) -> float:
    work()
    best = float("inf")
    for _ in range(runs):
        start = time.thread_time()
        work()
        best = min(best, time.thread_time() - start)
    return best * 1e3


def _picture() -> np.ndarray:
    """Radiance of a plausible view: smooth, with a few lamps."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / HEIGHT
    light = 0.2 + 0.15 * np.sin(7 * x) * np.cos(5 * y)
    light[(np.abs(y - 0.15) < 0.03) & (np.abs(x % 0.5 - 0.25) < 0.08)] = 5.0
    return (light[..., None] * [1.0, 0.85, 0.45]).astype(np.float32)


def rows() -> Iterator[tuple[str, float, str, str]]:
    """(name, value, unit, goal) of the camera, the tape, and the tape's passes over a frame's 480 lines."""
    radiance = _picture()
    camera, tape, state = CameraSettings(), TapeSettings(), State(1.5)
    video = shoot(radiance, camera, state, 1, 0)
    fields = (radiance[1::2].copy(), radiance[0::2].copy())
    yield "camera, 720x480", _best_ms(lambda: shoot(radiance, camera, state, 1, 0)), "ms", "under 6, without the lens"
    yield "camera, two fields", _best_ms(lambda: shoot(fields, camera, state, 1, 0)), "ms", "under 6, without the lens"
    yield "tape sp, 720x480", _best_ms(lambda: record(video, tape, 1, 0)), "ms", "under 7"
    yield "tape sp, 640x480", _best_ms(lambda: record(video[:, :640], tape, 1, 0)), "ms", "under 7"
    for name, work in _passes():
        yield f"tape pass: {name}", _best_ms(lambda work=work: [work() for _ in range(LINES)]), "ms", ""


def _passes() -> Iterator[tuple[str, Callable[[], object]]]:
    """Each pass over one line."""
    f = filters.filters_for(profile.SP)
    single = np.float32
    n, c = raster.SAMPLES, raster.CHROMA_SAMPLES
    row, line, out, work = (np.full(k, 0.3, single) for k in (WIDTH, n, n, n))
    re, im, u, v = np.ones(n, single), np.zeros(n, single), np.zeros(c, single), np.zeros(c, single)
    phase, index, share = np.empty(n, np.int32), np.empty(WIDTH, np.int32), np.empty(WIDTH, single)
    carrier = deck.carrier()
    b0, b1, a1 = (single(k) for k in f.emphasis)
    zero, far = single(0), single(1e9)
    yield "luma samples", lambda: passes.sample(row, raster.luma_taps(WIDTH), line)
    yield "chroma samples", lambda: passes.sample_two(row, row, raster.chroma_taps(WIDTH), u, v)
    yield "record filter", lambda: passes.fir(line, f.record, out)
    yield "emphasis (twice a line)", lambda: passes.first_order(line, b0, b1, a1, work, out)
    yield "modulate", lambda: passes.modulate(line, carrier, phase, re, im)
    yield "rf filter (twice a line)", lambda: passes.fir(line, f.rf, out)
    yield "noise (five times a line)", lambda: passes.add_noise(out, single(0.01), np.uint32(7))
    yield "demodulate", lambda: passes.demodulate(re, im, carrier, out)
    yield "playback filter", lambda: passes.fir(line, f.playback, out)
    yield "noise canceller", lambda: passes.cancel(line, out, single(0.01))
    yield "chroma filter (twice a line)", lambda: passes.fir(u, f.chroma, v)
    yield "places", lambda: passes.place(zero, zero, far, zero, index, share)
    yield "scan luma", lambda: passes.scan_luma(line, index, share, row)
    yield "scan chroma", lambda: passes.scan_chroma(u, v, index, share, single(4), row, row.copy())
