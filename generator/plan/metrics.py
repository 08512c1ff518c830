"""Measures of a plan, by the methods of space syntax.

Definitions. *Walkable*: floor at least 0.25 m from everything that stands on it, its largest connected part, on pixels
of 0.1016 m. *Visibility graph*: walkable places on a square grid of 2.4384 m (two cells), joined where one sees
the other at eye height (1.60 m). *Isovist*: what is seen from such a place, by 180 rays; it ends at the plan's edge.
*Room*: cells of one identity, left out of counts of kinds where the plan's edge cuts it. *Decision point*: a room
from which at least three openings lead.
Sources: Benedikt, "To take hold of space: isovists and isovist fields", Environment and Planning B 6, 1979 (isovist,
occlusivity); Turner, Doxa, O'Sullivan and Penn, "From isovists to visibility graphs", ibid. 28, 2001 (visibility
graph, mean depth); Hillier, "Space is the Machine", 1996 (intelligibility: Pearson correlation of connectivity and
integration).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .floorplan import CELL_M, Floorplan, WallKind
from .sight import Outlines, cast, outlines
from .walk import PITCH_M, walkable

GRID_M = 2 * CELL_M
RAYS = 180
STEP_M = 1.0
"""A ray whose neighbour is longer or shorter by more than this meets an occluding edge (the difference is one)."""
PLACES = 1500
"""At most so many places are looked from: evenly chosen from the grid in row order."""
AREAS_M2 = (0, 15, 40, 90, 200)
"""Lower bounds of a room's area classes: closet, small, middle, large, hall."""
AREA_NAMES = ("closet", "small", "middle", "large", "hall")
LONG, SLENDER = 1.6, 3.0
"""Elongation classes: compact under 1.6, long under 3, else a passage (elongation: see ``room_kinds``)."""


def stats(plan: Floorplan) -> dict[str, float | int | dict[str, float]]:
    """Measure a plan, as plain numbers: metres, square metres, counts and pure ratios."""
    free = largest(walkable(plan))
    w, h = plan.size_m
    every = grid_places(free)
    places = every[np.linspace(0, len(every) - 1, min(len(every), PLACES)).astype(np.int64)]
    lines = outlines(plan)
    views = cast(lines, places, np.arange(RAYS) * (2 * np.pi / RAYS)) if len(places) else np.zeros((0, RAYS))
    area = 0.5 * np.sin(2 * np.pi / RAYS) * (views * np.roll(views, -1, axis=1)).sum(axis=1)
    jump = np.abs(views - np.roll(views, -1, axis=1))
    upright = (plan.wall_kind == WallKind.WALL) | (plan.wall_kind == WallKind.PARTITION)
    length = np.linalg.norm(plan.wall_xy[:, 2:] - plan.wall_xy[:, :2], axis=1)
    links, rooms = room_links(plan)
    degree = np.bincount(links.ravel(), minlength=rooms) if len(links) else np.zeros(rooms, np.int64)
    areas = np.unique(plan.room, return_counts=True)[1] * CELL_M**2
    return {
        "area_m2": round(w * h, 2),
        "walkable_share": round(float(free.mean()), 4),
        "wall_m_per_m2": round(float(length[upright].sum()) / (w * h), 4),
        "rooms": int(rooms),
        "room_area_mean_m2": round(float(areas.mean()), 2),
        "room_area_median_m2": round(float(np.median(areas)), 2),
        "room_area_largest_m2": round(float(areas.max()), 2),
        "room_kinds": room_kinds(plan),
        "dead_end_share": round(dead_ends(plan), 4),
        "rooms_with_one_opening": round(float((degree == 1).mean()), 4),
        "loops": max(len(np.unique(np.sort(links, axis=1), axis=0)) - rooms + 1, 0) if len(links) else 0,
        "links_per_decision_point": round(float(degree[degree >= 3].mean()), 3) if (degree >= 3).any() else 0.0,
        "isovist_area_mean_m2": round(float(area.mean()), 2) if len(area) else 0.0,
        "isovist_area_largest_m2": round(float(area.max()), 2) if len(area) else 0.0,
        "occlusivity_m": round(float(np.where(jump > STEP_M, jump, 0).sum(axis=1).mean()), 2) if len(area) else 0.0,
        "longest_sightline_m": round(longest_sightline(places, views), 2),
        "intelligibility": round(intelligibility(lines, every), 4),
        "lamps_per_100_m2": round(100 * len(plan.lamp_xy) / (w * h), 3),
    }


