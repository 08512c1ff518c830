"""Routes on the real plan: where the operator walks, with room on both sides and something to see ahead.

A route grows stretch by stretch, each planned on the plan around its start alone, so that a longer film begins with
exactly the steps of a shorter one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..errors import NoclipError
from ..geometry.obstacles import hulls
from ..places.verbs import floorplan, place_of, things
from ..plan.floorplan import CELL_M, CHUNK_M, Floorplan, LampState
from ..plan.ground import ground_at
from ..plan.near import nearest_m
from ..plan.sight import Outlines, cast, outlines
from ..plan.walk import HEAD_M, PITCH_M, footprints
from ..scene.scene import Scene
from ..seed import Rng, rng_for
from .turns import wrapped

CLEARANCE_M = 0.3
"""Nothing stands nearer to the operator's middle than this."""
SLACK_M = 0.07
"""Half a pixel's diagonal: what a raster may be wrong by."""
EASY_M = 1.2
"""From this distance on a wall does not bother."""
STEP_M = 0.05
"""Points of a route lie this far apart."""
STRETCH_M = (7.0, 26.0)
"""Least and greatest length of a chosen stretch."""
JOINT_M = 4.0
"""Before a stretch's end the curve may still change when the next stretch is known."""
GOALS, GOALS_BESIDE = 48, 6
"""How many goals are drawn, and how many lie beside things."""
FAR_M = 75.0
"""A given goal is sought this far around the straight line to it."""
VIEW_M = 30.0
RIM_M = 2 * CELL_M
"""Nobody goes so near to the border of the window that is planned on: what stands there is not known for sure."""
PASS_M, SEEN_M, CURIOUS = 4.5, 8.0, 1.8
"""A stretch is the better for things so near to it that the route has not come so near to before; and by how much."""
LIT_M = 4.0
"""Ground this near to a burning lamp is lit; people go towards light, unless they have their own."""


@dataclass(frozen=True)
class Route:
    """A curve to walk: xy (N, 2) metres relative to chunk ``origin``, STEP_M apart; ``closed``: it ends at a goal.

    notes: what was not as asked, one line each. floor (N,): height of the ground at each point; None: all 0.
    """

    origin: tuple[int, int]
    xy: NDArray[np.float64]
    closed: bool
    notes: tuple[str, ...] = ()
    floor: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Around:
    """What can be seen from a route. shift (2,): what takes the route's coordinates to the outlines'."""

    lines: Outlines
    shift: NDArray[np.float64]


@dataclass(frozen=True)
class Ground:
    """A window of the plan to walk on. gap (ny, nx): metres to the nearest obstacle at pixels of PITCH_M, EASY_M at
    most; price: cost of a metre there. shift (2,): what takes the route's coordinates to the window's."""

    plan: Floorplan
    lines: Outlines
    gap: NDArray[np.float64]
    price: NDArray[np.float64]
    shift: NDArray[np.float64]


def ground(
    scene: Scene,
    seed: int,
    origin: tuple[int, int],
    chunks: tuple[int, int, int, int],
    furnished: bool = False,
) -> Ground:
    """The ground of a rectangle of chunks, for a route relative to chunk ``origin``. furnished: with all that stands
    there besides walls, furniture and the leaves of doors."""
    from ..plan.rays import lower_about

    plan = floorplan(scene, seed, chunks)
    columns, rows = (round(side / PITCH_M) for side in plan.size_m)
    gap = np.full((rows, columns), EASY_M)
    lower_about(gap, PITCH_M, *footprints(plan))
    if furnished:
        lower_about(gap, PITCH_M, *hulls(things(plan, scene, seed), place_of(scene).kit, HEAD_M))
    tight = np.clip((EASY_M - gap) / (EASY_M - CLEARANCE_M), 0.0, 1.0)
    price = np.where(gap > CLEARANCE_M + SLACK_M, 1.0 + 5.0 * tight**2, np.inf)
    rim = round(RIM_M / PITCH_M)
    price[:rim] = price[-rim:] = price[:, :rim] = price[:, -rim:] = np.inf
    shift = np.array([(origin[k] - chunks[k]) * CHUNK_M for k in (0, 1)])
    return Ground(plan, outlines(plan), gap, price, shift)


def grounds(scene: Scene, seed: int, origin: tuple[int, int], furnished: bool = False) -> Callable[[int, int], Ground]:
    """Give what tells the ground about a chunk, for routes relative to chunk ``origin``; it keeps the last two."""

    @lru_cache(maxsize=2)
    def here(i: int, j: int) -> Ground:
        return ground(scene, seed, origin, (i - 1, j - 1, i + 2, j + 2), furnished)

    return here


