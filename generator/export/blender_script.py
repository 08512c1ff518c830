"""Runs inside Blender: a glTF becomes a .blend that is ready to render, the lit set with lamps that can be dimmed.

``python blender_script.py -- IN.glb OUT.blend`` (a Python with bpy), or ``blender -b --python`` the same. It imports
nothing of this package, since Blender has its own Python.
"""

import json
import math
import os
import re
import struct
import sys
import tempfile

import bpy
from mathutils import Matrix, Vector

FILM_FPS, FILM_BASE = 30, 1.001
LUMENS_PER_WATT = 683.0
"""glTF's light is in lumens, candela and cd/m²; Blender's in watts. Source: as generator/colour.py."""
LENS_GAP_M = 0.002
"""An area light hangs this far before the lens it stands for."""

KINDS = ("Walls", "Floor", "Ceiling", "Lights", "Props")
PROBE_M = 1.2
"""Samples of Eevee's bounced light are so far apart: as many as its default memory holds for a chunk."""
UNLIT_SAMPLES = 16
"""Enough for edges, where no light is left to compute."""

TONE_STEPS = 12
"""Points of the view's curve below the knee, nearer to each other towards black."""


def main(source: str, target: str) -> None:
    """Import, light, sort and save."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = FILM_FPS, 1.0 / FILM_BASE  # the importer multiplies by it
    bpy.ops.import_scene.gltf(filepath=source, export_import_convert_lighting_mode="COMPAT")
    in_watts()
    scene.render.fps_base = FILM_BASE
    for name in KINDS:
        sort_into(scene, name)
    profile = scene.get("profile", "set")
    if profile == "lightmapped":
        light_by_maps(source)
    if profile == "set":
        hang_lights([o for o in scene.objects if o.get("watts", 0.0) > 0.0])
        for material in bpy.data.materials:
            glow_where_seen(material)
        gather_for_eevee(scene)
    mark_assets()
    set_up(scene, profile)
    bpy.ops.wm.save_as_mainfile(filepath=target, compress=True)


def in_watts() -> None:
    """Give lamps and glowing materials Blender's unit: the importer, asked so, leaves both in glTF's."""
    for light in bpy.data.lights:
        light.energy /= LUMENS_PER_WATT
    for material in bpy.data.materials:
        for shader in (
            [n for n in material.node_tree.nodes if n.type == "BSDF_PRINCIPLED"] if material.use_nodes else []
        ):
            shader.inputs["Emission Strength"].default_value /= LUMENS_PER_WATT


def sort_into(scene, name: str) -> None:
    """A collection with everything under the node ``name``, which itself goes; places stay.

    In it is one for each chunk, which is linked in the chunk's own collection too: hide either.
    """
    collection = bpy.data.collections.new(name)
    scene.collection.children.link(collection)
    parent = scene.objects.get(name)
    for child in list(parent.children) if parent else []:
        collection = part_of(scene, name, child.name)
        place = child.matrix_world.copy()
        child.parent = None
        child.matrix_world = place
        for old in list(child.users_collection):
            old.objects.unlink(child)
        collection.objects.link(child)
    if parent:
        bpy.data.objects.remove(parent)


def part_of(scene, kind: str, name: str):
    """The collection of a kind and of the chunk that a name tells; of the kind alone where it tells none."""
    found = re.search(r"chunk_-?\d+_-?\d+", name)
    parent = bpy.data.collections[kind]
    if not found:
        return parent
    part = bpy.data.collections.get(f"{kind} {found[0]}")
    if part is None:
        part = bpy.data.collections.new(f"{kind} {found[0]}")
        parent.children.link(part)
        named(named(scene.collection, "Chunks"), found[0]).children.link(part)
    return part


def named(parent, name: str):
    """The collection of a name in a parent."""
    found = bpy.data.collections.get(name)
    if found is None:
        found = bpy.data.collections.new(name)
        parent.children.link(found)
    return found


def hang_lights(fixtures) -> None:
    """A real area light for each rectangle of light of a fixture, such as its lens: one datablock for those of a kind,
    so that one slider dims them all.

    Its energy and colour are the kind's mean; each lamp's own share of that is its object's colour, which the light's
    nodes read. A failing lamp has a datablock of its own, whose energy is keyed.
    """
    kinds: dict[str, list] = {}
    for fixture in fixtures:
        kind = fixture.name.partition("_chunk_")[0] + ("" if fixture.get("flicker") is None else f" {fixture.name}")
        kinds.setdefault(kind, []).append(fixture)
    for kind, members in kinds.items():
        mean = [sum(f["radiance"][k] for f in members) / len(members) for k in range(3)]
        for k, emitter in enumerate(emitters_of(members[0])):
            light = bpy.data.lights.new(kind, "AREA")
            light.shape = "RECTANGLE"
            light.size, light.size_y = emitter["area_m"]
            light.spread = math.radians(emitter.get("spread_deg", 180.0))
            light.energy = sum(emitters_of(f)[k]["watts"] for f in members) / len(members)
            light.color = [c / max(mean) for c in mean]
            own_share(light)
            for fixture in members:
                hang_light(fixture, emitters_of(fixture)[k], light, mean)
            if members[0].get("flicker") is not None:
                key_energy(light, members[0]["flicker"])
        for fixture in members:
            if fixture.get("flicker") is not None:
                del fixture["flicker"]


def emitters_of(fixture) -> list:
    """The rectangles of light of a fixture, in its own frame; most have one that looks down at their place."""
    usual = {"place_m": (0.0, 0.0, 0.0), "normal": (0.0, 0.0, -1.0), "along": (1.0, 0.0, 0.0)}
    return list(fixture.get("emitters") or [usual | {name: fixture[name] for name in ("area_m", "watts")}])


def light_by_maps(source: str) -> None:
    """Make each material that has a map of our light glow as the map lights it: base colour times map times its white.

    The importer knows nothing of MOZ_lightmap, so that its pictures come from the file itself.
    """
    with open(source, "rb") as file:
        data = file.read()
    length = struct.unpack_from("<I", data, 12)[0]
    tree, binary = json.loads(data[20 : 20 + length]), data[28 + length :]
    for told in tree["materials"]:
        moz = told.get("extensions", {}).get("MOZ_lightmap")
        material = bpy.data.materials.get(told["name"])
        if moz and material:
            picture = tree["images"][tree["textures"][moz["index"]]["source"]]
            view = tree["bufferViews"][picture["bufferView"]]
            start = view.get("byteOffset", 0)
            image = packed(picture["name"], binary[start : start + view["byteLength"]])
            glow_by_map(material.node_tree, image, told["extras"]["lightmap_white"])


def packed(name: str, data: bytes):
    """A picture inside the file, made once."""
    image = bpy.data.images.get(f"{name}.png")
    if image is None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, f"{name}.png")
            with open(path, "wb") as file:
                file.write(data)
            image = bpy.data.images.load(path)
            image.pack()
    return image


def glow_by_map(tree, image, white: float) -> None:
    """Replace a material's surface by the light that it sends back, its mask kept."""
    shader = next(n for n in tree.nodes if n.type == "BSDF_PRINCIPLED")
    base, new, link = shader.inputs["Base Color"], tree.nodes.new, tree.links.new
    place, picture, product = new("ShaderNodeUVMap"), new("ShaderNodeTexImage"), new("ShaderNodeMix")
    place.uv_map = "UVMap.001"
    picture.image, picture.extension = image, "EXTEND"
    product.data_type, product.blend_type = "RGBA", "MULTIPLY"
    product.inputs[0].default_value = 1.0
    link(place.outputs[0], picture.inputs[0])
    if base.links:
        link(base.links[0].from_socket, product.inputs[6])
    else:
        product.inputs[6].default_value = base.default_value
    link(picture.outputs["Color"], product.inputs[7])
    link(product.outputs[2], shader.inputs["Emission Color"])
    for old in list(base.links):
        tree.links.remove(old)
    base.default_value = (0.0, 0.0, 0.0, 1.0)
    shader.inputs["Emission Strength"].default_value = white
    shader.inputs["Specular IOR Level"].default_value = 0.0


