"""Bodies of what stands in plant rooms, each about the middle of its plinth's top, seen from low y.

Pipes and ducts meet them at PORTS; what leads up ends in the slab.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....geometry.kit import Index
from ....geometry.level import Mesh, joined, moved, placed, shadeless
from ....geometry.rounded import bevelled, tube
from ....geometry.shapes import bar, box, turned
from ..plan.plant import PLINTH_M

OUT = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]], float)
"""Turns to low y what stands along z."""
TO_SLAB_M = 5.9
"""Over the floor: beyond the highest slab over plant rooms."""
DUCT_M = (0.9, 0.6)
"""Breadth and height of a main duct: 8 m/s at 10 m³/s in two. Source: ASHRAE, duct design, 6 to 9 m/s."""
DUCT_LONG_M = 2.4384
"""A length of it: two sheets of 4 ft."""
DUCT_UP_M, COLLAR_AT = 3.7, -2.3
"""Height of its middle over the floor, and where along an air handler it is fed."""
FLUE_M = 0.2
"""Radius of a boiler's flue."""
PANEL_M = (1.8288, 2.44)
"""Width and height of a panel of mesh, 6 by 8 ft. Source: makers' sheets of woven wire partitions."""


class Port(NamedTuple):
    """Where a pipe meets a machine: its place, which of the rack's lines leads there, and is it level there, not from
    above."""

    x: float
    y: float
    z: float
    line: int
    level: bool


PORTS: dict[str, tuple[Port, ...]] = {
    "air_handler": (Port(0.75, -1.28, 1.45, 0, True), Port(1.15, -1.28, 0.55, 1, True)),
    "boiler": (Port(0.0, -0.3, 1.9, 2, False), Port(0.0, 0.8, 1.9, 3, False)),
    "tank": (Port(0.0, 0.0, 2.6, 1, False),),
    "pump": (Port(0.0, 0.12, 1.0, 0, False),),
    "switchgear": (),
    "transformer": (),
}


def _lying(profile: list[tuple[float, float]], sides: int, material: int, at: tuple[float, float, float]) -> Mesh:
    """A body of revolution that lies along y about a place; its profile goes towards low y."""
    return placed(turned(profile, sides, material, "zZ"), moved(at) @ OUT)


def air_handler(index: Index) -> Mesh:
    """An air handler of four sections on a rail: doors with their handles, a coil's two stubs, a collar up to the duct
    with its flexible connection, an inlet of louvres."""
    sheet, iron, dark, zinc = index["casing"], index["iron"], index["sealant"], index["zinc"]
    x0, y, rail, top = -3.2, 1.05, 0.15, 2.30
    parts = [box((x0, -y + 0.03, 0.0), (-x0, y - 0.03, rail), iron, "zZ")]
    small: list[Mesh] = []
    left = x0
    for long in (1.9, 1.2, 1.6, 1.7):
        parts.append(bevelled((left + 0.008, -y, rail), (left + long - 0.008, y, top), sheet, "z", 0.006))
        wide = 0.72 if long > 1.3 else 0.56
        middle = left + long / 2
        if long != 1.2:
            small.append(
                bevelled((middle - wide / 2, -y - 0.028, 0.30), (middle + wide / 2, -y, 2.02), sheet, "Y", 0.01)
            )
            shut, hung = middle + wide / 2, middle - wide / 2
            for z in (0.55, 1.72):
                small.append(box((shut - 0.10, -y - 0.075, z), (shut - 0.03, -y - 0.028, z + 0.14), dark, "Y"))
                small.append(box((hung - 0.02, -y - 0.05, z), (hung + 0.03, -y - 0.02, z + 0.10), zinc, "Y"))
        left += long
    half, high = DUCT_M[0] / 2, DUCT_UP_M - DUCT_M[1] / 2 - PLINTH_M
    for low, end, inset, material in ((top, top + 0.12, 0.0, zinc), (top + 0.12, top + 0.27, 0.03, dark),
                                      (top + 0.27, high + 0.02, 0.0, index["duct"])):  # fmt: skip
        a = half - inset
        parts.append(box((COLLAR_AT - a, -a, low), (COLLAR_AT + a, a, end), material, "zZ"))
    small.append(box((3.2, -0.86, 0.44), (3.204, 0.86, 2.02), dark, "x"))
    small += [box((3.2, -0.82, z), (3.245, 0.82, z + 0.035), zinc, "xyY") for z in np.arange(0.50, 1.95, 0.085)]
    for port in PORTS["air_handler"]:
        small.append(_lying([(0.13, 0.0), (0.13, 0.03)], 12, zinc, (port.x, -y, port.z)))
    small.append(bevelled((-1.20, -y - 0.16, 1.15), (-0.82, -y, 1.72), index["plant/grey"], "Y", 0.006))
    small.append(tube(np.array([[-1.0, -y - 0.08, 1.72], [-1.0, -y - 0.08, TO_SLAB_M]]), 0.014, 6, zinc))
    return joined([*parts, shadeless(joined(small))])


