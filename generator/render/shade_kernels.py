"""Compiled shading of samples whose facet is known: the Embree renderer's half of what ``mesh.frag`` does."""

from __future__ import annotations

from math import floor, sqrt

import numpy as np
from numba import njit

from ..kernel_options import ENTRY, INNER
from ..light.bends import bent_normal
from ..surface.lay import LAID, MOST, WET
from .lamp import RIM_WIDE, WATER_F0, WATER_ROUGHNESS
from .pile import DEPTH, LAY, LEAN, MEAN_COSINE, MEAN_SHEEN, SHEEN
from .texture_filter import LOD_BIAS, TAP_SPACING

HALF, ONE, TINY = np.float32(0.5), np.float32(1), np.float32(1e-12)
SPACING, BIAS = np.float32(TAP_SPACING), np.float32(LOD_BIAS)
UNIT = np.float32(1 / 200)
L0, L1, L2, L3 = (np.float32(c) for c in (0.44183587, -0.26653628, 0.14701877, -0.04424374))
"""Least squares for (log2(1 + t) - t) / (t (1 - t))."""
RUN, STEADY = 8, np.float32(0.25)
"""Pixels whose footprint is worked out as one; texels of the lightmap over which light is taken as even: what that errs
by is a thousandth of an eight-bit step in the mean over pictures, and less than one anywhere."""
FAST = {"contract", "reassoc", "arcp", "nsz", "nnan", "ninf"}


@njit(**ENTRY)
def place_facets(frame, stamp, faces, anchor, normal, values, gradients, eye, corner, across, down):
    """Write, for every facet met for the first time, its row of ``frame`` (F, 20) float32.

    Columns 0:3: one over the distance along the ray, as a linear function 1, x, y of the picture's coordinates;
    then for each of the four values its constant and the three coefficients of what is divided by that distance;
    last 1 where the facet is seen from behind, else -1.
    """
    for i in range(len(faces)):
        f = faces[i]
        if f < 0 or stamp[f]:
            continue
        stamp[f] = True
        reach = 0.0
        for d in range(3):
            reach += normal[f, d] * (anchor[f, d] - eye[d])
        if abs(reach) < 1e-9:
            reach = 1e-9
        n0, n1, n2 = 0.0, 0.0, 0.0
        for d in range(3):
            n0 += normal[f, d] * corner[d]
            n1 += normal[f, d] * across[d]
            n2 += normal[f, d] * down[d]
        frame[f, 0], frame[f, 1], frame[f, 2] = n0 / reach, n1 / reach, n2 / reach
        frame[f, 19] = np.sign(reach)
        for k in range(4):
            base, c0, c1, c2 = values[f, k], 0.0, 0.0, 0.0
            for d in range(3):
                g = gradients[f, k, d]
                base += g * (eye[d] - anchor[f, d])
                c0 += g * corner[d]
                c1 += g * across[d]
                c2 += g * down[d]
            if k < 2:
                base -= floor(base)
            row = 3 + 4 * k
            frame[f, row], frame[f, row + 1], frame[f, row + 2], frame[f, row + 3] = base, c0, c1, c2


@njit(**INNER, fastmath=FAST, forceinline=True)
def _bilinear(texels, first, w, h, u, v):
    """Four channels, 0..65535, of one level at (u, v) in periods, repeating."""
    x, y = (u - np.floor(u)) * np.float32(w) + HALF, (v - np.floor(v)) * np.float32(h) + HALF
    x0, y0 = int(x), int(y)
    return _between(texels, first + y0 * (w + 2) + x0, w + 2, x - np.float32(x0), y - np.float32(y0))


