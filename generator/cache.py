"""Results on disk, keyed by content: named arrays under the platform's cache folder.

An entry is a file of arrays. It appears whole or not at all, and is believed only when its checksum holds, so processes
may write at once and a damaged entry is merely made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray
from pydantic import BaseModel

from .array_file import Arrays, read_arrays, write_arrays
from .errors import NoclipError, shown
from .files import PART, is_writable

SUFFIX = ".arrays"
LIMIT_BYTES = 4 * 2**30
"""All entries together; the least recently used go first. The environment's NOCLIP_CACHE_LIMIT (bytes) overrides it."""
HOMELESS = Path("/nonexistent/.cache/noclip")
"""The cache of a user without a home. Source: Debian policy 9.2.3 for the home's name."""
STALE_S = 24 * 3600.0
"""A temporary file older than this was left by a process that died."""


@dataclass(frozen=True)
class CacheStats:
    """What the cache holds: its folder, number of entries, their bytes and the limit in bytes."""

    folder: Path
    entries: int
    size_bytes: int
    limit_bytes: int


def cache_folder() -> Path:
    """Where entries lie: the environment's NOCLIP_CACHE, else ``noclip`` in the platform's cache folder.

    For a user without a home it is a place that cannot be made: never one in the current folder.
    """
    folder = Path(os.environ.get("NOCLIP_CACHE") or platformdirs.user_cache_dir("noclip", appauthor=False))
    return HOMELESS if str(folder).startswith("~") else folder.absolute()


def why_not_kept() -> str | None:
    """One line that says why nothing is kept between runs, and how to change that; None where things are kept.

    Raises NoclipError where NOCLIP_CACHE_LIMIT is no size.
    """
    folder, _ = cache_folder(), _limit()
    if is_writable(folder):
        return None
    return f"{folder} cannot be written, so nothing is kept between runs; set NOCLIP_CACHE to a folder that can be"


def content_key(*parts: Any) -> str:
    """A key (64 hex digits) of what a result depends on: numbers, text, arrays, settings, dataclasses, lists of them.

    Raises TypeError for anything whose content cannot be told.
    """
    digest = hashlib.blake2b(digest_size=32)
    for part in parts:
        _feed(digest, part)
    return digest.hexdigest()


def cached(kind: str, key: str, make: Callable[[], Arrays]) -> dict[str, NDArray[Any]]:
    """The entry, or what ``make`` gives, which is then kept. Its arrays are read-only."""
    found = load(kind, key)
    if found is None:
        found = sealed(make())
        save(kind, key, found)
    return found


def sealed(arrays: Arrays) -> dict[str, NDArray[Any]]:
    """Give arrays as an entry's are: read-only, so that kernels are compiled for one kind of array."""
    views = {name: array.view() for name, array in arrays.items()}
    for view in views.values():
        view.setflags(write=False)
    return views


def load(kind: str, key: str) -> dict[str, NDArray[Any]] | None:
    """The arrays of an entry, read-only; None when there is none or it is damaged, and then it is removed.

    They are the file's own pages, so that processes which hold the same entry share its memory.
    """
    path = _path(kind, key)
    arrays = read_arrays(path)
    with contextlib.suppress(OSError):
        if arrays is None:
            path.unlink()
        else:
            os.utime(path)
    return arrays


def save(kind: str, key: str, arrays: Arrays) -> None:
    """Keep named arrays (no objects) as an entry; a cache that cannot be written to is no error, only no help."""
    path, limit = _path(kind, key), _limit()
    with contextlib.suppress(OSError, NoclipError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_arrays(path, arrays)
        evict(limit)


def evict(limit_bytes: int) -> None:
    """Remove the least recently used entries until the rest fit, and what dead processes left."""
    now = time.time()
    for path in cache_folder().glob(f"*/{PART}"):
        with contextlib.suppress(OSError):
            if now - path.stat().st_mtime > STALE_S:
                path.unlink()
    entries = sorted(_entries(), key=lambda entry: entry[1], reverse=True)
    total = 0
    for path, _, size in entries:
        total += size
        if total > limit_bytes:
            with contextlib.suppress(OSError):
                path.unlink()


def stats() -> CacheStats:
    """What the cache holds now."""
    sizes = [size for _, _, size in _entries()]
    return CacheStats(cache_folder(), len(sizes), sum(sizes), _limit())


def clear() -> int:
    """Remove all entries; the number removed."""
    count = 0
    for path, _, _ in list(_entries()):
        with contextlib.suppress(OSError):
            path.unlink()
            count += 1
    return count


def _path(kind: str, key: str) -> Path:
    return cache_folder() / kind / (key + SUFFIX)


def _limit() -> int:
    """The most bytes to keep.

    Raises NoclipError where the environment's NOCLIP_CACHE_LIMIT is no size.
    """
    text = os.environ.get("NOCLIP_CACHE_LIMIT") or str(LIMIT_BYTES)
    found = re.fullmatch(r"\s*(\d{1,18})\s*([KMGT]?)(?:iB|B)?\s*", text, re.IGNORECASE | re.ASCII)
    if found is None:
        raise NoclipError(f"NOCLIP_CACHE_LIMIT={shown(text)}: write bytes, or a size such as 500M or 4G")
    return int(found[1]) * 1024 ** " KMGT".index(found[2].upper() or " ")


def _entries() -> Iterable[tuple[Path, float, int]]:
    """Path, time of last use and size of every entry; those that vanish meanwhile are left out."""
    for path in cache_folder().glob("*/*" + SUFFIX):
        with contextlib.suppress(OSError):
            status = path.stat()
            yield path, status.st_mtime, status.st_size


def _feed(digest: Any, part: Any) -> None:
    """Hash a value with its type, so that no two different contents read alike."""
    if isinstance(part, np.ndarray):
        if part.dtype.hasobject:
            raise TypeError("an array of objects has no stable content")
        digest.update(f"array {part.dtype.str} {part.shape};".encode())
        digest.update(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data if part.size else b"")
    elif isinstance(part, BaseModel):
        _feed(digest, [type(part).__name__, part.model_dump()])
    elif is_dataclass(part) and not isinstance(part, type):
        _feed(digest, [type(part).__name__, {f.name: getattr(part, f.name) for f in fields(part)}])
    elif isinstance(part, Mapping):
        digest.update(f"map {len(part)};".encode())
        for name in sorted(part):
            _feed(digest, [name, part[name]])
    elif isinstance(part, list | tuple):
        digest.update(f"list {len(part)};".encode())
        for item in part:
            _feed(digest, item)
    elif part is None or isinstance(part, bool | int | float | str | bytes | np.generic):
        value = part.item() if isinstance(part, np.generic) else part
        text = value if isinstance(value, bytes) else repr(value).encode()
        digest.update(f"{type(value).__name__} {len(text)};".encode() + text)
    else:
        raise TypeError(f"cannot key a result by a {type(part).__name__}")
