"""Spectrograms of films' sound, before the tape: ``python -m tests.reference.spectrograms SCENE... OUT.webp``.

Each row is twenty seconds: eight of walking, five of standing, the rest walking again. Up is 40 Hz to 12 kHz in equal
octaves, dark to bright is 70 dB; ticks under a row are heel strikes.
"""

from __future__ import annotations

import sys

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import signal

from generator.camera.script import Script, beats_of
from generator.camera.shot import FIELD_S
from generator.film.request import FilmRequest
from generator.film.soundtrack import film_sound
from generator.film.timeline import plan_timeline
from generator.progress import Progress
from generator.scene import load_scene
from generator.sound import RATE_HZ

SECONDS = 20.0
WIDE, HIGH, MARGIN = 1000, 180, 18
LOWEST_HZ, HIGHEST_HZ = 40.0, 12000.0
RANGE_DB, TOP_DB = 70.0, -25.0
WINDOW = 2048


def sound_of(name: str) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """What is recorded on a walk in a scene, and when heels strike, seconds."""
    scene = load_scene(name, [])
    request = FilmRequest(scene, Script(beats_of(["walk 8", "stand 5", "walk 20"])), 0, round(SECONDS / (2 * FIELD_S)))
    timeline = plan_timeline(request)
    blocks = list(film_sound(request, timeline, Progress()))
    return np.concatenate(blocks), timeline.performance.step_time_s


def spectrogram(sound: NDArray[np.float32]) -> Image.Image:
    """A picture of a sound, WIDE × HIGH: time to the right, frequency up in equal octaves."""
    hop = len(sound) / WIDE
    hz, _, bins = signal.stft(sound, RATE_HZ, nperseg=WINDOW, noverlap=WINDOW - int(hop), boundary=None)
    level = 20.0 * np.log10(np.abs(bins) + 1e-9)
    place = np.interp(np.geomspace(HIGHEST_HZ, LOWEST_HZ, HIGH), hz, np.arange(len(hz)))
    low = np.minimum(place.astype(int), len(hz) - 2)
    part = (place - low)[:, None]
    bright = ((1.0 - part) * level[low] + part * level[low + 1] - TOP_DB) / RANGE_DB + 1.0
    shades = np.clip(3.0 * bright[:, :, None] - np.arange(3), 0.0, 1.0)
    return Image.fromarray((255.0 * shades).astype(np.uint8)).resize((WIDE, HIGH))


def run(*names: str, out: str) -> None:
    """Draw a row for each scene."""
    sheet = Image.new("RGB", (WIDE, len(names) * (HIGH + MARGIN)), "black")
    pen = ImageDraw.Draw(sheet)
    for row, name in enumerate(names):
        sound, steps = sound_of(name)
        top = row * (HIGH + MARGIN)
        sheet.paste(spectrogram(sound), (0, top))
        for x in steps / SECONDS * WIDE:
            pen.line([(x, top + HIGH), (x, top + HIGH + 5)], "white")
        pen.text(
            (4, top + HIGH + 6), f"{name}, {SECONDS:.0f} s, {LOWEST_HZ:.0f} Hz to {HIGHEST_HZ / 1000:.0f} kHz", "grey"
        )
    sheet.save(out, quality=70, method=6)


if __name__ == "__main__":
    run(*sys.argv[1:-1], out=sys.argv[-1])
