"""Flat rectangles as a level, for the tests of the patina."""

from __future__ import annotations

import numpy as np

from generator.geometry.level import Instances, Lamps, Level, Mesh
from generator.places.level0.surfaces.catalogue import SURFACES
from generator.surface import Ageing, palette_of

NAMES = tuple(SURFACES)
AGE = Ageing(0.25, 0.3, 0.2, 2.0)


def rectangles(charts: list[dict]) -> Mesh:
    """A mesh of one quad per chart: origin, u, v (3,), material, run, and uv, the texture's u at the origin."""
    n = len(charts)
    origin, along, up = (np.array([c[key] for c in charts], float) for key in ("origin", "u", "v"))
    ab = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    normal = np.cross(along, up)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    vertices = origin[:, None] + ab[None, :, :1] * along[:, None] + ab[None, :, 1:] * up[:, None]
    uv = ab * np.stack([np.linalg.norm(along, axis=1), np.linalg.norm(up, axis=1)], 1)[:, None]
    uv[..., 0] += np.array([c.get("uv", 0.0) for c in charts])[:, None]
    quad = np.array([[0, 1, 2], [0, 2, 3]])
    material = np.array([NAMES.index(c["material"]) for c in charts], np.int16)
    return Mesh(
        vertices=vertices.reshape(-1, 3),
        normals=np.repeat(normal, 4, 0).astype(np.float32),
        uv=uv.reshape(-1, 2).astype(np.float32),
        faces=(quad + 4 * np.arange(n)[:, None, None]).reshape(-1, 3).astype(np.int32),
        face_material=np.repeat(material, 2),
        vertex_chart=np.repeat(np.arange(n), 4).astype(np.int32),
        chart_uv=np.tile(ab, (n, 1)).astype(np.float32),
        chart_origin=origin,
        chart_u=along,
        chart_v=up,
        chart_normal=normal.astype(np.float32),
        chart_material=material,
        chart_run=np.array([c.get("run", 0) for c in charts], np.int64),
    )


def level_of(mesh: Mesh, origin=(0, 0), decay=0.5, damp=0.5, ageing=AGE) -> Level:
    """A level of one chunk around ``mesh`` with even district maps and a ceiling at 2.74 m."""
    nothing = np.zeros((0, 3))
    row, ident = np.zeros(0, np.int32), np.zeros(0, np.uint64)
    lamps = Lamps(nothing, nothing, nothing, nothing, row, nothing, np.zeros(0, np.uint8), ident, *[np.zeros(0)] * 3)
    instances = Instances(np.zeros(0, np.int16), np.zeros((0, 4, 4)), np.zeros(0, np.int32))
    maps = {"decay": np.full((32, 32), decay, np.float32), "damp": np.full((32, 32), damp, np.float32)}
    floor, ceiling, size = np.zeros((32, 32)), np.full((32, 32), 2.74), (39.0144, 39.0144)
    palette = palette_of(SURFACES.values())
    return Level(origin, size, palette, mesh, (), (), instances, lamps, floor, ceiling, maps, ageing)


def texels(patina, chart: int) -> np.ndarray:
    """One chart's texels (nv, nu, 4), row 0 at the chart's origin."""
    (wide, high), (column, row) = patina.chart_size[chart], patina.chart_place[chart]
    return patina.factor[row : row + high, column : column + wide]
