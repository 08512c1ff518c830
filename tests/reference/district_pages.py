"""Sheets of districts: ``python -m tests.reference.district_pages WHAT OUT``, WHAT being kinds, maps or mazes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.cli import main
from generator.plan.maze import NAMES as MAZES
from generator.sheet import contact_sheet

ROOT = Path(__file__).parents[2]
LEVEL0, DISTRICTS = "level0", str(ROOT / "examples" / "districts.toml")
KINDS = {
    "offices": 8, "spine": 1, "bays": 1, "hypostyle": 7, "nested": 1, "slots": 3,
    "void": 4, "turned": 1, "rings": 2, "cores": 2,
}  # fmt: skip
"""The seed of each grammar's still."""
INSIDE = {"cores": ("15.5,26.6", "-40")}
"""Where one stands, and looks to, before doors that are painted on."""
MORE = {"a long view": 19, "level0 as it opens": 6}
"""Seeds of level0 as it is."""
SEEDS = range(6)
SIDE_M = 390
MAZE_SEED = 11


def kinds(folder: Path) -> NDArray[np.uint8]:
    """One still of each grammar, and two of the default scene: twelve."""
    at = {name: ["--at", place, "--yaw", yaw] for name, (place, yaw) in INSIDE.items()}
    asked = [(name, seed, ["--set", f"plan.grammar={name}", *at.get(name, [])]) for name, seed in KINDS.items()]
    asked += [(name, seed, []) for name, seed in MORE.items()]
    commands = (["still", LEVEL0, "--seed", str(seed), "--renderer", "embree", *more] for _, seed, more in asked)
    return contact_sheet(_pictures(commands, folder), [name for name, _, _ in asked], 4, 300)


def maps(folder: Path) -> NDArray[np.uint8]:
    """Six maps of 390 m."""
    region = ["--region", f"0,0,{SIDE_M},{SIDE_M}"]
    commands = (["map", DISTRICTS, "--seed", str(seed), *region] for seed in SEEDS)
    return contact_sheet(_pictures(commands, folder), [f"seed {seed}" for seed in SEEDS], 3, 760)


def mazes(folder: Path) -> NDArray[np.uint8]:
    """One map of 390 m by each maze."""
    region = ["--seed", str(MAZE_SEED), "--region", f"0,0,{SIDE_M},{SIDE_M}"]
    commands = (["map", DISTRICTS, "--set", f"plan.maze={name}", *region] for name in MAZES)
    return contact_sheet(_pictures(commands, folder), list(MAZES), 4, 420)


def _pictures(commands: Iterable[list[str]], folder: Path) -> list[NDArray[np.uint8]]:
    """The pictures that commands make."""
    out = folder / "one.png"
    found = []
    for command in commands:
        if main([*command, "-o", str(out)]):
            raise SystemExit(2)
        found.append(np.asarray(Image.open(out).convert("RGB")))
    return found


def run(what: str, out: str) -> None:
    """Make a sheet in 64 shades a channel, so that the file is small; a .webp is smaller still."""
    make: Callable[[Path], NDArray[np.uint8]] = {"kinds": kinds, "maps": maps, "mazes": mazes}[what]
    with tempfile.TemporaryDirectory() as folder:
        sheet = Image.fromarray(make(Path(folder)))
    sheet.point(lambda code: code & 0xFC | code >> 6).save(out, optimize=True, quality=75)


if __name__ == "__main__":
    run(*sys.argv[1:])
