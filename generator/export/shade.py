"""Colours at corners: the slow part of the patina, and the baked light, read from their atlases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Level, Mesh
from ..light.lightmap import Lightmap
from ..surface import patina
from ..surface.material import Patina

SLOW_M = 0.2
"""Texels of the slow patina: what a corner's colour can carry; harder edges become stains."""
FACTOR_ONE = 200
"""Code of a patina's factor 1."""


def slow_patina(level: Level, seed: int) -> Patina:
    """The building's patina at SLOW_M."""
    return patina(level.building, level, seed, np.full(len(level.building.chart_origin), SLOW_M))


def wear_at(patina: Patina, chart: NDArray[np.int64], chart_uv: NDArray[np.float64]) -> NDArray[np.float32]:
    """(N, 3) factors on linear albedo at places in charts."""
    out = _sampled(patina.factor, patina.chart_place, patina.chart_size, chart, chart_uv)
    return out / np.float32(FACTOR_ONE)


def light_at(lightmap: Lightmap, chart: NDArray[np.int64], chart_uv: NDArray[np.float64]) -> NDArray[np.float32]:
    """(N, 3) irradiance / pi at places in charts, failing lamps at full output."""
    light = _sampled(lightmap.steady, lightmap.chart_place, lightmap.chart_size, chart, chart_uv)
    for k, layer in enumerate(lightmap.flicker):
        rows = np.flatnonzero(lightmap.chart_lamp[chart, k] >= 0)
        light[rows] += _sampled(layer, lightmap.chart_place, lightmap.chart_size, chart[rows], chart_uv[rows])
    return light


def _sampled(
    image: NDArray, place: NDArray, size: NDArray, chart: NDArray[np.int64], chart_uv: NDArray[np.float64]
) -> NDArray[np.float32]:
    """(N, 3) values between an atlas's texels; 0 in charts that have none."""
    from .atlas_kernels import sample

    out = np.zeros((len(chart), 3), np.float32)
    sample(image, place, size, chart, chart_uv, out)
    return out


def chart_count(level: Level) -> int:
    """How many charts ``expand(level)`` has, and so its lightmap."""
    held = [len(mesh.chart_origin) for mesh in level.instance_meshes]
    return len(level.building.chart_origin) + sum(held[k] for k in level.instances.mesh)


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