def own_share(light) -> None:
    """Multiply a light by its object's colour."""
    light.use_nodes = True
    tree = light.node_tree
    emission = next(n for n in tree.nodes if n.type == "EMISSION")
    info = tree.nodes.new("ShaderNodeObjectInfo")
    tree.links.new(info.outputs["Color"], emission.inputs["Color"])


def key_energy(light, flicker) -> None:
    """Key a failing lamp's output, frame by frame."""
    full, scene = light.energy, bpy.context.scene
    moving = [o.animation_data.action for o in scene.objects if o.type == "CAMERA" and o.animation_data]
    first = round(min((action.frame_range[0] for action in moving if action), default=scene.frame_start))
    for frame, share in enumerate(flicker, first):
        light.energy = full * share
        light.keyframe_insert("energy", frame=frame)


def hang_light(fixture, emitter, light, mean) -> None:
    """An area light of a fixture; mean: the radiance that its datablock stands for. It shines along its own -Z."""
    lamp = bpy.data.objects.new(f"light_{fixture.name}", light)
    lamp.color = [*(own / max(m, 1e-9) for own, m in zip(fixture["radiance"], mean, strict=True)), 1.0]
    part_of(bpy.context.scene, "Lights", fixture.name).objects.link(lamp)
    out, along = Vector(emitter["normal"]), Vector(emitter["along"])
    turn = Matrix((along, (-out).cross(along), -out)).transposed().to_4x4()
    place = Matrix.Translation(Vector(emitter["place_m"]) + LENS_GAP_M * out)
    lamp.matrix_world = fixture.matrix_world @ place @ turn
    lamp.visible_camera = False
    lamp.visible_glossy = False


