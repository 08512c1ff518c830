"""The camera's automatics over time: iris, white balance and focus, planned for every field."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..scene.camera import CameraSettings
from ..seed import rng_for
from .exposure import share_gain, white_factors
from .profile import camera_for

WHITE_S = 3.0
"""Time constant of the automatic white balance: from lamp to lamp in 4 to 10 s."""
FOCUS_PER_S = 0.25
FOCUS_S = (0.8, 1.6)
FOCUS_BLUR = 0.004
"""At full readiness: hunts a second, how long each lasts, and its largest blur as a share of the width."""
ELSE_FOCUS, BLANK_FOCUS = 0.2, 1.8
"""How many times as often the focus hunts where there is much to see; and what a blank wall adds."""
FILM_FOCUS, FILM_DRIFT = 0.4, 4.0
"""How readily a film's focus hunts, and mired by which its white wanders, where the scene does not say."""


def restless(settings: CameraSettings) -> CameraSettings:
    """The camera of a film: its focus hunts and its white wanders a little where the scene does not say how much."""
    own = {"focus_hunting": FILM_FOCUS, "white_drift": FILM_DRIFT}
    unsaid = {name: much for name, much in own.items() if getattr(settings, name) is None}
    return settings if settings.profile == "ideal" else settings.model_copy(update=unsaid)


def iris_plan(
    wanted: ArrayLike, dt: float, settings: CameraSettings
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exposure and gain in dB for each of N fields ``dt`` seconds apart from the exposures that the views ask for.

    wanted: (N,), linear. The iris is a servo of second order in doublings, at rest before the first field: after a step
    it is within 5 % of it after ``iris_s`` and overshoots by ``iris_overshoot``.
    """
    iris = iris_steps(dt, settings)
    next(iris)
    steps = [iris.send(float(w)) for w in np.asarray(wanted, dtype=np.float64)]
    exposure, gain = np.array(steps, dtype=np.float64).reshape(-1, 2).T
    return exposure, gain


def iris_steps(dt: float, settings: CameraSettings) -> Generator[tuple[float, float], float, None]:
    """The same one field after another, for footage whose end is not known: send a wanted exposure, get exposure, gain.

    Source: step response of a second-order system; overshoot = exp(-pi z / sqrt(1 - z^2)), 5 % settling = 3 / (z w).
    """
    camera = camera_for(settings)
    low = np.log2(camera.open_exposure * camera.closed)
    high = np.log2(camera.open_exposure) + camera.gain_up_db / 20 * np.log2(10)
    log = np.log(max(settings.iris_overshoot, 1e-4))
    damping = -log / np.hypot(np.pi, log)
    pull = 3.0 / settings.iris_s
    swing = pull / damping * np.sqrt(1 - damping**2)
    decay, c, s = np.exp(-pull * dt), np.cos(swing * dt), np.sin(swing * dt)
    away, speed = 0.0, 0.0
    wanted = yield 0.0, 0.0
    last = goal = float(np.clip(np.log2(max(wanted, 1e-12)), low, high))
    while True:
        away += last - goal
        last, before = goal, away
        lean = (speed + pull * away) / swing
        away = decay * (before * c + lean * s)
        speed = decay * (lean * swing * c - before * swing * s) - pull * away
        wanted = yield share_gain(2.0 ** (goal + away), camera)
        goal = float(np.clip(np.log2(max(wanted, 1e-12)), low, high))


def white_plan(
    count: int, dt: float, settings: CameraSettings, lamp_white: ArrayLike = (1.0, 1.0, 1.0), seed: int = 0
) -> NDArray[np.float64]:
    """(N, 3) white factors: the lamps followed with a lag, the set error, and a wander of ``white_drift`` mired rms.

    lamp_white: (3,) or (N, 3) mean colour of the lamps in view. The first field is settled.
    """
    lamps = np.broadcast_to(np.asarray(lamp_white, dtype=np.float64), (count, 3))
    keep = np.exp(-dt / WHITE_S)
    push = (rng_for(seed, "camera.white").uniform(size=count) - 0.5) * np.sqrt(12 * (1 - keep * keep))
    out = np.empty((count, 3))
    camera = camera_for(settings)
    wander, seen = 0.0, lamps[0] if count else np.ones(3)
    for n in range(count):
        out[n] = white_factors(seen, camera.white_error + (settings.white_drift or 0.0) * wander, camera.white_green)
        seen = seen + (1 - keep) * (lamps[n] - seen)
        wander = keep * wander + push[n]
    return out


def focus_plan(
    count: int, dt: float, settings: CameraSettings, seed: int = 0, blank: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """(N,) blur radius of hunting focus, shares of the width: now and then a swing out, back through, and to rest.

    blank (N,): how blank what is before the camera is, 0..1; it hunts the more often, and else the less. None: 0.
    """
    rng, readiness = rng_for(seed, "camera.focus"), settings.focus_hunting or 0.0
    blur, time = np.zeros(count), np.arange(count) * dt
    often = np.ones(count) if blank is None else ELSE_FOCUS + BLANK_FOCUS * blank
    owed = np.concatenate([[0.0], np.cumsum(often)]) * dt * FOCUS_PER_S * readiness
    start, borders = 0.0, np.arange(count + 1) * dt
    while readiness > 0:
        due = np.interp(start, borders, owed) - np.log(1.0 - rng.uniform())
        length = FOCUS_S[0] + (FOCUS_S[1] - FOCUS_S[0]) * rng.uniform()
        if due >= owed[-1]:
            break
        start = float(np.interp(due, owed, borders))
        share = np.clip((time - start) / length, 0.0, 1.0)
        blur += FOCUS_BLUR * readiness * np.abs(np.sin(3 * np.pi * share)) * (1 - share)
        start += length
    return blur
