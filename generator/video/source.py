"""Videos in: fields at their times, and the sound that goes with them."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from .convert import UPRIGHT, Converter, turn_of, turned
from .fields import FIELD_S, LOWER, REGULAR, UPPER, Picture, bobbed, first_field, spread
from .pictures import check_size
from .placed import placed_sound
from .scan import Scan, Track, moved_packets, open_file, scan
from .sound import RATE_HZ

FRAME_S = 2 * FIELD_S
PRIMING_S = 0.1
"""What coders put before a sound comes to less: at most 2,112 samples, where the file does not have them left out."""
LONG_HOLD_S = 60.0
"""A last picture that is held for longer is said."""
LONGEST_S = 24 * 3600.0
MOST_PIXELS = 8192 * 8192
Say = Callable[[str], None]
FieldOrder = Literal["auto", "progressive", "upper", "lower"]


@dataclass(frozen=True)
class Moment:
    """What a video shows from a time on, seconds: a whole picture, or of a woven one the field of one parity."""

    at_s: float
    picture: Picture
    parity: int | None = None
    lines: bool = False

    def seen(self, wanted: int) -> Picture:
        """The picture that a field of parity ``wanted`` is taken from."""
        if self.parity is None:
            return self.picture
        return spread(self.picture, self.parity, wanted) if self.lines else self.picture


@dataclass(frozen=True)
class Span:
    """From when, on the file's clock, and for how many frames of 29.97 Hz a video is taken."""

    start_s: float
    frames: int


def span_of(found: Scan, hold_max_s: float | None, say: Say) -> Span:
    """The time that is taken: from the first of picture and sound to the last, the first and last picture held.

    Sound that begins less than PRIMING_S before the picture loses that; a field of ours begins with the first picture.
    """
    most = math.inf if hold_max_s is None else hold_max_s
    pictures, sound = found.pictures, found.sound
    lead = pictures.start_s - sound.start_s if sound else 0.0
    lead = FRAME_S * math.ceil(min(lead, most) / FRAME_S) if lead > PRIMING_S else 0.0
    if lead > LONG_HOLD_S:
        say(f"the first picture is held for {lead:.0f} s, since the sound begins before it; --hold-max S shortens that")
    usual = min(pictures.end_s - pictures.last_s, 1.0)
    end = max(pictures.end_s, sound.end_s if sound else 0.0)
    held = end - pictures.last_s - usual
    if held > most:
        end = pictures.last_s + usual + most
    elif held > LONG_HOLD_S:
        say(f"the last picture is held for {held:.0f} s, until the sound ends; --hold-max S ends it sooner")
    start = pictures.start_s - lead
    return Span(start, max(math.floor((end - start) / FRAME_S + 0.5 + 1e-6), 1))


