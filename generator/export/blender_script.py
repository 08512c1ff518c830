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
    """Cycles, a dark world, the standard view at the file's exposure and white, and a camera to look through."""
    scene.render.engine = "CYCLES"
    scene.cycles.samples = 256
    scene.cycles.use_denoising = True
    scene.render.resolution_x, scene.render.resolution_y = 640, 480
    world = bpy.data.worlds.new("dark")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.0
    scene.world = world
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.exposure = math.log2(max(scene.get("exposure", 1.0), 1e-6))
    scene.view_settings.use_curve_mapping = True
    white = list(scene.get("white", (1.0, 1.0, 1.0)))
    scene.view_settings.curve_mapping.white_level = [1.0 / max(w, 1e-6) for w in white]
    scene.view_settings.curve_mapping.update()
    cameras = [o for o in scene.objects if o.type == "CAMERA"]
    moving = [o for o in cameras if o.animation_data and o.animation_data.action]
    if moving:
        first, last = moving[0].animation_data.action.frame_range
        scene.frame_start, scene.frame_end = round(first), round(last)
    if cameras:
        scene.camera = (moving or cameras)[0]
        scene.frame_set(scene.frame_start)


if __name__ == "__main__":
    main(*sys.argv[sys.argv.index("--") + 1 :])
