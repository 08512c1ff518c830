"""How near the surfaces in a picture are, from the facets that its pixels see."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy")
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
