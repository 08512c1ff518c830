"""Where on the charts light is computed: vertex-centred grids, off the surface and a little off the borders."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..geometry.level import Mesh
from ..kernel_options import ENTRY, INNER
from .bends import Bends, bent_normal
from .threads import in_threads
from .visibility.occluders import chart_faces, full_charts

LIFT_M = 0.002
"""Samples stand this far off their surface, so that it does not shade itself."""
INSET_M = 0.004
"""Samples of a chart's border stand this far inside it, clear of the wall that may rise there."""

ROUNDING = 1e-6
"""Lengths nearer to one another than this are equal: a place has other coordinates in another window."""


@dataclass(frozen=True)
class Samples:
    """Grids on some charts.

    chart (K,) int64; size (K, 2) int32 samples along u and v; start (K + 1,) int64 into position (N, 3), rows
    of u first: sample (a, b) of chart k is ``start[k] + b * size[k, 0] + a``.
    """

    chart: NDArray[np.int64]
    size: NDArray[np.int32]
    start: NDArray[np.int64]
    position: NDArray[np.float64]


def grid_size(
    mesh: Mesh, chart: NDArray[np.int64], pitch: float | NDArray[np.float64], thin: float | NDArray[np.float64] = 0.0
) -> NDArray[np.int32]:
    """Samples along u and v (K, 2) about ``pitch`` metres, a number or (K, 2), apart, at least 2; 1 along sides up to
    ``thin`` metres, a number or (K, 1)."""
    lengths = mesh.sides_m[chart]
    return (np.maximum(lengths > thin + ROUNDING, pieces(lengths, pitch)) + 1).astype(np.int32)


