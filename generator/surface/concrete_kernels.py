"""How bare concrete ages at one place (compiled): driven slabs, cast and block faces, soffits.

As in ``patina_kernels``: every layer takes a place in the world, the noises filled in for it and what decay and damp
there are, and returns factors on red, green and blue; events lie in lattice cells, at most one each.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import INNER
from .patina_kernels import _cell, _fallen, _kicks, _leaks, _scuffs, _tides
from .value_noise import CHUNK_M, branch, kept, mixed, smooth, step, unit

TRACK_M, TYRE_M = 1.55, 0.19
"""Distance of a car's two wheel tracks, and a tyre's width."""
PLY = 32
"""Sheets of plywood, 4 ft wide and 8 ft long, across a chunk."""
STANDS = 0.22
"""How far, of what a hollow holds, inside a wet patch water begins to stand."""
CRACK_M = 0.003
"""Width of a shrinkage crack and its broken edges."""


@njit(**INNER)
def slab(x, y, chunk_x, chunk_y, key, decay, damp, way, pitch, noise):
    """A driven slab: rubber in the aisles, oil where engines stood, cracks, repairs, tide lines of salt, water.

    way: how much is driven here, 0 to 1, and how far the next wall or column is, metres.
    """
    room, nap, fine, drift, flood, patch, grain = noise
    fine *= kept(256, CHUNK_M / pitch)
    grain *= kept(600, CHUNK_M / pitch)
    driven, from_wall = way
    worn = min(max(driven * (0.75 + 0.7 * drift + 0.5 * patch + 0.2 * nap), 0.0), 1.0)
    shade = 1.0 + 0.08 * room + 0.05 * patch + 0.03 * nap + 0.03 * fine + 0.03 * grain
    shade *= _pour(x, y, chunk_x, chunk_y, key, pitch)
    shade *= 1.0 - (0.10 + 0.16 * decay) * worn
    shade *= 1.0 - 0.5 * _skids(x, y, chunk_x, chunk_y, key, driven, pitch) * (0.8 + 0.5 * fine)
    shade *= _repair(x, y, chunk_x, chunk_y, key, decay, pitch)
    crack = _crack(x, y, chunk_x, chunk_y, key, decay, pitch, 22, 0.15)
    oil = _oil(x, y, chunk_x, chunk_y, key, decay, driven, pitch) * (1.0 - 0.4 * step(0.5, 1.0, driven))
    foot = _fallen(from_wall / max(0.05, pitch)) * 0.22 + _fallen((from_wall / 0.30) ** 2) * (0.06 + 0.14 * decay)
    foot *= 1.0 + 0.8 * nap + 0.5 * fine
    level = 0.62 * flood + 0.14 * room + 0.26 * patch + 0.12 * nap + 0.03 * fine + 0.008 * grain
    inside = (level - 0.98 + 1.10 * damp) / 0.7
    given = step(0.0, 0.1, damp)
    soaked, tide = _tides(inside, 0.02, 0.16, nap + 0.5 * patch, mixed(0, 0, branch(key, 45)), pitch)
    deep = inside - 0.30 * (1.0 - damp)
    wet = step(0.0, 0.05, deep) * (0.30 + 0.30 * step(0.0, STANDS, deep))
    wet = (wet + (1.0 - wet) * step(STANDS, STANDS + 0.04, deep)) * given
    soaked, tide = soaked * given, tide * given * (1.0 - 0.8 * wet)
    dark = (1.0 - 0.42 * wet) * (1.0 - 0.05 * soaked) * (1.0 - 0.55 * crack)
    r = shade * dark * (1.0 - 0.70 * oil) * (1.0 - 0.9 * foot) + 0.22 * tide
    g = shade * dark * (1.0 - 0.72 * oil) * (1.0 - 0.95 * foot) + 0.22 * tide
    b = shade * dark * (1.0 - 0.73 * oil) * (1.0 - foot) * (1.0 - 0.04 * soaked) + 0.20 * tide
    return r, g, b, wet


@njit(**INNER)
def _pour(x, y, chunk_x, chunk_y, key, pitch):
    """The shade of a day's pour, about 13 by 20 m, and of the joint to the next."""
    (i, fx), (j, fy) = _cell(x, chunk_x, 3), _cell(y, chunk_y, 2)
    tone = 1.0 + 0.12 * (unit(mixed(i, j, branch(key, 171)), 0) - 0.5)
    away = min(min(fx, 1.0 - fx) * (CHUNK_M / 3), min(fy, 1.0 - fy) * (CHUNK_M / 2))
    wide = max(0.005, 0.7 * pitch)
    return tone * (1.0 - 0.55 * _fallen((away / wide) ** 2) * (0.005 / wide)) * (1.0 - 0.05 * _fallen(away / 0.12))


