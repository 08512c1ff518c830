"""The engine profile: what one walks on, bumps into and finds one's way by, over seeds and presets."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import shapely
import trimesh
from scipy.ndimage import label
from trimesh.ray.ray_pyembree import RayMeshIntersector

from generator.cli import main
from generator.colour import LUMENS_PER_WATT
from generator.errors import NoclipError
from generator.export import build_region, export_engine, region_of
from generator.export.engine.agent import AGENT
from generator.export.engine.colliders import furniture_of
from generator.export.engine.make import playables
from generator.export.engine.navmesh import SIDES
from generator.export.engine.probes import Gatherer, directions, harmonics
from generator.export.shade import light_at
from generator.geometry.items import Item
from generator.light.bake import bake
from generator.places.verbs import build, floorplan, place_of
from generator.plan.floorplan import CHUNK_M
from generator.plan.walk import PITCH_M
from generator.scene import load_scene
from tests.glb import Glb

TROFFER_M = np.array([1.2192, 0.6096])
"""Sides of a fixture in its grid."""
FOUR = region_of(0.0, 0.0, 2 * CHUNK_M, 2 * CHUNK_M)
CASES = [pytest.param((name, seed), marks=pytest.mark.slow if (name, seed) != ("level0", 1) else ())
         for name, seed in product(("level0", "offices", "halls", "damp"), (1, 7, 42))]  # fmt: skip


def scene_of(name, seed):
    return load_scene(name, [f"seed={seed}"])


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "-".join(map(str, case)))
def held(request):
    scene = scene_of(*request.param)
    return scene, playables(scene, FOUR, closed=True)


def solid(collider):
    """A collider as a convex mesh, in the world."""
    corner = np.concatenate([np.column_stack([collider.outline, np.full(len(collider.outline), z)])
                             for z in (collider.bottom, collider.top)])  # fmt: skip
    return trimesh.convex.convex_hull(corner)


def world(playable):
    """The colliders of a chunk, as one mesh in metres from the world's origin."""
    mesh = trimesh.util.concatenate([solid(c) for c in playable.colliders])
    mesh.apply_translation([*(np.array(playable.chunk) * CHUNK_M), 0.0])
    return mesh


def test_a_ray_at_a_wall_meets_its_collider_where_it_meets_the_wall(held):
    scene, chunks = held
    plan = place_of(scene).kit.altered(floorplan(scene, scene.seed, (0, 0, 2, 2)), scene, scene.seed)
    bodies = trimesh.util.concatenate([world(p) for p in chunks.values()])
    level = build(floorplan(scene, scene.seed, (0, 0, 2, 2)), scene, scene.seed)
    shown = trimesh.Trimesh(level.building.vertices, level.building.faces, process=False)
    rng = np.random.default_rng(3)
    places = np.concatenate([p.navmesh.vertices[p.navmesh.triangles].mean(axis=1)[:, :2] + np.array(p.chunk) * CHUNK_M
                             for p in chunks.values()])  # fmt: skip
    eye = np.column_stack([places[rng.integers(len(places), size=1500)], rng.uniform(0.2, 2.3, 1500)])
    way = rng.normal(size=(1500, 3))
    way[:, 2] *= 0.1
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    far = [first_hit(mesh, eye, way) for mesh in (bodies, shown)]
    end = eye + way * far[1][:, None]
    within = ((end[:, :2] > 0.05) & (end[:, :2] < np.array(plan.size_m) - 0.05)).all(axis=1)
    late = far[0][within] - far[1][within]
    assert within.sum() > 1000
    assert (late > 0.2).sum() <= 2  # but those that graze the top of a trim, which is no collider
    assert np.isfinite(far[0][within]).all()


def first_hit(mesh, origin, way):
    at, ray, _ = RayMeshIntersector(mesh).intersects_location(origin, way, multiple_hits=False)
    far = np.full(len(origin), np.inf)
    far[ray] = np.linalg.norm(at - origin[ray], axis=1)
    return far


