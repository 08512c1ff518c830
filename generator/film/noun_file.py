"""Nouns of a film under way, each in a file of arrays that its workers share."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from ..array_file import read_arrays, write_arrays
from ..camera.operator import Performance
from ..camera.reactions import Reaction
from ..camera.shot import Shot
from ..noun_cache import NOUNS, from_arrays, to_arrays
from .segment import Segment, SegmentState
from .timeline import Timeline

KNOWN = NOUNS | {noun.__name__: noun for noun in (Segment, SegmentState, Timeline, Performance, Reaction, Shot)}
T = TypeVar("T")


def save_noun(path: Path, value: Any) -> None:
    """Write a noun, whole or not at all.

    Raises NoclipError where the file cannot be written.
    """
    write_arrays(path, to_arrays(value))


def load_noun(path: Path, kind: type[T]) -> T | None:
    """Read a noun of a kind; None where there is no file, it is damaged, or it holds something else."""
    arrays = read_arrays(path)
    value = None if arrays is None else from_arrays(arrays, KNOWN)
    return value if isinstance(value, kind) else None
