"""Python processes of our own: nothing that lies in the current folder is imported by them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SAFE = {"PYTHONSAFEPATH": "1"}
"""Keeps the current folder off a Python's path. Source: Python 3.11, ``-P``."""


def python_command(code: str) -> list[str]:
    """The command that runs ``code`` in a Python of its own, which finds this package where it is now."""
    package = str(Path(__file__).resolve().parents[1])
    return [sys.executable, "-P", "-c", f"import sys; sys.path.append({package!r}); {code}"]


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the processes that are started in the block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