class VideoSource:
    """A video opened for reading: its length in frames of 29.97 Hz, its fields and its sound."""

    def __init__(
        self, path: Path, say: Say = lambda text: None, hold_max_s: float | None = None, order: FieldOrder = "auto"
    ) -> None:
        """Raises NoclipError for what is no video, or has no decoder, or is too large."""
        self._path, self._say, self._order = path, say, order
        self._guessed, self._stated, self._codec = False, 0, ""
        with open_file(path) as container:
            self._picture, self._sound = _chosen(path, container, say)
            stream = container.streams[self._picture]
            check_size(path, stream.codec_context.width, stream.codec_context.height)
            ratio = stream.sample_aspect_ratio or Fraction(1)
            self._aspect = float(ratio) if ratio > 0 else 1.0
        self._scan = scan(path, self._picture, self._sound)
        if self._scan.lost:
            say(f"{path}: cut off: {self._scan.lost}; what is left is used")
        if self._scan.moved:
            say(f"{path}: its time stamps start again or leap; what follows goes on directly")
        span = span_of(self._scan, hold_max_s, lambda text: say(f"{path}: {text}"))
        if span.frames * FRAME_S > LONGEST_S:
            raise NoclipError(f"{path}: {span.frames * FRAME_S / 3600:.0f} hours by its time stamps; cut it into parts "
                              f"of {LONGEST_S / 3600:.0f} hours")  # fmt: skip
        self._start_s, self.frames = span.start_s, span.frames
        self.has_sound = self._scan.sound is not None
        self.pixel_aspect = self._aspect

    def pairs(self) -> Iterator[tuple[Picture, Picture]]:
        """For every frame of 29.97 Hz the pictures (H, W, 3), uint8 or float32, that its lower and upper field see.

        Raises NoclipError where nothing can be decoded.
        """
        return field_pairs(self._moments(), self.frames)

    def sound(self) -> Iterator[NDArray[np.float32]]:
        """The sound from the first field's time on, as long as the pictures: blocks (N, 2) float32 at 48 kHz."""
        track = self._scan.sound
        if track is None or self._sound is None:
            return iter(())
        count = round(self.frames * FRAME_S * RATE_HZ)
        return placed_sound(self._path, self._sound, track, self._start_s, count, self._say)

    def _moments(self) -> Iterator[Moment]:
        converter, turn, previous = Converter(), None, None
        for frame, at_s, lasts_s in self._frames():
            size = frame.width, frame.height
            check_size(self._path, *size)
            if turn is None:
                turn = turn_of(frame)
                self.pixel_aspect = 1 / self._aspect if turn[0] else self._aspect
            elif size != previous and size != converter.size:
                self._say(f"{self._path}: from {at_s:.1f} s on the picture has {size[0]}x{size[1]} pixels; "
                          "it is scaled to the first one's size")  # fmt: skip
            previous, first = size, self._first(frame)
            yield from _fields(converter.picture(frame, first is not None), first, at_s, lasts_s, turn)
        if turn is None:
            raise NoclipError(f"{self._path}: a video without a picture that can be decoded")

    def _first(self, frame: Any) -> int | None:
        """The parity of a frame's first field, None for a progressive frame; said where it had to be guessed."""
        if self._order != "auto":
            return {"progressive": None, "upper": UPPER, "lower": LOWER}[self._order]
        first, known = first_field(bool(frame.interlaced_frame), self._stated, self._codec, frame.height)
        if not known and not self._guessed:
            self._say(f"{self._path}: interlaced, and which field comes first is not stated: "
                      f"{'the lower' if first == LOWER else 'the upper'} is taken; --fields sets it")  # fmt: skip
            self._guessed = True
        return first

    def _frames(self) -> Iterator[tuple[Any, float, float]]:
        """Decoded frames in order with their times from the start and how long they last, seconds."""
        import av

        damaged: list[float] = []
        track = self._scan.pictures
        with open_file(self._path) as container:
            stream = container.streams[self._picture]
            context, clock = stream.codec_context, _Clock(stream, track, self._start_s)
            context.thread_type, context.options = "NONE", {"max_pixels": str(MOST_PIXELS)}
            self._codec = context.name
            for packet in moved_packets(container, stream, track):
                clock.give(packet)
                try:
                    frames = context.decode(packet)
                except av.FFmpegError:
                    damaged.append(clock.lost())
                    continue
                self._stated = int(context.field_order)
                for frame in frames:
                    at = clock.time(frame)
                    if at is None:
                        continue  # shown before the first key frame, so made from pictures that are not there
                    if frame.is_corrupt:
                        damaged.append(at)
                    yield frame, at, clock.lasts(frame)
        if damaged:
            self._say(f"{self._path}: damaged pictures: {len(damaged)}, the first at {damaged[0]:.1f} s; "
                      "what there is of them is shown, else the one before")  # fmt: skip


