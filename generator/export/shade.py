"""Colours at corners: the slow part of the patina, and the baked light, read from their atlases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..build.level import Level, Mesh
from ..light.lightmap import Lightmap
from ..scene.look import LookSettings
from ..surface import patina
from ..surface.material import Patina

SLOW_M = 0.2
"""Texels of the slow patina: what a corner's colour can carry; harder edges become stains."""
AGEING = ("wallpaper", "carpet", "ceiling")
"""First parts of the names of materials that age enough to need corners of their own."""


def ages(materials: tuple[str, ...]) -> NDArray[np.bool_]:
    """(M,) which materials show their age."""
    return np.array([name.partition("/")[0] in AGEING for name in materials], bool)


def slow_patina(level: Level, look: LookSettings, seed: int) -> Patina:
    """The building's patina at SLOW_M."""
    return patina(level.building, level, look, seed, np.full(len(level.building.chart_origin), SLOW_M))


def wear_at(patina: Patina, chart: NDArray[np.int64], chart_uv: NDArray[np.float64]) -> NDArray[np.float32]:
    """(N, 3) factors on linear albedo at places in charts."""
    return sampled(patina.factor, patina.chart_place, patina.chart_size, chart, chart_uv) / np.float32(200.0)


def light_at(lightmap: Lightmap, chart: NDArray[np.int64], chart_uv: NDArray[np.float64]) -> NDArray[np.float32]:
    """(N, 3) irradiance / pi at places in charts, failing lamps at full output."""
    light = sampled(lightmap.steady, lightmap.chart_place, lightmap.chart_size, chart, chart_uv)
    for k, layer in enumerate(lightmap.flicker):
        rows = np.flatnonzero(lightmap.chart_lamp[chart, k] >= 0)
        light[rows] += sampled(layer, lightmap.chart_place, lightmap.chart_size, chart[rows], chart_uv[rows])
    return light


def sampled(
    image: NDArray, place: NDArray, size: NDArray, chart: NDArray[np.int64], chart_uv: NDArray[np.float64]
) -> NDArray[np.float32]:
    """(N, 3) values between an atlas's texels; 0 in charts that have none."""
    span = np.maximum(size[chart] - 1, 0)
    at = place[chart] + np.clip(chart_uv, 0.0, 1.0) * span
    low = np.clip(at.astype(np.int64), 0, np.array(image.shape[1::-1]) - 2)
    a, b = (at - low).astype(np.float32).T[..., None]
    x, y = low.T
    flat, wide = image.reshape(-1, image.shape[-1]), image.shape[1]
    row = y * wide + x
    near, far = (flat[row + k, :3] * (1 - a) + flat[row + k + 1, :3] * a for k in (0, wide))
    made = np.asarray((size[chart] > 0).all(axis=1))[:, None]
    return np.where(made, near * (1 - b) + far * b, 0.0).astype(np.float32)


def area_samples(mesh: Mesh, count: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """``count`` places spread evenly over a mesh's area: chart (N,) and chart_uv (N, 2)."""
    corner = mesh.vertices[mesh.faces]
    area = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1)
    edge = np.cumsum(area)
    step = (np.arange(count) + 0.5) / count
    face = np.minimum(np.searchsorted(edge, step * edge[-1]), len(area) - 1)
    r = np.sqrt((np.arange(count) * 0.7548776662466927) % 1.0)
    s = (np.arange(count) * 0.5698402909980532) % 1.0
    weight = np.stack([1 - r, r * (1 - s), r * s], axis=1)
    uv = np.einsum("nk,nkd->nd", weight, mesh.chart_uv[mesh.faces[face]].astype(np.float64))
    return mesh.vertex_chart[mesh.faces[face, 0]].astype(np.int64), uv
