"""The bake on floors of several heights, against values derived by hand, the energy's balance and ray casting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene

from generator.geometry import expand
from generator.geometry.level import FREE_RUN, Level, Mesh, joined
from generator.light.area_light import exact_lens, lens_tables
from generator.light.bake import bake
from generator.plan.floorplan import CELL_M
from generator.scene.light import LightSettings
from tests.rooms import CEILING, FLOOR, LENS_SIDES, WALL, _cut_cells, _flat, _lens_rect, _quad, box_room
from tests.test_light import absorbed, at

SETTINGS = LightSettings()
BLACK = np.zeros((4, 3))
HIGH_M = 2.74
PIT = np.array([[0, 0, 0, 0, 0, 0], [0, -0.9, -0.9, 0, 0.6, 0], [0, -0.9, -0.9, 0, 0.15, 0], [0, 0, -0.3, 0, 0, 0]])
LAMPS = ((2.5 * CELL_M, 2 * CELL_M, 0), (5 * CELL_M, 1 * CELL_M, 1))


def stepped_room(floor: np.ndarray, lamps=LAMPS) -> Level:
    """A box room with ``floor`` (NY, NX) over its cells: pits and plateaus with risers, walls down to them."""
    ny, nx = floor.shape
    room = box_room((nx * CELL_M, ny * CELL_M, HIGH_M), (), lamps)
    parts = [_flat(r, HIGH_M, False, CEILING) for r in _cut_cells(*room.size_m, [_lens_rect(*lamp) for lamp in lamps])]
    around = np.pad(floor, 1, constant_values=HIGH_M)
    for j, i in np.ndindex(ny, nx):
        low = floor[j, i]
        x0, y0, x1, y1 = i * CELL_M, j * CELL_M, (i + 1) * CELL_M, (j + 1) * CELL_M
        parts.append(_flat((x0, y0, x1, y1), low, True, FLOOR))
        sides = ((j, i + 1, (x1, y1), (x1, y0)), (j + 2, i + 1, (x0, y1), (x1, y1)), (j + 1, i, (x0, y0), (x0, y1)))
        for row, column, (ax, ay), (bx, by) in (*sides, (j + 1, i + 2, (x1, y1), (x1, y0))):
            if row == j:
                ax, ay, bx, by = x1, y0, x0, y0
            if around[row, column] > low:
                rise = around[row, column] - low
                kind = WALL if around[row, column] == HIGH_M else FLOOR
                parts.append(_quad([ax, ay, low], [bx - ax, by - ay, 0.0], [0.0, 0.0, rise], kind))
    return replace(room, building=joined(parts), floor_m=floor)


def sampled(level: Level, place, normal, n: int = 48) -> np.ndarray:
    """Irradiance / pi (K, 3) of all emitters at places, by n x n rays to each against every face: the oracle."""
    mesh, _ = expand(level)
    tracer = EmbreeScene()
    TriangleMesh(tracer, mesh.vertices.astype(np.float32), mesh.faces)
    lamps, out = level.lamps, np.zeros((len(place), 3))
    step = (np.arange(n) + 0.5) / n * 2.0 - 1.0
    a, b = (s.ravel() for s in np.meshgrid(step, step))
    for m in range(len(lamps.center)):
        target = lamps.center[m] + a[:, None] * lamps.half_u[m] + b[:, None] * lamps.half_v[m]
        for k, (p, way) in enumerate(zip(place, normal, strict=True)):
            start = p + 0.002 * way
            d = target - start
            far = np.linalg.norm(d, axis=1)
            here, there = (d @ way) / far, -(d @ lamps.normal[m]) / far
            rays = np.tile(start, (n * n, 1)).astype(np.float32), (d / far[:, None]).astype(np.float32)
            hit = tracer.run(*rays, output=1)
            free = (hit["primID"] < 0) | (hit["tfar"] > far - 0.02)
            area = 4.0 * np.linalg.norm(np.cross(lamps.half_u[m], lamps.half_v[m]))
            weight = np.where(free, np.maximum(here, 0) * np.maximum(there, 0) / far**2, 0.0)
            out[k] += weight.mean() * area / np.pi * lamps.radiance[m]
    return out


def test_the_floor_of_a_pit_gets_what_its_edge_leaves_of_a_lens():
    # A pit of 0.9 m from x = 1.2192 to 3.6576; the lens, 0.55 wide along x, hangs with its middle over x = 5.0 at 2.74.
    # Past the edge at x = 3.6576, z = 0 a point x of the pit's floor sees what lies under the line of slope
    # 0.9 / (3.6576 - x), which reaches 2.74 at x' = 3.6576 + 2.74 (3.6576 - x) / 0.9: from there on it is hidden.
    floor = np.zeros((4, 6))
    floor[1:3, 1:3] = -0.9
    level = stepped_room(floor, [(5.0, 2.4384, 1)])
    lightmap = bake(level, SETTINGS, BLACK, "final")
    corner = lens_tables(level, 0.0)[1][0]
    for x, seen in ((2.0, "all"), (3.3, "none"), (3.2, "part")):
        light = at(level, lightmap, (x, 2.4384, -0.9), (0, 0, 1))[1]
        whole = exact_lens(x, 2.4384, -0.9, 0, 0, 1, corner) * level.lamps.radiance[0, 1]
        edge = 3.6576 + 2.74 * (3.6576 - x) / 0.9
        if seen == "all":
            assert edge > 5.275
            assert light == pytest.approx(whole, rel=0.01)
        elif seen == "none":
            assert edge < 4.725 + 0.03
            assert light < 0.1 * whole
        else:
            assert 4.9 < edge < 5.275
            part = corner.copy()
            part[:, 0] = np.minimum(part[:, 0], edge)
            left = exact_lens(x, 2.4384, -0.9, 0, 0, 1, part) * level.lamps.radiance[0, 1]
            assert light == pytest.approx(left, rel=0.1)


def test_light_on_steps_is_what_ray_casting_against_every_face_finds():
    level = stepped_room(PIT)
    lightmap = bake(level, SETTINGS, BLACK, "final")
    rng = np.random.default_rng(4)
    place, normal = places_on(level.building, 60, rng)
    expected = sampled(level, place, normal)[:, 1]
    light = np.array([at(level, lightmap, p, n)[1] for p, n in zip(place, normal, strict=True)])
    assert (expected == 0).sum() > 2
    assert (expected > 0.02).sum() > 20
    np.testing.assert_allclose(light, expected, rtol=0.06, atol=0.004)


def places_on(mesh: Mesh, count: int, rng) -> tuple[np.ndarray, np.ndarray]:
    """Random places well inside charts, and the way that each faces."""
    chart = rng.integers(0, len(mesh.chart_origin), count)
    a, b = rng.uniform(0.1, 0.9, (2, count, 1))
    return mesh.chart_origin[chart] + a * mesh.chart_u[chart] + b * mesh.chart_v[chart], mesh.chart_normal[chart]


@pytest.mark.parametrize("reflectance", [0.0, 0.5, 0.8])
def test_on_steps_all_the_power_sent_out_is_taken_up(reflectance):
    level, albedo = stepped_room(PIT), np.full((4, 3), reflectance)
    sent = level.lamps.radiance.sum(axis=0) * np.prod(LENS_SIDES)
    np.testing.assert_allclose(absorbed(level, bake(level, SETTINGS, albedo, "final"), albedo), sent, rtol=0.015)


def test_a_room_lies_as_well_on_any_height():
    level, deep = stepped_room(PIT), -3.2
    building = level.building
    down, shifted = np.array([0.0, 0.0, deep]), np.eye(4)
    shifted[2, 3] = deep
    moved = replace(
        level,
        building=replace(building, vertices=building.vertices + down, chart_origin=building.chart_origin + down),
        lamps=replace(level.lamps, center=level.lamps.center + down),
        instances=replace(level.instances, world_from_mesh=shifted @ level.instances.world_from_mesh),
        floor_m=level.floor_m + deep,
        ceiling_m=level.ceiling_m + deep,
    )
    albedo = np.full((4, 3), 0.6)
    a, b = bake(level, SETTINGS, albedo, "draft"), bake(moved, SETTINGS, albedo, "draft")
    np.testing.assert_allclose(a.steady, b.steady, atol=2e-3 * a.steady.max())


def free(parts: list[Mesh]) -> list[Mesh]:
    """The parts as free forms."""
    return [replace(part, chart_run=np.full(len(part.chart_run), FREE_RUN)) for part in parts]


def box_faces(low, high, turn=0.0) -> list[Mesh]:
    """Six outward faces of a box, tilted about its middle by ``turn`` radians about the y axis."""
    low, high = np.array(low, float), np.array(high, float)
    (x, y, z), (w, d, h) = low, high - low
    faces = [
        ((x, y, z + h), (w, 0, 0), (0, d, 0)), ((x, y + d, z), (w, 0, 0), (0, -d, 0)),
        ((x, y, z), (w, 0, 0), (0, 0, h)), ((x + w, y + d, z), (-w, 0, 0), (0, 0, h)),
        ((x + w, y, z), (0, d, 0), (0, 0, h)), ((x, y + d, z), (0, -d, 0), (0, 0, h)),
    ]  # fmt: skip
    c, s, middle = np.cos(turn), np.sin(turn), (low + high) / 2
    about = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    return [_quad(middle + about @ (np.array(p) - middle), about @ u, about @ v, WALL) for p, u, v in faces]


def with_free(level: Level, parts: list[Mesh]) -> Level:
    return replace(level, building=joined([level.building, *free(parts)]))


HANGING = box_faces((2.0, 1.2, 1.3), (3.6, 3.0, 1.45), 0.35) + box_faces((4.6, 2.2, 1.9), (5.2, 4.4, 2.2))


def test_light_past_tilted_boxes_and_ducts_is_what_ray_casting_finds():
    level = with_free(stepped_room(np.zeros((4, 6))), HANGING)
    lightmap = bake(level, SETTINGS, BLACK, "final")
    place, normal = places_on(level.building, 80, np.random.default_rng(5))
    expected = sampled(level, place, normal)[:, 1]
    light = np.array([at(level, lightmap, p, n)[1] for p, n in zip(place, normal, strict=True)])
    assert np.abs(light - expected).mean() < 0.01 * expected.mean()
    np.testing.assert_allclose(light, expected, rtol=0.1, atol=0.01)
    bare = bake(stepped_room(np.zeros((4, 6))), SETTINGS, BLACK)
    under = (2.8, 2.0, 0.0), (0, 0, 1)
    assert at(level, lightmap, *under)[1] < 0.5 * at(level, bare, *under)[1]


@pytest.mark.parametrize("reflectance", [0.0, 0.5, 0.8])
def test_with_things_that_hang_free_all_the_power_sent_out_is_taken_up(reflectance):
    level, albedo = with_free(stepped_room(PIT), HANGING), np.full((4, 3), reflectance)
    sent = level.lamps.radiance.sum(axis=0) * np.prod(LENS_SIDES)
    np.testing.assert_allclose(absorbed(level, bake(level, SETTINGS, albedo, "final"), albedo), sent, rtol=0.02)


def bulb(level: Level, center, half: float) -> Level:
    """The level with one lamp: a cube of six emitters about ``center``."""
    axes = np.concatenate([np.eye(3), -np.eye(3)])
    u, v = np.roll(axes, 1, axis=1), np.roll(axes, 2, axis=1)
    some = level.lamps
    lamps = replace(
        some,
        **{name: np.repeat(getattr(some, name)[:1], 6, axis=0) for name in vars(some)}
        | {"center": np.array(center) + half * axes, "half_u": half * u, "half_v": half * v, "normal": axes}
        | {"lamp": np.zeros(6, np.int32)},
    )
    none = {"mesh": level.instances.mesh[:0], "world_from_mesh": level.instances.world_from_mesh[:0]}
    instances = replace(level.instances, **none, lamp=level.instances.lamp[:0])
    return replace(level, lamps=lamps, instances=instances)


def test_a_bare_bulb_of_six_emitters_lights_its_room_as_ray_casting_finds_and_sends_out_all_its_power():
    # No lens hangs in the ceiling, which is whole. A face of the cube sends radiance times its area, all six together
    # 24 half² times.
    room, some = stepped_room(PIT, ()), stepped_room(PIT)
    level = bulb(replace(room, lamps=some.lamps, instances=some.instances), (3.3, 2.2, 1.6), 0.12)
    place, normal = places_on(level.building, 60, np.random.default_rng(6))
    lightmap = bake(level, SETTINGS, BLACK, "final")
    expected = sampled(level, place, normal)[:, 1]
    light = np.array([at(level, lightmap, p, n)[1] for p, n in zip(place, normal, strict=True)])
    np.testing.assert_allclose(light, expected, rtol=0.06, atol=0.004)
    sent = level.lamps.radiance[0] * 24 * 0.12**2
    np.testing.assert_allclose(absorbed(level, lightmap, BLACK), sent, rtol=0.02)


@pytest.mark.parametrize("normal", [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.6, 0.0, -0.8), (0.0, -0.6, 0.8)])
def test_an_emitter_of_any_direction_gives_the_closed_form(normal):
    level = stepped_room(np.zeros((4, 6)), ())
    one = bulb(replace(level, lamps=stepped_room(PIT).lamps), (3.6, 2.4, 1.3), 0.1)
    side = np.cross(normal, (0.3, 0.5, 0.1))
    side *= 0.2 / np.linalg.norm(side)
    rows = {name: value[:1] for name, value in vars(one.lamps).items()}
    rows |= {"half_u": side[None], "half_v": np.cross(normal, side)[None], "normal": np.array([normal])}
    level = replace(one, lamps=replace(one.lamps, **rows))
    lightmap = bake(level, SETTINGS, BLACK, "final")
    corner = lens_tables(level, 0.0)[1][0]
    place, facing = places_on(level.building, 25, np.random.default_rng(7))
    for p, n in zip(place, facing, strict=True):
        lit = (p - level.lamps.center[0]) @ np.array(normal) > 0.05
        expected = exact_lens(*p, *n, corner) * level.lamps.radiance[0, 1] if lit else 0.0
        if abs((p - level.lamps.center[0]) @ np.array(normal)) > 0.3:
            assert at(level, lightmap, p, n)[1] == pytest.approx(expected, rel=0.04, abs=2e-3)
