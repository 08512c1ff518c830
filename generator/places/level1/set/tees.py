"""Double tees: the stems under some halls' slabs, from beam to beam, cut at the region's border.

Their flanks are plumb, so that light meets them as it does beams: the slab between two is dimmer than they are. Real
ones taper by 0.04 m a side, which nobody sees from the floor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ....geometry.kit import Index
from ....geometry.level import Mesh
from ....geometry.panels import panels
from ....plan.floorplan import MODULE_M as M
from ....plan.floorplan import Floorplan
from ..plan.structure import BEAM_WIDE, Structure
from ..plan.tiles import SPAN, Tile, in_tile
from ..plan.uses import Use

TEES = 12
"""Stems to a span: 1.52 m apart, two to a tee of 10 ft. Source: PCI Design Handbook, double tees 10DT24."""
STEM_M = (0.158, 0.56)
"""Width, the mean of 4.75 in at the foot and 7.75 in at the slab, and depth: 22 in. Source: as above."""
SHARE = 0.55
"""Share of halls that have them."""


def has_tees(tile: Tile) -> bool:
    """Tell whether a tile's slab is of double tees."""
    return tile.use in (Use.MIXED, Use.WAREHOUSE) and tile.draw("tees") < SHARE


def tees(tiles: list[tuple[Tile, NDArray[np.float64], Structure]], plan: Floorplan, index: Index) -> list[Mesh]:
    """Make the stems over a region of tiles with their corners."""
    parts = []
    low, high = np.zeros(2), np.array(plan.size_m)
    half, deep = STEM_M[0] / 2, STEM_M[1]
    for tile, at, built in tiles:
        top = built.ceiling * 1e-4
        for middle, t0, t1 in _stems(tile):
            p, q = (np.array(in_tile(tile, middle, t)) * M + at for t in (t0, t1))
            along = int(np.abs(q - p).argmax())
            p, q = (p, q) if p[along] < q[along] else (q, p)
            across = 1 - along
            if not low[across] + half < p[across] < high[across] - half:
                continue
            a, b = max(p[along], 0.0), min(q[along], high[along])
            if b - a < 0.05:
                continue
            parts += [(ring, index["tee"]) for ring in _stem(along, p[across], a, b, half, top, deep)]
    return [panels(parts)] if parts else []


def _stems(tile: Tile) -> list[tuple[float, float, float]]:
    """The stems of a tile: across the aisles, and from where to where along them, in modules."""
    if not has_tees(tile):
        return []
    beam = BEAM_WIDE * 1e-4 / M / 2
    places = [line + (k + 0.5) * SPAN / TEES for line in tile.span_lines[:-1] for k in range(TEES)]
    return [(s, t + beam, t + tile.bay - beam) for s in places for t in tile.bay_lines[:-1]]


def _stem(
    along: int, middle: float, a: float, b: float, half: float, top: float, deep: float
) -> list[list[tuple[float, float, float]]]:
    """Both flanks and the foot of a stem, seen from outside."""

    def at(s: float, t: float, z: float) -> tuple[float, float, float]:
        return (t, middle + s, z) if along == 0 else (middle + s, t, z)

    z = top - deep
    rings = [
        [at(half, b, top), at(half, a, top), at(half, a, z), at(half, b, z)],
        [at(-half, a, top), at(-half, b, top), at(-half, b, z), at(-half, a, z)],
        [at(-half, a, z), at(-half, b, z), at(half, b, z), at(half, a, z)],
    ]
    return rings if along == 1 else [ring[::-1] for ring in rings]
