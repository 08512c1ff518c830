"""Hard-edged stains: where the patina changes faster than corners can follow, small masked pictures of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..geometry.footprints import SNAP_M
from ..geometry.level import Level, Mesh
from ..geometry.panels import rectangles
from ..plan.floorplan import CHUNK_M
from ..plan.floors import floor_at
from ..surface import patina
from ..surface.material import Material, Patina
from .baked_colours import BRIGHT, FITS, powered, whole_below_white
from .textures import srgb_codes, unseen_filled

FIND_M = 0.08
"""Texels on which stains are looked for."""
FOUND = 0.09
"""Deviation from the slow patina, a share of the albedo, that makes a stain at FIND_M."""
SHOWN = 0.06
"""Deviation at which the mask begins: an edge of 6 % is just seen on plain paper."""
FINEST_M = 0.008
OFF_M = 0.003
"""Stains hover this far off their wall: three steps of a 24-bit depth buffer at 30 m, near plane at 0.05 m."""
FOOT_M = 0.35
"""Dirt along the feet of walls is soft, and left to the corners."""
CHUNK_BUDGET_M2 = 24.0
"""Most stains in a chunk: the strongest first."""
LARGEST_PX = 4096
"""Side of the stains' texture; larger regions get coarser stains."""


@dataclass(frozen=True)
class Stains:
    """Decals: ``mesh`` of rectangles, ``parent`` (C,) the building's chart under each; texture (H, W, 4): linear
    colour and the mask, opaque where at least 0.5; texcoord (V, 2) in 0..1, row 0 of the texture at v = 0."""

    mesh: Mesh
    parent: NDArray[np.int64]
    texture: NDArray[np.float32]
    texcoord: NDArray[np.float32]


def stains(level: Level, slow: Patina, materials: tuple[Material, ...], seed: int) -> Stains | None:
    """The hard stains of walls and ceilings of a building whose slow patina is ``slow``; None where there are none.

    Carpet has none: its stains are soft, and its pile is finer than a stain's picture.
    """
    mesh = level.building
    pitch = np.where(level.palette.stains[mesh.chart_material], FIND_M, 0.0)
    coarse = patina(mesh, level, seed, pitch)
    chart, low, high, strength = apart(*_boxes(coarse, _deviation(coarse, slow), _foot(mesh, level.floor_m)))
    keep = _strongest(mesh, chart, low, high, strength)
    chart, low, high = chart[keep], low[keep], high[keep]
    if not len(chart):
        return None
    area = np.prod((high - low) * mesh.sides_m[chart], axis=1).sum()
    decals = _decals(mesh, chart, low, high)
    fine_m = max(FINEST_M, float(np.sqrt(area / (0.6 * LARGEST_PX**2))))
    fine = patina(decals, level, seed, np.full(len(chart), fine_m))
    texture = np.empty((*fine.factor.shape[:2], 4), np.float32)
    np.divide(fine.factor[..., :3], np.float32(200.0), out=texture[..., :3])
    _lay_pattern(texture[..., :3], fine, decals, materials, fine_m)
    away = _deviation(fine, slow, chart, low, high)
    np.clip(0.5 + (away - SHOWN) / (2 * SHOWN), 0.0, 1.0, out=texture[..., 3])
    return Stains(decals, chart, texture, _texcoords(fine, texture.shape))


