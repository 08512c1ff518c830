"""The one error that a user can cause, and how what a user wrote is shown in it."""

from __future__ import annotations

LONGEST = 80
"""Characters of a user's text that a message repeats."""
LONGEST_LINE = 1000
"""Characters of a message."""


class NoclipError(Exception):
    """One line that says what is wrong and what to do; the command prints it and exits with 2."""


class NoclipWarning(UserWarning):
    """One line that a user should know of, though the work goes on; the command prints it once."""


def shown(text: str) -> str:
    """A user's text for a message: in quotes, cut to 80 characters, all that is not printable escaped."""
    return repr(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")


def one_line(message: str) -> str:
    """A message as one line of at most 1000 characters; what is not printable, such as direction marks, is escaped."""
    words = " ".join(message.split())
    line = "".join(c if c.isprintable() or "\udc80" <= c <= "\udcff" else repr(c)[1:-1] for c in words)
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
