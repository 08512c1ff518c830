"""Base trim and chair rails: boards and mouldings along walls, mitred at corners."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..plan.floorplan import CELL_M
from .arrangement import Arrangement
from .level import Mesh
from .panels import panels, rectangles
from .shell import Quads
from .smooth import CREASE, LEAST_SHARE
from .wall_base import last_of_chain, wall_bases

STOCK_M = 8 * CELL_M
"""Boards are cut at every such line of the world: 9.75 m, so that a place's boards do not depend on the region."""
LEAST_M2 = 1e-6
"""A triangle has at least this area: two mitres may leave nothing of a facet, or cross, at the foot of a recess."""


def mouldings(
    plan: Arrangement, quads: Quads, wears: NDArray[np.int64], profile: ArrayLike, materials: ArrayLike
) -> list[Mesh]:
    """Boards of one ``profile`` (K, 2) along the bases of walls, as meshes to be joined.

    wears (Q,): index into ``materials`` of each quad's boards, or -1; only quads on the floor may have some. Where the
    next wall has none a board runs into an inner corner, and ends with a cap everywhere else, above a step down too.
    """
    base = wall_bases(plan, quads)
    way, after, before = base.way, base.after, base.before
    kind = wears[base.quad]
    worn = kind >= 0
    goes_on = worn & worn[after] & (after != np.arange(len(after)))
    came = goes_on[before] & (before != np.arange(len(after)))
    mitre = _mitre(way, way[after])
    left = np.stack([-way[:, 1], way[:, 0]], axis=1)
    bevel1 = np.where(goes_on[:, None], mitre, left)
    bevel0 = np.where(came[:, None], mitre[before], left)
    last = last_of_chain(goes_on & (kind == kind[after]) & base.straight & ~_on_cut(base.end, way), after)
    first = np.flatnonzero(worn & (last >= 0))
    if not len(first):
        return []
    end = last[first]
    outline, material = np.asarray(profile, float), np.asarray(materials, np.int16)[kind]
    run = base.start[first], base.end[end], bevel0[first], bevel1[end], base.floor[first], material[first]
    boards = _boards(*run, outline)
    inner = way[:, 0] * way[after, 1] - way[:, 1] * way[after, 0] > 0.5
    bare = ~inner & (after != np.arange(len(after)))
    stops = np.flatnonzero(worn & ~goes_on & (bare | base.open[:, 1]))
    bare = ~inner[before] & (before != np.arange(len(after)))
    starts = np.flatnonzero(worn & ~came & (bare | base.open[:, 0]))
    caps = [(ring, int(material[k])) for k in stops for ring in _cap(base.end[k], left[k], base.floor[k], outline)]
    caps += [
        (ring[::-1], int(material[k])) for k in starts for ring in _cap(base.start[k], left[k], base.floor[k], outline)
    ]
    return [boards, panels(caps)] if caps else [boards]


