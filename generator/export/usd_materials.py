"""glTF materials as UsdPreviewSurface, the one shading network that every reader of USD knows.

A preview surface cannot multiply a picture by colours at corners: wear comes along as ``displayColor`` alone. A lens
does not glow: the rectangle of light before it does, else the place would be lit twice.
"""

from __future__ import annotations

from typing import Any

WRAP = {10497: "repeat", 33071: "clamp"}


def usd_materials(stage: Any, tree: dict[str, Any], pictures: list[str]) -> list[Any]:
    """Define the materials of a glTF tree on a stage; ``pictures``: the file of each of its images."""
    from pxr import Tf, UsdGeom, UsdShade

    UsdGeom.Scope.Define(stage, "/World/Materials")
    out, seen = [], set()
    for k, material in enumerate(tree.get("materials", [])):
        name = Tf.MakeValidIdentifier(material["name"])
        name = f"{name}_{k}" if name in seen else name
        seen.add(name)
        made = UsdShade.Material.Define(stage, f"/World/Materials/{name}")
        _Network(stage, made, tree, pictures).surface(material)
        out.append(made)
    return out


class _Network:
    """The shaders of one material."""

    def __init__(self, stage: Any, material: Any, tree: dict[str, Any], pictures: list[str]) -> None:
        from pxr import Sdf, UsdShade

        self._stage, self._material, self._tree, self._pictures = stage, material, tree, pictures
        self._types, self._shade = Sdf.ValueTypeNames, UsdShade
        self._path = material.GetPath()
        self._reader: Any = None

    def surface(self, source: dict[str, Any]) -> None:
        """Base colour, roughness, metal, normal, and the mask where there is one."""
        surface = self._shader("surface", "UsdPreviewSurface")
        self._material.CreateSurfaceOutput().ConnectToSource(surface.ConnectableAPI(), "surface")
        pbr, types = source["pbrMetallicRoughness"], self._types
        factor = (*pbr.get("baseColorFactor", [1.0] * 4)[:3], 1.0)
        base = (
            self._texture("base", pbr["baseColorTexture"]["index"], "sRGB", factor)
            if "baseColorTexture" in pbr
            else None
        )
        colour = surface.CreateInput("diffuseColor", types.Color3f)
        if base is not None:
            colour.ConnectToSource(base.ConnectableAPI(), "rgb")
        else:
            colour.Set(factor[:3])
        surface.CreateInput("metallic", types.Float).Set(float(pbr.get("metallicFactor", 1.0)))
        rough = surface.CreateInput("roughness", types.Float)
        if "metallicRoughnessTexture" in pbr:
            picture = self._texture("rough", pbr["metallicRoughnessTexture"]["index"], "raw")
            rough.ConnectToSource(picture.ConnectableAPI(), "g")
        else:
            rough.Set(float(pbr.get("roughnessFactor", 1.0)))
        if "normalTexture" in source:
            shift = {"scale": (2.0, 2.0, 2.0, 1.0), "bias": (-1.0, -1.0, -1.0, 0.0)}
            picture = self._texture("normal", source["normalTexture"]["index"], "raw", **shift)
            surface.CreateInput("normal", types.Normal3f).ConnectToSource(picture.ConnectableAPI(), "rgb")
        if source.get("alphaMode") == "MASK" and base is not None:
            surface.CreateInput("opacity", types.Float).ConnectToSource(base.ConnectableAPI(), "a")
            surface.CreateInput("opacityThreshold", types.Float).Set(float(source["alphaCutoff"]))
        specular = source.get("extensions", {}).get("KHR_materials_specular", {}).get("specularFactor", 1.0)
        surface.CreateInput("ior", types.Float).Set(_ior(0.04 * float(specular)))

    def _shader(self, name: str, kind: str) -> Any:
        shader = self._shade.Shader.Define(self._stage, self._path.AppendChild(name))
        shader.CreateIdAttr(kind)
        return shader

    def _texture(self, name: str, index: int, space: str, scale=(1.0, 1.0, 1.0, 1.0), bias=(0.0, 0.0, 0.0, 0.0)) -> Any:
        """A picture read at ``st``."""
        if self._reader is None:
            self._reader = self._shader("st", "UsdPrimvarReader_float2")
            self._reader.CreateInput("varname", self._types.String).Set("st")
            self._reader.CreateOutput("result", self._types.Float2)
        texture, types = self._tree["textures"][index], self._types
        shader = self._shader(name, "UsdUVTexture")
        shader.CreateInput("file", types.Asset).Set(f"./{self._pictures[texture['source']]}")
        shader.CreateInput("st", types.Float2).ConnectToSource(self._reader.ConnectableAPI(), "result")
        shader.CreateInput("sourceColorSpace", types.Token).Set(space)
        shader.CreateInput("scale", types.Float4).Set(scale)
        shader.CreateInput("bias", types.Float4).Set(bias)
        sampler = self._tree["samplers"][texture["sampler"]]
        for axis in "ST":
            shader.CreateInput(f"wrap{axis}", types.Token).Set(WRAP[sampler[f"wrap{axis}"]])
        for output, kind in (("rgb", types.Float3), ("g", types.Float), ("a", types.Float)):
            shader.CreateOutput(output, kind)
        return shader


def _ior(reflectance: float) -> float:
    """The index of refraction whose reflectance head on is so much (Fresnel)."""
    root = reflectance**0.5
    return (1.0 + root) / (1.0 - root)
