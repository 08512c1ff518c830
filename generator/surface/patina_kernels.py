"""How paper, carpet, paint and ceiling tiles age at one place (compiled).

Every layer takes a place in the world, the noises that were filled in for it (``patina_layers.NOISES``) and what decay
and damp there are. It returns factors on red, green and blue, and wetness where it can be wet. Events (a mark, a
stain, a scuff) live in lattice cells: at most one each, wholly inside, so that one look-up finds it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from .value_noise import CHUNK_M, branch, kept, mixed, smooth, step, unit

BREADTH = 6
"""Width of a breadth of carpet in modules: 12 ft, as it is woven."""
STROKE_M = 0.34
"""Width of a vacuum cleaner's head; 115 go into a chunk."""
TONE = 0.06
"""How far a ceiling tile's tone lies from the mean at most: makes, batches and years."""
BAR_M = 0.024
"""Face of a T-bar (15/16 in), that takes no stain."""
REPLACED = 1 / 15
"""Share of the ceiling tiles that are new."""
MISHAP = 0.22
"""Share of the places where water may come through that it came through in the driest district, times ``look.damp``."""
FLOODED = 0.7
"""How fast the floor's noise of water rises inwards from where it ends, 1/m, in the mean: it makes metres of it."""


@njit(**INNER)
def wall(s, z, chunk, top, key, roll, decay, damp, look, pitch, noise):
    """A papered wall at ``s`` metres along it and ``z`` above the floor, its ceiling at ``top``."""
    decay = max(decay, look[0] * 2.2 * step(0.80, 1.0, unit(mixed(0, 0, branch(key, 71)), 0)))
    room, patch, mottle, wave = noise
    mottle *= kept(256, CHUNK_M / pitch)
    shade = 1.0 + 0.008 * room + 0.016 * patch + (0.010 + 0.014 * decay) * mottle
    if roll[2] > 0.0:
        u = roll[0] * s + roll[1]
        shade *= _rolls(u, roll[2], key, decay, pitch) * _lifted(u, z, top, roll[2], key, decay, damp, pitch)
    foot = _fallen(max(z, 0.0) / 0.16) * (0.10 + 0.36 * decay) * (1.0 + 0.35 * mottle + 0.5 * patch)
    smoke = _fallen(max(top - z, 0.0) / 0.12) * (0.02 + 0.06 * decay)
    dark = foot + smoke + _scuffs(s, z, chunk, key, decay, pitch) + _kicks(s, z, chunk, key, decay, pitch)
    stain, rim = _drips(s, z, chunk, top, key, damp, MISHAP * look[1], pitch)
    bulge = _bulges(s, z, chunk, key, damp + 0.35 * wave, pitch)
    shade *= 1.0 + bulge + _ghost(s, z, chunk, key, look[2], decay, pitch)
    r = shade * (1.0 - 0.75 * dark) * (1.0 - 0.11 * stain) * (1.0 - 0.32 * rim)
    g = shade * (1.0 - 0.80 * dark) * (1.0 - 0.16 * stain) * (1.0 - 0.45 * rim)
    b = shade * (1.0 - 0.85 * dark) * (1.0 - 0.25 * stain) * (1.0 - 0.58 * rim)
    return r, g, b, 0.25 * stain * step(0.5, 1.0, damp)


@njit(**INNER)
def _rolls(u, width, key, decay, pitch):
    """The shade of the roll at ``u``: its batch within 2 %, and paste that has yellowed along the joint."""
    joint = np.floor(u / width + 0.5)
    off = u - joint * width
    right = min(max(0.5 + off / pitch, 0.0), 1.0)
    k = np.int64(joint)
    batch = (1.0 - right) * unit(mixed(k - 1, 0, key), 0) + right * unit(mixed(k, 0, key), 0) - 0.5
    wide = max(0.007, 0.7 * pitch)
    paste = (0.05 + 0.14 * decay) * unit(mixed(k, 0, key), 1) ** 2 * _fallen((off / wide) ** 2) * (0.007 / wide)
    return (1.0 + 0.040 * batch) * (1.0 - paste)


