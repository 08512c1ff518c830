"""A body in Rapier walks through an exported engine folder: it stands, passes every portal, and falls out nowhere."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from generator.export import export_engine, region_of
from generator.export.engine.agent import AGENT
from generator.plan.floorplan import CHUNK_M
from generator.scene import load_scene
from tests.glb import Glb

pytestmark = pytest.mark.slow
DT, SPEED = 1.0 / 20.0, 1.4
"""Seconds a step, and metres a second of a walk."""
UP = np.array([0.0, 1.0, 0.0])
HALF = AGENT.height_m / 2 - AGENT.radius_m
"""Half the length of a capsule's straight part."""


class Body:
    """A capsule that walks among the colliders of a folder's files, placed as their own nodes say."""

    def __init__(self, files):
        import rapier3d as rapier

        self.rapier = rapier
        self.world = rapier.PhysicsWorld(gravity=(0.0, -9.81, 0.0))
        self.count = 0
        for file in files:
            self.add(Glb(file))
        self.world.step()
        self.world.update_query_pipeline()
        self.shape = rapier.SharedShape.capsule_y(HALF, AGENT.radius_m)
        step = rapier.CharacterAutostep(
            rapier.CharacterLength.absolute(AGENT.step_m), rapier.CharacterLength.absolute(0.1), False
        )
        self.control = rapier.KinematicCharacterController(
            up=(0.0, 1.0, 0.0), offset=0.01, autostep=step, snap_to_ground=0.1
        )

    def add(self, glb):
        shapes = glb.tree["extensions"]["OMI_physics_shape"]["shapes"]
        root = np.array(glb.tree["nodes"][glb.tree["scenes"][0]["nodes"][0]]["translation"])
        for node in glb.tree["nodes"]:
            body = node.get("extensions", {}).get("OMI_physics_body", {})
            if "collider" not in body:
                continue
            shape = shapes[body["collider"]["shape"]]
            if shape["type"] == "box":
                collider = self.rapier.Collider.cuboid(*(0.5 * s for s in shape["box"]["size"]))
            else:
                mesh = glb.tree["meshes"][shape["convex"]["mesh"]]["primitives"][0]
                corner = glb.values(mesh["attributes"]["POSITION"])
                collider = self.rapier.Collider.convex_hull([tuple(map(float, c)) for c in corner])
            place = tuple(float(x) for x in root + node["translation"])
            turn = node.get("rotation", [0.0, 0.0, 0.0, 1.0])
            collider = collider.translation(place)
            if turn[3] < 1.0:
                collider = collider.rotation((0.0, 2.0 * float(np.arctan2(turn[1], turn[3])), 0.0))
            self.world.add_collider(collider)
            self.count += 1

    def move(self, at, by):
        """Where a body at a place (3,) gets to that wants to move by (3,); whether it stands."""
        pose = self.rapier.Isometry3(translation=tuple(map(float, at)))
        done = self.control.move_shape(
            DT, None, None, self.world.query_pipeline, self.shape, pose, tuple(map(float, by))
        )
        moved = done.translation
        return at + np.array([moved.x, moved.y, moved.z]), done.grounded

    def walk(self, at, way, seconds):
        for _ in range(round(seconds / DT)):
            at, stands = self.move(at, np.asarray(way) * SPEED * DT + [0.0, -0.05, 0.0])
        return at, stands


PLACES = {
    "level0": ("level0", 1, 20, "plan.heights=0"), "offices": ("offices", 1, 20),
    "halls": ("halls", 5, 15, "plan.heights=0"),
    "carpark": ("carpark", 1, 5), "steps": ("level0", 1, 20, "plan.heights=1"),
}  # fmt: skip
"""Scene, seed, fewest portals that an agent fits, and settings."""


