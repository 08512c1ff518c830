"""Nothing is cut off: where a block's floor lies in several parts, or a border of blocks is shut, doors are opened.

A block is mended by itself and a border by itself, so no opening depends on the window. With both, every walkable
place reaches every other: see ``window``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

from .....plan.lattice import WALL, WINDOW
from .....plan.maze import find, unite
from .....plan.random_kernels import stream
from ..block import Block, sides
from ..openings import open_up, opening_kind
from ..tiling import border
from .districts import keys

_DOOR = 35


def join_block(
    world: np.uint64, rules: np.void, view: Block, corner: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    """Open walls inside a block (x0, y0, x1, y1) until its cells are one floor; corner: the view's first cell."""
    x0, y0, x1, y1 = box
    inside = view.what[:, y0 - corner[1] : y1 - corner[1], x0 - corner[0] : x1 - corner[0]]
    parts, count = _parts(inside)
    if count == 1:
        return
    axis, y, x = np.nonzero(inside == WALL)
    within = (x + 1 - axis < x1 - x0) & (y + axis < y1 - y0)
    axis, y, x = axis[within], y[within], x[within]
    here, there = parts[y, x], parts[y + axis, x + 1 - axis]
    apart = here != there
    axis, y, x, here, there = (values[apart] for values in (axis, y, x, here, there))
    words = keys(world, _DOOR, x0 + x, y0 + y, axis)
    joined, left = np.arange(count + 1), count
    for k in np.argsort(words, kind="stable"):
        if find(joined, here[k]) != find(joined, there[k]):
            unite(joined, here[k], there[k])
            _open(rules, view, int(axis[k]), int(y0 + y[k] - corner[1]), int(x0 + x[k] - corner[0]), words[k])
            left -= 1
            if left == 1:
                return


def join_border(
    world: np.uint64, rules: np.void, view: Block, corner: tuple[int, int], number: tuple[int, int]
) -> None:
    """Open the two stretches of a border that the same two blocks share, where one is shut."""
    i, j = number
    axis = (i + j) % 2
    line = border(world, i, j)
    a, t1, t2, b = (border(world, *vertex) for vertex in _about(i, j))
    for low, high in ((a, min(t1, t2)), (max(t1, t2), b)):
        at = np.arange(low, high) - corner[1 - axis]
        before = line - 1 - corner[axis]
        size = view.what.shape[1:]
        if not 0 <= before < size[1 - axis] or at[0] < 0 or at[-1] >= size[axis]:
            continue
        y, x = (at, np.full_like(at, before)) if axis == 0 else (np.full_like(at, before), at)
        kinds = view.what[axis, y, x]
        if ((kinds == WALL) | (kinds == WINDOW)).all():
            shut = np.flatnonzero(kinds == WALL)
            words = keys(world, _DOOR, x[shut] + corner[0], y[shut] + corner[1], axis)
            k = shut[np.argmin(words)]
            _open(rules, view, axis, int(y[k]), int(x[k]), words.min())


def borders_of(i: int, j: int) -> tuple[tuple[int, int], ...]:
    """The vertices of a block's four borders."""
    return tuple((int(a), int(b)) for a, b in sides(i, j))


def _about(i: int, j: int) -> tuple[tuple[int, int], ...]:
    """The vertices whose borders end a border, and between them those that run into it from both sides."""
    if (i + j) % 2 == 0:
        return (i, j - 1), (i - 1, j), (i + 1, j), (i, j + 1)
    return (i - 1, j), (i, j - 1), (i, j + 1), (i + 1, j)


def _parts(inside: NDArray[np.uint8]) -> tuple[NDArray[np.int64], int]:
    """Number (h, w) of the part of the floor that each cell of a block belongs to, from 1, and how many there are."""
    _, h, w = inside.shape
    free = (inside != WALL) & (inside != WINDOW)
    fine = np.zeros((2 * h - 1, 2 * w - 1), bool)
    fine[::2, ::2] = True
    fine[::2, 1::2] = free[0, :, :-1]
    fine[1::2, ::2] = free[1, :-1]
    parts, count = label(fine)
    return parts[::2, ::2], count


def _open(rules: np.void, view: Block, axis: int, y: int, x: int, word: np.uint64) -> None:
    """Put an opening one cell wide in a wall."""
    state = stream(np.uint64(word))
    kind = opening_kind(state, rules, 1)
    line, a = (x, y) if axis == 0 else (y, x)
    open_up(state, view.what, view.jamb, axis, line, a, a + 1, kind, False, False)
