"""Materials as the renderers read them: a third of the bytes, at all scales."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .material import Material
from .pyramid import Pyramids, chain, joined


@dataclass(frozen=True)
class Textures:
    """The textures of a level's materials, in the order of ``level.materials``.

    size_m (M, 2): width and height of a period. mean_albedo (M, 3) float64. albedo: linear; emission: as a share of its
    ``peak`` (M,) float32; relief: normals as 0.5 + 0.5 n and roughness in the fourth channel, no levels at all where
    they were made without. The fourth channel of albedo is the ``gap`` of those that have one, which counts pile (M,)
    times: 1 for a pile, -1 for clear bodies, else 0; that of emission is not used. specular, metallic (M,) float32.
    """

    size_m: NDArray[np.float64]
    mean_albedo: NDArray[np.float64]
    albedo: Pyramids
    emission: Pyramids
    relief: Pyramids
    peak: NDArray[np.float32]
    specular: NDArray[np.float32]
    metallic: NDArray[np.float32]
    pile: NDArray[np.float32]


def textures_of(materials: Iterable[Material], relief: bool = True) -> Textures:
    """Make the textures of materials, which are taken one at a time so that memory need hold no more.

    relief: whether a camera's lamp will need it, or a picture of the normals.
    """
    albedo, emission, bumps = [], [], []
    columns: list[tuple] = []
    for m in materials:
        peak = float(m.emission.max()) if m.emission.size else 0.0
        albedo.append(chain(_four(m.albedo, m.gap if m.gap.size else 0.0)))
        emission.append(chain(_four(m.emission / (peak or 1.0), 1.0)))
        bumps.append(chain(_four(0.5 + 0.5 * m.normal, m.roughness)) if relief else [])
        columns.append((m.size_m, m.mean_albedo, peak, m.specular, m.metallic, _pile(m)))
    size, mean, peaks, specular, metallic, pile = zip(*columns, strict=True) if columns else ((),) * 6
    return Textures(
        size_m=np.array(size, np.float64).reshape(-1, 2),
        mean_albedo=np.array(mean, np.float64).reshape(-1, 3),
        albedo=joined(albedo),
        emission=joined(emission),
        relief=joined(bumps),
        peak=np.array(peaks, np.float32),
        specular=np.array(specular, np.float32),
        metallic=np.array(metallic, np.float32),
        pile=np.array(pile, np.float32),
    )


def _pile(material: Material) -> float:
    """How often the gap of a material counts."""
    return 0.0 if not material.gap.size else -1.0 if material.clear else 1.0


def _four(image: NDArray, fourth: NDArray | float) -> NDArray[np.float32]:
    out = np.empty((*image.shape[:2], 4), np.float32)
    out[..., :3] = image
    out[..., 3] = fourth
    return out
