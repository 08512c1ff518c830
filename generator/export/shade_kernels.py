"""Values between the texels of an atlas of charts (compiled)."""

from __future__ import annotations

from numba import njit


@njit(cache=True)
def sample(image, chart_place, chart_size, chart, chart_uv, out):
    """Add to ``out`` (N, 3) what an atlas (H, W, 3 or more) holds at ``chart_uv`` (N, 2), clipped to 0..1, of charts
    ``chart`` (N,); nothing in charts without texels."""
    for n in range(len(chart)):
        c = chart[n]
        wide, high = chart_size[c, 0], chart_size[c, 1]
        if wide < 1 or high < 1:
            continue
        x = min(max(chart_uv[n, 0], 0.0), 1.0) * (wide - 1)
        y = min(max(chart_uv[n, 1], 0.0), 1.0) * (high - 1)
        i, j = int(x), int(y)
        a, b = x - i, y - j
        i += chart_place[c, 0]
        j += chart_place[c, 1]
        for k in range(3):
            near = image[j, i, k] * (1.0 - a) + image[j, i + 1, k] * a
            far = image[j + 1, i, k] * (1.0 - a) + image[j + 1, i + 1, k] * a
            out[n, k] += near * (1.0 - b) + far * b
