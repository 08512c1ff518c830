"""Antialiased edges: what a pixel at an edge sees is worked out from the triangles that meet it.

Both renderers find one facet for each pixel's centre. Where the surface changes between neighbours, or a facet comes
into a pixel whose centre sees another surface, all facets that meet the pixel are gathered, the nearer hide the
farther, and each gives its colour by the share that it covers: the colour of the nearest pixel whose centre sees it, or
one of its own, where it is too narrow to be met by a centre.
Source: Carpenter, "The A-buffer, an antialiased hidden surface method", SIGGRAPH 1984, with exact areas.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .coverage import coverage_tables
from .edge_kernels import (
    farthest_seen,
    flag_unseen,
    flagged,
    list_facets,
    place_sides,
    surface_changes,
)
from .facets import Facets
from .fragment_kernels import mix, resolve
from .view import View


class Edges(NamedTuple):
    """The N pixels at edges: row and column (N,), and their fragments, those of pixel k from begin[k] to begin[k + 1];
    a pixel without any is what its centre is.

    facet (K,) stands for a fragment's surface, -1 for nothing; share (K,) of its pixel; source (K,) the pixel, as an
    index into the flat picture, whose colour it takes; or -1 - j where no centre about sees its surface: then it is
    fragment alone[j] (J,), and place (J, 2) is the column and row of its middle, pixels' centres at + 0.5.
    """

    row: NDArray[np.int32]
    column: NDArray[np.int32]
    begin: NDArray[np.int32]
    facet: NDArray[np.int32]
    share: NDArray[np.float32]
    source: NDArray[np.int32]
    alone: NDArray[np.int32]
    place: NDArray[np.float32]


def edges_of(faces: NDArray[np.int32], facets: Facets, shown: NDArray[np.int64], view: View) -> Edges:
    """The edges of a picture whose centres see ``faces`` (H, W) among the facets ``shown`` (N,) to a view."""
    f, rays = facets, view.rays
    far = farthest_seen(faces, f.normal, f.anchor, view.eye, rays)
    sides = place_sides(f.corners, shown, far, view.eye, rays, view.clip, faces.shape)
    place, edge = np.full(len(f.surface), -1, np.int32), surface_changes(faces, f.surface)
    place[sides.facet] = np.arange(len(sides.facet))
    spans = flag_unseen(edge, faces, f.surface, sides, place, far)
    row, column, before = flagged(edge)
    lists = list_facets(row, column, before, spans, faces, sides, place, far)
    return Edges(row, column, *resolve(row, column, lists, sides, faces, f.surface, coverage_tables()))


def antialias(picture: NDArray[np.float32], edges: Edges, alone: NDArray[np.float32]) -> None:
    """Replace the edge pixels of picture (H, W, C) by the means of their fragments; alone (J, C): the colours of
    ``edges.alone``."""
    e = edges
    mix(picture, alone, e.row, e.column, e.begin, e.share, e.source)
