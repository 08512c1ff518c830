"""Compiled shading of samples whose facet is known: the Embree renderer's half of what ``mesh.frag`` does."""

from __future__ import annotations

from math import ceil, floor, log2, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from generator.render.modes import ALBEDO, NORMAL, TEXELS, WATER_F0, WATER_ROUGHNESS

FAST = {"contract", "reassoc", "arcp", "nsz", "nnan", "ninf"}


class FacetTable(NamedTuple):
    """Columns of ``Facets`` and ``Charts`` that the kernel reads, and the flicker weights (C, LAYERS) of the frame."""

    material: NDArray[np.int32]
    chart: NDArray[np.int32]
    lamp: NDArray[np.int32]
    normal: NDArray[np.float32]
    tangent: NDArray[np.float32]
    light: NDArray[np.float32]
    patina: NDArray[np.float32]
    weight: NDArray[np.float32]
    colour: NDArray[np.float32]


class Texture(NamedTuple):
    """``Pyramids`` as a tuple."""

    texels: NDArray[np.uint16]
    first: NDArray[np.int32]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    levels: NDArray[np.int32]


class Atlas(NamedTuple):
    """steady (H, W, 4), flicker (K, H, W, 4) float32; patina (H, W, 4) uint8; emission (M,) peaks; specular,
    metallic (M,); emitted (L, 3) radiance of each lamp's lens now."""

    steady: NDArray[np.float32]
    flicker: NDArray[np.float32]
    patina: NDArray[np.uint8]
    emission: NDArray[np.float32]
    specular: NDArray[np.float32]
    metallic: NDArray[np.float32]
    emitted: NDArray[np.float32]


class Beam(NamedTuple):
    """The camera lamp in the camera's frame of the level: position from the eye, axis, intensity (0: none)."""

    on: bool
    position: NDArray[np.float32]
    axis: NDArray[np.float32]
    intensity: NDArray[np.float32]
    cos_inner: float
    cos_outer: float
    vignetting: float


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True, fastmath=FAST)
def _bilinear(texture, first, w, h, u, v):
    """Four channels, 0..65535, of one level at (u, v) in periods, repeating."""
    x, y = (u - floor(u)) * w - np.float32(0.5), (v - floor(v)) * h - np.float32(0.5)
    fx, fy = floor(x), floor(y)
    ax, ay = np.float32(x - fx), np.float32(y - fy)
    x0, y0 = int(fx), int(fy)
    x1, y1 = x0 + 1, y0 + 1
    if x0 < 0:
        x0 += w
    if y0 < 0:
        y0 += h
    if x1 >= w:
        x1 -= w
    if y1 >= h:
        y1 -= h
    a, b = first + y0 * w, first + y1 * w
    p, q, r, s = texture[a + x0], texture[a + x1], texture[b + x0], texture[b + x1]
    one = np.float32(1.0)
    wp, wq, wr, ws = (one - ax) * (one - ay), ax * (one - ay), (one - ax) * ay, ax * ay
    return (
        wp * p[0] + wq * q[0] + wr * r[0] + ws * s[0],
        wp * p[1] + wq * q[1] + wr * r[1] + ws * s[1],
        wp * p[2] + wq * q[2] + wr * r[2] + ws * s[2],
        wp * p[3] + wq * q[3] + wr * r[3] + ws * s[3],
    )


