"""Passes: light told apart, geometry that leads to the next picture, ids by coverage, and the file they are in."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from generator.camera.shot import Lens, Pose
from generator.errors import NoclipError
from generator.light.bake import bake
from generator.light.lightmap import LAYERS, LightParts
from generator.passes.catalogue import PASSES, wanted_of
from generator.passes.cryptomatte import codes, id_of, manifest, matte, murmur3
from generator.passes.exr import Header, PassImage, exr_bytes
from generator.passes.kernels import FARTHEST_M, to_half
from generator.passes.lens import distorted
from generator.passes.make import channels, pass_tables
from generator.render import CameraLamp, open_renderer
from generator.render.view import view_of
from generator.scene.light import LightSettings
from generator.surface.palette import Role, Wear
from tests.render_set import LAMPS, furnished_room, plain_light, plain_materials, plain_patina, with_pile
from tests.rooms import ALBEDO, box_room

SIZE, LENS = (160, 120), Lens(np.radians(62.0))
OWN = CameraLamp((4.0, 4.0, 3.6))
SEEDS = range(4)


def some_pose(seed: int) -> Pose:
    """A pose in the furnished room, off its partitions."""
    rng = np.random.default_rng(seed)
    x, y = ((1.5, 5.5), (4.5, 6.0), (10.5, 1.0), (7.5, 1.2))[seed % 4]
    turn = rng.uniform(-np.pi, np.pi), rng.uniform(-0.4, 0.4), rng.uniform(-0.3, 0.3)
    return Pose((0, 0), (x, y, rng.uniform(0.5, 2.2)), *turn)


def told_apart(level, light):
    """The light with parts: of every texel a share of its own is direct, of two kinds of lamps and the failing one."""
    rng = np.random.default_rng(5)
    share = rng.uniform(0.1, 0.4, (3, *light.steady.shape)).astype(np.float32)
    group = np.arange(len(level.lamps.lamp), dtype=np.int32) % 2
    group[-1] = 2
    parts = LightParts(
        group=("bulb", "troffer", "failing"),
        lamp_group=group,
        direct=share * light.steady / 2,
        bounced=share[1:] * light.steady / 3,
        flicker_direct=0.6 * light.flicker,
    )
    return replace(light, parts=parts)


@pytest.fixture(scope="module")
def level():
    return furnished_room()


@pytest.fixture(scope="module")
def renderer(level):
    light = told_apart(level, plain_light(level))
    with open_renderer("embree", level, light, plain_patina(level), with_pile(plain_materials())) as opened:
        yield opened


@pytest.fixture(scope="module")
def wet(level):
    """A renderer of the room with a floor of bare concrete, wet beyond x = 6 m."""
    wear = np.where(level.palette.role == Role.FLOOR, Wear.SLAB, level.palette.wear).astype(np.uint8)
    bare = replace(level, palette=replace(level.palette, wear=wear))
    light = told_apart(bare, plain_light(bare))
    with open_renderer("embree", bare, light, plain_patina(bare), plain_materials()) as opened:
        yield opened


def taken(renderer, level, wanted, seed, own=None, moved=None, lens=LENS):
    """Picture and channels of a pose; moved: the next one."""
    rng = np.random.default_rng(seed)
    pose, output = some_pose(seed), rng.uniform(0, 1, len(LAMPS))
    picture = renderer.draw(pose, lens, SIZE, lamp_output=output, camera_lamp=own)
    around = None
    if moved is not None:
        around = tuple(view_of((0, 0), other, lens, SIZE) for other in (moved, pose))
    ready = pass_tables(wanted_of(wanted, moved is not None), level, renderer.drawable, None)
    return picture, channels(picture, ready, pose.position, own, around)


def rgb(images, layer, letters="RGB"):
    return np.stack([images[f"{layer}.{letter}" if layer else letter] for letter in letters], axis=-1)


LIGHTS = "radiance,direct,bounced,emission,camera,light,albedo,groups"


@pytest.mark.parametrize("own", [None, OWN], ids=["dark", "lamp"])
@pytest.mark.parametrize("seed", SEEDS)
def test_light_passes_sum_to_the_radiance(renderer, level, seed, own):
    """Where rounding decides how a texture is read the renderer's own differs, in a pixel of ten thousand."""
    picture, images = taken(renderer, level, LIGHTS, seed, own)
    radiance = rgb(images, "")
    total = sum(rgb(images, name) for name in ("direct", "bounced", "emission", "camera"))
    np.testing.assert_allclose(total, radiance, rtol=1e-5, atol=1e-6)
    groups = sum(rgb(images, f"group_{name}") for name in ("bulb", "troffer", "failing"))
    np.testing.assert_allclose(groups + rgb(images, "camera"), radiance, rtol=1e-5, atol=1e-6)
    off = np.abs(radiance - picture.radiance) / (picture.radiance + 1e-3)
    assert np.mean(off > 1e-5) < 1e-3
    assert off.max() < 1e-3
    assert (rgb(images, "camera").max() > 0.02) == (own is not None)