def test_an_agent_anywhere_on_the_mesh_touches_nothing(held):
    _, chunks = held
    for playable in chunks.values():
        mesh = playable.navmesh
        corner = mesh.vertices[mesh.triangles]
        blocks = [c for c in playable.colliders if c.bottom < AGENT.height_m - 0.01 and c.top > AGENT.step_m]
        tree = shapely.STRtree([shapely.Polygon(c.outline) for c in blocks if c.kind != "floor"])
        for weight in ([1 / 3, 1 / 3, 1 / 3], [1, 0, 0], [0.5, 0.5, 0]):
            at = shapely.points(np.einsum("tcd,c->td", corner, weight)[:, :2])
            assert len(tree.query(at, predicate="dwithin", distance=AGENT.radius_m - 5e-4)[0]) == 0


def test_the_mesh_reaches_wherever_the_plan_says_that_an_agent_can_go(held):
    """Two places that a disc of the agent's breadth can be rolled between, on the plan's raster, hang together."""
    scene, chunks = held
    sample = np.concatenate([c for p in chunks.values() for c in [centres(p)]])
    joined = everywhere(chunks)
    plan = floorplan(scene, scene.seed, (0, 0, 2, 2))
    plan = place_of(scene).kit.altered(plan, scene, scene.seed)
    raster = np.zeros([round(s / PITCH_M) for s in reversed(plan.size_m)], bool)
    x, y = (np.arange(n) + 0.5 for n in raster.shape[::-1])
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2) * PITCH_M
    margin = AGENT.radius_m * 1.03 + 0.75 * PITCH_M
    raster.reshape(-1)[:] = free_of(chunks, grid, margin)
    parts, count = label(raster)
    assert count > 0
    index = np.clip((sample[:, :2] / PITCH_M).astype(int), 0, np.array(raster.shape[::-1]) - 1)
    part = parts[index[:, 1], index[:, 0]]
    for k in range(1, count + 1):
        assert len(np.unique(joined[part == k])) <= 1, "one part of the plan is two of the mesh"
    share = (part > 0).mean()
    assert share > 0.3


def free_of(chunks, places, margin):
    """Which places lie further than ``margin`` from every collider that is in an agent's way."""
    shapes = []
    for p in chunks.values():
        blocks = [c for c in p.colliders if c.kind != "floor" and c.bottom < AGENT.height_m - 0.01]
        shapes += [shapely.Polygon(c.outline + np.array(p.chunk) * CHUNK_M) for c in blocks]
    edge = 2 * CHUNK_M - margin
    free = ((places > margin) & (places < edge)).all(axis=1)
    free[shapely.STRtree(shapes).query(shapely.points(places), predicate="dwithin", distance=margin)[0]] = False
    return free


def corner_of(playable):
    return np.array([*playable.chunk, 0.0]) * CHUNK_M


def centres(playable):
    mesh = playable.navmesh
    return mesh.vertices[mesh.triangles].mean(axis=1) + corner_of(playable)


