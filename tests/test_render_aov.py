"""The passes of a picture, of both renderers, against rays cast at the level itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import trimesh

from generator.camera.shot import Lens, Pose
from generator.geometry.level import expand
from generator.render import gl_info, open_renderer
from generator.render.aov import (
    albedo,
    coverage,
    depth,
    instance,
    material,
    motion,
    nearness,
    normal,
    position,
    shown_part,
    texels,
)
from generator.render.view import view_of
from tests.render_set import LAMPS, block_error, furnished_room, plain_light, plain_materials, plain_patina
from tests.rooms import ALBEDO, FLOOR

SIZE, LENS = (160, 120), Lens(np.radians(62.0))
POSES = [
    Pose((0, 0), (0.6, 5.5, 1.6), -0.25, -0.05, 0.06),
    Pose((0, 0), (10.5, 1.0, 1.6), 2.2, 0.2, -0.2),
    Pose((0, 0), (4.5, 6.0, 0.4), -1.2, 0.4, 0.0),
]
OFF = np.zeros(len(LAMPS))
SEAMS = 0.003
"""Share of pixels whose centre lies so near an edge that rounding decides what it sees."""


def smooth(materials):
    """The materials without relief and of one colour each."""
    flat = []
    for k, made in enumerate(materials):
        straight = np.zeros_like(made.normal)
        straight[..., 2] = 1
        flat.append(replace(made, normal=straight, albedo=np.full_like(made.albedo, ALBEDO[k])))
    return tuple(flat)


@pytest.fixture(scope="module", params=["embree", "opengl"])
def kind(request):
    if request.param == "opengl" and "none" in gl_info():
        pytest.skip("no OpenGL on this machine")
    return request.param


@pytest.fixture(scope="module")
def level():
    return furnished_room()


@pytest.fixture(scope="module")
def renderer(kind, level):
    with open_renderer(kind, level, plain_light(level), plain_patina(level), plain_materials()) as opened:
        yield opened


@pytest.fixture(scope="module")
def unpapered(kind, level):
    bare = plain_patina(level)
    bare = replace(bare, chart_size=np.zeros_like(bare.chart_size))
    with open_renderer(kind, level, plain_light(level), bare, smooth(plain_materials(8))) as opened:
        yield opened


def cast(level, view):
    """What rays through the centres of pixels hit: place (H, W, 3) and face (H, W) of the whole level."""
    mesh = expand(level)[0]
    y, x = np.mgrid[0 : view.height, 0 : view.width] + 0.5
    rays = (view.corner + x[..., None] * view.across + y[..., None] * view.down).reshape(-1, 3)
    solid = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    origins = np.broadcast_to(view.eye, rays.shape)
    place, ray, face = solid.ray.intersects_location(origins, rays, multiple_hits=False)
    assert len(ray) == len(rays), "the room is closed"
    order = np.argsort(ray)
    shape = (view.height, view.width)
    return place[order].reshape(*shape, 3), face[order].reshape(shape), solid.face_normals


def nearly_all(same) -> bool:
    return np.mean(same) > 1 - SEAMS


@pytest.mark.parametrize("pose", POSES)
def test_depth_position_and_nearness_are_where_rays_hit(renderer, level, pose):
    picture = renderer.draw(pose, LENS, SIZE)
    place, _, _ = cast(level, picture.view)
    far = (place - picture.view.eye) @ picture.view.forward
    assert depth(picture).dtype == position(picture).dtype == np.float32
    assert nearly_all(np.abs(depth(picture) - far) < 1e-4 * far)
    assert nearly_all(np.abs(position(picture) - place).max(axis=2) < 1e-4 * far)
    assert nearly_all(np.abs(nearness(picture) * far - 1) < 1e-4)


@pytest.mark.parametrize("pose", POSES)
def test_material_and_instance_are_those_of_what_rays_hit(renderer, level, pose):
    picture = renderer.draw(pose, LENS, SIZE)
    mesh = expand(level)[0]
    face = cast(level, picture.view)[1]
    assert nearly_all(material(picture) == mesh.face_material[face])
    sizes = [len(level.instance_meshes[m].faces) for m in level.instances.mesh]
    owner = np.repeat(np.arange(-1, len(sizes)), [len(level.building.faces), *sizes])
    assert nearly_all(instance(picture) == owner[face])
    if pose is POSES[0]:
        assert len(np.unique(owner[face])) > 2, "lamps are seen, and the building"


@pytest.mark.parametrize("pose", POSES)
def test_normals_of_smooth_surfaces_are_those_that_rays_hit(unpapered, level, pose):
    picture = unpapered.draw(pose, LENS, SIZE)
    place, face, across = cast(level, picture.view)
    facing = across[face]
    away = (facing * (place - picture.view.eye)).sum(axis=2, keepdims=True) > 0
    assert nearly_all(np.abs(normal(picture) - np.where(away, -facing, facing)).max(axis=2) < 1e-3)


@pytest.mark.parametrize("pose", POSES)
def test_albedo_of_plain_paint_is_the_paints(unpapered, level, pose):
    picture = unpapered.draw(pose, LENS, SIZE)
    paint = ALBEDO[expand(level)[0].face_material[cast(level, picture.view)[1]]]
    assert nearly_all(np.abs(albedo(picture) - paint).max(axis=2) < 1e-4)


@pytest.mark.parametrize("quality", ["draft", "normal"])
def test_albedo_times_even_light_is_the_radiance(kind, level, quality):
    """Texture, patina and edges in both alike, whatever drew them; lenses are dark."""
    pieces = level, plain_light(level, 2.0, flicker=False), plain_patina(level), plain_materials()
    with open_renderer(kind, *pieces, quality) as opened:
        picture = opened.draw(POSES[0], LENS, (320, 240), lamp_output=OFF)
    ours, drawn = 2 * shown_part(picture, "albedo"), picture.radiance
    if kind == "embree":
        np.testing.assert_allclose(ours, drawn, rtol=1e-5, atol=1e-6)
    assert block_error(ours, drawn, np.zeros(ours.shape[:2], bool)) < 0.01
    assert block_error(ours, np.roll(drawn, 3, axis=1), np.zeros(ours.shape[:2], bool)) > 0.01


def test_relief_bends_normals_and_leaves_them_unit_and_turned_to_the_camera(renderer, unpapered):
    bent, straight = (normal(r.draw(POSES[0], LENS, SIZE)) for r in (renderer, unpapered))
    assert nearly_all(np.abs(np.linalg.norm(bent, axis=2) - 1) < 1e-6)
    turned = np.degrees(np.arccos(np.clip((bent * straight).sum(axis=2), -1, 1)))
    assert 3 < np.median(turned) < 20, "slopes of up to 0.2 each way"


def test_normals_need_relief(level):
    from generator.surface.textures import textures_of

    textures = textures_of(plain_materials(8), relief=False)
    with open_renderer("embree", level, plain_light(level), plain_patina(level), textures) as opened:
        picture = opened.draw(POSES[0], LENS, SIZE)
    with pytest.raises(ValueError, match="without relief"):
        normal(picture)


def test_coverage_is_the_share_of_a_finer_picture(renderer):
    """Of 8 × 8 finer pixels, those that see the surface that the pixel's centre sees."""
    picture = renderer.draw(POSES[0], LENS, SIZE)
    fine = renderer.draw(POSES[0], LENS, (8 * SIZE[0], 8 * SIZE[1]))
    surface = renderer.drawable.facets.surface
    blocks = surface[fine.facet].reshape(SIZE[1], 8, SIZE[0], 8)
    truth = (blocks == surface[picture.facet][:, None, :, None]).mean(axis=(1, 3))
    ours, edge = coverage(picture), truth < 1
    assert ours.dtype == np.float32
    assert np.mean(ours[~edge] == 1) > 0.98
    assert np.sqrt(np.mean((ours - truth)[edge] ** 2)) < 0.1 * np.sqrt(np.mean((1 - truth)[edge] ** 2))


