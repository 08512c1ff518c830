"""The maps that light a lightmapped document: laid out, encoded once for all chunks, and written beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Mesh
from .job import Job
from .light_atlas import atlases
from .light_files import ChunkLight, chunk_light, eight_bit, map_name, white_of, write_beside
from .materials import LightPicture
from .primitives import Second, chunk_of_faces
from .region import Chunk
from .stains import Stains


@dataclass(frozen=True)
class ChunkMaps:
    """The light of each chunk, and its map as the document holds it."""

    lights: dict[Chunk, ChunkLight]
    pictures: dict[Chunk, LightPicture]

    def uv_of(self, chart: NDArray[np.int64], chart_uv: NDArray) -> Second:
        """Where vertices (V,) at places (V, 2) of charts (V,) are in their chunk's map."""
        return lambda chunk, rows: self.lights[chunk].atlas.uv(chart[rows], chart_uv[rows])


def lay_out(job: Job, meshes: tuple[Mesh, ...], decals: Stains | None) -> ChunkMaps:
    """Lay out the light of all that is lit, each chunk's in an atlas; it will be written beside the document.

    Raises NoclipError where a chunk's charts do not fit.
    """
    assert job.light is not None
    origin = job.level.origin
    held = [(chunk_of_faces(mesh, origin), mesh.vertex_chart[mesh.faces[:, 0]].astype(np.int64)) for mesh in meshes]
    if decals is not None:
        chart = decals.mesh.vertex_chart[decals.mesh.faces[:, 0]]
        held.append((chunk_of_faces(decals.mesh, origin), decals.parent[chart]))
    lights = {chunk: chunk_light(job.light, atlas) for chunk, atlas in atlases(job.light, held).items()}
    white = white_of(list(lights.values()))
    maps = {chunk: eight_bit(map_name(chunk), light.everything, white) for chunk, light in lights.items()}
    job.asset.beside.append(
        partial(
            write_beside, level=job.level, seed=job.seed, lightmap=job.light, lights=lights, maps=maps,
            white=white, tone=job.tone, shift=job.shift,
        )
    )  # fmt: skip
    return ChunkMaps(lights, {chunk: LightPicture(chunk, picture, white) for chunk, picture in maps.items()})
