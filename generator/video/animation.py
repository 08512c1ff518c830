"""Animated pictures as a video without sound."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from .fields import Picture
from .pictures import read_animation
from .source import FRAME_S, Moment, field_pairs


class Animation:
    """An animated GIF, PNG or WebP, once through: its length in frames of 29.97 Hz and its fields."""

    has_sound, pixel_aspect = False, 1.0

    def __init__(self, path: Path) -> None:
        """Raises NoclipError for what is no picture."""
        self._path = path
        seconds = sum(stays for stays, _ in read_animation(path))
        self.frames = max(math.floor(seconds / FRAME_S + 0.5), 1)

    def pairs(self) -> Iterator[tuple[Picture, Picture]]:
        """For every frame of 29.97 Hz the pictures (H, W, 3) float32 that its lower and upper field see."""
        return field_pairs(self._moments(), self.frames)

    def _moments(self) -> Iterator[Moment]:
        at = 0.0
        for stays, picture in read_animation(self._path):
            yield Moment(at, picture)
            at += stays
