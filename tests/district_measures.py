"""Measures of windows of 60 m in districts of each grammar, and how well they tell the grammars apart."""

from __future__ import annotations

import numpy as np

from generator.places.level0.plan.generate import floorplan
from generator.places.level0.plan.grammars.known import value_of
from generator.places.level0.plan_settings import NAMES, PlanSettings
from generator.plan.floorplan import CELL_M, SolidKind, WallKind
from generator.plan.metrics import RAYS, grid_places, stats
from generator.plan.sight import cast, outlines, solid_rings
from generator.plan.walk import walkable

SIDE = 49
"""Cells along a window: 60 m."""
CHUNKS = 5
PLACES = 60


def windows(name: str, seed: int, most: int) -> list[np.ndarray]:
    """Measure the windows of 60 m, at most so many, in which a grammar has the most cells; three fifths at least."""
    at = 100 * seed
    settings = PlanSettings.model_validate({"grammar": name} if name != "offices" else {"corridors": True})
    plan = floorplan(settings, seed, (at, -at, at + CHUNKS, CHUNKS - at))
    own = plan.district_maps["grammar"] == np.float32(value_of(name))
    corners = [(y, x) for y in range(0, own.shape[0] - SIDE, 6) for x in range(0, own.shape[1] - SIDE, 6)]
    share = np.array([own[y : y + SIDE, x : x + SIDE].mean() for y, x in corners])
    lines, places = outlines(plan), grid_places(walkable(plan))
    found: list[np.ndarray] = []
    taken: list[tuple[int, int]] = []
    for k in np.argsort(-share, kind="stable"):
        y, x = corners[k]
        if share[k] < 0.6 or len(found) == most:
            break
        if all(max(abs(y - v), abs(x - u)) >= SIDE // 2 for v, u in taken):
            taken.append((y, x))
            found.append(_measures(plan, lines, places, (slice(y, y + SIDE), slice(x, x + SIDE))))
    return found


def _measures(plan, lines, places, cells) -> np.ndarray:
    """Wall, solids, rooms and views of one window, as logarithms."""
    low, high = (np.array([cells[1].start, cells[0].start]) * CELL_M, np.array([cells[1].stop, cells[0].stop]) * CELL_M)
    here = places[((places > low) & (places < high)).all(axis=1)]
    here = here[np.linspace(0, len(here) - 1, min(len(here), PLACES)).astype(int)]
    views = cast(lines, here, np.arange(RAYS) * (2 * np.pi / RAYS))
    area = 0.5 * np.sin(2 * np.pi / RAYS) * (views * np.roll(views, -1, axis=1)).sum(axis=1)
    through = (views + np.roll(views, RAYS // 2, axis=1))[:, : RAYS // 2]
    rooms, sizes = np.unique(plan.room[cells], return_counts=True)
    rings = solid_rings(plan)
    inside = [bool(((r.mean(axis=0) > low) & (r.mean(axis=0) < high)).all()) for r in rings]
    kinds = plan.solid_kind[np.array(inside, bool)]
    covered = sum(
        np.ptp(rings[k], axis=0).prod() for k in np.flatnonzero(inside) if plan.solid_kind[k] == SolidKind.BLOCK
    )
    middles = (plan.wall_xy[:, :2] + plan.wall_xy[:, 2:]) / 2
    half = (((middles > low) & (middles < high)).all(axis=1) & (plan.wall_kind == WallKind.HALF)).sum()
    walls = (~plan.open_east[cells]).mean(), (~plan.open_north[cells]).mean()
    return np.log(
        [
            0.01 + max(walls),
            0.01 + min(walls),
            1.0 + (kinds == SolidKind.PILLAR).sum(),
            1.0 + (kinds == SolidKind.CURVED_WALL).sum(),
            1.0 + (kinds == SolidKind.OBLIQUE_WALL).sum(),
            0.01 + covered / (SIDE * CELL_M) ** 2,
            np.median(sizes),
            1.0 + len(rooms),
            area.mean(),
            through.max(axis=1).mean(),
            through.min(axis=1).mean(),
            0.2 + np.std(sizes) / np.mean(sizes),
            np.median(through),
            1.0 + half,
        ]
    )


def figures(name: str, seeds: range) -> dict[str, float]:
    """Medians over seeds of measures of squares of 78 m where all districts have one grammar.

    Area of rooms, m²; length of corridors, m: of rooms thrice as long as wide; area of isovists, m²; intelligibility;
    links of a decision point. Where there is no corridor its length is no number.
    """
    found = []
    for seed in seeds:
        at = 100 * seed
        plan = floorplan(PlanSettings.model_validate({"grammar": name}), seed, (at, -at, at + 2, 2 - at))
        known, corridors = stats(plan), _corridors(plan.room)
        names = ("room_area_median_m2", "isovist_area_mean_m2", "intelligibility", "links_per_decision_point")
        found.append([*(known[key] for key in names), np.median(corridors) if len(corridors) else np.nan])
    columns = np.array(found, float).T
    known = [float(np.median(c[~np.isnan(c)])) if not np.isnan(c).all() else np.nan for c in columns]
    room, isovist, intelligible, links, corridor = known
    return {"room": room, "corridor": corridor, "isovist": isovist, "intelligibility": intelligible, "links": links}


def _corridors(rooms: np.ndarray) -> np.ndarray:
    """Lengths of the rooms that are thrice as long as wide, metres."""
    _, number = np.unique(rooms, return_inverse=True)
    number = number.reshape(rooms.shape)
    sides = np.array([[np.ptp(axis) + 1 for axis in np.nonzero(number == k)] for k in range(number.max() + 1)])
    short, long = np.sort(sides, axis=1).T
    return long[long >= 3 * short] * CELL_M


def told_apart(train: range, test: range) -> tuple[float, dict[str, float]]:
    """Share of windows that the nearest of the grammars' means names rightly, in all and by grammar.

    Means and spread are of the seeds in ``train``, the windows of those in ``test``.
    """
    known = {name: np.array([m for seed in train for m in windows(name, seed, 3)]) for name in NAMES}
    spread = np.mean([values.std(axis=0) for values in known.values()], axis=0) + 0.05
    means = np.stack([values.mean(axis=0) for values in known.values()])
    right = {}
    for k, name in enumerate(known):
        tested = np.array([m for seed in test for m in windows(name, seed, 3)])
        away = np.linalg.norm((tested[:, None] - means) / spread, axis=2)
        right[name] = float((away.argmin(axis=1) == k).mean())
    return float(np.mean(list(right.values()))), right
