"""Scenes of other versions: settings keep working under the names that they once had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import NoclipError
from ..recipe import number_of

RENAMED = {
    "look.wrongness": "look.anomalies",
    "plan.warren": "plan.maze_share",
    "plan.field_m": "plan.district_m",
}
"""Dotted names that settings had in earlier versions, and what they are called now."""
INSTEAD = {"camera.shake": "camera.nerves"}
"""Settings that put another one of an earlier version out of use where they are given."""
BEFORE = {"0.2.0": {"plan.rooms_dark": 0.0}}
"""Settings that a version brought, and the value at which a picture is as it was before them."""
CHANGES = {"0.2.0": "settings have new names, and lens, exposure, surfaces, tape and the camera's light are new"}
"""What each version changed for a picture that an earlier one made. A change of pixels adds a line."""


def present_name(dotted: str) -> str:
    """What a setting is called now."""
    return RENAMED.get(dotted, dotted)


def now_called(names: Iterable[str]) -> str:
    """Say what settings are called now which were met by old names."""
    return ", ".join(f"{old} is now {present_name(old)}" for old in dict.fromkeys(names))


def with_present_names(data: Mapping[str, Any], source: str) -> tuple[dict[str, Any], list[str]]:
    """A scene's tables with every setting under its present name, and the old names that were met.

    Raises NoclipError where a setting stands under both.
    """
    tables, met = dict(data), []
    for old, new in RENAMED.items():
        (table, was), (_, now) = old.split("."), new.split(".")
        inner = tables.get(table)
        if not isinstance(inner, Mapping) or was not in inner:
            continue
        if now in inner:
            raise NoclipError(f"{source}: {old} and {new} are one setting; keep {new}")
        tables[table] = {(now if key == was else key): value for key, value in inner.items()}
        met.append(old)
    return tables, met


def with_later_settings(data: Mapping[str, Any], version: str) -> dict[str, Any]:
    """The tables of a picture's scene, with those settings that came after its version at what they were before."""
    tables = dict(data)
    for number, values in BEFORE.items():
        if number_of(version) < number_of(number):
            for dotted, value in values.items():
                table, key = dotted.split(".")
                inner = tables.get(table, {})
                if isinstance(inner, Mapping):
                    tables[table] = {key: value, **inner}
    return tables


def notice(source: str, version: str, met: Mapping[str, list[str]]) -> str:
    """One line that says what has changed since a scene was written; '' where nothing has.

    version: the one that made a picture, '' for a scene's file. met: old names of settings by where they were met.
    """
    names = now_called(name for names in met.values() for name in names)
    since = [text for number, text in CHANGES.items() if version and number_of(number) > number_of(version)]
    if since:
        return f"{source}: made by noclip {version}; since then {'; '.join(since)}{f' ({names})' if names else ''}"
    where = " and ".join(place for place, old in met.items() if old)
    return f"{where}: {names}; the old names still work" if names else ""
