"""Passes before other readers: OpenImageIO, the Cryptomatte library, and Blender's compositor.

``requirements-full.txt`` and ``python -m tests.reference.install`` put them in place.
"""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from generator.camera.shot import Lens, Pose
from generator.passes.catalogue import wanted_of
from generator.passes.exr import Header, PassImage, exr_bytes
from generator.passes.make import channels, pass_tables
from generator.render import open_renderer
from generator.render.view import view_of
from tests.reference import install
from tests.render_set import furnished_room, plain_light, plain_materials, plain_patina
from tests.test_passes import told_apart

pytestmark = pytest.mark.slow
SIZE, LENS = (160, 120), Lens(np.radians(62.0))
POSES = Pose((0, 0), (0.6, 5.5, 1.6), -0.25, -0.05, 0.06), Pose((0, 0), (0.63, 5.5, 1.6), -0.24, -0.05, 0.06)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A file of all passes, but for rooms; its channels and the names of its things."""
    level = furnished_room()
    light = told_apart(level, plain_light(level))
    with open_renderer("embree", level, light, plain_patina(level), plain_materials()) as renderer:
        wanted = wanted_of(",".join(("radiance,direct,bounced,emission,camera,groups,light,albedo",
                                     "normal,depth,position,motion,material,object")), True)  # fmt: skip
        ready = pass_tables(wanted, level, renderer.drawable, None)
        around = tuple(view_of((0, 0), pose, LENS, SIZE) for pose in (POSES[1], POSES[0]))
        images = channels(renderer.draw(POSES[0], LENS, SIZE), ready, POSES[0].position, None, around)
    header = Header(10 / 11, np.eye(4), (0.0, 0.0), Fraction(30000, 1001), 0.5, ready.manifest)
    path = tmp_path_factory.mktemp("passes") / "all.exr"
    path.write_bytes(exr_bytes(PassImage(images, header, False)))
    return path, images, ready.ids


def test_openimageio_reads_every_channel(written):
    oiio = pytest.importorskip("OpenImageIO")
    path, images, _ = written
    read = oiio.ImageBuf(str(path))
    names = list(read.spec().channelnames)
    assert set(names) == set(images)
    assert read.spec().getattribute("PixelAspectRatio") == pytest.approx(10 / 11)
    pixels = read.get_pixels(oiio.FLOAT)
    for k, name in enumerate(names):
        if name.startswith("crypto_"):
            np.testing.assert_array_equal(pixels[..., k].view(np.uint32), images[name].view(np.uint32))
        else:
            np.testing.assert_allclose(pixels[..., k], images[name], rtol=1e-3, atol=1e-5)


if sys.version_info < (3, 14):  # later there is no wheel of the library

    def test_the_cryptomatte_library_finds_each_thing_by_its_name(written):
        library = pytest.importorskip("cryptomatte_api")
        path, images, ids = written
        mattes = library.Cryptomatte.load(str(path), load_preview=False)
        found = {frozenset(matte.masks()): matte for matte in mattes}
        assert len(found) == 2
        for names, layer in ((ids.materials, "crypto_material"), (ids.things, "crypto_object")):
            matte = next(m for known, m in found.items() if known <= set(names))
            masks = matte.masks()
            assert set(masks) <= set(names)
            assert len(masks) > 3
            whole = sum(masks.values())
            ours = sum(images[f"{layer}{k:02d}.{letter}"] for k in (0, 1) for letter in "GA")
            np.testing.assert_allclose(whole, ours, atol=1e-5)


def test_blenders_compositor_has_a_socket_for_every_pass(written):
    path, images, _ = written
    script, out = Path(install.__file__).parent / "blender_passes.py", path.with_suffix(".json")
    subprocess.run([str(install.blender()), str(script), "--", str(path), str(out)], check=True, timeout=300)
    told = json.loads(out.read_text())
    layers = {name.partition(".")[0] for name in images if "." in name}
    assert layers | {"Combined", "Depth"} <= set(told["sockets"])
    assert told["matte"] in {"crypto_material", "crypto_object"}