@njit(**ENTRY)
def _lifted(u, z, top, width, key, decay, damp, pitch):
    """A joint that has come loose: the edge curls and catches the light, beside it lies its shadow; at most one in
    every 0.9 m of a joint."""
    joint = np.floor(u / width + 0.5)
    off = u - joint * width
    if abs(off) > 0.03 or z < 0.0:
        return 1.0
    place = np.floor(z / 0.9)
    loose = mixed(np.int64(joint), np.int64(place), branch(key, 81))
    if unit(loose, 0) > 0.008 + 0.07 * decay + 0.06 * damp:
        return 1.0
    half = 0.08 + 0.32 * unit(loose, 1) ** 2
    open_ = 1.0 - ((z - (place + 0.5) * 0.9) / half) ** 2
    if open_ <= 0.0 or z > top:
        return 1.0
    off = off if unit(loose, 2) < 0.5 else -off
    curl = 0.004 + 0.010 * open_ * unit(loose, 3)
    wide = max(0.6 * curl, 0.7 * pitch)
    lit = _fallen(((off + curl) / wide) ** 2) * (curl / wide)
    shadow = _fallen(((off - 0.5 * curl) / wide) ** 2) * (curl / wide)
    return 1.0 + np.sqrt(open_) * (0.10 * lit - 0.34 * shadow)


@njit(**INNER)
def _scuffs(s, z, chunk, key, decay, pitch):
    """Strokes at hip height where chairs and carts went by: at most one bundle every 1.22 m."""
    if z < 0.55 or z > 1.15:
        return 0.0
    n = 32
    i, f = _cell(s, chunk, n)
    cell = mixed(i, 0, branch(key, 11))
    strength = step(0.0, 0.2, 0.04 + 0.6 * decay - unit(cell, 0))
    if strength == 0.0:
        return 0.0
    shape = mixed(i, 0, branch(key, 12))
    ds = (f - 0.5 + 0.2 * (unit(cell, 1) - 0.5)) * (CHUNK_M / n)
    dz = z - (0.78 + 0.16 * unit(cell, 2)) - (unit(cell, 3) - 0.5) * 0.25 * ds
    long = 0.05 + 0.30 * unit(shape, 0)
    total = 0.0
    for k in range(1 + np.int64(2.99 * unit(shape, 1))):
        apart = dz - 0.028 * k * (0.5 + unit(shape, 2))
        thick = 0.004 + 0.006 * unit(shape, 3)
        wide = max(thick, 0.7 * pitch)
        core = np.exp(-((apart / wide) ** 2)) * (thick / wide)
        total += core * step(0.0, 0.5, 1.0 - abs(ds + 0.07 * k) / long)
    return 0.50 * strength * min(total, 1.2) * (0.65 + 0.35 * smooth(s, z, chunk, 0, 1024, key))


@njit(**INNER)
def _kicks(s, z, chunk, key, decay, pitch):
    """Black marks of shoes, carts and vacuum cleaners, 0.1 to 0.4 m up: here and there a few within 0.81 m."""
    if z < 0.08 or z > 0.42:
        return 0.0
    n = 48
    i, f = _cell(s, chunk, n)
    cell = mixed(i, 0, branch(key, 13))
    strength = step(0.0, 0.3, 0.10 + 0.8 * decay - unit(cell, 0))
    if strength == 0.0:
        return 0.0
    total = 0.0
    for k in range(1 + np.int64(3.99 * unit(cell, 1))):
        shape = mixed(i, k, branch(key, 14))
        ds = (f - 0.25 - 0.5 * unit(shape, 0)) * (CHUNK_M / n)
        dz = z - 0.12 - 0.26 * unit(shape, 1) - (unit(shape, 2) - 0.5) * 0.7 * ds
        long, thick = 0.02 + 0.09 * unit(shape, 3) ** 2, 0.002 + 0.004 * unit(cell, 2)
        wide = max(thick, 0.7 * pitch)
        total += np.exp(-((dz / wide) ** 2)) * (thick / wide) * step(0.0, 0.6, 1.0 - abs(ds) / long)
    return 0.60 * strength * min(total, 1.2) * (0.6 + 0.4 * smooth(s, z, chunk, 0, 2048, key))


