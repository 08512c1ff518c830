"""What every section of a scene is made of: frozen settings with a unit, a range and one line of help."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

LONGEST_TEXT = 200
NO_TEXT = ("Cc", "Cs", "Zl", "Zp")
"""Unicode's categories of what is no character of one line. Source: Unicode 15, table 4-4."""
NO_CHARACTERS = "\ufffe\uffff"
"""Code points that XML forbids beside those. Source: XML 1.0, production 2."""


class Section(BaseModel):
    """One section of a scene; unknown keys and out-of-range values are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _in_range(cls, value: Any, info: ValidationInfo) -> Any:
        """Every number in ``value``, alone or in a list, lies in the setting's range; every text is one short line."""
        for text in _leaves(value, str):
            if len(text) > LONGEST_TEXT:
                raise PydanticCustomError("long", f"at most {LONGEST_TEXT} characters")
            if any(unicodedata.category(c) in NO_TEXT or c in NO_CHARACTERS for c in text):
                raise PydanticCustomError("control", "control characters and line breaks are not text")
        low, high = limits(cls, info.field_name or "")
        for number in _leaves(value, (int, float)):
            if (low is not None and number < low) or (high is not None and number > high):
                raise PydanticCustomError("out_of_range", "out of range")
        return value


def setting(default: Any, help: str, *, unit: str = "", low: Any = None, high: Any = None) -> Any:
    """A setting: its default, one line of help, its unit ('' for a pure number) and inclusive range.

    The range holds for each number of a list or tuple.
    """
    return Field(default, description=help, json_schema_extra={"unit": unit, "minimum": low, "maximum": high})


def limits(section: type[Section], key: str) -> tuple[Any, Any]:
    """The inclusive range of a setting, None where it is open."""
    extra = _extra(section, key)
    return extra.get("minimum"), extra.get("maximum")


def unit_of(section: type[Section], key: str) -> str:
    """The unit of a setting, '' for a pure number."""
    return _extra(section, key).get("unit", "")


def _extra(section: type[Section], key: str) -> dict[str, Any]:
    field = section.model_fields.get(key)
    extra = field.json_schema_extra if field else None
    return extra if isinstance(extra, dict) else {}


def _leaves(value: Any, kinds: type | tuple[type, ...]) -> Iterator[Any]:
    """The values of some kinds in a value, however deep in lists; truth values are not numbers."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item, kinds)
    elif isinstance(value, kinds) and not isinstance(value, bool):
        yield value


def subsection(section: type[Section], key: str) -> type[Section] | None:
    """The section that a key holds, None when it holds a value."""
    field = section.model_fields.get(key)
    kinds = get_args(field.annotation) or (field.annotation,) if field else ()
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, Section)), None)


def keys(section: type[Section]) -> Iterator[str]:
    """Every key of a section, dotted, those of its own sections included."""
    for key in section.model_fields:
        yield key
        inner = subsection(section, key)
        if inner:
            yield from (f"{key}.{k}" for k in keys(inner))
