"""Our light beside a path tracer's: ``python -m tests.reference.light_pictures OUT.png``.

The three furnished views and the exported file of ``test_light_reference``, one a row: ours, path traced by Mitsuba,
and ten times what they differ by, about grey. All materials are their mean albedo. Needs the extra ``reference``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.export.textures import srgb_codes
from generator.files import whole
from generator.sheet import contact_sheet

from .mitsuba_scene import start_mitsuba
from .mitsuba_views import VIEWS, agreement, exported, ours, room, theirs

SPP, SCALE, SHOWN_PX = 1024, 2, 320
TIMES = 10.0
COLOURS = 192
WHITE = 97.0
"""Percentile of the radiance, lenses left out, that is shown as white; lenses are clipped."""


def light_pictures(out: Path) -> None:
    """Bake, trace, lay side by side; print how well each pair agrees."""
    mi, pictures, labels = start_mitsuba(), [], []
    for name, seed in VIEWS:
        seen = room(name, seed)
        mine, left_out = ours(seen)
        pictures += _row(f"{name}, seed {seed}", mine, theirs(mi, seen, SPP), left_out)
        labels += [f"{name}, seed {seed}: noclip", f"Mitsuba, {SPP} samples a pixel", "difference, times ten"]
    with tempfile.TemporaryDirectory() as folder:
        pictures += _row("exported file", *exported(mi, Path(folder), SPP))
    labels += ["exported file: noclip", f"Mitsuba, {SPP} samples a pixel", "difference, times ten"]
    sheet = Image.fromarray(contact_sheet(pictures, labels, 3, SHOWN_PX))
    with whole(out) as part:
        sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(part, "PNG", optimize=True)


def _row(
    name: str, mine: NDArray[np.float64], parts: NDArray[np.float64], left_out: NDArray[np.bool_]
) -> list[NDArray[np.uint8]]:
    """Three pictures (H, W, 3) of one view."""
    print(f"{name}: {agreement(mine, parts, left_out)}", flush=True)
    true = parts.mean(axis=0)
    factor = 1.0 / np.percentile(true[~left_out], WHITE)
    apart = 0.5 + TIMES * factor * np.where(left_out[..., None], 0.0, mine - true)
    shown = [*(srgb_codes(np.clip(p * factor, 0.0, 1.0)) for p in (mine, true)), _codes(apart)]
    return [picture.repeat(SCALE, axis=0).repeat(SCALE, axis=1) for picture in shown]


def _codes(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return (np.clip(values, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


if __name__ == "__main__":
    light_pictures(Path(sys.argv[1]))