@pytest.mark.parametrize("own", [None, OWN], ids=["dark", "lamp"])
def test_light_passes_sum_to_the_radiance_over_water_too(wet, level, own):
    pose = Pose((0, 0), (6.5, 5.4, 1.5), -0.35, -0.25, 0.05)
    picture = wet.draw(pose, LENS, SIZE, camera_lamp=own)
    unlit = wet.draw(pose, LENS, SIZE, camera_lamp=own, shaded=False)
    ready = pass_tables(wanted_of(LIGHTS + ",mirror", False), level, wet.drawable, None)
    images = channels(unlit, ready, pose.position, own)
    radiance, mirror = rgb(images, ""), rgb(images, "mirror")
    water = mirror.max(axis=2) > 0.0
    assert 0.05 < water.mean() < 0.95
    terms = [rgb(images, name) for name in ("direct", "bounced", "emission", "camera")]
    np.testing.assert_allclose(sum(terms) + mirror, radiance, rtol=1e-5, atol=1e-6)
    groups = sum(rgb(images, f"group_{name}") for name in ("bulb", "troffer", "failing"))
    np.testing.assert_allclose(groups + rgb(images, "camera") + mirror, radiance, rtol=1e-5, atol=1e-6)
    off = np.abs(radiance - picture.radiance) / (picture.radiance + 1e-3)
    assert np.mean(off > 1e-5) < 1e-3
    plain = np.ones(water.shape, bool)
    plain[picture.edges.row, picture.edges.column] = False
    sent = rgb(images, "albedo") * rgb(images, "light")
    np.testing.assert_allclose(sent[plain], (terms[0] + terms[1])[plain], rtol=1e-5, atol=1e-7)


def test_where_no_water_stands_nothing_is_mirrored(renderer, level):
    _, images = taken(renderer, level, "mirror", 0)
    assert not rgb(images, "mirror").any()


@pytest.mark.parametrize("seed", SEEDS)
def test_albedo_times_light_is_what_surfaces_send_back_on_pixels_of_one_facet(renderer, level, seed):
    picture, images = taken(renderer, level, LIGHTS, seed)
    plain = np.ones(picture.facet.shape, bool)
    plain[picture.edges.row, picture.edges.column] = False
    back = rgb(images, "direct") + rgb(images, "bounced")
    np.testing.assert_allclose((rgb(images, "albedo") * rgb(images, "light"))[plain], back[plain], rtol=1e-5, atol=1e-7)
    assert plain.mean() > 0.7


def test_each_failing_lamp_is_in_the_failing_group_and_in_no_other(renderer, level):
    pose, images = Pose((0, 0), (10.5, 1.5, 1.6), np.pi / 2), []
    ready = pass_tables(wanted_of("groups", False), level, renderer.drawable, None)
    for output in (0.0, 1.0):
        picture = renderer.draw(pose, LENS, SIZE, lamp_output=np.append(np.ones(len(LAMPS) - 1), output))
        images.append(channels(picture, ready, pose.position))
    changed = {name for name in images[0] if np.abs(images[0][name] - images[1][name]).max() > 1e-6}
    assert changed == {f"group_failing.{letter}" for letter in "RGB"}


def baked(parts: bool, states=(0, 0, 2), **options):
    level = box_room((7, 6, 2.74), [(3.0, 0.0, 3.12, 3.0)], [(1.5, 2, 0), (5, 4, 0), (5, 1.5, 1)], states=list(states))
    return level, bake(level, LightSettings(), ALBEDO, "draft", parts=parts, **options)


def test_a_bake_that_tells_its_light_apart_is_the_same_bake():
    (_, plain), (_, told) = baked(False), baked(True)
    for name in ("steady", "flicker", "chart_lamp", "chart_place"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(told, name))
    assert plain.parts is None


