"""What a video file holds and when: read from its packets, before anything is decoded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from .stamps import STAY_S, Stamps, moved

BROADCAST = ("mpegts", "mpeg", "wtv", "dv")
STATES_LENGTH = ("mov", "matroska", "avi")
"""Forms whose header states a length that was measured, not guessed from the bit rate."""
FORMS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegvideo,mpegts,h264,hevc,m4v,mjpeg,flv,live_flv,asf,ogg,dv,mxf,"
    "nut,ivf,yuv4mpegpipe,wtv,rm"
)
"""Forms that are opened. A playlist, which names other files, is none."""
SHORT_S, SHORT = 0.5, 0.02
"""A file whose last packet ends so much before its stated length, and such a share of it, was cut off."""


@dataclass(frozen=True)
class Track:
    """One stream on the clock that runs through.

    move (N,): seconds to add to each packet's stamps. first: number of the packet to begin with. start_s, end_s: when
    the first is shown and the last is over. last_s: when the last begins. ordered: packets have decoding stamps alone.
    """

    move: NDArray[np.float64]
    first: int
    start_s: float
    last_s: float
    end_s: float
    ordered: bool


@dataclass(frozen=True)
class Scan:
    """A file's picture, its sound if it has any, and in words what is missing at its end, empty where nothing is.

    moved: its stamps start again, or are far off, somewhere.
    """

    pictures: Track
    sound: Track | None
    lost: str
    moved: bool = False


def open_file(path: Path) -> Any:
    """Open a video file, any name, for reading.

    Raises NoclipError for what is no video.
    """
    import av

    try:
        return av.open(f"file:{path}", options={"format_whitelist": FORMS, "protocol_whitelist": "file"})
    except (av.FFmpegError, OSError, ValueError) as error:
        raise NoclipError(f"{path}: neither a picture nor a video that can be read ({_why(error)})") from error


def _why(error: Exception) -> str:
    import av

    if isinstance(error, av.error.InvalidDataError):
        return "of no form that is known, or its index is missing"
    return getattr(error, "strerror", None) or str(error)


def scan(path: Path, picture: int, sound: int | None) -> Scan:
    """Read the stamps of a file's packets.

    picture, sound: indices of the streams. Raises NoclipError where there are no pictures.
    """
    with open_file(path) as container:
        streams = [container.streams[k] for k in (picture, sound) if k is not None]
        packets: dict[int, list[tuple]] = {stream.index: [] for stream in streams}
        beyond, whole = _collect(container, packets)
        if not packets[picture]:
            raise NoclipError(f"{path}: a video without pictures")
        rate = streams[0].average_rate or streams[0].guessed_rate or 25
        stamps = {k: _stamps(packets[k], _steps(packets[k], float(1 / rate))) for k in packets if packets[k]}
        broadcast = container.format.name.split(",")[0] in BROADCAST
        heard_stamps = stamps.get(sound) if sound is not None else None
        moves = moved(stamps[picture], heard_stamps, broadcast)
        pictures = _track(stamps[picture], moves[0], packets[picture], keyed=True)
        heard = None
        if sound is not None and heard_stamps is not None:
            heard = _track(heard_stamps, moves[1], packets[sound], keyed=False)
        end = max(beyond, *(track.end_s for track in (pictures, heard) if track is not None))
        return Scan(pictures, heard, _lost(container, end, whole), any(np.any(move) for move in moves))


def moved_packets(container: Any, stream: Any, track: Track) -> Iterator[Any]:
    """A stream's packets with their stamps on the clock that runs through; the last is empty and flushes."""
    import av

    count, base = 0, float(stream.time_base)
    try:
        for packet in container.demux(stream):
            if not packet.size:
                continue
            if count >= len(track.move):
                break
            by = round(track.move[count] / base)
            if by:
                packet.pts = None if packet.pts is None else packet.pts + by
                packet.dts = None if packet.dts is None else packet.dts + by
            count += 1
            if count > track.first:
                yield packet
    except (av.FFmpegError, OSError, IndexError):
        pass  # the scan has seen it: what there is ends here
    yield None


