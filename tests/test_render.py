"""Both renderers: geometry of the view, what light and lamps do, edges, and that the two agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.camera.shot import Lens, Pose
from generator.errors import NoclipError
from generator.light.lightmap import Lightmap
from generator.render import CameraLamp, gl_info, open_renderer
from generator.render.aov import shown_part, texels
from generator.render.view import camera_axes, view_of
from tests.render_set import (
    LAMPS,
    block_error,
    furnished_room,
    lens_pixels,
    plain_light,
    plain_materials,
    plain_patina,
    with_pile,
)
from tests.rooms import ALBEDO, box_room

SIZE = (160, 120)
LENS = Lens(np.radians(62))
POSES = [
    Pose((0, 0), (0.6, 5.5, 1.6), -0.25, -0.05, 0.06),
    Pose((0, 0), (10.5, 1.0, 1.6), 2.2, 0.2, -0.2),
    Pose((0, 0), (4.5, 6.0, 0.4), -1.2, 0.0, 0.0),
]
KINDS = ["embree", "opengl"]


@pytest.fixture(scope="module")
def set_pieces():
    level = furnished_room()
    return level, plain_light(level), plain_patina(level), plain_materials()


@pytest.fixture(scope="module", params=KINDS)
def renderer(request, set_pieces):
    if request.param == "opengl" and "none" in gl_info():
        pytest.skip("no OpenGL on this machine")
    with open_renderer(request.param, *set_pieces) as opened:
        yield opened


def bare(level, value=1.0):
    """A lightmap of one value and no patina."""
    light = plain_light(level, value, flicker=False)
    patina = plain_patina(level)
    return light, replace(patina, chart_size=np.zeros_like(patina.chart_size))


def flat_materials(**changes):
    """Materials of one colour each, smooth, facing straight out."""
    flat = []
    for k, material in enumerate(plain_materials(8)):
        normal = np.zeros_like(material.normal)
        normal[..., 2] = 1
        albedo = np.full_like(material.albedo, ALBEDO[k])
        flat.append(replace(material, albedo=albedo, normal=normal, specular=0.0, **changes))
    return tuple(flat)


def test_axes_follow_yaw_pitch_and_roll():
    right, up, forward = camera_axes(0.0, 0.0, 0.0)
    assert np.allclose([right, up, forward], [[0, -1, 0], [0, 0, 1], [1, 0, 0]])
    assert np.allclose(camera_axes(np.pi / 2, 0.0, 0.0)[2], [0, 1, 0])
    assert camera_axes(0.0, 0.3, 0.0)[2][2] > 0
    assert camera_axes(0.0, 0.0, 0.1)[0][2] < 0, "turned clockwise, the right side goes down"


def test_a_point_is_drawn_where_its_ray_says():
    view = view_of((0, 0), Pose((0, 0), (1.0, 2.0, 1.5), 0.4, 0.1, 0.2), LENS, (640, 480))
    point = view.eye + 3.7 * (view.corner + 123.0 * view.across + 45.0 * view.down)
    x, y, depth = view.clip @ (point - view.eye)
    assert np.allclose([x / depth, y / depth, depth], [123.0, 45.0, 3.7])


def test_the_fields_rows_are_the_frames_rows():
    frame, upper, lower = (view_of((0, 0), POSES[0], LENS, (64, 48), field=f) for f in (None, 0, 1))
    assert upper.height == lower.height == 24
    middle = [view.corner + 0.5 * view.down for view in (frame, upper, lower)]
    assert np.allclose(middle[1], middle[0])
    assert np.allclose(middle[2], middle[0] + frame.down)
    assert np.allclose(upper.down, 2 * frame.down)


def test_rows_are_cut_from_the_frame(renderer):
    whole = renderer.draw(POSES[0], LENS, SIZE).radiance
    part = renderer.draw(POSES[0], LENS, SIZE, rows=(40, 72)).radiance
    assert part.shape == (32, 160, 3)
    assert np.abs(part[1:-1] - whole[41:71]).mean() < 2e-3 * whole.mean()


def test_the_same_picture_twice_is_the_same_bytes(renderer):
    first = renderer.draw(POSES[1], LENS, SIZE).radiance
    renderer.draw(POSES[0], LENS, (64, 48))
    assert np.array_equal(first, renderer.draw(POSES[1], LENS, SIZE).radiance)


@pytest.mark.parametrize("kind", KINDS)
def test_even_light_on_flat_paint_gives_their_product(kind):
    if kind == "opengl" and "none" in gl_info():
        pytest.skip("no OpenGL on this machine")
    level = box_room((5.0, 4.0, 2.74))
    with open_renderer(kind, level, *bare(level, 2.0), flat_materials()) as opened:
        picture = opened.draw(Pose((0, 0), (1.0, 1.0, 1.5), 0.6), LENS, SIZE).radiance
    colours = np.unique(np.round(picture.reshape(-1, 3), 4), axis=0)
    paints = 2.0 * ALBEDO[:3]
    mixed = [c for c in colours if np.abs(paints - c).max(axis=1).min() > 1e-3]
    assert len(mixed) < 0.03 * len(picture.reshape(-1, 3)), "all but the edges have one of the three colours"
    for paint in paints:
        assert np.abs(colours - paint).max(axis=1).min() < 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_charts_that_were_not_baked_are_black(kind):
    if kind == "opengl" and "none" in gl_info():
        pytest.skip("no OpenGL on this machine")
    level = box_room((5.0, 4.0, 2.74))
    light, patina = bare(level)
    dark = Lightmap(np.zeros_like(light.chart_size), light.chart_place, light.steady, light.flicker, light.chart_lamp)
    with open_renderer(kind, level, dark, patina, flat_materials()) as opened:
        assert not opened.draw(POSES[0], LENS, SIZE).radiance.any()


def test_hidden_charts_need_no_light(renderer, set_pieces):
    """A bake of what one picture shows gives that picture."""
    level, light, patina, materials = set_pieces
    with open_renderer("embree", *set_pieces) as opened:
        seen = opened.drawable.facets.chart[np.unique(opened.draw(POSES[0], LENS, (1280, 960)).facet)]
    size = np.zeros_like(light.chart_size)
    size[seen] = light.chart_size[seen]
    assert 5 < len(np.unique(seen)) < 0.7 * len(size)
    with open_renderer(renderer.kind, level, replace(light, chart_size=size), patina, materials) as opened:
        part = opened.draw(POSES[0], LENS, SIZE).radiance
    assert np.abs(part - renderer.draw(POSES[0], LENS, SIZE).radiance).mean() < 1e-4


def test_a_place_far_out_looks_the_same():
    pictures = []
    for origin in ((0, 0), (2**30 - 2, -(2**30))):
        level = furnished_room(origin)
        pose = replace(POSES[0], origin=origin)
        with open_renderer("embree", level, plain_light(level), plain_patina(level), plain_materials()) as opened:
            pictures.append(opened.draw(pose, LENS, SIZE).radiance)
    assert np.array_equal(*pictures)


def test_a_pose_may_name_a_neighbouring_chunk(renderer):
    from generator.plan.floorplan import CHUNK_M

    x, y, z = POSES[0].position
    moved = replace(POSES[0], origin=(-1, 0), position=(x + CHUNK_M, y, z))
    a, b = (renderer.draw(pose, LENS, SIZE).radiance for pose in (POSES[0], moved))
    assert np.abs(a - b).mean() < 1e-4 * a.mean()


def test_a_failing_lamp_fades_with_its_output(renderer):
    view = (Pose((0, 0), (9.6, 5.0, 1.6), 1.1, 0.3), LENS, SIZE)
    output = np.ones(len(LAMPS))
    pictures = []
    for share in (0.0, 0.5, 1.0):
        output[-1] = share
        pictures.append(renderer.draw(*view, lamp_output=output).radiance)
    off, half, full = pictures
    assert full.mean() > off.mean() * 1.05
    assert np.allclose(half, (off + full) / 2, rtol=2e-3, atol=2e-4)


def test_a_lens_shows_its_lamps_radiance_and_a_dead_one_its_plastic():
    level = box_room((5.0, 4.0, 2.74), (), [(2.5, 2.0, 0)])
    up = Pose((0, 0), (2.5, 2.0, 1.0), 0.0, np.pi / 2)
    even = tuple(replace(m, emission=np.ones((8, 8, 3), np.float32)) for m in flat_materials())
    with open_renderer("embree", level, *bare(level, 0.1), even) as opened:
        lit, dead = (opened.draw(up, LENS, SIZE, lamp_output=np.array([k])).radiance[60, 80] for k in (1.0, 0.0))
    assert np.allclose(dead, 0.1 * ALBEDO[3], rtol=1e-3)
    assert np.allclose(lit - dead, level.lamps.radiance[0], rtol=1e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_the_cameras_lamp_falls_with_the_square_of_the_distance(kind):
    """Straight at a wall the diffuse radiance is I · albedo / (pi · d²); the cone is dark beyond ``outer``."""
    if kind == "opengl" and "none" in gl_info():
        pytest.skip("no OpenGL on this machine")
    level = box_room((5.0, 4.0, 2.74))
    lamp = CameraLamp((3.0, 3.0, 3.0), offset_m=(0.0, 0.0, 0.0), inner=0.2, outer=0.3, vignetting=2.0)
    with open_renderer(kind, level, *bare(level, 0.0), flat_materials()) as opened:
        for distance in (1.0, 2.0):
            pose = Pose((0, 0), (5.0 - distance, 2.0, 1.37), 0.0)
            picture = opened.draw(pose, LENS, (161, 121), camera_lamp=lamp).radiance
            assert np.allclose(picture[60, 80], 3.0 * ALBEDO[0] / (np.pi * distance**2), rtol=2e-3)
            assert not picture[60, :20].any()


def test_gloss_shows_in_the_cameras_lamp_alone():
    level = box_room((5.0, 4.0, 2.74))
    pose = Pose((0, 0), (3.5, 2.0, 1.37), 0.0)
    lamp = CameraLamp((3.0, 3.0, 3.0))
    centre = []
    for specular, rough in ((0.0, 0.3), (0.04, 0.3), (0.04, 0.6)):
        made = tuple(
            replace(m, specular=specular, roughness=np.full((8, 8), rough, np.float32))
            for m in (replace(m, specular=0.0) for m in flat_materials())
        )
        with open_renderer("embree", level, *bare(level, 0.5), made) as opened:
            plain = opened.draw(pose, LENS, SIZE).radiance[60, 80]
            centre.append(opened.draw(pose, LENS, SIZE, camera_lamp=lamp).radiance[60, 80] - plain)
            assert np.allclose(plain, 0.5 * ALBEDO[0], rtol=1e-3)
    assert (centre[1] > 1.5 * centre[0]).all()
    assert (centre[2] < centre[1]).all()


def test_parts_of_a_picture(renderer):
    picture = renderer.draw(POSES[0], LENS, SIZE)
    albedo, normal = shown_part(picture, "albedo"), 2 * shown_part(picture, "normal") - 1
    assert albedo.min() > 0.02
    assert albedo.max() < 0.9
    assert np.median(np.abs(np.linalg.norm(normal, axis=2) - 1)) < 0.01
    assert (normal[110, 80] @ [0, 0, 1]) > 0.9, "the floor looks up"
    chequered = texels(picture)
    assert len(np.unique(np.round(chequered / np.maximum(chequered.max(axis=2, keepdims=True), 1e-9), 2)[..., 0])) > 10
    for only in (None, "direct", "bounce"):
        assert shown_part(picture, only) is picture.radiance


def test_edges_are_nearly_those_of_a_finer_picture(renderer):
    """Sixteen times as many pixels, averaged, are the truth; shares of what is seen come closer than centres."""
    fine, smooth, plain = (
        shown_part(renderer.draw(POSES[0], LENS, size), "normal") for size in ((640, 480), SIZE, (480, 360))
    )
    fine, plain = fine.reshape(120, 4, 160, 4, 3).mean(axis=(1, 3)), plain[1::3, 1::3]
    outline = np.abs(np.diff(fine, axis=1, prepend=0)).max(axis=2) > 0.2
    assert np.sqrt(((smooth - fine)[outline] ** 2).mean()) < 0.75 * np.sqrt(((plain - fine)[outline] ** 2).mean())


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("options", [{}, {"field": 1}, {"camera_lamp": CameraLamp((4.0, 4.0, 3.6))}])
def test_the_renderers_agree(pose, options, set_pieces):
    if "none" in gl_info():
        pytest.skip("no OpenGL on this machine")
    level, _, patina, materials = set_pieces
    pieces = (level, plain_light(level, flicker=False), patina, with_pile(materials))
    view = (pose, LENS, (320, 240))
    with open_renderer("embree", *pieces) as a, open_renderer("opengl", *pieces) as b:
        pictures = [r.draw(*view, **options) for r in (a, b)]
        lenses = lens_pixels(a, *view, field=options.get("field"))
    for only in (None, "albedo", "normal"):
        ours, theirs = (shown_part(picture, only) for picture in pictures)
        assert block_error(ours, theirs, lenses) < 0.015
        assert block_error(ours, np.roll(theirs, 3, axis=1), lenses) > 0.015, "the measure sees three pixels' shift"


def test_opengl_renderers_live_side_by_side(set_pieces):
    if "none" in gl_info():
        pytest.skip("no OpenGL on this machine")
    with open_renderer("auto", *set_pieces) as first:
        assert (first.kind, first.note) == ("opengl", "")
        before = first.draw(POSES[0], LENS, SIZE).radiance
        with open_renderer("opengl", *set_pieces) as second:
            assert np.array_equal(second.draw(POSES[0], LENS, SIZE).radiance, before)
        assert np.array_equal(first.draw(POSES[0], LENS, SIZE).radiance, before)


def test_without_opengl_auto_falls_back_and_says_so(set_pieces, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "generator.render.gl", None)
    assert set(gl_info()) == {"none"}
    with open_renderer("auto", *set_pieces) as opened:
        assert opened.kind == "embree"
        assert "OpenGL" in opened.note
        assert len(opened.note.splitlines()) == 1
    with pytest.raises(NoclipError, match="embree"):
        open_renderer("opengl", *set_pieces)


def test_draft_and_final_draw_the_same_place(set_pieces):
    pictures = []
    for quality in ("draft", "normal", "final"):
        with open_renderer("embree", *set_pieces, quality) as opened:
            pictures.append(opened.draw(POSES[0], LENS, SIZE).radiance)
    none = np.zeros(pictures[0].shape[:2], bool)
    assert block_error(pictures[0], pictures[2], none) < 0.05
    assert block_error(pictures[1], pictures[2], none) < 0.005
