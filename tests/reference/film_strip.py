"""Stills of a film in two rows: ``python -m tests.reference.film_strip SCENE SECONDS OUT.png`` makes both.

Options of ``noclip film`` may stand before OUT.png.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image

from generator.cli import main

STILLS, ACROSS = 8, 4
SIZE, GAP = (208, 156), 4


def strip(film: Path, out: Path) -> None:
    """Eight pictures of a film, evenly spread, in two rows, in 32 shades a channel so that the file is small."""
    import av

    with av.open(str(film)) as file:
        video = file.streams.video[0]
        wanted = {round((k + 0.5) * video.frames / STILLS) for k in range(STILLS)}
        stills = [frame.to_image() for n, frame in enumerate(file.decode(video)) if n in wanted]
    rows = STILLS // ACROSS
    sheet = Image.new("RGB", (ACROSS * (SIZE[0] + GAP) - GAP, rows * (SIZE[1] + GAP) - GAP), "white")
    for k, still in enumerate(stills):
        place = k % ACROSS * (SIZE[0] + GAP), k // ACROSS * (SIZE[1] + GAP)
        sheet.paste(still.resize(SIZE, Image.Resampling.LANCZOS), place)
    sheet.point(lambda code: code & 0xF8 | code >> 5).save(out, optimize=True)


def run(scene: str, seconds: str, *more: str) -> None:
    """Make the film with Embree, which every machine has, and its strip."""
    options, out = more[:-1], more[-1]
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        if main(["film", scene, "--seconds", seconds, "--renderer", "embree", *options, "-o", str(film)]):
            raise SystemExit(2)
        strip(film, Path(out))


if __name__ == "__main__":
    run(*sys.argv[1:])
