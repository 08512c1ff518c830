"""The program ``noclip``, which ``python -m generator`` is too.

Nothing but the signals and the collector of cycles is set up before the command is imported, so that Ctrl-C is quiet
from the start.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)

LATER_S = 0.01
"""After this a signal comes again that found the program where it cannot be interrupted."""
NEW_OBJECTS = 100_000
"""So many make Python's collector look for cycles: 700 by default, which costs a still a twentieth of its time."""
SHELL = 128
"""A program that a signal ended has this exit code and the signal's number. Source: POSIX shells."""


def main() -> int:
    """Run the command; returns its exit code: after Ctrl-C 130, after SIGTERM 143, however often they come."""
    ended_by: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        """Interrupt once, and again should the first time have been of no use: a second tap is for the same thing."""
        if _dropped(frame):
            threading.Timer(LATER_S, os.kill, (os.getpid(), number)).start()
            return
        ended_by.append(number)
        if len(ended_by) != 2:
            raise KeyboardInterrupt

    code = SHELL + signal.SIGINT
    try:
        with suppress(KeyboardInterrupt):
            code = _command(end)
        _deaf()
    except KeyboardInterrupt:
        _deaf()
    return SHELL + ended_by[0] if ended_by else code


def _dropped(frame: FrameType | None) -> bool:
    """Whether Python would drop, with a message, what is raised in a frame: in the callback of an importer's lock."""
    code = frame and frame.f_code
    return code is not None and (code.co_filename, code.co_name) == ("<frozen importlib._bootstrap>", "cb")


def _command(end: Callable[[int, FrameType | None], None]) -> int:
    for number in SIGNALS:
        signal.signal(number, end)
    gc.set_threshold(NEW_OBJECTS)
    from .cli import main as command

    return command()


def _deaf() -> None:
    """Hear no more signals: what is left to do is to leave. A signal that is on its way finds a handler until then.

    Python would end itself by SIGINT where Ctrl-C once passed through an ``exec``, caught since or not, as those of
    dataclasses are; another ``exec`` makes it forget. Source: CPython, ``run_eval_code_obj``.
    """
    for handler in (lambda number, frame: None, signal.SIG_IGN):
        for number in SIGNALS:
            signal.signal(number, handler)
    exec("")


if __name__ == "__main__":
    sys.exit(main())