@njit(cache=True, nogil=True, fastmath=FAST)
def _filtered(texture, m, u, v, ux, vx, uy, vy, max_taps, bias):
    """Four channels in 0..1 of material m over the footprint (derivatives in periods); see ``pyramid``."""
    w, h = np.float32(texture.width[m, 0]), np.float32(texture.height[m, 0])
    ux, uy, vx, vy = ux * w, uy * w, vx * h, vy * h
    uu, uv, vv = ux * ux + uy * uy, ux * vx + uy * vy, vx * vx + vy * vy
    half = np.float32(0.5)
    root = np.float32(sqrt((uu - vv) * (uu - vv) + np.float32(4) * uv * uv))
    major2 = max(half * (uu + vv + root), np.float32(1e-12))
    minor2 = max(half * (uu + vv - root), np.float32(1e-12))
    taps = min(int(ceil(sqrt(major2 / minor2) - np.float32(1e-3))), max_taps)
    lod = half * np.float32(log2(max(minor2, major2 / (taps * taps)))) + bias
    lod = min(max(lod, np.float32(0)), np.float32(texture.levels[m] - 1))
    step_u, step_v = np.float32(0), np.float32(0)
    if taps > 1:
        a, b = (uv, major2 - uu) if vv > uu else (major2 - vv, uv)
        scale = np.float32(sqrt(major2 / max(a * a + b * b, np.float32(1e-30)))) / taps
        step_u, step_v = a * scale / w, b * scale / h
    k0 = int(lod)
    k1 = min(k0 + 1, texture.levels[m] - 1)
    t = lod - np.float32(k0)
    f0, w0, h0 = texture.first[m, k0], texture.width[m, k0], texture.height[m, k0]
    f1, w1, h1 = texture.first[m, k1], texture.width[m, k1], texture.height[m, k1]
    r = g = b_ = a_ = np.float32(0)
    for i in range(taps):
        at = np.float32(i) - half * np.float32(taps - 1)
        pu, pv = u + at * step_u, v + at * step_v
        c = _bilinear(texture.texels, f0, w0, h0, pu, pv)
        d = _bilinear(texture.texels, f1, w1, h1, pu, pv)
        r += c[0] + t * (d[0] - c[0])
        g += c[1] + t * (d[1] - c[1])
        b_ += c[2] + t * (d[2] - c[2])
        a_ += c[3] + t * (d[3] - c[3])
    norm = np.float32(1.0 / 65535.0) / taps
    return r * norm, g * norm, b_ * norm, a_ * norm


@njit(cache=True, nogil=True, fastmath=FAST)
def _spot(image, x, y):
    """Four channels of an atlas (H, W, 4) at (x, y) in texels, between texel centres."""
    x, y = x - np.float32(0.5), y - np.float32(0.5)
    x0, y0 = int(x), int(y)
    ax, ay = x - np.float32(x0), y - np.float32(y0)
    x1, y1 = min(x0 + 1, image.shape[1] - 1), min(y0 + 1, image.shape[0] - 1)
    p, q, r, s = image[y0, x0], image[y0, x1], image[y1, x0], image[y1, x1]
    one = np.float32(1.0)
    wp, wq, wr, ws = (one - ax) * (one - ay), ax * (one - ay), (one - ax) * ay, ax * ay
    return (
        wp * p[0] + wq * q[0] + wr * r[0] + ws * s[0],
        wp * p[1] + wq * q[1] + wr * r[1] + ws * s[1],
        wp * p[2] + wq * q[2] + wr * r[2] + ws * s[2],
        wp * p[3] + wq * q[3] + wr * r[3] + ws * s[3],
    )


@njit(cache=True, nogil=True, fastmath=FAST)
def _bent_normal(table, face, behind, relief):
    """The facet's normal, on the viewer's side, turned by the normal map's texel; (3 floats)."""
    nx, ny, nz = table.normal[face, 0], table.normal[face, 1], table.normal[face, 2]
    tx, ty, tz = table.tangent[face, 0], table.tangent[face, 1], table.tangent[face, 2]
    hand = table.tangent[face, 3]
    bx, by, bz = hand * (ny * tz - nz * ty), hand * (nz * tx - nx * tz), hand * (nx * ty - ny * tx)
    if behind > 0:
        nx, ny, nz = -nx, -ny, -nz
    a, b, c = 2 * relief[0] - 1, 2 * relief[1] - 1, 2 * relief[2] - 1
    x, y, z = a * tx + b * bx + c * nx, a * ty + b * by + c * ny, a * tz + b * bz + c * nz
    scale = 1 / sqrt(max(x * x + y * y + z * z, 1e-12))
    return x * scale, y * scale, z * scale


@njit(cache=True, nogil=True, fastmath=FAST)
def _lobe(nl, nv, nh, vh, alpha, f0):
    """Specular BRDF times cosine: GGX with Smith's height-correlated shadowing and Schlick's Fresnel.

    Source: Walter et al., EGSR 2007; Heitz, JCGT 3(2), 2014; Schlick, CGF 13(3), 1994.
    """
    a2 = alpha * alpha
    spread = nh * nh * (a2 - 1) + 1
    shade = nl * sqrt(nv * nv * (1 - a2) + a2) + nv * sqrt(nl * nl * (1 - a2) + a2)
    return a2 / (np.pi * spread * spread) * 0.5 / max(shade, 1e-6) * nl * (f0 + (1 - f0) * (1 - vh) ** 5)


@njit(cache=True, nogil=True, fastmath=FAST)
def _lit_by_beam(beam, px, py, pz, normal, albedo, roughness, specular, metallic, wet):
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
    power = cone * cone * (3 - 2 * cone) * axial**beam.vignetting / far2
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