@njit(**INNER)
def _panels(s, z, chunk, key, pitch):
    """The shade of a panel of the forms, 2.44 by 1.22 m, and of the fin at its edge."""
    i, f = _cell(s, chunk, 16)
    t = z / 1.22
    row = np.floor(t)
    tone = 1.0 + 0.10 * (unit(mixed(i, np.int64(row), branch(key, 181)), 0) - 0.5)
    side = CHUNK_M / 16
    away = min(min(f, 1.0 - f) * side, min(t - row, row + 1.0 - t) * 1.22)
    wide = max(0.004, 0.7 * pitch)
    return tone * (1.0 - 0.50 * _fallen((away / wide) ** 2) * (0.004 / wide)) * (1.0 - 0.05 * _fallen(away / 0.05))


@njit(**INNER)
def _skids(x, y, chunk_x, chunk_y, key, driven, pitch):
    """Rubber of a pair of tyres on a bend, 0 to 1: at most one car's every 9.75 m."""
    n = 4
    (i, fx), (j, fy) = _cell(x, chunk_x, n), _cell(y, chunk_y, n)
    cell = mixed(i, j, branch(key, 101))
    strength = step(0.0, 0.3, 0.75 * driven - unit(cell, 0))
    if strength == 0.0:
        return 0.0
    shape = mixed(i, j, branch(key, 102))
    side = CHUNK_M / n
    turn = 2.0 * np.pi * unit(shape, 0)
    radius = 5.0 + 9.0 * unit(shape, 1) ** 2
    dx = (fx - 0.5) * side + radius * np.cos(turn)
    dy = (fy - 0.5) * side + radius * np.sin(turn)
    far = np.sqrt(dx * dx + dy * dy)
    off = far - radius + 0.06 * smooth(x, y, chunk_x, chunk_y, 20, branch(key, 9))
    edge = step(0.0, 0.16, min(min(fx, 1.0 - fx), min(fy, 1.0 - fy)))
    along = far * np.arctan2(dy, dx)
    part = 0.55 + 0.45 * smooth(along, 0.0, 0, 0, 60, shape) + 0.25 * smooth(along, 0.0, 0, 0, 320, shape)
    soft = max(0.03, pitch)
    out = 0.0
    for track in (-0.5, 0.5):
        d = abs(off - track * TRACK_M)
        tread = 0.78 + 0.22 * np.cos(2.0 * np.pi * d / 0.045) * kept(900, CHUNK_M / pitch)
        out += step(-soft, soft, 0.5 * TYRE_M - d) * tread
    return strength * edge * min(max(part, 0.0), 1.0) * out


@njit(**INNER)
def _oil(x, y, chunk_x, chunk_y, key, decay, driven, pitch):
    """What dripped from engines, 0 to 1: at most one spot of drops every 2.44 m."""
    n = 16
    (i, fx), (j, fy) = _cell(x, chunk_x, n), _cell(y, chunk_y, n)
    cell = mixed(i, j, branch(key, 111))
    strength = step(0.0, 0.3, 0.10 + 0.40 * decay - 0.18 * driven - unit(cell, 0))
    if strength == 0.0:
        return 0.0
    side = CHUNK_M / n
    warp = 0.06 * smooth(x, y, chunk_x, chunk_y, 180, branch(key, 5))
    warp += 0.025 * smooth(x, y, chunk_x, chunk_y, 700, branch(key, 6)) * kept(700, CHUNK_M / pitch)
    soft = max(0.012, pitch)
    total = 0.0
    for k in range(2 + np.int64(5.0 * unit(cell, 1))):
        drop = mixed(i, j, branch(cell, k))
        wide = 0.30 if k else 0.08
        dx = (fx - 0.5) * side + wide * (2.0 * unit(drop, 0) - 1.0)
        dy = (fy - 0.5) * side + wide * (2.0 * unit(drop, 1) - 1.0)
        radius = 0.02 + (0.30 if k == 0 else 0.10) * unit(drop, 2) ** 2
        past = np.sqrt(dx * dx + dy * dy) + warp - radius
        total = max(total, step(-soft, soft, -past) * (0.55 + 0.45 * unit(drop, 3)))
        total = max(total, 0.45 * _fallen((max(past, 0.0) / (0.05 + 0.6 * radius)) ** 2))
    return strength * total


