"""The one error that a user can cause, and how what a user wrote is shown in it."""

from __future__ import annotations

LONGEST = 80
"""Characters of a user's text that a message repeats."""


class NoclipError(Exception):
    """One line that says what is wrong and what to do; the command prints it and exits with 2."""


def shown(text: str) -> str:
    """A user's text for a message: in quotes, cut to 80 characters, all that is not printable escaped."""
    return repr(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
