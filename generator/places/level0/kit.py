"""Level 0's set, as the geometry stage wants it."""

from __future__ import annotations

from ...geometry.kit import Kit
from .set.anomalies import short_walls
from .set.ceiling import ceiling_holes
from .set.dress import ageing, dress, level_materials, palette
from .set.table import LUMINAIRES, MISSING_TILE, PROPS
from .set.things import furnish, things
from .surfaces.catalogue import SURFACES

KIT = Kit(
    surfaces=SURFACES,
    palette=palette,
    luminaires=LUMINAIRES,
    props=PROPS,
    level_materials=level_materials,
    dress=dress,
    ageing=ageing,
    altered=lambda plan, scene, seed: short_walls(plan, scene.look, seed),
    holes=lambda plan, prints, scene, seed: ceiling_holes(plan, prints, scene.look, seed),
    furnish=furnish,
    things=things,
    gap=MISSING_TILE,
)
