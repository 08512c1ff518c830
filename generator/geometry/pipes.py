"""Round pipes along lines with square corners: straight runs, elbows, and what lies on them. They block light.

A pipe is drawn with so few sides that from a metre off its outline departs from a circle by less than a pixel or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .level import FREE_RUN, Mesh, joined, placed
from .panels import panels, rectangles

STEPS = 3
"""Facets along an elbow."""


def sides_for(radius: float) -> int:
    """Say how many sides a pipe of a radius has, metres: a multiple of four, so that elbows fit whatever their turn."""
    return 12 if radius > 0.07 else 8 if radius > 0.017 else 4


class Pipe(NamedTuple):
    """A pipe: the line through its middle, (N, 3) metres, with square corners at least two bends apart; its outer
    radius, the radius of its elbows about their middles, and its material."""

    path: NDArray[np.float64]
    radius: float
    bend: float
    material: int

    @property
    def sides(self) -> int:
        """How many sides it is drawn with."""
        return sides_for(self.radius)


def straights(pipe: Pipe) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the ends p and q (M, 3) of a pipe's straight runs, between its elbows."""
    way = np.diff(pipe.path, axis=0)
    long = np.linalg.norm(way, axis=1, keepdims=True)
    off = pipe.bend * way / long
    p, q = pipe.path[:-1].copy(), pipe.path[1:].copy()
    p[1:] += off[1:]
    q[:-1] -= off[:-1]
    kept = ((q - p) * way).sum(axis=1) > 1e-6
    return p[kept], q[kept]


def pipe_mesh(pipes: Sequence[Pipe], size_m: tuple[float, float], cut_m: float) -> list[Mesh]:
    """Make the meshes of pipes in a region, their straight runs cut at whole multiples of ``cut_m`` along their way.

    ``cut_m`` divides a chunk, so that what lies in a region is the same whatever the region: a piece belongs to where
    its middle is.
    """
    out = []
    for sides in sorted({pipe.sides for pipe in pipes}):
        same = [pipe for pipe in pipes if pipe.sides == sides]
        parts = [_cut(pipe, cut_m) for pipe in same]
        own = np.repeat(np.arange(len(same)), [len(p) for p, _ in parts])
        p, q = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
        kept = _inside((p + q) / 2, size_m)
        radius, material = (
            np.array([getattr(pipe, name) for pipe in same])[own[kept]] for name in ("radius", "material")
        )
        if kept.any():
            out.append(runs_mesh(p[kept], q[kept], radius, sides, material))
    return out + _elbows(pipes, size_m)


