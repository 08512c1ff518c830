"""The one error that a user can cause."""


class NoclipError(Exception):
    """One line that says what is wrong and what to do; the command prints it and exits with 2."""
