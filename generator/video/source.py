"""Videos in: frames with their times, and the sound."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from .sound import RATE_HZ

VIDEOS = (".mp4", ".mkv", ".mov", ".avi", ".webm", ".mpg", ".mpeg", ".ts", ".m4v")
SHORT_S = 1.0
"""A video that ends this much before its stated length is taken for cut off."""


class VideoSource:
    """A video opened for reading: size, length and frames with their times."""

    def __init__(self, path: Path) -> None:
        """Raises NoclipError for what is no video."""
        import av

        self.path = path
        try:
            self._container = av.open(str(path))
            self._stream = self._container.streams.video[0]
        except (av.FFmpegError, IndexError, OSError) as error:
            raise NoclipError(f"{path}: neither a picture nor a video that can be read ({error})") from error
        self._stream.codec_context.options = {"err_detect": "explode"}
        self._stream.thread_type = "NONE"
        self.seconds = self._length(av.time_base)
        ratio = self._stream.sample_aspect_ratio or Fraction(1)
        self.pixel_aspect = float(ratio) if ratio > 0 else 1.0

    def _length(self, time_base: int) -> float | None:
        if self._stream.duration and self._stream.time_base:
            return float(self._stream.duration * self._stream.time_base)
        return self._container.duration / time_base if self._container.duration else None

    def frames(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        """Seconds from the start and (H, W, 3) uint8 R'G'B' of every frame.

        Raises NoclipError with the frame's number where the video is corrupt or ends too soon.
        """
        import av

        count, first, last, step = 0, None, 0.0, float(1 / (self._stream.average_rate or 25))
        try:
            for frame in self._container.decode(self._stream):
                if frame.is_corrupt:
                    raise NoclipError(f"{self.path}: frame {count} is corrupt")
                at = frame.time if frame.time is not None else count * step
                first = at if first is None else first
                last = at - first
                yield last, np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8)
                count += 1
        except av.FFmpegError as error:
            raise NoclipError(f"{self.path}: frame {count} cannot be decoded ({error})") from error
        if count == 0:
            raise NoclipError(f"{self.path}: a video without frames")
        if self.seconds and last + step < self.seconds - max(SHORT_S, 0.02 * self.seconds):
            raise NoclipError(f"{self.path}: ends after frame {count - 1} of {self.seconds:.1f} s; the file is cut off")

    @property
    def has_sound(self) -> bool:
        """Is there a sound stream?"""
        return bool(self._container.streams.audio)

    def sound(self) -> Iterator[NDArray[np.float32]]:
        """The first sound stream from the picture's start, in blocks (N, 2) float32 at 48 kHz of about a second."""
        import av

        parts: list[NDArray[np.float32]] = []
        with av.open(str(self.path)) as container:
            resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE_HZ)
            try:
                for frame in chain(container.decode(audio=0), (None,)):
                    parts += [part.to_ndarray().astype(np.float32) for part in resampler.resample(frame)]
                    if frame is None or sum(part.shape[1] for part in parts) >= RATE_HZ:
                        yield np.concatenate([np.zeros((2, 0), np.float32), *parts], axis=1).T
                        parts = []
            except av.FFmpegError as error:
                raise NoclipError(f"{self.path}: the sound cannot be decoded ({error})") from error

    def close(self) -> None:
        """Close the file."""
        self._container.close()
