"""The compiled kernels of the renderers against plain versions of the same thing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generator.camera.shot import Lens, Pose
from generator.render import open_renderer
from generator.render.aov import albedo
from generator.render.edge_kernels import split
from generator.render.pile import DEPTH, LAY, LEAN, MEAN_COSINE, MEAN_SHEEN, SHEEN
from generator.render.run_kernels import log2
from generator.render.texture_filter import LOD_BIAS, MAX_TAPS, TAP_SPACING
from generator.surface.lay import coded
from generator.surface.pyramid import pyramids
from generator.surface.textures import textures_of
from tests.render_set import furnished_room, plain_light, plain_materials, plain_patina
from tests.rooms import box_room

LENS = Lens(np.radians(62))
POSE = Pose((0, 0), (0.6, 5.5, 1.6), -0.25, -0.05, 0.06)
SIZE = (160, 120)


@pytest.fixture(scope="module")
def opened():
    level = furnished_room()
    with open_renderer("embree", level, plain_light(level), plain_patina(level), plain_materials()) as renderer:
        yield renderer


def test_levels_keep_the_mean_and_end_in_one_texel():
    image = np.random.default_rng(1).random((12, 20, 4)).astype(np.float32)
    made = pyramids([image, np.zeros((0, 0, 4), np.float32)])
    assert made.levels.tolist() == [5, 0]
    assert made.level(0, 4).shape == (1, 1, 4)
    means = [made.level(0, k).reshape(-1, 4).mean(axis=0) / 65535 for k in range(5)]
    assert np.allclose(means, image.reshape(-1, 4).mean(axis=0), atol=1e-4)


def test_a_level_lies_in_a_border_of_the_neighbouring_periods():
    image = np.random.default_rng(2).random((6, 10, 4)).astype(np.float32)
    made = pyramids([image])
    codes = (image * 65535 + 0.5).astype(np.uint16)
    assert np.array_equal(made.level(0, 0), codes)
    assert np.array_equal(made.texels[: 4 * 8 * 12].reshape(8, 12, 4), np.tile(codes, (3, 3, 1))[5:13, 9:21])


def test_drawing_facets_finds_what_rays_find(opened):
    surface = opened.drawable.facets.surface
    for pose in (POSE, Pose((0, 0), (10.5, 1.0, 1.6), 2.2, 0.2, -0.2), Pose((0, 0), (4.5, 6.0, 0.4), -1.2)):
        picture = opened.draw(pose, LENS, (320, 240))
        ys, xs = (a.reshape(-1) for a in np.mgrid[0:240, 0:320])
        everything = opened._backend._traced(picture.view, ys, xs).reshape(240, 320)
        assert np.array_equal(surface[picture.facet], surface[everything])


def test_a_thin_post_is_not_lost():
    level = box_room((12.0, 6.0, 2.74), [(6.0, 3.0, 6.03, 3.03)])
    light, patina = plain_light(level, 1.0, flicker=False), plain_patina(level)
    with open_renderer("embree", level, light, patina, plain_materials(16)) as renderer:
        found = []
        for step in np.linspace(0.0, 0.05, 9):
            facet = renderer.draw(Pose((0, 0), (0.5, 2.6 + step, 1.5), 0.02), LENS, (320, 240)).facet
            middle = renderer.drawable.facets.corners[facet].mean(axis=2)[120]
            found.append((np.abs(middle - [6.015, 3.015, 1.37]).max(axis=1) < 1.4).sum())
    assert min(found) >= 1


def test_texture_filter_is_the_one_that_is_stated(opened):
    """A plain version of the filter of ``filter``, evaluated at pixels inside large facets."""
    picture = opened.draw(POSE, LENS, SIZE)
    faces, ours, view = picture.facet, albedo(picture), picture.view
    facets = opened.drawable.facets
    dry = np.flatnonzero(opened.drawable.charts.patina[:, 2] < 0)
    rng = np.random.default_rng(5)
    checked = 0
    for y, x in rng.integers(0, [120, 153], (4000, 2)):
        start = x // 8 * 8
        f = faces[y, x]
        if (faces[y, start : start + 8] != f).any() or facets.chart[f] not in dry or x % 8 != 3:
            continue
        uv = [_texture_at(facets, view, f, start + 4.0 + dx, y + 0.5 + dy) for dx, dy in ((0, 0), (1e-3, 0), (0, 1e-3))]
        jacobian = np.stack([uv[1] - uv[0], uv[2] - uv[0]], axis=1) * 1e3
        expected = _plain_filter(facets.material[f], _texture_at(facets, view, f, x + 0.5, y + 0.5), jacobian)
        assert np.allclose(ours[y, x], expected[:3], rtol=2e-2, atol=2e-3)
        checked += 1
    assert checked > 15


def test_light_is_the_lightmap_between_its_texels(opened):
    """A plain look-up at every pixel; the renderer looks at the ends of short runs where light is nearly even."""
    picture = opened.draw(POSE, LENS, SIZE)
    faces, paint = picture.facet, albedo(picture)
    ours = opened._backend.pixels(picture.view, None, None)[0]
    facets, light = opened.drawable.facets, plain_light(furnished_room())
    for y, x in np.random.default_rng(6).integers(0, [120, 160], (300, 2)):
        f = faces[y, x]
        chart = facets.chart[f]
        if facets.lamp[f] >= 0:
            continue
        a, b = np.clip(_values_at(facets, picture.view, f, x + 0.5, y + 0.5)[2:], 0, 1)
        at = light.chart_place[chart] + [a, b] * (light.chart_size[chart] - 1)
        expected = _plain_between(light.steady, *at)
        if light.chart_lamp[chart, 0] >= 0:
            expected = expected + _plain_between(light.flicker[0], *at)
        assert np.allclose(ours[y, x], paint[y, x] * expected, rtol=1e-2, atol=1e-4)


@pytest.mark.parametrize("lean, yaw", [(0.0, 0.1), (1.0, 0.1), (1.0, 3.2), (-0.5, 1.7)])
def test_a_pile_looks_by_the_slant_and_the_lean_as_stated(lean, yaw):
    """Plain arithmetic at every pixel of a floor of one colour; the renderer works the slant out once for a run."""
    level = box_room((12.0, 8.0, 2.74))
    floor, *others = (materials := list(plain_materials(8)))[1], *materials[:1], *materials[2:]
    flat = np.full_like(floor.albedo, 0.3)
    deep = replace(floor, albedo=flat, gap=np.full(flat.shape[:2], 0.6, np.float32))
    light, patina = plain_light(level, 1.0, flicker=False), plain_patina(level)
    laid = np.array([200, 200, 200, coded(lean, 0.0)], np.uint8)
    patina = replace(patina, factor=np.tile(laid, (*patina.factor.shape[:2], 1)))
    made = (others[0], deep, *others[1:])
    with open_renderer("embree", level, light, patina, made) as renderer:
        picture = renderer.draw(Pose((0, 0), (6.0, 4.0, 1.6), yaw, -0.3), LENS, SIZE)
    inside = [(y, x) for y in range(60, 119) for x in range(8, 152) if (picture.facet[y - 1 : y + 2, x - 8 : x + 8] ==
              picture.facet[y, x]).all() and picture.drawable.facets.material[picture.facet[y, x]] == 1]  # fmt: skip
    assert len(inside) > 1000
    for y, x in inside[:: len(inside) // 300]:
        ray = picture.view.corner + (x + 0.5) * picture.view.across + (y + 0.5) * picture.view.down
        c = -ray[2] / np.linalg.norm(ray)
        expected = 0.3 * (1 + DEPTH * 0.6 * (2 / 3 - c) + SHEEN * ((1 - c) ** 4 - 1 / 15))
        expected *= 1 - LEAN * lean * (ray[:2] @ LAY) / np.linalg.norm(ray)
        assert picture.radiance[y, x, 0] == pytest.approx(expected, rel=0.01)


def test_a_pile_sends_on_what_its_mean_albedo_says():
    """The factor's mean over the hemisphere, weighted by the cosine, is one at every depth."""
    c = (np.arange(4000) + 0.5) / 4000
    for gap in (0.0, 0.4, 1.0):
        factor = 1 + DEPTH * gap * (MEAN_COSINE - c) + SHEEN * ((1 - c) ** 4 - MEAN_SHEEN)
        assert factor.min() >= 0.0
        assert (2 * c * factor).mean() == pytest.approx(1.0, abs=1e-6)


