"""Compiled passes: what is worked out for every pixel from the facet that it sees."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY
from .run_kernels import COLOUR, FIRST, RUN, WHOLE, A, B, find_levels, follow, four, gather, read


@njit(**ENTRY)
def fill_nearness(out, faces, normal, anchor, eye, rays):
    """One over the distance along the camera's axis, 1/m, into out (H, W) float32; 0 where a pixel sees nothing.

    faces (H, W): facet of each pixel, -1 for none; normal, anchor (F, 3); eye (3,) metres; rays (3, 3): corner,
    across, down, as ``View.rays``.
    """
    for row in range(faces.shape[0]):
        last, a, b = -1, 0.0, 0.0
        for column in range(faces.shape[1]):
            f = faces[row, column]
            if f < 0:
                out[row, column] = np.float32(0.0)
                continue
            if f != last:
                last, a, b, reach = f, 0.0, 0.0, 0.0
                for d in range(3):
                    reach += normal[f, d] * (anchor[f, d] - eye[d])
                    a += normal[f, d] * (rays[0, d] + (row + 0.5) * rays[2, d])
                    b += normal[f, d] * rays[1, d]
                if abs(reach) < 1e-9:
                    reach = 1e-9
                a, b = a / reach, b / reach
            out[row, column] = np.float32(max(a + b * (column + 0.5), 0.0))


@njit(**WHOLE)
def read_textures(out, faces, start_of, frame, material, texture, max_taps, blend, batch):
    """The filtered texture under rows of samples, 0..1, into out (H, W, 4); what sees nothing is left.

    faces (H, W), start_of (H, 2): of ``gather``; frame (F, 20): from ``place_facets``; material (F,); texture,
    max_taps, blend: as in ``Tables``; batch: of ``empty_batch``.
    """
    row = column = FIRST
    flat = out.reshape(-1)
    while row < len(faces):
        n, row, column = gather(batch, faces, start_of, row, column)
        follow(batch, n, frame)
        find_levels(batch, n, frame, material, texture, max_taps, blend)
        read(batch, n, texture.texels, COLOUR)
        for r in range(n):
            for k in range(4 * batch.length[r]):
                flat[4 * batch.place[r] + k] = batch.texels[COLOUR + 4 * RUN * r + k]


@njit(**WHOLE)
def place_in_atlas(out, faces, start_of, frame, chart, rects, batch):
    """Column and row of every sample in an atlas, texels' centres at + 0.5, into out (H, W, 2); where it has none, out
    is left as it is.

    faces, start_of, frame, batch: as in ``read_textures``; chart (F,); rects (C, 4): ``light`` or ``patina`` of
    ``Charts``.
    """
    row = column = FIRST
    flat = out.reshape(-1)
    while row < len(faces):
        n, row, column = gather(batch, faces, start_of, row, column)
        follow(batch, n, frame)
        for r in range(n):
            left, top, wide, high = four(rects, chart[batch.facet[r]])
            for k in range(batch.length[r] if wide >= 0 else 0):
                at, place = 2 * (batch.place[r] + k), RUN * r + k
                flat[at], flat[at + 1] = left + batch.lanes[A + place] * wide, top + batch.lanes[B + place] * high
