"""Cameras of glTF files: an animated node, whatever its parents do, from Y up to Z up."""

from __future__ import annotations

import base64
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..camera.track import Track, turned
from ..errors import NoclipError
from ..export.cameras import Y_UP
from ..export.gltf import read_tree

COMPONENTS = {5120: np.int8, 5121: np.uint8, 5122: np.int16, 5123: np.uint16, 5126: np.float32}
WIDTH = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}
REST = {"translation": (0.0, 0.0, 0.0), "rotation": (0.0, 0.0, 0.0, 1.0), "scale": (1.0, 1.0, 1.0)}
POINTER = "/cameras/{}/perspective/yfov"
MOST_KEYS = 2_000_000
DEEPEST = 64
"""Parents of a node."""


class _Curve:
    """Keys of one channel: time (K,) seconds, value (K, N), and of a cubic spline the tangents in and out."""

    def __init__(self, time: NDArray[np.float64], value: NDArray[np.float64], way: str) -> None:
        self.time, self.way = time, way
        self.value = value.reshape(len(time), 3, -1) if way == "CUBICSPLINE" else value.reshape(len(time), -1)

    def at(self, now: NDArray[np.float64], turns: bool) -> NDArray[np.float64]:
        """Values (M, N) at times (M,), held before the first key and after the last. turns: they are quaternions."""
        if turns and self.way == "LINEAR":
            return turned(self.value, self.time, now).as_quat()
        k = np.clip(np.searchsorted(self.time, now, "right") - 1, 0, len(self.time) - 1)
        after = np.minimum(k + 1, len(self.time) - 1)
        step = np.where(after > k, self.time[after] - self.time[k], 1.0)
        t = np.clip((now - self.time[k]) / step, 0.0, 1.0)[:, None]
        if self.way == "STEP":
            return self.value[k]
        if self.way == "CUBICSPLINE":
            return self._spline(k, after, t, step[:, None])
        return (1 - t) * self.value[k] + t * self.value[after]

    def _spline(self, k, after, t, step) -> NDArray[np.float64]:
        """Source: glTF 2.0, appendix C.5: Hermite splines."""
        p0, m0, p1, m1 = self.value[k, 1], step * self.value[k, 2], self.value[after, 1], step * self.value[after, 0]
        t2, t3 = t * t, t * t * t
        return (2 * t3 - 3 * t2 + 1) * p0 + (t3 - 2 * t2 + t) * m0 + (3 * t2 - 2 * t3) * p1 + (t3 - t2) * m1


def read_gltf(path: Path, origin_m: tuple[float, float] | None) -> Track:
    """Read the track of a file's camera: the first that moves, else the first.

    Raises NoclipError: a file that is none, without a camera, or whose keys cannot be read.
    """
    try:
        return _Reader(path).track(origin_m)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, struct.error):
        raise NoclipError(f"{path}: the camera's nodes or keys are damaged") from None


