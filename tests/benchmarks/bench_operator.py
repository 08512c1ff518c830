"""What operators notice in twenty films of twenty seconds, measured on planned walks without a frame."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from generator.camera.operator import Performance
from generator.camera.path import CLEARANCE_M
from generator.camera.reactions import Reaction
from generator.plan.floorplan import CHUNK_M
from generator.scene import load_scene, preset_names
from tests.walks import FASTEST, HARDEST, ROUNDED, film_of, looked_at, nearest_thing, speeds, things_met

FILMS, SECONDS = 20, 20.0
HELD_S = 2.0


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Reactions and holds of what comes near; how alike two films' events are; the fastest turns; the plan's cost."""
    names = preset_names()
    met = reacted = held = 0
    nearest = np.inf
    walks: list[Performance] = []
    start = time.process_time()
    for seed in range(FILMS):
        name = names[seed % len(names)]
        p = film_of(name, seed, SECONDS).performance
        walks.append(p)
    spent = time.process_time() - start
    for seed, p in enumerate(walks):
        scene = load_scene(names[seed % len(names)], [f"seed={seed}"])
        for key, at in things_met(scene, p).items():
            met += 1
            own = [r for r in p.reactions if key in (r.key, r.also)]
            reacted += bool(own)
            held += bool(own) and looked_at(p, at) >= HELD_S
        xy = p.position[::10, :2] + np.array(p.origin) * CHUNK_M
        nearest = min(nearest, nearest_thing(scene, scene.seed, xy))
    yield f"things within 6 m, in light, over a second, of {FILMS} films", met, "", ""
    yield "of these, share that draws a reaction", reacted / max(met, 1), "", "at least 0.8"
    yield f"of these, share that the camera stays on for {HELD_S:g} s", held / max(met, 1), "", "at least 0.4"
    yield "reactions a film of 20 s", float(np.mean([len(p.reactions) for p in walks])), "", ""
    alike = min(difference(a.reactions, b.reactions) for a, b in combinations(walks, 2))
    yield "least difference between the events of two films", alike, "s", "over 0.2"
    yield "least distance of an operator to anything", nearest, "m", f"over {CLEARANCE_M - ROUNDED:g}"
    each = np.array([speeds(p) for p in walks]).max(axis=0)
    for angle, (speed, change) in zip(("yaw", "pitch", "roll"), each, strict=True):
        yield f"fastest {angle}", speed, "deg/s", f"under {FASTEST:g}"
        yield f"hardest {angle}", change, "deg/s2", f"under {HARDEST:g}"
    yield "planning a film of 20 s", spent / FILMS, "core-s", ""


def difference(a: tuple[Reaction, ...], b: tuple[Reaction, ...]) -> float:
    """Greatest difference in time between events of two films, seconds; infinite where kind or number differ."""
    if [r.deed for r in a] != [r.deed for r in b]:
        return float("inf")
    times = [abs(x - y) for r, s in zip(a, b, strict=True) for x, y in ((r.start_s, s.start_s), (r.end_s, s.end_s))]
    return max(times, default=0.0)
