"""What every command that computes says of its progress."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..progress import Progress

BEAT_S = 0.4
"""How often what is shown while the program starts moves."""


@contextmanager
def starting() -> Iterator[None]:
    """Say on a terminal that something happens while heavy modules are imported, and for how long it has."""
    from ..progress import Progress

    shown, begun, done = Progress(sys.stderr), time.monotonic(), Event()

    def beat() -> None:
        while not done.wait(BEAT_S):
            shown.show(f"starting ... {time.monotonic() - begun:.1f} s")

    shown.show("starting ...")
    beating = Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        done.set()
        beating.join()


def say(lines: Sequence[str]) -> None:
    """Lines for a person, on standard error, where that is a terminal."""
    if sys.stderr.isatty():
        print(*lines, sep="\n", file=sys.stderr)


def progress() -> Progress:
    """Progress on standard error, which begins with a line where nothing can be kept between runs."""
    from ..cache import why_not_kept
    from ..progress import Progress

    shown, why = Progress(sys.stderr), why_not_kept()
    if why is not None:
        shown.warn(why)
    return shown