def test_direct_and_bounced_of_a_bake_are_those_of_bakes_of_their_own():
    level, told = baked(True)
    direct, bounced = (bake(level, LightSettings(), ALBEDO, "draft", part=part).steady for part in ("direct", "bounce"))
    parts = told.parts
    assert parts.group[-1] == "failing"
    np.testing.assert_allclose(parts.direct.sum(axis=0), direct, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(told.steady - parts.direct.sum(axis=0), bounced, rtol=1e-5, atol=1e-6)
    assert parts.flicker_direct.shape == (LAYERS, *told.steady.shape)
    assert (parts.flicker_direct <= told.flicker + 1e-6).all()
    assert 0.2 < parts.flicker_direct.sum() / told.flicker.sum() < 0.95


def shifted(pose: Pose, seed: int) -> Pose:
    rng = np.random.default_rng(100 + seed)
    x, y, z = (c + d for c, d in zip(pose.position, rng.uniform(-0.04, 0.04, 3), strict=True))
    return replace(pose, position=(x, y, z), yaw=pose.yaw + rng.uniform(-0.03, 0.03), roll=pose.roll + 0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_depth_and_motion_find_the_next_picture(renderer, level, seed):
    """What a pixel sees, made of depth alone, lies in the next picture where motion says, within a quarter pixel."""
    pose = some_pose(seed)
    other = shifted(pose, seed)
    picture, images = taken(renderer, level, "depth,motion", seed, moved=other)
    view, after = picture.view, view_of((0, 0), other, LENS, SIZE)
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]] + 0.5
    rays = view.corner + x[..., None] * view.across + y[..., None] * view.down
    place = view.eye + images["Z"][..., None].astype(float) * rays
    clip = (place - after.eye) @ after.clip.T
    u, v = x + images["forward.u"], y - images["forward.v"]
    seen = clip[..., 2] > 0.05
    miss = np.hypot(u - clip[..., 0] / clip[..., 2], v - clip[..., 1] / clip[..., 2])
    assert miss[seen].max() < 0.25
    assert np.hypot(images["backward.u"], images["backward.v"]).max() < 1e-3
    assert np.hypot(images["forward.u"], images["forward.v"]).max() > 2
    there = renderer.draw(other, LENS, SIZE)
    depth = there.view, pass_tables(wanted_of("depth", False), level, renderer.drawable, None)
    next_depth = channels(there, depth[1], other.position)["Z"]
    i, j = np.floor(u).astype(int), np.floor(v).astype(int)
    inside = seen & (i >= 1) & (j >= 1) & (i < SIZE[0] - 1) & (j < SIZE[1] - 1)
    near = np.abs(next_depth[j[inside], i[inside]] / clip[..., 2][inside] - 1) < 0.05
    assert near.mean() > 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_position_depth_and_normals_tell_of_one_surface(renderer, level, seed):
    picture, images = taken(renderer, level, "depth,position,normal", seed)
    place, view = rgb(images, "position", "XYZ"), picture.view
    far = (place - view.eye) @ view.forward
    np.testing.assert_allclose(images["Z"], far, rtol=1e-4)
    normal, camera = rgb(images, "normal", "XYZ"), rgb(images, "normal_camera", "XYZ")
    axes = np.stack([view.right, view.up, -view.forward])
    np.testing.assert_allclose(camera, normal @ axes.T, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(normal, axis=-1), 1, atol=1e-4)
    facet = picture.drawable.facets.normal[picture.facet]
    assert np.median(np.abs((facet * normal).sum(axis=-1))) > 0.95


def test_hashes_are_the_published_ones():
    """Source: test vectors of MurmurHash3_x86_32 that its implementations share."""
    known = {"": 0, "hello": 0x248BFA47, "hello, world": 0x149BBB7F}
    known["The quick brown fox jumps over the lazy dog"] = 0x2E4FF723
    assert {text: murmur3(text) for text in known} == known
    exponents = {(id_of(f"name{k}") >> 23) & 255 for k in range(4000)}
    assert not exponents & {0, 255}
    assert np.isfinite(codes([f"name{k}" for k in range(4000)])).all()


