"""The folder of a film under way: what it is, and which runs are finished; all that resuming needs."""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
from pathlib import Path
from typing import Any

from ..errors import NoclipError
from ..files import whole
from .request import FilmRequest, identity

MANIFEST = "manifest.json"


def work_folder(request: FilmRequest, out: Path) -> Path:
    """Where a film under way is kept: beside its file, or in its folder."""
    return out / ".work" if request.form == "folder" else out.with_name(f"{out.name}.work")


def open_work(work: Path, recipe: dict[str, Any], resume: bool) -> None:
    """Make the folder ready: fresh, or with what a film of the same recipe left.

    Raises NoclipError: there is another film's work, or nothing to resume from.
    """
    note = work / "film.json"
    left = _read(note)
    if resume and left is None:
        raise NoclipError(f"{work}: nothing to resume here; leave out --resume to begin")
    if resume and left["identity"] != identity(recipe):
        raise NoclipError(f"{work}: another film was begun here ({_differs(left['recipe'], recipe)}); "
                          "leave out --resume to begin anew, or give another name")  # fmt: skip
    if not resume:
        shutil.rmtree(work, ignore_errors=True)
    for stale in work.parent.glob("*.part") if work.name == ".work" else ():
        stale.unlink(missing_ok=True)
    try:
        work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoclipError(f"{work}: cannot write: {error.strerror or error}") from None
    save_json(note, {"identity": identity(recipe), "recipe": recipe})


def check_folder(out: Path, recipe: dict[str, Any]) -> None:
    """Raise NoclipError when a folder holds another film, finished or not."""
    for note in (out / MANIFEST, out / ".work" / "film.json"):
        left = _read(note)
        if left is not None and left.get("identity") != identity(recipe):
            raise NoclipError(f"{out}: this folder holds another film ({_differs(left['recipe'], recipe)}); "
                              "give another folder, or remove this one")  # fmt: skip


def save_run(work: Path, first: int, record: dict[str, Any]) -> None:
    """Note that a run is finished; its pictures are on disk by now."""
    save_json(work / f"{first:08d}.json", record)


def finished(work: Path) -> dict[int, dict[str, Any]]:
    """What is known of every finished run, by its first frame."""
    notes = {int(path.stem): _read(path) for path in work.glob("[0-9]*.json")}
    return {first: note for first, note in sorted(notes.items()) if note is not None}


def save_json(path: Path, value: Any) -> None:
    """Write JSON, whole or not at all, the same text for the same value."""
    with whole(path) as part:
        part.write_text(json.dumps(value, sort_keys=True, indent=1) + "\n", encoding="utf-8")


def save_bytes(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all."""
    with whole(path) as part:
        part.write_bytes(data)


def save_noun(path: Path, value: Any) -> None:
    """Keep a noun for this film's workers."""
    with whole(path) as part, part.open("wb") as file:
        pickle.dump(value, file, protocol=5)


def load_noun(path: Path) -> Any:
    """A noun kept by ``save_noun``."""
    with path.open("rb") as file:
        return pickle.load(file)


def digest(data: bytes | memoryview) -> str:
    """The hash that a manifest states."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _differs(old: dict[str, Any], new: dict[str, Any], prefix: str = "") -> str:
    """The first key in which two recipes differ."""
    for key in sorted(old.keys() | new.keys()):
        a, b = old.get(key), new.get(key)
        if a != b:
            if isinstance(a, dict) and isinstance(b, dict):
                return _differs(a, b, f"{prefix}{key}.")
            return f"{prefix}{key} differs"
    return "another version"
