"""The folder of a film under way: what it is, and which ranges are finished; all that resuming needs.

Only what noclip itself made is ever replaced or removed: what bears the names that a work folder's files have, in a
folder whose note says what film it is of, and the pictures that a note or a manifest of the same film speaks for.
Nothing is believed because it is there: every file is checked by its hash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..errors import NoclipError
from ..files import PART, file_digest, is_plain, whole
from .lock import locked
from .request import FilmRequest, files_of, frame_ranges, identity

MANIFEST, NOTE, LOCK = "manifest.json", "film.json", "lock"
SOUND, SHOT = "sound.wav", "shot.json"
OWN = re.compile(
    r"film\.json|lock|\d{8}(\.piece\.\w+|\.json)|(segment|state)-\d{8}\.arrays|timeline\.arrays|joined\.\w+|\.noclip-\w+\.part"
)
"""Names of all that noclip puts into a work folder."""


@dataclass(frozen=True)
class Record:
    """A finished range: a hash of each frame's pixels, and of each of its files by name."""

    first: int
    stop: int
    frames: tuple[str, ...]
    files: dict[str, str]


def work_folder(request: FilmRequest, out: Path) -> Path:
    """Where a film under way is kept: beside its file, or in its folder."""
    return out / ".work" if request.form == "folder" else out.with_name(f"{out.name}.work")


@contextmanager
def under_way(request: FilmRequest, out: Path, recipe: dict[str, Any], resume: bool) -> Iterator[Path]:
    """Hold a film's work folder: fresh, or with what a film of the same recipe left; it goes when the film is finished.

    A failure before the first range is finished leaves nothing; after it, and when interrupted, the folder stays.
    Raises NoclipError: another film's work, files that noclip did not make, or another process at the same film;
    nothing to resume from; a place that cannot be written.
    """
    work = work_folder(request, out)
    made: list[Path] = []
    try:
        _check(request, out, work, recipe, resume)
        made = [folder for folder in (work, out) if not folder.exists()]
        work.mkdir(parents=request.form == "folder", exist_ok=True)
        with locked(work / LOCK, str(out)):
            try:
                _begin(request, out, work, recipe, resume)
                yield work
                _clear(work)
            except KeyboardInterrupt:
                raise
            except BaseException:
                if not any(work.glob("[0-9]*.json")):
                    _clear(work)
                raise
            finally:
                if not (work / NOTE).exists():
                    (work / LOCK).unlink(missing_ok=True)
                    _remove((work, *made))
    except OSError as error:
        _remove(made)
        raise NoclipError(f"{work}: cannot write: {error.strerror or error}") from error


def _check(request: FilmRequest, out: Path, work: Path, recipe: dict[str, Any], resume: bool) -> None:
    """Raise NoclipError where something is in a film's way; see ``under_way``."""
    if work.is_symlink() or (work.exists() and not work.is_dir()):
        raise NoclipError(f"{work}: a film under way is kept here, but this is no folder; move it away")
    begun, finished = _film(work / NOTE), _film(out / MANIFEST) if request.form == "folder" else None
    for left in (begun, finished):
        if left is not None and left[0] != identity(recipe) and (resume or request.form == "folder"):
            differs = _differs(left[1], recipe)
            if request.form == "folder":
                raise NoclipError(f"{out}: this folder holds another film ({differs}); give another folder")
            raise NoclipError(f"{work}: another film was begun here ({differs}); give another name, "
                              "or leave out --resume to begin anew")  # fmt: skip
    unnamed = _entries(work) if begun is None else []
    own = (LOCK, PART)  # what a film leaves that is killed before it says what film it is
    foreign = [path.name for path in unnamed if not any(map(path.match, own))]
    if foreign:
        raise NoclipError(f"{work}: a film under way is kept here, but {foreign[0]!r} is none of its files; "
                          "move it away, or give another name")  # fmt: skip
    if begun is None and finished is None:
        if resume:
            raise NoclipError(f"{work}: nothing to resume here; leave out --resume to begin")
        there = {path.name for path in _entries(out)} if request.form == "folder" else set()
        in_the_way = [name for name in _names(request) if name in there]
        if in_the_way:
            raise NoclipError(f"{out}: {in_the_way[0]!r} is here already, and no film says that it is its own; "
                              "give another folder")  # fmt: skip


def _begin(request: FilmRequest, out: Path, work: Path, recipe: dict[str, Any], resume: bool) -> None:
    """Leave in the work folder what is to be gone on with, and say what film it is of."""
    records = _of_manifest(request, out) if resume and _film(work / NOTE) is None else []
    if not resume:
        _clear(work)
    for stale in work.glob(PART):
        stale.unlink()
    save_json(work / NOTE, {"identity": identity(recipe), "recipe": recipe})
    for record in records:
        save_record(work, record)


