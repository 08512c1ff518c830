"""A folder of pictures as frames: which files they are, in which order, and which are missing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from ..errors import NoclipError
from .pictures import PICTURES

MOST_GAPS = 3
"""So many gaps are named."""


def frames_of(folder: Path) -> list[Path]:
    """The pictures of a folder in the order of the numbers in their names; hidden files and folders are left out.

    Raises NoclipError where the folder cannot be read.
    """
    try:
        named = [p for p in folder.iterdir() if p.suffix.lower() in PICTURES and not p.name.startswith(".")]
        return sorted((p for p in named if p.is_file()), key=lambda path: _order(path.name))
    except OSError as error:
        raise NoclipError(f"{folder}: cannot be read: {error.strerror or error}") from None


def _order(name: str) -> tuple:
    """Text and numbers of a name in turn, so that f2 comes before f10."""
    parts = re.split(r"(\d+)", name, flags=re.ASCII)
    return tuple((int(p[:18]), len(p)) if k % 2 else p.casefold() for k, p in enumerate(parts)), name


def gaps(names: Sequence[str]) -> str:
    """What is missing between numbered names, in words; empty where nothing is, or where they are no sequence."""
    found = [re.fullmatch(r"(.*?)(\d{1,18})(\D*)", name, re.ASCII | re.DOTALL) for name in names]
    matches = [match for match in found if match]
    if len(matches) < max(len(names), 2) or len({(m[1], m[3]) for m in matches}) > 1:
        return ""
    numbers = sorted({int(match[2]) for match in matches})
    missing = [(a + 1, b - 1) for a, b in pairwise(numbers) if b > a + 1]
    if not missing or sum(b - a + 1 for a, b in missing) > len(numbers):
        return ""
    said = [f"{a}" if a == b else f"{a} to {b}" for a, b in missing[:MOST_GAPS]]
    more = f" and {len(missing) - MOST_GAPS} more" if len(missing) > MOST_GAPS else ""
    return ", ".join(said) + more
