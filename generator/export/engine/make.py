"""The verb of the engine profile: a region as a folder of chunks that a game engine can stream and walk in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ... import __version__
from ...errors import NoclipError
from ...files import check_writable, whole_folder
from ...geometry.level import Level
from ...plan.floorplan import CHUNK_M, Floorplan
from ...progress import Progress
from ...surface.palette import worn_albedo
from ..clip import build_region
from ..document import Views, document
from ..gltf import Asset
from ..make import ENDINGS, baked
from ..region import Chunk, Region, check_size, chunk_name, region_chunks, region_of
from ..stand_ins import add_stand_ins, stand_ins
from ..tone_curve import ToneCurve, tone_curve_of
from .agent import AGENT, Agent
from .bodies import Engine, add_bodies
from .cells import chunk_corner
from .chunk_file import (
    Playable,
    add_playable,
    nav_asset,
    nav_json,
    place_in_world,
    portal_json,
    room_json,
    spawn_json,
    world_place,
)
from .chunk_levels import border_level, chunk_levels, chunk_region
from .coarse import coarse_asset
from .colliders import SLAB_M, Collider, furniture_of, plan_colliders, uprights
from .free_floor import FreeFloor, free_floor
from .navmesh import navmesh
from .probes import Gatherer, probes_json, probes_of
from .rooms import portals_of, rooms_of
from .spawns import spawns_of

if TYPE_CHECKING:
    from ...scene import Scene
    from ...surface.material import Material

LAMPS = 8
"""Punctual lamps of a chunk, unless asked otherwise: as many as phones draw."""
MANIFEST, PICTURES, BORDER = "manifest.json", "textures", "border"
AROUND = {
    "west": (-1, 0), "east": (1, 0), "south": (0, -1), "north": (0, 1),
    "south_west": (-1, -1), "south_east": (1, -1), "north_west": (-1, 1), "north_east": (1, 1),
}  # fmt: skip
"""Ways to the neighbours of a chunk."""


def check_folder(path: Path, region: Region, texture_px: int) -> None:
    """Check everything that can be known to fail before anything is built.

    Raises NoclipError: an ending as of a file, an unwritable place, a folder that holds something else, a region too
    large.
    """
    if path.suffix.lower() in (*ENDINGS, ".usd"):
        raise NoclipError(f"{path}: the engine profile writes a folder; give -o a name without {path.suffix}")
    check_size(whole_chunks(region), "set", texture_px)
    if path.exists() and not path.is_dir():
        raise NoclipError(f"{path}: this is a file; the engine profile writes a folder")
    if path.is_dir() and any(path.iterdir()) and not _is_ours(path):
        raise NoclipError(f"{path}: this folder holds something else; give the name of a new one")
    check_writable(path / MANIFEST if path.is_dir() else path)
    check_writable(path.parent / f"{path.name}.new")


def _is_ours(path: Path) -> bool:
    """Whether a folder holds an earlier export."""
    try:
        return bool(json.loads((path / MANIFEST).read_text(encoding="utf-8"))["generator"] == "noclip")
    except (OSError, ValueError, LookupError, TypeError):
        return False


def whole_chunks(region: Region) -> Region:
    """Widen a region to whole chunks."""
    return region_of(*(float(c) * CHUNK_M for c in region_chunks(region)))


def export_engine(
    scene: Scene,
    region: Region,
    folder: Path,
    *,
    engine: Engine = "godot",
    texture_px: int = 1024,
    closed: bool = True,
    tone: ToneCurve | None = None,
    lamps: int = LAMPS,
    probes: bool = True,
    progress: Progress | None = None,
) -> int:
    """Write the chunks that a region touches as a folder for a game engine; the bytes written.

    closed: walls of their own, in a file of their own, close the edge of the whole. lamps: most punctual lamps of a
    chunk, which stand for its panels. probes: whether to bake, and gather light probes from it. The folder appears
    whole or not at all; an earlier export there is replaced. Raises NoclipError as ``check_folder``.
    """
    from ...places.verbs import materials

    folder = Path(folder)
    check_folder(folder, region, texture_px)
    told, region = progress or Progress(), whole_chunks(region)
    with told.stage("build"):
        level = build_region(scene, scene.seed, region, closed)
    with told.stage("surface"):
        made = materials(level.materials, scene, texture_px)
    with told.stage("plan"):
        playable = playables(scene, region, closed)
    albedo = np.array([material.mean_albedo for material in made])
    gatherer = _gatherer(level, scene, albedo, told) if probes else None
    named = dict(zip(level.materials, made, strict=True))
    with told.stage("export"), whole_folder(folder) as part:
        (part / PICTURES).mkdir()
        tone = tone or tone_curve_of(level, albedo, scene.camera)
        job = _Folder(part, scene, engine, tone, named, lamps)
        rows = []
        for chunk, own in chunk_levels(level):
            row = _chunk(job, own, playable[chunk]) | _afar(job, own, playable[chunk])
            rows.append(row | (_probes(job, gatherer, level, playable[chunk]) if gatherer else {}))
        border = _border(job, level) if closed else None
        manifest = _manifest(scene, region, engine, tone, rows, border)
        (part / MANIFEST).write_text(json.dumps(manifest, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        return sum(file.stat().st_size for file in part.rglob("*") if file.is_file())


def playables(scene: Scene, region: Region, closed: bool, agent: Agent = AGENT) -> dict[Chunk, Playable]:
    """Find collision, navigation, rooms and spawn points of every chunk of a region of whole chunks."""
    from ...places.verbs import floorplan, place_of

    kit, (i0, j0, i1, j1) = place_of(scene).kit, region_chunks(region)
    plan, own = (
        kit.altered(floorplan(scene, scene.seed, chunks), scene, scene.seed)
        for chunks in ((i0 - 1, j0 - 1, i1 + 1, j1 + 1), (i0, j0, i1, j1))
    )
    things = furniture_of(kit.things(own, scene, scene.seed)[0], kit, own, agent.height_m)
    walls = list(uprights(plan))
    solid = [*walls, *(replace(thing, outline=thing.outline + CHUNK_M) for thing in things)]
    edge = (CHUNK_M, CHUNK_M, plan.size_m[0] - CHUNK_M, plan.size_m[1] - CHUNK_M)
    floor = free_floor(plan, solid, agent, edge if closed else None)
    chunks = [(i, j) for i in range(i0, i1) for j in range(j0, j1)]
    return {chunk: _playable(plan, floor, (walls, solid), chunk, agent) for chunk in chunks}


def _playable(
    plan: Floorplan, floor: FreeFloor, upright: tuple[list[Collider], ...], chunk: Chunk, agent: Agent
) -> Playable:
    """What one chunk holds; upright: the walls, and all that stands there."""
    walls, everything = upright
    low = chunk_corner(chunk, plan.origin)
    solid = plan_colliders(plan, chunk, everything)
    mesh = navmesh(floor, low)
    return Playable(
        chunk,
        tuple(replace(collider, outline=collider.outline - low) for collider in solid),
        mesh,
        tuple(rooms_of(plan, chunk)),
        tuple(portals_of(plan, chunk, walls, agent)),
        tuple(spawns_of(plan, floor, mesh, chunk)),
    )


@dataclass(frozen=True)
class _Folder:
    """What all files of a folder under way have in common; materials by name; lamps: most punctual lamps of a chunk."""

    path: Path
    scene: Scene
    engine: Engine
    tone: ToneCurve
    materials: dict[str, Material]
    lamps: int

    def document(self, level: Level, region: Region) -> Asset:
        """A level as a document."""
        made = self.made(level)
        scene, tone = self.scene, self.tone
        return document(level, scene, scene.seed, "set", None, made, region, Views(), tone=tone, things="merged")

    def made(self, level: Level) -> tuple[Material, ...]:
        """A level's materials, in its order."""
        return tuple(self.materials[name] for name in level.materials)

    def write(self, name: str, value: dict[str, Any]) -> None:
        """Write plain lists as JSON."""
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
        (self.path / name).write_text(text + "\n", encoding="utf-8")


