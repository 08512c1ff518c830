"""Nothing is cut off: where a block's floor lies in several parts, or a border of blocks is shut, doors are opened.

A block is mended by itself and a border by itself, so no opening depends on the window. With both, every walkable
place reaches every other: see ``window``.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from .....plan.lattice import WALL, WINDOW
from .....plan.random_kernels import stream
from ..block import Block
from ..openings import open_up, opening_kind
from ..tiling import border
from .districts import keys

_DOOR = 35


def join_blocks(
    world: np.uint64, rules: np.void, view: Block, corner: tuple[int, int], boxes: Iterable[tuple[int, int, int, int]]
) -> None:
    """Open walls inside blocks (x0, y0, x1, y1) until each one's cells are one floor; corner: the view's first cell.

    A minimum spanning tree of the parts of a block's floor; a wall's length in it is its hash.
    """
    number = np.zeros(view.room.shape, np.int64)
    for k, (x0, y0, x1, y1) in enumerate(boxes, 1):
        number[y0 - corner[1] : y1 - corner[1], x0 - corner[0] : x1 - corner[0]] = k
    inside = np.zeros(view.what.shape, bool)
    inside[0, :, :-1] = (number[:, :-1] == number[:, 1:]) & (number[:, 1:] > 0)
    inside[1, :-1] = (number[:-1] == number[1:]) & (number[1:] > 0)
    parts, count = _parts(inside & (view.what != WALL) & (view.what != WINDOW))
    axis, y, x = np.nonzero(inside & (view.what == WALL))
    here, there = parts[y, x], parts[y + axis, x + 1 - axis]
    apart = np.flatnonzero(here != there)
    words = keys(world, _DOOR, corner[0] + x[apart], corner[1] + y[apart], axis[apart])
    order = apart[np.argsort(words, kind="stable")]
    pair = np.minimum(here, there)[order] * (count + 1) + np.maximum(here, there)[order]
    first = np.sort(np.unique(pair, return_index=True)[1])
    order, words = order[first], np.sort(words)[first]
    graph = coo_array((np.arange(1.0, len(order) + 1), (here[order], there[order])), shape=(count + 1, count + 1))
    for n in minimum_spanning_tree(graph.tocsr()).data.astype(np.int64) - 1:
        k = order[n]
        _open(rules, view, int(axis[k]), int(y[k]), int(x[k]), words[n])


def join_border(
    world: np.uint64, rules: np.void, view: Block, corner: tuple[int, int], number: tuple[int, int]
) -> None:
    """Open the two stretches of a border that the same two blocks share, where one is shut."""
    i, j = number
    axis = (i + j) % 2
    line = border(world, i, j)
    a, t1, t2, b = (border(world, *vertex) for vertex in _about(i, j))
    before = int(line) - 1 - corner[axis]
    for low, high in ((a, min(t1, t2)), (max(t1, t2), b)):
        first, end = int(low) - corner[1 - axis], int(high) - corner[1 - axis]
        if before < 0 or before >= view.what.shape[2 - axis] or first < 0 or end > view.what.shape[1 + axis]:
            continue
        kinds = view.what[axis, first:end, before] if axis == 0 else view.what[axis, before, first:end]
        shut = kinds == WALL
        if (shut | (kinds == WINDOW)).all():
            at = first + np.flatnonzero(shut)
            y, x = (at, np.full_like(at, before)) if axis == 0 else (np.full_like(at, before), at)
            words = keys(world, _DOOR, x + corner[0], y + corner[1], axis)
            k = int(np.argmin(words))
            _open(rules, view, axis, int(y[k]), int(x[k]), words[k])


def _about(i: int, j: int) -> tuple[tuple[int, int], ...]:
    """The vertices whose borders end a border, and between them those that run into it from both sides."""
    if (i + j) % 2 == 0:
        return (i, j - 1), (i - 1, j), (i + 1, j), (i, j + 1)
    return (i - 1, j), (i, j - 1), (i, j + 1), (i + 1, j)


def _parts(passable: NDArray[np.bool_]) -> tuple[NDArray[np.int64], int]:
    """Number (h, w) of the part of the floor that each cell belongs to, from 1, and how many there are."""
    _, h, w = passable.shape
    cell = np.arange(h * w, dtype=np.int32).reshape(h, w)
    east, north = cell[passable[0]], cell[passable[1]]
    ends = np.concatenate([east, north]), np.concatenate([east + 1, north + w])
    graph = coo_array((np.ones(len(ends[0]), bool), ends), shape=(h * w, h * w)).tocsr()
    count, parts = connected_components(graph, directed=False)
    return parts.reshape(h, w).astype(np.int64) + 1, count


def _open(rules: np.void, view: Block, axis: int, y: int, x: int, word: np.uint64) -> None:
    """Put an opening one cell wide in a wall."""
    state = stream(np.uint64(word))
    kind = opening_kind(state, rules, 1)
    line, a = (x, y) if axis == 0 else (y, x)
    open_up(state, view.what, view.jamb, axis, line, a, a + 1, kind, False, False)