def _inside(at: NDArray[np.float64], size_m: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray(((at[:, :2] >= 0.0) & (at[:, :2] < size_m)).all(axis=1))


def _cut(pipe: Pipe, cut_m: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A pipe's straight runs, cut."""
    starts, ends = [], []
    for p, q in zip(*straights(pipe), strict=True):
        axis = int(np.abs(q - p).argmax())
        low, high = sorted((p[axis], q[axis]))
        inner = np.arange(np.floor(low / cut_m) + 1, np.ceil(high / cut_m)) * cut_m if axis < 2 else np.zeros(0)
        marks = [low, *inner[(inner > low + 1e-3) & (inner < high - 1e-3)], high]
        at = np.tile(p, (len(marks), 1))
        at[:, axis] = marks if q[axis] > p[axis] else marks[::-1]
        starts.append(at[:-1])
        ends.append(at[1:])
    return np.concatenate([np.zeros((0, 3)), *starts]), np.concatenate([np.zeros((0, 3)), *ends])


def frame(way: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give two directions (N, 3) across unit ways (N, 3), right-handed: the first is level but for upright ways."""
    other = np.where(np.abs(way[:, 2:3]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
    side = np.cross(way, other)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    return side, np.cross(way, side)


def runs_mesh(
    p: NDArray[np.float64], q: NDArray[np.float64], radius: NDArray[np.float64], sides: int, material: NDArray
) -> Mesh:
    """Make straight round runs from p to q (N, 3), open at their ends, shaded as round; u goes about, v along them."""
    way = q - p
    long = np.linalg.norm(way, axis=1)
    way = way / long[:, None]
    side, up = frame(way)
    turn = 2 * np.pi * (np.arange(sides + 1) + 0.5) / sides
    out = np.cos(turn)[:, None] * side[:, None] + np.sin(turn)[:, None] * up[:, None]
    ring = p[:, None] + radius[:, None, None] * out
    along = np.repeat(q - p, sides, axis=0)
    mesh = rectangles(
        ring[:, :-1].reshape(-1, 3), np.diff(ring, axis=1).reshape(-1, 3), along, np.repeat(material, sides)
    )
    first, second = out[:, :-1].reshape(-1, 3), out[:, 1:].reshape(-1, 3)
    wide = 2 * np.pi * np.repeat(radius, sides) / sides
    u = wide * np.tile(np.arange(sides), len(p))
    v = np.repeat((p * way).sum(axis=1), sides)
    uv = np.stack([
        np.stack([u, u + wide, u + wide, u], axis=1), v[:, None] + np.repeat(long, sides)[:, None] * [0, 0, 1, 1]
    ], axis=2)  # fmt: skip
    return replace(
        mesh,
        normals=np.stack([first, second, second, first], axis=1).reshape(-1, 3).astype(np.float32),
        uv=uv.reshape(-1, 2).astype(np.float32),
        chart_run=np.full(len(mesh.chart_run), FREE_RUN, np.int64),
    )


def _elbows(pipes: Sequence[Pipe], size_m: tuple[float, float]) -> list[Mesh]:
    """The elbows at the corners of pipes that lie in a region; one made for each kind of pipe, and placed."""
    made: dict[tuple, Mesh] = {}
    out = []
    for pipe in pipes:
        for before, at, after in zip(pipe.path, pipe.path[1:], pipe.path[2:], strict=False):
            if not _inside(at[None], size_m)[0]:
                continue
            key = (pipe.radius, pipe.bend, pipe.material)
            if key not in made:
                made[key] = elbow(*key)
            x, y = ((b - a) / np.linalg.norm(b - a) for a, b in ((before, at), (at, after)))
            place = np.eye(4)
            place[:3, 0], place[:3, 1], place[:3, 2], place[:3, 3] = x, y, np.cross(x, y), at
            out.append(placed(made[key], place))
    return [joined(out)] if out else []


def elbow(radius: float, bend: float, material: int) -> Mesh:
    """Make an elbow about the corner that a pipe along x turns to y in: rings across its way, facets between them."""
    sides = sides_for(radius)
    turn = np.linspace(0.0, np.pi / 2, STEPS + 1)
    about = 2 * np.pi * (np.arange(sides + 1) + 0.5) / sides
    outward = np.column_stack([np.sin(turn), -np.cos(turn), 0 * turn])
    out = np.cos(about)[None, :, None] * outward[:, None] + np.sin(about)[None, :, None] * np.array([0.0, 0.0, 1.0])
    ring = np.array([-bend, bend, 0.0]) + bend * outward[:, None] + radius * out
    quads, normals, uv = [], [], []
    wide, long = 2 * np.pi * radius / sides, bend * np.pi / 2 / STEPS
    for k in range(STEPS):
        for j in range(sides):
            corner = ((k, j + 1), (k, j), (k + 1, j), (k + 1, j + 1))
            quads.append((np.array([ring[c] for c in corner]), material))
            normals += [out[c] for c in corner]
            uv += [(wide * c[1], long * c[0]) for c in corner]
    mesh = panels(quads)
    wrong = (mesh.chart_normal * out[:-1, :-1].reshape(-1, 3)).sum(axis=1) < 0.0
    if wrong.any():
        raise AssertionError("an elbow's facets face out of it")
    return replace(
        mesh,
        normals=np.array(normals, np.float32),
        uv=np.array(uv, np.float32),
        chart_run=np.full(len(mesh.chart_run), FREE_RUN, np.int64),
    )
