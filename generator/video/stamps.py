"""When pictures and sound are due: a file's time stamps on one clock that never goes back."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

RESTART_S = 0.5
"""Stamps that go back by more have started again; by less, they overlap."""
LEAP_S = 10.0
"""A broadcast's stamps that go on by more have been set anew. Source: ISO/IEC 13818-1 asks for a PCR every 0.1 s and
allows the clock to be set anew at a discontinuity; players take ten seconds for one."""
STAY_S = 3600.0
"""No picture stays for longer than this, and no hole is longer, whatever its stamps say."""
ALIKE_S = 5.0
"""Picture and sound whose stamps were changed by amounts this near to each other were changed together."""
NEAR = 5
"""So many stamps are looked at to tell which is far off."""
REORDERED = 32
"""So many packets back may lie the one that is shown last. Source: ITU-T H.264, table A-1: at most 16 frames wait."""


@dataclass(frozen=True)
class Stamps:
    """Of each packet of a stream, in the file's order: when it is due and for how long, seconds.

    due (N,): the decoding stamp where there is one, which grows in any good file. shown (N,): the presentation stamp.
    lasts (N,): 0 where the file does not say.
    """

    due: NDArray[np.float64]
    shown: NDArray[np.float64]
    lasts: NDArray[np.float64]


def moved(pictures: Stamps, sound: Stamps | None, broadcast: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Seconds to add to the stamps of each packet of the pictures and of the sound, so that one clock runs through.

    Where the stamps of both start again, what follows goes on where the longer of them ended, and keeps the relation
    that its own stamps give. Where those of one alone start again, it goes on by itself. broadcast: also where both
    leap ahead; elsewhere a leap is a picture that stays, or a hole, up to STAY_S. Single stamps that are far off take
    their neighbours'.
    """
    given = [pictures] if sound is None else [pictures, sound]
    streams = [_mended(stream) for stream in given]
    parts = [_Moving(stream) for stream in streams]
    for common in _paired([_jumps(stream, broadcast) for stream in streams]):
        _rebase(parts, common)
    offsets = [s.shown - g.shown + part.all() for g, s, part in zip(given, streams, parts, strict=True)]
    return offsets[0], offsets[1] if sound is not None else np.zeros(0)


def _mended(stream: Stamps) -> Stamps:
    """A stream without single stamps that are far off: from those before and after, or from their decoding stamp."""
    if len(stream.due) < NEAR:
        return stream
    from scipy import ndimage

    usual, late = ndimage.median_filter(stream.due, NEAR, mode="nearest"), stream.shown - stream.due
    off, usually = np.abs(stream.due - usual) > LEAP_S, float(np.median(late))
    due = np.where(off, usual, stream.due)
    shown = np.where(off | (np.abs(late - usually) > LEAP_S), due + usually, stream.shown)
    return replace(stream, due=due, shown=shown)


def _jumps(stream: Stamps, broadcast: bool) -> list[tuple[int, float]]:
    """Packets whose stamps do not follow those before: number, and seconds by which they are off."""
    if len(stream.due) < 2:
        return []
    step = np.diff(stream.due)
    usual = float(np.median(step[step > 0])) if (step > 0).any() else 0.0
    off = step - np.where(stream.lasts[:-1] > 0, stream.lasts[:-1], usual)
    off = np.where(step < 0, step, off)
    found = np.flatnonzero((step < -RESTART_S) | (off > (LEAP_S if broadcast else STAY_S)))
    return [(int(k) + 1, float(off[k])) for k in found]


def _paired(jumps: list[list[tuple[int, float]]]) -> list[list[int | None]]:
    """Jumps that pictures and sound make together, or one of them alone: the packet in each stream, None for none."""
    if len(jumps) == 1:
        return [[k] for k, _ in jumps[0]]
    left, right = deque(jumps[0]), deque(jumps[1])
    out: list[list[int | None]] = []
    while left and right:
        apart = left[0][1] - right[0][1]
        if abs(apart) < ALIKE_S:
            out.append([left.popleft()[0], right.popleft()[0]])
        elif len(left) > len(right) or (len(left) == len(right) and apart > 0):
            out.append([left.popleft()[0], None])
        else:
            out.append([None, right.popleft()[0]])
    return out + [[k, None] for k, _ in left] + [[None, k] for k, _ in right]


class _Moving:
    """A stream whose packets are moved from a jump on, jump after jump."""

    def __init__(self, stream: Stamps) -> None:
        self._stream, self._by = stream, np.zeros(len(stream.due))
        self._now, self._filled = 0.0, 0

    def end(self, stop: int) -> float:
        """When what came before packet ``stop`` is over."""
        self._by[self._filled : stop] = self._now
        self._filled = stop
        near = slice(max(stop - REORDERED, 0), stop)
        return float((self._stream.shown[near] + self._stream.lasts[near] + self._by[near]).max())

    def begin(self, packet: int) -> float:
        """When a packet is shown as it is moved by now."""
        return float(self._stream.shown[packet]) + self._now

    def later(self, by_s: float) -> None:
        """Move what follows."""
        self._now += by_s

    def all(self) -> NDArray[np.float64]:
        """Seconds to add to each packet's stamps."""
        self._by[self._filled :] = self._now
        return self._by


def _rebase(streams: list[_Moving], common: list[int | None]) -> None:
    """Move all that follows a jump, so that its first begins where the last before it ended."""
    parts = [(stream, k) for stream, k in zip(streams, common, strict=True) if k is not None]
    ends = [stream.end(k) for stream, k in parts]
    begins = [stream.begin(k) for stream, k in parts]
    if len(parts) < len(streams) and ends[0] < begins[0] < ends[0] + STAY_S:
        return  # a hole in one of them
    for stream, _ in parts:
        stream.later(max(ends) - min(begins))