@njit(**INNER, fastmath=FAST, forceinline=True)
def _between(texels, place, width, ax, ay):
    """Four channels between texel ``place`` of rows of ``width`` and its neighbours to the right and below."""
    p, q, t = np.uint64(4 * place), np.uint64(4 * (place + width)), texels
    a0, b0 = np.float32(t[p]), np.float32(t[q])
    a1, b1 = np.float32(t[p + np.uint64(1)]), np.float32(t[q + np.uint64(1)])
    a2, b2 = np.float32(t[p + np.uint64(2)]), np.float32(t[q + np.uint64(2)])
    a3, b3 = np.float32(t[p + np.uint64(3)]), np.float32(t[q + np.uint64(3)])
    a4, b4 = np.float32(t[p + np.uint64(4)]), np.float32(t[q + np.uint64(4)])
    a5, b5 = np.float32(t[p + np.uint64(5)]), np.float32(t[q + np.uint64(5)])
    a6, b6 = np.float32(t[p + np.uint64(6)]), np.float32(t[q + np.uint64(6)])
    a7, b7 = np.float32(t[p + np.uint64(7)]), np.float32(t[q + np.uint64(7)])
    a0, a1, a2, a3 = a0 + ay * (b0 - a0), a1 + ay * (b1 - a1), a2 + ay * (b2 - a2), a3 + ay * (b3 - a3)
    a4, a5, a6, a7 = a4 + ay * (b4 - a4), a5 + ay * (b5 - a5), a6 + ay * (b6 - a6), a7 + ay * (b7 - a7)
    return a0 + ax * (a4 - a0), a1 + ax * (a5 - a1), a2 + ax * (a6 - a2), a3 + ax * (a7 - a3)


@njit(**ENTRY, fastmath=FAST, forceinline=True)
def log2(x):
    """The logarithm of a normal positive float32 to within 2e-5: its exponent, and a polynomial of its mantissa."""
    bits = np.float32(x).view(np.int32)
    t = np.int32((bits & 0x007FFFFF) | 0x3F800000).view(np.float32) - ONE
    q = L0 + t * (L1 + t * (L2 + t * L3))
    return np.float32((bits >> 23) - 127) + t + t * (ONE - t) * q


@njit(**INNER, fastmath=FAST, forceinline=True)
def probe(texture, m, ux, vx, uy, vy, max_taps, blend):
    """How material m is read over a footprint (derivatives in periods), as stated in ``filter``: number of taps,
    their step in u and v, share of the coarser level, then first texel, width and height of both levels. Without
    ``blend`` the nearer level alone is read."""
    w, h = np.float32(texture.width[m, 0]), np.float32(texture.height[m, 0])
    ux, uy, vx, vy = ux * w, uy * w, vx * h, vy * h
    uu, uv, vv = ux * ux + uy * uy, ux * vx + uy * vy, vx * vx + vy * vy
    root = np.sqrt((uu - vv) * (uu - vv) + np.float32(4) * uv * uv)
    major2, minor2 = max(HALF * (uu + vv + root), TINY), max(HALF * (uu + vv - root), TINY)
    taps = 1
    if max_taps > 1:
        taps = max(min(int(np.ceil(np.sqrt(major2 / minor2) / SPACING - np.float32(1e-3))), max_taps), 1)
    reach = SPACING * np.float32(taps)
    lod = HALF * log2(max(minor2, major2 / (reach * reach))) + BIAS
    last = texture.levels[m] - 1
    lod = min(max(lod, np.float32(0)), np.float32(last))
    step_u, step_v = np.float32(0), np.float32(0)
    if taps > 1:
        a, b = (uv, major2 - uu) if vv > uu else (major2 - vv, uv)
        scale = np.sqrt(major2 / max(a * a + b * b, TINY)) / np.float32(taps)
        step_u, step_v = a * scale / w, b * scale / h
    k = int(lod)
    share = lod - np.float32(k)
    share = min(max(np.float32(2) * share - HALF, np.float32(0)), ONE) if blend else np.floor(share + HALF)
    if share == ONE:
        k, share = min(k + 1, last), np.float32(0)
    fine = int(texture.first[m, k]), int(texture.width[m, k]), int(texture.height[m, k])
    k = min(k + 1, last)
    coarse = int(texture.first[m, k]), int(texture.width[m, k]), int(texture.height[m, k])
    return taps, step_u, step_v, share, fine, coarse


@njit(**INNER, fastmath=FAST, forceinline=True)
def read(texels, probe, u, v):
    """Four channels in 0..1 about (u, v), in periods."""
    taps, step_u, step_v, share, fine, coarse = probe
    u -= HALF * np.float32(taps - 1) * step_u
    v -= HALF * np.float32(taps - 1) * step_v
    red = green = blue = fourth = np.float32(0)
    for _ in range(taps):
        r, g, b, f = _bilinear(texels, fine[0], fine[1], fine[2], u, v)
        if share > 0:
            r1, g1, b1, f1 = _bilinear(texels, coarse[0], coarse[1], coarse[2], u, v)
            r, g, b, f = (
                r + share * (r1 - r),
                g + share * (g1 - g),
                b + share * (b1 - b),
                f + share * (f1 - f),
            )
        red, green, blue, fourth = red + r, green + g, blue + b, fourth + f
        u += step_u
        v += step_v
    norm = np.float32(1.0 / 65535.0) / np.float32(taps)
    return red * norm, green * norm, blue * norm, fourth * norm