def boiler(index: Index) -> Mesh:
    """A fire-tube boiler along y on two saddles: its jacket with bands, doors at both ends, the burner with its blower,
    a panel of gauges, stubs for flow and return, the stub of its flue."""
    jacket, iron, dark, zinc = index["plant/blue"], index["iron"], index["sealant"], index["zinc"]
    r, up, half = 0.82, 1.12, 1.75
    parts = [_lying([(r, -half), (r, half)], 24, jacket, (0.0, 0.0, up))]
    parts += [_lying([(r + 0.006, at), (r + 0.006, at + 0.05)], 24, zinc, (0.0, 0.0, up)) for at in (-1.2, -0.1, 1.0)]
    for end, sign in ((half, 1), (-half, -1)):
        door = [(0.80, 0.0), (0.80, 0.10), (0.74, 0.14), (0.3, 0.20)]
        ring = [(rad, end + sign * z) for rad, z in door]
        parts.append(_lying(ring if sign > 0 else ring[::-1], 24, iron, (0.0, 0.0, up)))
    for y in (-1.1, 1.1):
        parts.append(box((-0.62, y - 0.09, 0.0), (0.62, y + 0.09, 0.55), iron, "zZ"))
        parts.append(box((-0.75, y - 0.14, 0.0), (0.75, y + 0.14, 0.02), iron, "z"))
    parts.append(bevelled((-0.28, -2.42, 0.78), (0.28, -1.93, 1.34), index["plant/red"], "Y", 0.02))
    parts.append(placed(_lying([(0.27, -0.16), (0.29, -0.14), (0.29, 0.14), (0.27, 0.16)], 16, index["plant/red"],
                               (0.0, 0.0, 0.0)), moved((0.38, -2.12, 0.98))))  # fmt: skip
    parts.append(bevelled((0.50, -1.70, 1.62), (0.92, -0.80, 2.10), index["plant/grey"], "", 0.006))
    parts += [box((0.92, -1.55 + 0.25 * k, 1.78), (0.93, -1.42 + 0.25 * k, 1.91), dark, "x") for k in range(3)]
    for port in PORTS["boiler"]:
        parts.append(placed(turned([(0.075, 1.86), (0.075, 2.03), (0.12, 2.03), (0.12, 2.06)], 12, iron, ""),
                            moved((port.x, port.y, 0.0))))  # fmt: skip
    parts.append(placed(turned([(FLUE_M + 0.02, 1.82), (FLUE_M + 0.02, 2.2)], 16, iron, ""), moved((0.0, 1.5, 0.0))))
    return joined(parts)


def tank(index: Index) -> Mesh:
    """An upright tank in a canvas jacket with bands, on a skirt; a manhole, a gauge glass, a drain cock."""
    r = 0.78
    iron, band = index["iron"], index["zinc"]
    shell = [(r, 0.22), (r, 2.30), (0.70, 2.46), (0.42, 2.57), (0.10, 2.60)]
    parts = [turned(shell, 24, index["lagging"], "Z"), turned([(0.66, 0.0), (0.66, 0.24)], 20, iron, "")]
    parts += [turned([(r + 0.005, z), (r + 0.005, z + 0.04)], 24, band, "") for z in (0.30, 0.95, 1.60, 2.22)]
    parts.append(_lying([(0.26, 0.0), (0.26, 0.11), (0.22, 0.13)], 16, iron, (0.0, -r + 0.03, 0.85)))
    parts.append(tube(np.array([[0.42, -0.72, 1.25], [0.42, -0.72, 2.05]]), 0.012, 6, index["glass"]))
    parts += [box((0.40, -0.74, z), (0.44, -0.60, z + 0.04), iron, "Y") for z in (1.22, 2.04)]
    parts.append(tube(np.array([[-0.3, -0.60, 0.12], [-0.3, -0.86, 0.12]]), 0.025, 8, iron))
    return joined(parts)