def _on_cut(place: NDArray[np.float64], way: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(E,) whether a board that runs along ``way`` is cut at ``place``."""
    lines = place / STOCK_M
    on_line = np.abs(lines - np.round(lines)) * STOCK_M < 1e-4
    return np.any(on_line & (np.abs(way) > 0.5), axis=1)


def _mitre(way: NDArray[np.float64], onward: NDArray[np.float64]) -> NDArray[np.float64]:
    """(E, 2) where the front's corner lies, per metre of depth, between an edge and the next."""
    left = np.stack([-way[:, 1], way[:, 0]], axis=1)
    left2 = np.stack([-onward[:, 1], onward[:, 0]], axis=1)
    return (left + left2) / np.maximum(1.0 + (left * left2).sum(axis=1, keepdims=True), 0.01)


def _boards(
    p: NDArray, q: NDArray, bevel0: NDArray, bevel1: NDArray, floor: NDArray, material: NDArray, profile: NDArray
) -> Mesh:
    """The faces of boards on a ``floor`` (N,) from p to q (N, 2), whose corners lie ``bevel0`` and ``bevel1`` per metre
    of depth aside."""
    facets = len(profile) - 1
    p, q, bevel0, bevel1, floor, kind = (np.repeat(a, facets, axis=0) for a in (p, q, bevel0, bevel1, floor, material))
    (depth, low), (depth2, high) = (np.tile(part, (len(p) // facets, 1)).T for part in (profile[:-1], profile[1:]))
    u = (p - q) / np.linalg.norm(p - q, axis=1, keepdims=True)
    left = np.stack([u[:, 1], -u[:, 0]], axis=1)
    to_p, aside0, aside1 = ((a * u).sum(axis=1) for a in (p - q, bevel0, bevel1))
    s = np.stack([depth * aside1, to_p + depth * aside0, to_p + depth2 * aside0, depth2 * aside1], axis=1)
    s0, size = s.min(axis=1), np.ptp(s, axis=1)
    rise = np.column_stack([(depth2 - depth)[:, None] * left, high - low])
    tall = np.linalg.norm(rise, axis=1)
    across = np.column_stack([u * size[:, None], np.zeros(len(u))])
    origin = np.column_stack([q + s0[:, None] * u + depth[:, None] * left, floor + low])
    at = np.stack([(s - s0[:, None]) / size[:, None], np.tile([0.0, 0.0, 1.0, 1.0], (len(s), 1))], axis=2)
    vertices = origin[:, None] + at[..., :1] * across[:, None] + at[..., 1:] * rise[:, None]
    plain, crossed = rectangles(origin, across, rise, kind), np.minimum(s[:, 1] - s[:, 0], s[:, 2] - s[:, 3]) < -1e-9
    kept = (_areas(vertices.reshape(-1, 3)[plain.faces]) > LEAST_M2) & ~crossed[plain.faces[:, 0] // 4]
    return replace(
        plain,
        faces=plain.faces[kept],
        face_material=plain.face_material[kept],
        vertices=vertices.reshape(-1, 3),
        normals=_rolled(left, profile).astype(np.float32),
        uv=(at * np.stack([size, tall], axis=1)[:, None]).reshape(-1, 2).astype(np.float32),
        chart_uv=at.reshape(-1, 2).astype(np.float32),
    )


def _areas(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Areas (F,) of triangles (F, 3, 3), m²."""
    return 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)


def _rolled(left: NDArray, profile: NDArray) -> NDArray[np.float64]:
    """Normals (4 N, 3) at the corners of the facets of boards that face ``left`` (N, 2), facet after facet of each."""
    low, high = profile_normals(profile)
    across = np.tile(np.stack([low, low, high, high], axis=1), (len(left) // len(low), 1, 1))
    return np.concatenate([across[..., :1] * left[:, None], across[..., 1:]], axis=2).reshape(-1, 3)


def profile_normals(profile: NDArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Normals (K - 1, 2) at the low and high edges of the facets of a profile (K, 2): where two facets meet at less
    than ``CREASE``, those of the wider where it is more than six times as wide, else their mean."""
    way = np.diff(profile, axis=0)
    width = np.linalg.norm(way, axis=1)
    own = np.column_stack([way[:, 1], -way[:, 0]]) / width[:, None]
    meets = (own[:-1] * own[1:]).sum(axis=1) > np.cos(CREASE)
    share = np.stack([width[:-1] >= LEAST_SHARE * width[1:], width[1:] >= LEAST_SHARE * width[:-1]], axis=1)
    mean = (share[..., None] * np.stack([own[:-1], own[1:]], axis=1)).sum(axis=1)
    mean /= np.linalg.norm(mean, axis=1, keepdims=True)
    low, high = own.copy(), own.copy()
    high[:-1], low[1:] = np.where(meets[:, None], mean, own[:-1]), np.where(meets[:, None], mean, own[1:])
    return low, high


def _cap(foot: NDArray, left: NDArray, floor: float, profile: NDArray) -> list[NDArray[np.float64]]:
    """Outlines of a board's end, cut square, one for each facet of its profile: between that and the wall."""
    rings = []
    for (depth, low), (depth2, high) in pairwise(profile):
        ring = np.array([[0.0, high], [0.0, low], [depth, low], [depth2, high]])[: 4 if depth2 > 0.0 else 3]
        rings.append(np.column_stack([foot + ring[:, :1] * left, floor + ring[:, 1]]))
    return rings