def _chunk(job: _Folder, level: Level, playable: Playable) -> dict[str, Any]:
    """Write the files of one chunk; its row of the manifest."""
    name, chunk = chunk_name(playable.chunk), playable.chunk
    asset = job.document(level, chunk_region(chunk))
    more = [*add_playable(asset, playable, job.engine), *_lamps(job, asset, level, chunk)]
    place_in_world(asset, name, chunk, more)
    asset.save_glb(job.path / f"{name}.glb", job.path / PICTURES)
    nav_asset(f"noclip {__version__}", playable, job.engine).save_glb(job.path / f"{name}_nav.glb")
    job.write(f"{name}_nav.json", nav_json(playable))
    return {
        "name": name,
        "chunk": list(chunk),
        "file": f"{name}.glb",
        "navigation": {"mesh": f"{name}_nav.glb", "json": f"{name}_nav.json"},
        "world_offset_m": world_place(chunk),
        "rooms": [room_json(room) for room in playable.rooms],
        "portals": [portal_json(portal) for portal in playable.portals],
        "spawns": [spawn_json(spawn) for spawn in playable.spawns],
    }


def _lamps(job: _Folder, asset: Asset, level: Level, chunk: Chunk) -> list[int]:
    """Nodes of the punctual lamps of a chunk's own level."""
    return add_stand_ins(asset, stand_ins(level, job.lamps), np.array([*chunk_corner(level.origin, chunk), 0.0]))


