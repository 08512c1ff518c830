"""Districts on a map: a tint and a name for each, and a key to the tints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .cut import Box
from .floorplan import CELL_M
from .sheet import INK, LETTER, PAPER, Item, Rings, ToPage, Words, cell_runs

TINTS = (
    "",
    "#c8553d",
    "#5b8e7d",
    "#2f6fb0",
    "#8e5572",
    "#3d3d3d",
    "#e3b505",
    "#db7f2f",
    "#7a5cc0",
    "#6b4f2a",
    "#fffbe6",
)
"""One for each grammar; the first, usually the most, has none. The last is for corridors."""
OPACITY, FLOOR = 0.3, "#f0e1ac"
"""How much of a tint covers the floor, and the colour of most of it."""
LEAST_M2, NARROWEST_M = 1500.0, 12.0
"""A district smaller or narrower than this on the map is not named."""
SIZE, LARGEST, WIDE_M = 17.0, 2.0, 195.0
"""Size of a name on a map up to so many metres a side; on larger ones it grows with them, at most so many times."""


def washes(grammar: NDArray[np.float32], names: Sequence[str], to_page: ToPage) -> Iterator[Item]:
    """Tint the cells of each grammar."""
    number = _numbers(grammar, names)
    for k in np.unique(number):
        tint, opacity = _wash(k)
        if tint:
            yield Rings([to_page(ring) for ring in cell_runs(number == k)], tint, opacity=opacity)


def names_in_districts(grammar: NDArray[np.float32], names: Sequence[str], to_page: ToPage, box: Box) -> Iterator[Item]:
    """Write the name of a grammar where its district is widest, on a slip of paper."""
    from scipy.ndimage import distance_transform_edt, label

    number = _inside(_numbers(grammar, names), box)
    size = SIZE * min(max(max(box[2] - box[0], box[3] - box[1]) / WIDE_M, 1.0), LARGEST)
    for k in np.unique(number[number >= 0]):
        parts, count = label(number == k)
        deep = distance_transform_edt(np.pad(parts > 0, 1))[1:-1, 1:-1]
        for part in range(1, count + 1):
            here = parts == part
            if here.sum() * CELL_M**2 < LEAST_M2 or 2.0 * deep[here].max() * CELL_M < NARROWEST_M:
                continue
            y, x = np.unravel_index(int(np.argmax(np.where(here, deep, 0.0))), here.shape)
            u, v = to_page(np.array([x + 0.5, y + 0.5]) * CELL_M)
            text = names[k].upper()
            w, low = LETTER * size * len(text) / 2 + 6, 0.47 * size
            slip = np.array([[u - w, v - size], [u + w, v - size], [u + w, v + low], [u - w, v + low]])
            yield Rings([slip], PAPER, INK, 0.8, opacity=0.85)
            yield Words((float(u), float(v)), text, size, anchor="middle")


def key_of_districts(
    grammar: NDArray[np.float32], names: Sequence[str], at: tuple[float, float], width: int, box: Box
) -> Iterator[Item]:
    """Draw a key: a tinted field and a name for each grammar on the map, in one line that fits the page."""
    number = _inside(_numbers(grammar, names), box)
    seen = [int(k) for k in np.unique(number[number >= 0])]
    letters = sum(len(names[k]) + 4 for k in seen)
    size = min(15.0, (width - at[0] - 10) / (LETTER * max(letters, 1)))
    x, y = at
    for k in seen:
        field = np.array([[x, y - size], [x + 1.6 * size, y - size], [x + 1.6 * size, y + 3], [x, y + 3]])
        tint, opacity = _wash(k)
        yield Rings([field], FLOOR, INK, 0.8)
        if tint:
            yield Rings([field], tint, INK, 0.8, opacity=opacity)
        yield Words((x + 2.1 * size, y), names[k], size)
        x += LETTER * size * (len(names[k]) + 4)


def _wash(k: int) -> tuple[str, float]:
    """Tint of a grammar by number, and its opacity."""
    return TINTS[k % len(TINTS)], OPACITY if k < len(TINTS) - 1 else 1.0 - OPACITY


def _numbers(grammar: NDArray[np.float32], names: Sequence[str]) -> NDArray[np.int64]:
    """Which of the names each cell has; the map spreads them evenly over 0..1."""
    return np.round(grammar * (len(names) - 1)).astype(np.int64)


def _inside(number: NDArray[np.int64], box: Box) -> NDArray[np.int64]:
    """Numbers within a box, -1 outside."""
    y, x = (np.arange(n) * CELL_M + CELL_M / 2 for n in number.shape)
    seen = ((y > box[1]) & (y < box[3]))[:, None] & ((x > box[0]) & (x < box[2]))
    return np.where(seen, number, -1)
