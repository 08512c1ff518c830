"""The props of the car park, a row each."""

from __future__ import annotations

from ....colour import GREEN_DUV
from ....geometry.kit import Emitter, Luminaire, Prop, Sight
from ..plan.racks import HEIGHTS_M
from ..plan.uses import Use
from . import machines, props, racking

_EXIT = Luminaire(
    "exit_sign", props.exit_sign,
    (Emitter(
        (0.0, -props.EXIT_DEPTH_M, 0.0), (props.EXIT_HALF_M[0], 0.0, 0.0), (0.0, 0.0, props.EXIT_HALF_M[1]),
        (0.0, -1.0, 0.0),
    ),), 40.0, (2900.0, 2900.0), GREEN_DUV, recessed=False, hum=0.0, reach_m=4.0,
)  # fmt: skip

_WINDOW = Luminaire(
    "lit_window", props.window("lens/window"),
    (Emitter(
        (0.0, -props.WINDOW_DEPTH_M - 0.001, 0.0), (props.WINDOW_HALF_M[0], 0.0, 0.0),
        (0.0, 0.0, props.WINDOW_HALF_M[1]), (0.0, -1.0, 0.0),
    ),), 28.0, (3600.0, 3600.0), GREEN_DUV, recessed=False, hum=0.0, reach_m=8.0,
)  # fmt: skip

PROPS: dict[str, Prop] = {
    prop.kind: prop
    for prop in (
        Prop("wheel_stop", props.wheel_stop),
        Prop("bollard", props.bollard),
        Prop("steel_door", props.steel_door, sight=Sight(200, 1.07, 1.4, 0.25, flat=True)),
        Prop("exit_sign", props.exit_sign, sight=Sight(201, 0.0, 0.3, 0.5, flat=True), lamp=_EXIT),
        Prop("tarpaulin", props.tarpaulin, sight=Sight(202, 0.7, 2.6, 1.2)),
        Prop("drain", props.drain),
        Prop("sprinkler", props.sprinkler),
        Prop("roller_door", racking.roller_door, sight=Sight(203, 1.9, 3.4, 0.35, flat=True)),
        Prop("dock_gear", racking.dock_gear),
        Prop("leveller", racking.leveller),
        Prop("window", props.window("glass"), sight=Sight(205, 0.0, 1.8, 0.2, flat=True)),
        Prop("lit_window", props.window("lens/window"), sight=Sight(206, 0.0, 1.8, 0.6, flat=True), lamp=_WINDOW),
        *(
            Prop(kind, make, sight=Sight(number, middle, size, 0.7))
            for number, (kind, make, middle, size) in enumerate(
                (
                    ("air_handler", machines.air_handler, 1.2, 4.0),
                    ("boiler", machines.boiler, 1.1, 3.0),
                    ("tank", machines.tank, 1.3, 2.4),
                    ("pump", machines.pump, 0.6, 1.2),
                    ("switchgear", machines.switchgear, 1.1, 4.0),
                    ("transformer", machines.transformer, 1.0, 1.9),
                ),
                207,
            )
        ),
        Prop("anchors", machines.anchors),
        Prop("duct", machines.duct),
        Prop("riser", machines.riser),
        Prop("trapeze", machines.trapeze),
        Prop("mesh_panel", machines.mesh_panel),
        Prop("mesh_gate", machines.mesh_gate, sight=Sight(213, 1.2, 2.4, 0.4)),
        Prop("rack_frame", racking.frame(Use.WAREHOUSE), crowds=True),
        Prop("rack_frame_low", racking.frame(Use.MIXED), crowds=True),
        Prop("rack_beams", racking.beams, crowds=True),
        Prop("pallet", racking.pallet, movable=True),
        *(
            Prop(
                racking.load_name(course, wrapped),
                racking.load(course, wrapped),
                sight=Sight(204, 0.6, 1.2, 0.3) if course == len(HEIGHTS_M) - 1 else None,
            )
            for course in range(len(HEIGHTS_M))
            for wrapped in (False, True)
        ),
    )
}
