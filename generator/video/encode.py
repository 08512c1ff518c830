"""Video files out: frames woven or bobbed, in a codec of ``codecs``, beside AAC, in MP4, MOV or Matroska.

A film is made in pieces that stand alone and are joined; what is taped is written in one go. Both have the same
colours, tags and order of fields.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..files import whole
from .codecs import ENCODER, PIECE, PRORES_TAG, Codec, Quality, noise_of, options
from .deinterlace import bob, weave
from .fields import pixel_aspect
from .sound import RATE_HZ, Sound, Spool

Deliver = Literal["59.94p", "29.97p", "interlaced"]
FRAME_HZ = Fraction(30000, 1001)
PICTURES = {"59.94p": 2, "29.97p": 1, "interlaced": 1}
"""Pictures of a video file for each frame of the tape."""
FORMS = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska"}
BITEXACT = {"fflags": "+bitexact"}
BT709, BT601, LIMITED = 1, 6, 1
"""Colour primaries and transfer, matrix, range. Source: ITU-T H.273."""
LOWER_FIRST = 3
"""FFmpeg's AV_FIELD_BB, which a container says beside what the codec says."""
INTERLACED_DCT = 1 << 18
"""FFmpeg's AV_CODEC_FLAG_INTERLACED_DCT."""
HEVC_TAG = "hvc1"
"""The name of H.265 in an MP4 that Apple's players take. Source: Apple, HLS authoring specification, 1.10."""
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


def picture_stream(
    out: Any, size: tuple[int, int], deliver: Deliver, codec: Codec, quality: Quality, noise: float, aspect: Fraction
) -> Any:
    """Add a stream to a file, tagged, set for pictures of this noise; the same bytes for the same pictures."""
    stream = out.add_stream(ENCODER[codec], rate=FRAME_HZ * PICTURES[deliver])
    stream.width, stream.height = size
    stream.pix_fmt = "yuv422p10le" if codec == "prores" else "yuv420p"
    context = stream.codec_context
    context.sample_aspect_ratio = aspect
    _tag(context)
    context.thread_count = 1
    woven = deliver == "interlaced"
    if codec == "prores":
        context.codec_tag = PRORES_TAG[quality]
    if woven:
        context.field_order = LOWER_FIRST
        context.flags |= INTERLACED_DCT if codec == "prores" else 0
    context.options = options(codec, quality, noise, woven)
    return stream


def packets(stream: Any, picture: NDArray[np.uint8], number: int, deliver: Deliver) -> Any:
    """What the encoder gives for one more picture in planar 4:2:0."""
    import av

    if stream.codec_context.pix_fmt == "yuv420p":
        frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
    else:
        frame = _frame_422(picture, deliver == "interlaced")
    frame.pts, frame.time_base = number, 1 / (FRAME_HZ * PICTURES[deliver])
    return stream.encode(frame)


def encode(
    pictures: Iterable[NDArray[np.uint8]], size: tuple[int, int], deliver: Deliver, quality: Quality,
    codec: Codec = "h264",
) -> bytes:  # fmt: skip
    """Write pictures in planar 4:2:0 as a file that opens with a key frame; the same bytes for the same pictures."""
    import av

    file, shown = io.BytesIO(), list(pictures)
    with av.open(file, "w", format=FORMS[PIECE[codec]], container_options=BITEXACT) as out:
        noise = noise_of(shown)
        stream = picture_stream(out, size, deliver, codec, quality, noise, pixel_aspect(size))
        for k, picture in enumerate(shown):
            out.mux(packets(stream, picture, k, deliver))
        out.mux(stream.encode(None))
    return file.getvalue()


def open_target(part: Path, path: Path, codec: str = "h264") -> Any:
    """Open a file to be written at ``part`` in the form that the ending of ``path`` names; an MP4's index comes first.

    AV1 goes into a .mov as into an MP4: FFmpeg's QuickTime form has no name for it.
    """
    import av

    form = "mp4" if codec == "av1" and path.suffix.lower() == ".mov" else FORMS[path.suffix.lower()]
    options = BITEXACT | ({} if form == "matroska" else {"movflags": "+faststart"})
    return av.open(f"file:{part}", "w", format=form, container_options=options)


def join(
    pieces: Iterable[Path],
    sound: Sound | None,
    deliver: Deliver,
    recipe: dict[str, Any],
    title: str,
    path: Path,
) -> None:
    """Write a film from its pieces in order, each taken when its turn comes, and its sound; whole or not at all.

    Raises NoclipError: the disk is full, the folder cannot be written, or the encoder gives up.
    """
    import av

    base = 1 / (FRAME_HZ * PICTURES[deliver])
    following = iter(pieces)
    opening = next(following)
    try:
        with (
            av.open(f"file:{opening}") as first,
            whole(path) as part,
            open_target(part, path, first.streams.video[0].codec.canonical_name) as out,
        ):
            out.metadata["title"] = title
            out.metadata["comment"] = json.dumps(recipe, sort_keys=True, separators=(",", ":"))
            video = _copied(first.streams.video[0], out)
            audio = None if sound is None else SoundWriter(out, sound)
            shown = 0
            for piece in chain([opening], following):
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


def _copied(stream: Any, out: Any) -> Any:
    """A stream of a file like one of a piece, for packets as they are."""
    codec, of = stream.codec.canonical_name, stream.codec_context
    if codec == "av1":  # read by a decoder that has no encoder of its name, which a template needs
        copied = out.add_stream(ENCODER[codec], rate=stream.average_rate, options={"svtav1-params": "lp=1"})
        copied.width, copied.height, copied.pix_fmt = of.width, of.height, of.pix_fmt
        copied.codec_context.extradata = of.extradata
        _tag(copied.codec_context)
    else:
        copied = out.add_stream_from_template(stream)
    if stream.sample_aspect_ratio:
        copied.codec_context.sample_aspect_ratio = stream.sample_aspect_ratio
    tag = {"hevc": HEVC_TAG, "prores": of.codec_tag}.get(codec)
    if tag is not None and out.format.name != "matroska":
        copied.codec_context.codec_tag = tag
    return copied


def _tag(target: Any) -> None:
    """State the colours of a stream or a frame."""
    target.color_primaries = target.color_trc = BT709
    target.colorspace, target.color_range = BT601, LIMITED


def _planes(frame: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    """A picture in planar 4:2:0 and its three planes."""
    h, w = frame.shape[:2]
    out = np.empty((h * 3 // 2, w), np.uint8)
    blue, red = out[h:].reshape(2, h // 2, w // 2)
    return out, out[:h], blue, red


def _frame_422(picture: NDArray[np.uint8], woven: bool) -> Any:
    """Planar 4:2:0 of 8 bit as a frame of 4:2:2 of 10 bit; chroma rows are repeated, within their field where woven."""
    import av

    h, w = len(picture) * 2 // 3, picture.shape[1]
    frame = av.VideoFrame(w, h, "yuv422p10le")
    _tag(frame)
    rows = np.arange(h) // 4 * 2 + np.arange(h) % 2 if woven else np.arange(h) // 2
    for plane, codes in zip(frame.planes, (picture[:h], *picture[h:].reshape(2, h // 2, w // 2)[:, rows]), strict=True):
        target = np.frombuffer(memoryview(plane), np.uint16).reshape(plane.height, -1)
        target[:, : plane.width] = codes.astype(np.uint16) << 2
    return frame


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
