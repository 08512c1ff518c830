"""One view in every program that draws here: our clean frame, Blender's two renderers, and web viewers.

``python -m tests.reference.export_consumers OUT.png``, after ``python -m tests.reference.install``. Needs npm and
Chromium as well. Nothing is set by hand: Blender renders a .blend as it is, the web viewers show what they find, the
lightmapped file goes through its loader. Prints the colour difference of each to our frame of an ideal camera, lenses
left out.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from generator.camera.shot import Lens
from generator.export import Views, build_region, export_level, region_around, tone_curve_of_file
from generator.files import whole
from generator.light.bake import bake
from generator.places.verbs import materials
from generator.scene import load_scene
from generator.sheet import contact_sheet
from tests.colour_difference import ciede2000, lab, linear

from . import install
from .export_picture import (
    FOV_DEG,
    HERE,
    MIDDLE,
    RADIUS_M,
    SEED,
    SETTINGS,
    SHOWN_PX,
    SIZE,
    TEXTURE_PX,
    clean_frame,
    codes,
    our_radiance,
    standing,
    web_picture,
)

SAMPLES = 24
"""Of the .blend's own render, which is denoised."""
LENS_RADIANCE = 2.5
"""What is brighter is a lamp's lens."""


def export_consumers(out: Path, columns: int = 3) -> None:
    """Build, light, export, see in each program, lay side by side.

    Raises RuntimeError when one of them is missing or fails.
    """
    install.blender()
    scene, lens = load_scene("level0", list(SETTINGS)), Lens(float(np.radians(FOV_DEG)))
    region = region_around(*MIDDLE, RADIUS_M)
    level = build_region(scene, SEED, region)
    made = materials(level.materials, scene, TEXTURE_PX)
    lightmap = bake(level, scene.light, np.array([m.mean_albedo for m in made]), "normal")
    pose = standing(scene, lens)
    views = Views((("view", pose, lens),), None, SIZE[0] / SIZE[1])
    light = our_radiance(level, lightmap, made, pose, lens)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("set.blend", "baked.glb", "lightmapped.blend", "lightmapped.glb"):
            export_level(
                level, scene, SEED, folder / file, profile=file.partition(".")[0], lightmap=lightmap,  # type: ignore[arg-type]
                views=views, region=region, materials=made, texture_px=TEXTURE_PX,
            )  # fmt: skip
        ideal = codes(tone_curve_of_file(folder / "baked.glb").code(light))
        seen = [("noclip, clean", clean_frame(light, level, scene)), *consumers(folder)]
    lenses = ndimage.binary_dilation(light.max(axis=2) > LENS_RADIANCE, iterations=4)
    for label, picture in seen[1:]:
        away = ciede2000(lab(linear(ideal)), lab(linear(picture)))[~lenses]
        print(f"{label}: CIEDE2000 {away.mean():.2f} in the mean")
    sheet = contact_sheet([picture for _, picture in seen], [label for label, _ in seen], columns, SHOWN_PX)
    with whole(out) as part:
        Image.fromarray(sheet).quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(part, "PNG", optimize=True)


def consumers(folder: Path) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Each program's label and picture of the files in a folder."""
    yield "Blender, Cycles: F12 on the .blend", blender_render(folder / "set.blend", "CYCLES")
    yield "Blender, Eevee: F12 on the lightmapped .blend", blender_render(folder / "lightmapped.blend", "BLENDER_EEVEE")
    yield "three.js, baked .glb", web_picture(folder)
    yield "Babylon.js, baked .glb", web_picture(folder, page="babylon_view.html")
    copyfile(folder / "lightmapped.glb", folder / "baked.glb")
    yield "three.js, lightmapped .glb and its loader", web_picture(folder, profile="lightmapped")


def blender_render(path: Path, engine: str) -> NDArray[np.uint8]:
    """(H, W, 3) what a .blend gives on F12; nothing but the renderer, size and samples is set."""
    out = path.with_name(f"{path.stem}_{engine}.png")
    asked = [str(path), engine, str(SAMPLES), *map(str, SIZE), str(out)]
    command = [str(install.blender()), str(HERE / "blender_render.py"), "--", *asked]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode or not out.exists():
        raise RuntimeError(f"Blender failed: {done.stderr[-2000:]}")
    return np.asarray(Image.open(out).convert("RGB"))


if __name__ == "__main__":
    export_consumers(Path(sys.argv[1]))
