"""Scenes and shots as people write them: TOML files, and every mistake in one as one clear line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from .errors import NoclipError

LONGEST_BYTES = 4 * 2**20
"""A file of settings is a few kilobytes; beyond this it is something else."""
DEEPEST = 100
"""Dots in a dotted key; tomllib takes time with the square of their number."""


def read_toml(path: Path, what: str) -> tuple[dict[str, Any], str]:
    """Read a TOML file, with or without a byte-order mark; its data and its text. what: what it is called in messages.

    Raises NoclipError that names the line: no such file, no plain file, not UTF-8, broken TOML, keys too deep.
    """
    try:
        if path.exists() and not path.is_file():
            raise NoclipError(f"{path}: cannot read the {what}: this is no file")
        with path.open("rb") as file:
            data = file.read(LONGEST_BYTES + 1)
        if len(data) > LONGEST_BYTES:
            raise NoclipError(f"{path}: cannot read the {what}: more than {LONGEST_BYTES // 2**20} MiB")
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise NoclipError(f"{path}: not a text file in UTF-8; a {what} is TOML") from None
    except (OSError, ValueError) as error:
        raise NoclipError(f"{path}: cannot read the {what}: {getattr(error, 'strerror', None) or error}") from None
    return parse_toml(text, str(path)), text


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """The data of TOML's text.

    Raises NoclipError, which begins with ``where`` and names the line.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if any(piece.count(".") > DEEPEST for piece in re.split(r"[^\w.\-\s\"']", line)):
            raise NoclipError(f"{where}: line {number}: more than {DEEPEST} dots in a row")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NoclipError(f"{where}: {_place(str(error), text)}") from None
    except RecursionError:
        raise NoclipError(f"{where}: lists or tables are nested too deeply") from None
    except ValueError as error:
        raise NoclipError(f"{where}: broken TOML: {str(error).split(';')[0]}") from None


def _place(message: str, text: str) -> str:
    """tomllib's message with its place first: ``line 3, column 5: …``."""
    found = re.fullmatch(r"(?s)(.*) \(at (?:(line \d+, column \d+)|end of document)\)", message)
    if not found:
        return f"broken TOML: {message}"
    place = found[2] or f"line {text.count(chr(10)) + 1} (the end)"
    return f"{place}: broken TOML: {found[1]}"
