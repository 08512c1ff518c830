"""One chunk's glTF: its set under a node at its place in the world, with collision, rooms and places to begin at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...plan.floorplan import CHUNK_M
from ..cameras import about_up, turned
from ..gltf import INDEX, VERTEX, Asset
from ..region import Chunk, chunk_name
from .bodies import Engine, add_bodies
from .colliders import Collider
from .navmesh import Navmesh
from .rooms import Portal, Room
from .spawns import Spawn


@dataclass(frozen=True)
class Playable:
    """What a chunk holds beside what is seen, all in metres from its south-west corner."""

    chunk: Chunk
    colliders: tuple[Collider, ...]
    navmesh: Navmesh
    rooms: tuple[Room, ...]
    portals: tuple[Portal, ...]
    spawns: tuple[Spawn, ...]


def world_place(chunk: Chunk) -> list[float]:
    """Give where a chunk's origin lies from the world's, in glTF's axes, metres."""
    return [float(x) for x in turned([chunk[0] * CHUNK_M, chunk[1] * CHUNK_M, 0.0])]


def place_in_world(asset: Asset, name: str, chunk: Chunk, more: Sequence[int] = ()) -> None:
    """Hang all of a document, and ``more`` nodes, under one node at the chunk's place in the world."""
    scene = asset.tree["scenes"][asset.tree["scene"]]
    root = {"name": name, "translation": world_place(chunk), "children": [*scene["nodes"], *more]}
    scene["nodes"] = [asset.add("nodes", root)]


def add_playable(asset: Asset, playable: Playable, engine: Engine) -> list[int]:
    """Add collision, rooms with their portals, and spawn points to a document; the indices of their parents."""
    bodies = add_bodies(asset, playable.colliders, engine, _shown(asset))
    rooms = [_room(asset, room, playable.portals) for room in playable.rooms]
    spawns = [_spawn(asset, k, spawn) for k, spawn in enumerate(playable.spawns)]
    return [bodies, asset.group("Rooms", rooms), asset.group("Spawns", spawns)]


def nav_asset(generator: str, playable: Playable, engine: Engine) -> Asset:
    """Make a document of a chunk's navigation mesh alone; for Godot its name makes it a region to walk in."""
    asset, mesh = Asset(generator), playable.navmesh
    name = f"nav_{chunk_name(playable.chunk)}"
    node: dict[str, Any] = {"name": f"{name}-navmesh" if engine == "godot" else name}
    if len(mesh.triangles):
        primitive = {
            "attributes": {"POSITION": asset.accessor(turned(mesh.vertices).astype(np.float32), VERTEX, bounds=True)},
            "indices": asset.accessor(mesh.triangles.reshape(-1).astype(np.uint32), INDEX),
        }
        node["mesh"] = asset.add("meshes", {"name": name, "primitives": [primitive]})
    asset.show(name, [asset.add("nodes", node)])
    place_in_world(asset, chunk_name(playable.chunk), playable.chunk)
    return asset


def nav_json(playable: Playable) -> dict[str, Any]:
    """Describe a chunk's navigation mesh as plain lists, in glTF's axes from the chunk's own origin."""
    mesh = playable.navmesh
    return {
        "vertices": np.round(turned(mesh.vertices), 4).tolist(),
        "triangles": mesh.triangles.tolist(),
        "neighbours": mesh.neighbour.tolist(),
        "islands": mesh.island.tolist(),
        "borders": {side: edges.tolist() for side, edges in mesh.border.items()},
    }


def room_json(room: Room) -> dict[str, Any]:
    """Describe a room: rectangles are x0, z0, x1, z1 in glTF's axes, which run south."""
    r = room.rectangles
    return {
        "name": room.name,
        "rectangles_m": np.round(np.column_stack([r[:, 0], -r[:, 3], r[:, 2], -r[:, 1]]), 4).tolist(),
        "floor_m": room.floor,
        "ceiling_m": room.ceiling,
    }


def portal_json(portal: Portal) -> dict[str, Any]:
    """Describe a portal: the middle of its sill and the way from its first room to its second, in glTF's axes."""
    return {
        "rooms": list(portal.rooms),
        "middle_m": _list(turned(portal.middle)),
        "way": _list(turned([*portal.way, 0.0])),
        "width_m": round(portal.width, 4),
        "height_m": round(portal.height, 4),
        "passable": portal.passable,
    }


def spawn_json(spawn: Spawn) -> dict[str, Any]:
    """Describe a spawn point: where the feet stand, and the way to look, in glTF's axes."""
    look = turned([np.cos(spawn.yaw), np.sin(spawn.yaw), 0.0])
    return {"place_m": _list(turned(spawn.place)), "look": _list(look), "clear_m": round(spawn.clear_m, 3)}


def _list(values: NDArray[np.float64]) -> list[float]:
    return [float(x) + 0.0 for x in np.round(values, 4)]


def _room(asset: Asset, room: Room, portals: Sequence[Portal]) -> int:
    """A node in the middle of a room, its portals as children."""
    own = [(k, portal) for k, portal in enumerate(portals) if portal.rooms[0] == room.name]
    children = [_portal(asset, k, portal) for k, portal in own]
    middle = 0.5 * (room.rectangles[:, :2].min(axis=0) + room.rectangles[:, 2:].max(axis=0))
    node = {"name": room.name, "translation": _list(turned([*middle, room.floor])), "extras": room_json(room)}
    for child, (_, portal) in zip(children, own, strict=True):
        from_room = turned(portal.middle) - np.array(node["translation"])
        asset.tree["nodes"][child]["translation"] = _list(from_room)
    return asset.add("nodes", node | ({"children": children} if children else {}))


def _portal(asset: Asset, k: int, portal: Portal) -> int:
    """A node on a portal's sill, looking through it along its own -Z."""
    rotation = about_up(float(np.arctan2(portal.way[1], portal.way[0])) - np.pi / 2)
    return asset.add("nodes", {"name": f"portal_{k:03d}", "rotation": rotation, "extras": portal_json(portal)})


def _spawn(asset: Asset, k: int, spawn: Spawn) -> int:
    """A node where the feet stand, looking along its own -Z as cameras do."""
    node = {
        "name": f"spawn_{k:02d}",
        "translation": _list(turned(spawn.place)),
        "rotation": about_up(spawn.yaw - np.pi / 2),
        "extras": {"clear_m": round(spawn.clear_m, 3)},
    }
    return asset.add("nodes", node)


def _shown(asset: Asset) -> dict[str, str]:
    """The name of a shown mesh for each kind of collider: the first under Floor, Ceiling or Walls."""
    nodes = asset.tree["nodes"]
    under = {n["name"]: [nodes[k]["name"] for k in n.get("children", [])] for n in nodes if "mesh" not in n}
    first = {name: (under.get(name) or ["set"])[0] for name in ("Floor", "Ceiling", "Walls")}
    return {"floor": first["Floor"], "ceiling": first["Ceiling"], "wall": first["Walls"], "furniture": first["Walls"]}
