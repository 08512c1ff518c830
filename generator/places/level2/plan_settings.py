"""Settings of the plan section: the tunnels and their light."""

from __future__ import annotations

from ...scene.base import Section, setting


class PlanSettings(Section):
    """The tunnels and their light."""

    district_m: float = setting(300.0, "distance between hills of the district maps", unit="m", low=50, high=5000)
    loops: float = setting(
        0.14, "share of the maze's closed sides that are opened: crossings, ways round", low=0, high=1
    )
    crawl: float = setting(0.12, "share of tunnels that one has to stoop in", low=0, high=1)
    chambers: float = setting(0.4, "share of junctions and ends that widen into a chamber", low=0, high=1)
    twins: float = setting(0.2, "share of long tunnels with a narrow one beside them, behind grilles", low=0, high=1)
    pipes: float = setting(0.9, "how many of the lines there could be are there", low=0, high=1)
    lamps_dead: float = setting(0.3, "share of lamps that are dead where a circuit has power", low=0, high=1)
    lamps_failing: float = setting(0.03, "share of lamps that flicker", low=0, high=1)
    circuits_dead: float = setting(0.35, "share of circuits, a tunnel each, that are dead", low=0, high=1)
    blackout: float = setting(0.3, "share of the tunnels in districts without power", low=0, high=1)
    damp: float = setting(0.4, "share of the tunnels in damp districts", low=0, high=1)
    decay: float = setting(0.5, "share of the tunnels in decayed districts", low=0, high=1)
