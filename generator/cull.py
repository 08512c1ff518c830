"""What of a level is needed to draw what poses see: the charts that they see, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .geometry.level import PER_CHART, Level, Mesh, picked
from .light.lightmap import Lightmap
from .surface import Patina


def culled(level: Level, light: Lightmap, patina: Patina, seen: NDArray[np.bool_]) -> tuple[Level, Lightmap, Patina]:
    """Leave out the charts of a level that are not seen; an instance stays whole if one of its charts is seen.

    seen (C,): charts of ``expand(level)``. The nouns returned belong together.
    """
    count = len(level.building.chart_origin)
    sizes = np.array([len(mesh.chart_origin) for mesh in level.instance_meshes], np.int64)[level.instances.mesh]
    owner = np.repeat(np.arange(len(sizes)), sizes)
    kept = np.zeros(len(sizes), np.bool_)
    kept[owner[seen[count:]]] = True
    charts = np.flatnonzero(np.concatenate([seen[:count], kept[owner]]))
    rows = {name: getattr(light, name)[charts] for name in ("chart_size", "chart_place", "chart_lamp")}
    return (
        replace(level, building=_some(level.building, seen[:count]), instances=picked(level.instances, kept)),
        replace(light, **rows),
        Patina(patina.chart_size[charts], patina.chart_place[charts], patina.factor),
    )


def _some(mesh: Mesh, keep: NDArray[np.bool_]) -> Mesh:
    """A mesh with some of its charts (C,)."""
    vertex = keep[mesh.vertex_chart]
    face = vertex[mesh.faces[:, 0]]
    chart_number, vertex_number = np.cumsum(keep) - 1, np.cumsum(vertex) - 1
    return Mesh(
        vertices=mesh.vertices[vertex],
        normals=mesh.normals[vertex],
        uv=mesh.uv[vertex],
        faces=vertex_number[mesh.faces[face]].astype(np.int32),
        face_material=mesh.face_material[face],
        vertex_chart=chart_number[mesh.vertex_chart[vertex]].astype(np.int32),
        chart_uv=mesh.chart_uv[vertex],
        **{name: getattr(mesh, name)[keep] for name in PER_CHART},
    )
