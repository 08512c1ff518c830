"""Write glTF 2.0: accessors into one buffer, pictures, and the two ways to lay them on disk.

Source: Khronos glTF 2.0 specification, sections 3.6 (buffers), 3.8 (images) and 4 (GLB).
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError
from ..files import digest, whole, write_whole
from .region import LARGEST_BYTES
from .textures import EncodedImage

VERTEX, INDEX = 34962, 34963
"""Buffer view targets ARRAY_BUFFER and ELEMENT_ARRAY_BUFFER."""
COMPONENT = {"f4": 5126, "i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125}
KIND = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4"}
REPEAT, CLAMP = 10497, 33071
LINEAR, MIPMAPS = 9729, 9987


class Asset:
    """A glTF document that grows: ``tree`` is its JSON, filled in by the caller but for buffers and pictures.

    ``beside``: what writes the files that lie beside a document at a path, and tells their bytes.
    """

    def __init__(self, generator: str) -> None:
        self.tree: dict[str, Any] = {"asset": {"version": "2.0", "generator": generator}}
        self._pieces: list[bytes] = []
        self._length = 0
        self._pictures: dict[tuple[str, int], int] = {}
        self._accessors: dict[tuple, int] = {}
        self._names: set[tuple[str, str]] = set()
        self._files: list[EncodedImage] = []
        self._unpacked, self._packing = 0, ""
        self.beside: list[Callable[[Path], int]] = []

    def add(self, key: str, value: dict[str, Any]) -> int:
        """Append to one of the document's lists; its index. A name that is taken there is counted upwards."""
        if "name" in value:
            value = value | {"name": self._unique(key, value["name"])}
        self.tree.setdefault(key, []).append(value)
        return len(self.tree[key]) - 1

    def group(self, name: str, children: Sequence[int]) -> int:
        """Append a node that holds others; its index."""
        return self.add("nodes", {"name": name} | ({"children": [*children]} if children else {}))

    def show(self, name: str, roots: list[int], **more: Any) -> None:
        """Make a scene of root nodes, the one that viewers show."""
        self.tree["scene"] = self.add("scenes", {"name": name, "nodes": roots, **more})

    def accessor(
        self, values: NDArray, target: int | None = None, normalized: bool = False, bounds: bool = False
    ) -> int:
        """An accessor over its own piece of the buffer; equal values are one accessor.

        values: (N,) or (N, K), float32, uint8, uint16 or uint32.
        """
        values = np.ascontiguousarray(values)
        content = hashlib.blake2b(values.tobytes(), digest_size=16).digest()
        key = (content, values.dtype.str, values.shape, target, normalized, bounds)
        if key not in self._accessors:
            self._accessors[key] = self._new_accessor(values, target, normalized, bounds)
        return self._accessors[key]

    def _new_accessor(self, values: NDArray, target: int | None, normalized: bool, bounds: bool) -> int:
        accessor: dict[str, Any] = {
            "bufferView": self.add_view(values.tobytes(), {} if target is None else {"target": target}),
            "componentType": COMPONENT[values.dtype.str[1:]],
            "count": len(values),
            "type": KIND[values.shape[1] if values.ndim == 2 else 1],
        }
        if normalized:
            accessor["normalized"] = True
        if bounds:
            accessor["min"] = [float(x) for x in np.atleast_1d(values.min(axis=0))]
            accessor["max"] = [float(x) for x in np.atleast_1d(values.max(axis=0))]
        return self.add("accessors", accessor)

    def add_view(self, data: bytes, view: dict[str, Any]) -> int:
        """Append data to the buffer; the index of its view, of which ``view`` says more."""
        place = {"buffer": 0, "byteOffset": self._length, "byteLength": len(data)}
        self._append(data)
        return self.add("bufferViews", place | view)

    def add_packed_view(
        self, data: bytes, length: int, view: dict[str, Any], extension: str, told: dict[str, Any]
    ) -> int:
        """Append data that an ``extension`` unpacks to ``length`` bytes, as it is ``told``; the index of its view.

        Its view lies in a second buffer, which no file holds.
        """
        packed = {"buffer": 0, "byteOffset": self._length, "byteLength": len(data)} | told
        self._append(data)
        place = {"buffer": 1, "byteOffset": self._unpacked, "byteLength": length}
        self._unpacked, self._packing = self._unpacked + length + -length % 4, extension
        return self.add("bufferViews", place | view | {"extensions": {extension: packed}})

    def derived(self, tree: dict[str, Any], pictures: list[EncodedImage], binary: bytes = b"") -> Asset:
        """Another document with its own JSON, pictures and buffer, and the same files beside it."""
        out = Asset(tree["asset"]["generator"])
        out.tree, out._files, out.beside = tree, pictures, self.beside
        out._append(binary)
        return out

    def texture(self, picture: EncodedImage, wrap: int = REPEAT, shrinks: bool = True) -> int:
        """The index of a texture; equal names are one picture. shrinks: smaller copies may stand for it."""
        key = (picture.name, wrap)
        if key not in self._pictures:
            self._files.append(picture)
            fewer = MIPMAPS if shrinks else LINEAR
            sampler = {"magFilter": LINEAR, "minFilter": fewer, "wrapS": wrap, "wrapT": wrap}
            samplers = self.tree.setdefault("samplers", [])
            if sampler not in samplers:
                samplers.append(sampler)
            image = self.add("images", {"name": picture.name, "mimeType": picture.mime})
            self._pictures[key] = self.add(
                "textures", {"name": picture.name, "source": image, "sampler": samplers.index(sampler)}
            )
        return self._pictures[key]

    def binary(self) -> bytes:
        """All of the buffer so far, without pictures."""
        return b"".join(self._pieces)

    def pictures(self) -> list[EncodedImage]:
        """The pictures, in the order of the document's images."""
        return list(self._files)

    def decoded(self, index: int, binary: bytes) -> NDArray:
        """The values (N, K) of an accessor in ``binary``; normalised ones as shares of 1."""
        accessor = self.tree["accessors"][index]
        start = self.tree["bufferViews"][accessor["bufferView"]]["byteOffset"]
        kind = next(np.dtype(name) for name, code in COMPONENT.items() if code == accessor["componentType"])
        wide = next(count for count, name in KIND.items() if name == accessor["type"])
        flat = np.frombuffer(binary, kind, accessor["count"] * wide, start).reshape(-1, wide)
        return flat / np.float32(np.iinfo(kind).max) if accessor.get("normalized") else flat

    def uses(self, *extensions: str) -> None:
        """Note extensions as used; none is ever required."""
        used = self.tree.setdefault("extensionsUsed", [])
        used.extend(name for name in extensions if name not in used)

    def save_glb(self, path: Path, pictures: Path | None = None) -> int:
        """Write one binary file, whole or not at all; its length in bytes.

        pictures: a folder beside it that several files share, where its pictures go by name and content.
        Raises NoclipError: too large, or not writable.
        """
        for image, picture in zip(self.tree.get("images", []), self._files, strict=True):
            if pictures is not None:
                image.pop("mimeType")
                image["uri"] = quote(f"{pictures.name}/{shared_picture(pictures, picture)}")
                continue
            view = {"buffer": 0, "byteOffset": self._length, "byteLength": len(picture.data)}
            image["bufferView"] = self.add("bufferViews", view)
            self._append(picture.data)
        self.tree["buffers"] = self._buffers({})
        text = _json(self.tree)
        text += b" " * (-len(text) % 4)
        total = 12 + 8 + len(text) + 8 + self._length
        _check(total, path)
        with whole(path) as part, part.open("wb") as file:
            file.write(struct.pack("<4sII", b"glTF", 2, total))
            file.write(struct.pack("<I4s", len(text), b"JSON") + text)
            file.write(struct.pack("<I4s", self._length, b"BIN\0"))
            file.writelines(self._pieces)
        return total

    def save_gltf(self, path: Path) -> int:
        """Write FILE.gltf, FILE.bin and the pictures as FILE_name.jpg beside it; the sum of their lengths.

        The .gltf comes last, so it never refers to what is not there. Raises NoclipError as ``save_glb``.
        """
        total = self._length + sum(len(p.data) for p in self._files)
        _check(total, path)
        binary = path.with_suffix(".bin")
        names = [path.with_name(f"{path.stem}_{picture.name}{picture.ending}") for picture in self._files]
        check_beside(path, [binary, *names])
        self.tree["buffers"] = self._buffers({"uri": quote(binary.name)})
        with whole(binary) as part, part.open("wb") as file:
            file.writelines(self._pieces)
        for image, picture, beside in zip(self.tree.get("images", []), self._files, names, strict=True):
            image["uri"] = quote(beside.name)
            write_whole(beside, picture.data)
        return total + write_whole(path, _json(self.tree))

    def _buffers(self, where: dict[str, str]) -> list[dict[str, Any]]:
        """The buffer, and that which its packed views are unpacked to."""
        own = {"byteLength": self._length} | where
        if not self._packing:
            return [own]
        return [own, {"byteLength": self._unpacked, "extensions": {self._packing: {"fallback": True}}}]

    def _unique(self, key: str, name: str) -> str:
        """A name, or with a number where one of the list has it."""
        name = name.replace("/", "_")
        found, count = name, 1
        while (key, found) in self._names:
            count += 1
            found = f"{name}_{count}"
        self._names.add((key, found))
        return found

    def _append(self, data: bytes) -> None:
        padding = -len(data) % 4
        self._pieces.append(data + b"\0" * padding)
        self._length += len(data) + padding


