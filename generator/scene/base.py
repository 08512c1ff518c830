"""What every section of a scene is made of: frozen settings with a unit, a range and one line of help."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """One section of a scene; unknown keys and out-of-range values are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, allow_inf_nan=False)


def setting(default: Any, help: str, *, unit: str = "", low: Any = None, high: Any = None) -> Any:
    """A setting: its default, one line of help, its unit ('' for a pure number) and inclusive range."""
    return Field(default, description=help, ge=low, le=high, json_schema_extra={"unit": unit})