def test_logarithm():
    x = np.exp(np.linspace(-30, 30, 2001)).astype(np.float32)
    assert np.allclose([log2(value) for value in x], np.log2(x.astype(float)), atol=3e-5)


def _plain_between(image, x, y):
    """An image (H, W, 3) between the four texels about column x, row y."""
    x0, y0 = int(x), int(y)
    top, low = (image[y0 + k, x0] * (1 - (x - x0)) + image[y0 + k, x0 + 1] * (x - x0) for k in (0, 1))
    return top * (1 - (y - y0)) + low * (y - y0)


def _texture_at(facets, view, f, x, y):
    return _values_at(facets, view, f, x, y)[:2]


def _values_at(facets, view, f, x, y):
    """Texture u, v and chart a, b of facet f at a place of the picture."""
    ray = view.corner + x * view.across + y * view.down
    reach = facets.normal[f] @ (facets.anchor[f] - view.eye) / (facets.normal[f] @ ray)
    return facets.values[f] + facets.gradients[f] @ (view.eye + reach * ray - facets.anchor[f])


def _plain_filter(m, uv, jacobian):
    texture = textures_of(plain_materials()).albedo
    base = np.array([texture.width[m, 0], texture.height[m, 0]])
    axes, sizes, _ = np.linalg.svd(jacobian * base[:, None])
    major, minor = sizes
    taps = int(np.clip(np.ceil(major / minor / TAP_SPACING), 1, MAX_TAPS["normal"]))
    lod = np.clip(np.log2(max(minor, major / taps / TAP_SPACING)) + LOD_BIAS, 0, texture.levels[m] - 1)
    low = int(lod)
    lod = low + np.clip(2 * (lod - low) - 0.5, 0, 1)
    total = np.zeros(4)
    for i in range(taps):
        at = uv + axes[:, 0] * major / base * ((i + 0.5) / taps - 0.5)
        for k, share in ((low, 1 - (lod - low)), (min(low + 1, texture.levels[m] - 1), lod - low)):
            total += share * _plain_bilinear(texture.level(m, k) / 65535, at) / taps
    return total


def _plain_bilinear(level, uv):
    h, w = level.shape[:2]
    x, y = uv[0] * w - 0.5, uv[1] * h - 0.5
    x0, y0 = int(np.floor(x)), int(np.floor(y))
    ax, ay = x - x0, y - y0
    texel = lambda i, j: level[(y0 + j) % h, (x0 + i) % w]  # noqa: E731
    top = texel(0, 0) * (1 - ax) + texel(1, 0) * ax
    return top * (1 - ay) + (texel(0, 1) * (1 - ax) + texel(1, 1) * ax) * ay


def test_splitting_turns_rows_down_and_reads_facets():
    buffer = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    picture, faces = split(buffer)
    assert np.array_equal(picture, buffer[::-1, :, :3])
    assert np.array_equal(faces, buffer[::-1, :, 3] - 1)
