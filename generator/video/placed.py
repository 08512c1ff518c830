"""A file's sound, every sample where its time stamp has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .scan import Track, moved_packets, open_file
from .sound import RATE_HZ

PLACING = "async=240:min_comp=0.004:min_hard_comp=0.016"
"""What libswresample does where stamps and samples part: over 16 ms, less than a field, silence is put in or sound
taken out; over 4 ms, more than stamps are rounded by, it runs faster or slower by up to 240 samples a second."""


def placed_sound(
    path: Path, index: int, track: Track, start_s: float, count: int, say: Callable[[str], None]
) -> Iterator[NDArray[np.float32]]:
    """Stream ``index`` from a time of the file's clock on: ``count`` samples (N, 2) float32 at 48 kHz, in blocks.

    Silence where there is none: before it begins, in holes, where it cannot be decoded, after its end. Mono is heard
    on both sides as loud as it is, more channels are mixed down.
    """
    done = 0
    for block in _blocks(path, index, track, start_s, say):
        part = block[: count - done]
        done += len(part)
        if len(part):
            yield part
        if done == count:
            return
    while done < count:
        part = np.zeros((min(RATE_HZ, count - done), 2), np.float32)
        done += len(part)
        yield part


def _blocks(path, index: int, track: Track, start_s: float, say) -> Iterator[NDArray[np.float32]]:
    placer: _Placer | None = None
    kind, done = None, 0
    for frame, base in _decoded(path, index, track, say):
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        if placer is None or now != kind:
            for block in placer.rest() if placer else ():
                done += len(block)
                yield block
            placer, kind = _Placer(frame, start_s, done), now
        for block in placer.put(frame, base):
            done += len(block)
            yield block
    for block in placer.rest() if placer else ():
        yield block


def _decoded(path: Path, index: int, track: Track, say) -> Iterator[tuple[Any, Fraction]]:
    """Frames of sound and the unit of their stamps, what cannot be decoded left out."""
    import av

    damaged = 0
    with open_file(path) as container:
        stream = container.streams[index]
        for packet in moved_packets(container, stream, track):
            try:
                yield from ((frame, stream.time_base) for frame in stream.codec_context.decode(packet))
            except av.FFmpegError:
                damaged += 1
    if damaged:
        say(f"{path}: damaged pieces of sound: {damaged}; there is silence in their place")


class _Placer:
    """Frames of one kind of sound on their way to 48 kHz stereo, from sample ``first`` after ``start_s`` on."""

    def __init__(self, frame: Any, start_s: float, first: int) -> None:
        import av

        self._av, self._start_s, self._mono = av, start_s, frame.layout.nb_channels == 1
        self._rate = frame.sample_rate
        self._graph = graph = av.filter.Graph()
        graph.threads = 1
        layout = "mono" if self._mono else "stereo"
        nodes = [
            graph.add_abuffer(
                sample_rate=frame.sample_rate, format=frame.format.name, layout=frame.layout.name,
                time_base=_base(frame.sample_rate),
            ),
            graph.add("aresample", f"{RATE_HZ}:{PLACING}:first_pts={first}"),
            graph.add("aformat", f"sample_fmts=fltp:channel_layouts={layout}:sample_rates={RATE_HZ}"),
            graph.add("abuffersink"),
        ]  # fmt: skip
        for one, other in pairwise(nodes):
            one.link_to(other)
        graph.configure()

    def put(self, frame: Any, base: Fraction) -> Iterator[NDArray[np.float32]]:
        """Blocks (N, 2) that are ready after one more frame."""
        if frame.pts is not None:
            at = float(frame.pts * base) - self._start_s
            frame.time_base = _base(self._rate)
            frame.pts = round(at * self._rate)
        self._graph.push(frame)
        yield from self._ready()

    def rest(self) -> Iterator[NDArray[np.float32]]:
        """What is left."""
        self._graph.push(None)
        yield from self._ready()

    def _ready(self) -> Iterator[NDArray[np.float32]]:
        while True:
            try:
                part = self._graph.pull().to_ndarray().T
            except (self._av.error.BlockingIOError, self._av.error.EOFError):
                return
            yield np.repeat(part, 2, axis=1) if self._mono else np.ascontiguousarray(part)


def _base(rate: int) -> Fraction:
    return Fraction(1, rate)
