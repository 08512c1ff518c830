"""The nouns of the surface stage: a material of real size, and the patina that keeps it from repeating."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Material:
    """One period of a surface; seamless at its edges. Row 0 is the top (v grows upwards).

    size_m: width and height of the period in metres. albedo (H, W, 3) float32 linear Rec.709 in 0..1.
    normal (H, W, 3) float32 unit, x along u, y along v, z out of the surface. roughness (H, W) float32, 0..1.
    metallic: 0 or 1. specular: reflectance head on of the lobe drawn for the camera's own lamp, 0 on diffuse paper.
    emission (H, W, 3) float32 with mean 1, times a lamp's radiance; shape (0, 0, 3) where there is none.
    gap (H, W) float32: of a pile, how deep between its loops a texel lies, 0 a tip to 1 the backing; shape (0, 0) where
    there is none. Albedo is the mean over all directions that it is seen from; what each sees: ``render.pile``.
    clear: instead of a pile a clear body, and gap is how far its rim is darker than its middle.
    """

    name: str
    size_m: tuple[float, float]
    albedo: NDArray[np.float32]
    normal: NDArray[np.float32]
    roughness: NDArray[np.float32]
    emission: NDArray[np.float32]
    metallic: float = 0.0
    specular: float = 0.0
    clear: bool = False
    gap: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    @property
    def mean_albedo(self) -> NDArray[np.float64]:
        """Mean reflectance (3,): what the light bounces off."""
        from .mean import mean_colour

        return mean_colour(self.albedo)


@dataclass(frozen=True)
class Patina:
    """Unique variation over the charts of ``expand(level)``: it multiplies the repeating albedo.

    chart_size (C, 2) int32 texels, (0, 0) where none was made (factor 1, dry); chart_place (C, 2) int32
    column and row of the chart's first texel; texels are vertex-centred as in ``Lightmap``, with one guard
    texel around. factor (H, W, 4) uint8: red, green, blue factor on linear albedo as value / 200 (1.0 = 200),
    and how a pile is laid or how wet it is, as in ``lay``.
    """

    chart_size: NDArray[np.int32]
    chart_place: NDArray[np.int32]
    factor: NDArray[np.uint8]