@pytest.mark.parametrize("name", ["material", "object"])
def test_coverage_of_ids_is_the_share_of_a_finer_picture(renderer, level, name):
    """Of 8 × 8 finer pixels, those that see a thing of that name; all of a pixel's ids together cover it."""
    pose = some_pose(0)
    ready = pass_tables(wanted_of(name, False), level, renderer.drawable, None)
    picture, fine = (renderer.draw(pose, LENS, (k * SIZE[0], k * SIZE[1])) for k in (1, 8))
    images, finer = (channels(p, ready, pose.position) for p in (picture, fine))
    ids, share = ([f"crypto_{name}{k:02d}.{c}" for k in range(2) for c in letters] for letters in ("RB", "GA"))
    total = sum(images[channel] for channel in share)
    assert np.abs(total - 1).max() < 0.02
    told = json.loads(next(text for key, text in ready.manifest.items() if key.endswith("manifest")))
    seen = np.unique(picture.drawable.facets.material if name == "material" else ready.ids.thing)
    for number in seen:
        which = (ready.ids.materials if name == "material" else ready.ids.things)[number]
        code = np.array([int(told[which], 16)], np.uint32).view(np.float32)[0]
        ours = sum(np.where(images[a] == code, images[b], 0) for a, b in zip(ids, share, strict=True))
        truth = (finer[ids[0]] == code).reshape(SIZE[1], 8, SIZE[0], 8).mean(axis=(1, 3))
        assert np.sqrt(np.mean((ours - truth) ** 2)) < 0.02


def test_a_pixel_ranks_the_ids_that_cover_most_of_it():
    class Edges:
        row, column, begin = np.array([0], np.int32), np.array([1], np.int32), np.array([0, 4], np.int32)
        share = np.array([0.2, 0.1, 0.44, 0.26], np.float32)

    code = np.array([1.5, 2.5, 3.5], np.float32)
    ids = np.array([[0, 1, -1]], np.int32)
    ranked = matte(ids, np.array([2, 0, 1, 2], np.int32), Edges, code, 1)
    np.testing.assert_allclose(ranked[0], [[1.5, 1, 0, 0], [3.5, 0.46, 2.5, 0.44], [0, 0, 0, 0]], atol=1e-6)


def header(**attributes) -> Header:
    return Header(10 / 11, np.arange(16.0).reshape(4, 4), (39.0144 * 2**29, -1.5), None, 0.0, attributes)


def test_files_hold_what_was_told_of_them(renderer, level, tmp_path):
    OpenEXR = pytest.importorskip("OpenEXR")
    _, images = taken(renderer, level, "radiance,depth,normal,material", 2)
    told = manifest("crypto_material", ("a", "b"))
    path = tmp_path / "passes.exr"
    path.write_bytes(exr_bytes(PassImage(images, header(noclip="{}", **told), False)))
    with OpenEXR.File(str(path), separate_channels=True) as file:
        read, found = dict(file.header()), {name: c.pixels for name, c in file.channels().items()}
    assert set(found) == set(images)
    assert found["R"].dtype == found["normal.X"].dtype == np.float16
    assert found["Z"].dtype == found["crypto_material00.R"].dtype == np.float32
    np.testing.assert_array_equal(found["Z"], images["Z"])
    np.testing.assert_allclose(found["R"].astype(float), images["R"], rtol=1e-3, atol=1e-6)
    assert read["pixelAspectRatio"] == pytest.approx(10 / 11)
    assert read["chromaticities"][:2] == pytest.approx((0.64, 0.33))
    np.testing.assert_array_equal(read["worldToCamera"], np.arange(16).reshape(4, 4).T)  # for row vectors, as Imath's
    assert [float(c) for c in read["originMetres"].split()] == [39.0144 * 2**29, -1.5]
    assert read["noclip"] == "{}"
    assert {key: read[key] for key in told} == told


def test_floats_stay_floats_where_they_are_asked_for(renderer, level, tmp_path):
    OpenEXR = pytest.importorskip("OpenEXR")
    _, images = taken(renderer, level, "radiance,direct,bounced,emission,camera", 3)
    path = tmp_path / "passes.exr"
    path.write_bytes(exr_bytes(PassImage(images, header(), True)))
    with OpenEXR.File(str(path), separate_channels=True) as file:
        found = {name: c.pixels for name, c in file.channels().items()}
    for name, image in images.items():
        np.testing.assert_array_equal(found[name], image)


def test_half_is_the_nearest_half():
    rng = np.random.default_rng(7)
    wide = np.concatenate([rng.normal(size=20000) * 10.0 ** rng.uniform(-9, 5, 20000), [0.0, -0.0, 65504, 65519, 1e9]])
    single = wide.astype(np.float32)[None]
    bits = np.empty(single.shape, np.uint16)
    to_half(single, bits)
    np.testing.assert_array_equal(bits.view(np.float16), np.clip(single, -65504, 65504).astype(np.float16))


