"""Runs inside Blender: what its compositor finds in an OpenEXR file, as JSON.

``python blender_passes.py -- FILE.exr OUT.json``
"""

import json
import sys

import bpy


def found(path: str) -> dict:
    """The sockets of an image node, and what a Cryptomatte node takes the file's first layer to be."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    image = bpy.data.images.load(path)
    tree = bpy.data.node_groups.new("passes", "CompositorNodeTree")
    bpy.context.scene.compositing_node_group = tree
    node = tree.nodes.new("CompositorNodeImage")
    node.image = image
    matte = tree.nodes.new("CompositorNodeCryptomatteV2")
    matte.source, matte.image = "IMAGE", image
    return {"sockets": {s.name: s.type for s in node.outputs if s.enabled}, "matte": matte.layer_name}


file, out = sys.argv[sys.argv.index("--") + 1 :]
with open(out, "w") as told:
    json.dump(found(file), told)
