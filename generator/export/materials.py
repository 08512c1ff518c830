"""glTF materials of all profiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..colour import LUMENS_PER_WATT
from ..surface.material import Material
from .baked_colours import BasePicture, albedo_seen, base_picture, coded, over, whole_below_white
from .gltf import CLAMP, Asset
from .region import Chunk, chunk_name
from .textures import EncodedImage, Textured, jpeg, srgb_codes, textured
from .tone_curve import ToneCurve

HEADROOM = 1.1
"""Base pictures of the set are this much too bright, so that COLOR_0, which cannot exceed 1, can brighten a little."""
DIELECTRIC = 0.04
"""Reflectance head on for which glTF's specularFactor is 1. Source: KHR_materials_specular."""
NONE = np.zeros((0, 3))


@dataclass(frozen=True)
class LightPicture:
    """A chunk's map on TEXCOORD_1: ``white``, the irradiance / pi that it shows white."""

    chunk: Chunk
    picture: EncodedImage
    white: float


class MaterialTable:
    """The materials of one document, made when first asked for.

    ``tone``: where the light is baked, how the camera shows it; then materials are unlit, and base picture times
    COLOR_0 is what an sRGB viewer must show. Else they are PBR. ``needed`` (2 M, 3): how bright baked pictures must be
    in the mean, those of materials, then those of lit lenses. ``glow`` (M, 3): brightest radiance of lenses.
    """

    def __init__(
        self,
        asset: Asset,
        materials: tuple[Material, ...],
        tone: ToneCurve | None,
        needed: NDArray[np.float64] = NONE,
        glow: NDArray[np.float64] = NONE,
    ) -> None:
        self._asset, self._materials, self._tone, self._needed, self._glow = asset, materials, tone, needed, glow
        self._baked = tone is not None
        self._bases: dict[int, BasePicture] = {}
        self._pictures: dict[int, Textured] = {}
        self._made: dict[tuple, int] = {}
        self._extension = "KHR_materials_unlit" if self._baked else "KHR_materials_specular"

    def corners(self, material: NDArray[np.int64], value: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, 3) COLOR_0 over the pictures of ``material`` (N,), plus M for lit lenses; none above 1. value (N, 3):
        wear, or where baked what shall be shown."""
        if not self._baked:
            return np.asarray(whole_below_white(value / np.float32(HEADROOM)), np.float32)
        middle = np.ones((2 * len(self._materials), 3), np.float32)
        for k in np.unique(material):
            middle[k] = self._base(int(k)).middle
        return over(value, middle[material])

    def size_m(self, k: int) -> NDArray[np.float64]:
        """Width and height of a material's period."""
        return np.array(self._materials[k].size_m)

    def glows(self, k: int) -> bool:
        """Whether a material is a lens."""
        return bool(self._materials[k].emission.size)

    def bumpy(self, k: int) -> bool:
        """Whether a material has a normal map, and so needs tangents."""
        return not self._baked and self._textured(k).normal is not None

    def of_surface(self, k: int, light: LightPicture | None = None) -> int:
        """The material of what does not glow: COLOR_0 carries wear, and light where baked; ``light`` a chunk's map."""
        key = ("surface", k, light and light.chunk)
        return self._cached(key, lambda: self._under(self._surface(k, 1.0), light))

    def of_lens(self, k: int, radiance: NDArray[np.float64] = NONE) -> int:
        """The material of a lens lit by ``radiance`` (3,); where baked COLOR_0 carries that."""
        if self._baked:
            return self._cached(("lens", k), lambda: self._bright_lens(k))
        return self._cached(("lens", k, tuple(np.round(radiance, 4))), lambda: self._lens(k, radiance))

    def of_stains(self, picture: EncodedImage, light: LightPicture | None = None) -> int:
        """The masked material of all stains, those of a chunk where its map lights them."""
        pbr = {"baseColorTexture": {"index": self._asset.texture(picture, CLAMP)}, "metallicFactor": 0.0}
        material = {"name": "stains", "alphaMode": "MASK", "alphaCutoff": 0.5}
        made = material | self._finish(pbr | {"roughnessFactor": 0.9}, 0.0)
        return self._cached(("stains", light and light.chunk), lambda: self._under(made, light))

    def _under(self, material: dict[str, Any], light: LightPicture | None) -> dict[str, Any]:
        """A material, or where there is a map a chunk's own, lit by it.

        intensity: in lux, pi times what the map shows white, so that a viewer which divides by pi gets luminance.
        Source: MOZ_lightmap of Mozilla's glTF extensions; three.js, where lightMapIntensity means the same.
        """
        if light is None:
            return material
        texture = self._asset.texture(light.picture, CLAMP, shrinks=False)
        told = {"index": texture, "texCoord": 1, "intensity": float(np.pi * LUMENS_PER_WATT * light.white)}
        self._asset.uses("MOZ_lightmap")
        return material | {
            "name": f"{material['name']}_{chunk_name(light.chunk)}",
            "extensions": material["extensions"] | {"MOZ_lightmap": told},
            "extras": material.get("extras", {}) | {"lightmap": light.picture.name, "lightmap_white": light.white},
        }

    def _cached(self, key: tuple, make) -> int:
        if key not in self._made:
            self._made[key] = self._asset.add("materials", make())
        return self._made[key]

    def _base(self, k: int) -> BasePicture:
        """The base picture of a material where baked, or of a lit lens, numbered after those."""
        if k not in self._bases:
            assert self._tone is not None
            count = len(self._materials)
            if k < count:
                made = base_picture(albedo_seen(self._materials[k]), self._tone.contrast, self._needed[k])
            else:
                bright = self._tone.shown(self._materials[k - count].emission * self._glow[k - count])
                made = coded(whole_below_white(bright.astype(np.float32)))
            self._bases[k] = made
        return self._bases[k]

    def _textured(self, k: int) -> Textured:
        if k not in self._pictures:
            material = self._materials[k]
            codes = self._base(k).codes if self._baked else srgb_codes(material.albedo, HEADROOM)
            self._pictures[k] = textured(material, codes, not self._baked)
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
                scale = {} if pictures.relief == 1.0 else {"scale": pictures.relief}
                out["normalTexture"] = {"index": self._asset.texture(pictures.normal)} | scale
        return out | self._finish(pbr, material.specular)

    def _finish(self, pbr: dict[str, Any], specular: float) -> dict[str, Any]:
        self._asset.uses(self._extension)
        value = {} if self._baked else {"specularFactor": float(np.clip(specular / DIELECTRIC, 0.0, 1.0))}
        return {"pbrMetallicRoughness": pbr, "extensions": {self._extension: value}}

    def _lens(self, k: int, radiance: NDArray[np.float64]) -> dict[str, Any]:
        """A lit lens of the set, whose emission is in cd/m².

        Source: glTF 2.0, section 3.9.3, which KHR_materials_emissive_strength multiplies.
        """
        out, pictures = self._surface(k, 1.0 / HEADROOM), self._textured(k)
        assert pictures.glow is not None
        self._asset.uses("KHR_materials_emissive_strength")
        top = float(radiance.max())
        out["name"] += "_lit"
        out["emissiveTexture"] = {"index": self._asset.texture(pictures.glow)}
        out["emissiveFactor"] = [float(x) for x in radiance / top]
        out["extensions"]["KHR_materials_emissive_strength"] = {
            "emissiveStrength": LUMENS_PER_WATT * top * pictures.peak
        }
        return out

    def _bright_lens(self, k: int) -> dict[str, Any]:
        """A lit lens as the camera shows it, up to COLOR_0."""
        name = f"{self._materials[k].name}_lit"
        picture = jpeg(name.replace("/", "_"), self._base(k + len(self._materials)).codes)
        pbr = {"baseColorTexture": {"index": self._asset.texture(picture)}, "metallicFactor": 0.0}
        return {"name": name} | self._finish(pbr | {"roughnessFactor": 1.0}, 0.0)
