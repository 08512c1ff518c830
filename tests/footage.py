"""Footage for tests: what a finished video shows and sounds like, measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator.scene.tape import TapeSettings
from generator.tape.footage import tape_file
from generator.tape.foreign import Treatment

FIELD_S = 1001 / 60000
CASES = Path(__file__).parent / "cases"
OFF = TapeSettings(profile="off")


def taped(source: Path, target: Path, **how) -> list[str]:
    """Tape a file without a tape; returns what was said."""
    said: list[str] = []
    tape_file(source, target, Treatment(OFF, **how), say=said.append)
    return said


@dataclass(frozen=True)
class Shown:
    """A finished video: its fields' rows in order of time (2 N, H / 2, W, 3), and its sound (M, 2) at 48 kHz."""

    fields: NDArray[np.uint8]
    sound: NDArray[np.float32]

    @property
    def frames(self) -> int:
        """Number of frames."""
        return len(self.fields) // 2

    def flashes(self) -> NDArray[np.float64]:
        """Times at which the picture turns bright."""
        level = self.fields[:, :, :, 1].mean(axis=(1, 2))
        return FIELD_S * rises(level > 130)

    def beeps(self) -> NDArray[np.float64]:
        """Times at which the sound begins after a silence of 0.1 s."""
        if not len(self.sound):
            return np.zeros(0)
        loud = np.convolve(np.abs(self.sound).max(axis=1), np.ones(96) / 96, "same") > 0.06
        found = rises(loud)
        return found[np.diff(found, prepend=-1e9) > 4800] / 48000


def rises(on: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where something begins to hold."""
    return np.flatnonzero(on & ~np.concatenate([[False], on[:-1]]))


def watched(path: Path) -> Shown:
    """Decode a finished video, the lower field first, and its sound from the time at which the picture begins."""
    import av

    fields, parts = [], [np.zeros((2, 0), np.float32)]
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            codes = frame.to_ndarray(format="rgb24")
            fields += [codes[1::2], codes[0::2]]
    with av.open(str(path)) as container:
        if container.streams.audio:
            done = 0
            for frame in container.decode(audio=0):
                assert abs(round(frame.time * 48000) - done) < 100
                done += frame.samples
                parts.append(np.broadcast_to(frame.to_ndarray(), (2, frame.samples)))
    return Shown(np.array(fields), np.concatenate(parts, axis=1).T)
