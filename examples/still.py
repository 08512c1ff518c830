"""Take a still of Level 0 through the library, and look at the light behind it.

python examples/still.py still.png
python examples/still.py still.png seed=8 tape.profile=worn
"""

from __future__ import annotations

import sys
from pathlib import Path

from generator.progress import Progress
from generator.scene import load_scene
from generator.still import StillRequest, make_still, save_png


def main(path: Path, *settings: str) -> None:
    """Write the picture to a .png; each setting is SECTION.KEY=VALUE, as after --set."""
    scene = load_scene("level0", ["seed=3", *settings])
    still = make_still(StillRequest(scene), Progress(sys.stderr))
    save_png(still, path)
    brightest = 683 * still.radiance[..., 1].max()
    print(f"{path}: the brightest spot sends {brightest:.0f} cd/m² of green light into the lens")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
