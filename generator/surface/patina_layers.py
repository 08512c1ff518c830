"""What time did to walls, carpet and ceiling, per texel of every chart (compiled); of concrete: ``concrete_layers``."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from .lay import coded
from .palette import Wear
from .patina_kernels import ceiling, floor, paint, wall
from .value_noise import CHUNK_M, branch, kept, mixed, smooth_row, unit

WALL, FLOOR, CEILING = int(Wear.WALL), int(Wear.FLOOR), int(Wear.CEILING)
SLAB, CAST, SOFFIT = int(Wear.SLAB), int(Wear.CAST), int(Wear.SOFFIT)
OTHER, RISER = int(Wear.PAINT), len(Wear)
"""Layers: how a chart ages; a riser as the floor that it goes up to."""
NOISES = np.array(
    [
        [[64, 0, 0], [700, 1, 1], [29, 2, 0], [170, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[16, 0, 0], [61, 1, 0], [256, 2, 1], [24, 7, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[16, 0, 0], [61, 1, 0], [256, 2, 1], [5, 3, 0], [17, 4, 0], [46, 5, 0], [600, 6, 1]],
        [[16, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[16, 0, 0], [61, 1, 0], [256, 2, 1], [5, 3, 0], [17, 4, 0], [46, 5, 0], [600, 6, 1]],
        [[16, 0, 0], [61, 1, 0], [256, 2, 1], [24, 7, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[16, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]],
        [[16, 0, 0], [61, 1, 0], [256, 2, 1], [5, 3, 0], [17, 4, 0], [46, 5, 0], [600, 6, 1]],
    ]
)
"""Noises that each layer takes everywhere: points per chunk, branch of the key, whether fine ones fade (``kept``)."""
ARM_M = 0.3
"""How far from what they feel for hands leave their marks."""
FAR_M = 0.6
"""Further from all walls a floor does not know of them."""
USED = 0.4
"""What the cleanest district has of decay, twice: people were here once."""


@njit(**ENTRY)
def weather(
    size, place, corner, along_u, along_v, facing_up, layer, key, cross, roll, district, maps, planes, feet, touched,
    origin, look, out,
):  # fmt: skip
    """Fill ``out`` (H, W, 4) uint8 with the factors of every chart but those of concrete, guards included.

    size, place (C, 2); corner, along_u, along_v (C, 3) metres from the corner of chunk ``origin`` (2,);
    facing_up (C,): upward share of the normal; layer (C,); key (C,) uint64 of the wall's side or of the layer;
    cross (C,) 0 where a wall runs along x, 1 along y; roll (C, 3): u = roll[0] * s + roll[1] along the wall, width
    roll[2] or 0; district: key; maps (NY, NX, 3) decay, damp and traffic; planes (NY, NX, 2) heights of floor and
    ceiling; feet: of the walls about each cell, as ``wall_feet`` gives them; touched: places of what hands feel for,
    likewise; look (4,): decay, damp, anomalies and the length of a ceiling tile in modules.
    """
    line, noise = np.empty((4, out.shape[1])), np.empty((NOISES.shape[1] + 1, out.shape[1]))
    rules = look[0], look[1], look[2], look[3]
    for c in range(len(size)):
        wide, high = size[c]
        kind, seed, paper = layer[c], key[c], (roll[c, 0], roll[c, 1], roll[c, 2])
        if wide == 0 or kind in (SLAB, CAST, SOFFIT):
            continue
        chunk_p, chunk_q = origin
        if kind == WALL:
            chunk_p, chunk_q = origin[cross[c]], 0
        per_column, per_row = 1.0 / (wide - 1), 1.0 / (high - 1)
        pitch = np.sqrt((along_u[c] ** 2).sum()) * per_column
        x, y, p, q = line[0, :wide], line[1, :wide], line[2, :wide], line[3, :wide]
        for row in range(high):
            places(corner[c], along_u[c], along_v[c], per_column, row * per_row, kind, cross[c], x, y, p, q)
            smooth_row(x, y, origin[0], origin[1], np.int64(2), district, noise[-1, :wide])
            noises(p, q, chunk_p, chunk_q, kind, seed, CHUNK_M / pitch, noise)
            j, i = place[c, 1] + row, place[c, 0]
            for k in range(wide):
                decay, damp, worn = worn_by(maps, rules, x[k], y[k])
                wet, laid = 0.0, 0.0
                if kind == WALL:
                    own = noise[0, k], noise[1, k], noise[2, k], noise[3, k]
                    low, top = planes_at(planes, x[k], y[k])
                    up = q[k] - low
                    r, g, b, wet = wall(p[k], up, chunk_p, top - low, seed, paper, decay, damp, rules, pitch, own)
                    grime = _fingers(touched[0], touched[1], maps.shape, x[k], y[k], q[k], cross[c], seed, pitch)
                    grime *= (0.45 + 0.9 * decay) * (1.0 + 0.8 * noise[2, k])
                    r, g, b = r * (1.0 - 0.75 * grime), g * (1.0 - 0.84 * grime), b * (1.0 - grime)
                elif kind in (FLOOR, RISER):
                    pile = noise[0, k], noise[1, k], noise[2, k], noise[3, k], noise[4, k], noise[5, k], noise[6, k]
                    foot = from_walls(feet[0], feet[1], maps.shape, x[k], y[k]) if kind == FLOOR else FAR_M
                    way = worn, foot
                    r, g, b, wet, laid = floor(p[k], q[k], chunk_p, chunk_q, seed, decay, damp, way, pitch, pile)
                elif kind == CEILING:
                    r, g, b = ceiling(p[k], q[k], chunk_p, chunk_q, seed, decay, damp, rules, pitch, noise[0, k])
                else:
                    own = noise[0, k], noise[1, k], noise[2, k], noise[3, k]
                    low, _ = planes_at(planes, x[k], y[k])
                    z = corner[c, 2] + k * per_column * along_u[c, 2] + row * per_row * along_v[c, 2]
                    r, g, b = paint(z - low, facing_up[c], decay, damp, pitch, own)
                put(out, j, i + k, r, g, b, noise[-1, k], laid, wet)
        guard(out, place[c, 1], place[c, 0], wide, high)


@njit(**INNER)
def worn_by(maps, rules, x, y):
    """Decay and damp, each 0 to 1, and traffic at a place."""
    decay, damp, worn = _sampled(maps, x, y)
    return min(rules[0] * (2.0 * decay + USED), 1.0), min(2.0 * rules[1] * damp, 1.0), worn


@njit(**INNER)
def put(out, j, i, r, g, b, tone, laid, wet):
    """Write one texel: factors, the district's tone, and how a pile is laid or how wet it is."""
    out[j, i, 0] = _byte(200.0 * r * (1.0 + 0.050 * tone))
    out[j, i, 1] = _byte(200.0 * g * (1.0 + 0.055 * tone))
    out[j, i, 2] = _byte(200.0 * b * (1.0 + 0.130 * tone))
    out[j, i, 3] = _byte(coded(laid, wet))


