"""The props of the tunnels, a row each."""

from __future__ import annotations

from functools import partial

from ....geometry.kit import Prop
from ..pipes.lines import LABELLED, LINES
from . import fittings


def _rows() -> list[Prop]:
    """What holds pipes and sits on them: a kind for each line."""
    rows = [Prop(f"strut_{k}", partial(fittings.strut, high)) for k, high in enumerate(fittings.STRUTS)]
    for line in LINES:
        rows += [
            Prop(f"{kind}_{line.name}", partial(make, line))
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
    return rows


PROPS: dict[str, Prop] = {prop.kind: prop for prop in _rows()}
