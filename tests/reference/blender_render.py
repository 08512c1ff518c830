"""Runs inside Blender: a .blend rendered as it is, with few samples.

``python blender_render.py -- FILE.blend ENGINE SAMPLES WIDTH HEIGHT OUT.png``; Eevee needs OpenGL 4.3, for which Mesa's
software renderer will do.
"""

import sys

import bpy


def main(path: str, engine: str, samples: str, width: str, height: str, out: str) -> None:
    """Open, press F12, keep."""
    bpy.ops.wm.open_mainfile(filepath=path)
    scene = bpy.context.scene
    scene.render.engine = engine
    scene.cycles.samples = scene.eevee.taa_render_samples = int(samples)
    scene.render.resolution_x, scene.render.resolution_y = int(width), int(height)
    scene.render.image_settings.file_format = "PNG"
    scene.render.filepath = out
    bpy.ops.render.render(write_still=True)


if __name__ == "__main__":
    main(*sys.argv[sys.argv.index("--") + 1 :])
