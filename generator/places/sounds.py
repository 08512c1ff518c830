"""How a place sounds: steps on its floor, what its surfaces absorb, machines far off; lamps say how loud they hum."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[float, float]
Octaves = tuple[float, float, float, float, float, float]
"""One number for each octave of OCTAVES_HZ."""
OCTAVES_HZ = (125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0)
"""Middles of the octaves in which absorption is published. The first counts below, the last above."""
REACH_M = 30.0
"""Openings absorb all that goes farther off than this in plan, where a place says nothing else."""


@dataclass(frozen=True)
class Footing:
    """What a step in soft shoes sounds like on a floor: each span is drawn from, step by step.

    thud_hz, thud_s: pitch of the heel's thud and its decay. knock, knock_s: share of its noise, and decay. brush: share
    of the sole's brushing, in the band brush_hz, which fades in brush_s. scuff: share of the toe's scuff as it leaves
    the floor, mostly near the lower end.
    """

    thud_hz: Span
    thud_s: Span
    knock: float
    knock_s: float
    brush: Span
    brush_hz: Span
    brush_s: float
    scuff: Span = (0.0, 0.0)


@dataclass(frozen=True)
class Lining:
    """What a surface does to sound. absorption: share of the energy that is not reflected, by octave. scattering:
    share of the reflected energy that goes in all directions, not as off a mirror."""

    absorption: Octaves
    scattering: float


@dataclass(frozen=True)
class Machine:
    """A machine that runs somewhere in the building, heard alike everywhere.

    level_db: against Level 0's air handler. fall_db: how much its noise falls an octave above knee_hz. tone_hz, tone:
    its blades' passing, and share of it. stops_per_hour: how often it stops; rest_s: for how long.
    """

    level_db: float
    knee_hz: float
    fall_db: float
    tone_hz: float
    tone: float
    stops_per_hour: float
    rest_s: Span


CARPET = Footing((62.0, 95.0), (0.028, 0.045), 2.2, 0.042, (0.12, 0.28), (600.0, 4200.0), 0.07, (0.05, 0.8))
"""Loop pile over concrete: a dull thud, and the pile being brushed."""
STONE = Footing((95.0, 140.0), (0.012, 0.020), 0.60, 0.018, (0.10, 0.20), (1500.0, 7000.0), 0.03, (0.1, 0.5))
"""Bare stone or concrete: a short knock, and grit under the sole."""

GLUED_CARPET = Lining((0.02, 0.04, 0.08, 0.20, 0.35, 0.40), 0.30)
"""Thin carpet, cemented to concrete. Source: Vorländer, Auralization, Springer 2008, appendix, table of absorption."""
GYPSUM_BOARD = Lining((0.15, 0.10, 0.06, 0.04, 0.04, 0.05), 0.10)
"""Two boards of 13 mm on a steel frame, painted. Source: as above."""
FISSURED_TILE = Lining((0.49, 0.53, 0.53, 0.75, 0.92, 0.99), 0.20)
"""A suspended ceiling of fissured mineral tiles. Source: as above."""
CONCRETE = Lining((0.01, 0.01, 0.02, 0.02, 0.02, 0.05), 0.15)
"""Smooth concrete, unpainted. Source: as above."""
BRICK = Lining((0.03, 0.03, 0.03, 0.04, 0.05, 0.07), 0.25)
"""Unglazed brick. Source: Barron, Industrial Noise Control and Acoustics, Dekker 2003, appendix D."""
DRYWALL_DB = (22.0, 27.0, 43.0, 47.0, 37.0, 46.0)
"""A board of 13 mm on either side of metal studs. Source: Finch, Introduction to Acoustics, 2005, table 11.4."""
BRICKWORK_DB = (32.0, 34.0, 40.0, 47.0, 55.0, 61.0)
"""Brick, 10 cm thick. Source: as above."""
AIR_HANDLER = Machine(0.0, 40.0, 5.0, 58.0, 0.3, 6.0, (20.0, 90.0))
"""Ventilation: noise that falls 5 dB an octave from 40 Hz on, and the hum of a fan's blades."""


@dataclass(frozen=True)
class Sounds:
    """How a place sounds. footing: of the floor. room_db: the far-off air of the building, against Level 0's. floor,
    wall, ceiling: what these surfaces do to sound. partition_db: what a wall takes of sound that passes through it, by
    octave. machines: what runs in the building. thuds_per_hour: how often something falls or slams far off.
    drips_per_minute, ticks_per_minute: how often a drop falls, and a pipe ticks as it warms, near by. reach_m: how far
    off sound may go and come back; beyond, openings absorb all."""

    footing: Footing
    room_db: float = 0.0
    floor: Lining = CONCRETE
    wall: Lining = CONCRETE
    ceiling: Lining = CONCRETE
    partition_db: Octaves = DRYWALL_DB
    machines: tuple[Machine, ...] = ()
    thuds_per_hour: float = 20.0
    drips_per_minute: float = 0.0
    ticks_per_minute: float = 0.0
    reach_m: float = REACH_M
