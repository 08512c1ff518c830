"""A periodic sheet of texels to draw a material on: coordinates, noise, relief."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..seed import Rng
from .material import Material

Image = NDArray[np.floating[Any]]
"""A sheet or a strip of numbers, single precision wherever it is whole."""


@dataclass(frozen=True)
class Canvas:
    """One period of ``size_m`` metres (width, height) in ``shape`` (H, W) texels, row 0 at the top."""

    size_m: tuple[float, float]
    shape: tuple[int, int]

    @property
    def texel_m(self) -> tuple[float, float]:
        """Width and height of a texel."""
        return self.size_m[0] / self.shape[1], self.size_m[1] / self.shape[0]


def canvas(size_m: tuple[float, float], texture_px: int) -> Canvas:
    """A sheet with ``texture_px`` texels along its longer side, as square as whole numbers allow."""
    longest = max(size_m)
    height, width = (max(4, round(texture_px * side / longest)) for side in (size_m[1], size_m[0]))
    return Canvas(size_m, (height, width))


def grid(sheet: Canvas) -> tuple[Image, Image]:
    """Texel centres in metres: x (1, W) to the right, y (H, 1) upwards from the lower left corner."""
    height, width = sheet.shape
    x = (np.arange(width) + 0.5) * sheet.texel_m[0]
    y = (height - 0.5 - np.arange(height)) * sheet.texel_m[1]
    return x[None, :].astype(np.float32), y[:, None].astype(np.float32)


def noise(sheet: Canvas, rng: Rng, fine_m: float, coarse_m: float, slope: float = 1.0, stretch=(1.0, 1.0)) -> Image:
    """Periodic Gaussian noise (H, W), mean 0 and variance 1.

    Its wavelengths lie between ``fine_m`` and ``coarse_m``, with an amplitude that falls as
    frequency ** -slope in between; along x and y features are ``stretch`` times longer.
    """
    from scipy import fft

    height, width = sheet.shape
    white = rng.uniform(-0.5, 0.5, (height, width)).astype(np.float32)
    fx = fft.rfftfreq(width, sheet.texel_m[0]).astype(np.float32)[None, :] * stretch[0]
    fy = fft.fftfreq(height, sheet.texel_m[1]).astype(np.float32)[: height // 2 + 1, None] * stretch[1]
    f2 = fx * fx + fy * fy
    f2[0, 0] = 1.0
    amplitude = f2 ** (-0.5 * slope) * np.exp(-f2 * fine_m**2) * -np.expm1(-f2 * coarse_m**2)
    amplitude[0, 0] = 0.0
    values = fft.irfft2(_filtered(fft.rfft2(white), amplitude), s=(height, width), overwrite_x=True)
    values /= values.std()
    return values


def _filtered(spectrum: NDArray[np.complex64], gain: Image) -> NDArray[np.complex64]:
    """A picture's spectrum (H, K), changed in place: times a gain (H // 2 + 1, K), the same down and up."""
    rows = len(gain)
    spectrum[:rows] *= gain
    spectrum[rows:] *= gain[1 : len(spectrum) - rows + 1][::-1]
    return spectrum


def cover(distance_m: Image, texel_m: float) -> Image:
    """Share of a texel inside a shape of which the signed distance (negative inside) is given."""
    return np.clip(0.5 - distance_m / texel_m, 0.0, 1.0)


def folded(x: Image, pitch: float) -> Image:
    """Signed distance to the nearest multiple of ``pitch``."""
    return x - pitch * np.round(x / pitch)


def relief(sheet: Canvas, height_m: Image) -> Image:
    """Unit normals (H, W, 3) of a periodic height field."""
    du, dv = sheet.texel_m
    x = ((np.roll(height_m, 1, 1) - np.roll(height_m, -1, 1)) / (2 * du)).astype(np.float32, copy=False)
    y = ((np.roll(height_m, -1, 0) - np.roll(height_m, 1, 0)) / (2 * dv)).astype(np.float32, copy=False)
    length = np.sqrt(x * x + y * y + np.float32(1.0))
    return np.stack([x / length, y / length, 1.0 / length], axis=2)


def tinted(shade: Image, colour: ArrayLike) -> Image:
    """Shade (H, W) times one colour (3,)."""
    return np.stack([shade * part for part in np.asarray(colour, np.float32)], axis=-1)


def blended(below: Image, above: Image, share: Image) -> Image:
    """Two pictures (H, W, 3) or colours, ``share`` (H, W) of the second."""
    return below + (above - below) * share[..., None]


def finished(
    name: str,
    sheet: Canvas,
    albedo: Image,
    height_m: Image,
    roughness: Image | float,
    mean: ArrayLike,
    specular: float = 0.0,
    emission: Image | None = None,
    gap: Image | None = None,
    clear: bool = False,
) -> Material:
    """A material whose albedo is scaled to the mean reflectance (3,) that was measured or stated."""
    from .mean import mean_colour

    factor = (np.asarray(mean) / mean_colour(albedo)).astype(np.float32)
    albedo = (albedo.reshape(len(albedo), -1) * np.tile(factor, albedo.shape[1])).reshape(albedo.shape)
    rough = np.clip(np.broadcast_to(np.float32(roughness), sheet.shape), 0.05, 1.0)
    return Material(
        name=name,
        size_m=sheet.size_m,
        albedo=np.clip(albedo, 0.0, 0.95).astype(np.float32, copy=False),
        normal=relief(sheet, height_m),
        roughness=rough.astype(np.float32, copy=False),
        emission=np.zeros((0, 0, 3), np.float32) if emission is None else emission,
        specular=specular,
        clear=clear,
        gap=np.zeros((0, 0), np.float32) if gap is None else np.clip(gap, 0.0, 1.0).astype(np.float32, copy=False),
    )
