"""Foreign footage in and out: pictures of any kind, and videos with their sound."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.errors import NoclipError

from .audio import Spool

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".gif", ".ppm", ".pgm", ".tga")
VIDEOS = (".mp4", ".mkv", ".mov", ".avi", ".webm", ".mpg", ".mpeg", ".ts", ".m4v")
WRITABLE_VIDEOS = (".mp4", ".mkv", ".mov", ".m4v")
WRITABLE_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")
FRAME_RATE = Fraction(30000, 1001)
SOUND_HZ = 48000
SHORT_S = 1.0
"""A video that ends this much before its stated length is taken for cut off."""


def read_picture(path: Path) -> NDArray[np.float32]:
    """A picture as (H, W, 3) float32 R'G'B' 0..1: 8 or 16 bit, grey or colour; what is transparent shows black.

    Raises NoclipError for what is no picture.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            image.load()
            return _plain(image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NoclipError(f"{path}: not a picture that can be read ({error})") from error


def _plain(image) -> NDArray[np.float32]:
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float32)
        grey = np.clip(values / (1.0 if image.mode == "F" else 65535.0), 0.0, 1.0)
        return np.repeat(grey[..., None], 3, axis=-1)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (0, 0, 0, 255)), image)
    return np.asarray(image.convert("RGB"), dtype=np.float32) / 255.0


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A temporary name beside ``target`` that takes its place when the block ends well, else vanishes."""
    temporary = target.with_name(f".{target.stem}.part{os.getpid()}{target.suffix}")
    try:
        yield temporary
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def write_picture(path: Path, codes: NDArray[np.uint8]) -> None:
    """Write (H, W, 3) uint8 as a picture file, whole or not at all."""
    from PIL import Image

    options: dict[str, Any] = {"quality": 95, "subsampling": 0} if path.suffix.lower() in (".jpg", ".jpeg") else {}
    with whole_file(path) as temporary:
        Image.fromarray(codes).save(temporary, **options)


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
            resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SOUND_HZ)
            try:
                for frame in chain(container.decode(audio=0), (None,)):
                    parts += [part.to_ndarray().astype(np.float32) for part in resampler.resample(frame)]
                    if frame is None or sum(part.shape[1] for part in parts) >= SOUND_HZ:
                        yield np.concatenate([np.zeros((2, 0), np.float32), *parts], axis=1).T
                        parts = []
            except av.FFmpegError as error:
                raise NoclipError(f"{self.path}: the sound cannot be decoded ({error})") from error

    def close(self) -> None:
        """Close the file."""
        self._container.close()


class VideoTarget:
    """A video being written: H.264 at 29.97 frames a second, BT.601, the lower field first; AAC beside it."""

    def __init__(self, path: Path, width: int, height: int, pixel_aspect: float, sound: Spool | None):
        import av

        self._av = av
        self._container = av.open(str(path), "w")
        even = width % 2 == 0 and height % 2 == 0
        video = self._container.add_stream("libx264", rate=FRAME_RATE)
        video.width, video.height = width, height
        video.pix_fmt = "yuv420p" if even else "yuv444p"
        video.options = {"crf": "16", "preset": "fast", "threads": "1"}
        if height % 4 == 0:
            video.options["x264-params"] = "bff=1"
        video.codec_context.sample_aspect_ratio = Fraction(pixel_aspect).limit_denominator(255)
        video.codec_context.colorspace = 6
        video.codec_context.color_range = 1
        video.codec_context.color_primaries = 6
        video.codec_context.color_trc = 6
        self._video, self._sound = video, sound
        self._audio = None
        if sound is not None:
            self._audio = self._container.add_stream("aac", rate=SOUND_HZ, layout="stereo")
            self._audio.bit_rate = 160000
        self._sent = self._frames = 0

    def write(self, codes: NDArray[np.uint8]) -> None:
        """Append a frame, (H, W, 3) uint8, and the sound that goes with it."""
        frame = self._av.VideoFrame.from_ndarray(codes, format="rgb24")
        frame = frame.reformat(format=self._video.pix_fmt, dst_colorspace=5, dst_color_range=1)
        frame.pts = None
        self._mux(self._video, frame)
        self._frames += 1
        self._send_sound(int(self._frames * SOUND_HZ / FRAME_RATE))

    def _send_sound(self, until: int) -> None:
        if self._sound is None or self._audio is None:
            return
        part = self._sound.take(until - self._sent)
        if not len(part):
            return
        frame = self._av.AudioFrame.from_ndarray(np.ascontiguousarray(part.T), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_HZ, self._sent, Fraction(1, SOUND_HZ)
        self._sent += len(part)
        self._mux(self._audio, frame)

    def _mux(self, stream, frame) -> None:
        for packet in stream.encode(frame):
            self._container.mux(packet)

    def close(self) -> None:
        """Flush the encoders and close the file."""
        self._mux(self._video, None)
        if self._audio is not None:
            self._mux(self._audio, None)
        self._container.close()
