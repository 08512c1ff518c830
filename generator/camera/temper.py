"""How one take is exposed: what its operator and its meter make of the light, drawn before anything is filmed."""

from __future__ import annotations

from dataclasses import dataclass

from ..scene.camera import CameraSettings
from ..seed import rng_for
from .profile import camera_for

BAD_TAKES = 0.125
"""Share of takes that are badly exposed in films and batches of seeds, too bright; as many are too dark."""
TARGET_SPREAD = 0.06
"""How far the mean luma aimed at lies from the camera's own, at most, either way."""
BIAS_EV = 0.3
"""How far the operator's bias goes at most either way, doublings."""
AVERAGING = 0.4
"""Share of takes whose meter counts the whole picture alike."""
CENTRE = (1.0, 6.0)
"""How much more the middle counts than the border in other takes."""
LAMPS = (1.0, 8.0)
"""White levels up to which a lamp counts in the meter: the more, the darker the rest."""
OVER_EV, UNDER_EV = (0.7, 1.2), (-1.6, -0.9)
"""What a badly exposed take is off by, doublings."""


@dataclass(frozen=True)
class Temper:
    """How a take is metered and exposed.

    target: mean luma aimed at, 1 = white. ev: doublings beside it. centre: how much more the middle counts than the
    border, 0 = not at all. lamps: white levels up to which a highlight counts.
    """

    target: float
    ev: float = 0.0
    centre: float = 4.0
    lamps: float = 2.0


def even_temper(settings: CameraSettings) -> Temper:
    """The temper of a camera whose takes are all alike: its own target, a centre-weighted meter, the scene's ev."""
    return Temper(camera_for(settings).ae_target, settings.exposure_ev)


def temper_of(settings: CameraSettings, seed: int) -> Temper:
    """Draw the temper of a seed's take; even where the scene sets ``ae_target`` or ``exposure_ev``, or is ideal."""
    even = even_temper(settings)
    amount = settings.temper
    if settings.ae_target is not None or settings.exposure_ev != 0.0 or settings.profile == "ideal" or amount == 0.0:
        return even
    rng = rng_for(seed, "camera.temper")
    target = even.target + amount * TARGET_SPREAD * rng.uniform(-1.0, 1.0)
    bias = amount * BIAS_EV * rng.uniform(-1.0, 1.0)
    centre = 0.0 if rng.uniform() < AVERAGING else rng.uniform(*CENTRE)
    lamps = LAMPS[0] * (LAMPS[1] / LAMPS[0]) ** rng.uniform()
    return Temper(target, bias + _mishap(settings, seed), *_between(even, amount, centre, lamps))


def mishaps_allowed(settings: CameraSettings) -> CameraSettings:
    """The camera of a film or of a batch of seeds: takes go wrong, as often as the scene says, else BAD_TAKES."""
    return settings if settings.bad_takes is not None else settings.model_copy(update={"bad_takes": BAD_TAKES})


def _between(even: Temper, amount: float, centre: float, lamps: float) -> tuple[float, float]:
    """The meter, ``amount`` of the way from the even one."""
    return even.centre + amount * (centre - even.centre), even.lamps + amount * (lamps - even.lamps)


def _mishap(settings: CameraSettings, seed: int) -> float:
    """Doublings by which a take is spoilt: 0 for most."""
    rng, share = rng_for(seed, "camera.exposure"), settings.bad_takes or 0.0
    which = rng.uniform()
    return rng.uniform(*OVER_EV) if which < share else rng.uniform(*UNDER_EV) if which < 2 * share else 0.0
