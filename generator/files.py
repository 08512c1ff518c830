"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import NoclipError


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path`` to write to; it becomes ``path`` when the block ends well.

    When the block fails, or is interrupted, nothing is left and an older ``path`` stays as it was.
    Raises NoclipError: the folder does not exist or cannot be written, or the disk is full.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        raise NoclipError(f"{path}: cannot write: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink()


def check_writable(path: Path) -> None:
    """Make sure, before any work, that ``path`` can be written; nothing is left behind.

    Raises NoclipError: the folder does not exist, it cannot be written, or ``path`` is a folder.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        if not path.parent.is_dir():
            raise NoclipError(f"{path}: the folder {str(path.parent)!r} does not exist; make it first")
        if path.is_dir():
            raise NoclipError(f"{path}: this is a folder; give the name of a file")
        part.touch(exist_ok=False)
        part.unlink()
    except OSError as error:
        raise NoclipError(f"{path}: the folder cannot be written: {error.strerror or error}") from None