@njit(**INNER)
def guard(out, j, i, wide, high):
    """Copy the edges of a chart at row j and column i into its guards."""
    for row in range(j, j + high):
        for b in range(4):
            out[row, i - 1, b], out[row, i + wide, b] = out[row, i, b], out[row, i + wide - 1, b]
    for k in range(i - 1, i + wide + 1):
        for b in range(4):
            out[j - 1, k, b], out[j + high, k, b] = out[j, k, b], out[j + high - 1, k, b]


@njit(**INNER)
def places(corner, along_u, along_v, per_column, b, kind, cross, x, y, p, q):
    """Where a row of texels lies, ``b`` of the way up its chart: x, y in the world; p, q in the plane that it ages in,
    along a wall and up, or across a floor or ceiling."""
    for k in range(len(x)):
        a = k * per_column
        x[k] = corner[0] + a * along_u[0] + b * along_v[0]
        y[k] = corner[1] + a * along_u[1] + b * along_v[1]
        z = corner[2] + a * along_u[2] + b * along_v[2]
        if kind in (WALL, CAST):
            p[k], q[k] = y[k] if cross == 1 else x[k], z
        elif kind in (OTHER, RISER):
            p[k], q[k] = x[k] + z, y[k] + z
        else:
            p[k], q[k] = x[k], y[k]