@pytest.mark.parametrize("barrel", [0.12, -0.05])
def test_the_st_map_takes_the_picture_to_what_the_lens_draws(renderer, level, barrel):
    from generator.camera.lens_kernels import bend_field

    _, images = taken(renderer, level, "radiance,depth,motion", 0, moved=shifted(some_pose(0), 0))
    bent = distorted(images, barrel)
    drawn = np.empty((SIZE[1], 3, SIZE[0]), np.float32)
    bend_field(np.ascontiguousarray(rgb(images, "")), 1, 0, np.float32(barrel), drawn)
    np.testing.assert_allclose(rgb(bent, ""), drawn.transpose(0, 2, 1), rtol=1e-3, atol=1e-4)
    x, y = bent["st.R"] * SIZE[0] - 0.5, (1 - bent["st.G"]) * SIZE[1] - 0.5
    nearest = np.rint(y).astype(int), np.rint(x).astype(int)
    np.testing.assert_array_equal(bent["Z"], images["Z"][nearest])
    assert np.abs(rgb(bent, "") - rgb(images, "")).max() > 0.01


@pytest.mark.parametrize("barrel", [0.12, -0.05])
def test_motion_as_the_lens_draws_it_leads_to_where_the_lens_draws_the_point(renderer, level, barrel):
    """By the ST map of where it leads to in the bent picture, it leads to the same place of the other."""
    _, images = taken(renderer, level, "motion", 0, moved=shifted(some_pose(0), 0))
    bent = distorted(images, barrel)
    y, x = np.mgrid[10:110:10, 15:145:10]
    st = np.stack([bent["st.R"] * SIZE[0] - 0.5, (1 - bent["st.G"]) * SIZE[1] - 0.5], axis=-1)
    from scipy.ndimage import map_coordinates

    end = y - bent["forward.v"][y, x], x + bent["forward.u"][y, x]
    inside = (end[0] > 1) & (end[0] < SIZE[1] - 2) & (end[1] > 1) & (end[1] < SIZE[0] - 2)
    found = np.stack([map_coordinates(st[..., k], end, order=1) for k in (0, 1)], axis=-1)
    near = np.rint(st[y, x]).astype(int)
    way = np.stack([images[c][near[..., 1], near[..., 0]] for c in ("forward.u", "forward.v")], axis=-1)
    np.testing.assert_allclose(found[inside], (st[y, x] + way * [1, -1])[inside], atol=0.05)


def test_where_nothing_is_seen_passes_are_far_and_empty(level):
    from generator.geometry.level import expand
    from tests.rooms import FLOOR

    light = told_apart(level, plain_light(level))
    floor = expand(level)[0].chart_material == FLOOR
    lit = replace(light, chart_size=light.chart_size * floor[:, None])
    with open_renderer("embree", level, lit, plain_patina(level), plain_materials(8)) as opened:
        moved = shifted(some_pose(0), 0)
        picture, images = taken(opened, level, "all", 0, moved=moved)
    hole = picture.facet < 0
    inner = hole.copy()
    inner[picture.edges.row, picture.edges.column] = False
    assert hole.any()
    assert (images["Z"][hole] == FARTHEST_M).all()
    assert all(np.isfinite(image).all() for image in images.values())
    for name in ("R", "direct.G", "albedo.B", "position.X", "normal.Z", "crypto_material00.R", "crypto_object00.G"):
        assert not images[name][inner].any()


def test_passes_are_asked_for_by_name_and_come_in_their_order():
    assert wanted_of("all", True).names == tuple(PASSES)
    assert "motion" not in wanted_of("all", False).names
    assert wanted_of(" depth , radiance", False).names == ("radiance", "depth")
    assert wanted_of("direct", False).parts
    assert not wanted_of("depth,normal,radiance", False).parts


@pytest.mark.parametrize(("text", "moving", "says"), [
    ("shadow", True, "no such pass"), ("", True, "no such pass"), (",", True, "no such pass"),
    ("motion", False, "a still does not move"),
])  # fmt: skip
def test_passes_that_there_are_not_are_one_line(text, moving, says):
    with pytest.raises(NoclipError, match=says):
        wanted_of(text, moving)