@njit(**INNER, fastmath=FAST, forceinline=True)
def four(table, k):
    return table[k, 0], table[k, 1], table[k, 2], table[k, 3]


@njit(**INNER, fastmath=FAST, forceinline=True)
def read_patina(texels, width, x, y):
    """Four channels of an atlas with rows of ``width`` at (x, y) in texels; samples stand at + 0.5."""
    x, y = x - HALF, y - HALF
    x0, y0 = int(x), int(y)
    return _between(texels, y0 * width + x0, width, x - np.float32(x0), y - np.float32(y0))


@njit(**INNER, fastmath=FAST, forceinline=True)
def read_light(texels, width, x, y):
    """Three channels of an atlas with rows of ``width`` at (x, y) in texels; samples stand at + 0.5."""
    x, y = x - HALF, y - HALF
    x0, y0 = int(x), int(y)
    ax, ay, t = x - np.float32(x0), y - np.float32(y0), texels
    p, q = np.uint64(3 * (y0 * width + x0)), np.uint64(3 * ((y0 + 1) * width + x0))
    a0, b0 = t[p], t[q]
    a1, b1 = t[p + np.uint64(1)], t[q + np.uint64(1)]
    a2, b2 = t[p + np.uint64(2)], t[q + np.uint64(2)]
    a3, b3 = t[p + np.uint64(3)], t[q + np.uint64(3)]
    a4, b4 = t[p + np.uint64(4)], t[q + np.uint64(4)]
    a5, b5 = t[p + np.uint64(5)], t[q + np.uint64(5)]
    a0, a1, a2 = a0 + ay * (b0 - a0), a1 + ay * (b1 - a1), a2 + ay * (b2 - a2)
    a3, a4, a5 = a3 + ay * (b3 - a3), a4 + ay * (b4 - a4), a5 + ay * (b5 - a5)
    return a0 + ax * (a3 - a0), a1 + ax * (a4 - a1), a2 + ax * (a5 - a2)


@njit(**INNER, fastmath=FAST, forceinline=True)
def facet_normal(table, face, chart, a, b):
    """The normal at a place of a facet's chart; (3 floats)."""
    if table.bend[chart] < 0:
        return table.normal[face, 0], table.normal[face, 1], table.normal[face, 2]
    x, y, z = bent_normal(table.corner[table.bend[chart]], a, b)
    return np.float32(x), np.float32(y), np.float32(z)


@njit(**INNER, fastmath=FAST, forceinline=True)
def relief_normal(table, face, chart, a, b, behind, relief):
    """The normal at a place of a facet's chart, on the viewer's side, turned by the normal map's texel; (3 floats)."""
    nx, ny, nz = facet_normal(table, face, chart, a, b)
    tx, ty, tz = table.tangent[face, 0], table.tangent[face, 1], table.tangent[face, 2]
    hand = table.tangent[face, 3]
    bx, by, bz = hand * (ny * tz - nz * ty), hand * (nz * tx - nx * tz), hand * (nx * ty - ny * tx)
    if behind > 0:
        nx, ny, nz = -nx, -ny, -nz
    p, q, r = 2 * relief[0] - 1, 2 * relief[1] - 1, 2 * relief[2] - 1
    x, y, z = p * tx + q * bx + r * nx, p * ty + q * by + r * ny, p * tz + q * bz + r * nz
    scale = 1 / sqrt(max(x * x + y * y + z * z, 1e-12))
    return x * scale, y * scale, z * scale


@njit(**INNER, fastmath=FAST, forceinline=True)
def _lobe(nl, nv, nh, vh, alpha, f0):
    """Specular BRDF times cosine: GGX with Smith's height-correlated shadowing and Schlick's Fresnel.

    Source: Walter et al., EGSR 2007; Heitz, JCGT 3(2), 2014; Schlick, CGF 13(3), 1994.
    """
    a2 = alpha * alpha
    spread = nh * nh * (a2 - 1) + 1
    shade = nl * sqrt(nv * nv * (1 - a2) + a2) + nv * sqrt(nl * nl * (1 - a2) + a2)
    return a2 / (np.pi * spread * spread) * 0.5 / max(shade, 1e-6) * nl * (f0 + (1 - f0) * (1 - vh) ** 5)


