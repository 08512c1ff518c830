"""A binary glTF, read by its specification alone."""

from __future__ import annotations

import json
import struct

import numpy as np

TYPES = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}


def unique_triangles(tree):
    """Triangles of all meshes of a document, those of one shape counted once."""
    shapes = {}
    for mesh in tree["meshes"]:
        parts = [(tree["accessors"][p["attributes"]["POSITION"]], p["indices"]) for p in mesh["primitives"]]
        key = tuple((at["count"], *at["min"], *at["max"]) for at, _ in parts)
        shapes[key] = sum(tree["accessors"][index]["count"] // 3 for _, index in parts)
    return sum(shapes.values())


class Glb:
    """A binary glTF read by its specification."""

    def __init__(self, path):
        self.path, data = path, path.read_bytes()
        magic, version, total, length, kind = struct.unpack("<4sIII4s", data[:20])
        assert (magic, version, total, kind) == (b"glTF", 2, len(data), b"JSON")
        self.tree = json.loads(data[20 : 20 + length])
        size, kind = struct.unpack("<I4s", data[20 + length : 28 + length])
        assert kind == b"BIN\0"
        assert size == self.tree["buffers"][0]["byteLength"]
        self.binary = data[28 + length :]

    def values(self, index):
        accessor = self.tree["accessors"][index]
        view = self.tree["bufferViews"][accessor["bufferView"]]
        kind, width = np.dtype(TYPES[accessor["componentType"]]), WIDTH[accessor["type"]]
        size = width * kind.itemsize
        stride = view.get("byteStride", size)
        assert view["byteOffset"] % 4 == 0
        assert view["byteLength"] == accessor["count"] * stride
        piece = self.binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        rows = np.frombuffer(piece, np.uint8).reshape(accessor["count"], stride)
        return np.ascontiguousarray(rows[:, :size]).view(kind)

    def primitives(self, start=""):
        for mesh in self.tree["meshes"]:
            for primitive in mesh["primitives"]:
                if mesh["name"].startswith(start):
                    yield mesh["name"], primitive

    def node(self, name):
        return next(n for n in self.tree["nodes"] if n["name"] == name)

    def images(self):
        """The bytes of every picture in the file."""
        for image in self.tree["images"]:
            view = self.tree["bufferViews"][image["bufferView"]]
            yield self.binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]

    def extras(self):
        """What the scene says of itself."""
        return self.tree["scenes"][0]["extras"]


def draw_calls(tree: dict) -> int:
    """How often three.js draws for all of a document: once for each primitive of each node."""
    return sum(len(tree["meshes"][node["mesh"]]["primitives"]) for node in tree["nodes"] if "mesh" in node)
