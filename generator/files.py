"""Files that appear whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import NoclipError

PART = ".noclip-*.part"
"""Names, as a glob pattern, of files that are being written."""


@contextmanager
def whole(path: Path, folder: Path | None = None) -> Iterator[Path]:
    """Yield the name of an empty file that becomes ``path`` when the block ends well.

    folder: where that file is, on the same disk; else beside ``path``.
    When the block fails, or is interrupted, nothing is left and an older ``path`` stays as it was.
    Raises NoclipError: the folder does not exist or cannot be written, or the disk is full.
    """
    part = _part(folder or path.parent)
    try:
        part.touch(exist_ok=False)
        yield part
        os.replace(part, path)
    except OSError as error:
        raise NoclipError(f"{path}: cannot write: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink()


def write_whole(path: Path, data: bytes) -> int:
    """Write a file's bytes, whole or not at all; how many they are. Raises NoclipError as ``whole``."""
    with whole(path) as part:
        part.write_bytes(data)
    return len(data)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes ``path``, in the place of an older one, when the block ends well.

    When the block fails, or is interrupted, nothing is left and an older ``path`` stays as it was.
    Raises NoclipError: the folder it lies in does not exist or cannot be written, or the disk is full.
    """
    part, old = _part(path.parent), _part(path.parent)
    try:
        part.mkdir()
        yield part
        if path.exists():
            os.replace(path, old)
        try:
            os.replace(part, path)
        except OSError:
            os.replace(old, path)
            raise
    except OSError as error:
        raise NoclipError(f"{path}: cannot write: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def check_writable(path: Path) -> None:
    """Make sure, before any work, that ``path`` can be written; nothing is left behind.

    Raises NoclipError: the folder does not exist, it cannot be written, the name is too long, or ``path`` is a folder.
    """
    part = _part(path.parent)
    try:
        if not path.parent.is_dir():
            raise NoclipError(f"{path}: the folder {str(path.parent)!r} does not exist; make it first")
        if path.is_dir():
            raise NoclipError(f"{path}: this is a folder; give the name of a file")
        with suppress(FileNotFoundError):
            path.lstat()
        part.touch(exist_ok=False)
        part.unlink()
    except OSError as error:
        raise NoclipError(f"{path}: the folder cannot be written: {error.strerror or error}") from None


def _part(folder: Path) -> Path:
    """A name that nobody else writes to."""
    return folder / PART.replace("*", secrets.token_hex(8))


def digest(data: bytes | memoryview) -> str:
    """Hash bytes as notes and manifests state it: BLAKE2b of 16 bytes, in hexadecimal."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def file_digest(path: Path) -> str | None:
    """Hash a file's bytes; None where it cannot be read, or is no plain file."""
    try:
        if not is_plain(path):
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return None


def is_plain(path: Path) -> bool:
    """Tell whether this is a file itself: no link, no pipe, no device."""
    return path.is_file() and not path.is_symlink()


def is_writable(folder: Path) -> bool:
    """Tell whether files can be made in a folder, or the folder itself be made. A path that is not absolute is none."""
    if not folder.is_absolute():
        return False
    there = next((path for path in (folder, *folder.parents) if path.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)