@njit(**INNER)
def _repair(x, y, chunk_x, chunk_y, key, decay, pitch):
    """A patch of new mortar with sawn edges, as a shade: at most one every 4.88 m."""
    n = 8
    (i, fx), (j, fy) = _cell(x, chunk_x, n), _cell(y, chunk_y, n)
    cell = mixed(i, j, branch(key, 121))
    if unit(cell, 0) > 0.015 + 0.10 * decay:
        return 1.0
    side = CHUNK_M / n
    shape = mixed(i, j, branch(key, 122))
    half_x, half_y = 0.15 + 0.9 * unit(shape, 0) ** 2, 0.15 + 0.9 * unit(shape, 1) ** 2
    dx = abs((fx - 0.3 - 0.4 * unit(cell, 1)) * side) - half_x
    dy = abs((fy - 0.3 - 0.4 * unit(cell, 2)) * side) - half_y
    edge = max(dx, dy)
    wide = max(0.008, 0.7 * pitch)
    tone = 1.0 + (0.30 * unit(cell, 3) - 0.14) * step(-wide, wide, -edge)
    return tone * (1.0 - 0.45 * _fallen((edge / wide) ** 2) * (0.008 / wide))


@njit(**INNER)
def _crack(x, y, chunk_x, chunk_y, key, decay, pitch, n, least):
    """A long crack, 0 to 1: where a slow noise crosses nought, in the parts of the place that crack."""
    there = step(0.15 - 0.5 * decay, 0.75 - 0.5 * decay, smooth(x, y, chunk_x, chunk_y, 6, branch(key, 131)) + least)
    if there == 0.0:
        return 0.0
    own = branch(key, 132)
    ragged = 0.04 * smooth(x, y, chunk_x, chunk_y, 150, branch(key, 133))
    ragged += 0.015 * smooth(x, y, chunk_x, chunk_y, 500, branch(key, 134)) * kept(500, CHUNK_M / pitch)
    here = smooth(x, y, chunk_x, chunk_y, n, own)
    dx = (smooth(x + 0.05, y, chunk_x, chunk_y, n, own) - here) / 0.05
    dy = (smooth(x, y + 0.05, chunk_x, chunk_y, n, own) - here) / 0.05
    away = abs(here + 0.5 * ragged) / max(np.sqrt(dx * dx + dy * dy), 0.05)
    wide = max(CRACK_M, 0.7 * pitch)
    return there * _fallen((away / wide) ** 2) * (CRACK_M / wide)


@njit(**INNER)
def cast(s, z, chunk, top, key, decay, damp, pitch, noise):
    """A cast or block face at ``s`` metres along it and ``z`` above the floor, its ceiling at ``top``: dirt that water
    washed down, lime and rust that it brought out, what cars and shoes left."""
    room, patch, mottle, wave = noise
    mottle *= kept(256, CHUNK_M / pitch)
    shade = (1.0 + 0.07 * room + 0.04 * patch + 0.03 * mottle) * _panels(s, z, chunk, key, pitch)
    splash = _fallen(max(z, 0.0) / 0.22) * (0.22 + 0.30 * decay) * max(0.4 + 0.8 * patch + 0.5 * mottle + 0.5, 0.0)
    soot = _fallen(max(top - z, 0.0) / 0.35) * (0.05 + 0.10 * decay)
    dark = splash + soot + _scuffs(s, z, chunk, key, decay, pitch) + 1.2 * _kicks(s, z, chunk, key, decay, pitch)
    dirt, lime, rust = _runs(s, z, chunk, top, key, decay, damp, pitch)
    rising = step(0.35, 0.9, damp + 0.5 * wave) * _fallen(((z - 0.28 - 0.3 * patch) / 0.10) ** 2)
    lime += 0.6 * rising * max(0.5 + patch + mottle, 0.0)
    lime = min(lime, 1.0)
    crack = _crack(s, z, chunk, 0, key, 0.8 * decay, pitch, 30, 0.0)
    dark = min(dark, 0.8)
    shade *= (1.0 - 0.45 * dirt) * (1.0 - 0.5 * crack)
    r = shade * (1.0 - 0.80 * dark) * (1.0 - 0.25 * rust) + 0.42 * lime
    g = shade * (1.0 - 0.84 * dark) * (1.0 - 0.55 * rust) + 0.43 * lime
    b = shade * (1.0 - 0.88 * dark) * (1.0 - 0.78 * rust) + 0.42 * lime
    return r, g, b, 0.5 * dirt * step(0.5, 1.0, damp)