def around(scene: Scene, seed: int, route: Route) -> Around:
    """What can be seen from a route, two chunks or more to each side."""
    low, high = (np.floor(end / CHUNK_M).astype(int) for end in (route.xy.min(axis=0), route.xy.max(axis=0)))
    i0, j0 = (route.origin[k] + int(low[k]) - 1 for k in (0, 1))
    i1, j1 = (route.origin[k] + int(high[k]) + 2 for k in (0, 1))
    plan = floorplan(scene, seed, (i0, j0, i1, j1))
    return Around(outlines(plan), np.array([(route.origin[0] - i0) * CHUNK_M, (route.origin[1] - j0) * CHUNK_M]))


def wander(
    scene: Scene, seed: int, origin: tuple[int, int], start: tuple[float, float], yaw: float, length_m: float,
    furnished: bool = False, lamp: bool = False, here: Callable[[int, int], Ground] | None = None,
    curious: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
) -> Route:  # fmt: skip
    """A chosen route of at least ``length_m`` from a place (relative to ``origin``) and a direction of sight.

    furnished: what stands there is walked around. lamp: with a camera light the operator prefers dark rooms, else lit
    ones. here: the ground, from ``grounds``, where others use it too. curious: what tells the places (N, 2)
    of things about a place (2,) that the operator would like to pass.
    A start that is not free is moved to the nearest place that is.
    Raises NoclipError when there is no way out of the place.
    """
    here = here or grounds(scene, seed, origin, furnished)
    at = [origin[k] + int(np.floor(start[k] / CHUNK_M)) for k in (0, 1)]
    xy, sure, floor = _freed(here(*at), start), 0, np.zeros(0)
    number = 0
    while sure * STEP_M < length_m:
        i, j = (origin[k] + int(np.floor(xy[-1, k] / CHUNK_M)) for k in (0, 1))
        where = here(i, j)
        heading = yaw if len(xy) < 3 else float(np.arctan2(*(xy[-1] - xy[max(len(xy) - 20, 0)])[::-1]))
        things = np.zeros((0, 2)) if curious is None else curious(xy[-1])
        stretch = _chosen(where, xy, heading, lamp, things, rng_for(seed, "camera.route", number))
        kept, floor = sure, floor[:sure]
        xy, sure = _joined(where, xy, stretch, sure), max(len(xy) - round(JOINT_M / STEP_M), 0)
        floor = np.concatenate([floor, ground_at(where.plan, xy[kept:] + where.shift)])
        number += 1
    return Route(origin, xy, closed=False, floor=floor)


def follow(
    scene: Scene,
    seed: int,
    origin: tuple[int, int],
    start: tuple[float, float],
    points: Sequence[tuple[float, float]],
    furnished: bool = False,
) -> Route:
    """The route from a place through given points; one that cannot be reached is replaced by the nearest place.

    start, points: metres relative to ``origin``; a start that is not free is moved too.
    Raises NoclipError when a leg is longer than a kilometre.
    """
    xy, sure, floor, notes = np.array([start], np.float64), 0, np.zeros(1), []
    for goal in points:
        where = ground(scene, seed, origin, _chunks_about(origin, xy[-1], goal), furnished)
        xy = _freed(where, start) if len(xy) == 1 else xy
        stretch, missed = _to_goal(where, xy[-1], np.array(goal))
        if missed > 2 * PITCH_M:
            at = ", ".join(f"{stretch[-1, k] + origin[k] * CHUNK_M:.2f}" for k in (0, 1))
            notes.append(f"a goal cannot be reached; the walk ends {missed:.2f} m from it, at {at}")
        if len(stretch) > 2:
            kept, floor = sure, floor[:sure]
            xy, sure = _joined(where, xy, stretch, sure), max(len(xy) - round(JOINT_M / STEP_M), 0)
            floor = np.concatenate([floor, ground_at(where.plan, xy[kept:] + where.shift)])
        elif len(xy) == 1:
            floor = ground_at(where.plan, xy + where.shift)
    return Route(origin, xy, closed=True, notes=tuple(notes), floor=floor)


def _chunks_about(origin: tuple[int, int], a: NDArray[np.float64], b: Sequence[float]) -> tuple[int, int, int, int]:
    low, high = np.minimum(a, b) - FAR_M, np.maximum(a, b) + FAR_M
    if (high - low).max() > 2 * FAR_M + 1000.0:
        raise NoclipError("a goal is more than a kilometre off; give points in between, or a nearer one")
    i0, j0 = (origin[k] + int(np.floor(low[k] / CHUNK_M)) for k in (0, 1))
    i1, j1 = (origin[k] + int(np.ceil(high[k] / CHUNK_M)) for k in (0, 1))
    return i0, j0, i1, j1


