"""A contact sheet: many stills small, each labelled with its seed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

PAPER = (18, 17, 15)
INK = (214, 205, 180)
MARGIN_PX, LABEL_PX = 10, 22


def contact_sheet(frames: list[NDArray[np.uint8]], labels: list[str], columns: int, width_px: int) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: ``frames`` (h, w, 3) of one size in rows of ``columns``.

    Each is ``width_px`` wide on the sheet, its label below it.
    """
    height, width = frames[0].shape[:2]
    cell = width_px, round(width_px * height / width)
    rows = math.ceil(len(frames) / columns)
    size = MARGIN_PX + columns * (cell[0] + MARGIN_PX), MARGIN_PX + rows * (cell[1] + LABEL_PX + MARGIN_PX)
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(14)
    for k, (frame, label) in enumerate(zip(frames, labels, strict=True)):
        x = MARGIN_PX + k % columns * (cell[0] + MARGIN_PX)
        y = MARGIN_PX + k // columns * (cell[1] + LABEL_PX + MARGIN_PX)
        sheet.paste(Image.fromarray(frame).resize(cell, Image.Resampling.LANCZOS), (x, y))
        draw.text((x, y + cell[1] + 3), label, fill=INK, font=font)
    return np.asarray(sheet)
