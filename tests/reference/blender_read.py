"""Runs inside Blender: what a .glb or .blend is there, as JSON; and, when asked, what Cycles makes of it.

``python blender_read.py -- FILE OUT.json [PICTURE.npy CAMERA SAMPLES]``: the picture is linear radiance, 160 × 120.
"""

import json
import sys
import time

import bpy
import numpy as np
from mathutils import Vector


def load(path: str) -> float:
    """Open or import a file; the seconds it took."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    start = time.perf_counter()
    if path.endswith(".blend"):
        bpy.ops.wm.open_mainfile(filepath=path)
    else:
        bpy.ops.import_scene.gltf(filepath=path)
    return time.perf_counter() - start


def described(scene) -> dict:
    """Objects, materials, cameras, animation and properties."""
    objects = {}
    bpy.context.view_layer.update()
    for o in scene.objects:
        corners = [o.matrix_world @ Vector(c) for c in o.bound_box]
        objects[o.name] = {
            "type": o.type,
            "parent": o.parent.name if o.parent else None,
            "collection": o.users_collection[0].name,
            "low": [min(c[k] for c in corners) for k in range(3)],
            "high": [max(c[k] for c in corners) for k in range(3)],
            "data": o.data.name if o.data else None,
            "extras": {k: list(v) if hasattr(v, "to_list") else v for k, v in o.items() if _plain(v)},
        }
        if o.type == "MESH":
            objects[o.name] |= {
                "uv": [layer.name for layer in o.data.uv_layers],
                "colours": [a.name for a in o.data.color_attributes],
                "triangles": len(o.data.polygons),
                "materials": [m.name for m in o.data.materials if m],
            }
        if o.type == "CAMERA":
            objects[o.name]["fov"] = [o.data.angle_x, o.data.angle_y]
            action = o.animation_data and o.animation_data.action
            objects[o.name]["frames"] = list(action.frame_range) if action else None
        if o.type == "LIGHT":
            tint = [a * b for a, b in zip(o.data.color, o.color, strict=False)]
            objects[o.name] |= {"energy": o.data.energy, "size": [o.data.size, o.data.size_y], "tint": tint}
    return {
        "objects": objects,
        "fps": scene.render.fps / scene.render.fps_base,
        "collections": {c.name: [child.name for child in c.children] for c in bpy.data.collections},
        "assets": [o.name for o in bpy.data.objects if o.asset_data],
        "size": [scene.render.resolution_x, scene.render.resolution_y],
        "keyed": {light.name: list(curve_frames(light)) for light in bpy.data.lights if light.animation_data},
        "camera": scene.camera.name if scene.camera else None,
        "engine": scene.render.engine,
        "tone": tone(scene.view_settings.curve_mapping),
        "view": [scene.view_settings.view_transform, scene.view_settings.exposure],
        "scene": list(scene.keys()),
        "materials": {m.name: material(m) for m in bpy.data.materials},
    }


def curve_frames(light) -> list[float]:
    """The first and last frame that a light is keyed at."""
    return list(light.animation_data.action.frame_range)


def material(m) -> dict:
    """What of a material matters for light."""
    shader = next((n for n in m.node_tree.nodes if n.type == "BSDF_PRINCIPLED"), None) if m.node_tree else None
    nodes = sorted({n.type for n in m.node_tree.nodes}) if m.node_tree else []
    if shader is None:
        return {"nodes": nodes}
    names = ("Emission Strength", "Specular IOR Level", "Metallic", "Roughness")
    return {"nodes": nodes} | {n: shader.inputs[n].default_value for n in names}


def tone(mapping) -> list[list[float]]:
    """What the view's combined curve makes of values up to its end."""
    mapping.initialize()
    curve = mapping.curves[3]
    last = curve.points[-1].location[0]
    return [[x, mapping.evaluate(curve, x)] for x in (last * k / 40 for k in range(50))]


def _plain(value) -> bool:
    return isinstance(value, (int, float, str)) or hasattr(value, "to_list")


def radiance(scene, camera: str, samples: int) -> np.ndarray:
    """(120, 160, 3) linear radiance that Cycles sees from a camera; clamping and denoising off."""
    scene.render.engine = "CYCLES"
    scene.camera = scene.objects[camera]
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 160, 120, 100
    c = scene.cycles
    c.samples, c.use_denoising, c.use_adaptive_sampling = samples, False, False
    c.sample_clamp_indirect = c.sample_clamp_direct = 0.0
    c.max_bounces = c.diffuse_bounces = 24
    c.caustics_reflective = c.caustics_refractive = False
    world = bpy.data.worlds.new("none")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.0
    scene.world = world
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_depth = "32"
    scene.render.filepath = bpy.app.tempdir + "cycles.exr"
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(scene.render.filepath)
    pixels = np.array(image.pixels[:], np.float32).reshape(120, 160, 4)
    return pixels[::-1, :, :3].copy()


def main(path: str, out: str, picture: str = "", camera: str = "", samples: str = "64") -> None:
    """Read, describe, render."""
    seconds = load(path)
    scene = bpy.context.scene
    with open(out, "w") as file:
        json.dump(described(scene) | {"import_s": seconds}, file)
    if picture:
        np.save(picture, radiance(scene, camera, int(samples)))


if __name__ == "__main__":
    main(*sys.argv[sys.argv.index("--") + 1 :])