class _Reader:
    """One file: its tree, its buffers, and the parent of each node."""

    def __init__(self, path: Path) -> None:
        self._path, self._tree = path, read_tree(path)
        nodes = self._tree.get("nodes", [])
        self._parent = {child: k for k, node in enumerate(nodes) for child in node.get("children", ())}
        self._curves = self._read_curves()

    def track(self, origin_m: tuple[float, float] | None) -> Track:
        """The camera's track."""
        node = self._camera()
        camera = self._tree["nodes"][node]["camera"]
        line = self._line(node)
        now = self._times(line, camera)
        place, turn = self._placed(line, now)
        offset = self._offset() if origin_m is None else np.array([*origin_m, 0.0])
        position = place @ Y_UP + offset
        from scipy.spatial.transform import Rotation

        quaternion = Rotation.from_matrix(Y_UP.T @ turn).as_quat()
        fov = self._fov(camera, now)
        return Track(
            time_s=tuple(now.tolist()),
            position=tuple((x, y, z) for x, y, z in position.tolist()),
            rotation=tuple((x, y, z, w) for x, y, z, w in quaternion.tolist()),
            fov=tuple(fov.tolist()),
            upright=True,
        )

    def _camera(self) -> int:
        """The node of the first camera that moves, else of the first; of those that see in perspective."""
        cameras, nodes = self._tree.get("cameras", []), self._tree.get("nodes", [])
        found = [k for k, node in enumerate(nodes) if "camera" in node and "perspective" in cameras[node["camera"]]]
        if not found:
            raise NoclipError(f"{self._path}: there is no camera in this file")
        moving = {name for name, path in self._curves if path != "yfov"}
        return next((k for k in found if moving & set(self._line(k))), found[0])

    def _line(self, node: int) -> list[int]:
        """A node and its parents, from the root down."""
        line = [node]
        while line[0] in self._parent:
            line.insert(0, self._parent[line[0]])
            if len(line) > DEEPEST:
                raise NoclipError(f"{self._path}: the camera's node has too many parents")
        return line

    def _times(self, line: list[int], camera: int) -> NDArray[np.float64]:
        """The keys of one node that is moved evenly; else every field of the time that keys take."""
        curves = {key: curve for key, curve in self._curves.items() if key[0] in line or key == (camera, "yfov")}
        if not curves:
            return np.zeros(1)
        keys = np.unique(np.concatenate([curve.time for curve in curves.values()]))
        plain = len({key[0] for key in curves if key[1] != "yfov"}) <= 1
        if plain and all(curve.way == "LINEAR" for curve in curves.values()):
            return keys
        count = int(np.ceil((keys[-1] - keys[0]) / FIELD_S - 1e-6)) + 1
        if count > MOST_KEYS:
            raise NoclipError(f"{self._path}: the animation lasts {keys[-1] - keys[0]:.0f} s; no camera is so long")
        return keys[0] + FIELD_S * np.arange(count)

    def _placed(self, line: list[int], now: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Place (N, 3) and axes (N, 3, 3) of the last node of a line at some times, in the file's axes."""
        whole = np.broadcast_to(np.eye(4), (len(now), 4, 4))
        for node in line:
            whole = whole @ self._local(node, now)
        axes = whole[:, :3, :3]
        return whole[:, :3, 3], axes / np.maximum(np.linalg.norm(axes, axis=1, keepdims=True), 1e-30)

    def _local(self, node: int, now: NDArray[np.float64]) -> NDArray[np.float64]:
        """What a node does to its children (N, 4, 4) at some times."""
        told = self._tree["nodes"][node]
        if "matrix" in told:
            return np.broadcast_to(np.array(told["matrix"], float).reshape(4, 4).T, (len(now), 4, 4))
        value = {}
        for name, rest in REST.items():
            curve = self._curves.get((node, name))
            fixed = np.broadcast_to(np.array(told.get(name, rest), float), (len(now), len(rest)))
            value[name] = fixed if curve is None else curve.at(now, name == "rotation")
        from scipy.spatial.transform import Rotation

        out = np.zeros((len(now), 4, 4))
        out[:, :3, :3] = Rotation.from_quat(value["rotation"]).as_matrix() * value["scale"][:, None, :]
        out[:, :3, 3], out[:, 3, 3] = value["translation"], 1.0
        return out

    def _fov(self, camera: int, now: NDArray[np.float64]) -> NDArray[np.float64]:
        """Field of view (N,) from top to bottom, radians."""
        curve = self._curves.get((camera, "yfov"))
        if curve is not None:
            return curve.at(now, False)[:, 0]
        return np.full(len(now), float(self._tree["cameras"][camera]["perspective"]["yfov"]))

    def _offset(self) -> NDArray[np.float64]:
        """Where the file's origin lies in the world, metres, as noclip's own files say; else at the world's."""
        for scene in self._tree.get("scenes", []):
            told = scene.get("extras")
            if isinstance(told, dict) and "world_offset_m" in told:
                return np.array([float(c) for c in told["world_offset_m"]]).reshape(3)
        return np.zeros(3)

    def _read_curves(self) -> dict[tuple[int, str], _Curve]:
        """Every channel of the first animation that moves a node, by node and path; (camera, "yfov") for a zoom."""
        curves: dict[tuple[int, str], _Curve] = {}
        for animation in self._tree.get("animations", []):
            for channel in animation["channels"]:
                key = self._key(channel["target"])
                if key is None or key in curves:
                    continue
                sampler = animation["samplers"][channel["sampler"]]
                time, value = self._array(sampler["input"]).reshape(-1), self._array(sampler["output"])
                if not len(time) or len(time) > MOST_KEYS or (np.diff(time) <= 0).any():
                    raise NoclipError(f"{self._path}: an animation has no keys, or their times do not rise")
                curves[key] = _Curve(time, value, sampler.get("interpolation", "LINEAR"))
        return curves

    def _key(self, target: dict[str, Any]) -> tuple[int, str] | None:
        if target["path"] in REST and "node" in target:
            return int(target["node"]), str(target["path"])
        pointer = target.get("extensions", {}).get("KHR_animation_pointer", {}).get("pointer", "")
        for camera in range(len(self._tree.get("cameras", []))):
            if pointer == POINTER.format(camera):
                return camera, "yfov"
        return None

    def _array(self, index: int) -> NDArray[np.float64]:
        """An accessor's values (N, width); integers are shares of their greatest."""
        told = self._tree["accessors"][index]
        if "sparse" in told or "bufferView" not in told:
            raise NoclipError(f"{self._path}: the camera's keys are sparse; export them whole")
        view = self._tree["bufferViews"][told["bufferView"]]
        if "EXT_meshopt_compression" in view.get("extensions", {}):
            raise NoclipError(f"{self._path}: the camera's keys are compressed; export them without compression")
        kind, width = np.dtype(COMPONENTS[told["componentType"]]), WIDTH[told["type"]]
        data = self._buffer(view["buffer"])
        first = view.get("byteOffset", 0) + told.get("byteOffset", 0)
        step = view.get("byteStride") or kind.itemsize * width
        if first < 0 or first + step * (told["count"] - 1) + kind.itemsize * width > len(data):
            raise NoclipError(f"{self._path}: the file is cut off within the camera's keys")
        rows = np.ndarray((told["count"], width), kind.newbyteorder("<"), data, first, (step, kind.itemsize))
        values = rows.astype(np.float64)
        most = 1.0 if kind.kind == "f" else 2.0 ** (8 * kind.itemsize - (kind.kind == "i")) - 1.0
        return values if kind.kind == "f" else np.maximum(values / most, -1.0)

    def _buffer(self, index: int) -> bytes:
        """The bytes of a buffer: the file's own, another file's, or written out in the tree."""
        uri = self._tree["buffers"][index].get("uri")
        try:
            if uri is None:
                data = self._path.read_bytes()
                first = 20 + struct.unpack_from("<I", data, 12)[0]
                return data[first + 8 : first + 8 + struct.unpack_from("<I", data, first)[0]]
            if uri.startswith("data:"):
                return base64.b64decode(uri.partition(",")[2])
            return (self._path.parent / uri).read_bytes()
        except OSError as error:
            raise NoclipError(f"{self._path}: its buffer {uri!r} cannot be read: {error.strerror}") from None
