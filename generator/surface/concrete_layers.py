"""What time did to bare concrete, per texel of every chart of it (compiled)."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY
from .concrete_kernels import cast, slab, soffit
from .patina_layers import CAST, NOISES, SLAB, SOFFIT, from_walls, guard, noises, places, planes_at, put, worn_by
from .value_noise import CHUNK_M, smooth_row


@njit(**ENTRY)
def weather_concrete(
    size, place, corner, along_u, along_v, layer, key, cross, district, maps, planes, feet, origin, look, out
):
    """Fill ``out`` (H, W, 4) uint8 with the factors of every chart of concrete, guards included; as ``weather``."""
    line, noise = np.empty((4, out.shape[1])), np.empty((NOISES.shape[1] + 1, out.shape[1]))
    rules = look[0], look[1], look[2], look[3]
    for c in range(len(size)):
        wide, high = size[c]
        kind, seed = layer[c], key[c]
        if wide == 0 or kind not in (SLAB, CAST, SOFFIT):
            continue
        chunk_p, chunk_q = origin
        if kind == CAST:
            chunk_p, chunk_q = origin[cross[c]], 0
        per_column, per_row = 1.0 / (wide - 1), 1.0 / (high - 1)
        pitch = np.sqrt((along_u[c] ** 2).sum()) * per_column
        x, y, p, q = line[0, :wide], line[1, :wide], line[2, :wide], line[3, :wide]
        for row in range(high):
            places(corner[c], along_u[c], along_v[c], per_column, row * per_row, kind, cross[c], x, y, p, q)
            smooth_row(x, y, origin[0], origin[1], np.int64(2), district, noise[-1, :wide])
            noises(p, q, chunk_p, chunk_q, kind, seed, CHUNK_M / pitch, noise)
            for k in range(wide):
                decay, damp, worn = worn_by(maps, rules, x[k], y[k])
                wet = 0.0
                if kind == SLAB:
                    bed = noise[0, k], noise[1, k], noise[2, k], noise[3, k], noise[4, k], noise[5, k], noise[6, k]
                    way = worn, from_walls(feet[0], feet[1], maps.shape, x[k], y[k])
                    r, g, b, wet = slab(p[k], q[k], chunk_p, chunk_q, seed, decay, damp, way, pitch, bed)
                elif kind == CAST:
                    own = noise[0, k], noise[1, k], noise[2, k], noise[3, k]
                    low, top = planes_at(planes, x[k], y[k])
                    r, g, b, wet = cast(p[k], q[k] - low, chunk_p, top - low, seed, decay, damp, pitch, own)
                else:
                    r, g, b = soffit(p[k], q[k], chunk_p, chunk_q, seed, decay, damp, rules, pitch, noise[0, k])
                put(out, place[c, 1] + row, place[c, 0] + k, r, g, b, noise[-1, k], 0.0, wet)
        guard(out, place[c, 1], place[c, 0], wide, high)