@njit(**INNER, fastmath=FAST, forceinline=True)
def lit_by_beam(beam, px, py, pz, normal, albedo, roughness, specular, metallic, wet):
    """Radiance (3 floats) that the camera's lamp adds at a point given from the eye."""
    lx, ly, lz = beam.position[0] - px, beam.position[1] - py, beam.position[2] - pz
    far2 = max(lx * lx + ly * ly + lz * lz, 1e-4)
    inv = 1 / sqrt(far2)
    lx, ly, lz = lx * inv, ly * inv, lz * inv
    axial = -(lx * beam.axis[0] + ly * beam.axis[1] + lz * beam.axis[2])
    nl = lx * normal[0] + ly * normal[1] + lz * normal[2]
    if axial <= beam.cos_outer or nl <= 0:
        return 0.0, 0.0, 0.0
    cone = min((axial - beam.cos_outer) / max(beam.cos_inner - beam.cos_outer, 1e-6), 1.0)
    off = 1 - axial
    hot, rim = off / beam.hot, (off - beam.rim_at) * (1 / RIM_WIDE)
    shape = beam.flood + (1 - beam.flood) / (1 + hot * hot) + beam.rim / ((1 + rim * rim) * (1 + rim * rim))
    power = cone * cone * (3 - 2 * cone) * axial**beam.vignetting * shape / far2
    inv = 1 / sqrt(px * px + py * py + pz * pz)
    vx, vy, vz = -px * inv, -py * inv, -pz * inv
    hx, hy, hz = lx + vx, ly + vy, lz + vz
    inv = 1 / sqrt(max(hx * hx + hy * hy + hz * hz, 1e-12))
    nh = min(max((hx * normal[0] + hy * normal[1] + hz * normal[2]) * inv, 0.0), 1.0)
    vh = min(max((hx * vx + hy * vy + hz * vz) * inv, 0.0), 1.0)
    nv = max(vx * normal[0] + vy * normal[1] + vz * normal[2], 1e-3)
    rough = max(roughness + (WATER_ROUGHNESS - roughness) * wet, 0.05)
    base = max(specular, WATER_F0 * wet)
    diffuse = (1 - metallic) * nl / np.pi
    gloss_r = gloss_g = gloss_b = 0.0
    if metallic > 0:
        gloss_r = _lobe(nl, nv, nh, vh, rough * rough, albedo[0])
        gloss_g = _lobe(nl, nv, nh, vh, rough * rough, albedo[1])
        gloss_b = _lobe(nl, nv, nh, vh, rough * rough, albedo[2])
    elif base > 0:
        gloss_r = gloss_g = gloss_b = _lobe(nl, nv, nh, vh, rough * rough, base)
    return (
        power * beam.intensity[0] * (albedo[0] * diffuse + gloss_r),
        power * beam.intensity[1] * (albedo[1] * diffuse + gloss_g),
        power * beam.intensity[2] * (albedo[2] * diffuse + gloss_b),
    )


@njit(**INNER, fastmath=FAST, forceinline=True)
def follow(frame, f, x, y, begin, count, places):
    """What ``count`` pixels from column ``begin`` on see of facet f, into columns of places (5, W): how far off it is
    along the ray; u, v in periods; a, b in 0..1. x, y: the middle of the first of them in the picture.

    Indices are unsigned, here and in what reads texels: for others numba looks whether they count from the end.
    """
    zero = np.float32(0)
    w0, u0, v0 = frame[f, 0] + frame[f, 2] * y, frame[f, 4] + frame[f, 6] * y, frame[f, 8] + frame[f, 10] * y
    a0, b0 = frame[f, 12] + frame[f, 14] * y, frame[f, 16] + frame[f, 18] * y
    w1, u1, v1, a1, b1 = frame[f, 1], frame[f, 5], frame[f, 9], frame[f, 13], frame[f, 17]
    u_base, v_base, a_base, b_base = frame[f, 3], frame[f, 7], frame[f, 11], frame[f, 15]
    for k in range(count):
        at, column = x + np.float32(k), np.uint64(begin) + np.uint64(k)
        reach = ONE / (w0 + w1 * at)
        places[0, column] = reach
        places[1, column] = u_base + (u0 + u1 * at) * reach
        places[2, column] = v_base + (v0 + v1 * at) * reach
        places[3, column] = min(max(a_base + (a0 + a1 * at) * reach, zero), ONE)
        places[4, column] = min(max(b_base + (b0 + b1 * at) * reach, zero), ONE)