def fitted_picture(
    decals: Stains, albedo: NDArray[np.float64], value: NDArray[np.float32], power: float | None
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The codes (H, W, 4) of the stains' picture, and COLOR_0 (V, 3) over it.

    power: None where both are plain; else of the picture's contrast, and ``value`` (V, 3) is what unstained surfaces
    of ``albedo`` (V, 3) show there: the picture is as bright as that asks for.
    """
    texture, alpha = decals.texture[..., :3], (decals.texture[..., 3:] * 255.0 + 0.5).astype(np.uint8)
    if power is None:
        return unseen_filled(np.concatenate([srgb_codes(texture), alpha], axis=2)), value
    bare = np.maximum(albedo, 1e-4) ** power
    seen = powered(texture[decals.texture[..., 3] > 0.5], power)
    top = np.percentile(seen, BRIGHT, axis=0) if len(seen) else np.ones(3)
    scale = np.maximum(1.0 / np.maximum(top, 1e-4), np.percentile(value / bare, FITS, axis=0))
    picture = whole_below_white(powered(texture, power) * scale.astype(np.float32))
    colour = whole_below_white(value / (bare * scale).astype(np.float32))
    return unseen_filled(np.concatenate([srgb_codes(picture), alpha], axis=2)), colour


def _deviation(
    fine: Patina, slow: Patina, parent: NDArray | None = None, low: NDArray | None = None, high: NDArray | None = None
) -> NDArray[np.float32]:
    """(H, W) largest difference of factors between two patinas of the same charts, or of parts ``low`` to ``high``
    (C, 2) of charts ``parent`` (C,)."""
    from .atlas_kernels import deviation

    count = len(fine.chart_size)
    out = np.zeros(fine.factor.shape[:2], np.float32)
    deviation(
        fine.chart_size, fine.chart_place, fine.factor,
        np.arange(count) if parent is None else parent,
        np.zeros((count, 2)) if low is None else low,
        np.ones((count, 2)) if high is None else high,
        slow.chart_size, slow.chart_place, slow.factor, out,
    )  # fmt: skip
    return out


def _boxes(
    coarse: Patina, deviation: NDArray[np.float32], foot: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray, NDArray, NDArray]:
    """Of each stain: chart (S,), the part of it, low and high (S, 2) in 0..1, and the strongest deviation (S,).

    foot (C,): where along v a chart's stains may begin.
    """
    from .atlas_kernels import outline

    owner = np.full(deviation.shape, -1, np.int32)
    found = np.zeros(deviation.shape, bool)
    outline(coarse.chart_size, coarse.chart_place, foot, deviation, np.float32(FOUND), owner, found)
    label, count = ndimage.label(found, structure=np.ones((3, 3)))
    box = np.array([[x.start, y.start, x.stop - 1, y.stop - 1] for y, x in ndimage.find_objects(label)]).reshape(-1, 4)
    chart, strength = np.zeros(count, np.int64), np.zeros(count, np.float32)
    texel = np.flatnonzero(found)
    which = label.ravel()[texel] - 1
    chart[which] = owner.ravel()[texel]
    np.maximum.at(strength, which, deviation.ravel()[texel])
    first, steps = coarse.chart_place[chart], coarse.chart_size[chart] - 1
    low = np.clip((box[:, :2] - 1.5 - first) / steps, 0.0, 1.0)
    high = np.clip((box[:, 2:] + 1.5 - first) / steps, 0.0, 1.0)
    return chart, low, high, strength


def apart(
    chart: NDArray[np.int64], low: NDArray, high: NDArray, strength: NDArray
) -> tuple[NDArray[np.int64], NDArray, NDArray, NDArray]:
    """Stains whose rectangles meet as one, until none do: two in one place would shade each other.

    As ``_boxes`` gives them: chart (S,), low and high (S, 2) in 0..1, strength (S,).
    """
    count = -1
    while count != len(chart):
        count, shift = len(chart), 2.0 * chart
        box = shapely.box(low[:, 0] + shift, low[:, 1], high[:, 0] + shift, high[:, 1])
        first, second = shapely.STRtree(box).query(box, predicate="intersects")
        meet = coo_matrix((np.ones(len(first)), (first, second)), (count, count))
        _, group = connected_components(meet, directed=False)
        order = np.argsort(group, kind="stable")
        start = np.flatnonzero(np.diff(group[order], prepend=-1))
        chart = chart[order[start]]
        low, high = np.minimum.reduceat(low[order], start), np.maximum.reduceat(high[order], start)
        strength = np.maximum.reduceat(strength[order], start)
    return chart, low, high, strength


def _foot(mesh: Mesh, floor_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """(C,) the share of each upright chart that lies less than FOOT_M over the floor before it."""
    rise = mesh.chart_v[:, 2]
    front = mesh.chart_origin + 0.5 * mesh.chart_u + SNAP_M * mesh.chart_normal
    share = (FOOT_M - (mesh.chart_origin[:, 2] - floor_at(floor_m, front[:, :2]))) / np.where(rise > 1e-6, rise, 1.0)
    return np.where(rise > 1e-6, np.clip(share, 0.0, 1.0), 0.0)


def _strongest(mesh: Mesh, chart: NDArray, low: NDArray, high: NDArray, strength: NDArray) -> NDArray[np.int64]:
    """The stains that each chunk of the world can hold, in their own order."""
    area = np.prod((high - low) * mesh.sides_m[chart], axis=1)
    middle = mesh.chart_origin[chart] + 0.5 * (mesh.chart_u[chart] + mesh.chart_v[chart])
    chunk = np.floor(middle[:, :2] / CHUNK_M).astype(np.int64)
    keep = []
    for place in np.unique(chunk, axis=0):
        rows = np.flatnonzero((chunk == place).all(axis=1))
        rows = rows[np.argsort(-strength[rows], kind="stable")]
        keep.append(rows[np.cumsum(area[rows]) <= CHUNK_BUDGET_M2])
    return np.sort(np.concatenate(keep)) if keep else np.zeros(0, np.int64)


def _decals(mesh: Mesh, chart: NDArray[np.int64], low: NDArray, high: NDArray) -> Mesh:
    """Rectangles over parts of charts, with their texture coordinates, material and run."""
    u, v = mesh.chart_u[chart], mesh.chart_v[chart]
    corner = mesh.chart_origin[chart] + low[:, :1] * u + low[:, 1:] * v
    corner += OFF_M * mesh.chart_normal[chart]
    span = high - low
    plain = rectangles(corner, span[:, :1] * u, span[:, 1:] * v, mesh.chart_material[chart])
    last = np.zeros(len(mesh.chart_origin), np.int64)
    last[mesh.vertex_chart] = np.arange(len(mesh.vertices))
    vertex = last[chart]
    start = mesh.uv[vertex] + (low - mesh.chart_uv[vertex]) * mesh.sides_m[chart]
    uv = plain.uv + start[plain.vertex_chart]
    return Mesh(**{**vars(plain), "uv": uv.astype(np.float32), "chart_run": mesh.chart_run[chart]})


def _lay_pattern(
    out: NDArray[np.float32], fine: Patina, decals: Mesh, materials: tuple[Material, ...], pitch_m: float
) -> None:
    """Multiply ``out`` (H, W, 3) by the repeating albedo under the decals, as fine as their texels, guards included."""
    small = {k: _shrunk(materials[k], pitch_m) for k in np.unique(decals.chart_material)}
    for c, ((i, j), (nu, nv)) in enumerate(zip(fine.chart_place, fine.chart_size, strict=True)):
        k = decals.chart_material[c]
        size, image = np.array(materials[k].size_m), small[k]
        first, last = decals.uv[4 * c] / size, decals.uv[4 * c + 2] / size
        u = first[0] + (last[0] - first[0]) * np.arange(-1, nu + 1) / (nu - 1)
        v = first[1] + (last[1] - first[1]) * np.arange(-1, nv + 1) / (nv - 1)
        column = np.floor(u * image.shape[1]).astype(np.int64) % image.shape[1]
        row = np.floor(-v * image.shape[0]).astype(np.int64) % image.shape[0]
        out[j - 1 : j + nv + 1, i - 1 : i + nu + 1] *= image[row[:, None], column]


def _shrunk(material: Material, pitch_m: float) -> NDArray[np.float32]:
    """A material's albedo averaged over blocks of about ``pitch_m``."""
    image = material.albedo
    step = max(1, round(pitch_m / (material.size_m[0] / image.shape[1])))
    rows, columns = image.shape[0] // step * step, image.shape[1] // step * step
    lines = image[:rows, :columns].reshape(rows // step, step, -1).sum(axis=1)
    return lines.reshape(rows // step, columns // step, step, 3).sum(axis=2) / np.float32(step * step)


def _texcoords(fine: Patina, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """(V, 2) of the rectangles' corners in the texture."""
    corner = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    texel = fine.chart_place[:, None] + corner * (fine.chart_size[:, None] - 1) + 0.5
    return (texel / [shape[1], shape[0]]).reshape(-1, 2).astype(np.float32)
