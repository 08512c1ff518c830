"""The program ``noclip``, which ``python -m generator`` is too.

Nothing but the signals is set up before the command is imported, so that Ctrl-C is quiet from the start.
"""

from __future__ import annotations

import signal
import sys
from types import FrameType

SHELL = 128
"""A program that a signal ended has this exit code and the signal's number. Source: POSIX shells."""


def main() -> int:
    """Run the command; returns its exit code: after Ctrl-C 130, after SIGTERM 143, however often they come."""
    ended_by: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        ended_by.append(number)
        raise KeyboardInterrupt

    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        from .cli import main as command

        code = command()
    except KeyboardInterrupt:
        code = SHELL + signal.SIGINT
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
    return SHELL + ended_by[0] if ended_by else code


if __name__ == "__main__":
    sys.exit(main())