@njit(cache=True, nogil=True, fastmath=FAST)
def shade(
    out, xs, ys, faces, frame, rays, table, albedo, emission, relief, atlas, beam, mode, max_taps, bias
):
    """Radiance of samples: out (N, 3) at picture coordinates xs, ys (N,) on facets faces (N,), -1 for none.

    rays (3, 3) float32: corner, across, down. mode: LOOK, ALBEDO, NORMAL or TEXELS.
    """
    for i in range(len(faces)):
        f = faces[i]
        if f < 0:
            out[i, 0] = out[i, 1] = out[i, 2] = np.float32(0)
            continue
        x, y, row, m, chart = xs[i], ys[i], frame[f], table.material[f], table.chart[f]
        reach = np.float32(1) / (row[0] + row[1] * x + row[2] * y)
        qu, qv = (row[4] + row[5] * x + row[6] * y) * reach, (row[8] + row[9] * x + row[10] * y) * reach
        u, v = row[3] + qu, row[7] + qv
        a = row[11] + (row[12] + row[13] * x + row[14] * y) * reach
        b = row[15] + (row[16] + row[17] * x + row[18] * y) * reach
        a, b = min(max(a, np.float32(0)), np.float32(1)), min(max(b, np.float32(0)), np.float32(1))
        ux, vx = reach * (row[5] - qu * row[1]), reach * (row[9] - qv * row[1])
        uy, vy = reach * (row[6] - qu * row[2]), reach * (row[10] - qv * row[2])
        base = _filtered(albedo, m, u, v, ux, vx, uy, vy, max_taps, bias)
        red, green, blue, wet = base[0], base[1], base[2], np.float32(0)
        if table.patina[chart, 2] >= 0:
            spot = table.patina[chart]
            factor = _spot(atlas.patina, spot[0] + a * spot[2], spot[1] + b * spot[3])
            scale = np.float32(1 / 200)
            red, green, blue = red * factor[0] * scale, green * factor[1] * scale, blue * factor[2] * scale
            wet = factor[3] * np.float32(1 / 255)
        if mode == ALBEDO:
            out[i, 0], out[i, 1], out[i, 2] = red, green, blue
            continue
        lr = lg = lb = np.float32(0)
        spot = table.light[chart]
        lx, ly = spot[0] + a * spot[2], spot[1] + b * spot[3]
        if spot[2] >= 0:
            light = _spot(atlas.steady, lx, ly)
            lr, lg, lb = light[0], light[1], light[2]
            for k in range(len(atlas.flicker)):
                weight = table.weight[chart, k]
                if weight > 0:
                    light = _spot(atlas.flicker[k], lx, ly)
                    lr, lg, lb = lr + weight * light[0], lg + weight * light[1], lb + weight * light[2]
        if mode == TEXELS:
            dim = np.float32(0.5) if (int(lx) + int(ly)) & 1 else np.float32(1)
            out[i, 0] = lr * table.colour[chart, 0] * dim
            out[i, 1] = lg * table.colour[chart, 1] * dim
            out[i, 2] = lb * table.colour[chart, 2] * dim
            continue
        if mode == NORMAL or beam.on:
            dent = _filtered(relief, m, u, v, ux, vx, uy, vy, 1, bias)
            normal = _bent_normal(table, f, row[19], dent)
            if mode == NORMAL:
                for d in range(3):
                    out[i, d] = np.float32(0.5 + 0.5 * normal[d])
                continue
        red_out, green_out, blue_out = red * lr, green * lg, blue * lb
        lamp = table.lamp[f]
        if lamp >= 0 and emission.levels[m] > 0:
            glow = _filtered(emission, m, u, v, ux, vx, uy, vy, max_taps, bias)
            peak = atlas.emission[m]
            red_out += glow[0] * peak * atlas.emitted[lamp, 0]
            green_out += glow[1] * peak * atlas.emitted[lamp, 1]
            blue_out += glow[2] * peak * atlas.emitted[lamp, 2]
        if beam.on:
            px = (rays[0, 0] + x * rays[1, 0] + y * rays[2, 0]) * reach
            py = (rays[0, 1] + x * rays[1, 1] + y * rays[2, 1]) * reach
            pz = (rays[0, 2] + x * rays[1, 2] + y * rays[2, 2]) * reach
            lit = _lit_by_beam(
                beam,
                px,
                py,
                pz,
                normal,
                (red, green, blue),
                dent[3],
                atlas.specular[m],
                atlas.metallic[m],
                wet,
            )
            red_out, green_out, blue_out = red_out + lit[0], green_out + lit[1], blue_out + lit[2]
        out[i, 0], out[i, 1], out[i, 2] = red_out, green_out, blue_out
