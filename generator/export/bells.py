"""Lamps in bells, as a file has them: the lens deep in a dark bell, since its light has no other way to be cut off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Level, Mesh, joined
from ..geometry.panels import panels
from ..surface.material import Material
from ..surface.palette import Role
from .fixtures import share_let_out

MOUTH_M = 0.03
"""What of a housing lies no further than this over or under a lens is the rim of its mouth."""
CLEAR = 0.985
"""The lining's radius at its upper end, of the housing's about it; at the mouth nothing shines past it."""
LINING_RUN = -(2**62) + 3
"""What ``Mesh.chart_run`` has for a bell's lining, which is black: it would shine on what the bell keeps dark."""
SAMPLES = 16
"""Places along a triangle's sides where a lens's glow is read."""


def lens_in_bells(level: Level, materials: tuple[Material, ...]) -> Level:
    """Draw lenses that shine as if from deep in a bell up into it, behind a dark lining; as much light leaves it.

    Our own lenses lie in the bell's mouth, where all can see them, and only their light is cut off.
    """
    lamps, meshes = level.lamps, list(level.instance_meshes)
    radiance, through = lamps.radiance.copy(), share_let_out(lamps)
    for k in range(len(meshes)):
        rows = level.instances.lamp[(level.instances.mesh == k) & (level.instances.lamp >= 0)]
        if not len(rows) or not lamps.recess[rows].any():
            continue
        meshes[k], area, share = _deep(level, meshes[k], materials, float(lamps.recess[rows[0]]))
        radiance[rows] *= (lamps.area_m2[rows] * through[rows] / (area * share))[:, None]
    return replace(level, lamps=replace(lamps, radiance=radiance), instance_meshes=tuple(meshes))


def _deep(level: Level, mesh: Mesh, materials: tuple[Material, ...], deep: float) -> tuple[Mesh, float, float]:
    """A lamp's mesh with its lens ``deep`` in its bell; the area that would shine as much evenly, and the share of its
    light that gets out of the mouth."""
    lens = level.palette.role[mesh.face_material] == Role.LENS
    shown = np.unique(mesh.faces[lens])
    middle = mesh.vertices[shown].mean(axis=0)
    rest = mesh.vertices[np.setdiff1d(np.arange(len(mesh.vertices)), shown)]
    away = np.hypot(*(rest - middle)[:, :2].T)
    height = np.unique(rest[:, 2])
    wide = np.array([away[rest[:, 2] == z].max() for z in height])
    mouth = wide[np.abs(height - middle[2]) < MOUTH_M].max()
    inner = CLEAR * float(np.interp(middle[2] + deep, height, wide))
    ring = mesh.vertices[shown] - middle
    ring = ring[np.argsort(np.arctan2(ring[:, 1], ring[:, 0]))]
    radius = float(np.hypot(ring[:, 0], ring[:, 1]).max())
    up = np.array([0.0, 0.0, deep])
    chart = np.unique(mesh.vertex_chart[shown])
    vertices, origin, along, aside = (a.copy() for a in (mesh.vertices, mesh.chart_origin, mesh.chart_u, mesh.chart_v))
    for places, which in ((vertices, shown), (origin, chart)):
        places[which] = middle + up + (inner / radius) * (places[which] - middle)
    along[chart] *= inner / radius
    aside[chart] *= inner / radius
    raised = replace(mesh, vertices=vertices, chart_origin=origin, chart_u=along, chart_v=aside)
    low, high = middle + ring * (mouth / radius), middle + up + ring * (inner / radius)
    onward, plain = np.roll(np.arange(len(ring)), -1), int(np.argmin([m.specular for m in materials]))
    lining = panels([([low[j], low[k], high[k], high[j]], plain) for k, j in enumerate(onward)])
    area, share = _glow(raised, lens, materials, middle, mouth * _roundness(ring[:, :2]))
    lining = replace(lining, chart_run=np.full(len(ring), LINING_RUN))
    return joined([raised, lining]), area, share


def tint_of(mesh: Mesh) -> NDArray[np.float32]:
    """(V, 3) what multiplies the albedo of a thing's mesh: 0 on linings."""
    lining = mesh.chart_run[mesh.vertex_chart] == LINING_RUN
    return np.where(lining[:, None], np.float32(0.0), np.ones((1, 3), np.float32))


def _glow(
    mesh: Mesh, lens: NDArray[np.bool_], materials: tuple[Material, ...], middle: NDArray[np.float64], mouth: float
) -> tuple[float, float]:
    """A lens's area times the mean of its material's glow; and the share of its light that gets out of a round mouth
    about ``middle`` (3,). Source: factor from an element to a disc parallel to it, Howell's catalogue, B-13."""
    faces = mesh.faces[lens]
    corner = mesh.vertices[faces]
    area = 0.5 * np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1)
    a, b = np.meshgrid(*[(np.arange(SAMPLES) + 0.5) / SAMPLES] * 2)
    a, b = (np.where(a + b > 1.0, 1.0 - side, side).reshape(-1) for side in (a, b))

    def between(values: NDArray) -> NDArray[np.float64]:
        along, aside = values[:, 1:2] - values[:, :1], values[:, 2:] - values[:, :1]
        return np.asarray(values[:, :1] + a[:, None] * along + b[:, None] * aside)

    material = materials[int(mesh.face_material[lens][0])]
    height, width = material.emission.shape[:2]
    period = between(mesh.uv[faces].astype(np.float64)) / np.array(material.size_m) % 1.0
    column, row = (period * [width, height]).astype(int).transpose(2, 0, 1)
    glow = material.emission[row % height, column % width].mean(axis=2) * (area / len(a))[:, None]
    x, y, h = (between(corner) - middle).transpose(2, 0, 1)
    off, reach = x * x + y * y, h * h - mouth * mouth
    out = 0.5 * (1.0 - (off + reach) / np.sqrt((off + h * h + mouth * mouth) ** 2 - 4.0 * mouth * mouth * off))
    return float(glow.sum()), float((glow * out).sum() / glow.sum())


def _roundness(ring: NDArray[np.float64]) -> float:
    """Radius of the disc that is as large as a polygon (N, 2) about the origin, of its own largest radius."""
    x, y = ring.T
    area = 0.5 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1)))
    return float(np.sqrt(area / np.pi) / np.hypot(x, y).max())
