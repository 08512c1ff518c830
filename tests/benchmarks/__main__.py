"""Print every figure beside its goal: ``python -m tests.benchmarks [WORD]...`` runs those whose name has a word."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path


def main(words: list[str]) -> None:
    """Run the benchmarks whose module's name contains one of the words; all without words."""
    print(f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores")
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        if words and not any(word in path.stem for word in words):
            continue
        print(f"\n{path.stem.removeprefix('bench_')}", flush=True)
        for name, value, unit, goal in importlib.import_module(f"tests.benchmarks.{path.stem}").rows():
            print(f"  {name:<62} {value:>10.4g} {unit:<8} {goal}", flush=True)


main(sys.argv[1:])
