"""Load a scene: default < scene file < command line, and every mistake as one clear line."""

from __future__ import annotations

import difflib
import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import LONGEST, NoclipError, NoclipWarning, shown
from ..recipe import read_recipe
from ..toml_file import DEEPEST, parse_toml, read_toml
from .base import Section, keys, limits, subsection, unit_of
from .scene import Scene
from .versions import INSTEAD, notice, now_called, present_name, with_later_settings, with_present_names

DEFAULT_SCENE = "level0"
DEFAULT_PLACE = "level0"
COMMAND_LINE = "command line"

EXPECTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "tuple_type": "a list in [brackets]",
    "list_type": "a list in [brackets]",
    "dict_type": "a table",
    "model_type": "a table of keys",
}
"""What pydantic's error types ask for, in a user's words."""


def load_scene(name: str = DEFAULT_SCENE, overrides: Sequence[str] = ()) -> Scene:
    """Load the scene of a preset's name, a TOML file or a PNG that noclip made.

    overrides: ``SECTION.KEY=VALUE`` texts of the command line; they win over the file, and the last one wins.
    Old names of settings are accepted; one warning, a NoclipWarning, says what they are now, or what has changed since
    the PNG was made. Raises NoclipError: unknown scene or key, broken TOML, wrong type, value out of range.
    """
    data, source, version = read_scene(name)
    data, old = with_present_names(data, source)
    given = [override_of(text) for text in overrides]
    _validated(data, source, frozenset(), old)
    for dotted, value in given:
        _put(data, present_name(dotted), value)
        if dotted in INSTEAD:
            _put(data, INSTEAD[dotted], None)
    data, old_given = with_present_names(data, COMMAND_LINE)
    old_given += [dotted for dotted, _ in given if present_name(dotted) != dotted]
    scene = _validated(data, source, frozenset(present_name(dotted) for dotted, _ in given), [*old, *old_given])
    line = notice(source, version, {source: old, COMMAND_LINE: old_given})
    if line:
        warnings.warn(line, NoclipWarning, stacklevel=2)
    return scene


def preset_folder() -> Path:
    """The folder of the shipped scenes: ``scenes/`` of a checkout, or inside the installed package."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parent / "scenes"
    return checkout if (checkout / f"{DEFAULT_SCENE}.toml").is_file() else package / "scenes"


def preset_names() -> list[str]:
    """List the names of the shipped scenes, the default first."""
    names = sorted(path.stem for path in preset_folder().glob("*.toml"))
    return sorted(names, key=lambda name: name != DEFAULT_SCENE)


def read_scene(name: str) -> tuple[dict[str, Any], str, str]:
    """What a scene's file says, unchecked, how to call that file in a message, and what version made a picture."""
    path = Path(name)
    if path.suffix.lower() == ".png":
        recipe = read_recipe(path)
        return with_later_settings(recipe["scene"], recipe["version"]), name, recipe["version"]
    if path.suffix.lower() == ".toml" or len(path.parts) > 1:
        return read_toml(path, "scene")[0], name, ""
    if name not in preset_names():
        known = preset_names()
        raise NoclipError(
            f"unknown scene {shown(name)}{_nearest(name, known)}; known are {', '.join(known)} "
            "(or give a .toml file, or a .png that noclip made)"
        )
    path = preset_folder() / f"{name}.toml"
    return read_toml(path, "scene")[0], path.name, ""


def override_of(text: str) -> tuple[str, Any]:
    """``section.key=value`` as the dotted key and its value, read as TOML where it is, else as plain text."""
    dotted, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not dotted or not value:
        raise NoclipError(f"--set takes SECTION.KEY=VALUE, such as light.dead=0.1, not {shown(text)}")
    if dotted.count(".") > DEEPEST:
        raise NoclipError(f"--set {shown(text)}: more than {DEEPEST} dots in a row")
    try:
        read = parse_toml(f"value = {value}", f"--set {shown(dotted)}")
    except NoclipError:
        return dotted, value
    return dotted, read["value"] if len(read) == 1 else value


def _put(data: dict[str, Any], dotted: str, value: Any) -> None:
    """Set ``data["a"]["b"] = value`` for ``a.b``, making tables on the way."""
    *tables, key = dotted.split(".")
    for table in tables:
        inner = data.get(table)
        data[table] = data = dict(inner) if isinstance(inner, Mapping) else {}
    data[key] = value