@njit(**INNER)
def _drips(s, z, chunk, top, key, damp, mishap, pitch):
    """Water that ran down from the ceiling: what it soaked and the brown rims of several floods; at most one every
    2.44 m."""
    n = 16
    i, f = _cell(s, chunk, n)
    cell = mixed(i, 0, branch(key, 21))
    strength = _happened(cell, 0.62 * damp, mishap)
    if strength == 0.0:
        return 0.0, 0.0
    shape = mixed(i, 0, branch(key, 22))
    half = 0.14 + 0.76 * unit(cell, 1) ** 1.5
    ds = (f - 0.5 + 0.2 * (unit(cell, 2) - 0.5)) * (CHUNK_M / n)
    ds += 0.03 * smooth(s, z, chunk, 0, 90, key) + 0.010 * smooth(s, z, chunk, 0, 400, branch(key, 5))
    if abs(ds) >= half:
        return 0.0, 0.0
    longest = (0.20 + 0.80 * unit(cell, 3) ** 1.5) * min(top, 2.9) * (0.4 + 0.6 * strength)
    down = top - z
    if down > 1.15 * longest:
        return 0.0, 0.0
    reach = _reach(s, chunk, ds, half, longest, key)
    steep = (_reach(s + 0.006, chunk, ds + 0.006, half, longest, key) - reach) / 0.006
    inside = (reach - down) / np.sqrt(1.0 + steep * steep)
    wavy = smooth(s, 0.5 * z, chunk, 0, 260, branch(key, 6))
    soaked, rim = _tides(inside, 0.008, 0.05 + 0.10 * unit(shape, 0), wavy, shape, pitch)
    streak = 0.8 + 0.2 * smooth(s, 0.1 * z, chunk, 0, 1100, branch(key, 7)) * kept(1100, CHUNK_M / pitch)
    return strength * soaked * streak, strength * rim


@njit(**INNER)
def _reach(s, chunk, ds, half, longest, key):
    """How far down water came at ``s``, in metres: a sheet with lobes, and runs with round ends below it."""
    dome = np.sqrt(max(1.0 - (ds / half) ** 2, 0.0))
    lobe = smooth(s, 0.05, chunk, 0, 70, branch(key, 3))
    run = step(0.02, 0.42, smooth(s, 0.02, chunk, 0, 330, branch(key, 4)))
    far = 0.5 + smooth(s, 0.09, chunk, 0, 120, branch(key, 4))
    sheet = 0.30 + 0.22 * lobe
    return longest * dome * min(max(sheet + run * far * 0.7, 0.05), 1.0)


@njit(**INNER)
def _tides(inside, line_m, apart, wavy, draws, pitch):
    """What lies ``inside`` metres within the widest flood's edge: how soaked it is and how brown. Each flood washed the
    brown to its own edge as it dried: sharp outwards, fading inwards. line_m: breadth of that; apart: metres between
    the floods' edges."""
    soaked, rim, edge = 0.0, 0.0, inside
    for k in range(4):
        if edge < -3.0 * max(line_m, pitch):
            break
        bold = 0.45 + 0.55 * unit(draws, k)
        line, halo = max(line_m, 0.6 * pitch), max(6.0 * line_m, pitch)
        past = edge / line
        brown = _fallen(past * past) if past < 0.0 else _fallen(past)
        brown = brown * np.sqrt(line_m / line) + 0.40 * step(-line, line, edge) * _fallen(max(edge, 0.0) / halo)
        rim = max(rim, bold * brown)
        soaked = max(soaked, step(-line, line, edge) * (0.40 + 0.2 * k))
        edge -= apart * (0.55 + 0.9 * unit(draws, 3 - k)) * (1.0 + 0.8 * wavy)
    return soaked, rim


@njit("Tuple((int64, float64))(float64, int64, int64)", **INNER)
def _cell(x, chunk, n):
    """The cell of the world that a place lies in, of n a chunk, and how far into it, 0 to 1."""
    t = x * (n / CHUNK_M)
    whole = np.floor(t)
    return np.int64(whole) + chunk * n, t - whole


@njit(**INNER)
def _happened(cell, likely, mishap):
    """How bad it is in a cell where something happens with chance ``likely``; half bad in the share ``mishap``."""
    draw = unit(cell, 0)
    return max(step(0.0, 0.25, likely - draw), 0.75 if draw < mishap else 0.0)


@njit(**INNER)
def _bulges(s, z, chunk, key, near_damp, pitch):
    """Paper that has come off the wall near damp: its slope seen under light from above, as a shade."""
    loose = step(0.45, 0.9, near_damp)
    if loose == 0.0:
        return 0.0
    above = smooth(s, 0.6 * z + 0.015, chunk, 0, 130, branch(key, 8))
    below = smooth(s, 0.6 * z - 0.015, chunk, 0, 130, branch(key, 8))
    return 0.16 * loose * (below - above) * kept(130, CHUNK_M / pitch)