def _pixel(where: Ground, xy: NDArray[np.float64]) -> tuple[int, int]:
    """Row and column of the free pixel nearest to a place."""
    x, y = xy + where.shift
    row, column = int(y / PITCH_M), int(x / PITCH_M)
    for reach in (8, 40, 200):
        r0, c0 = max(row - reach, 0), max(column - reach, 0)
        rows, columns = np.nonzero(where.price[r0 : row + reach + 1, c0 : column + reach + 1] < np.inf)
        if len(rows):
            near = np.argmin((rows + r0 - row) ** 2 + (columns + c0 - column) ** 2)
            return int(rows[near]) + r0, int(columns[near]) + c0
    raise NoclipError("there is nowhere to walk near this place; choose another --from or another seed")


def _freed(where: Ground, start: tuple[float, float]) -> NDArray[np.float64]:
    """A place to start from (1, 2): as it is where nothing is near, else the middle of the nearest free pixel."""
    from .pathfinding_kernels import line_gaps

    place = np.array([start], np.float64)
    if line_gaps(where.gap, PITCH_M, place + where.shift) >= CLEARANCE_M:
        return place
    return _places(where, np.array([_pixel(where, place[0])]))


def _places(where: Ground, pixels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Middles (N, 2) of pixels (N, 2) row, column, as the route's coordinates."""
    return (pixels[:, ::-1] + 0.5) * PITCH_M - where.shift


def _to_goal(where: Ground, start: NDArray[np.float64], goal: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """The cheapest way (N, 2) to a goal, or to the nearest place that can be reached, and how far off that is."""
    from .pathfinding_kernels import trace, ways

    cost, back = ways(where.price, *_pixel(where, start), np.inf)
    rows, columns = np.nonzero(cost < np.inf)
    away = np.hypot(*(_places(where, np.stack([rows, columns], axis=1)) - goal).T)
    k = int(np.argmin(away))
    return _places(where, trace(back, int(rows[k]), int(columns[k]))), float(away[k])


def _chosen(
    where: Ground, past: NDArray[np.float64], heading: float, lamp: bool, things: NDArray[np.float64], rng: Rng
) -> NDArray[np.float64]:
    """The best of some random goals in reach, as a way (N, 2)."""
    from .pathfinding_kernels import trace, ways

    low, high = STRETCH_M
    cost, back = ways(where.price, *_pixel(where, past[-1]), 1.5 * high / PITCH_M)
    for least in (low, low / 3, 0.0):
        rows, columns = np.nonzero((cost > least / PITCH_M) & (cost < high * 1.5 / PITCH_M) & (where.gap > 0.55))
        if len(rows):
            break
    else:
        raise NoclipError("there is no way out of this place; choose another --from or another seed")
    picks = (rng.uniform(size=GOALS) * len(rows)).astype(np.int64)
    fresh = things[nearest_m(past[::10], things) > SEEN_M]
    beside = _beside(_places(where, np.stack([rows, columns], axis=1)), fresh)
    roads = [_places(where, trace(back, int(rows[k]), int(columns[k]))) for k in (*picks, *beside)]
    liked = [_merit(where, road, past, heading, lamp) + _passed(where, road, fresh) for road in roads]
    return roads[int(np.argmax(liked))]


def _beside(goals: NDArray[np.float64], things: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which goals (N, 2) lie nearest to things (K, 2), of the nearest of which a few are taken."""
    if not len(things):
        return np.zeros(0, np.int64)
    away, nearest = cKDTree(goals).query(things)
    return np.asarray(nearest[np.argsort(away, kind="stable")][:GOALS_BESIDE][np.sort(away)[:GOALS_BESIDE] < PASS_M])


def _passed(where: Ground, road: NDArray[np.float64], things: NDArray[np.float64]) -> float:
    """How good it is that a stretch passes some things (N, 2), near by and in view: the second adds less."""
    near = things[nearest_m(road, things) < PASS_M]
    seen = 0
    for thing in near:
        to = thing - road[np.argmin(np.hypot(*(road - thing).T))]
        free = cast(where.lines, thing - to + where.shift, [np.arctan2(to[1], to[0])])[0, 0]
        seen += bool(free > np.hypot(*to) - 0.3)
    return CURIOUS * float(np.sqrt(min(seen, 3)))


def _merit(where: Ground, road: NDArray[np.float64], past: NDArray[np.float64], heading: float, lamp: bool) -> float:
    """How good a stretch is: long views ahead all along it, new ground, lit or with a lamp dark, no turning about."""
    reach = max(len(road) - 1, 1)
    at = np.unique(np.linspace(0, reach, 6).astype(int))
    ahead = road[np.minimum(at + 16, reach)] - road[np.maximum(np.minimum(at, reach - 8), 0)]
    turns = np.arctan2(ahead[:, 1], ahead[:, 0])
    spread = np.radians([-22.0, -11.0, 0.0, 11.0, 22.0])
    eyes = zip(road[at] + where.shift, turns, strict=True)
    seen = np.array([cast(where.lines, eye, turn + spread)[0].max() for eye, turn in eyes])
    views = np.log(np.clip(seen, 1.0, VIEW_M)).mean() / np.log(VIEW_M) + 0.7 * min(seen[-1], VIEW_M) / VIEW_M
    old = past[: -round(3.0 / STEP_M)][::10] if len(past) > round(3.0 / STEP_M) else np.zeros((0, 2))
    new = 1.0
    if len(old):
        away = np.hypot(*(road[at][:, None] - old[None]).transpose(2, 0, 1)).min(axis=1)
        new = float(np.clip(away / 6.0, 0.0, 1.0).mean())
    first = road[min(14, reach)] - road[0]
    about = 1.0 - np.cos(np.arctan2(first[1], first[0]) - heading)
    bends = np.abs(wrapped(np.diff(turns))).sum()
    lit = _lit(where, road[at])
    liked = 5.0 * (1.0 - lit) if lamp else 2.4 * lit
    return float(1.6 * views + 1.5 * new + liked - 0.9 * about - 0.12 * max(bends - 1.6, 0.0))


def _lit(where: Ground, places: NDArray[np.float64]) -> float:
    """Share of some places (N, 2) that lie near a burning lamp."""
    lamps = where.plan.lamp_xy[where.plan.lamp_state == LampState.ON]
    if not len(lamps):
        return 0.0
    away = np.hypot(*(places[:, None] + where.shift - lamps[None]).transpose(2, 0, 1))
    return float((away.min(axis=1) < LIT_M).mean())


def _joined(where: Ground, xy: NDArray[np.float64], road: NDArray[np.float64], sure: int) -> NDArray[np.float64]:
    """A route with one stretch more: smooth, clear of walls, its points STEP_M apart; the first ``sure`` stay."""
    from .pathfinding_kernels import line_gaps, relax

    tail = xy[sure:]
    raw = _spaced(np.concatenate([tail, road[1:]]), 0.1)
    raw = _pulled(where, raw, min(round((len(tail) - 1) * STEP_M / 0.1) + 1, len(raw) - 1))
    curve = np.ascontiguousarray(raw + where.shift)
    relax(curve, 1, where.gap, PITCH_M, 0.75, 500, 0.5)
    relax(curve, 1, where.gap, PITCH_M, CLEARANCE_M + 2.0 * SLACK_M, 120, 0.1)
    if line_gaps(where.gap, PITCH_M, curve) < CLEARANCE_M:
        curve = _spaced(np.concatenate([tail, road[1:]]), STEP_M) + where.shift
    return np.concatenate([xy[:sure], _spaced(curve - where.shift, STEP_M)])


def _pulled(where: Ground, curve: NDArray[np.float64], first: int) -> NDArray[np.float64]:
    """A curve whose part from point ``first`` on is drawn straight wherever there is room for it."""
    from .pathfinding_kernels import line_gap

    points, at = [first], first
    while at < len(curve) - 1:
        reach = min(at + 60, len(curve) - 1)
        while reach > at + 1:
            a, b = curve[at] + where.shift, curve[reach] + where.shift
            if line_gap(where.gap, PITCH_M, *a, *b) > 0.85:
                break
            reach -= 1
        points.append(reach)
        at = reach
    return _spaced(np.concatenate([curve[:first], curve[points]]), 0.1)


def _spaced(curve: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    """A polyline with points (nearly) ``step`` metres apart, the ends kept."""
    long = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    keep = np.concatenate([[True], np.diff(long) > 1e-9])
    curve, long = curve[keep], long[keep]
    at = np.linspace(0.0, long[-1], max(round(long[-1] / step), 1) + 1)
    return np.stack([np.interp(at, long, curve[:, k]) for k in (0, 1)], axis=1)
