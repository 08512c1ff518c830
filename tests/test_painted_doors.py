"""Doors that are painted on: flat on faces of shafts in districts of cores, the same from every region."""

from __future__ import annotations

import numpy as np
import shapely

from generator.geometry.footprints import footprints
from generator.geometry.kit import mesh_of
from generator.places.level0.kit import KIT
from generator.places.level0.set.dress import palette
from generator.places.level0.set.shafts import PAINTED, painted_doors
from generator.places.level0.settings import Level0Scene
from generator.places.level0.surfaces.painted import PAINTED_M
from generator.places.verbs import floorplan
from generator.plan.floorplan import CHUNK_M, SolidKind
from generator.plan.sight import solid_rings
from generator.scene import load_scene


def doors_of(seed, chunks, *more, grammar="cores"):
    scene = load_scene("level0", [f"plan.grammar={grammar}", *more])
    plan = floorplan(scene, seed, chunks)
    return plan, painted_doors(plan, footprints(plan), scene.look, seed)


def test_a_painted_door_is_flat_and_as_large_as_a_real_one():
    index = {name: k for k, name in enumerate(palette(Level0Scene()))}
    mesh, real = mesh_of(KIT, PAINTED, index), mesh_of(KIT, "blank_door", index)
    assert np.ptp(mesh.vertices, axis=0)[1] == 0.0
    assert -mesh.vertices[:, 1].max() < 0.001
    assert np.abs(np.ptp(mesh.vertices, axis=0) - np.ptp(real.vertices, axis=0))[[0, 2]].max() < 0.02
    assert len(mesh.faces) == 2


def test_painted_doors_lie_on_faces_of_solids_with_floor_before_them():
    for seed in range(3):
        plan, doors = doors_of(seed, (0, 0, 3, 3))
        assert len(doors) > 10
        rings = [r for r, k in zip(solid_rings(plan), plan.solid_kind, strict=True) if k == SolidKind.BLOCK]
        solids = shapely.union_all([shapely.Polygon(ring) for ring in rings])
        walls = shapely.union_all(footprints(plan).polygon)
        for door in doors:
            at, right = door.place[:2, 3], door.place[:2, 0]
            into, half = np.array([-right[1], right[0]]), PAINTED_M[0] / 2 * right
            behind, before = (shapely.LineString([at - half + d, at + half + d]) for d in (0.01 * into, -0.3 * into))
            assert solids.contains(behind)
            assert not walls.intersects(before)


def test_painted_doors_do_not_depend_on_the_region():
    _, city = doors_of(2, (-1, -1, 2, 2))
    _, alone = doors_of(2, (0, 0, 1, 1))
    here = {tuple(np.round(d.place[:2, [0, 3]].ravel() - [0, CHUNK_M, 0, CHUNK_M], 3)) for d in city}
    own = {tuple(np.round(d.place[:2, [0, 3]].ravel(), 3)) for d in alone}
    inner = {d for d in here if 2.5 < d[1] < CHUNK_M - 2.5 and 2.5 < d[3] < CHUNK_M - 2.5}
    assert len(inner) > 3
    assert inner <= own <= here


def test_no_door_is_painted_outside_of_cores_nor_where_no_doors_are_asked_for():
    for grammar in ("slots", "bays", "hypostyle"):
        assert doors_of(1, (0, 0, 3, 3), grammar=grammar)[1] == []
    assert doors_of(0, (0, 0, 2, 2), "look.doors=0")[1] == []
