"""Sound that is written or read: its rate, blocks of any length, WAV files."""

from __future__ import annotations

import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..files import whole

RATE_HZ = 48_000
"""Sample rate of everything here. Source: IEC 60268 and every video deck's digital side."""


@dataclass(frozen=True)
class Sound:
    """A sound at 48 kHz to be written once: blocks (N, channels) float32, -1..1."""

    blocks: Iterable[NDArray[np.float32]]
    channels: int


class Spool:
    """Blocks of sound (N, C), taken in portions of any size."""

    def __init__(self, blocks: Iterable[NDArray[np.float32]]) -> None:
        self._blocks = iter(blocks)
        self._held: list[NDArray[np.float32]] = []

    def take(self, count: int) -> NDArray[np.float32]:
        """The next samples (count, C); fewer at the end."""
        while sum(len(part) for part in self._held) < count and (block := next(self._blocks, None)) is not None:
            self._held.append(block)
        whole = np.concatenate(self._held) if self._held else np.zeros((0, 1), np.float32)
        self._held = [whole[count:]] if len(whole) > count else []
        return whole[:count]


def save_wav(path: Path, sound: Sound) -> None:
    """Write a sound as a WAV file of 16 bits; whole or not at all."""
    with whole(path) as part, wave.open(str(part), "wb") as out:
        out.setnchannels(sound.channels)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        for block in sound.blocks:
            out.writeframes(np.clip(np.rint(block * 32767.0), -32768, 32767).astype("<i2").tobytes())