class _Clock:
    """When decoded frames are shown, seconds from a start; it never goes back.

    In files whose packets have decoding stamps alone, the first frame to be shown takes the first stamp that waits.
    """

    def __init__(self, stream: Any, track: Track, start_s: float) -> None:
        self._context = stream.codec_context
        self._base, self._step = stream.time_base, float(1 / (stream.average_rate or 25))
        self._start_s, self._first_s, self._ordered = start_s, track.start_s - start_s, track.ordered
        self._latest = self._first_s - self._step
        self._waiting: list[int] = []

    def give(self, packet: Any) -> None:
        """A packet goes to the decoder."""
        if self._ordered and packet is not None and packet.dts is not None:
            packet.pts = packet.dts
            heapq.heappush(self._waiting, packet.dts)

    def lost(self) -> float:
        """The packet gave no frame: when it would have been shown."""
        if self._waiting:
            self._waiting.remove(max(self._waiting))
        return max(self._latest + self._step, 0.0)

    def time(self, frame: Any) -> float | None:
        """When the next frame is shown; None for one from before the first key frame."""
        stamp = frame.pts if frame.pts is not None else frame.dts
        if self._ordered and stamp is not None:
            while len(self._waiting) > self._context.has_b_frames + 2:
                heapq.heappop(self._waiting)  # it gave no frame
            stamp = heapq.heappop(self._waiting) if self._waiting else stamp
        at = self._latest + self._step if stamp is None else float(stamp * self._base) - self._start_s
        if at < self._first_s - 1e-3:
            return None
        self._latest = max(at, self._latest)
        return self._latest

    def lasts(self, frame: Any) -> float:
        """How long a frame is shown as far as the file says."""
        return float(frame.duration * self._base) if frame.duration else self._step


def _chosen(path: Path, container: Any, say: Say) -> tuple[int, int | None]:
    """The streams that are taken: the best picture that is no cover, the best sound that can be decoded."""
    pictures = [s for s in container.streams.video if not s.disposition & s.disposition.attached_pic]
    good = [s for s in pictures if s.codec_context is not None]
    if not pictures:
        raise NoclipError(f"{path}: no video in it; give a video, a picture or a folder of pictures")
    if not good:
        raise NoclipError(f"{path}: its codec has no decoder here; convert it to H.264 in an MP4 first")
    best = container.streams.best("video")
    picture = best if best in good else good[0]
    heard = [s for s in container.streams.audio if s.codec_context is not None]
    loud = container.streams.best("audio", related=picture)
    sound = loud if loud in heard else heard[0] if heard else None
    if container.streams.audio and sound is None:
        say(f"{path}: the codec of its sound has no decoder here; the result is silent")
    return picture.index, sound.index if sound else None


def _fields(picture: Picture, first: int | None, at_s: float, lasts_s: float, turn) -> Iterator[Moment]:
    """What a frame shows: one picture, or one field after the other."""
    if first is None:
        yield Moment(at_s, turned(picture, turn) if turn != UPRIGHT else picture)
        return
    lines = turn == UPRIGHT and abs(lasts_s / FRAME_S - 1) < REGULAR + 0.5e-3 / FRAME_S
    for k, parity in enumerate((first, 1 - first)):
        at = at_s + k * lasts_s / 2
        yield Moment(at, picture, parity, True) if lines else Moment(at, turned(bobbed(picture, parity), turn), parity)


def field_pairs(moments: Iterator[Moment], frames: int) -> Iterator[tuple[Picture, Picture]]:
    """For every frame the pictures that its two fields see, the lower first: what is shown at each field's time.

    A quarter of a field is allowed for rounded times, so 23.976 gives 2:3, 59.94 two different fields. Before the first
    moment its picture is seen, after the last one that one's.
    """
    now = next(moments, None)
    if now is None:
        return
    then = next(moments, None)
    for n in range(frames):
        both = []
        for k, parity in enumerate((LOWER, UPPER)):
            while then is not None and then.at_s <= (2 * n + k + 0.25) * FIELD_S:
                now, then = then, next(moments, None)
            both.append(now.seen(parity))
        yield both[0], both[1]
