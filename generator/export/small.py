"""Smaller files: whole numbers for corners, meshopt's compression of buffers, pictures as WebP.

Sources: KHR_mesh_quantization, EXT_meshopt_compression and EXT_texture_webp of Khronos' glTF extensions.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from .gltf import COMPONENT, INDEX, KIND, VERTEX, Asset
from .textures import EncodedImage

Geometry = Literal["float", "quantized", "meshopt"]
Textures = Literal["jpeg", "webp"]
STEP_M = 2.0**-10
"""Grid that a building's corners lie on, the same in all its parts, so that they go on meeting: under a millimetre. A
chunk of the world is 39,951 of them."""
THING_STEP_M = 2.0**-13
"""The same of shared things, which are up to 4 m from their origin."""
UV_STEP = 2.0**-12
"""Texture coordinates are rounded to shares of a picture: their bits then repeat."""
WEBP_QUALITY = 82
"""Of colour; of normals and of masks more, since their errors are seen as form."""
WEBP_FINE = 92
MESHOPT = "EXT_meshopt_compression"


@dataclass(frozen=True)
class Small:
    """How a file is made smaller: its geometry and its textures."""

    geometry: Geometry = "float"
    textures: Textures = "jpeg"


def check_small(small: Small) -> None:
    """Raise NoclipError where a library is missing."""
    if small.geometry == "meshopt" and importlib.util.find_spec("almeshopt") is None:
        raise NoclipError(
            "meshopt's compression needs almeshopt: pip install 'noclip-generator[small]', or take --geometry quantized"
        )


def smaller(asset: Asset, small: Small) -> Asset:
    """Make a document smaller; its files beside it stay as they are."""
    pictures, tree = asset.pictures(), deepcopy(asset.tree)
    if small.textures == "webp":
        pictures = [_webp(picture) for picture in pictures]
        _refer_to_webp(tree, pictures)
    if small.geometry == "float":
        return asset.derived(tree, pictures, asset.binary())
    out = asset.derived(tree, pictures)
    accessors, tree["accessors"] = tree["accessors"], []
    tree.pop("bufferViews")
    writer = _Writer(out, asset, accessors, small.geometry == "meshopt")
    for k, mesh in enumerate(tree["meshes"]):
        _shrink(writer, tree, k, mesh)
    for animation in tree.get("animations", []):
        for sampler in animation["samplers"]:
            for end in ("input", "output"):
                sampler[end] = writer.plain(sampler[end])
    _require(tree, "KHR_mesh_quantization", *([MESHOPT] if writer.packs else []))
    return out


def _require(tree: dict[str, Any], *extensions: str) -> None:
    for key in ("extensionsUsed", "extensionsRequired"):
        held = tree.setdefault(key, [])
        held.extend(name for name in extensions if name not in held)


def _shrink(writer: _Writer, tree: dict[str, Any], index: int, mesh: dict[str, Any]) -> None:
    """Write a mesh's primitives in whole numbers; what undoes that goes into its nodes."""
    nodes = [node for node in tree["nodes"] if node.get("mesh") == index]
    moved = len(mesh["primitives"]) > 1 or any(node.keys() & {"translation", "rotation", "matrix"} for node in nodes)
    place = [writer.values(part["attributes"]["POSITION"]) for part in mesh["primitives"]]
    far = max(float(np.abs(at).max()) for at in place)
    step = THING_STEP_M if far < 4.0 and moved else STEP_M
    low = np.zeros(3) if moved else np.floor(np.min([at.min(axis=0) for at in place], axis=0) / step) * step
    for part in mesh["primitives"]:
        material = tree["materials"][part["material"]]
        attributes = part["attributes"]
        if "KHR_materials_unlit" in material["extensions"]:
            del attributes["NORMAL"]
        for name in attributes:
            attributes[name] = writer.vertex(name, attributes[name], (low, step))
        part["indices"] = writer.indices(part["indices"])
    for node in nodes:
        if "matrix" in node:
            matrix = np.array(node["matrix"]).reshape(4, 4)
            matrix[:3] *= step
            node["matrix"] = matrix.ravel().tolist()
            continue
        node["scale"] = [step] * 3
        if not moved:
            node["translation"] = low.tolist()


