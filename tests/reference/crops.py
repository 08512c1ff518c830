"""Two pictures' crops side by side at twice their size: ``python -m tests.reference.crops CLEAN TAPED OUT.png``."""

from __future__ import annotations

import sys

from PIL import Image

BOXES = ((330, 90, 590, 250), (30, 330, 290, 480))
"""left, top, right, bottom: lens edges and paper; date and time and the switched bottom lines."""
SCALE = 2
GAP_PX = 8


def crops(clean: str, taped: str, out: str) -> None:
    """Lay each box of both pictures out, the clean one on the left."""
    pictures = [Image.open(path).convert("RGB") for path in (clean, taped)]
    wide = SCALE * max(b[2] - b[0] for b in BOXES)
    heights = [SCALE * (b[3] - b[1]) for b in BOXES]
    sheet = Image.new("RGB", (2 * wide + GAP_PX, sum(heights) + GAP_PX * (len(BOXES) - 1)))
    top = 0
    for box, height in zip(BOXES, heights, strict=True):
        for column, picture in enumerate(pictures):
            part = picture.crop(box).resize((wide, height), Image.Resampling.NEAREST)
            sheet.paste(part, (column * (wide + GAP_PX), top))
        top += height + GAP_PX
    sheet.save(out)


crops(*sys.argv[1:4])