def largest(free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest connected part (four neighbours) of a raster."""
    from scipy.ndimage import label

    parts, n = label(free)
    return parts == 1 + int(np.argmax(np.bincount(parts.ravel())[1:])) if n else free


def grid_places(free: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Walkable places (P, 2) metres on the grid of GRID_M, row by row."""
    ny, nx = free.shape
    x = np.arange(GRID_M / 2, nx * PITCH_M, GRID_M)
    y = np.arange(GRID_M / 2, ny * PITCH_M, GRID_M)
    px, py = np.meshgrid(x, y)
    on = free[(py / PITCH_M).astype(np.int64), (px / PITCH_M).astype(np.int64)]
    return np.stack([px[on], py[on]], axis=1)


def longest_sightline(places: NDArray[np.float64], views: NDArray[np.float64]) -> float:
    """The longest free straight line, metres, through a sampled place along two opposite rays of its isovist."""
    return float((views + np.roll(views, RAYS // 2, axis=1)).max()) if len(places) else 0.0


def dead_ends(plan: Floorplan) -> float:
    """Share of cells with one open side of four; cells at the plan's edge are left out."""
    east, north = plan.open_east, plan.open_north
    inner = slice(1, -1)
    ways = east[inner, 1:-1].astype(int) + east[inner, :-2] + north[1:-1, inner] + north[:-2, inner]
    return float((ways <= 1).mean())


def room_links(plan: Floorplan) -> tuple[NDArray[np.int64], int]:
    """Openings between rooms as pairs (N, 2) of room numbers, one a stretch of open sides, and how many rooms."""
    names, number = np.unique(plan.room, return_inverse=True)
    number = number.reshape(plan.room.shape)
    pairs = []
    for a, b, way in (
        (number[:, :-1], number[:, 1:], plan.open_east[:, :-1]),
        (number.T[:, :-1], number.T[:, 1:], plan.open_north.T[:, :-1]),
    ):
        passage = way & (a != b)
        first = passage.copy()
        first[1:] &= ~(passage[:-1] & (a[1:] == a[:-1]) & (b[1:] == b[:-1]))
        pairs.append(np.stack([a[first], b[first]], axis=1))
    return np.concatenate(pairs).astype(np.int64), len(names)


def room_kinds(plan: Floorplan) -> dict[str, float]:
    """Share of rooms of each kind: area class (AREAS_M2) and elongation class, rooms cut by the plan's edge left out.

    Elongation: square root of the ratio of a room's principal second moments of area (1 for a square, 2 for a
    rectangle of 2:1).
    """
    names, number = np.unique(plan.room, return_inverse=True)
    number = number.reshape(plan.room.shape)
    whole = np.ones(len(names), bool)
    whole[np.concatenate([number[0], number[-1], number[:, 0], number[:, -1]])] = False
    flat = number.ravel()
    y, x = (c.ravel().astype(float) for c in np.indices(number.shape))
    n = np.bincount(flat)
    mx, my = np.bincount(flat, x) / n, np.bincount(flat, y) / n
    xx = np.bincount(flat, (x - mx[flat]) ** 2) / n + 1 / 12
    yy = np.bincount(flat, (y - my[flat]) ** 2) / n + 1 / 12
    xy = np.bincount(flat, (x - mx[flat]) * (y - my[flat])) / n
    middle, half = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    elongation = np.sqrt((middle + half) / np.maximum(middle - half, 1e-9))
    size = np.digitize(n * CELL_M**2, AREAS_M2) - 1
    shape = np.digitize(elongation, [LONG, SLENDER])
    kinds: dict[str, float] = {}
    for s, area in enumerate(AREA_NAMES):
        for e, form in enumerate(("compact", "long", "passage")):
            count = int((whole & (size == s) & (shape == e)).sum())
            if count:
                kinds[f"{area} {form}"] = round(count / max(int(whole.sum()), 1), 4)
    return kinds


def intelligibility(lines: Outlines, places: NDArray[np.float64]) -> float:
    """Pearson correlation of a place's connectivity with its integration (1 / mean depth) in the visibility graph.

    Taken on the 1200 places nearest to their middle, the largest connected part of their graph; 0 where undefined.
    """
    from scipy.sparse.csgraph import connected_components, shortest_path

    from .rays import sees

    if len(places) < 3:
        return 0.0
    off = np.abs(places - (places.min(axis=0) + places.max(axis=0)) / 2).max(axis=1)
    places = np.ascontiguousarray(places[np.argsort(off, kind="stable")[:1200]])
    graph = sees(*lines, places)
    part = connected_components(graph)[1]
    on = part == np.argmax(np.bincount(part))
    graph = graph[np.ix_(on, on)]
    links = graph.sum(axis=1)
    depth = shortest_path(graph.astype(float), unweighted=True).sum(axis=1) / max(len(links) - 1, 1)
    if len(links) < 3 or np.ptp(links) == 0 or np.ptp(depth) == 0:
        return 0.0
    return float(np.corrcoef(links, 1.0 / depth)[0, 1])