class _Writer:
    """Writes accessors of one document into a smaller one, each once."""

    def __init__(self, out: Asset, source: Asset, accessors: list[dict[str, Any]], packs: bool) -> None:
        self._out, self._source, self._old, self.packs = out, source, accessors, packs
        self._binary, self._made = source.binary(), dict[tuple, int]()

    def values(self, index: int) -> NDArray:
        """An accessor's values (N, K)."""
        return self._source.decoded(index, self._binary)

    def vertex(self, name: str, index: int, grid: tuple[NDArray[np.float64], float]) -> int:
        """A vertex attribute in fewer bits."""
        low, step = grid
        key = (name, index, *low, step) if name == "POSITION" else (name, index)
        return self._once(key, lambda: self._write(_whole(name, self.values(index), low, step), name, VERTEX))

    def indices(self, index: int) -> int:
        """A primitive's corners."""
        return self._once(("indices", index), lambda: self._write(self.values(index).astype(np.uint32), "", INDEX))

    def plain(self, index: int) -> int:
        """An accessor as it is."""
        values = self.values(index)
        return self._once(
            ("plain", index), lambda: self._write(values, "POSITION" if "min" in self._old[index] else "")
        )

    def _once(self, key: tuple, make: Callable[[], int]) -> int:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def _write(self, values: NDArray, name: str, target: int | None = None) -> int:
        """An accessor, and its piece of the buffer."""
        wide = values.shape[1]
        if target == INDEX and not self.packs and values.max(initial=0) < 65535:
            values = values.astype(np.uint16)
        accessor: dict[str, Any] = {
            "componentType": COMPONENT[values.dtype.str[1:]],
            "count": len(values),
            "type": KIND[wide],
        }
        if values.dtype.kind in "iu" and name not in ("", "POSITION"):
            accessor["normalized"] = True
        if name == "POSITION":
            accessor |= {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}
        view: dict[str, Any] = {} if target is None else {"target": target}
        if target == VERTEX:
            padded = np.zeros((len(values), -(-wide * values.itemsize // 4) * 4 // values.itemsize), values.dtype)
            padded[:, :wide] = values
            values = padded
            view["byteStride"] = values.shape[1] * values.itemsize
        accessor["bufferView"] = self._view(np.ascontiguousarray(values), view)
        return self._out.add("accessors", accessor)

    def _view(self, values: NDArray, view: dict[str, Any]) -> int:
        if not self.packs or "target" not in view:
            return self._out.add_view(values.tobytes(), view)
        data, mode = _packed(values, view["target"])
        stride = values.shape[1] * values.itemsize
        told = {"byteStride": stride, "count": len(values), "mode": mode}
        return self._out.add_packed_view(data, values.nbytes, view, MESHOPT, told)


def _whole(name: str, values: NDArray, low: NDArray[np.float64], step: float) -> NDArray:
    """A vertex attribute's values (N, K) as it is stored."""
    if name == "POSITION":
        return np.rint((values - low) / step).astype(np.uint16 if low.any() or values.min() >= 0 else np.int16)
    if name in ("NORMAL", "TANGENT"):
        return np.rint(values * 127.0).astype(np.int8)
    if name == "TEXCOORD_1":
        return np.rint(np.clip(values, 0.0, 1.0) * 65535.0).astype(np.uint16)
    if name == "COLOR_0":
        wide = values.max(initial=0.0) > 0.0 and not np.allclose(values * 255.0, np.rint(values * 255.0), atol=1e-3)
        return np.rint(values * (65535.0 if wide else 255.0)).astype(np.uint16 if wide else np.uint8)
    return np.asarray(np.rint(values / UV_STEP) * UV_STEP, np.float32)


def _packed(values: NDArray, target: int) -> tuple[bytes, str]:
    """A piece of a buffer (N, K), compressed, and how."""
    import almeshopt

    if target == VERTEX:
        almeshopt.set_vertex_encoder_version(0)
        return bytes(almeshopt.encode_vertex_buffer(values)), "ATTRIBUTES"
    flat = np.ascontiguousarray(values.ravel(), np.uint32)
    almeshopt.set_index_encoder_version(1)
    count = int(flat.max(initial=0)) + 1
    return bytes(almeshopt.encode_index_buffer(almeshopt.optimize_vertex_cache(flat, count), count)), "TRIANGLES"


def _webp(picture: EncodedImage) -> EncodedImage:
    """A picture as WebP; maps of light stay as they are."""
    from PIL import Image

    with Image.open(io.BytesIO(picture.data)) as image:
        if picture.mime == "image/png" and image.mode != "RGBA":
            return picture
        out = io.BytesIO()
        fine = picture.name.endswith("_normal") or image.mode == "RGBA"
        image.save(out, "WEBP", quality=WEBP_FINE if fine else WEBP_QUALITY, method=4, exact=True)
    return EncodedImage(picture.name, "image/webp", out.getvalue())


def _refer_to_webp(tree: dict[str, Any], pictures: list[EncodedImage]) -> None:
    """Let textures find their pictures by EXT_texture_webp."""
    for texture in tree.get("textures", []):
        picture = pictures[texture["source"]]
        if picture.mime == "image/webp":
            tree["images"][texture["source"]]["mimeType"] = picture.mime
            texture["extensions"] = {"EXT_texture_webp": {"source": texture.pop("source")}}
    _require(tree, "EXT_texture_webp")
