"""The building in pieces that viewers can handle: one for each chunk of the world and material."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Mesh
from ..plan.floorplan import CHUNK_M
from ..surface.palette import Palette, Role
from .pieces import once
from .region import Chunk, chunk_name
from .triangle_soup import welded

PARENTS = ("Walls", "Floor", "Ceiling", "Lights", "Props")


@dataclass(frozen=True)
class Part:
    """One primitive of a chunk of the world: position (V, 3) metres, normal (V, 3), texcoord (V, 2) with v down, colour
    (V, 4) codes, tangent (V, 4) or None, texcoord_1 (V, 2) or None, faces (F, 3)."""

    name: str
    parent: str
    material: int
    chunk: Chunk
    position: NDArray[np.float64]
    normal: NDArray[np.float32]
    texcoord: NDArray[np.float32]
    colour: NDArray
    tangent: NDArray[np.float32] | None
    texcoord_1: NDArray[np.float32] | None
    faces: NDArray[np.int64]


PARENT_OF = {Role.FLOOR: "Floor", Role.CEILING: "Ceiling"}
"""Under which node a building's material hangs by its role; the rest under Walls."""


Second = Callable[[Chunk, NDArray[np.int64]], NDArray[np.float32]]
"""A part's chunk of the world, vertices (V,) → their second texture coordinates (V, 2)."""


def parts(
    mesh: Mesh,
    palette: Palette,
    sizes: NDArray[np.float64],
    colour: NDArray,
    origin: Chunk,
    bumpy: NDArray[np.bool_],
    second: Second | None = None,
    named: tuple[str, str] | None = None,
) -> Iterator[Part]:
    """Split a mesh by chunk and material; vertices that agree in all they carry become one.

    sizes (M, 2) metres of a texture's period, or 1 where uv is already a share of it; colour (V, 4) codes;
    origin: the chunk at the level's (0, 0); bumpy (M,): which materials need tangents; named: what the parts' names
    begin with and the node they hang under, else by the palette.
    """
    for chunk, material, rows in by_chunk(mesh, origin):
        corner = mesh.faces[rows].astype(np.int64).ravel()
        first, index = once(corner, np.zeros_like(corner))
        used, faces = corner[first], index.reshape(-1, 3)
        texcoord = mesh.uv[used] / sizes[material] * [1.0, -1.0]
        begin, parent = named or (palette.part[material], PARENT_OF.get(Role(palette.role[material]), "Walls"))
        yield _part(
            f"{begin}_{chunk_name(chunk)}{_ending(palette, material, named is not None)}",
            parent,
            material,
            chunk,
            faces,
            mesh.vertices[used],
            mesh.normals[used],
            texcoord - np.floor(texcoord.min(axis=0)),
            colour[used],
            tangents(mesh, used, faces) if bumpy[material] else None,
            None if second is None else second(chunk, used),
        )


def chunk_of_faces(mesh: Mesh, origin: Chunk) -> NDArray[np.int64]:
    """(F, 2) the chunk of the world that each face's middle lies in; origin: that at the mesh's (0, 0)."""
    middle = mesh.vertices[mesh.faces, :2].mean(axis=1)
    return np.floor(middle / CHUNK_M).astype(np.int64) + np.array(origin)


def by_chunk(mesh: Mesh, origin: Chunk) -> Iterator[tuple[Chunk, int, NDArray[np.int64]]]:
    """The faces (F,) of each chunk of the world and material: the chunk, the material, the faces."""
    chunk = chunk_of_faces(mesh, origin)
    if not len(chunk):
        return
    low, span = chunk.min(axis=0), np.ptp(chunk, axis=0) + 1
    code = ((chunk - low) @ np.array([1, span[0]])) * (int(mesh.face_material.max()) + 1) + mesh.face_material
    order = np.argsort(code, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(code[order])) + 1):
        i, j = chunk[rows[0]]
        yield (int(i), int(j)), int(mesh.face_material[rows[0]]), rows


