"""What operators notice in twenty films of twenty seconds, measured on planned walks without a frame."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import accumulate, combinations

import numpy as np

from generator.camera.operator import Performance
from generator.camera.path import CLEARANCE_M
from generator.camera.reactions import Reaction
from generator.camera.script import script_of
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
    told = [events(names[seed % len(names)], seed, p.reactions) for seed, p in enumerate(walks)]
    alike = min(difference(a, b) for a, b in combinations(told, 2))
    yield "least difference between the events of two films", alike, "s", "over 0.2"
    yield "least distance of an operator to anything", nearest, "m", f"over {CLEARANCE_M - ROUNDED:g}"
    each = np.array([speeds(p) for p in walks]).max(axis=0)
    for angle, (speed, change) in zip(("yaw", "pitch", "roll"), each, strict=True):
        yield f"fastest {angle}", speed, "deg/s", f"under {FASTEST:g}"
        yield f"hardest {angle}", change, "deg/s2", f"under {HARDEST:g}"
    yield "planning a film of 20 s", spent / FILMS, "core-s", ""


def events(name: str, seed: int, reactions: tuple[Reaction, ...]) -> list[tuple[str, float]]:
    """What happens in a film and when, seconds: its beats as they begin, and its reactions as they begin and end."""
    scene = load_scene(name, [f"seed={seed}"])
    beats = script_of(scene.film, scene.seed).beats
    begun = accumulate((beat.seconds for beat in beats), initial=0.0)
    told = [(beat.word, at) for beat, at in zip(beats, begun, strict=False) if 0.0 < at < SECONDS]
    return told + [(r.deed, at) for r in reactions for at in (r.start_s, r.end_s)]


def difference(a: list[tuple[str, float]], b: list[tuple[str, float]]) -> float:
    """Greatest difference in time between events of two films, seconds; infinite where kind or number differ."""
    if [word for word, _ in a] != [word for word, _ in b]:
        return float("inf")
    return max((abs(x - y) for (_, x), (_, y) in zip(a, b, strict=True)), default=0.0)
