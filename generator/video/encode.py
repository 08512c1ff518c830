"""Video files out: frames woven or bobbed, as H.264 beside AAC, in MP4, MOV or Matroska.

A film is made in pieces that stand alone and are joined; what is taped is written in one go. Both have the same
colours, tags and order of fields.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..files import whole
from .deinterlace import bob, weave
from .sound import RATE_HZ, Sound, Spool

Deliver = Literal["59.94p", "29.97p", "interlaced"]
FRAME_HZ = Fraction(30000, 1001)
PICTURES = {"59.94p": 2, "29.97p": 1, "interlaced": 1}
"""Pictures of a video file for each frame of the tape."""
SPEED = {"draft": "ultrafast", "normal": "superfast", "final": "medium"}
CRF = {"draft": 22, "normal": 22, "final": 17}
"""Constant quality of x264: tape noise hides what is lost."""
FORMS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
BITEXACT = {"fflags": "+bitexact"}
BT709, BT601, LIMITED = 1, 6, 1
"""Colour primaries and transfer, matrix, range. Source: ITU-T H.273."""
SOUND_BITS = 160_000
BLOCK = 1024
"""Samples of a frame of AAC. Source: ISO/IEC 14496-3."""


def pictures_of(frame: NDArray[np.uint8], deliver: Deliver) -> list[NDArray[np.uint8]]:
    """The pictures (H * 3 / 2, W) in planar 4:2:0 that a woven frame (H, W, 3) becomes in a video file.

    59.94p: each field, bobbed; 29.97p: the mean of both; interlaced: the frame, its fields kept apart.
    """
    if deliver == "interlaced":
        out, *planes = _planes(frame)
        weave(frame, *planes)
        return [out]
    both = []
    for parity in (1, 0):
        out, *planes = _planes(frame)
        bob(frame, parity, *planes)
        both.append(out)
    if deliver == "29.97p":
        return [((both[0].astype(np.uint16) + both[1] + 1) // 2).astype(np.uint8)]
    return both


def picture_stream(out: Any, size: tuple[int, int], deliver: Deliver, speed: str, crf: int, keyint: str) -> Any:
    """A new H.264 stream of a file, tagged: the same bytes for the same pictures.

    One thread, no look-ahead and no B-frames: x264's macroblock tree reads memory that nobody has written, so that with
    it the same pictures give other files.
    """
    stream = out.add_stream("libx264", rate=FRAME_HZ * PICTURES[deliver])
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.sample_aspect_ratio = Fraction(1)
    context.color_primaries = context.color_trc = BT709
    context.colorspace, context.color_range = BT601, LIMITED
    context.thread_count = 1
    woven = ":interlaced=1:bff=1" if deliver == "interlaced" else ""
    context.options = {
        "preset": speed,
        "crf": str(crf),
        "tune": "zerolatency",
        "x264-params": f"threads=1:keyint={keyint}:scenecut=0:force-cfr=1{woven}",
    }
    return stream


def packets(stream: Any, picture: NDArray[np.uint8], number: int, deliver: Deliver) -> Any:
    """What the encoder gives for one more picture in planar 4:2:0."""
    import av

    frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
    frame.pts, frame.time_base = number, 1 / (FRAME_HZ * PICTURES[deliver])
    return stream.encode(frame)


def encode(pictures: Iterable[NDArray[np.uint8]], size: tuple[int, int], deliver: Deliver, quality: str) -> bytes:
    """Pictures in planar 4:2:0 as an MP4 of H.264 that opens with a key frame; the same bytes for the same pictures."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format="mp4", container_options=BITEXACT) as out:
        stream = picture_stream(out, size, deliver, SPEED[quality], CRF[quality], "infinite")
        for k, picture in enumerate(pictures):
            out.mux(packets(stream, picture, k, deliver))
        out.mux(stream.encode(None))
    return file.getvalue()


def open_target(part: Path, path: Path) -> Any:
    """A file to be written at ``part`` in the form that the ending of ``path`` names; an MP4's index comes first."""
    import av

    form = FORMS[path.suffix.lower()]
    options = BITEXACT | ({} if form == "matroska" else {"movflags": "+faststart"})
    return av.open(f"file:{part}", "w", format=form, container_options=options)


def join(
    pieces: Sequence[Path],
    sound: Sound | None,
    deliver: Deliver,
    recipe: dict[str, Any],
    title: str,
    path: Path,
) -> None:
    """Write a film from its pieces in order and its sound; whole or not at all.

    Raises NoclipError: the disk is full, the folder cannot be written, or the encoder gives up.
    """
    import av

    base = 1 / (FRAME_HZ * PICTURES[deliver])
    try:
        with whole(path) as part, open_target(part, path) as out:
            out.metadata["title"] = title
            out.metadata["comment"] = json.dumps(recipe, sort_keys=True, separators=(",", ":"))
            with av.open(f"file:{pieces[0]}") as first:
                video = out.add_stream_from_template(first.streams.video[0])
            audio = None if sound is None else SoundWriter(out, sound)
            shown = 0
            for piece in pieces:
                with av.open(f"file:{piece}") as source:
                    for packet in source.demux(video=0):
                        if packet.size == 0:
                            continue
                        packet.stream, packet.time_base = video, base
                        packet.pts = packet.dts = shown
                        packet.duration = 1
                        out.mux(packet)
                        shown += 1
                if audio is not None:
                    audio.write(round(shown * base * RATE_HZ))
            if audio is not None:
                audio.close()
    except av.error.FFmpegError as error:
        raise NoclipError(f"{path}: cannot write the film: {error.strerror}; what is finished is kept, "
                          "go on with --resume") from error  # fmt: skip


def _planes(frame: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """A picture in planar 4:2:0 and its three planes."""
    h, w = frame.shape[:2]
    out = np.empty((h * 3 // 2, w), np.uint8)
    blue, red = out[h:].reshape(2, h // 2, w // 2)
    return out, out[:h], blue, red


class SoundWriter:
    """A sound on its way into a file as AAC, kept in step with the pictures.

    The encoder's first samples, its priming, lie before the sound; the file's edit list leaves them out. An MP4's edit
    list also ends the sound where it ends; Matroska's ends with the block nearest to that.
    """

    def __init__(self, out: Any, sound: Sound) -> None:
        self._out, self._spool, self._next = out, Spool(sound.blocks), 0
        self._by_blocks = out.format.name == "matroska"
        self._layout = "mono" if sound.channels == 1 else "stereo"
        self._stream = out.add_stream("aac", rate=RATE_HZ, layout=self._layout)
        self._stream.codec_context.bit_rate = SOUND_BITS
        self._stream.codec_context.thread_count = 1

    def write(self, stop: int) -> None:
        """Whole blocks up to sample ``stop``."""
        while self._next + BLOCK <= stop and self._send(BLOCK):
            pass

    def _send(self, count: int) -> bool:
        import av

        part = self._spool.take(count)
        if self._by_blocks and len(part) < BLOCK:
            part = np.pad(part, ((0, BLOCK - len(part)), (0, 0))) if len(part) >= BLOCK // 2 else part[:0]
        if not len(part):
            return False
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part.T), format="fltp", layout=self._layout)
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self._next, Fraction(1, RATE_HZ)
        self._out.mux(self._stream.encode(frame))
        self._next += len(part)
        return True

    def close(self) -> None:
        """What is left."""
        while self._send(BLOCK):
            pass
        self._out.mux(self._stream.encode(None))
