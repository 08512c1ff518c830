"""The props of the tunnels, a row each."""

from __future__ import annotations

from functools import partial

from ....geometry.kit import Prop, Sight
from ...level1.set.props import drain, steel_door
from ..pipes.lines import BY_NAME, LABELLED, LINES
from ..plan.tunnels import LADDERS
from . import fittings, machines


def _rows() -> list[Prop]:
    """What holds pipes and sits on them: a kind for each line."""
    rows = [Prop(f"strut_{k}", partial(fittings.strut, ends)) for k, ends in enumerate(fittings.STRUTS)]
    for line in LINES:
        rows += [
            Prop(f"{kind}_{line.name}", partial(make, line), crowds=kind == "reach")
            for kind, make in (
                ("arm", fittings.arm),
                ("sleeve", fittings.sleeve),
                ("joint", fittings.joint),
                ("reach", fittings.reach),
            )
        ]
    for line in LABELLED:
        rows += [
            Prop(f"{kind}_{line.name}", partial(make, line))
            for kind, make in (("flanges", fittings.flanges), ("valve", fittings.valve), ("label", fittings.label))
        ]
    taps = (("trap", "steam", fittings.trap), ("hydrant", "fire", fittings.hydrant), ("gauge", "water", fittings.gauge))
    rows += [Prop(f"{kind}_{name}", partial(make, BY_NAME[name])) for kind, name, make in taps]
    return rows + [Prop(f"open_{line.name}", partial(fittings.open_end, line)) for line in LABELLED]


_STANDING = (
    Prop("pump", machines.pump, sight=Sight(300, 0.8, 1.6, 0.9)),
    Prop("switchgear", machines.switchgear, sight=Sight(301, 1.1, 2.1, 0.8)),
    Prop("tank", machines.tank, sight=Sight(302, 1.3, 2.2, 0.8)),
    *(Prop(f"ladder_{k}", partial(machines.ladder, k), sight=Sight(303, 1.8, 2.0, 1.1)) for k in range(len(LADDERS))),
    Prop("steel_door", steel_door, sight=Sight(304, 1.07, 1.4, 0.5, flat=True)),
    Prop("grille", machines.grille),
    Prop("sump", machines.sump),
    Prop("drain", drain),
)
PROPS: dict[str, Prop] = {prop.kind: prop for prop in (*_rows(), *_STANDING)}