@njit(**INNER, fastmath=FAST, forceinline=True)
def footprint(frame, f, x, y):
    """How u and v of facet f, in periods, change from a pixel at (x, y) to the next across and to the next down."""
    w1, w2, u1, u2, v1, v2 = frame[f, 1], frame[f, 2], frame[f, 5], frame[f, 6], frame[f, 9], frame[f, 10]
    reach = ONE / (frame[f, 0] + w1 * x + w2 * y)
    qu, qv = (frame[f, 4] + u1 * x + u2 * y) * reach, (frame[f, 8] + v1 * x + v2 * y) * reach
    return reach * (u1 - qu * w1), reach * (v1 - qv * w1), reach * (u2 - qu * w2), reach * (v2 - qv * w2)


@njit(**INNER, fastmath=FAST, forceinline=True)
def pile_slant(normal, rays, x, y):
    """How a pile looks at a pixel, as stated in ``pile``: its tips' factor, what a gap adds to it, what a lean does."""
    along, square, lay = np.float32(0), np.float32(0), np.float32(0)
    for d in range(3):
        way = rays[0, d] + x * rays[1, d] + y * rays[2, d]
        along, square = along + way * normal[d], square + way * way
        if d < 2:
            lay -= way * np.float32(LAY[d])
    far = ONE / np.sqrt(square)
    cosine = min(abs(along) * far, ONE)
    graze = (ONE - cosine) * (ONE - cosine)
    tip = ONE + np.float32(SHEEN) * (graze * graze - np.float32(MEAN_SHEEN))
    return tip, np.float32(DEPTH) * (np.float32(MEAN_COSINE) - cosine), np.float32(LEAN) * lay * far


@njit(**INNER, fastmath=FAST, forceinline=True)
def pile_lean(code):
    """How far a pile leans by its code, as in ``surface.lay``."""
    flat = max((np.float32(WET) - code) * np.float32(1 / (WET - LAID)), np.float32(0))
    return min(np.float32(2 / LAID) * code - ONE, flat)


@njit(**INNER, fastmath=FAST, forceinline=True)
def _light(atlas, weight, chart, x, y):
    """Irradiance / pi (3 floats) at (x, y) in texels of the lightmap; weight (C, LAYERS) of each flicker layer."""
    red, green, blue = read_light(atlas.steady, atlas.width, x, y)
    for k in range(len(atlas.flicker)):
        share = weight[chart, k]
        if share > 0:
            r, g, b = read_light(atlas.flicker[k], atlas.width, x, y)
            red, green, blue = red + share * r, green + share * g, blue + share * b
    return red, green, blue