def _names(request: FilmRequest) -> Iterator[str]:
    """The names of all that a film's folder will hold."""
    yield from (MANIFEST, SHOT) if request.silent else (MANIFEST, SHOT, SOUND)
    for first, stop in frame_ranges(request):
        yield from files_of(request, first, stop)


def _entries(work: Path) -> list[Path]:
    return sorted(work.iterdir()) if work.is_dir() else []


def _clear(work: Path) -> None:
    """Remove what noclip made, but for the lock; the note that says whose it is goes last."""
    for path in sorted(_entries(work), key=lambda path: path.name == NOTE):
        if OWN.fullmatch(path.name) and path.name != LOCK and not path.is_dir():
            path.unlink(missing_ok=True)


def _remove(folders: Iterable[Path]) -> None:
    """Remove those of some folders in which nothing is left."""
    for folder in dict.fromkeys(folders):
        with suppress(OSError):
            folder.rmdir()


def save_record(work: Path, record: Record) -> None:
    """Note that a range is finished; its files are on disk by now."""
    save_json(work / f"{record.first:08d}.json", asdict(record))


def records_of(request: FilmRequest, out: Path, work: Path) -> dict[int, Record]:
    """Every finished range whose files are just as they were written, by its first frame."""
    folder = out if request.form == "folder" else work
    notes = ((first, stop, _read(work / f"{first:08d}.json")) for first, stop in frame_ranges(request))
    records = (_record(request, first, stop, note) for first, stop, note in notes if note is not None)
    read = [record for record in records if record is not None]
    return {r.first: r for r in read if all(file_digest(folder / name) == known for name, known in r.files.items())}


def _record(request: FilmRequest, first: int, stop: int, note: Any) -> Record | None:
    """A range's note as a record; None where it is damaged or another's."""
    try:
        record = Record(note["first"], note["stop"], tuple(note["frames"]), dict(note["files"]))
    except (KeyError, TypeError, ValueError):
        return None
    fits = (record.first, record.stop, sorted(record.files)) == (first, stop, sorted(files_of(request, first, stop)))
    texts = all(isinstance(text, str) for text in (*record.frames, *record.files.values()))
    return record if fits and texts and len(record.frames) == stop - first else None


def complete(request: FilmRequest, out: Path, recipe: dict[str, Any]) -> bool:
    """Is a film's folder finished, with nothing under way, and every file in it just as it was written?"""
    film = _film(out / MANIFEST) if request.form == "folder" and not work_folder(request, out).exists() else None
    if film is None or film[0] != identity(recipe):
        return False
    names = [name for name in _names(request) if name != MANIFEST]
    files = _read(out / MANIFEST).get("files")
    return isinstance(files, dict) and all(file_digest(out / name) == files.get(name, "") for name in names)


def _of_manifest(request: FilmRequest, out: Path) -> list[Record]:
    """The ranges of a finished folder, as its manifest tells them; none without one."""
    told: Any = _read(out / MANIFEST) if request.form == "folder" else None
    found = []
    for first, stop in frame_ranges(request):
        with suppress(KeyError, TypeError):
            frames = [told["frames"][str(n)] for n in range(first, stop)]
            files = {name: told["files"][name] for name in files_of(request, first, stop)}
            found.append(Record(first, stop, tuple(frames), files))
    return found


def save_json(path: Path, value: Any, folder: Path | None = None) -> None:
    """Write JSON, whole or not at all, the same text for the same value; ``folder`` as in ``whole``."""
    with whole(path, folder) as part:
        part.write_text(json.dumps(value, sort_keys=True, indent=1) + "\n", encoding="utf-8")


def save_bytes(path: Path, data: bytes, folder: Path | None = None) -> None:
    """Write a file, whole or not at all; ``folder`` as in ``whole``."""
    with whole(path, folder) as part:
        part.write_bytes(data)


def _film(note: Path) -> tuple[str, dict[str, Any]] | None:
    """The identity and recipe of the film that a note or manifest is of; None where it tells none."""
    told = _read(note)
    if not isinstance(told, dict) or not isinstance(told.get("recipe"), dict):
        return None
    return (told["identity"], told["recipe"]) if isinstance(told.get("identity"), str) else None


def _read(path: Path) -> Any:
    """The JSON of a file of noclip's own; None where it is none, or a link."""
    try:
        return json.loads(path.read_text(encoding="utf-8")) if is_plain(path) else None
    except (OSError, ValueError, RecursionError):
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
