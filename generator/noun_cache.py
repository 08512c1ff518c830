"""Nouns in the cache: frozen dataclasses of arrays as named arrays, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from .cache import cached, content_key, sealed
from .geometry.landmarks import Landmarks
from .geometry.level import Instances, Lamps, Level, Mesh
from .light.lightmap import Lightmap, LightParts
from .surface.material import Material, Patina
from .surface.palette import Ageing, Palette
from .surface.pyramid import Pyramids
from .surface.textures import Textures

KINDS = (
    Ageing, Palette, Instances, Lamps, Level, LightParts, Lightmap, Material, Mesh, Landmarks, Patina, Pyramids,
    Textures,
)  # fmt: skip
NOUNS = {noun.__name__: noun for noun in KINDS}
TREE = "tree"
STAGES = ("scene", "plan", "surface", "geometry", "places", "light", "visibility", "cull", "seed", "colour")
"""The folders and files whose code decides what is kept."""

T = TypeVar("T")


def kept(kind: str, depends_on: tuple[Any, ...], make: Callable[[], T]) -> T:
    """What ``make`` gives, from the cache where it was made before of the same things by the same code.

    depends_on: everything that the result follows from, as ``content_key`` takes it. The result: nouns, arrays,
    numbers, text, and tuples or dicts of them; its arrays are read-only.
    """
    key = content_key(code_key(STAGES), *depends_on)
    found = from_arrays(cached(kind, key, lambda: to_arrays(make())))
    return make() if found is None else found


def as_kept(value: T) -> T:
    """A value as it comes back from the cache, without keeping it: its arrays are read-only."""
    return from_arrays(sealed(to_arrays(value)))


@lru_cache(maxsize=4)
def code_key(stages: tuple[str, ...]) -> str:
    """A hash of the code of some stages: what they made does not outlive a change of it."""
    digest = hashlib.blake2b(digest_size=16)
    here = Path(__file__).parent
    paths = (path for stage in stages for path in (here / f"{stage}.py", *(here / stage).rglob("*.py")))
    for path in sorted(filter(Path.is_file, paths)):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def to_arrays(value: Any) -> dict[str, NDArray[Any]]:
    """A value as named arrays; ``tree``, a JSON text, says how they hang together."""
    arrays: dict[str, NDArray[Any]] = {}
    tree = json.dumps(_tree(value, arrays))
    return {**arrays, TREE: np.frombuffer(tree.encode(), np.uint8)}


def from_arrays(arrays: dict[str, NDArray[Any]], nouns: Mapping[str, type] = NOUNS) -> Any:
    """The value that ``to_arrays`` was given; None where the arrays are none of its, or name other nouns."""
    try:
        return _grown(json.loads(arrays[TREE].tobytes()), arrays, nouns)
    except (KeyError, TypeError, ValueError, RecursionError):
        return None


def _tree(value: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    """The shape of a value as JSON: each node is (what it is, what it holds)."""
    if isinstance(value, np.ndarray):
        name = str(len(arrays))
        arrays[name] = value
        return ["array", name]
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, {f.name: _tree(getattr(value, f.name), arrays) for f in fields(value)}]
    if isinstance(value, dict):
        return ["dict", {key: _tree(item, arrays) for key, item in value.items()}]
    if isinstance(value, tuple) and not all(isinstance(item, str) for item in value):
        return ["tuple", [_tree(item, arrays) for item in value]]
    return ["texts" if isinstance(value, tuple) else "value", value]


def _grown(tree: Any, arrays: dict[str, NDArray[Any]], nouns: Mapping[str, type]) -> Any:
    kind, holds = tree
    if kind == "array":
        return arrays[holds]
    if kind == "dict":
        return {key: _grown(item, arrays, nouns) for key, item in holds.items()}
    if kind == "tuple":
        return tuple(_grown(item, arrays, nouns) for item in holds)
    if kind == "texts":
        return tuple(holds)
    if kind == "value":
        return holds
    return nouns[kind](**{key: _grown(item, arrays, nouns) for key, item in holds.items()})
