"""What a wet floor mirrors: as much as Fresnel says, of what a reflected ray meets, alike in both renderers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene

from generator.camera.shot import Lens, Pose
from generator.geometry.level import expand
from generator.render import gl_info, open_renderer
from generator.render.mirror import reflected, spread, waters
from generator.render.mirror_kernels import INDEX, fresnel
from generator.surface.palette import Role, Wear
from generator.surface.textures import textures_of
from generator.visibility import Detail, seen_charts
from tests.render_set import furnished_room, plain_light, plain_materials, plain_patina

POSE = Pose((0, 0), (6.5, 5.4, 1.5), -0.35, -0.25, 0.05)
LENS, SIZE = Lens(np.radians(70.0)), (96, 72)


@pytest.fixture(scope="module")
def pieces():
    """A room whose floor is bare concrete, wet beyond x = 6 m, and the same with a carpet."""
    level = furnished_room()
    wear = np.where(level.palette.role == Role.FLOOR, Wear.SLAB, level.palette.wear).astype(np.uint8)
    bare = replace(level, palette=replace(level.palette, wear=wear))
    rest = plain_light(level, flicker=False), plain_patina(level), textures_of(plain_materials(64), False)
    return (bare, *rest), (level, *rest)


@pytest.fixture(scope="module")
def drawn(pieces):
    pictures = []
    for piece in pieces:
        with open_renderer("embree", *piece) as renderer:
            pictures.append(renderer.draw(POSE, LENS, SIZE))
    return pictures


def test_water_reflects_what_fresnels_equations_say():
    for degrees in (0.0, 30.0, 60.0, 80.0, 89.0):
        a = np.radians(degrees)
        b = np.arcsin(np.sin(a) / INDEX)  # Snell's law
        across = ((np.cos(a) - INDEX * np.cos(b)) / (np.cos(a) + INDEX * np.cos(b))) ** 2
        along = ((np.cos(b) - INDEX * np.cos(a)) / (np.cos(b) + INDEX * np.cos(a))) ** 2
        assert fresnel(np.cos(a)) == pytest.approx((across + along) / 2, rel=1e-6)


def test_a_floor_of_carpet_mirrors_nothing_and_a_bare_one_only_where_it_is_wet(drawn):
    bare, carpet = drawn
    assert not carpet.drawable.mirrors.any()
    changed = np.abs(bare.radiance - carpet.radiance).max(axis=2) > 0.0
    assert changed.any()
    rays = bare.view.corner + (np.arange(SIZE[0])[None, :, None] + 0.5) * bare.view.across
    rays = rays + (np.arange(SIZE[1])[:, None, None] + 0.5) * bare.view.down
    reach = -bare.view.eye[2] / np.minimum(rays[..., 2], -1e-6)
    x = bare.view.eye[0] + reach * rays[..., 0]
    assert (x[changed] > 6.0 - 0.8).all()  # a texel of the stand-in patina before the wet begins


def test_a_mirror_shows_what_reflected_rays_meet(pieces, drawn):
    picture = drawn[0]
    view, facets = picture.view, picture.drawable.facets
    (water,) = waters(picture.facet, view, picture.drawable)
    rows, columns = np.nonzero(water.sharp > 0.0)
    rays = view.corner + (columns[:, None] + 0.5) * view.across + (rows[:, None] + 0.5) * view.down
    start = view.eye + (-view.eye[2] / rays[:, 2])[:, None] * rays + [0.0, 0.0, 1e-4]
    scene = EmbreeScene()
    TriangleMesh(scene, facets.mesh.vertices.astype(np.float32), facets.mesh.faces)
    met = scene.run(start.astype(np.float32), (rays * [1.0, 1.0, -1.0]).astype(np.float32))
    with open_renderer("embree", *pieces[0]) as renderer:
        image = renderer._backend.mirrored(reflected(view, 0.0), None, None, 0.0, water.sharp > 0.0)
    lens = np.array([role == Role.LENS for role in pieces[0][0].palette.role])[facets.material]
    bright = image[rows, columns].max(axis=1) > 2.0
    assert (bright == lens[met]).mean() > 0.99
    dry = drawn[1].radiance[rows, columns]
    share = water.sharp[rows, columns, None]
    inner = (water.spread[rows, columns] == 0.0) & (met >= 0)
    mixed = dry * (1.0 - share) + share * image[rows, columns]
    np.testing.assert_allclose(picture.radiance[rows, columns][inner], mixed[inner], rtol=1e-4)


def test_a_film_spreads_its_image_up_and_down_and_keeps_its_light(drawn):
    view = reflected(drawn[0].view, 0.0)
    image = np.full((SIZE[1], SIZE[0], 3), 0.1, np.float32)
    image[30:33, 40:43] = 5.0
    out = spread(image, view)[..., 0]
    assert out.sum() == pytest.approx(image[..., 0].sum(), rel=0.02)
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    high = out > 0.5 * (out.max() + 0.1)
    assert np.ptp(y[high]) > 1.5 * np.ptp(x[high])


def test_both_renderers_mirror_alike(pieces, drawn):
    if "none" in gl_info():
        pytest.skip("this machine has no OpenGL")
    with open_renderer("opengl", *pieces[0]) as renderer:
        picture = renderer.draw(POSE, LENS, SIZE)
    (water,) = waters(picture.facet, picture.view, picture.drawable)
    wet = water.sharp > 0.0
    ours, theirs = drawn[0].radiance[wet], picture.radiance[wet]
    assert wet.mean() > 0.05
    assert np.abs(ours - theirs).mean() < 0.015 * ours.mean()


def test_what_is_seen_only_in_a_mirror_counts_as_seen(pieces):
    level = pieces[0][0]
    mesh, _ = expand(level)
    down = Pose((0, 0), (7.0, 5.0, 1.5), -0.35, -1.1, 0.0)
    detail = Detail((64, 48), 0.0, 0.012, near=False)
    ceiling = np.array([role == Role.CEILING for role in level.palette.role])[mesh.chart_material]
    floor = np.array([role == Role.FLOOR for role in level.palette.role])[mesh.face_material]
    assert not seen_charts(mesh, level.origin, [down], LENS, detail)[0][ceiling].any()
    assert seen_charts(mesh, level.origin, [down], LENS, detail, wet=floor)[0][ceiling].any()
