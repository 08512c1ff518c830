"""Universal Scene Description: a lit set as ``.usda``, ``.usdc`` or ``.usdz``, made from its glTF document.

Metres and Z up, as in this package. Sources: OpenUSD's UsdGeom, UsdShade ("UsdPreviewSurface specification"), UsdLux
and UsdPhysics schemas; what UsdUtils.ComplianceChecker asks for.
"""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..colour import LUMENS_PER_WATT
from ..errors import NoclipError
from ..files import whole, write_whole
from .cameras import Y_UP
from .fixtures import emitters_of
from .gltf import Asset, check_beside
from .usd_materials import usd_materials

HOW = "a .usd file is written with OpenUSD: pip install usd-core (the extra 'usd' of this package)"
FILM_FPS = 30000.0 / 1001.0
SOFT = 0.7
"""Share of a bell's cone over which its light fades: about as 1 - tan(a) / tan(spread / 2) does."""
LENS_GAP_M = 0.002
"""A light hangs this far under the lens it stands for, or over that of a fixture on its back."""
BULB_M = 0.02
"""Radius of the sphere that stands for a lamp that the file has as a point."""
APERTURE_MM = 36.0
SOLID = {"Walls": "none", "Floor": "none", "Ceiling": "none", "Props": "convexHull"}
"""How bodies collide with what hangs under each node: with its triangles, or with its hull."""


def check_usd() -> None:
    """Raise NoclipError, saying how to get it, where OpenUSD is not installed."""
    if importlib.util.find_spec("pxr") is None:
        raise NoclipError(HOW)


def save_usd(asset: Asset, path: Path) -> int:
    """Write a document of the lit set as one .usdz, or as a layer with its pictures beside it; the bytes written.

    The layer comes last, so that it never refers to what is not there. Raises NoclipError: OpenUSD is missing, a file
    beside it is another's, or it cannot be written.
    """
    check_usd()
    from pxr import UsdUtils

    pictures = asset.pictures()
    if path.suffix.lower() == ".usdz":
        with tempfile.TemporaryDirectory() as folder, whole(path) as part:
            names = [f"{picture.name}{picture.ending}" for picture in pictures]
            for name, picture in zip(names, pictures, strict=True):
                (Path(folder) / name).write_bytes(picture.data)
            layer, packed = Path(folder) / "set.usdc", Path(folder) / "set.usdz"
            _Stage(asset, layer, names).save()
            if not UsdUtils.CreateNewUsdzPackage(str(layer), str(packed)):
                raise NoclipError(f"{path}: OpenUSD could not pack it")
            part.write_bytes(packed.read_bytes())
        return path.stat().st_size
    names = [f"{path.stem}_{picture.name}{picture.ending}" for picture in pictures]
    check_beside(path, [path.with_name(name) for name in names])
    for name, picture in zip(names, pictures, strict=True):
        write_whole(path.with_name(name), picture.data)
    with tempfile.TemporaryDirectory() as folder, whole(path) as part:
        layer = Path(folder) / f"set{path.suffix.lower()}"
        _Stage(asset, layer, names).save()
        part.write_bytes(layer.read_bytes())
    return path.stat().st_size + sum(len(picture.data) for picture in pictures)