def moved(pose: Pose) -> Pose:
    x, y, z = pose.position
    return replace(pose, position=(x + 0.1, y - 0.05, z + 0.02), yaw=pose.yaw + 0.03, roll=pose.roll - 0.02)


@pytest.mark.parametrize("field", [None, 0, 1])
def test_motion_is_where_points_are_seen_from_the_other_pose(renderer, field):
    """Points that rays hit, projected by the angles that the other camera sees them under."""
    picture = renderer.draw(POSES[0], LENS, SIZE, field=field)
    other = view_of((0, 0), moved(POSES[0]), LENS, SIZE, field)
    away = position(picture).astype(float) - other.eye
    ahead = away @ other.forward
    pitch = 2 * np.tan(LENS.fov / 2) / SIZE[0]
    tall = pitch if field is None else 2 * pitch
    first = 0.0 if field is None else (field - 0.5) / 2
    x = (away @ other.right) / ahead / pitch + SIZE[0] / 2
    y = SIZE[1] / (2 if field is None else 4) - (away @ other.up) / ahead / tall - first
    rows, columns = np.mgrid[0 : other.height, 0 : other.width] + 0.5
    assert nearly_all(np.abs(motion(picture, other) - np.stack([x - columns, y - rows], axis=-1)) < 2e-3)


