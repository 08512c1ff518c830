"""A measured figure, as text and as JSON."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any, NamedTuple

LINE = re.compile(r"^  (?P<name>.{62}) (?P<value>.{10}) (?P<unit>.{8}) (?P<goal>.*)$")


class Row(NamedTuple):
    """What was measured, its value, unit and goal."""

    name: str
    value: float
    unit: str
    goal: str


def printed(row: Row) -> str:
    """A row as one line."""
    return f"  {row.name:<62} {row.value:>10.4g} {row.unit:<8} {row.goal}"


def read(text: str) -> list[Row]:
    """The rows among printed lines, of any revision: all have printed the same columns."""
    found = [LINE.match(line) for line in text.splitlines()]
    return [Row(m["name"].strip(), float(m["value"]), m["unit"].strip(), m["goal"]) for m in found if m]


def write_json(path: Path, machine: str, found: dict[str, list[Any]]) -> None:
    """Write what was found by each benchmark; a figure that is not a number is null."""
    rows = {name: [_plain(row._asdict()) for row in group] for name, group in found.items()}
    path.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
