"""A taped video on its way into a file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .encode import FRAME_HZ
from .sound import RATE_HZ, Spool

WRITABLE_VIDEOS = (".mp4", ".mkv", ".mov", ".m4v")


class VideoTarget:
    """A video being written: H.264 at 29.97 frames a second, BT.601, the lower field first; AAC beside it."""

    def __init__(self, path: Path, width: int, height: int, pixel_aspect: float, sound: Spool | None):
        import av

        self._av = av
        self._container = av.open(str(path), "w")
        even = width % 2 == 0 and height % 2 == 0
        video = self._container.add_stream("libx264", rate=FRAME_HZ)
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
            self._audio = self._container.add_stream("aac", rate=RATE_HZ, layout="stereo")
            self._audio.bit_rate = 160000
        self._sent = self._frames = 0

    def write(self, codes: NDArray[np.uint8]) -> None:
        """Append a frame, (H, W, 3) uint8, and the sound that goes with it."""
        frame = self._av.VideoFrame.from_ndarray(codes, format="rgb24")
        frame = frame.reformat(format=self._video.pix_fmt, dst_colorspace=5, dst_color_range=1)
        frame.pts = None
        self._mux(self._video, frame)
        self._frames += 1
        self._send_sound(int(self._frames * RATE_HZ / FRAME_HZ))

    def _send_sound(self, until: int) -> None:
        if self._sound is None or self._audio is None:
            return
        part = self._sound.take(until - self._sent)
        if not len(part):
            return
        frame = self._av.AudioFrame.from_ndarray(np.ascontiguousarray(part.T), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self._sent, Fraction(1, RATE_HZ)
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