def _ending(palette: Palette, material: int, whole: bool) -> str:
    """What tells a material's parts from those of others of one name: nothing for the palette's first of them, unless
    it is a paper. whole: the material's whole name."""
    if whole:
        return "_" + palette.name[material].replace("/", "_")
    if palette.role[material] != Role.WALL and palette.part.index(palette.part[material]) == material:
        return ""
    return "_" + palette.name[material].rpartition("/")[2]


def tangents(mesh: Mesh, used: NDArray[np.int64], faces: NDArray[np.int64]) -> NDArray[np.float32]:
    """(V, 4) tangents of a mesh's vertices ``used`` (V,), each from the last of its triangles ``faces`` (F, 3) into
    those: a vertex's triangles lie in one chart."""
    corner = used[faces]
    out = np.zeros((len(used), 4), np.float32)
    out[faces] = _at_corners(mesh.vertices[corner], mesh.normals[corner], mesh.uv[corner].astype(np.float64))
    return out


def _at_corners(position: NDArray, normal: NDArray, uv: NDArray) -> NDArray[np.float32]:
    """(F, 3, 4) at the corners of triangles: the way of growing u, and the sign that makes normal × tangent run up v.

    Source: glTF 2.0, section 3.7.2.1 (TANGENT); normal textures have their green axis up the picture.
    """
    p, q = position[:, 1] - position[:, 0], position[:, 2] - position[:, 0]
    (a, b), (c, d) = (uv[:, 1] - uv[:, 0]).T, (uv[:, 2] - uv[:, 0]).T
    turn = np.where(a * d - b * c < 0, -1.0, 1.0)[:, None]
    along, up = turn * (d[:, None] * p - b[:, None] * q), turn * (a[:, None] * q - c[:, None] * p)
    n, along, up = normal.astype(np.float64), along[:, None], up[:, None]
    t = along - np.einsum("fij,fij->fi", np.broadcast_to(along, n.shape), n)[..., None] * n
    length = np.sqrt(np.einsum("fij,fij->fi", t, t))
    across = n[..., [1, 2, 0]] * t[..., [2, 0, 1]] - n[..., [2, 0, 1]] * t[..., [1, 2, 0]]
    side = np.einsum("fij,fij->fi", across, np.broadcast_to(up, n.shape))
    out = np.empty((len(position), 3, 4), np.float32)
    out[..., :3] = t / np.maximum(length, 1e-12)[..., None]
    out[..., 3] = np.where(side < 0, -1.0, 1.0)
    none = length <= 1e-12
    if none.any():
        out[none, :3] = _any_across(n[none])
    return out


def _any_across(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 3) some unit vector at right angles to each normal."""
    axis = np.where(np.abs(normal[:, :1]) < 0.9, [[1.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]])
    across = np.cross(normal, axis)
    return across / np.linalg.norm(across, axis=1, keepdims=True)


def _part(name, parent, material, chunk, faces, position, normal, texcoord, colour, tangent, texcoord_1) -> Part:
    """Weld vertices (V, …)."""
    columns = {
        "position": (position, 1e5), "normal": (normal, 1e3), "texcoord": (texcoord, 1e5), "colour": (colour, 1.0),
        "tangent": (tangent, 1e2), "texcoord_1": (texcoord_1, 1e5),
    }  # fmt: skip
    code = np.concatenate([np.round(c * k) for c, k in columns.values() if c is not None], axis=1).astype(np.int64)
    first, index = welded(code)
    kept: dict[str, Any] = {key: None if c is None else c[first] for key, (c, _) in columns.items()}
    kept["texcoord"] = kept["texcoord"].astype(np.float32)
    faces = index[faces]
    whole = (faces != faces[:, [1, 2, 0]]).all(axis=1)
    return Part(name=name, parent=parent, material=material, chunk=chunk, faces=faces[whole], **kept)
