"""Compiled passes: what is worked out for every pixel from the facet that it sees."""

from __future__ import annotations

import numpy as np
from numba import njit

from ..kernel_options import ENTRY
from .shade_kernels import FAST, HALF, ONE, RUN, follow, footprint, four, probe, read


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


@njit(**ENTRY, fastmath=FAST)
def read_textures(out, faces, start_of, frame, material, texture, max_taps, blend):
    """The filtered texture under rows of samples, 0..1, into out (H, W, 4); what sees nothing is left.

    faces (H, W): facet of each, -1 for none; start_of (H, 2): as in ``shade``; frame (F, 20): from ``place_facets``;
    material (F,); texture, max_taps, blend: as in ``Tables``. The footprint is worked out once for a run of pixels, as
    in ``shade``.
    """
    height, width = faces.shape
    places = np.empty((5, width), np.float32)
    for row in range(height):
        left, y, end = start_of[row, 0], start_of[row, 1], 0
        while end < width:
            begin, f = end, faces[row, end]
            while end < width and faces[row, end] == f:
                end += 1
            if f < 0:
                continue
            follow(frame, f, left + np.float32(begin), y, begin, end - begin, places)
            for start in range(begin, end, RUN):
                stop = min(start + RUN, end)
                ux, vx, uy, vy = footprint(frame, f, left + HALF * np.float32(start + stop - 1), y)
                about = probe(texture, material[f], ux, vx, uy, vy, max_taps, blend)
                for x in range(start, stop):
                    red, green, blue, fourth = read(texture.texels, about, places[1, x], places[2, x])
                    out[row, x, 0], out[row, x, 1], out[row, x, 2], out[row, x, 3] = red, green, blue, fourth


@njit(**ENTRY, fastmath=FAST)
def place_in_atlas(out, faces, start_of, frame, chart, rects):
    """Column and row of every sample in an atlas, texels' centres at + 0.5, into out (H, W, 2); -1 where it has none.

    faces, start_of, frame: as in ``read_textures``; chart (F,); rects (C, 4): ``light`` or ``patina`` of ``Charts``.
    """
    height, width = faces.shape
    places = np.empty((5, width), np.float32)
    for row in range(height):
        first, y = start_of[row, 0], start_of[row, 1]
        for x in range(width):
            f = faces[row, x]
            out[row, x] = -ONE
            if f >= 0 and rects[chart[f], 2] >= 0:
                follow(frame, f, first + np.float32(x), y, x, 1, places)
                left, top, wide, high = four(rects, chart[f])
                out[row, x, 0], out[row, x, 1] = left + places[3, x] * wide, top + places[4, x] * high