@njit(**ENTRY, fastmath=FAST)
def shade(out, faces, start_of, frame, rays, table, albedo, emission, relief, atlas, beam, max_taps, blend, chequered):
    """Radiance out (H, W, 3) of rows of samples, a pixel's width apart, which see facets faces (H, W), -1 for none.

    start_of (H, 2) float32: column and row in the picture of the first of each, pixels' centres at + 0.5. rays (3, 3)
    float32: corner, across, down. The footprint is worked out once for every run of up to RUN pixels of a
    row on one facet, and so is the light where it changes little within: at the ends of a run that passes less than
    STEADY texels of the lightmap, evenly in between. beam: None without a camera lamp; then a kernel is compiled that
    knows of none. chequered: instead the light / pi alone, its texels chequered and its charts in their colours.
    """
    height, width = faces.shape
    zero = np.float32(0)
    places = np.empty((5, width), np.float32)
    for row in range(height):
        left, y, end = start_of[row, 0], start_of[row, 1], 0
        while end < width:
            begin, f = end, faces[row, end]
            while end < width and faces[row, end] == f:
                end += 1
            if f < 0:
                out[row, begin:end] = zero
                continue
            follow(frame, f, left + np.float32(begin), y, np.int64(begin), end - begin, places)
            m, chart, lamp = table.material[f], table.chart[f], table.lamp[f]
            glows = lamp >= 0 and emission.levels[m] > 0
            bent = beam is not None
            light_x, light_y, light_w, light_h = four(table.light, chart)
            patina_x, patina_y, patina_w, patina_h = four(table.patina, chart)
            baked, aged = light_w >= 0, patina_w >= 0
            for start in range(begin, end, RUN):
                stop = min(start + RUN, end)
                middle = left + HALF * np.float32(start + stop - 1)
                ux, vx, uy, vy = footprint(frame, f, middle, y)
                colour_probe = probe(albedo, m, ux, vx, uy, vy, max_taps, blend)
                glow_probe = probe(emission, m, ux, vx, uy, vy, max_taps, blend) if glows else colour_probe
                dent_probe = probe(relief, m, ux, vx, uy, vy, 1, blend) if bent else colour_probe
                tip, deeper, swept = ONE, zero, zero
                if atlas.pile[m] != zero:
                    k = (start + stop) // 2
                    facing = facet_normal(table, f, chart, places[3, k], places[4, k])
                    tip, deeper, swept = pile_slant(facing, rays, middle, y)
                    deeper *= atlas.pile[m]
                a0, b0, a1, b1 = places[3, start], places[4, start], places[3, stop - 1], places[4, stop - 1]
                even = not chequered and max(abs(a1 - a0) * light_w, abs(b1 - b0) * light_h) < STEADY
                lr = lg = lb = to_r = to_g = to_b = zero
                if baked and even:
                    lr, lg, lb = _light(atlas, table.weight, chart, light_x + a0 * light_w, light_y + b0 * light_h)
                    fr, fg, fb = _light(atlas, table.weight, chart, light_x + a1 * light_w, light_y + b1 * light_h)
                    share = ONE / np.float32(max(stop - 1 - start, 1))
                    to_r, to_g, to_b = (fr - lr) * share, (fg - lg) * share, (fb - lb) * share
                    lr, lg, lb = lr - to_r, lg - to_g, lb - to_b
                for column in range(start, stop):
                    u, v, a, b = places[1, column], places[2, column], places[3, column], places[4, column]
                    if bent:
                        dent = read(relief.texels, dent_probe, u, v)
                        normal = relief_normal(table, f, chart, a, b, frame[f, 19], dent)
                    if even:
                        lr, lg, lb = lr + to_r, lg + to_g, lb + to_b
                    elif baked:
                        lx, ly = light_x + a * light_w, light_y + b * light_h
                        lr, lg, lb = _light(atlas, table.weight, chart, lx, ly)
                        if chequered:
                            dim = HALF if (int(lx) + int(ly)) & 1 else ONE
                            lr, lg = lr * dim * table.colour[chart, 0], lg * dim * table.colour[chart, 1]
                            lb = lb * dim * table.colour[chart, 2]
                    if chequered:
                        out[row, column, 0], out[row, column, 1], out[row, column, 2] = lr, lg, lb
                        continue
                    red, green, blue, gap = read(albedo.texels, colour_probe, u, v)
                    seen, wet = tip + deeper * gap, zero
                    red, green, blue = red * seen, green * seen, blue * seen
                    if aged:
                        px, py = patina_x + a * patina_w, patina_y + b * patina_h
                        pr, pg, pb, pw = read_patina(atlas.patina, atlas.patina_width, px, py)
                        kept = UNIT * (ONE + swept * pile_lean(pw))
                        red, green, blue = red * pr * kept, green * pg * kept, blue * pb * kept
                        wet = max(pw - np.float32(WET), zero) * np.float32(1 / (MOST - WET))
                    sum_r, sum_g, sum_b = red * lr, green * lg, blue * lb
                    if glows:
                        er, eg, eb, _ = read(emission.texels, glow_probe, u, v)
                        peak = atlas.emission[m]
                        sum_r += er * peak * atlas.emitted[lamp, 0]
                        sum_g += eg * peak * atlas.emitted[lamp, 1]
                        sum_b += eb * peak * atlas.emitted[lamp, 2]
                    if beam is not None and beam.open[row, column] > 0:
                        x, reach = left + np.float32(column), places[0, column]
                        hx = (rays[0, 0] + x * rays[1, 0] + y * rays[2, 0]) * reach
                        hy = (rays[0, 1] + x * rays[1, 1] + y * rays[2, 1]) * reach
                        hz = (rays[0, 2] + x * rays[1, 2] + y * rays[2, 2]) * reach
                        shine, metal = atlas.specular[m], atlas.metallic[m]
                        colour = (red, green, blue)
                        br, bg, bb = lit_by_beam(beam, hx, hy, hz, normal, colour, dent[3], shine, metal, wet)
                        falls = beam.open[row, column]
                        sum_r, sum_g, sum_b = sum_r + falls * br, sum_g + falls * bg, sum_b + falls * bb
                    out[row, column, 0], out[row, column, 1], out[row, column, 2] = sum_r, sum_g, sum_b