def everywhere(chunks):
    """The number of the connected part that each triangle is in, over the borders of chunks."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, start = {}, 0
    for chunk, p in chunks.items():
        first[chunk], start = start, start + len(p.navmesh.triangles)
    links, edges = [], {}
    for chunk, p in chunks.items():
        mesh = p.navmesh
        row, side = np.nonzero(mesh.neighbour >= 0)
        links.append(np.column_stack([row, mesh.neighbour[row, side]]) + first[chunk])
        for row, side in zip(*np.nonzero(mesh.neighbour < 0), strict=True):
            ends = mesh.vertices[mesh.triangles[row][[side, (side + 1) % 3]]] + [*(np.array(chunk) * CHUNK_M), 0.0]
            key = tuple(sorted(map(tuple, np.round(ends * 1e4).astype(int))))
            if key in edges:
                links.append(np.array([[edges.pop(key), row + first[chunk]]]))
            else:
                edges[key] = row + first[chunk]
    a, b = np.concatenate(links).T
    return connected_components(coo_array((np.ones(len(a), bool), (a, b)), shape=(start, start)), directed=False)[1]


def test_meshes_of_neighbours_meet_edge_to_edge_on_their_border(held):
    _, chunks = held
    for (i, j), one in chunks.items():
        for side, (di, dj), opposite in (("east", (1, 0), "west"), ("north", (0, 1), "south")):
            other = chunks.get((i + di, j + dj))
            if other is None:
                assert not len(one.navmesh.border[side])  # the region's edge is a wall
                continue
            mine, theirs = (border(p, name) for p, name in ((one, side), (other, opposite)))
            assert mine
            assert mine == theirs


def border(playable, side):
    place = playable.navmesh.vertices + corner_of(playable)
    ends = np.round(place[playable.navmesh.border[side]] * 1e3).astype(int)
    return {tuple(sorted(map(tuple, pair))) for pair in ends.tolist()}


def test_a_chunk_is_the_same_in_every_open_region_that_holds_it():
    scene = scene_of("level0", 3)
    one = playables(scene, region_of(0.0, 0.0, CHUNK_M, CHUNK_M), closed=False)[0, 0]
    two = playables(scene, FOUR, closed=False)[0, 0]
    assert {side: border(one, side) for side in SIDES} == {side: border(two, side) for side in SIDES}
    assert np.isclose(ground(one), ground(two), atol=0.01)
    walls = [sorted((c.kind, c.bottom, c.top, round(shapely.Polygon(c.outline).area, 6))
                    for c in p.colliders if c.kind != "furniture") for p in (one, two)]  # fmt: skip
    assert walls[0] == walls[1]


def ground(playable):
    mesh = playable.navmesh
    return shapely.area(shapely.polygons(mesh.vertices[mesh.triangles][..., :2])).sum()


def test_spawns_stand_on_the_mesh_clear_of_walls_and_portals_that_fit_lie_on_it(held):
    _, chunks = held
    for p in chunks.values():
        area = shapely.union_all(shapely.polygons(p.navmesh.vertices[p.navmesh.triangles][..., :2]))
        assert 1 <= len(p.spawns) <= 8
        for spawn in p.spawns:
            assert area.contains(shapely.Point(spawn.place[:2]))
        names = {room.name for room in p.rooms}
        assert names
        assert len(names) == 1 or any(portal.passable for portal in p.portals)
        for portal in p.portals:
            assert portal.rooms[0] in names
            assert portal.rooms[0] != portal.rooms[1]


@pytest.fixture(
    scope="module", params=["godot", *(pytest.param(name, marks=pytest.mark.slow) for name in ("unreal", "omi"))]
)
def folder(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("engine") / request.param
    scene = scene_of("level0", 1)
    written = export_engine(
        scene, region_of(0.0, 0.0, 50.0, 30.0), path, engine=request.param, texture_px=64, probes=False
    )
    assert written == sum(f.stat().st_size for f in path.rglob("*") if f.is_file())
    return request.param, path


def test_the_folder_holds_what_its_manifest_says(folder):
    engine, path = folder
    manifest = json.loads((path / "manifest.json").read_text())
    assert manifest["engine"] == engine
    assert [row["name"] for row in manifest["chunks"]] == ["chunk_0_0", "chunk_1_0"]
    assert manifest["chunks"][0]["neighbours"]["east"] == "chunk_1_0"
    assert manifest["chunks"][1]["neighbours"]["east"] is None
    named = {manifest["border"], "manifest.json"}
    for row in manifest["chunks"]:
        named |= {row["file"], *row["navigation"].values(), *row["levels_of_detail"]}
        root = Glb(path / row["file"]).node(row["name"])
        assert root["translation"] == row["world_offset_m"] == [row["chunk"][0] * CHUNK_M, 0.0, 0.0]
    assert {f.name for f in path.iterdir() if f.is_file()} == named
    pictures = {i["uri"] for f in path.glob("*.glb") for i in Glb(f).tree.get("images", [])}
    assert {f"textures/{f.name}" for f in (path / "textures").iterdir()} == pictures


def test_every_collider_is_named_as_its_engine_wants_it(folder):
    engine, path = folder
    scene = scene_of("level0", 1)
    count = len(playables(scene, region_of(0.0, 0.0, 2 * CHUNK_M, CHUNK_M), closed=True)[0, 0].colliders)
    tree = Glb(path / "chunk_0_0.glb").tree
    names = [node["name"] for node in tree["nodes"]]
    if engine == "godot":
        assert sum(name.endswith("-convcolonly") for name in names) == count
    if engine == "unreal":
        bodies = [name for name in names if name.startswith("UCX_")]
        assert len(set(bodies)) == len(bodies) == count
        assert {name[4:].rpartition("_")[0] for name in bodies} <= set(names)
    if engine == "omi":
        shapes = tree["extensions"]["OMI_physics_shape"]["shapes"]
        held = [n["extensions"]["OMI_physics_body"]["collider"]["shape"] for n in tree["nodes"]
                if "collider" in n.get("extensions", {}).get("OMI_physics_body", {})]  # fmt: skip
        assert len(held) == count
        assert set(held) == set(range(len(shapes)))
        assert {shape["type"] for shape in shapes} <= {"box", "convex"}


@pytest.mark.parametrize("floor_m", [-1.2, 0.0, 1.2])
def test_furniture_is_what_reaches_down_to_the_agents_head_over_its_own_floor(floor_m):
    scene = scene_of("level0", 1)
    plan, kit = floorplan(scene, 1, (0, 0, 1, 1)), place_of(scene).kit
    plan = replace(plan, floor_m=plan.floor_m + np.float32(floor_m))
    for over_m, counts in ((0.0, True), (1.5, True), (2.2, False)):
        place = np.eye(4)
        place[:3, 3] = 10.0, 10.0, floor_m + over_m
        assert len(furniture_of([Item("stacking_chair", place)], kit, plan, AGENT.height_m)) == counts


def test_chunks_meet_at_their_border_without_a_gap(folder):
    """Whatever edges one file's shown triangles have in the plane of the border, the other's run along too."""
    _, path = folder
    seams = []
    for name, end in (("chunk_0_0", np.max), ("chunk_1_0", np.min)):
        glb, lines = Glb(path / f"{name}.glb"), []
        for mesh, p in glb.primitives():
            if mesh.startswith(("wall", "floor", "ceiling")):
                at = glb.values(p["attributes"]["POSITION"])[glb.values(p["indices"]).reshape(-1, 3)]
                for k in range(3):
                    edge = at[:, [k, (k + 1) % 3]]
                    lines.append(edge[(np.abs(edge[..., 0] - CHUNK_M * (end is np.max)) < 1.5e-4).all(axis=1)])
        seams.append(shapely.union_all(shapely.linestrings(np.concatenate(lines)[..., 1:])))
    assert seams[0].length > 50.0
    for one, other in (seams, seams[::-1]):
        missing = [line for line in shapely.get_parts(one.difference(other.buffer(2e-4))) if line.length > 1e-3]
        assert all(np.isclose(line.length, TROFFER_M, atol=2e-3).any() for line in missing)  # a fixture fills these
        assert all(line.bounds[0] > 2.4 for line in missing)


def test_a_chunk_from_afar_is_closed_and_has_far_fewer_triangles(folder):
    """No ray from inside leaves it but through the border to the next chunk."""
    _, path = folder
    near, far = (Glb(path / f"chunk_0_0{end}.glb") for end in ("", "_lod1"))
    assert triangles(far) < 0.2 * triangles(near)
    assert not [node["name"] for node in far.tree["nodes"] if "troffer" in node["name"] or "colonly" in node["name"]]
    corner = np.concatenate([glb_triangles(far, p) for _, p in far.primitives()]).reshape(-1, 3)
    mesh = trimesh.Trimesh(corner, np.arange(len(corner)).reshape(-1, 3), process=False)
    manifest = json.loads((path / "manifest.json").read_text())
    way = trimesh.unitize(np.random.default_rng(2).normal(size=(400, 3)))
    for spawn in manifest["chunks"][0]["spawns"]:
        eye = np.repeat([np.add(spawn["place_m"], [0.0, 1.6, 0.0])], len(way), axis=0)
        lost = ~np.isfinite(first_hit(mesh, eye, way))
        side = np.where(way[:, [0, 2]] > 0, [CHUNK_M, 0.0], [0.0, -CHUNK_M])
        reach = ((side - eye[:, [0, 2]]) / way[:, [0, 2]]).min(axis=1)
        leaves = eye[lost] + way[lost] * reach[lost, None]
        assert ((leaves[:, 1] > -0.01) & (leaves[:, 1] < 5.5)).all()  # by a side, and not by floor or ceiling


def triangles(glb):
    """Those that are shown."""
    shown = [node["mesh"] for node in glb.tree["nodes"] if "mesh" in node and "colonly" not in node["name"]
             and not node["name"].startswith("UCX_")]  # fmt: skip
    used = [p for k in set(shown) for p in glb.tree["meshes"][k]["primitives"]]
    return sum(glb.tree["accessors"][p["indices"]]["count"] // 3 for p in used)


def glb_triangles(glb, primitive):
    return glb.values(primitive["attributes"]["POSITION"])[glb.values(primitive["indices"]).reshape(-1, 3)]


def test_eight_lamps_a_chunk_are_as_strong_as_all_its_lenses_along_their_axes(folder):
    _, path = folder
    scene = scene_of("level0", 1)
    lamps = build(floorplan(scene, 1, (0, 0, 2, 1)), scene, 1).lamps
    own = lamps.center[:, 0] < CHUNK_M
    area = 4 * np.linalg.norm(lamps.half_u, axis=1) * np.linalg.norm(lamps.half_v, axis=1)
    wanted = LUMENS_PER_WATT * (area[:, None] * lamps.radiance)[own].sum(axis=0)
    held = Glb(path / "chunk_0_0.glb").tree["extensions"]["KHR_lights_punctual"]["lights"]
    assert len(held) == 8
    assert np.allclose(sum(np.array(lamp["color"]) * lamp["intensity"] for lamp in held), wanted, rtol=0.05)


def test_harmonics_are_orthonormal_and_even_light_is_the_first_alone():
    way = directions(2048)
    basis = harmonics(way) * (4 * np.pi / len(way))
    even = basis.T @ np.ones(len(way))
    assert np.isclose(even[0], 2 * np.sqrt(np.pi), rtol=1e-6)
    assert np.abs(even[1:]).max() < 5e-3
    assert np.allclose(basis.T @ harmonics(way), np.eye(9), atol=5e-3)


@pytest.mark.slow
def test_light_that_probes_gather_is_the_floors_own():
    """From a probe's harmonics just over the floor, irradiance from above is what the bake gave the floor there."""
    scene = load_scene("level0", ["seed=1", "render.quality=draft", "plan.rooms_dark=0"])
    level = build_region(scene, 1, region_of(4.0, 6.0, 18.0, 18.0))
    albedo = np.full((len(level.materials), 3), 0.5)
    lightmap = bake(level, scene.light, albedo, "draft")
    gatherer, mesh = Gatherer(level, lightmap, albedo), level.building
    rng = np.random.default_rng(5)
    place = np.column_stack([rng.uniform(5.0, 17.0, 60), rng.uniform(7.0, 17.0, 60), np.full(60, 0.03)])
    down = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    hit, ray, face = RayMeshIntersector(down).intersects_location(place, np.tile([0.0, 0.0, -1.0], (60, 1)), False)
    ray, face = ray[np.abs(hit[:, 2]) < 0.01], face[np.abs(hit[:, 2]) < 0.01]
    chart = mesh.vertex_chart[mesh.faces[face, 0]].astype(np.int64)
    at = place[ray] - mesh.chart_origin[chart]
    uv = np.stack([(at * s[chart]).sum(1) / (s[chart] ** 2).sum(1) for s in (mesh.chart_u, mesh.chart_v)], axis=1)
    baked = light_at(lightmap, chart, uv)[:, 1]
    band = np.array([1.0, *[2 / 3] * 3, *[1 / 4] * 5])  # irradiance / pi of each band (Ramamoorthi and Hanrahan)
    up = harmonics(np.array([[0.0, 1.0, 0.0]]))[0] * band
    gathered = np.einsum("pk,k->p", gatherer.coefficients(place[ray])[..., 1], up)
    lit = baked > 0.2 * np.median(baked)
    assert lit.sum() > 30
    assert np.abs(gathered[lit] / baked[lit] - 1.0).mean() < 0.15
    assert abs(gathered[lit].mean() / baked[lit].mean() - 1.0) < 0.08


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    scene, region = scene_of("level0", 1), region_of(0.0, 0.0, 30.0, 30.0)
    with pytest.raises(NoclipError, match="something else"):
        export_engine(scene, region, tmp_path / "mine")
    with pytest.raises(NoclipError, match="folder"):
        export_engine(scene, region, tmp_path / "set.glb")
    assert [f.name for f in tmp_path.rglob("*")] == ["mine", "notes.txt"]


@pytest.mark.parametrize(
    "words", [["--profile", "engine", "--uv2"], ["--profile", "engine", "--seconds", "3"], ["--engine", "omi"]]
)
def test_what_a_profile_has_not_is_refused_in_one_line(words, tmp_path, capsys):
    assert main(["export", "level0", *words, "-o", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.iterdir())