def pieces(length: NDArray[np.float64], pitch: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """How many pieces about ``pitch`` metres long lengths are cut into; no rounding of a length may change it."""
    return np.rint(np.round(length / pitch, 6))


def sample_charts(mesh: Mesh, chart: NDArray[np.int64], size: NDArray[np.int32], centred: bool = False) -> Samples:
    """The samples of the given charts; off a chart's faces, the nearest point on them stands in.

    centred: at the middles of ``size`` equal pieces of each chart, not from border to border.
    """
    count = size[:, 0].astype(np.int64) * size[:, 1]
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    size = size.astype(np.int32)
    position = np.empty((start[-1], 3))
    asked = np.zeros(len(mesh.chart_origin), np.bool_)
    asked[chart] = True
    own = replace(mesh, faces=mesh.faces[asked[mesh.vertex_chart[mesh.faces[:, 0]]]])
    first, order = chart_faces(own)
    full = full_charts(own)
    columns = (mesh.chart_origin, mesh.chart_u, mesh.chart_v, mesh.chart_normal.astype(np.float64), full)

    def task(k0: int, k1: int) -> None:
        _place(k0, k1, chart, size, start, columns, first, order, own.vertices, own.faces, centred, position)

    in_threads(task, len(chart), 512)
    return Samples(chart, size, start, position)


def picked_samples(samples: Samples, value: NDArray, keep: NDArray[np.bool_]) -> tuple[Samples, NDArray]:
    """The samples and values (N, ...) of those charts (K,) that are kept."""
    first, count = samples.start[:-1][keep], np.diff(samples.start)[keep]
    start = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    rows = np.repeat(first - start[:-1], count) + np.arange(start[-1])
    return Samples(samples.chart[keep], samples.size[keep], start, samples.position[rows]), value[rows]


def dual_sides(u: NDArray[np.float64], v: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What gives, times the way from a chart's origin, its shares along sides u and v (K, 3)."""
    uu, vv, uv = (u * u).sum(axis=1)[:, None], (v * v).sum(axis=1)[:, None], (u * v).sum(axis=1)[:, None]
    det = uu * vv - uv * uv
    return (u * vv - v * uv) / det, (v * uu - u * uv) / det


def chart_shares(mesh: Mesh, samples: Samples) -> NDArray[np.float64]:
    """Where along u and v of their charts, as shares (N, 2), samples stand."""
    u, v = mesh.chart_u[samples.chart], mesh.chart_v[samples.chart]
    dual = np.stack(dual_sides(u, v), axis=1)
    row = np.repeat(np.arange(len(samples.chart)), np.diff(samples.start))
    way = samples.position - mesh.chart_origin[samples.chart][row]
    share: NDArray[np.float64] = (dual[row] * way[:, None]).sum(axis=2)
    return share


def sample_normals(mesh: Mesh, bends: Bends, samples: Samples) -> NDArray[np.float64]:
    """(N, 3) the normal at each sample: its chart's, or where this turns, that between its corners."""
    normal = np.repeat(mesh.chart_normal[samples.chart].astype(np.float64), np.diff(samples.start), axis=0)
    _bend(samples.size, samples.start, bends.row[samples.chart], bends.corner, normal)
    return normal


def joined_samples(groups: list[tuple[Samples, NDArray]]) -> tuple[Samples, NDArray]:
    """Groups of samples and values as one, in the order of their charts."""
    chart = np.concatenate([g.chart for g, _ in groups])
    size = np.concatenate([g.size for g, _ in groups])
    count = size.astype(np.int64).prod(axis=1)
    first = np.cumsum(count) - count
    order = np.argsort(chart, kind="stable")
    start = np.concatenate([[0], np.cumsum(count[order])]).astype(np.int64)
    rows = np.repeat(first[order] - start[:-1], count[order]) + np.arange(start[-1])
    position = np.concatenate([g.position for g, _ in groups])[rows]
    return Samples(chart[order], size[order], start, position), np.concatenate([v for _, v in groups])[rows]


@njit(**ENTRY)
def _place(k0, k1, chart, size, start, columns, first, order, vertices, faces, centred, position):
    """Positions of the samples of charts k0 to k1."""
    origin, side_u, side_v, normal, full = columns
    for k in range(k0, k1):
        c = chart[k]
        nu, nv = size[k]
        edge_u, edge_v = inset_share(side_u[c], INSET_M), inset_share(side_v[c], INSET_M)
        for b in range(nv):
            fv = min(max(_share(b, nv, centred), edge_v), 1.0 - edge_v)
            for a in range(nu):
                fu = min(max(_share(a, nu, centred), edge_u), 1.0 - edge_u)
                p = position[start[k] + b * nu + a]
                for d in range(3):
                    p[d] = origin[c, d] + fu * side_u[c, d] + fv * side_v[c, d]
                if not full[c]:
                    _pull_onto_faces(p, first[c], first[c + 1], order, vertices, faces)
                for d in range(3):
                    p[d] += LIFT_M * normal[c, d]


@njit(**INNER)
def inset_share(side, inset):
    """How far in samples are drawn, ``inset`` metres or a quarter at most, as a share of a chart's side."""
    return min(inset / np.sqrt(side[0] * side[0] + side[1] * side[1] + side[2] * side[2]), 0.25)


@njit(**INNER)
def share_along(k, n):
    """Where sample k of n belongs along a side of length 1, though it may stand a little inside."""
    return k / (n - 1) if n > 1 else 0.5


@njit(**ENTRY)
def _bend(size, start, row, corner, normal):
    """Write the normals (N, 3) of the samples of charts whose normals turn."""
    for k in range(len(size)):
        nu, nv = size[k]
        for s in range(start[k], start[k + 1] if row[k] >= 0 else start[k]):
            a, b = (s - start[k]) % nu, (s - start[k]) // nu
            x, y, z = bent_normal(corner[row[k]], share_along(a, nu), share_along(b, nv))
            normal[s, 0], normal[s, 1], normal[s, 2] = x, y, z


@njit(**INNER)
def _share(k, n, centred):
    """Where sample k of n stands along a side of length 1."""
    return (k + 0.5) / n if centred or n == 1 else k / (n - 1)


@njit(**INNER)
def _pull_onto_faces(p, f0, f1, order, vertices, faces):
    """Move p to the point nearest to it on some faces of its plane, drawn INSET_M towards the middle of its face."""
    best, nearest, v, w = np.inf, faces[order[f0]], 0.0, 0.0
    for f in range(f0, f1):
        face = faces[order[f]]
        d, face_v, face_w = _nearest_on_triangle(p, face, vertices)
        if d < best:
            best, nearest, v, w = d, face, face_v, face_w
        if d < 1e-12:
            break
    i, j, k = nearest
    far = 0.0
    for d in range(3):
        a, b, c = vertices[i, d], vertices[j, d], vertices[k, d]
        p[d] = a + v * (b - a) + w * (c - a)
        far += ((a + b + c) / 3.0 - p[d]) ** 2
    if best < 1e-12:
        return
    step = min(1.0, INSET_M / max(np.sqrt(far), 1e-9))
    for d in range(3):
        p[d] += step * ((vertices[i, d] + vertices[j, d] + vertices[k, d]) / 3.0 - p[d])


@njit(**INNER)
def _nearest_on_triangle(p, face, vertices):
    """Squared distance of the point nearest to p, and its shares of the sides from the first corner.

    Source: Ericson, Real-Time Collision Detection, 2005, 5.1.5.
    """
    i, j, k = face
    bb = bc = cc = pb = pc = 0.0
    for d in range(3):
        b, c, q = vertices[j, d] - vertices[i, d], vertices[k, d] - vertices[i, d], p[d] - vertices[i, d]
        bb, bc, cc, pb, pc = bb + b * b, bc + b * c, cc + c * c, pb + q * b, pc + q * c
    v, w = _shares(pb, pc, pb - bb, pc - bc, pb - bc, pc - cc)
    away = 0.0
    for d in range(3):
        a = vertices[i, d]
        away += (a + v * (vertices[j, d] - a) + w * (vertices[k, d] - a) - p[d]) ** 2
    return away, v, w


@njit(**INNER)
def _shares(d1, d2, d3, d4, d5, d6):
    """As in ``_nearest_on_triangle``, of Ericson's products: the sides times the ways from each corner to p."""
    if d1 <= 0.0 and d2 <= 0.0:
        return 0.0, 0.0
    if d3 >= 0.0 and d4 <= d3:
        return 1.0, 0.0
    vc = d1 * d4 - d3 * d2
    if vc <= 0.0 and d1 >= 0.0 and d3 <= 0.0:
        return d1 / (d1 - d3), 0.0
    if d6 >= 0.0 and d5 <= d6:
        return 0.0, 1.0
    vb = d5 * d2 - d1 * d6
    if vb <= 0.0 and d2 >= 0.0 and d6 <= 0.0:
        return 0.0, d2 / (d2 - d6)
    va = d3 * d6 - d5 * d4
    if va <= 0.0 and d4 - d3 >= 0.0 and d5 - d6 >= 0.0:
        t = (d4 - d3) / ((d4 - d3) + (d5 - d6))
        return 1.0 - t, t
    whole = va + vb + vc
    return vb / whole, vc / whole