def pump(index: Index) -> Mesh:
    """A close-coupled pump with its motor towards the aisle: ribs, a terminal box, a volute, its delivery up through a
    valve, its suction out of the floor."""
    iron, blue, green = index["iron"], index["plant/blue"], index["pipe/green"]
    z = 0.42
    ribs = [(0.150 + 0.016 * (k % 2), -0.10 + 0.060 * k) for k in range(8)]
    motor = [(0.10, -0.14), (0.148, -0.12), *ribs, (0.145, 0.37), (0.12, 0.42)]
    volute = [(0.09, -0.30), (0.20, -0.28), (0.24, -0.24), (0.24, -0.15), (0.20, -0.12), (0.08, -0.10)]
    parts = [
        bevelled((-0.22, -0.60, 0.0), (0.22, 0.45, 0.08), iron, "z", 0.006),
        _lying(motor, 12, blue, (0.0, -0.12, z)),
        _lying(volute, 14, green, (0.0, -0.08, z)),
        box((-0.15, -0.50, 0.08), (0.15, -0.10, z - 0.12), iron, "z"),
        bevelled((0.10, -0.36, z + 0.10), (0.26, -0.16, z + 0.24), index["plant/grey"], "", 0.006),
        tube(np.array([[0.0, 0.12, z + 0.15], [0.0, 0.12, 1.02]]), 0.084, 12, green),
        placed(turned([(0.14, 0.0), (0.14, 0.045)], 14, iron, "zZ"), moved((0.0, 0.12, 0.72))),
        placed(turned([(0.11, 0.0), (0.15, 0.10), (0.11, 0.22)], 14, iron, ""), moved((0.0, 0.12, 0.76))),
        placed(turned([(0.14, 0.0), (0.14, 0.045)], 14, iron, "zZ"), moved((0.0, 0.12, 0.97))),
        tube(np.array([[0.0, 0.20, z], [0.0, 0.52, z]]), 0.084, 12, green),
        tube(np.array([[0.0, 0.52, z + 0.08], [0.0, 0.52, -0.01]]), 0.084, 12, green),
    ]
    return joined(parts)


def switchgear(index: Index) -> Mesh:
    """Nine cubicles of switchgear on a channel: a door each with its handle, louvres and a plate, meters on some, and
    the conduits that feed them."""
    grey, iron, dark, zinc = index["plant/grey"], index["iron"], index["sealant"], index["zinc"]
    parts = [box((-3.6, -0.40, 0.0), (3.6, 0.42, 0.08), iron, "z")]
    small: list[Mesh] = []
    for k in range(9):
        left = -3.6 + 0.8 * k
        high = 2.20 if k not in (3, 4) else 2.05
        parts.append(bevelled((left + 0.004, -0.43, 0.08), (left + 0.796, 0.43, high), grey, "z", 0.006))
        split = (0.12, 1.05, high - 0.06) if k % 3 else (0.12, high - 0.06)
        for low, end in pairwise(split):
            small.append(
                bevelled((left + 0.03, -0.452, low + 0.01), (left + 0.77, -0.43, end - 0.01), grey, "Y", 0.005)
            )
            z = (low + end) / 2
            small.append(box((left + 0.68, -0.49, z - 0.09), (left + 0.71, -0.452, z + 0.09), dark, "Y"))
        small += [box((left + 0.2, -0.457, 0.24 + 0.04 * n), (left + 0.6, -0.452, 0.258 + 0.04 * n), dark, "Y")
                  for n in range(4)]  # fmt: skip
        if k % 3 == 1:
            small += [box((left + x, -0.462, 1.52), (left + x + 0.15, -0.452, 1.67), dark, "Y") for x in (0.14, 0.36)]
        small.append(box((left + 0.30, -0.455, 1.84), (left + 0.50, -0.452, 1.90), index["band/yellow"], "Y"))
    for x in (-3.1, -2.95, -1.4, 0.3, 0.45, 2.0, 3.2):
        small.append(tube(np.array([[x, 0.15, 2.0], [x, 0.15, TO_SLAB_M]]), 0.030, 8, zinc))
    return joined([*parts, shadeless(joined(small))])


def transformer(index: Index) -> Mesh:
    """A dry-type transformer in a ventilated case: louvres above and below, lifting eyes, a plate, two conduits up."""
    grey, iron, dark = index["plant/green"], index["iron"], index["sealant"]
    parts = [bevelled((-0.95, -0.6, 0.06), (0.95, 0.6, 1.90), grey, "z", 0.006),
             box((-0.9, -0.5, 0.0), (0.9, 0.5, 0.06), iron, "zZ")]  # fmt: skip
    small: list[Mesh] = []
    for z0 in (0.22, 1.42):
        for k in range(8):
            z = z0 + 0.04 * k
            small.append(box((-0.75, -0.606, z), (0.75, -0.6, z + 0.016), dark, "Y"))
            small += [box((x - 0.003, -0.42, z), (x + 0.003, 0.42, z + 0.016), dark) for x in (-0.953, 0.953)]
    small.append(box((-0.16, -0.605, 0.95), (0.16, -0.6, 1.17), index["band/yellow"], "Y"))
    small += [bar((x, 0.0, 1.88), (x, 0.0, 1.97), 0.03, iron) for x in (-0.7, 0.7)]
    for x in (-0.25, 0.25):
        small.append(tube(np.array([[x, 0.1, 1.88], [x, 0.1, TO_SLAB_M]]), 0.051, 10, index["zinc"]))
    return joined([*parts, shadeless(joined(small))])


