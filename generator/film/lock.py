"""A lock on a file: held by one process at a time, and given up when that process ends, however it ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..errors import NoclipError
from ..files import is_plain

if os.name == "nt":
    import msvcrt

    def _state_of(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
else:
    import fcntl

    def _state_of(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(path: Path, what: str) -> Iterator[None]:
    """Hold the lock ``path``, a file that is made where it is missing; where a disk knows no locks, none is held.

    Raises NoclipError, which names ``what``, where another process holds it.
    """
    busy = NoclipError(f"{what}: another noclip is making this film now; wait for it, or give another name")
    if path.exists() and not is_plain(path):
        raise NoclipError(f"{path}: a lock is kept here, but this is no file; move it away")
    with path.open("ab") as file:
        try:
            _state_of(file)
        except OSError as error:
            if os.name == "nt" or isinstance(error, BlockingIOError):
                raise busy from None
        if not path.exists() or not os.path.samestat(os.fstat(file.fileno()), path.stat()):
            raise busy
        yield