@njit(**INNER)
def noises(p, q, chunk_p, chunk_q, kind, key, fine, out):
    """Begin each row of ``out`` with one of a layer's noises at places (N,), 0 where it is too fine for ``fine`` texels
    per chunk."""
    for k in range(NOISES.shape[1]):
        n, nth, fades = NOISES[kind, k]
        if fades and kept(n, fine) == 0.0:
            out[k, : len(p)] = 0.0
        elif n:
            smooth_row(p, q, chunk_p, chunk_q, n, branch(key, nth), out[k, : len(p)])


@njit(**INNER)
def _sampled(maps, x, y):
    """Three maps given at the centres of cells of 1.2192 m, between them."""
    fx = min(max(x * (32.0 / CHUNK_M) - 0.5, 0.0), maps.shape[1] - 1.0)
    fy = min(max(y * (32.0 / CHUNK_M) - 0.5, 0.0), maps.shape[0] - 1.0)
    i, j = np.int64(fx), np.int64(fy)
    i1, j1 = min(i + 1, maps.shape[1] - 1), min(j + 1, maps.shape[0] - 1)
    a, b = fx - i, fy - j
    w00, w01, w10, w11 = (1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b
    return (
        w00 * maps[j, i, 0] + w01 * maps[j, i1, 0] + w10 * maps[j1, i, 0] + w11 * maps[j1, i1, 0],
        w00 * maps[j, i, 1] + w01 * maps[j, i1, 1] + w10 * maps[j1, i, 1] + w11 * maps[j1, i1, 1],
        w00 * maps[j, i, 2] + w01 * maps[j, i1, 2] + w10 * maps[j1, i, 2] + w11 * maps[j1, i1, 2],
    )


@njit(**INNER)
def _cell_of(shape, x, y):
    """The cell (column, row) that holds a place; beyond the region, the nearest."""
    i = min(max(np.int64(np.floor(x * (32.0 / CHUNK_M))), 0), shape[1] - 1)
    return i, min(max(np.int64(np.floor(y * (32.0 / CHUNK_M))), 0), shape[0] - 1)


@njit(**ENTRY)
def from_walls(first, feet, shape, x, y):
    """Metres from a place to the nearest foot of a wall about its cell, at most FAR_M."""
    i, j = _cell_of(shape, x, y)
    least = FAR_M * FAR_M
    for k in range(first[j * shape[1] + i], first[j * shape[1] + i + 1]):
        ax, ay = feet[k, 2] - feet[k, 0], feet[k, 3] - feet[k, 1]
        px, py = x - feet[k, 0], y - feet[k, 1]
        t = min(max((px * ax + py * ay) / (ax * ax + ay * ay), 0.0), 1.0)
        px, py = px - t * ax, py - t * ay
        least = min(least, px * px + py * py)
    return np.sqrt(least)


@njit(**INNER)
def _fingers(first, touched, shape, x, y, z, cross, key, pitch):
    """Grime at a place of a wall about the nearest switch, 0 to 1: a cloud where palms rub, and tips of fingers."""
    i, j = _cell_of(shape, x, y)
    grime, wide = 0.0, max(0.009, 0.8 * pitch)
    for k in range(first[j * shape[1] + i], first[j * shape[1] + i + 1]):
        along, off = (y - touched[k, 1], x - touched[k, 0]) if cross == 1 else (x - touched[k, 0], y - touched[k, 1])
        up = z - touched[k, 2]
        if abs(off) > 0.04 or abs(along) > ARM_M or abs(up) > ARM_M:
            continue
        grime += 0.42 * np.exp(-((along / 0.085) ** 2) - ((up + 0.02) / 0.115) ** 2)
        for n in range(8):
            tip = mixed(n, 0, branch(key, 95))
            s = along - 0.26 * (unit(tip, 0) - 0.5)
            t = up + 0.03 - 0.30 * (unit(tip, 1) - 0.5)
            grime += 0.40 * unit(tip, 2) * np.exp(-(((s * s + 0.6 * t * t) / wide**2) ** 2)) * (0.009 / wide)
    return min(grime, 0.6)


@njit(**INNER)
def planes_at(values, x, y):
    """The two values (NY, NX, 2) in the cell that holds a place."""
    i, j = _cell_of(values.shape, x, y)
    return values[j, i, 0], values[j, i, 1]


@njit(**INNER)
def _byte(x):
    return np.uint8(min(max(x + 0.5, 0.0), 255.0))
