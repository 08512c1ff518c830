"""A taped video on its way into a file, frame by frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from .codecs import TAPE_NOISE, Codec
from .encode import FORMS, FRAME_HZ, SoundWriter, open_target, packets, picture_stream, pictures_of
from .sound import RATE_HZ, Sound

WRITABLE_VIDEOS = tuple(FORMS)
EVEN, FOURTH = 2, 4
"""What divides the width and height of interlaced 4:2:0. Source: ITU-T H.264, 7.4.2.1.1, CropUnitX and CropUnitY."""


class VideoTarget:
    """A video of 29.97 frames a second, the lower field first, as films are; AAC beside it."""

    def __init__(
        self, part: Path, path: Path, size: tuple[int, int], pixel_aspect: float, sound: Sound | None,
        say: Callable[[str], None], codec: Codec = "h264",
    ) -> None:  # fmt: skip
        """Begin a file ``part`` of the form that ``path`` has. size: width and height of the frames.

        Grain is kept as a film of quality `final` keeps that of a clean tape.
        """
        width, height = size
        self._path, self._frames = path, 0
        self._below, self._right = -height % FOURTH, -width % EVEN
        whole = width + self._right, height + self._below
        if self._below or self._right:
            say(f"{width}x{height} pixels: files that play everywhere have an even width and a height divisible by 4, "
                f"so the last column and row are repeated: {whole[0]}x{whole[1]}")  # fmt: skip
        self._out = open_target(part, path, codec)
        aspect = Fraction(pixel_aspect).limit_denominator(255)
        self._video = picture_stream(self._out, whole, "interlaced", codec, "final", TAPE_NOISE, aspect)
        self._audio = SoundWriter(self._out, sound) if sound is not None else None

    def write(self, codes: NDArray[np.uint8]) -> None:
        """Append a frame, (H, W, 3) uint8, and the sound that goes with it.

        Raises NoclipError where the disk is full.
        """
        if self._below or self._right:
            codes = np.pad(codes, ((0, self._below), (0, self._right), (0, 0)), mode="edge")
        with self._writing():
            for picture in pictures_of(codes, "interlaced"):
                self._out.mux(packets(self._video, picture, self._frames, "interlaced"))
            self._frames += 1
            if self._audio is not None:
                self._audio.write(round(self._frames * RATE_HZ / FRAME_HZ))

    def close(self) -> None:
        """Flush the encoders and finish the file.

        Raises NoclipError where the disk is full.
        """
        with self._writing():
            self._out.mux(self._video.encode(None))
            if self._audio is not None:
                self._audio.close()
            self._out.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        import av

        try:
            yield
        except av.FFmpegError as error:
            raise NoclipError(f"{self._path}: cannot write: {error.strerror or error}") from error
