"""Nouns survive the cache, and a change of what they depend on is seen."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from generator import noun_cache
from generator.light.lightmap import LAYERS, Lightmap
from generator.noun_cache import from_arrays, kept, to_arrays
from generator.surface.material import Material


def lightmap(value: float) -> Lightmap:
    one = np.ones((3, 2), np.int32)
    return Lightmap(one, one * 2, np.full((4, 5, 3), value, np.float32), np.zeros((0, 4, 5, 3), np.float32),
                    np.full((3, LAYERS), -1, np.int32))  # fmt: skip


def material(name: str) -> Material:
    flat = np.full((2, 2, 3), 0.5, np.float32)
    return Material(name, (0.6, 1.2), flat, flat, flat[..., 0], np.zeros((0, 0, 3), np.float32), specular=0.04)


def same(a, b) -> bool:
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if hasattr(a, "__dataclass_fields__"):
        return type(a) is type(b) and all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    return a == b


def test_nouns_come_back_equal():
    value = ((lightmap(0.25), material("carpet")), ("a", "b"), 3.5, "text", {"decay": np.arange(3.0)})
    assert same(from_arrays(to_arrays(value))[:4], value[:4])
    assert same(from_arrays(to_arrays(value))[4]["decay"], value[4]["decay"])


def test_made_once_for_the_same_things_and_again_for_others():
    made = []

    def make(value):
        made.append(value)
        return lightmap(value)

    for value in (1.0, 1.0, 2.0):
        assert kept("test", (value, "x"), lambda value=value: make(value)).steady[0, 0, 0] == value
    assert made == [1.0, 2.0]


def test_a_change_of_code_is_a_change(monkeypatch):
    made = []

    def make():
        made.append(1)
        return lightmap(3.0)

    kept("test", ("code",), make)
    monkeypatch.setattr(noun_cache, "code_key", lambda stages: "another version")
    kept("test", ("code",), make)
    assert len(made) == 2
