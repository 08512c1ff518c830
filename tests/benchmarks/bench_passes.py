"""Passes of a view of level0 at 640 × 480: what they cost beside the picture, and how fast their file is written."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from generator.camera.shot import Lens
from generator.passes.catalogue import LIGHT, PASSES, wanted_of
from generator.passes.exr import PassImage, exr_bytes
from generator.passes.shoot import pass_image, ready_passes
from generator.render import open_renderer
from generator.scene import load_scene
from generator.viewpoint import pose_for
from generator.visibility import dressing, still_detail, visible

SEED, SIZE, LENS = 3, (640, 480), Lens(np.radians(62))
GROUPS = {
    "light, albedo and radiance": ["radiance", *sorted(LIGHT - {"groups"})],
    "groups of lamps": ["groups"],
    "normals": ["normal"],
    "depth, position and motion": ["depth", "position", "motion"],
    "Cryptomattes": ["material", "object", "room"],
}


@contextmanager
def nothing_kept() -> Iterator[None]:
    """A cache that is empty before and goes after, so that light is baked."""
    before = os.environ.get("NOCLIP_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NOCLIP_CACHE"] = folder
        try:
            yield
        finally:
            os.environ.pop("NOCLIP_CACHE")
            if before is not None:
                os.environ["NOCLIP_CACHE"] = before


def rows() -> Iterator[tuple[str, float, str, str]]:
    """Processor time, warm; a film draws one such picture for its two fields."""
    scene = load_scene("level0", [f"seed={SEED}"])
    pose, _ = pose_for(scene)
    small = load_scene("level0", [f"seed={SEED}", "render.width_px=320", "render.height_px=240"])
    with nothing_kept():
        visible(small, [pose], still_detail(small))
    with nothing_kept():
        start = time.process_time()
        visible(scene, [pose], still_detail(scene))
        plain = time.process_time() - start
    with nothing_kept():
        start = time.process_time()
        level, light, patina = visible(scene, [pose], still_detail(scene), parts=True)
        apart = time.process_time() - start
    yield "a view lit with its light told apart, of one without", apart / plain, "", ""
    made = dressing(scene, level.materials, relief=True)
    with open_renderer("embree", level, light, patina, made) as renderer:
        picture = renderer.draw(pose, LENS, SIZE)
        drawn = _best(lambda: renderer.draw(pose, LENS, SIZE))
        bare = _best(lambda: renderer.draw(pose, LENS, SIZE, shaded=False))
        yield "what is seen, without its light", bare, "core-ms", ""
        yield "the picture itself", drawn, "core-ms", ""

        def passes(names: list[str]) -> Callable[[], PassImage]:
            ready = ready_passes(scene, wanted_of(",".join(names), True), level, renderer.drawable)
            around = (picture.view, picture.view)
            return lambda: pass_image(scene, picture, ready, pose, 1.0, None, around)

        for what, names in GROUPS.items():
            yield what, _best(passes(names)), "core-ms", ""
        every = passes(list(PASSES))
        took = _best(every)
        yield "all passes of a picture that is drawn", took, "core-ms", ""
        yield "all passes of a film, a field at a file a frame", (took + bare) / 2, "core-ms", "under 25"
        more = took + 1e3 * (apart - plain)
        yield "all passes of a still, of its time with its bake", 100 * more / (1e3 * plain + drawn), "%", "under 40"
        image = every()
        start = time.process_time()
        written = exr_bytes(image)
        took = time.process_time() - start
    yield "written, ZIPS", image.size_bytes / took / 1e6, "MB/s", ""
    yield "size of all passes, of their pixels", 100 * len(written) / image.size_bytes, "%", ""
    yield "size of all passes", len(written) / 1e6, "MB", ""


def _best(make: Callable[[], object]) -> float:
    """Least processor time of some runs, in milliseconds."""
    took = []
    for _ in range(8):
        start = time.process_time()
        make()
        took.append(time.process_time() - start)
    return 1e3 * min(took)