def anchors(index: Index) -> Mesh:
    """What is left on a plinth: four bolts sawn off, two holes that were grouted."""
    rust = index["iron"]
    parts = [placed(turned([(0.02, 0.0), (0.018, 0.07)], 6, rust, "Z"), moved((x, y, 0.0)))
             for x in (-0.5, 0.5) for y in (-0.4, 0.4)]  # fmt: skip
    for x in (-0.2, 0.25):
        parts.append(placed(turned([(0.09, -0.004), (0.09, 0.003)], 10, index["precast"], "Z"), moved((x, 0.05, 0.0))))
    return joined(parts)


def duct(index: Index) -> Mesh:
    """A length of main duct along x about its middle; flanged where lengths meet."""
    half, wide, high = DUCT_LONG_M / 2, DUCT_M[0] / 2, DUCT_M[1] / 2
    sheet = box((-half, -wide, -high), (half, wide, high), index["duct"], "xX")
    rims = [
        box((x - 0.03, -wide - 0.03, -high - 0.03), (x + 0.03, wide + 0.03, high + 0.03), index["zinc"])
        for x in (-half + 0.03, half - 0.03)
    ]
    return joined([sheet, shadeless(joined(rims))])


def riser(index: Index) -> Mesh:
    """The box at the end of a main duct, from under it up into the slab; its place is on the floor below."""
    half = DUCT_M[0] / 2 + 0.06
    low = DUCT_UP_M - DUCT_M[1] / 2 - 0.06
    return box((-half, -half, low), (half, half, TO_SLAB_M), index["duct"], "Z")


def trapeze(index: Index) -> Mesh:
    """A hanger of two rods and a channel, along x, for a rack of pipes; its place is the channel's top."""
    half = 0.86
    parts = [box((-half, -0.0205, -0.041), (half, 0.0205, 0.0), index["zinc"])]
    parts += [bar((x, 0.0, 0.0), (x, 0.0, 2.5), 0.010, index["zinc"]) for x in (-half + 0.05, half - 0.05)]
    return joined(parts)


def mesh_panel(index: Index) -> Mesh:
    """A panel of welded mesh of 50 by 150 mm in a frame of angle iron, about the middle of its foot, along x."""
    half, foot, high = PANEL_M[0] / 2, 0.06, PANEL_M[1]
    steel = index["plant/mesh"]
    parts = [bar((x, 0.0, 0.0), (x, 0.0, high), 0.034, steel) for x in (-half + 0.02, half - 0.02)]
    parts += [bar((-half, 0.0, z), (half, 0.0, z), 0.030, steel) for z in (foot, 1.25, high - 0.015)]
    wires = np.linspace(-half, half, 37)[1:-1]
    parts += [box((x - 0.0025, -0.003, foot), (x + 0.0025, 0.003, high), steel, "xXzZ") for x in wires]
    parts += [box((-half, -0.003, z), (half, 0.003, z + 0.005), steel, "xXzZ") for z in np.arange(0.21, 2.3, 0.15)]
    return shadeless(joined(parts))


def mesh_gate(index: Index) -> Mesh:
    """A gate of wire mesh along x that stands open, its leaf turned out to low y, its padlock on the hasp."""
    half, high = PANEL_M[0] / 2, PANEL_M[1]
    steel = index["plant/mesh"]
    parts = [bar((x, 0.0, 0.0), (x, 0.0, high), 0.05, steel) for x in (-half + 0.02, half - 0.02)]
    parts.append(bar((-half, 0.0, high - 0.015), (half, 0.0, high - 0.015), 0.04, steel))
    leaf = placed(mesh_panel(index), moved((half - 0.02, 0.0, 0.0)))
    return joined([*parts, placed(leaf, _hinge(-half + 0.04, -1.9))])


def _hinge(x: float, angle: float) -> NDArray[np.float64]:
    """Turns about an upright axis at x."""
    c, s = float(np.cos(angle)), float(np.sin(angle))
    return np.array([[c, -s, 0, x], [s, c, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
