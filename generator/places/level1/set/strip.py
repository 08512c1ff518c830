"""A bare strip: a channel of white enamelled steel on two chains, one or two T12 tubes under it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ....geometry.kit import Emitter, Index
from ....geometry.level import Mesh, joined, placed
from ....geometry.shapes import bar, box, turned

LONG_M = 1.2192
"""4 ft. Source: ANSI C78.81, 40 W T12 lamps: 1199.4 mm over the pins, 38 mm in diameter."""
TUBE_M, APART_M, DROP_M = 0.038, 0.11, 0.026
"""Diameter of a tube, distance of two, and of their middles from the channel's underside."""
CHANNEL = (0.054, 0.045)
"""Half width and height of the channel."""
SIDES = 8
LUMENS = 2900.0
"""Of a cool white 40 W tube in a cold garage, in mid life."""
REST_M = 0.65
"""How much of the chains is modelled; their ends stick in slabs that are nearer."""
ROD_M = 2.7
"""And of the rods of those that hang under the pipes of plant rooms."""


def strip(index: Index, lamps: tuple[bool, bool], hang_m: float) -> Mesh:
    """A strip about its channel's underside, tubes along x; lamps: which of them burn with the lamp."""
    half = LONG_M / 2
    steel = index["enamel"]
    parts = [box((-half, -CHANNEL[0], 0.0), (half, CHANNEL[0], CHANNEL[1]), steel)]
    for side, burns in zip((-1, 1), lamps, strict=True):
        parts.append(_tube(side * APART_M / 2, index["tube" if burns else "tube/dead"]))
        for end in (-1, 1):
            x, y = end * (half - 0.008), side * APART_M / 2
            parts.append(box((x - 0.008, y - 0.013, -0.045), (x + 0.008, y + 0.013, 0.0), steel))
    for end in (-1, 1):
        x = end * 0.42
        for y in (-0.03, 0.03):
            parts.append(bar((x, y, CHANNEL[1]), (x, 0.0, CHANNEL[1] + 0.09), 0.004, index["zinc"]))
        parts.append(bar((x, 0.0, CHANNEL[1] + 0.09), (x, 0.0, hang_m), 0.006, index["zinc"]))
    return joined(parts)


def _tube(y: float, material: int) -> Mesh:
    """A tube along x whose texture runs along it."""
    standing = turned([(TUBE_M / 2, -LONG_M / 2 + 0.016), (TUBE_M / 2, LONG_M / 2 - 0.016)], SIDES, material, "")
    lay = np.array([[0, 0, 1, 0], [0, 1, 0, y], [-1, 0, 0, -DROP_M], [0, 0, 0, 1]], float)
    mesh = placed(standing, lay)
    return replace(mesh, uv=mesh.uv[:, ::-1].copy())


def emitters(tubes: int) -> tuple[Emitter, ...]:
    """What the tubes send out: down, and to both sides, from beside the outer tubes, which hide what is behind them.

    Two that burn hide half of each other's flanks; of one, half of its flank passes the dead one beside it.
    """
    half = LONG_M / 2 - 0.016
    wide = TUBE_M * (1.1 if tubes == 1 else 2.4) / 2
    side = 0.5 * (TUBE_M + APART_M)
    y0 = 0.0 if tubes == 2 else APART_M / 2
    flank = TUBE_M / 2
    past = flank if tubes == 2 else 0.5 * flank
    return (
        Emitter((0.0, y0, -DROP_M - TUBE_M / 2), (half, 0.0, 0.0), (0.0, wide, 0.0), (0.0, 0.0, -1.0)),
        Emitter((0.0, -side, -DROP_M), (half, 0.0, 0.0), (0.0, 0.0, past), (0.0, -1.0, 0.0)),
        Emitter((0.0, side, -DROP_M), (half, 0.0, 0.0), (0.0, 0.0, flank), (0.0, 1.0, 0.0)),
    )


def luminance(tubes: int) -> float:
    """cd/m² of the emitters, so that they give what the tubes do, less what their channel keeps."""
    area = sum(4.0 * float(np.linalg.norm(e.half_u) * np.linalg.norm(e.half_v)) for e in emitters(tubes))
    return 0.9 * LUMENS * tubes / (np.pi * area)
