"""glTF materials of both profiles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..surface.material import Material
from .gltf import CLAMP, Asset
from .textures import STEPS, EncodedImage, Textured, jpeg, textured, through_table
from .tone_curve import ToneCurve

HEADROOM = 1.1
"""Base pictures of the set are this much too bright, so that COLOR_0, which cannot exceed 1, can brighten a little."""
BRIGHT = 98.0
"""Percentile of a baked base picture's values that becomes white: the rest of the range is left to COLOR_0."""
SPARSE = 4
"""Every so many texels each way tell a picture's percentiles."""


def white_at(values: NDArray[np.float32], power: float) -> NDArray[np.float64]:
    """(3,) factors that bring values (N, 3), to a power, up to white but for the brightest few."""
    top = np.percentile(values, BRIGHT, axis=0) if len(values) else np.ones(3)
    return 1.0 / np.maximum(top, 1e-3) ** power


DIELECTRIC = 0.04
"""Reflectance head on for which glTF's specularFactor is 1. Source: KHR_materials_specular."""


class MaterialTable:
    """The materials of one document, made when first asked for.

    albedo (M, 3): mean of each material. ``tone``: where the light is baked, how the camera shows it; then materials
    are unlit, and base picture times COLOR_0 is what an sRGB viewer must show. Else they are PBR.
    """

    def __init__(
        self, asset: Asset, materials: tuple[Material, ...], albedo: NDArray[np.float64], tone: ToneCurve | None
    ) -> None:
        self._asset, self._materials, self._albedo, self._tone = asset, materials, albedo, tone
        self._baked = tone is not None
        self._power = 1.0 if tone is None else tone.contrast
        self._pictures: dict[int, Textured] = {}
        self._scales: dict[int, NDArray[np.float64]] = {}
        self._made: dict[tuple, int] = {}
        self._extension = "KHR_materials_unlit" if self._baked else "KHR_materials_specular"

    def corners(self, material: NDArray[np.int64], value: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, 3) COLOR_0 before clipping, over the pictures of ``material`` (N,). value (N, 3): wear, times light
        (irradiance / pi) where baked."""
        if self._tone is None:
            return value / np.float32(HEADROOM)
        mean, middle = self._albedo.astype(np.float32), np.ones((len(self._materials), 3), np.float32)
        for k in np.unique(material):
            middle[k] = self._scale(k) * self._albedo[k] ** self._power
        return self._tone.shown(value * mean[material]) / middle[material]

    def stain_scale(self, texture: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
        """(3,) and the power: what stains' colours (H, W, 4), with their mask last, are brought to their picture by."""
        if not self._baked:
            return np.ones(3), 1.0
        return white_at(texture[texture[..., 3] > 0.5][:, :3], self._power), self._power

    def _scale(self, k: int) -> NDArray[np.float64]:
        """(3,) what a material's albedo, to the contrast's power, is multiplied by in its base picture."""
        if not self._baked:
            return np.full(3, HEADROOM)
        if k not in self._scales:
            texels = self._materials[k].albedo[::SPARSE, ::SPARSE].reshape(-1, 3)
            self._scales[k] = white_at(texels, self._power)
        return self._scales[k]

    def size_m(self, k: int) -> NDArray[np.float64]:
        """Width and height of a material's period."""
        return np.array(self._materials[k].size_m)

    def glows(self, k: int) -> bool:
        """Whether a material is a lens."""
        return bool(self._materials[k].emission.size)

    def bumpy(self, k: int) -> bool:
        """Whether a material has a normal map, and so needs tangents."""
        return not self._baked and self._textured(k).normal is not None

    def of_building(self, k: int) -> int:
        """The material of walls, floors and ceilings: COLOR_0 carries wear, and light where baked."""
        return self._cached(("building", k), lambda: self._surface(k, 1.0))

    def of_instance(self, k: int, radiance: NDArray[np.float64]) -> int:
        """The material of fixtures and props, lit by ``radiance`` (3,) where it is a lens."""
        glows = self.glows(k) and bool(radiance.any())
        key = ("instance", k, tuple(np.round(radiance, 4)) if glows else None)
        if not glows:
            factor, name = 1.0 if self._baked else 1.0 / HEADROOM, f"{self._materials[k].name} fixture"
            return self._cached(key, lambda: self._surface(k, factor) | {"name": name})
        make = self._bright_lens if self._baked else self._lens
        return self._cached(key, lambda: make(k, radiance))

    def of_stains(self, picture: EncodedImage) -> int:
        """The masked material of all stains."""
        pbr = {"baseColorTexture": {"index": self._asset.texture(picture, CLAMP)}, "metallicFactor": 0.0}
        material = {"name": "stains", "alphaMode": "MASK", "alphaCutoff": 0.5}
        return self._cached(("stains",), lambda: material | self._finish(pbr | {"roughnessFactor": 0.9}, 0.0))

    def _cached(self, key: tuple, make) -> int:
        if key not in self._made:
            self._made[key] = self._asset.add("materials", make())
        return self._made[key]

    def _textured(self, k: int) -> Textured:
        if k not in self._pictures:
            self._pictures[k] = textured(self._materials[k], self._scale(k), self._power, not self._baked)
        return self._pictures[k]

    def _surface(self, k: int, factor: float) -> dict[str, Any]:
        """Base, normal and roughness of a material; no emission."""
        material, pictures = self._materials[k], self._textured(k)
        pbr: dict[str, Any] = {"baseColorTexture": {"index": self._asset.texture(pictures.base)}}
        if factor != 1.0:
            pbr["baseColorFactor"] = [factor, factor, factor, 1.0]
        pbr |= {"metallicFactor": float(material.metallic), "roughnessFactor": pictures.roughness}
        out: dict[str, Any] = {"name": material.name, "extras": {"size_m": [float(s) for s in material.size_m]}}
        if not self._baked:
            if pictures.rough:
                pbr["metallicRoughnessTexture"] = {"index": self._asset.texture(pictures.rough)}
            if pictures.normal:
                out["normalTexture"] = {"index": self._asset.texture(pictures.normal)}
        return out | self._finish(pbr, material.specular)

    def _finish(self, pbr: dict[str, Any], specular: float) -> dict[str, Any]:
        self._asset.uses(self._extension)
        value = {} if self._baked else {"specularFactor": float(np.clip(specular / DIELECTRIC, 0.0, 1.0))}
        return {"pbrMetallicRoughness": pbr, "extensions": {self._extension: value}}

    def _lens(self, k: int, radiance: NDArray[np.float64]) -> dict[str, Any]:
        """A lit lens of the set: emission is its radiance in W·sr⁻¹·m⁻²."""
        out, pictures = self._surface(k, 1.0 / HEADROOM), self._textured(k)
        assert pictures.glow is not None
        self._asset.uses("KHR_materials_emissive_strength")
        top = float(radiance.max())
        out["name"] += " lit"
        out["emissiveTexture"] = {"index": self._asset.texture(pictures.glow)}
        out["emissiveFactor"] = [float(x) for x in radiance / top]
        out["extensions"]["KHR_materials_emissive_strength"] = {"emissiveStrength": top * pictures.peak}
        return out

    def _bright_lens(self, k: int, radiance: NDArray[np.float64]) -> dict[str, Any]:
        """A lit lens as the camera shows it."""
        assert self._tone is not None
        material = self._materials[k]
        peak = float(material.emission.max())
        table = self._tone.code((STEPS[:, None] * peak * radiance).astype(np.float32))
        codes = through_table(material.emission / np.float32(peak), table)
        name = f"{material.name.replace('/', '_')}_lit_{sum(key[0] == 'instance' for key in self._made)}"
        pbr = {
            "baseColorTexture": {"index": self._asset.texture(jpeg(name, codes))},
            "metallicFactor": 0.0,
        }
        return {"name": f"{material.name} lit"} | self._finish(pbr | {"roughnessFactor": 1.0}, 0.0)