def test_motion_leads_to_the_same_place_in_the_other_picture(renderer):
    first, second = (renderer.draw(pose, LENS, SIZE) for pose in (POSES[0], moved(POSES[0])))
    way = np.rint(motion(first, second.view)).astype(int)
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    v, u = y + way[..., 1], x + way[..., 0]
    inside = (u >= 0) & (u < SIZE[0]) & (v >= 0) & (v < SIZE[1])
    here, there = position(first), position(second)
    near = 0.05 * depth(first)[inside]
    assert (np.linalg.norm(there[v[inside], u[inside]] - here[inside], axis=1) < near).mean() > 0.95
    assert (np.linalg.norm(there - here, axis=2)[inside] < near).mean() < 0.8, "without motion they lie apart"


def test_a_camera_at_rest_has_no_motion(renderer):
    picture = renderer.draw(POSES[1], LENS, SIZE)
    assert np.abs(motion(picture, picture.view)).max() < 1e-3


def test_what_lies_behind_the_other_camera_has_no_motion(renderer):
    picture = renderer.draw(POSES[0], LENS, SIZE)
    turned = view_of((0, 0), replace(POSES[0], yaw=POSES[0].yaw + np.pi, pitch=0.0, roll=0.0), LENS, SIZE)
    assert nearly_all(np.isnan(motion(picture, turned)))


def test_a_hole_is_infinitely_far_off(kind, level):
    """Of the room only the floor is lit, so nothing else is drawn."""
    light = plain_light(level)
    floor = expand(level)[0].chart_material == FLOOR
    lit = replace(light, chart_size=light.chart_size * floor[:, None])
    with open_renderer(kind, level, lit, plain_patina(level), plain_materials(8)) as opened:
        picture = opened.draw(POSES[0], LENS, SIZE)
    hole = material(picture) < 0
    assert 0.3 < hole.mean() < 0.7
    assert np.isinf(depth(picture)[hole]).all()
    assert np.isfinite(depth(picture)[~hole]).all()
    assert np.isnan(position(picture)[hole]).all()
    for nothing in (nearness, albedo, normal, texels, coverage):
        assert not nothing(picture)[hole].any()
    assert (instance(picture)[hole] == -1).all()
    x, y, z = POSES[0].position
    walked = view_of((0, 0), replace(POSES[0], position=(x + 1.0, y, z)), LENS, SIZE)
    way = np.abs(motion(picture, walked))
    assert way[hole].max() < 1e-3, "what is infinitely far off does not move with a camera that only walks"
    assert np.nanmax(way[~hole]) > 5


def test_passes_of_fields_and_bands_are_rows_of_the_frames(renderer):
    frame = renderer.draw(POSES[1], LENS, SIZE)
    for options, rows in (({"field": 0}, np.s_[0::2]), ({"field": 1}, np.s_[1::2]), ({"rows": (40, 72)}, np.s_[40:72])):
        part = renderer.draw(POSES[1], LENS, SIZE, **options)
        assert nearly_all(np.abs(depth(part) - depth(frame)[rows]) < 1e-4 * depth(part))
        assert nearly_all(material(part) == material(frame)[rows])


def test_a_picture_stays_as_it_is_when_others_are_drawn(renderer):
    passes = (depth, position, normal, albedo, material, instance, coverage, texels)
    picture = renderer.draw(POSES[0], LENS, SIZE)
    before = [picture.radiance.copy(), *(made(picture) for made in passes)]
    renderer.draw(POSES[1], LENS, SIZE)
    for old, new in zip(before, [picture.radiance, *(made(picture) for made in passes)], strict=True):
        np.testing.assert_array_equal(old, new)


def test_passes_far_out_are_those_near_the_origin():
    made = []
    for origin in ((0, 0), (2**30 - 2, -(2**30))):
        far = furnished_room(origin)
        with open_renderer("embree", far, plain_light(far), plain_patina(far), plain_materials(8)) as opened:
            picture = opened.draw(replace(POSES[0], origin=origin), LENS, SIZE)
            made.append([position(picture), normal(picture), albedo(picture)])
    for near, away in zip(*made, strict=True):
        np.testing.assert_array_equal(near, away)