@njit(**INNER)
def _ghost(s, z, chunk, key, anomalies, decay, pitch):
    """A clean rectangle where something hung for years; at most one every 4.88 m."""
    if z < 0.9 or z > 2.3:
        return 0.0
    n = 8
    i, f = _cell(s, chunk, n)
    cell = mixed(i, 0, branch(key, 31))
    if unit(cell, 0) > 0.004 + 0.05 * anomalies:
        return 0.0
    ds = (f - 0.5 + 0.5 * (unit(cell, 1) - 0.5)) * (CHUNK_M / n)
    dz = z - 1.55
    edge = max(abs(ds) - 0.18 - 0.35 * unit(cell, 2), abs(dz) - 0.16 - 0.30 * unit(cell, 3))
    soft = max(0.006, pitch)
    return (0.025 + 0.05 * decay) * step(-soft, soft, -edge) - 0.05 * np.exp(-((edge / (2 * soft)) ** 2))


@njit(**INNER)
def floor(x, y, chunk_x, chunk_y, key, decay, damp, way, pitch, noise):
    """Carpet: pile laid by the vacuum cleaner, worn where people walk, soiled along walls, spots, and damp.

    way: how much is walked here, 0 to 1, and how far the next wall is, metres. Last comes how far the pile leans.
    """
    room, nap, fine, drift, flood, patch, fibre = noise
    fine *= kept(256, CHUNK_M / pitch)
    grain = 0.060 * fibre * kept(600, CHUNK_M / pitch)
    walked, from_wall = way
    path = walked * step(0.10, 0.55, from_wall + 0.10 * nap) * (0.75 + 0.5 * drift + 0.3 * patch)
    path = min(max(path, 0.0), 1.0) * (0.30 + 0.70 * decay)
    shade = 1.0 + 0.025 * room + 0.016 * nap + 0.022 * fine + grain
    breadth, laid = _breadths(y, chunk_y, key, pitch)
    shade *= (1.0 - 0.48 * path) * breadth
    laid = (1.0 - path) * (0.25 * laid + 0.90 * _strokes(x, y, chunk_x, chunk_y, key, pitch))
    edge = _soiled(from_wall, decay, pitch) * (1.0 + 0.5 * nap + 0.5 * fine)
    spot = _spots(x, y, chunk_x, chunk_y, key, decay, pitch)
    level = 0.62 * flood + 0.14 * room + 0.22 * patch + 0.10 * nap
    level += (0.025 * fine + 0.008 * fibre) * kept(600, CHUNK_M / pitch)
    inside = (level - 0.98 + 1.10 * damp) / FLOODED
    given = step(0.0, 0.1, damp)
    soaked, tide = _tides(inside, 0.018, 0.13, nap + 0.5 * patch, mixed(0, 0, branch(key, 45)), pitch)
    wet = step(0.0, 0.05, inside - 0.30 * (1.0 - damp)) * (0.55 + 0.45 * step(0.1, 0.9, inside)) * given
    soaked, tide = soaked * given, tide * given
    r = shade * (1.0 - 0.35 * spot) * (1.0 - 0.36 * wet) * (1.0 - 0.06 * soaked) * (1.0 - 0.20 * tide) * (1.0 - edge)
    g = shade * (1.0 - 0.40 * spot) * (1.0 - 0.40 * wet) * (1.0 - 0.09 * soaked) * (1.0 - 0.28 * tide) * (1.0 - edge)
    b = shade * (1.0 - 0.45 * spot) * (1.0 - 0.46 * wet) * (1.0 - 0.14 * soaked) * (1.0 - 0.36 * tide)
    b *= 1.0 - 0.9 * edge
    b *= 1.0 - 0.06 * path
    return r, g, b, wet, min(max(laid, -1.0), 1.0)


