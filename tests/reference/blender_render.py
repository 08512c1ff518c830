"""Runs inside Blender: a .blend rendered as it is, with few samples.

``python blender_render.py -- FILE.blend SAMPLES WIDTH HEIGHT OUT.png``
"""

import sys

import bpy


def main(path: str, samples: str, width: str, height: str, out: str) -> None:
    """Open, press F12, keep."""
    bpy.ops.wm.open_mainfile(filepath=path)
    scene = bpy.context.scene
    scene.cycles.samples = int(samples)
    scene.render.resolution_x, scene.render.resolution_y = int(width), int(height)
    scene.render.image_settings.file_format = "PNG"
    scene.render.filepath = out
    bpy.ops.render.render(write_still=True)


if __name__ == "__main__":
    main(*sys.argv[sys.argv.index("--") + 1 :])