@pytest.fixture(scope="module", params=PLACES)
def played(request, tmp_path_factory):
    name, seed, least, *settings = PLACES[request.param]
    path = tmp_path_factory.mktemp("physics") / "level"
    region = region_of(0.0, 0.0, 2 * CHUNK_M, CHUNK_M)
    scene = load_scene(name, [f"seed={seed}", *settings])
    export_engine(scene, region, path, engine="omi", texture_px=64, probes=False)
    manifest = json.loads((path / "manifest.json").read_text())
    area, height = [], []
    for row in manifest["chunks"]:
        nav = json.loads((path / row["navigation"]["json"]).read_text())
        corner = np.array(nav["vertices"]) + row["world_offset_m"]
        height += corner[:, 1].tolist()
        area += list(shapely.polygons(corner[np.array(nav["triangles"])][..., [0, 2]]))
    files = [path / row["file"] for row in manifest["chunks"]] + [path / manifest["border"]]
    assert (np.ptp(height) > 0.1) == (request.param == "steps")
    manifest |= {"least": least, "heights": (min(height), max(height))}
    return manifest, shapely.union_all(area, grid_size=1e-3), Body(files)


def test_a_body_dropped_at_each_spawn_stands_there(played):
    manifest, _, body = played
    for row in manifest["chunks"]:
        assert row["spawns"]
        for spawn in row["spawns"]:
            foot = np.array(row["world_offset_m"]) + spawn["place_m"]
            at, stands = body.walk(foot + UP * (AGENT.height_m / 2 + 0.3), [0.0, 0.0, 0.0], 1.0)
            assert stands
            assert np.allclose(at, foot + UP * AGENT.height_m / 2, atol=0.03)


def test_a_body_walks_through_every_portal_that_it_fits(played):
    manifest, area, body = played
    wide, walked, fits = area.buffer(0.01), 0, 0
    level = np.ptp(manifest["heights"]) < 0.1
    for row in manifest["chunks"]:
        for portal in row["portals"]:
            middle, way = np.array(row["world_offset_m"]) + portal["middle_m"], np.array(portal["way"])
            fits += portal["passable"]
            for side in (1.0, -1.0) if portal["passable"] else ():
                start, end = middle - 0.6 * side * way, middle + 0.6 * side * way
                if not wide.contains(shapely.LineString([start[[0, 2]], end[[0, 2]]])):
                    continue  # a wall or a thing stands close behind it, so that one goes through aslant
                lift = 0.02 if level else 0.45  # over the steps beside the sill
                at, _ = body.walk(start + UP * (AGENT.height_m / 2 + lift), 0.0 * way, 1.0)
                at, stands = body.walk(at, side * way, 1.5 * 1.2 / SPEED)
                at, stands = body.walk(at, 0.0 * way, 0.5)
                assert stands
                away = (at - middle)[[0, 2]]
                assert away @ (side * way)[[0, 2]] > 0.5, portal
                assert abs(away @ np.array([way[2], -way[0]])) < (0.05 if level else 0.35), portal
                walked += 1
    assert fits > manifest["least"]
    assert walked > 1.5 * fits


def test_no_portal_that_it_does_not_fit_is_on_the_mesh(played):
    manifest, area, _ = played
    for row in manifest["chunks"]:
        for portal in row["portals"]:
            middle = np.array(row["world_offset_m"]) + portal["middle_m"]
            at = shapely.Point(middle[[0, 2]])
            assert portal["passable"] or not area.buffer(-0.05).contains(at), portal


def test_a_body_that_runs_about_falls_out_nowhere(played):
    manifest, area, body = played
    low, high = np.array(area.bounds).reshape(2, 2)
    rng = np.random.default_rng(11)
    deepest = min(room["floor_m"] for row in manifest["chunks"] for room in row["rooms"])
    for row in manifest["chunks"]:
        for spawn in row["spawns"]:
            at = np.array(row["world_offset_m"]) + spawn["place_m"] + [0.0, AGENT.height_m / 2 + 0.02, 0.0]
            for turn in rng.uniform(0.0, 2.0 * np.pi, 6):
                at, _ = body.walk(at, 3.0 * np.array([np.cos(turn), 0.0, np.sin(turn)]), 1.5)
                at, stands = body.walk(at, np.zeros(3), 4.0)  # down a step, or into a pit
                assert stands
                foot = at[1] - AGENT.height_m / 2  # on a floor, or on a thing low enough to step on
                assert deepest - 0.05 < foot < manifest["heights"][1] + 0.5
                assert (at[[0, 2]] > low - 0.05).all()
                assert (at[[0, 2]] < high + 0.05).all()