def turned_back(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """A transform (4, 4) of glTF's axes in ours."""
    frame = np.eye(4)
    frame[:3, :3] = Y_UP
    return np.asarray(frame.T @ matrix @ frame)


def node_matrix(node: dict[str, Any]) -> NDArray[np.float64]:
    """The transform (4, 4) of a glTF node. Source: glTF 2.0, section 3.5.3."""
    from scipy.spatial.transform import Rotation

    if "matrix" in node:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    out = np.eye(4)
    out[:3, :3] = Rotation.from_quat(node.get("rotation", [0, 0, 0, 1])).as_matrix() * node.get("scale", [1, 1, 1])
    out[:3, 3] = node.get("translation", [0, 0, 0])
    return out


class _Stage:
    """One stage under way."""

    def __init__(self, asset: Asset, path: Path, pictures: list[str]) -> None:
        from pxr import Sdf, Tf, Usd, UsdGeom, UsdPhysics, UsdShade

        self.sdf, self.geom, self.physics, self.shade, self.tf = Sdf, UsdGeom, UsdPhysics, UsdShade, Tf
        self._asset, self._tree = asset, asset.tree
        self._binary = asset.binary()
        self._stage = Usd.Stage.CreateNew(str(path))
        UsdGeom.SetStageUpAxis(self._stage, UsdGeom.Tokens.z)
        UsdGeom.SetStageMetersPerUnit(self._stage, 1.0)
        UsdPhysics.SetStageKilogramsPerUnit(self._stage, 1.0)
        self._stage.SetTimeCodesPerSecond(FILM_FPS)
        self._stage.SetFramesPerSecond(FILM_FPS)
        root = UsdGeom.Xform.Define(self._stage, "/World").GetPrim()
        self._stage.SetDefaultPrim(root)
        root.SetMetadata("kind", "assembly")
        self._materials = usd_materials(self._stage, self._tree, pictures)
        nodes = self._tree["nodes"]
        self._shared: dict[int, str] = {}
        self._uses = np.bincount([node["mesh"] for node in nodes if "mesh" in node], minlength=1)

    def save(self) -> None:
        """Write every node, and the layer."""
        scene = self._tree["scenes"][self._tree["scene"]]
        gravity = self.physics.Scene.Define(self._stage, "/World/PhysicsScene")
        gravity.CreateGravityDirectionAttr((0.0, 0.0, -1.0))
        gravity.CreateGravityMagnitudeAttr(9.81)
        for node in scene["nodes"]:
            self._node(node, "/World", "")
        extras = scene.get("extras", {})
        said = {key: extras[key] for key in ("seed", "version", "exposure") if key in extras}
        self._stage.GetRootLayer().customLayerData = {"noclip": said}
        self._stage.GetRootLayer().Save()

    def _name(self, parent: str, name: str) -> str:
        """A path under a parent that nothing has yet."""
        base = path = f"{parent}/{self.tf.MakeValidIdentifier(name)}"
        count = 1
        while self._stage.GetPrimAtPath(path):
            count += 1
            path = f"{base}_{count}"
        return path

    def _node(self, index: int, parent: str, group: str) -> None:
        node = self._tree["nodes"][index]
        path = self._name(parent, node["name"])
        if "camera" in node:
            self._camera(index, node, path)
        elif "mesh" in node:
            self._mesh_node(node, path, group)
        elif "KHR_lights_punctual" in node.get("extensions", {}):
            self._bulb(node, path)
        else:
            self._placed(self.geom.Xform.Define(self._stage, path), turned_back(node_matrix(node)))
        if node.get("extras", {}).get("watts", 0.0) > 0.0:
            self._panels(node["extras"], f"{path}_light", turned_back(node_matrix(node)))
        for child in node.get("children", []):
            self._node(child, path, node["name"] if parent == "/World" else group)

    def _placed(self, prim: Any, matrix: NDArray[np.float64]) -> None:
        from pxr import Gf

        if not np.allclose(matrix, np.eye(4)):
            prim.AddTransformOp().Set(Gf.Matrix4d(matrix.T.tolist()))

    def _mesh_node(self, node: dict[str, Any], path: str, group: str) -> None:
        """A mesh of its own, or an instance of one that several nodes share."""
        prim = self.geom.Xform.Define(self._stage, path)
        self._placed(prim, turned_back(node_matrix(node)))
        mesh = node["mesh"]
        if self._uses[mesh] == 1:
            self._primitives(mesh, path, group)
            return
        if mesh not in self._shared:
            self._shared[mesh] = self._name("/Prototypes", self._tree["meshes"][mesh]["name"])
            self._stage.CreateClassPrim("/Prototypes")
            self.geom.Xform.Define(self._stage, self._shared[mesh])
            self._primitives(mesh, self._shared[mesh], group)
        prim.GetPrim().GetReferences().AddInternalReference(self._shared[mesh])
        prim.GetPrim().SetInstanceable(True)

    def _primitives(self, mesh: int, path: str, group: str) -> None:
        for k, primitive in enumerate(self._tree["meshes"][mesh]["primitives"]):
            self._primitive(primitive, f"{path}/part_{k}", group)

    def _primitive(self, primitive: dict[str, Any], path: str, group: str) -> None:
        """One mesh with its material, and what bodies collide with."""
        from pxr import Vt

        shape = self.geom.Mesh.Define(self._stage, path)
        held = {name: self._values(index) for name, index in primitive["attributes"].items()}
        place = (held["POSITION"] @ Y_UP).astype(np.float32)
        index = self._values(primitive["indices"]).reshape(-1).astype(np.int32)
        shape.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(place))
        shape.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(index))
        shape.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(index) // 3, 3, np.int32)))
        shape.CreateSubdivisionSchemeAttr(self.geom.Tokens.none)
        shape.CreateExtentAttr([tuple(map(float, end)) for end in (place.min(axis=0), place.max(axis=0))])
        if "NORMAL" in held:
            shape.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy((held["NORMAL"] @ Y_UP).astype(np.float32)))
            shape.SetNormalsInterpolation(self.geom.Tokens.vertex)
        api, types = self.geom.PrimvarsAPI(shape), self.sdf.ValueTypeNames
        for name, key in (("st", "TEXCOORD_0"), ("st1", "TEXCOORD_1")):
            if key in held:
                st = (held[key] * [1.0, -1.0] + [0.0, 1.0]).astype(np.float32)
                api.CreatePrimvar(name, types.TexCoord2fArray, self.geom.Tokens.vertex).Set(Vt.Vec2fArray.FromNumpy(st))
        if "COLOR_0" in held:
            colour = api.CreatePrimvar("displayColor", types.Color3fArray, self.geom.Tokens.vertex)
            colour.Set(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(held["COLOR_0"][:, :3], np.float32)))
        if "material" in primitive:
            self.shade.MaterialBindingAPI.Apply(shape.GetPrim()).Bind(self._materials[primitive["material"]])
        if group in SOLID and not self._masked(primitive):
            self.physics.CollisionAPI.Apply(shape.GetPrim())
            solid = self.physics.MeshCollisionAPI.Apply(shape.GetPrim())
            solid.CreateApproximationAttr(SOLID[group])

    def _masked(self, primitive: dict[str, Any]) -> bool:
        """Whether it is a stain, which nobody bumps into."""
        return "alphaMode" in self._tree["materials"][primitive.get("material", 0)]

    def _values(self, index: int) -> NDArray:
        return self._asset.decoded(index, self._binary)

    def _panels(self, extras: dict[str, Any], path: str, matrix: NDArray[np.float64]) -> None:
        """The rectangles of light of a fixture; intensity is luminance in cd/m2. They shine along their own -Z."""
        from pxr import Gf, UsdLux

        radiance = np.array(extras["radiance"])
        hung = emitters_of(extras)
        for k, emitter in enumerate(hung):
            name = path.rpartition("/")[2] + (f"_{k}" if len(hung) > 1 else "")
            light = UsdLux.RectLight.Define(self._stage, self._name(path.rpartition("/")[0], name))
            wide, deep = emitter["area_m"]
            light.CreateWidthAttr(wide)
            light.CreateHeightAttr(deep)
            spread = np.radians(emitter.get("spread_deg", 180.0)) / 2.0
            let_out = 1.0 - spread / np.tan(spread)
            light.CreateIntensityAttr(float(LUMENS_PER_WATT * radiance.max() / let_out))
            light.CreateColorAttr(Gf.Vec3f(*map(float, radiance / radiance.max())))
            if "spread_deg" in emitter:
                cone = UsdLux.ShapingAPI.Apply(light.GetPrim())
                cone.CreateShapingConeAngleAttr(float(np.degrees(spread)))
                cone.CreateShapingConeSoftnessAttr(SOFT)
            out, along = np.array(emitter["normal"]), np.array(emitter["along"])
            hang = np.eye(4)
            hang[:3, :3] = np.column_stack([along, np.cross(-out, along), -out])
            hang[:3, 3] = np.array(emitter["place_m"]) + LENS_GAP_M * out
            self._placed(light, matrix @ hang)

    def _bulb(self, node: dict[str, Any], path: str) -> None:
        """A lamp that the file has as a point or spot in candela, as a small sphere of the same."""
        from pxr import Gf, UsdLux

        lamp = self._tree["extensions"]["KHR_lights_punctual"]["lights"][
            node["extensions"]["KHR_lights_punctual"]["light"]
        ]
        light = UsdLux.SphereLight.Define(self._stage, path)
        light.CreateRadiusAttr(BULB_M)
        light.CreateTreatAsPointAttr(True)
        light.CreateIntensityAttr(float(lamp["intensity"] / (np.pi * BULB_M**2)))
        light.CreateColorAttr(Gf.Vec3f(*lamp["color"]))
        if lamp["type"] == "spot":
            cone = UsdLux.ShapingAPI.Apply(light.GetPrim())
            cone.CreateShapingConeAngleAttr(float(np.degrees(lamp["spot"]["outerConeAngle"])))
            cone.CreateShapingConeSoftnessAttr(1.0)
        self._placed(light, node_matrix(node))

    def _camera(self, index: int, node: dict[str, Any], path: str) -> None:
        """A camera, with its path where it moves. It looks along its own -Z, as in glTF."""
        lens = self._tree["cameras"][node["camera"]]["perspective"]
        prim = self.geom.Camera.Define(self._stage, path)
        tall = APERTURE_MM / lens["aspectRatio"]
        prim.CreateHorizontalApertureAttr(APERTURE_MM)
        prim.CreateVerticalApertureAttr(tall)
        prim.CreateFocalLengthAttr(float(tall / 2.0 / np.tan(lens["yfov"] / 2.0)))
        prim.CreateClippingRangeAttr((lens["znear"], lens["zfar"]))
        from pxr import Gf

        frame = np.eye(4)
        frame[:3, :3] = Y_UP.T
        keys = self._keys(index)
        place = prim.AddTransformOp()
        place.Set(Gf.Matrix4d((frame @ node_matrix(node)).T.tolist()))
        for time, pose in keys:
            place.Set(Gf.Matrix4d((frame @ node_matrix(pose)).T.tolist()), time)
        if keys:
            self._stage.SetStartTimeCode(keys[0][0])
            self._stage.SetEndTimeCode(keys[-1][0])

    def _keys(self, index: int) -> list[tuple[float, dict[str, Any]]]:
        """Frames and poses of an animated node."""
        for animation in self._tree.get("animations", []):
            own = [c for c in animation["channels"] if c["target"].get("node") == index]
            if own:
                rows = {c["target"]["path"]: animation["samplers"][c["sampler"]] for c in own}
                time = self._values(rows["translation"]["input"]).reshape(-1) * FILM_FPS
                values = {path: self._values(row["output"]).tolist() for path, row in rows.items()}
                return [(round(float(t), 4), {p: v[k] for p, v in values.items()}) for k, t in enumerate(time)]
        return []