@njit(**INNER)
def _runs(s, z, chunk, top, key, decay, damp, pitch):
    """What ran down from the top: dirt, lime and rust, each 0 to 1; at most one bundle of runs every 1.62 m."""
    n = 24
    i, f = _cell(s, chunk, n)
    cell = mixed(i, 0, branch(key, 141))
    strength = step(0.0, 0.3, 0.26 + 0.45 * damp + 0.30 * decay - unit(cell, 0))
    if strength == 0.0:
        return 0.0, 0.0, 0.0
    shape = mixed(i, 0, branch(key, 142))
    side = CHUNK_M / n
    down = max(top - z, 0.0)
    sway = 0.03 * smooth(s, 0.5 * z, chunk, 0, 60, branch(key, 3))
    total = 0.0
    for k in range(1 + np.int64(4.0 * unit(cell, 1))):
        run = mixed(i, k, branch(key, 143))
        at = 0.5 + 0.5 * (unit(run, 0) - 0.5)
        wide = 0.012 + 0.09 * unit(run, 1) ** 2
        long = 0.25 + 2.6 * unit(run, 2) ** 2
        ds = (f - at) * side + sway
        soft = max(wide * (1.0 - 0.35 * min(down / long, 1.0)), 0.7 * pitch)
        total += _fallen((ds / soft) ** 2) * (wide / max(soft, wide)) * step(0.0, 0.6, 1.0 - down / long)
    grainy = 0.75 + 0.5 * smooth(s, 0.12 * z, chunk, 0, 900, branch(key, 7)) * kept(900, CHUNK_M / pitch)
    amount = strength * min(total, 1.0) * max(grainy, 0.0)
    kind = unit(shape, 0)
    if kind < 0.48:
        return amount, 0.0, 0.0
    if kind < 0.80:
        return 0.25 * amount, 0.9 * amount, 0.0
    return 0.2 * amount, 0.1 * amount, amount


@njit(**INNER)
def soffit(x, y, chunk_x, chunk_y, key, decay, damp, look, pitch, room):
    """An underside: sheets of plywood that were not of one age, cracks with lime and rust along them, brown rings where
    water stood and dripped."""
    (i, _), (j, _) = _cell(x, chunk_x, PLY), _cell(y, chunk_y, PLY // 2)
    sheet = mixed(i, j, branch(key, 151))
    shade = 1.0 + 0.13 * (unit(sheet, 0) - 0.5) + 0.07 * room
    shade += 0.04 * smooth(x, y, chunk_x, chunk_y, 46, branch(key, 2))
    stain, rim = _leaks(x, y, chunk_x, chunk_y, key, 0.8 * damp, 0.05 * look[1], sheet, pitch)
    crack = _crack(x, y, chunk_x, chunk_y, key, 0.7 * decay + 0.4 * damp, pitch, 16, -0.05)
    lime = _weeping(x, y, chunk_x, chunk_y, key, 0.7 * decay + 0.4 * damp, damp, pitch)
    rust = stain * step(0.55, 0.75, unit(sheet, 1))
    shade *= (1.0 - 0.5 * crack) * (1.0 - 0.10 * stain)
    r = shade * (1.0 - 0.20 * rim) * (1.0 - 0.20 * rust) + 0.38 * lime
    g = shade * (1.0 - 0.30 * rim) * (1.0 - 0.42 * rust) + 0.38 * lime
    b = shade * (1.0 - 0.42 * rim) * (1.0 - 0.60 * rust) + 0.36 * lime
    return r, g, b


@njit(**INNER)
def _weeping(x, y, chunk_x, chunk_y, key, cracked, damp, pitch):
    """Lime that came through a crack overhead, 0 to 1: a band of clots along it."""
    wet = step(0.05, 0.5, damp + 0.15 * cracked + 0.5 * smooth(x, y, chunk_x, chunk_y, 9, branch(key, 161)))
    if wet == 0.0:
        return 0.0
    band = _crack(x, y, chunk_x, chunk_y, key, cracked, 0.05, 16, -0.05) * (0.035 / CRACK_M)
    clots = 0.5 + 0.9 * smooth(x, y, chunk_x, chunk_y, 110, branch(key, 162))
    clots += 0.5 * smooth(x, y, chunk_x, chunk_y, 420, branch(key, 163)) * kept(420, CHUNK_M / pitch)
    return wet * min(band, 1.0) * min(max(clots, 0.0), 1.0)
