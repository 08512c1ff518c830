"""Radiance of a lightmap along rays, by the plainest means: the reference's counterpart, no renderer of ours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter

from generator.camera.shot import Lens, Pose
from generator.geometry.level import Level, expand
from generator.light.lightmap import Lightmap


def lightmap_picture(
    level: Level, lightmap: Lightmap, albedo: NDArray[np.float64], pose: Pose, lens: Lens, size: tuple[int, int], n: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Linear radiance (H, W, 3) from n x n rays a pixel with all lamps at full output, lenses too; and lens pixels
    (H, W) with those beside them."""
    import trimesh

    mesh, face_lamp = expand(level)
    caster = trimesh.ray.ray_pyembree.RayMeshIntersector(
        trimesh.Trimesh(mesh.vertices, mesh.faces, process=False), scale_to_box=False
    )
    rays = _rays(pose, lens, size, n)
    origin = np.broadcast_to(np.array(pose.position), rays.shape)
    points, ray, face = caster.intersects_location(origin, rays, multiple_hits=False)
    color = np.zeros(rays.shape)
    color[ray] = lightmap_at(level, lightmap, face, points) * albedo[mesh.face_material[face]]
    lens_seen = np.zeros(len(rays), bool)
    lens_seen[ray] = face_lamp[face] >= 0
    color[lens_seen] += level.lamps.radiance[face_lamp[face][face_lamp[face] >= 0]]
    shape = (size[1], size[0], n * n)
    return color.reshape(*shape, 3).mean(axis=2), maximum_filter(lens_seen.reshape(shape).any(axis=2), 3)


def lightmap_at(
    level: Level, lightmap: Lightmap, face: NDArray[np.int64], point: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Irradiance / pi (N, 3), bilinear, at points (N, 3) on faces (N,) of the expanded level; all lamps full on."""
    mesh, _ = expand(level)
    chart = mesh.vertex_chart[mesh.faces[face, 0]]
    a, b = chart_coordinates(mesh, chart, point)
    size, place = lightmap.chart_size[chart], lightmap.chart_place[chart]
    x, y = a * (size[:, 0] - 1), b * (size[:, 1] - 1)
    i, j = np.clip(x.astype(int), 0, size[:, 0] - 2), np.clip(y.astype(int), 0, size[:, 1] - 2)
    fx, fy = (x - i)[:, None], (y - j)[:, None]
    image = lightmap.steady + (lightmap.flicker.sum(axis=0) if len(lightmap.flicker) else 0.0)
    col, row = place[:, 0] + i, place[:, 1] + j
    low = image[row, col] * (1 - fx) + image[row, col + 1] * fx
    high = image[row + 1, col] * (1 - fx) + image[row + 1, col + 1] * fx
    return low * (1 - fy) + high * fy


def chart_coordinates(mesh, chart: NDArray[np.int64], point: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """Chart coordinates (N,), (N,) in 0..1 of points on rectangular charts."""
    way = point - mesh.chart_origin[chart]
    sides = mesh.chart_u[chart], mesh.chart_v[chart]
    a, b = (np.clip((way * s).sum(axis=1) / (s * s).sum(axis=1), 0.0, 1.0) for s in sides)
    return a, b


def _rays(pose: Pose, lens: Lens, size: tuple[int, int], n: int) -> NDArray[np.float64]:
    """Directions (H * W * n * n, 3) through the middles of an even grid in every pixel."""
    ahead = np.array([np.cos(pose.yaw) * np.cos(pose.pitch), np.sin(pose.yaw) * np.cos(pose.pitch), np.sin(pose.pitch)])
    right = np.array([np.sin(pose.yaw), -np.cos(pose.yaw), 0.0])
    up = np.cross(right, ahead)
    reach = np.tan(lens.fov / 2)
    part = (np.arange(n) + 0.5) / n
    x = ((np.arange(size[0])[:, None] + part) / size[0] * 2 - 1) * reach
    y = (1 - (np.arange(size[1])[:, None] + part) / size[1] * 2) * reach * size[1] / size[0]
    xx = np.broadcast_to(x[None, :, None, :], (size[1], size[0], n, n)).reshape(-1, 1)
    yy = np.broadcast_to(y[:, None, :, None], (size[1], size[0], n, n)).reshape(-1, 1)
    return ahead + xx * right + yy * up


def block_errors(
    ours: NDArray[np.float64], theirs: NDArray[np.float64], left_out: NDArray[np.bool_], side: int = 8
) -> NDArray[np.float64]:
    """Relative errors (blocks,) of blocks' mean radiance, floor 2 % of the median; left-out pixels count nowhere."""
    weight = (~left_out)[..., None].astype(float)
    h, w = ours.shape[:2]

    def blocks(image: NDArray) -> NDArray:
        return image.reshape(h // side, side, w // side, side, -1).sum(axis=(1, 3))

    count = blocks(weight)
    used = count[..., 0] >= side * side / 4
    a, b = (blocks(image * weight)[used].mean(axis=-1) / count[used][:, 0] for image in (ours, theirs))
    return np.abs(a - b) / np.maximum(b, 0.02 * np.median(b))
