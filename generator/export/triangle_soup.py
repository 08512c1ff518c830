"""Triangles corner by corner, for cutting: every corner carries its own place, normal and coordinates."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Mesh
from ..seed import row_hashes


@dataclass(frozen=True)
class Soup:
    """F triangles: position (F, 3, 3) metres, normal (F, 3, 3), uv (F, 3, 2) metres, chart_uv (F, 3, 2);
    chart (F,), material (F,)."""

    position: NDArray[np.float64]
    normal: NDArray[np.float32]
    uv: NDArray[np.float64]
    chart_uv: NDArray[np.float64]
    chart: NDArray[np.int64]
    material: NDArray[np.int64]


def soup_of(mesh: Mesh) -> Soup:
    """A mesh, corner by corner."""
    return Soup(
        mesh.vertices[mesh.faces],
        mesh.normals[mesh.faces],
        mesh.uv[mesh.faces].astype(np.float64),
        mesh.chart_uv[mesh.faces].astype(np.float64),
        mesh.vertex_chart[mesh.faces[:, 0]].astype(np.int64),
        mesh.face_material.astype(np.int64),
    )


def stacked(parts: list[Soup]) -> Soup:
    """Several soups as one."""
    return Soup(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Soup)})


def turned(soup: Soup, first: NDArray[np.int64]) -> Soup:
    """The same triangles, each beginning at corner ``first`` (F,)."""
    order = (first[:, None] + np.arange(3)) % 3
    rows = np.arange(len(first))[:, None]
    corners = {name: getattr(soup, name)[rows, order] for name in ("position", "normal", "uv", "chart_uv")}
    return replace(soup, **corners)


def mixed(soup: Soup, weights: NDArray) -> Soup:
    """Triangles whose corner i is the sum over j of ``weights`` (F or 1, 3, 3) [i, j] times corner j; normals of
    unit length."""

    from .subdivide_kernels import interpolate

    def blend(values: NDArray) -> NDArray[np.float64]:
        out = np.empty(values.shape)
        interpolate(np.broadcast_to(weights, (len(values), 3, 3)), values, out)
        return out

    normal = blend(soup.normal)
    return replace(
        soup,
        position=blend(soup.position),
        normal=(normal / np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-12)).astype(np.float32),
        uv=blend(soup.uv),
        chart_uv=blend(soup.chart_uv),
    )


def welded(rows: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Equal rows of whole numbers (N, K): the first row of each kind, and the kind (N,) of every row.

    Rows are told apart by a 64-bit hash.
    """
    _, first, kind = np.unique(row_hashes(rows.T), return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[kind.ravel()]
