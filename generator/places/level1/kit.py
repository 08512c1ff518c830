"""The set of car park and warehouse, as the geometry stage wants it."""

from __future__ import annotations

from functools import partial

from ...colour import GREEN_DUV
from ...geometry.kit import Index, Kit, Luminaire
from ...geometry.level import Mesh
from ..level2.set import bulkhead
from .plan.lamps import BULKHEAD_KELVIN, HALIDE_KELVIN, KELVIN, SODIUM_KELVIN, WAKING_KELVIN, WARMING_KELVIN
from .set import highbay
from .set.dress import ageing, dress, level_materials, palette
from .set.strip import REST_M, ROD_M, emitters, luminance, strip
from .set.table import PROPS
from .set.things import furnish, things
from .surfaces.catalogue import SURFACES


def _hung(lamps: tuple[bool, bool], rest_m: float, index: Index, corners=(), taken=()) -> Mesh:
    return strip(index, lamps, rest_m)


def _strip(kind: str, lamps: tuple[bool, bool], rest_m: float = REST_M) -> Luminaire:
    tubes = sum(lamps)
    return Luminaire(
        kind, partial(_hung, lamps, rest_m), emitters(tubes), luminance(tubes), KELVIN, GREEN_DUV,
        recessed=False, hum=1.0, reach_m=20.0,
    )  # fmt: skip


def _bay(kind: str, lumens: float, kelvin: tuple[float, float], duv: float) -> Luminaire:
    return Luminaire(
        kind, highbay.high_bay, highbay.emitters(), highbay.luminance(lumens), kelvin, duv,
        recessed=False, hum=1.4, reach_m=24.0,
    )  # fmt: skip


_DOWN = bulkhead.emitters("ceiling")[:1]
_BULKHEAD = Luminaire(
    "bulkhead_ceiling", partial(bulkhead.bulkhead, "ceiling"), _DOWN, bulkhead.luminance(_DOWN),
    (BULKHEAD_KELVIN, BULKHEAD_KELVIN), 0.0, recessed=False, hum=0.0, reach_m=14.0, plan_m=bulkhead.BODY,
)  # fmt: skip

LUMINAIRES = (
    _strip("strip", (True, True)),
    _strip("strip_tube_dead", (False, True)),
    _bay("halide", highbay.HALIDE_LUMENS, HALIDE_KELVIN, GREEN_DUV),
    _bay("sodium", highbay.SODIUM_LUMENS, SODIUM_KELVIN, 0.0),
    _bay("halide_waking", 0.10 * highbay.HALIDE_LUMENS, WAKING_KELVIN, 0.03),
    _bay("halide_warming", 0.42 * highbay.HALIDE_LUMENS, WARMING_KELVIN, 0.012),
    _strip("strip_low", (True, True), ROD_M),
    _strip("strip_low_tube_dead", (False, True), ROD_M),
    _BULKHEAD,
)

KIT = Kit(
    surfaces=SURFACES,
    palette=palette,
    luminaires=LUMINAIRES,
    props=PROPS,
    level_materials=level_materials,
    dress=dress,
    ageing=ageing,
    furnish=furnish,
    things=things,
)
