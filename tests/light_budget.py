"""The power that a level's surfaces take up of a bake."""

from __future__ import annotations

import numpy as np

from generator.geometry.level import expand


def samples(lightmap, chart, image=None):
    """The samples (nv, nu, 3) of one chart."""
    (nu, nv), (x, y) = lightmap.chart_size[chart], lightmap.chart_place[chart]
    return (lightmap.steady if image is None else image)[y : y + nv, x : x + nu]


def absorbed(level, lightmap, albedo, props=True):
    """Power (3,) / pi that the surfaces take up, by the trapezoid rule over each chart; props: theirs too."""
    mesh = expand(level)[0] if props else level.building
    total = np.zeros(3)
    for c, area in enumerate(np.linalg.norm(np.cross(mesh.chart_u, mesh.chart_v), axis=1)):
        mean = np.trapezoid(np.trapezoid(samples(lightmap, c).astype(float), dx=1, axis=0), dx=1, axis=0)
        mean /= (lightmap.chart_size[c] - 1).prod()
        total += area * mean * (1 - albedo[mesh.chart_material[c]])
    return total
