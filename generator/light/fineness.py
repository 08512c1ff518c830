"""What a quality means for the bake: pitches, sizes of patches, rays."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Fineness:
    """What a quality means, in metres: the first, usual and finest pitch of direct light; ``tolerance``, the share of
    the light that a guess between samples may err by; width and height of a patch, pitch along and up of the samples of
    bounced light; rays' fineness of both."""

    first_m: float
    texel_m: float
    finest_m: float
    tolerance: float
    patch_m: tuple[float, float]
    bounce_m: tuple[float, float]
    patch_rays: int
    bounce_rays: int

    def gathered(self, rays: float) -> Fineness:
        """The same along so many times its rays: their number goes with the square of their fineness."""
        scale = rays**0.5
        return replace(self, patch_rays=round(self.patch_rays * scale), bounce_rays=round(self.bounce_rays * scale))


FINENESS = {
    "draft": Fineness(0.48768, 0.24384, 0.12192, 0.03, (1.2192, 0.6096), (0.8128, 0.8128), 4, 6),
    "normal": Fineness(0.24384, 0.12192, 0.03048, 0.015, (0.6096, 0.3), (0.6096, 0.4064), 5, 10),
    "final": Fineness(0.12192, 0.06096, 0.01524, 0.005, (0.3, 0.2), (0.3048, 0.2032), 8, 20),
}