@njit(**INNER)
def paint(up, facing_up, decay, damp, pitch, noise):
    """Painted boards and all that is handled, ``up`` metres over the floor: a little uneven, grey in blotches where
    nobody wipes, dark where it meets the carpet; what faces up (a share) lies under dust, wiped here and there."""
    uneven, fine, wide, narrow = noise
    wide_m = max(0.006, 0.5 * pitch)
    up = max(up, 0.0)
    contact = 0.50 * (0.006 / wide_m) * _fallen(up / wide_m) + (0.03 + 0.10 * decay) * _fallen(up / 0.12)
    r = (1.0 + 0.015 * uneven) * (1.0 - contact)
    fine *= kept(700, CHUNK_M / pitch)
    blotch = wide + 0.5 * narrow
    grime = (0.20 * decay + 0.10 * damp) * min(max(0.7 + blotch + 0.4 * fine, 0.0), 1.5)
    dust = step(0.6, 0.95, facing_up) * (0.35 + 0.65 * decay) * step(-0.45, 0.25, wide + 0.35 * narrow + 0.15 * fine)
    return (
        r * (1.0 - 0.75 * grime) * (1.0 + 0.10 * dust),
        r * (1.0 - 0.84 * grime) * (1.0 + 0.17 * dust),
        r * (1.0 - grime) * (1.0 + 0.26 * dust),
    )


@njit(**INNER)
def _breadths(y, chunk_y, key, pitch):
    """The shade of one breadth of broadloom, 12 ft wide, and of the seam beside it; which way its nap lies."""
    module = CHUNK_M / 64.0
    at = np.floor(y / module)
    j = np.int64(at) + chunk_y * 64
    breadth = j // BREADTH
    off = (j - breadth * BREADTH + 0.5) * module + (y - (at + 0.5) * module)
    wide = max(0.006, 0.8 * pitch)
    from_seam = min(off, BREADTH * module - off)
    seam = _fallen((from_seam / wide) ** 2) * (0.006 / wide)
    own = mixed(breadth, 0, branch(key, 61))
    return (1.0 + 0.02 * (unit(own, 0) - 0.5)) * (1.0 - 0.20 * seam), 1.0 if unit(own, 1) < 0.5 else -1.0


@njit(**INNER)
def _strokes(x, y, chunk_x, chunk_y, key, pitch):
    """Pile laid to and fro by a vacuum cleaner's head, -1 to 1: strokes side by side, 3.25 m of them each way."""
    n = 12
    (i, fx), (j, fy) = _cell(x, chunk_x, n), _cell(y, chunk_y, n)
    field = mixed(i, j, branch(key, 91))
    along, across = (fx, fy) if unit(field, 0) < 0.5 else (fy, fx)
    at = (across + 0.12 * (unit(field, 1) - 0.5) * along) * (CHUNK_M / (n * STROKE_M)) + unit(field, 2)
    stroke = np.floor(at)
    own = mixed(i, np.int64(stroke), branch(field, 92))
    lean = 1.0 if (np.int64(stroke) & 1) == 0 else -1.0
    from_edge = min(at - stroke, stroke + 1.0 - at) * STROKE_M
    soft = step(0.0, max(0.05, pitch), from_edge)
    short = step(0.0, 0.10, along - 0.45 * unit(own, 1)) * step(0.0, 0.10, 1.0 - 0.3 * unit(own, 2) - along)
    depth = (0.6 + 0.4 * unit(own, 0)) * (0.45 + 0.55 * unit(field, 3))
    return lean * soft * short * depth * kept(115, CHUNK_M / pitch)


@njit(**INNER)
def _soiled(from_wall, decay, pitch):
    """Dirt along a wall's foot, where no vacuum cleaner gets to and draughts leave their dust."""
    wide = max(0.035, 0.8 * pitch)
    near = _fallen(from_wall / wide) * (0.035 / wide)
    return near * (0.24 + 0.36 * decay) + _fallen((from_wall / 0.16) ** 2) * (0.04 + 0.10 * decay)


@njit(**INNER)
def _spots(x, y, chunk_x, chunk_y, key, decay, pitch):
    """Something spilt: at most one spot every 1.22 m."""
    n = 32
    (i, fx), (j, fy) = _cell(x, chunk_x, n), _cell(y, chunk_y, n)
    cell = mixed(i, j, branch(key, 41))
    strength = step(0.0, 0.3, 0.012 + 0.35 * decay - unit(cell, 0))
    if strength == 0.0:
        return 0.0
    dx = (fx - 0.35 - 0.3 * unit(cell, 1)) * (CHUNK_M / n)
    dy = (fy - 0.35 - 0.3 * unit(cell, 2)) * (CHUNK_M / n)
    radius = 0.02 + 0.20 * unit(cell, 3) ** 3
    warp = 1.0 + 0.35 * smooth(x, y, chunk_x, chunk_y, 400, branch(key, 5))
    past = np.sqrt(dx * dx + dy * dy) * warp - radius
    soft = max(0.012, pitch)
    return strength * (0.75 * step(-soft, soft, -past) + 0.25 * np.exp(-((past / soft) ** 2)))


