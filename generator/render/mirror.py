"""Water on level floors mirrors what is over it: the picture of a camera as far under the floor as the eye is over it.

Its pixels are those of the picture itself, so what a pixel's ray meets after the floor is found as what it meets first.
Standing water shows it sharp; a damp floor, a film over a broomed slab, spreads it. How wet each place is, the patina
says. Water sends on Fresnel's share of it and as much less of what is under it.

What is left out: light that water throws on walls and ceilings; mirrors seen in mirrors; floors that lie between the
mirror's own and what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .aov_kernels import place_in_atlas
from .lamp import Beam
from .mirror_kernels import mix_in, water_shares
from .picture import Drawable, Mirror
from .run_kernels import empty_batch
from .shading import centres, placed
from .view import View

SLOPE = 0.09
"""Root mean square slope of the film on a damp broomed slab."""
AGLANCE = 0.3
"""How much less a spread image is spread aside than up and down, as a floor is seen from standing height."""
REACH = 2.5
"""Standard deviations that it reaches."""
COARSE = 4
"""Pixels across one of the spread image."""
Drawn = Callable[..., NDArray[np.float32]]
"""``Backend.mirrored`` at some output of the lamps."""


class Water(NamedTuple):
    """A level of water in a picture: its height in metres, and the shares (H, W) of its sharp and its spread image."""

    height: float
    sharp: NDArray[np.float32]
    spread: NDArray[np.float32]


def add_mirrors(
    radiance: NDArray[np.float32], facet: NDArray[np.int32], view: View, drawable: Drawable, beam: Beam | None,
    drawn: Drawn,
) -> Mirror | None:  # fmt: skip
    """Add to a picture (H, W, 3) what its wet floors mirror, and take from it what they hide; both by themselves."""
    mirror = None
    for water in waters(facet, view, drawable):
        below = reflected(view, water.height)
        coarse = replace(below, width=-(-view.width // COARSE), height=-(-view.height // COARSE))
        image = drawn(below, beam=_seen_from(beam, view, below), height=water.height, wanted=water.sharp > 0.0)
        rough = np.zeros((coarse.height, coarse.width, 3), np.float32)
        if water.spread.any():
            rough = drawn(coarse, beam=_seen_from(beam, view, coarse), height=water.height, wanted=None)
            rough = spread(rough, coarse)
        mirror = mirror or Mirror(np.zeros(facet.shape, np.float32), np.zeros((*facet.shape, 3), np.float32))
        mix_in(radiance, *mirror, water.sharp, water.spread, image, rough, COARSE)
    return mirror


def waters(facet: NDArray[np.int32], view: View, drawable: Drawable) -> Iterator[Water]:
    """Yield each level of water under the pixels' facets (H, W)."""
    wet = drawable.mirrors[facet] & (facet >= 0)
    if not wet.any():
        return
    floor = np.where(wet, facet, np.int32(-1))
    at = np.full((*facet.shape, 2), -1, np.float32)
    frame, charts = placed(drawable.facets, floor, view), drawable.charts.patina
    place_in_atlas(at, floor, centres(view), frame, drawable.facets.chart, charts, empty_batch())
    shares = np.zeros((2, *facet.shape), np.float32)
    water_shares(*shares, at, drawable.patina.factor, view.rays)
    some = shares.sum(axis=0) > 0.0
    if not some.any():
        return
    height, met = np.round(drawable.facets.anchor[:, 2], 2), np.zeros(len(drawable.facets.anchor), bool)
    met[facet[some]] = True
    levels = np.unique(height[met]).tolist()
    for level in (z for z in levels if z < view.eye[2]):
        yield Water(level, *(shares if len(levels) == 1 else shares * (height[facet] == level)))


def reflected(view: View, height: float) -> View:
    """The view as a level mirror at a height sees it."""
    flip = np.array([1.0, 1.0, -1.0])
    eye = view.eye * flip + [0.0, 0.0, 2.0 * height]
    return replace(view, eye=eye, right=view.right * flip, up=view.up * flip, forward=view.forward * flip)


def spread(image: NDArray[np.float32], view: View) -> NDArray[np.float32]:
    """An image (H, W, 3), 0 where it shows nothing, as a rough film shows it: mostly drawn out up and down."""
    from scipy.ndimage import gaussian_filter

    left, right, bottom, top = view.bounds
    up, aside = 2.0 * SLOPE * view.height / (top - bottom), 2.0 * SLOPE * AGLANCE * view.width / (right - left)
    there = (image.max(axis=2) > 0.0).astype(np.float32)
    sigma = max(up, 0.3), max(aside, 0.3)
    weight = np.maximum(gaussian_filter(there, sigma, truncate=REACH), 1e-3)
    return (
        np.stack([gaussian_filter(image[..., k], sigma, truncate=REACH) for k in range(3)], axis=2) / weight[..., None]
    )


def _seen_from(beam: Beam | None, view: View, below: View) -> Beam | None:
    """The camera's lamp where it is, seen by the mirrored eye; without its shadows."""
    if beam is None:
        return None
    position = (beam.position + view.eye - below.eye).astype(np.float32)
    return beam._replace(position=position, open=np.ones((below.height, below.width), np.float32))
