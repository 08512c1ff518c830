"""Print every figure beside its goal: ``python -m tests.benchmarks [WORD]...``.

WORD: only those benchmarks whose name has one of the words. --json: write the rows to a file as well. --against: time
another revision in turns with this one, each benchmark N times (5), and print medians, spreads and their ratio.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.against import alternate, print_compared
from tests.benchmarks.rows import Row, printed, write_json


def main() -> None:
    """Run the benchmarks whose module's name contains one of the words; all without words."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("words", nargs="*")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--against")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    print(machine())
    if asked.against:
        found = alternate(asked.against, names(asked.words), asked.runs)
        print_compared(found)
    else:
        found = {name: list(run(name)) for name in names(asked.words)}
    if asked.json:
        write_json(asked.json, machine(), found)


def names(words: list[str]) -> list[str]:
    """The benchmarks that have one of the words in their name."""
    all_names = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    return [name for name in all_names if not words or any(word in name for word in words)]


def run(name: str) -> Iterator[Row]:
    """The rows of one benchmark, printed as they come."""
    print(f"\n{name}", flush=True)
    for row in importlib.import_module(f"tests.benchmarks.bench_{name}").rows():
        print(printed(Row(*row)), flush=True)
        yield Row(*row)


def machine() -> str:
    """What the figures were taken on, and how busy it was."""
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    where = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return f"{where}, {os.cpu_count()} cores, load {load}"


if __name__ == "__main__":
    main()