@njit(**ENTRY)
def ceiling(x, y, chunk_x, chunk_y, key, decay, damp, look, pitch, room):
    """Lay-in tiles: each from its own batch, some replaced, some stained from above."""
    module = CHUNK_M / 64.0
    long = np.int64(look[3])
    i = np.int64(np.floor(x / module)) + chunk_x * 64
    row = np.int64(np.floor(y / module)) + chunk_y * 64
    j = row // long
    tile = mixed(i, j, key)
    shade = 1.0 + 2.0 * TONE * (unit(tile, 0) - 0.5) + 0.012 * room
    age = (0.15 + 0.85 * decay) * (0.6 + 0.8 * unit(tile, 3))
    if unit(tile, 1) < REPLACED:
        age, shade = 0.0, 1.0 + TONE
    across, along = x / module - np.floor(x / module), (row - j * long + y / module - np.floor(y / module)) / long
    from_bar = min(min(across, 1.0 - across), min(along, 1.0 - along) * long) * module - 0.5 * BAR_M
    stain, rim = _leaks(x, y, chunk_x, chunk_y, key, damp, MISHAP * look[1], tile, pitch)
    board = min(max(0.5 + from_bar / pitch, 0.0), 1.0)
    stain, rim = stain * board, rim * board
    if unit(tile, 2) < 0.012 + 0.05 * damp:
        shade *= _sagging(across, along)
    r = shade * (1.0 - 0.02 * age) * (1.0 - 0.10 * stain) * (1.0 - 0.34 * rim)
    g = shade * (1.0 - 0.04 * age) * (1.0 - 0.18 * stain) * (1.0 - 0.50 * rim)
    b = shade * (1.0 - 0.10 * age) * (1.0 - 0.34 * stain) * (1.0 - 0.70 * rim)
    return r, g, b


@njit(**ENTRY)
def _sagging(u, v):
    """A tile that hangs down in its middle, as a shade at (u, v) of it: its belly gets more light than its rim."""
    belly = 16.0 * u * (1.0 - u) * v * (1.0 - v)
    rim = min(min(u, 1.0 - u), min(v, 1.0 - v))
    return 1.0 + 0.10 * (belly - 0.4) - 0.30 * _fallen(rim / 0.05)


@njit(**INNER)
def _leaks(x, y, chunk_x, chunk_y, key, damp, mishap, tile, pitch):
    """Brown ringed stains, each from several drips over the years; at most one leak every 2.44 m. Water stops at a
    tile's edge, and the next tile takes more of it or less."""
    n = 16
    (i, fx), (j, fy) = _cell(x, chunk_x, n), _cell(y, chunk_y, n)
    cell = mixed(i, j, branch(key, 51))
    strength = _happened(cell, 0.55 * damp, mishap)
    if strength == 0.0:
        return 0.0, 0.0
    dx = (fx - 0.4 - 0.2 * unit(cell, 1)) * (CHUNK_M / n)
    dy = (fy - 0.4 - 0.2 * unit(cell, 2)) * (CHUNK_M / n)
    drift = mixed(i, j, branch(key, 52))
    wavy = smooth(x, y, chunk_x, chunk_y, 110, branch(key, 6))
    warp = 1.0 + 0.45 * smooth(x, y, chunk_x, chunk_y, 60, branch(key, 5)) + 0.10 * wavy
    warp += 0.10 * smooth(x, y, chunk_x, chunk_y, 260, branch(key, 7)) * kept(260, CHUNK_M / pitch)
    radius = (0.14 + 0.62 * unit(cell, 3) ** 2) * (0.80 + 0.40 * unit(branch(tile, 4), 0))
    inside = radius - np.sqrt(dx * dx + dy * dy) * warp
    stain, rim = _tides(inside, 0.006, 0.10 + 0.22 * radius, wavy, drift, pitch)
    return strength * stain, strength * rim


@njit(**INNER)
def _fallen(x):
    """exp(-x), and 0 where that no longer shows in a byte."""
    return np.exp(-x) if x < 7.0 else 0.0