def glow_where_seen(material) -> None:
    """A lens still looks lit, in mirrors too, but the area light before it gives the light."""
    if not material.use_nodes:
        return
    tree = material.node_tree
    shader = next((n for n in tree.nodes if n.type == "BSDF_PRINCIPLED"), None)
    if shader is None or shader.inputs["Emission Strength"].default_value == 0.0:
        return
    path, product = tree.nodes.new("ShaderNodeLightPath"), tree.nodes.new("ShaderNodeMath")
    seen = tree.nodes.new("ShaderNodeMath")
    seen.operation, product.operation = "MAXIMUM", "MULTIPLY"
    tree.links.new(path.outputs["Is Camera Ray"], seen.inputs[0])
    tree.links.new(path.outputs["Is Glossy Ray"], seen.inputs[1])
    product.inputs[0].default_value = shader.inputs["Emission Strength"].default_value
    tree.links.new(seen.outputs[0], product.inputs[1])
    tree.links.new(product.outputs[0], shader.inputs["Emission Strength"])


def gather_for_eevee(scene) -> None:
    """A volume of light probes in each chunk, which Eevee's bounced light is baked into (Scene > Light Probes)."""
    for chunk in list(bpy.data.collections["Chunks"].children) if "Chunks" in bpy.data.collections else []:
        floors = [o for c in chunk.children if c.name.startswith(("Floor", "Ceiling")) for o in c.objects]
        corners = [o.matrix_world @ Vector(c) for o in floors for c in o.bound_box]
        if not corners:
            continue
        low, high = ([f(c[k] for c in corners) for k in range(3)] for f in (min, max))
        probe = bpy.data.lightprobes.new(f"probes {chunk.name}", "VOLUME")
        volume = bpy.data.objects.new(probe.name, probe)
        half = [max(0.5 * (b - a), 0.1) for a, b in zip(low, high, strict=True)]
        volume.location = [0.5 * (a + b) for a, b in zip(low, high, strict=True)]
        volume.scale = half
        for axis, side in zip("xyz", half, strict=True):
            setattr(probe, f"resolution_{axis}", max(round(2.0 * side / PROBE_M), 2))
        chunk.objects.link(volume)


def mark_assets() -> None:
    """Mark a fixture and a prop of each kind, and every material, for the asset browser."""
    seen = set()
    for kind in ("Lights", "Props"):
        for thing in [o for o in bpy.data.collections[kind].all_objects if o.type == "MESH"]:
            name = thing.name.partition("_chunk_")[0]
            if name not in seen:
                seen.add(name)
                thing.asset_mark()
                thing.asset_data.tags.new("noclip")
    for material in bpy.data.materials:
        material.asset_mark()
        material.asset_data.tags.new("noclip")


def set_up(scene, profile: str) -> None:
    """A renderer, a dark world, a view as the file's camera would show it, and a camera to look through.

    Of a set, Cycles has light to compute; of baked light, the colours are what shall be seen.
    """
    lit = profile == "set"
    scene.render.engine = "CYCLES"
    scene.cycles.samples = 256 if lit else UNLIT_SAMPLES
    scene.cycles.use_denoising = lit
    asked = scene["scene"]["render"] if "scene" in scene else {"width_px": 640, "height_px": 480}
    scene.render.resolution_x, scene.render.resolution_y = asked["width_px"], asked["height_px"]
    scene.render.resolution_percentage = 100
    world = bpy.data.worlds.new("dark")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.0
    scene.world = world
    if profile != "baked":
        expose(scene)
    else:
        scene.view_settings.view_transform = "Standard"
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
