"""Direct light past free forms: every way to a lattice of points on each lens is asked of Embree."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..kernel_options import ENTRY
from .area_light import lens_light, open_lens
from .direct import lattice, lens_point, sift
from .samples import Samples
from .visibility.free_forms import FreeForms
from .visibility.shafts import FULL, HIDDEN, crosses, crosses_triangle
from .visibility.visible_lamps import MOST, VisibleLamps

POINTS = 89
"""Most points on a lens: ``direct.lattice``."""
WAYS = 2_000_000
"""Ways that are asked for at once."""


def light_past(
    free: FreeForms,
    samples: Samples,
    normal: NDArray[np.float64],
    todo: NDArray[np.bool_],
    occluders: tuple,
    lamps: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    visible: VisibleLamps,
    out: NDArray[np.float32],
) -> NDArray[np.bool_]:
    """Add to ``out`` (N, B), as ``direct_light`` writes it, the light of pairs between which free forms may stand.

    Returns which pairs (S,) bring light to any of the samples ``todo`` (N,).
    """
    lit = np.zeros(len(visible.lamp), np.bool_)
    chart = samples.chart
    first, last = visible.start[chart], visible.start[chart + 1]
    asked = np.add.reduceat(todo.astype(np.int64), samples.start[:-1]) if len(chart) else np.zeros(0, np.int64)
    bound = np.concatenate([[0], np.cumsum((last - first) * asked * POINTS)])
    rows = samples.start, samples.size, samples.position, normal, todo
    pairs = first, last, visible.lamp, visible.spans, visible.span, visible.triangles, visible.triangle
    k0 = 0
    while k0 < len(chart):
        k1 = max(int(np.searchsorted(bound, bound[k0] + WAYS, side="right")) - 1, k0 + 1)
        room = int(bound[k1] - bound[k0])
        start, way = np.empty((room, 3), np.float32), np.empty((room, 3), np.float32)
        share, sample, pair = np.empty(room), np.empty(room, np.int64), np.empty(room, np.int64)
        count = _ways(k0, k1, rows, lamps[0], lamps[1], pairs, occluders, start, way, share, sample, pair)
        if count:
            seen = np.flatnonzero(~free.hide(start[:count], way[:count]))
            light = share[seen, None] * lamps[2][visible.lamp[pair[seen]]]
            np.add.at(out, sample[seen], light.astype(np.float32))
            lit[pair[seen]] = True
        k0 = k1
    return lit


@njit(**ENTRY)
def _ways(k0, k1, rows, lens, corner, pairs, occluders, start, way, share, sample, pair):
    """Ways from samples of charts k0 to k1 to points on their lamps that no wall hides, and what each brings."""
    first, size, position, normal, todo = rows
    low, high, listed, spans, span, tris, tri = pairs
    _, ends, z, _, triangles, _ = occluders
    near, active = np.empty(MOST, np.int32), np.empty(MOST, np.int32)
    n = 0
    for k in range(k0, k1):
        for j in range(low[k], high[k]):
            m, count = listed[j], spans[j, 1] - spans[j, 0]
            for s in range(count):
                near[s] = span[spans[j, 0] + s]
            part, part_corner = lens[m].copy(), corner[m].copy()
            for s in range(first[k], first[k] + size[k, 0] * size[k, 1]):
                if not todo[s]:
                    continue
                px, py, pz = position[s, 0], position[s, 1], position[s, 2]
                nx, ny, nz = normal[s, 0], normal[s, 1], normal[s, 2]
                if lens[m, 14] > 0.0 and not open_lens(px, py, pz, lens[m], corner[m], part, part_corner):
                    continue
                state, some = FULL, 0
                if count:
                    state, some = sift(px, py, pz, part_corner, ends, z, near, count, active)
                    if state == HIDDEN:
                        continue
                light = lens_light(px, py, pz, nx, ny, nz, part, part_corner)
                if light <= 0.0:
                    continue
                points, step = lattice(light)
                begin, whole = n, 0.0
                for i in range(points):
                    dx, dy, dz, w = lens_point(px, py, pz, nx, ny, nz, part, i, points, step)
                    whole += w
                    free = w > 0.0
                    for q in range(some):
                        free = free and not crosses(px, py, pz, dx, dy, dz, ends, z, active[q])
                    for q in range(tris[j, 0], tris[j, 1]):
                        free = free and not crosses_triangle(px, py, pz, dx, dy, dz, triangles, tri[q])
                    if free:
                        start[n, 0], start[n, 1], start[n, 2] = px, py, pz
                        way[n, 0], way[n, 1], way[n, 2] = dx, dy, dz
                        share[n], sample[n], pair[n] = w * light, s, j
                        n += 1
                for q in range(begin, n):
                    share[q] /= whole
    return n
