"""What the camera's meter sees: the expected light of a level, over its surfaces or through a lens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..camera.exposure import LUMINANCE
from ..camera.shot import Lens, Pose
from ..geometry.level import Level, joined
from ..geometry.panels import rectangles
from ..render.lamp import CameraLamp
from ..render.view import view_of
from .shade import area_samples

GRID = (80, 60)
"""Columns and rows that are metered."""
DARK = 0.08
"""Places below this share of the brightest (95 of 100) count as unlit."""
REACH_M = 15.0
"""Lamps further away are left out."""
OFF_M = 0.005
"""Shadow rays start this far off their surface and end this far before their lamp."""


class Meter:
    """A level to be metered: its building and lenses as Embree sees them, and its light.

    Its light is what the lamps should give: their direct light with its shadows, and an even bounce.
    albedo (M, 3): of the level's materials.
    """

    def __init__(self, level: Level, albedo: NDArray[np.float64]) -> None:
        from embreex.mesh_construction import TriangleMesh
        from embreex.rtcore_scene import EmbreeScene

        self._level, self._albedo = level, albedo
        lamps = level.lamps
        corner, plain = lamps.center - lamps.half_u - lamps.half_v, np.zeros(len(lamps.center), np.int16)
        mesh = joined([level.building, rectangles(corner, 2 * lamps.half_u, 2 * lamps.half_v, plain)])
        self._tracer = EmbreeScene()
        TriangleMesh(self._tracer, mesh.vertices.astype(np.float32), mesh.faces)
        chart, uv = area_samples(level.building, GRID[0] * GRID[1])
        self._spread = chart, uv
        shine = albedo[level.building.chart_material[chart]]
        rho = np.minimum(shine.mean(axis=0), 0.95)
        self._bounce = (self._direct(chart, uv) * shine).mean(axis=0) / (1.0 - rho)

    def over_surfaces(self) -> NDArray[np.float32]:
        """(60, 80, 3) radiance of places spread evenly over the building, of the lit ones alone: dark districts do not
        open the iris of the whole file."""
        seen = self._seen(*self._spread)
        bright = seen @ LUMINANCE
        lit = np.flatnonzero(bright >= DARK * np.percentile(bright, 95))
        rows = lit[np.arange(len(seen)) * len(lit) // len(seen)]
        return seen[rows].reshape(GRID[1], GRID[0], 3).astype(np.float32)

    def through_lens(self, pose: Pose, lens: Lens, lamp: CameraLamp | None = None) -> NDArray[np.float32]:
        """(60, 80, 3) radiance of the building and its lamps' lenses from a pose, lit by a ``lamp`` on the camera too;
        black where nothing is hit."""
        view, walls = view_of(self._level.origin, pose, lens, GRID), self._level.building
        y, x = (np.mgrid[: GRID[1], : GRID[0]] + 0.5).reshape(2, -1, 1)
        way = (view.corner + x * view.across + y * view.down).astype(np.float32)
        hit = self._tracer.run(np.tile(view.eye, (len(way), 1)).astype(np.float32), way, output=1)
        face, (b, c) = hit["primID"], (hit["u"], hit["v"])
        seen = np.zeros((len(way), 3))
        on_wall = np.flatnonzero((face >= 0) & (face < len(walls.faces)))
        corner = walls.faces[face[on_wall]]
        weight = np.stack([1.0 - b - c, b, c], axis=1)[on_wall]
        uv = (weight[..., None] * walls.chart_uv[corner]).sum(axis=1)
        chart = walls.vertex_chart[corner[:, 0]].astype(np.int64)
        seen[on_wall] = self._seen(chart, uv)
        if lamp is not None:
            ray = hit["tfar"][on_wall, None] * way[on_wall].astype(np.float64)
            albedo = self._albedo[walls.chart_material[chart]]
            seen[on_wall] += albedo / np.pi * _beamed(lamp, ray, view.forward, walls.chart_normal[chart])
        on_lens = np.flatnonzero(face >= len(walls.faces))
        seen[on_lens] = self._level.lamps.radiance[(face[on_lens] - len(walls.faces)) // 2]
        return seen.reshape(GRID[1], GRID[0], 3).astype(np.float32)

    def _seen(self, chart: NDArray[np.int64], uv: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, 3) radiance of places in charts of the building."""
        light = self._direct(chart, uv) + self._bounce
        return light * self._albedo[self._level.building.chart_material[chart]]

    def _direct(self, chart: NDArray[np.int64], uv: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, 3) irradiance / pi straight from lamps, each as one small source, with shadows."""
        from scipy.spatial import cKDTree

        walls, lamps = self._level.building, self._level.lamps
        out, lit = np.zeros((len(chart), 3)), np.flatnonzero(lamps.radiance.max(axis=1) > 0)
        if not len(lit) or not len(chart):
            return out
        normal = walls.chart_normal[chart].astype(np.float64)
        place = walls.chart_origin[chart] + uv[:, :1] * walls.chart_u[chart] + uv[:, 1:] * walls.chart_v[chart]
        near = cKDTree(lamps.center[lit]).query_ball_point(place, REACH_M)
        at = np.repeat(np.arange(len(place)), [len(found) for found in near])
        lamp = lit[np.concatenate([np.asarray(found, np.int64) for found in near])]
        start = place[at] + OFF_M * normal[at]
        way = lamps.center[lamp] - start
        far = np.linalg.norm(way, axis=1)
        way /= far[:, None]
        onto, out_of = (way * normal[at]).sum(axis=1), -(way * lamps.normal[lamp]).sum(axis=1)
        facing = np.maximum(onto, 0.0) * np.maximum(out_of, 0.0)
        rays = np.flatnonzero(facing > 0)
        hit = self._tracer.run(start[rays].astype(np.float32), way[rays].astype(np.float32), output=1)
        free = rays[(hit["primID"] < 0) | (hit["tfar"] > far[rays] - 2 * OFF_M) | (hit["primID"] >= len(walls.faces))]
        area = lamps.area_m2[lamp[free]]
        given = lamps.radiance[lamp[free]] * (area * facing[free] / (np.pi * far[free] ** 2))[:, None]
        np.add.at(out, at[free], given)
        return out


def _beamed(lamp: CameraLamp, ray: NDArray, forward: NDArray, normal: NDArray) -> NDArray[np.float64]:
    """(N, 3) irradiance from a camera's lamp, taken to sit in its eye, at the ends of rays (N, 3) in metres."""
    far = np.linalg.norm(ray, axis=1)
    axial, onto = ray @ forward / far, -(ray * normal).sum(axis=1) / far
    low, high = np.cos(lamp.outer), np.cos(lamp.inner)
    cone = np.clip((axial - low) / (high - low), 0.0, 1.0)
    power = cone**2 * (3.0 - 2.0 * cone) * np.abs(axial) ** lamp.vignetting * np.maximum(onto, 0.0) / far**2
    return power[:, None] * np.array(lamp.intensity)
