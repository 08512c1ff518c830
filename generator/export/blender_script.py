"""Runs inside Blender: a glTF of the lit set becomes a .blend that is ready to render.

``python blender_script.py -- IN.glb OUT.blend`` (a Python with bpy), or ``blender -b --python`` the same. It imports
nothing of this package, since Blender has its own Python.
"""

import math
import sys

import bpy
from mathutils import Matrix

FILM_FPS, FILM_BASE = 30, 1.001
LENS_GAP_M = 0.002
"""An area light hangs this far under the lens it stands for, or over that of a fixture on its back."""

TONE_STEPS = 12
"""Points of the view's curve below the knee, nearer to each other towards black."""


def main(source: str, target: str) -> None:
    """Import, light, sort and save."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = FILM_FPS, 1.0 / FILM_BASE  # the importer multiplies by it
    bpy.ops.import_scene.gltf(filepath=source)
    scene.render.fps_base = FILM_BASE
    for name in ("Walls", "Floor", "Ceiling", "Lights", "Props"):
        sort_into(scene, name)
    for fixture in [o for o in scene.objects if o.get("watts", 0.0) > 0.0]:
        hang_light(fixture, bpy.data.collections["Lights"])
    for material in bpy.data.materials:
        glow_for_camera_only(material)
    set_up(scene)
    bpy.ops.wm.save_as_mainfile(filepath=target, compress=True)


def sort_into(scene, name: str) -> None:
    """A collection with everything under the node ``name``, which itself goes; places stay."""
    collection = bpy.data.collections.new(name)
    scene.collection.children.link(collection)
    parent = scene.objects.get(name)
    for child in list(parent.children) if parent else []:
        place = child.matrix_world.copy()
        child.parent = None
        child.matrix_world = place
        for old in list(child.users_collection):
            old.objects.unlink(child)
        collection.objects.link(child)
    if parent:
        bpy.data.objects.remove(parent)


def hang_light(fixture, collection) -> None:
    """A real area light under a fixture's lens, with its watts and colour."""
    watts, radiance = fixture["watts"], list(fixture["radiance"])
    key = f"panel {watts:.1f} W {max(radiance):.3f}"
    light = bpy.data.lights.get(key)
    if light is None:
        light = bpy.data.lights.new(key, "AREA")
        light.shape = "RECTANGLE"
        light.size, light.size_y = fixture["area_m"]
        light.energy = watts
        light.color = [c / max(radiance) for c in radiance]
    lamp = bpy.data.objects.new(f"light_{fixture.name}", light)
    collection.objects.link(lamp)
    place = Matrix.Translation((0.0, 0.0, -LENS_GAP_M))
    if "up_m" in fixture:
        place = Matrix.Translation((0.0, 0.0, fixture["up_m"] + LENS_GAP_M)) @ Matrix.Rotation(math.pi, 4, "X")
    lamp.matrix_world = fixture.matrix_world @ place
    lamp.visible_camera = False
    lamp.visible_glossy = False


def glow_for_camera_only(material) -> None:
    """A lens still looks lit, but the area light under it gives the light."""
    if not material.use_nodes:
        return
    tree = material.node_tree
    shader = next((n for n in tree.nodes if n.type == "BSDF_PRINCIPLED"), None)
    if shader is None or shader.inputs["Emission Strength"].default_value == 0.0:
        return
    path, product = tree.nodes.new("ShaderNodeLightPath"), tree.nodes.new("ShaderNodeMath")
    product.operation = "MULTIPLY"
    product.inputs[0].default_value = shader.inputs["Emission Strength"].default_value
    tree.links.new(path.outputs["Is Camera Ray"], product.inputs[1])
    tree.links.new(product.outputs[0], shader.inputs["Emission Strength"])


def set_up(scene) -> None:
    """Cycles, a dark world, a view as the file's camera would show it, and a camera to look through."""
    scene.render.engine = "CYCLES"
    scene.cycles.samples = 256
    scene.cycles.use_denoising = True
    scene.render.resolution_x, scene.render.resolution_y = 640, 480
    world = bpy.data.worlds.new("dark")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.0
    scene.world = world
    expose(scene)
    cameras = [o for o in scene.objects if o.type == "CAMERA"]
    moving = [o for o in cameras if o.animation_data and o.animation_data.action]
    if moving:
        first, last = moving[0].animation_data.action.frame_range
        scene.frame_start, scene.frame_end = round(first), round(last)
    if cameras:
        scene.camera = (moving or cameras)[0]
        scene.frame_set(scene.frame_start)


def expose(scene) -> None:
    """The standard view, with the file's exposure, white and tone: Blender applies white and curve, then exposure."""
    view, exposure = scene.view_settings, max(scene["exposure"], 1e-6)
    view.view_transform = "Standard"
    view.exposure = math.log2(exposure)
    view.use_curve_mapping = True
    mapping, points = view.curve_mapping, view.curve_mapping.curves[3].points
    mapping.white_level = [1.0 / max(w, 1e-6) for w in scene["white"]]
    mapping.use_clip = False
    mapping.extend = "HORIZONTAL"
    start, slope, limit = scene["knee"]
    white = start + (min(limit, 1.0) - start) / slope
    steps = [start * (k / TONE_STEPS) ** 2 for k in range(TONE_STEPS + 1)]
    for k, level in enumerate([*steps, 0.5 * (start + white), white]):
        place = level / exposure, shown(level, start, slope) / exposure
        point = points.new(*place) if k > 1 else points[k]
        point.location = place
        point.handle_type = "VECTOR"
    mapping.update()


def shown(level: float, start: float, slope: float) -> float:
    """What an sRGB display must get to show a signal, 1 = white, as the camera does: through its knee and BT.709's
    curve. Source: ITU-R BT.709-6, item 1.2; IEC 61966-2-1."""
    level = min(level, start + slope * (level - start)) if level > start else level
    code = min(4.5 * level if level < 0.018 else 1.099 * level**0.45 - 0.099, 1.0)
    return code / 12.92 if code <= 0.04045 else ((code + 0.055) / 1.055) ** 2.4


if __name__ == "__main__":
    main(*sys.argv[sys.argv.index("--") + 1 :])
