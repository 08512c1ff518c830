"""Put footage of one's own on a VHS tape: pictures that a program makes, and files of any kind.

python examples/own_footage.py taped              # a ball that the program draws
python examples/own_footage.py taped clip.mp4     # and a file, its sound too
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.scene import load_scene
from generator.tape import Treatment, record, tape_file

SIZE = (640, 480)
FRAMES = 8


def ball(frame: int) -> NDArray[np.float32]:
    """R'G'B' video (H, W, 3) in 0..1: a red ball over bars, a little further right in every frame."""
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    video = np.stack([0.2 + 0.6 * ((x // 80 + c) % 3 == 0) for c in range(3)], axis=2).astype(np.float32)
    video[np.hypot(x - 160 - 24 * frame, y - 240) < 60] = (0.8, 0.1, 0.1)
    return video


def main(folder: Path, *files: str) -> None:
    """Write the taped frames as PNG files, and every given file's taped copy, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    tape = load_scene("level0", ["tape.profile=worn"]).tape
    for frame in range(FRAMES):
        Image.fromarray(record(ball(frame), tape, seed=1, frame_index=frame)).save(folder / f"ball-{frame}.png")
    for file in map(Path, files):
        tape_file(file, folder / file.name, Treatment(tape))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