def _afar(job: _Folder, level: Level, playable: Playable) -> dict[str, Any]:
    """Write a chunk as it is seen from afar."""
    name, chunk = chunk_name(playable.chunk), playable.chunk
    low = chunk_corner(chunk, level.origin)
    asset = coarse_asset(f"noclip {__version__}", name, level, job.made(level), low, playable.colliders)
    place_in_world(asset, name, chunk, _lamps(job, asset, level, chunk))
    asset.save_glb(job.path / f"{name}_lod1.glb", job.path / PICTURES)
    return {"levels_of_detail": [f"{name}_lod1.glb"]}


def _gatherer(level: Level, scene: Scene, albedo: NDArray[np.float64], told: Progress) -> Gatherer:
    """Bake the whole level, for probes."""
    worn = worn_albedo(level.palette, albedo)
    return Gatherer(level, baked(level, scene, worn, told), worn)


def _probes(job: _Folder, gatherer: Gatherer, level: Level, playable: Playable) -> dict[str, Any]:
    """Write the light probes of a chunk."""
    name = f"{chunk_name(playable.chunk)}_probes.json"
    job.write(name, probes_json(probes_of(gatherer, level, playable.chunk, playable.colliders)))
    return {"probes": name}


def _border(job: _Folder, level: Level) -> str:
    """Write the walls that close the region, from its first chunk's corner; the file's name."""
    name = f"{BORDER}.glb"
    asset = job.document(border_level(level), chunk_region(level.origin))
    bodies = add_bodies(asset, border_colliders(level), job.engine, {"wall": _first_mesh(asset)})
    place_in_world(asset, BORDER, level.origin, [bodies])
    asset.save_glb(job.path / name, job.path / PICTURES)
    return name


def _first_mesh(asset: Asset) -> str:
    return str(next((n["name"] for n in asset.tree["nodes"] if "mesh" in n), BORDER))


def border_colliders(level: Level) -> list[Collider]:
    """Make four boxes round a level, outside of it."""
    (w, h), t = level.size_m, SLAB_M
    bottom, top = float(level.floor_m.min()) - t, float(level.ceiling_m.max()) + t
    boxes = ((-t, -t, 0.0, h + t), (w, -t, w + t, h + t), (0.0, -t, w, 0.0), (0.0, h, w, h + t))
    corners = [np.array([[a, b], [c, b], [c, d], [a, d]]) for a, b, c, d in boxes]
    return [Collider("wall", corner, bottom, top) for corner in corners]


def _manifest(
    scene: Scene, region: Region, engine: Engine, tone: ToneCurve, rows: list[dict[str, Any]], border: str | None
) -> dict[str, Any]:
    """Say what the folder holds, and how to make it again."""
    names = {tuple(row["chunk"]): row["name"] for row in rows}
    for row in rows:
        i, j = row["chunk"]
        row["neighbours"] = {way: names.get((i + di, j + dj)) for way, (di, dj) in AROUND.items()}
    return {
        "generator": "noclip",
        "version": __version__,
        "profile": "engine",
        "engine": engine,
        "seed": scene.seed,
        "region_m": [region.x0, region.y0, region.x1, region.y1],
        "chunk_m": CHUNK_M,
        "axes": "glTF: +Y up, +X east, -Z north; places are from the chunk's own south-west corner, in metres",
        "units": {"length": "m", "radiance": "W/(sr m2)", "light": "cd", "emission": "cd/m2"},
        "agent": asdict(AGENT),
        **tone.told,
        "textures": PICTURES,
        "border": border,
        "chunks": rows,
        "scene": scene.model_dump(mode="json"),
    }
