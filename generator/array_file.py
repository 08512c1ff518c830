"""Named arrays in one file that is believed only when its checksum holds.

A file is a magic word, the length of a JSON header (names, types, shapes), the header, the arrays' bytes and a checksum
of everything before it, which tells damage and no more. It holds numbers and text only: nothing in it can run.
"""

from __future__ import annotations

import json
import math
import mmap
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .files import whole

MAGIC = b"noclip-3"
CHECKSUM_BYTES = 4
ALIGN = 64
"""Bytes of a cache line; arrays begin at multiples of it."""

Arrays = Mapping[str, NDArray[Any]]


def read_arrays(path: Path) -> dict[str, NDArray[Any]] | None:
    """Read a file's arrays, read-only; None where there is no file or it is not exactly what was written.

    They are the file's own pages, so that processes which hold the same file share its memory.
    """
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _unpacked(data)
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return None


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write named arrays, whole or not at all.

    Raises NoclipError where the file cannot be written, TypeError for an array of objects.
    """
    parts = _packed(arrays)
    with whole(path) as part, part.open("wb") as file:
        file.writelines(parts)


def _packed(arrays: Arrays) -> list[bytes | memoryview]:
    """The parts of a file; each array begins where a processor likes to read."""
    kept = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    for name, array in kept.items():
        if array.dtype.hasobject:
            raise TypeError(f"array {name!r} holds objects; a file of arrays keeps numbers only")
    header = json.dumps([[name, a.dtype.str, list(a.shape)] for name, a in kept.items()]).encode()
    header += b" " * _gap(len(MAGIC) + 8 + len(header))
    parts: list[bytes | memoryview] = [MAGIC, len(header).to_bytes(8, "little"), header]
    for a in kept.values():
        parts += [a.reshape(-1).view(np.uint8).data, bytes(_gap(a.nbytes))] if a.size else []
    return [*parts, checksum(parts)]


def checksum(parts: Iterable[bytes | memoryview]) -> bytes:
    """Sum up a file's parts: CRC-32, three times as fast as a cryptographic hash. Source: ITU-T V.42, 8.1.1.6.2."""
    sum_so_far = 0
    for part in parts:
        sum_so_far = zlib.crc32(part, sum_so_far)
    return sum_so_far.to_bytes(CHECKSUM_BYTES, "little")


def _gap(length: int) -> int:
    """Bytes from a length to the next border of ``ALIGN`` bytes."""
    return -length % ALIGN


def _unpacked(data: mmap.mmap) -> dict[str, NDArray[Any]] | None:
    """The arrays of a file's bytes, None unless they are exactly what was written."""
    if data[: len(MAGIC)] != MAGIC or checksum([memoryview(data)[:-CHECKSUM_BYTES]]) != data[-CHECKSUM_BYTES:]:
        return None
    at = len(MAGIC) + 8
    offset = at + int.from_bytes(data[len(MAGIC) : at], "little")
    arrays: dict[str, NDArray[Any]] = {}
    for name, kind, shape in json.loads(data[at:offset]):
        count = math.prod(shape)
        if min(shape, default=0) < 0:
            return None
        arrays[name] = np.frombuffer(data, np.dtype(kind), count, offset).reshape(shape)
        offset += arrays[name].nbytes + _gap(arrays[name].nbytes)
    return arrays