def _validated(data: Mapping[str, Any], source: str, given: frozenset[str], old: Sequence[str]) -> Scene:
    """The checked scene. given: the dotted keys that the command line set; old: old names that were met."""
    try:
        text = json.dumps(data, default=str)
    except (RecursionError, ValueError):
        where = COMMAND_LINE if given else source
        raise NoclipError(f"{where}: lists or tables nested too deeply, or a number of too many digits") from None
    kind = _kind_of(data, source, given)
    try:
        return kind.model_validate_json(text, strict=True)
    except ValidationError as error:
        message = _explained(kind, error, source, given)
        blamed = [name for name in old if present_name(name) in message]
        raise NoclipError(f"{message} ({now_called(blamed)})" if blamed else message) from None


def _kind_of(data: Mapping[str, Any], source: str, given: frozenset[str]) -> type[Scene]:
    """The kind of scene that the place has which the data asks for."""
    from ..places.scenes import SCENES

    name = data.get("place", DEFAULT_PLACE)
    if isinstance(name, str) and name in SCENES:
        return SCENES[name]
    where = COMMAND_LINE if "place" in given else source
    hint = _nearest(str(name)[:80], SCENES)
    raise NoclipError(f"{where}: there is no place {shown(str(name))}{hint}; choose one of {', '.join(SCENES)}")


def _elsewhere(scene: type[Section], dotted: str) -> str:
    """What to say of a key that another place has, or ''."""
    from ..places.scenes import SCENES

    own = next((name for name, kind in SCENES.items() if kind is scene), "")
    for name, kind in SCENES.items():
        if dotted in keys(kind):
            return f"{dotted!r} is a setting of the place {name!r}, and this scene's place is {own!r}"
    return ""


def _explained(scene: type[Section], error: ValidationError, source: str, given: frozenset[str]) -> str:
    """The first problem of a scene as one line that names the file, the key and what is allowed."""
    first = error.errors(include_url=False)[0]
    section, key, dotted = _located(scene, first["loc"])
    where = COMMAND_LINE if any(_about(dotted, g) for g in given) else source
    value = _cut(json.dumps(first["input"], default=str, ensure_ascii=False))
    if first["type"] == "extra_forbidden":
        if other := _elsewhere(scene, dotted):
            return f"{where}: {other}"
        known = list(keys(scene))
        hint = _nearest(dotted, known) or f"; known are {', '.join(section.model_fields) or 'none'}"
        return f"{where}: unknown key {shown(dotted)}{hint}"
    if first["type"] == "json_invalid":
        return f"{where}: {first['msg']}"
    if first["type"] == "out_of_range":
        return f"{where}: {dotted} = {value} is out of range; allowed: {range_text(section, key)}"
    if first["type"] in ("literal_error", "enum"):
        options = first.get("ctx", {})["expected"].replace("'", "").replace(" or ", ", ")
        hint = _nearest(str(first["input"]), options.split(", "))
        return f"{where}: {dotted} = {value} is not known{hint}; choose one of {options}"
    if first["type"] in EXPECTED:
        return f"{where}: {dotted} = {value} has the wrong type; expected {EXPECTED[first['type']]}"
    return f"{where}: {dotted} = {value}: {first['msg']}"


def _about(dotted: str, given: str) -> bool:
    """Is a key, or an item of a list, what was given, a part of it, or what holds it?"""
    return dotted == given or given.startswith(f"{dotted}.") or dotted.startswith((f"{given}.", f"{given}["))


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"


def _located(scene: type[Section], loc: Sequence[int | str]) -> tuple[type[Section], str, str]:
    """The section and key that an error is about, and its dotted name (``film.path[2]`` inside a list)."""
    section, key, dotted = scene, "", ""
    for part in loc:
        if isinstance(part, int):
            dotted += f"[{part}]"
            continue
        inner = subsection(section, key) if key else None
        if key and inner is None:
            break
        section, key, dotted = inner or section, part, f"{dotted}.{part}" if dotted else part
    return section, key, dotted


def range_text(section: type[Section], key: str) -> str:
    """A setting's range as text: ``2.4 to 6 m``, ``at least 1``, or '' where it has none."""
    low, high = limits(section, key)
    unit = f" {unit_of(section, key)}" if unit_of(section, key) else ""
    if low is not None and high is not None:
        return f"{low:,} to {high:,}{unit}".replace(",", "")
    if low is not None:
        return f"at least {low}{unit}"
    return f"at most {high}{unit}" if high is not None else ""


def _nearest(word: str, known: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` for the nearest known word, or ''."""
    near = difflib.get_close_matches(word[:LONGEST], list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""
