"""Write a scene as commented TOML: every key with its unit and range, ready to edit and to load again."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from .base import Section
from .load import range_text

COMMENT_WIDTH = 100


def scene_toml(scene: Section) -> str:
    """Write the whole scene as TOML; loading it gives an equal scene."""
    return "\n".join(_table(scene, "")).strip() + "\n"


def _table(section: Section, name: str) -> Iterator[str]:
    """One table: its own keys first, then its tables, as TOML wants it."""
    values = {key: getattr(section, key) for key in type(section).model_fields}
    inner = {key: value for key, value in values.items() if isinstance(value, Section)}
    plain = {key: value for key, value in values.items() if key not in inner}
    if name and (plain or not inner):
        yield from _heading(section, name)
    for key, value in plain.items():
        yield from _comment(_about(type(section), key))
        yield f"# {key} =" if value is None else f"{key} = {toml_value(value)}"
    for key, value in inner.items():
        yield from _table(value, f"{name}.{key}" if name else key)


def _heading(section: Section, name: str) -> Iterator[str]:
    yield ""
    yield from _comment((type(section).__doc__ or "").strip().splitlines()[0])
    yield f"[{name}]"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, COMMENT_WIDTH)]


def _about(section: type[Section], key: str) -> str:
    """A key's help with what is allowed: ``height of the ceiling (2.4 to 6 m)``."""
    field = section.model_fields[key]
    allowed = _choices(field.annotation) or range_text(section, key)
    help = field.description or ""
    return f"{help} ({allowed})" if allowed else help


def _choices(annotation: Any) -> str:
    """The allowed words of a Literal, '' for anything else."""
    if get_origin(annotation) is Literal:
        return " | ".join(str(option) for option in get_args(annotation))
    return next((text for text in map(_choices, get_args(annotation)) if text), "")


def toml_value(value: Any) -> str:
    """One value in TOML's notation.  Source: TOML 1.0.0."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, Section):
        value = {key: item for key in type(value).model_fields if (item := getattr(value, key)) is not None}
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(str(key))} = {toml_value(item)}" for key, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return json.dumps(str(value), ensure_ascii=False)
