"""Collision in a glTF, as the engine that shall read it wants it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..cameras import about_up, turned
from ..gltf import INDEX, VERTEX, Asset
from .colliders import Collider

Engine = Literal["godot", "unreal", "omi"]
SIZE_M = 1e-4
"""Boxes whose sides agree to this share one mesh or shape."""


def add_bodies(asset: Asset, colliders: Sequence[Collider], engine: Engine, shown: dict[str, str]) -> int:
    """Add what bodies collide with as static nodes; the index of their parent.

    godot: meshes whose names end in ``-convcolonly``; Godot makes a convex static body of each. unreal: meshes called
    ``UCX_MESH_NN`` after the shown mesh that they belong to, by kind in ``shown``. omi: OMI_physics_shape and
    OMI_physics_body, without meshes but for hulls.
    Sources: Godot, "Importing 3D scenes: node type customization"; Unreal, "FBX static mesh pipeline: collision"; the
    Open Metaverse Interoperability group's OMI_physics_shape and OMI_physics_body.
    """
    maker = _Bodies(asset, engine, shown)
    children = [maker.node(k, collider) for k, collider in enumerate(colliders)]
    parent = asset.group("Collision", children)
    if engine == "omi" and children:
        asset.uses("OMI_physics_shape", "OMI_physics_body")
        asset.tree.setdefault("extensions", {})["OMI_physics_shape"] = {"shapes": maker.shapes}
        asset.tree["nodes"][parent]["extensions"] = {"OMI_physics_body": {"motion": {"type": "static"}}}
    return parent


class _Bodies:
    """Meshes and shapes of one document, each made once."""

    def __init__(self, asset: Asset, engine: Engine, shown: dict[str, str]) -> None:
        self._asset, self._engine, self._shown = asset, engine, shown
        self.shapes: list[dict[str, Any]] = []
        self._made: dict[tuple, int] = {}
        self._count: dict[str, int] = {}

    def node(self, k: int, collider: Collider) -> int:
        """Add one collider's node."""
        name = f"{collider.kind}_{k:04d}"
        place, size, turn = _frame(collider)
        box = collider.is_box
        node: dict[str, Any] = {"translation": turned(place).tolist()}
        if abs(turn) > 1e-9:
            node["rotation"] = about_up(turn)
        key = tuple(np.round(size / SIZE_M).astype(int).tolist()) if box else (k,)
        if self._engine == "omi":
            shape = self._shape(key, name, collider, place, size, box)
            node |= {"name": name, "extensions": {"OMI_physics_body": {"collider": {"shape": shape}}}}
        else:
            node |= {"name": self._name(name, collider), "mesh": self._mesh(key, name, _corners(collider, place, turn))}
        return self._asset.add("nodes", node)

    def _name(self, name: str, collider: Collider) -> str:
        if self._engine == "godot":
            return f"{name}-convcolonly"
        mesh = self._shown[collider.kind]
        self._count[mesh] = self._count.get(mesh, -1) + 1
        return f"UCX_{mesh}_{self._count[mesh]:02d}"

    def _shape(self, key: tuple, name: str, collider: Collider, place, size: NDArray, box: bool) -> int:
        if ("shape", *key) not in self._made:
            if box:
                wide, deep, tall = (float(side) for side in size)
                shape: dict[str, Any] = {"type": "box", "box": {"size": [wide, tall, deep]}}
            else:
                shape = {"type": "convex", "convex": {"mesh": self._mesh(key, name, _corners(collider, place, 0.0))}}
            self.shapes.append(shape)
            self._made["shape", *key] = len(self.shapes) - 1
        return self._made["shape", *key]

    def _mesh(self, key: tuple, name: str, corner: NDArray[np.float64]) -> int:
        if key not in self._made:
            self._made[key] = self._asset.add("meshes", {"name": name, "primitives": [prism(self._asset, corner)]})
        return self._made[key]


def _frame(collider: Collider) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """The middle (3,), size (3,) along its own sides and up, and turn of a collider; hulls are not turned."""
    low, high = collider.outline.min(axis=0), collider.outline.max(axis=0)
    tall, middle = collider.top - collider.bottom, 0.5 * (collider.bottom + collider.top)
    if not collider.is_box:
        return np.array([*(0.5 * (low + high)), middle]), np.array([*(high - low), tall]), 0.0
    u, v = collider.outline[1] - collider.outline[0], collider.outline[2] - collider.outline[1]
    turn = float(np.arctan2(u[1], u[0]))
    sides = [float(np.linalg.norm(u)), float(np.linalg.norm(v))]
    quarter = round(turn / (np.pi / 2))
    if abs(turn - quarter * np.pi / 2) < 1e-9:
        sides, turn = sides[:: -1 if quarter % 2 else 1], 0.0
    return np.array([*collider.outline.mean(axis=0), middle]), np.array([*sides, tall]), turn


def _corners(collider: Collider, place: NDArray[np.float64], turn: float) -> NDArray[np.float64]:
    """(2 V, 3) corners of a prism about its middle, in its own frame: the bottom's, then the top's."""
    c, s = np.cos(turn), np.sin(turn)
    flat = (collider.outline - place[:2]) @ np.array([[c, -s], [s, c]])
    half = 0.5 * (collider.top - collider.bottom)
    return np.concatenate([np.column_stack([flat, np.full(len(flat), z)]) for z in (-half, half)])


def prism(asset: Asset, corner: NDArray[np.float64]) -> dict[str, Any]:
    """A primitive of an upright prism: corners (2 V, 3), the bottom's counter-clockwise from above, then the top's."""
    count = len(corner) // 2
    k, after = np.arange(count), (np.arange(count) + 1) % count
    fan = np.arange(1, count - 1)
    bottom = np.column_stack([np.zeros_like(fan), fan + 1, fan])
    sides = [np.column_stack([k, after, after + count]), np.column_stack([k, after + count, k + count])]
    faces = np.concatenate([bottom, bottom[:, ::-1] + count, *sides])
    position = asset.accessor(turned(corner).astype(np.float32), VERTEX, bounds=True)
    return {
        "attributes": {"POSITION": position},
        "indices": asset.accessor(faces.reshape(-1).astype(np.uint16), INDEX),
    }
