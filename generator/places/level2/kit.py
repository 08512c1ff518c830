"""The tunnels' set, as the geometry stage wants it."""

from __future__ import annotations

from functools import partial

from ...geometry.kit import Kit, Luminaire
from .plan.lamps import KELVIN
from .set.bulkhead import BODY, WAYS, bulkhead, emitters, luminance
from .set.dress import ageing, dress, level_materials, palette
from .set.table import PROPS
from .set.things import furnish, things
from .surfaces.catalogue import SURFACES

LUMINAIRES = tuple(
    Luminaire(
        f"bulkhead_{way}", partial(bulkhead, way), emitters(way), luminance(emitters(way)), (KELVIN, KELVIN), 0.0,
        recessed=False, hum=0.0, reach_m=14.0, plan_m=BODY,
    )
    for way in WAYS
)  # fmt: skip

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