def shared_picture(folder: Path, picture: EncodedImage) -> str:
    """Write a picture into a folder unless it is there, under a name that tells its content; the name."""
    name = f"{picture.name}_{digest(picture.data)[:8]}{picture.ending}"
    if not (folder / name).exists():
        write_whole(folder / name, picture.data)
    return name


def is_gltf(path: Path) -> bool:
    """Whether a path's ending is glTF's, of one file or of several."""
    return path.suffix.lower() in (".glb", ".gltf")


def check_beside(path: Path, files: Sequence[Path]) -> None:
    """Raise NoclipError where files that a .gltf needs beside it are there already, and no earlier .gltf is."""
    there = [file for file in files if file.exists() or file.is_symlink()]
    if there and not path.exists():
        raise NoclipError(f"{there[0]}: is here already, and {path.name} would replace it; give another name")


def read_tree(path: Path) -> dict[str, Any]:
    """The JSON of a .glb or .gltf. Raises NoclipError when it is neither, or cannot be read."""
    try:
        if path.exists() and not path.is_file():
            raise NoclipError(f"{path}: this is no file")
        data = path.read_bytes()
        if data[:4] == b"glTF":
            data = data[20 : 20 + struct.unpack_from("<I", data, 12)[0]]
        return dict(json.loads(data))
    except OSError as error:
        raise NoclipError(f"{path}: {error.strerror}") from None
    except (ValueError, TypeError, RecursionError, struct.error):
        raise NoclipError(f"{path}: neither a .glb nor a .gltf") from None


def _json(tree: dict[str, Any]) -> bytes:
    return json.dumps(tree, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def _check(size: int, path: Path) -> None:
    if size > LARGEST_BYTES:
        raise NoclipError(
            f"{path}: the file would be {size / 1e9:.2f} GB, the limit is {LARGEST_BYTES / 1e9:g} GB; "
            "ask for a smaller region or smaller textures"
        )
