"""Runs inside Blender: what Cycles sees of a .glb from one of its cameras, with few samples and Blender's denoiser.

``python cycles_view.py -- FILE.glb CAMERA WIDTH HEIGHT SAMPLES OUT.npy``: linear radiance (H, W, 3) float32.
"""

import sys

import bpy
import numpy as np
from blender_read import load

BOUNCES = 16


def prepare(scene, camera: str, size: tuple[int, int], samples: int) -> None:
    """Cycles, in a dark world, through one of the file's cameras; nothing of the file is changed."""
    scene.render.engine, scene.camera = "CYCLES", scene.objects[camera]
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.resolution_percentage = 100
    c = scene.cycles
    c.samples, c.use_adaptive_sampling, c.use_denoising = samples, False, True
    c.max_bounces = c.diffuse_bounces = BOUNCES
    c.sample_clamp_indirect = c.sample_clamp_direct = 0.0
    world = bpy.data.worlds.new("dark")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.0
    scene.world = world


def radiance(scene) -> np.ndarray:
    """(H, W, 3) linear, the top row first."""
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_depth = "32"
    scene.render.filepath = bpy.app.tempdir + "view.exr"
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(scene.render.filepath)
    width, height = image.size
    return np.array(image.pixels[:], np.float32).reshape(height, width, -1)[::-1, :, :3].copy()


def main(path: str, camera: str, width: str, height: str, samples: str, out: str) -> None:
    """Import, render, keep."""
    load(path)
    scene = bpy.context.scene
    prepare(scene, camera, (int(width), int(height)), int(samples))
    np.save(out, radiance(scene))


if __name__ == "__main__":
    main(*sys.argv[sys.argv.index("--") + 1 :])
