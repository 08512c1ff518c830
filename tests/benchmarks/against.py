"""This revision and another in turns: a machine whose speed drifts slows both alike."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.benchmarks.rows import Row, read

ROOT = Path(__file__).parents[2]


class Compared(NamedTuple):
    """One figure of both revisions: all runs, in their order, and the median of the ratios of pairs, new over old."""

    name: str
    unit: str
    new: list[float]
    old: list[float]
    ratio: float


def alternate(revision: str, names: list[str], runs: int) -> dict[str, list[Compared]]:
    """Run each benchmark of both revisions ``runs`` times in turns, after one run each that is not counted.

    Raises SystemExit when the revision cannot be checked out or a benchmark fails.
    """
    with _checked_out(revision) as other:
        return {name: compared(*_in_turns(other, name, runs)) for name in names}


def print_compared(found: dict[str, list[Compared]]) -> None:
    """Print the medians of both, the spread of each (half the range over the median) and their ratio."""
    for name, rows in found.items():
        print(f"\n{name:<64} {'new':>10} {'±':>5} {'old':>10} {'±':>5} {'':<8} {'new/old':>7}")
        for row in rows:
            new, old = median(row.new), median(row.old)
            print(
                f"  {row.name:<62} {new:>10.4g} {_spread(row.new):>4.0%} {old:>10.4g} {_spread(row.old):>5.0%}"
                f" {row.unit:<8} {row.ratio:>7.3f}"
            )


def _in_turns(other: Path, name: str, runs: int) -> tuple[list[list[Row]], list[list[Row]]]:
    new, old = [], []
    for k in range(runs + 1):
        print(f"{name}: {'warming' if k == 0 else f'run {k} of {runs}'}", file=sys.stderr, flush=True)
        new.append(_rows(ROOT, name))
        old.append(_rows(other, name))
    return new[1:], old[1:]


def _rows(root: Path, name: str) -> list[Row]:
    python = root / ".venv" / "bin" / "python"
    done = subprocess.run([python, "-m", "tests.benchmarks", name], cwd=root, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"benchmark {name} failed in {root}: {done.stderr.strip().splitlines()[-1:]}")
    return read(done.stdout)


def compared(new: list[list[Row]], old: list[list[Row]]) -> list[Compared]:
    """Figures that both revisions print, by name."""
    values: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    units = {}
    for side, several in enumerate((new, old)):
        for rows in several:
            for row in rows:
                values[row.name][side].append(row.value)
                units[row.name] = row.unit
    both = {name: pair for name, pair in values.items() if pair[0] and pair[1]}
    return [Compared(name, units[name], a, b, median(_ratios(a, b))) for name, (a, b) in both.items()]


def _ratios(new: list[float], old: list[float]) -> list[float]:
    return [a / b if b else float("nan") for a, b in zip(new, old, strict=False)]


def _spread(values: list[float]) -> float:
    middle = median(values)
    return (max(values) - min(values)) / 2 / abs(middle) if middle else 0.0


@contextmanager
def _checked_out(revision: str) -> Iterator[Path]:
    """A worktree of the revision, ready to run, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "old"
        _must("git", "-C", str(ROOT), "worktree", "add", "--detach", str(tree), revision)
        try:
            _must("make", "-C", str(tree), ".venv/.ready")
            yield tree
        finally:
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", tree], capture_output=True)


def _must(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:2])}: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
