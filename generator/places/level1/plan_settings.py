"""Settings of the plan section: the structure and what it is used for."""

from __future__ import annotations

from typing import NamedTuple

from ...scene.base import Section, setting


class FloorShares(NamedTuple):
    """Shares of the floor that lie in halls, counting half of what is mixed, and in plant rooms."""

    halls: float = 0.0
    plant: float = 0.0


class PlanSettings(Section):
    """The structure and what it is used for."""

    district_m: float = setting(240.0, "distance between hills of the district maps", unit="m", low=50, high=5000)
    ceiling_m: float = setting(3.05, "usual height of the slab over the floor", unit="m", low=2.9, high=3.6)
    walls: float = setting(0.62, "share of movement joints that are closed by a fire wall", low=0, high=1)
    cores: float = setting(0.7, "chance of a stair core or shaft between two joints, tried twice", low=0, high=1)
    stalls: float = setting(0.82, "share of the floor between joints that is marked out for parking", low=0, high=1)
    halls: float = setting(0.0, "share of the floor that lies in halls: warehouse, not car park", low=0, high=1)
    plant: float = setting(0.0, "share of the floor that lies in plant rooms", low=0, high=1)
    racks: float = setting(0.75, "share of the halls' floor between joints that is racked", low=0, high=1)
    lamps_dead: float = setting(0.12, "share of lamps that are dead where there is power", low=0, high=1)
    lamps_failing: float = setting(0.015, "share of lamps that flicker", low=0, high=1)
    blackout: float = setting(0.12, "share of the floor in districts without power", low=0, high=1)
    damp: float = setting(0.25, "share of the floor in damp districts", low=0, high=1)
    decay: float = setting(0.3, "share of the floor in decayed districts", low=0, high=1)

    @property
    def shares(self) -> FloorShares:
        """How much of the floor is used for what."""
        return FloorShares(self.halls, self.plant)
