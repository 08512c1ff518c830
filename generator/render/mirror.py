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

from .lamp import Beam
from .mirror_kernels import Floors, find_water, mix_in
from .picture import Drawable, Mirror
from .view import View

SLOPE = 0.09
"""Root mean square slope of the film on a damp broomed slab."""
AGLANCE = 0.3
"""How much less a spread image is spread aside than up and down, as a floor is seen from standing height."""
REACH = 2.5
"""Standard deviations that it reaches."""
COARSE = 4
"""Pixels across one of the spread image."""
LEAST_ROWS, MOST_ROWS = 4.0, 4
"""Rows to a standard deviation that its spreading needs, and most that are taken together for it."""
NOTHING = np.zeros((1, 1, 3), np.float32)
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
        image, rough, at = NOTHING, NOTHING, np.zeros((2, 2), np.int64)
        if (box := box_of(water.sharp > 0.0)) is not None:
            wanted, part = water.sharp[box.slices] > 0.0, within(below, box)
            image = drawn(part, beam=_seen_from(beam, view, part), height=water.height, wanted=wanted)
            at[0] = box.top, box.left
        if (box := box_of(water.spread > 0.0)) is not None:
            box = _reached(box, coarse)
            part = within(coarse, box)
            rough = drawn(part, beam=_seen_from(beam, view, part), height=water.height, wanted=None)
            rough = spread(rough, part)
            at[1] = box.top, box.left
        mirror = mirror or Mirror(np.zeros(facet.shape, np.float32), np.zeros((*facet.shape, 3), np.float32))
        mix_in(radiance, *mirror, water.sharp, water.spread, image, rough, at, COARSE)
    return mirror


def waters(facet: NDArray[np.int32], view: View, drawable: Drawable) -> Iterator[Water]:
    """Yield each level of water under the pixels' facets (H, W)."""
    f, charts = drawable.facets, drawable.charts.patina
    floors = Floors(
        drawable.mirrors, f.normal, f.anchor, f.values, f.gradients, f.chart, charts, drawable.patina.factor
    )
    shares, found = np.zeros((2, *facet.shape), np.float32), np.zeros(len(f.anchor), np.bool_)
    find_water(*shares, found, facet, floors, view.eye, view.rays)
    levels = np.unique(np.round(f.anchor[found, 2], 2)).tolist()
    for level in (z for z in levels if z < view.eye[2]):
        if len(levels) == 1:
            yield Water(level, *shares)
        else:
            yield Water(level, *(shares * (np.round(f.anchor[facet, 2], 2) == level)))


class Box(NamedTuple):
    """Rows from ``top`` up to ``bottom`` and columns from ``left`` up to ``right`` of a picture."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """What takes the box out of a picture."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def box_of(mask: NDArray[np.bool_]) -> Box | None:
    """The least box about what is true in a mask (H, W); None where nothing is."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return Box(*(int(k) for side in (rows, columns) for k in (side[0], side[-1] + 1))) if len(rows) else None


def within(view: View, box: Box) -> View:
    """The part of a view that lies in a box of its pixels."""
    left, right, bottom, top = view.bounds
    across, down = (right - left) / view.width, (bottom - top) / view.height
    bounds = left + across * box.left, left + across * box.right, top + down * box.bottom, top + down * box.top
    return replace(view, bounds=bounds, width=box.right - box.left, height=box.bottom - box.top)


def reflected(view: View, height: float) -> View:
    """The view as a level mirror at a height sees it."""
    flip = np.array([1.0, 1.0, -1.0])
    eye = view.eye * flip + [0.0, 0.0, 2.0 * height]
    return replace(view, eye=eye, right=view.right * flip, up=view.up * flip, forward=view.forward * flip)


def spread(image: NDArray[np.float32], view: View) -> NDArray[np.float32]:
    """An image (H, W, 3), 0 where it shows nothing, as a rough film shows it: mostly drawn out up and down.

    Rows are first taken together, as many as still tell the spread, and drawn apart again between their middles.
    """
    from scipy.ndimage import gaussian_filter

    up, aside = _deviations(view)
    rows = min(2 ** int(np.log2(max(up / LEAST_ROWS, 1.0))), MOST_ROWS)
    there = (image.max(axis=2, keepdims=True) > 0.0).astype(np.float32)
    stripes = _together(np.concatenate([image, there], axis=2), rows)
    out = gaussian_filter(stripes, (max(up / rows, 0.3), max(aside, 0.3), 0.0), truncate=REACH)
    return _apart(out[..., :3] / np.maximum(out[..., 3:], 1e-3), rows, len(image))


def _deviations(view: View) -> tuple[float, float]:
    """Standard deviations up and aside of a spread image, in pixels of its view."""
    left, right, bottom, top = view.bounds
    return 2.0 * SLOPE * view.height / (top - bottom), 2.0 * SLOPE * AGLANCE * view.width / (right - left)


def _reached(box: Box, coarse: View) -> Box:
    """The pixels of a coarse view that what is spread in a box of fine ones is made of."""
    up, aside = (int(np.ceil(REACH * sigma)) + MOST_ROWS for sigma in _deviations(coarse))
    return Box(
        max(box.top // COARSE - up, 0),
        min(-(-box.bottom // COARSE) + up, coarse.height),
        max(box.left // COARSE - aside, 0),
        min(-(-box.right // COARSE) + aside, coarse.width),
    )


def _together(image: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    """Means (-(-H // rows), W, C) of so many rows each of an image (H, W, C), of fewer at its end."""
    starts = np.arange(0, len(image), rows)
    counts = np.diff(np.append(starts, len(image))).astype(np.float32)
    return (np.add.reduceat(image, starts, axis=0) / counts[:, None, None]).astype(np.float32, copy=False)


def _apart(image: NDArray[np.float32], rows: int, height: int) -> NDArray[np.float32]:
    """An image (height, W, C) between the middles of the rows of one (h, W, C) that stand for so many each."""
    at = np.clip((np.arange(height) + 0.5) / rows - 0.5, 0.0, len(image) - 1.0)
    low = at.astype(int)
    share = (at - low).astype(np.float32)[:, None, None]
    return image[low] * (1.0 - share) + image[np.minimum(low + 1, len(image) - 1)] * share


def _seen_from(beam: Beam | None, view: View, below: View) -> Beam | None:
    """The camera's lamp where it is, seen by the mirrored eye; without its shadows."""
    if beam is None:
        return None
    position = (beam.position + view.eye - below.eye).astype(np.float32)
    return beam._replace(position=position, open=np.ones((below.height, below.width), np.float32))
