"""The measured test pattern as a picture: responses, edges, and every row against its band."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ..files import whole
from .pattern import Curve, Measured

SIZE = (1200, 1080)
INK, GRID, PAPER = (30, 30, 34), (214, 214, 210), (250, 249, 245)
LINES = ((150, 60, 40), (40, 90, 140))
GOOD, BAD, BAND = (60, 130, 70), (190, 40, 40), (222, 232, 222)
PANELS = (
    ("luma response", "MHz", "dB", ("luma response, MHz and dB",), (0.0, 4.5), (-36.0, 6.0)),
    ("chroma response", "kHz", "dB", ("chroma response, kHz and dB",), (0.0, 1200.0), (-36.0, 6.0)),
    (
        "edges 20-190, 60-180",
        "us",
        "code",
        ("step 20 to 190, us and code", "step 60 to 180, us and code"),
        (-1.0, 2.5),
        (0.0, 230.0),
    ),
    ("chroma step 0-50", "us", "code", ("chroma step, us and code",), (-1.0, 2.5), (-10.0, 65.0)),
    ("luma noise", "MHz", "dB", ("luma noise, MHz and dB",), (0.0, 5.0), (-40.0, 3.0)),
    ("line position", "row", "ns", ("line position, row and ns",), (0.0, 480.0), (-1000.0, 1000.0)),
)


def draw_measured(measured: Measured, path: Path) -> None:
    """Draw what was measured to a picture file, whole or not at all."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(13)
    for n, (title, across, up, names, x_range, y_range) in enumerate(PANELS):
        box = (70 + n % 3 * 385, 40 + n // 3 * 260, 70 + n % 3 * 385 + 310, 40 + n // 3 * 260 + 195)
        curves = [measured.curves[name] for name in names if name in measured.curves]
        _panel(draw, font, box, f"{title}  ({up} over {across})", curves, x_range, y_range)
    _rows(draw, font, measured)
    with whole(path) as temporary:
        image.save(temporary, "PNG")


def _panel(draw, font, box, title: str, curves: list[Curve], x_range, y_range) -> None:
    left, top, right, bottom = box
    draw.text((left, top - 20), title, fill=INK, font=font)
    for k in range(5):
        share = k / 4
        x, y = left + share * (right - left), bottom - share * (bottom - top)
        value_x, value_y = (r[0] + share * (r[1] - r[0]) for r in (x_range, y_range))
        draw.line((x, top, x, bottom), fill=GRID)
        draw.line((left, y, right, y), fill=GRID)
        draw.text((x, bottom + 4), _number(value_x), fill=INK, font=font, anchor="ma")
        draw.text((left - 6, y), _number(value_y), fill=INK, font=font, anchor="rm")
    for curve, colour in zip(curves, LINES, strict=False):
        draw.line(_points(curve, box, x_range, y_range), fill=colour, width=2)


def _points(curve: Curve, box, x_range, y_range) -> list[tuple[float, float]]:
    left, top, right, bottom = box
    x, y = (np.asarray(v, dtype=np.float64) for v in curve)
    seen: NDArray[np.bool_] = (x >= x_range[0]) & (x <= x_range[1])
    across = left + (x[seen] - x_range[0]) / (x_range[1] - x_range[0]) * (right - left)
    up = bottom - (np.clip(y[seen], *y_range) - y_range[0]) / (y_range[1] - y_range[0]) * (bottom - top)
    return list(zip(across.tolist(), up.tolist(), strict=True))


def _number(value: float) -> str:
    return f"{value:.4g}"


def _rows(draw, font, measured: Measured) -> None:
    """Each row as text and as a mark on its band, in two columns."""
    half = -(-len(measured.rows) // 2)
    for n, row in enumerate(measured.rows):
        x, y = 40 + n // half * 580, 575 + n % half * 40
        colour = GOOD if row.ok else BAD
        draw.text((x, y), row.measure, fill=INK, font=font)
        draw.text((x + 310, y), f"{row.value:.4g} {row.unit}", fill=colour, font=font, anchor="ra")
        draw.rectangle((x + 370, y, x + 470, y + 15), fill=BAND)
        draw.text((x + 365, y), _number(row.low), fill=INK, font=font, anchor="ra")
        draw.text((x + 475, y), _number(row.high), fill=INK, font=font)
        at = x + 370 + 100 * min(max((row.value - row.low) / (row.high - row.low), -0.4), 1.4)
        draw.rectangle((at - 2, y - 3, at + 2, y + 18), fill=colour)
