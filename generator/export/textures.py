"""Materials as glTF sees them: JPEG and PNG pictures, and the factors beside them."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..surface.material import Material

ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
QUALITY = 90
"""JPEG quality of colour and roughness; normals get more, since errors tilt the light."""
NORMAL_QUALITY = 93
STEPS = np.arange(65536) / 65535.0
"""Values that tables of codes are made for."""
BLEED = 2
"""Texels beyond a mask's edge that keep their colour, since viewers mix neighbours."""
SLOPE = 0.15
"""Mean slope of a normal map at most: light that a steeper one turned away from would be lost, a third of it in a deep
pile, since nobody computes what its fibres send one another."""
EVEN = 0.008
"""Roughness that varies less than this (standard deviation) is one number."""


@dataclass(frozen=True)
class EncodedImage:
    """An encoded image: ``mime``, one of ENDINGS, and its bytes."""

    name: str
    mime: str
    data: bytes

    @property
    def ending(self) -> str:
        """That of its file's name, with the dot."""
        return ENDINGS[self.mime]


@dataclass(frozen=True)
class Textured:
    """A material's pictures; normal, rough and glow may be None. roughness: the factor (1 where ``rough`` carries it);
    peak: the emission that white in ``glow`` stands for; relief: the normal map's scale."""

    name: str
    base: EncodedImage
    normal: EncodedImage | None
    rough: EncodedImage | None
    glow: EncodedImage | None
    roughness: float
    peak: float
    relief: float


def textured(material: Material, base: NDArray[np.uint8], lit: bool) -> Textured:
    """The pictures of a material with ``base`` codes (H, W, 3); what only matters where light falls on it is left out
    unless ``lit``."""
    name = material.name.replace("/", "_")
    peak = float(material.emission.max()) if material.emission.size else 0.0
    even = not lit or float(material.roughness.std()) < EVEN
    flat = not lit or bool((material.normal[..., 2] > 0.99999).all())
    return Textured(
        name=name,
        base=jpeg(f"{name}_base", base),
        normal=None if flat else jpeg(f"{name}_normal", _codes(0.5 + 0.5 * material.normal), NORMAL_QUALITY, True),
        rough=None if even else jpeg(f"{name}_rough", _rough(material)),
        glow=jpeg(f"{name}_glow", srgb_codes(material.emission / np.float32(peak))) if peak and lit else None,
        roughness=float(material.roughness.mean()) if even else 1.0,
        peak=peak,
        relief=1.0 if flat else _relief(material.normal[::4, ::4]),
    )


def _relief(normal: NDArray[np.float32]) -> float:
    """The scale (0..1) at which a normal map (H, W, 3) has a slope of SLOPE in the mean at most."""
    slope = np.hypot(normal[..., 0], normal[..., 1]) / np.maximum(normal[..., 2], 0.2)
    return round(min(SLOPE / max(float(slope.mean()), 1e-6), 1.0), 3)


def _rough(material: Material) -> NDArray[np.uint8]:
    """Roughness in green, and in blue, where a metallic factor of 0 takes it away; metal is 1 throughout. Of three
    channels, since some decoders read no fewer.

    Source: glTF 2.0, metallicRoughnessTexture.
    """
    rough = _codes(material.roughness)
    return np.stack([rough, rough, np.full_like(rough, 255) if material.metallic else rough], axis=2)


def jpeg(name: str, codes: NDArray[np.uint8], quality: int = QUALITY, full: bool = False) -> EncodedImage:
    """A JPEG of (H, W, 3) codes; ``full``: colour at full resolution."""
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(codes).save(out, "JPEG", quality=quality, subsampling=0 if full else 2)
    return EncodedImage(name, "image/jpeg", out.getvalue())


def png(name: str, codes: NDArray[np.uint8]) -> EncodedImage:
    """A PNG of (H, W, 3) or (H, W, 4) codes, packed by runs: in a grainy picture nothing longer repeats."""
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(codes).save(out, "PNG", compress_type=zlib.Z_RLE)
    return EncodedImage(name, "image/png", out.getvalue())


def unseen_filled(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A masked picture's codes (H, W, 4), clear and of the seen texels' mean colour wherever no texel within BLEED is
    seen: it packs well, and what viewers mix in along the mask's edge and in small copies is not dark."""
    seen = codes[..., 3] >= 128
    texels = codes[seen]
    mean = texels[:, :3].mean(axis=0) if len(texels) else np.zeros(3)
    clear = np.array([*mean, 0]).astype(np.uint8).view(np.uint32)
    texel = np.ascontiguousarray(codes).view(np.uint32)[..., 0]
    return np.where(_about(seen, BLEED), texel, clear)[..., None].view(np.uint8)


def _about(seen: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Which of (H, W) have one that is ``seen`` at most ``reach`` rows and columns away: windows grow by doubling."""
    found = np.pad(seen, reach)
    for axis in (0, 1):
        found, wide = np.moveaxis(found, axis, 0), 1
        while wide < 2 * reach + 1:
            step = min(wide, 2 * reach + 1 - wide)
            found, wide = found[step:] | found[:-step], wide + step
        found = np.moveaxis(found, 0, axis)
    return found


def srgb_codes(linear: NDArray[np.float32], scale: float = 1.0) -> NDArray[np.uint8]:
    """``scale`` times linear values (…, K) of 0..1, clipped to 0..1, as sRGB bytes.

    Source: IEC 61966-2-1.
    """
    x = np.minimum(scale * STEPS[:, None], 1.0)
    return through_table(linear, np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-9) ** (1 / 2.4) - 0.055))


def through_table(values: NDArray[np.float32], table: NDArray) -> NDArray[np.uint8]:
    """Codes of values (…, K) clipped to 0..1, by what STEPS come to, 0..1: table (65536, 1 or K)."""
    return looked_up(values, (table * 255.0 + 0.5).astype(np.uint8))


def looked_up(values: NDArray[np.float32], table: NDArray) -> NDArray:
    """Read values (…, K) clipped to 0..1 in a table (65536, 1 or K) of what STEPS come to."""
    from .atlas_kernels import look_up

    out = np.empty(values.shape, table.dtype)
    look_up(values.reshape(-1, values.shape[-1]), table, out.reshape(-1, values.shape[-1]))
    return out


def _codes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return (np.clip(values, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