def _collect(container: Any, packets: dict[int, list[tuple]]) -> tuple[float, bool]:
    """Stamps of every packet: due, shown, lasts in seconds, NaN for none; is it a key, and is it shown at all?

    Returns when the last packet of any other stream is over, and whether the file can be read to its end.
    """
    import av

    beyond, form = 0.0, container.format.name
    try:
        for packet in container.demux():
            if not packet.size:
                continue
            base = float(packet.time_base)
            due, shown = (math.nan if at is None else at * base for at in (packet.dts, packet.pts))
            shown = math.nan if form == "avi" else shown  # AVI has none; FFmpeg guesses, wrongly with B-frames
            lasts, keys = (packet.duration or 0) * base, (packet.is_keyframe, not packet.is_discard)
            if packet.stream_index in packets:
                packets[packet.stream_index].append((due, shown, lasts, *keys))
            elif not math.isnan(shown):
                beyond = max(beyond, shown + lasts)
    except IndexError:
        return beyond, True  # the end: PyAV cannot flush streams that have appeared since it opened the file
    except (av.FFmpegError, OSError):
        return beyond, False
    return beyond, True


def _steps(packets: list[tuple], usual: float) -> float:
    """The time from one packet to the next where the file does not say how long one lasts."""
    shown = np.sort([packet[1] for packet in packets if not math.isnan(packet[1])])
    step = np.diff(shown)
    return float(np.median(step[step > 0])) if (step > 0).any() else usual


def _stamps(packets: list[tuple], step: float) -> Stamps:
    """Stamps without gaps: a missing one is taken from the other, or from its neighbours."""
    due, shown, lasts = (np.array([packet[k] for packet in packets], float) for k in range(3))
    shown_known = np.where(np.isnan(shown), due, shown)
    if np.isnan(shown_known).all():
        shown_known = step * np.arange(len(packets))
    known = np.flatnonzero(~np.isnan(shown_known))
    shown_known = np.interp(np.arange(len(packets)), known, shown_known[known])
    ahead = np.fmin.accumulate(np.where(np.isnan(due), shown_known, due)[::-1])[::-1]
    lasts = np.minimum(np.where(lasts > 0, lasts, step), STAY_S)
    return Stamps(np.where(np.isnan(due), ahead, due), shown_known, lasts)


def _track(stamps: Stamps, move: NDArray[np.float64], packets: list[tuple], keyed: bool) -> Track:
    """Where a stream begins and ends. keyed: nothing before its first key frame can be decoded."""
    keys = [k for k, packet in enumerate(packets) if packet[3]]
    first = keys[0] if keyed and keys else 0
    shown = np.array([packet[4] for packet in packets[first:]])
    if not shown.any():
        shown[:] = True
    at = (stamps.shown + move)[first:][shown]
    if keyed and keys:
        at = np.maximum(at, (stamps.shown + move)[first] if packets[first][4] else at.min())
    last = int(np.argmax(at))
    end = float((at + stamps.lasts[first:][shown]).max())
    ordered = keyed and all(math.isnan(packet[1]) for packet in packets)
    return Track(move, first, float(at.min()), float(at[last]), end, ordered)


def _lost(container: Any, end_s: float, whole: bool) -> str:
    """What is missing at a file's end, in words: it states to be longer, or cannot be read further."""
    import av

    if container.duration is not None and container.format.name.split(",")[0] in STATES_LENGTH:
        stated = container.duration / av.time_base
        if stated - end_s > max(SHORT_S, SHORT * stated):
            return f"{stated:.1f} s by its header, {max(end_s, 0.0):.1f} s of it there"
    return "" if whole else f"nothing can be read after {max(end_s, 0.0):.1f} s"
