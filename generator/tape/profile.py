"""A deck and its tape in numbers: what a profile's name and the scene's own keys come to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..scene.tape import TapeSettings


@dataclass(frozen=True)
class Deck:
    """One recorder with one tape.

    luma_hz, chroma_hz: bandwidth, -6 dB. peaking_db: playback aperture's lift at 2 MHz. luma_noise, chroma_noise:
    rms as a share of black to white, before the noise canceller and after the comb. canceller: limit of the
    noise canceller, same unit. chroma_late_s: chroma's delay against luma. burst_deg: rms error of each line's
    colour phase. timebase, dropouts: factors on the measured SP figures. switch_s: steps of the line position at
    the switch to head A and to head B. tracking: share of half a track by which the heads are off.
    generations: how often it goes from tape to tape. composite: it came in through a composite cable.
    wear: 0..1, see ``wear``. curl_s: how far a creased edge pulls the top of the picture aside. comets: share of the
    deep losses that the compensator misses, white with a tail.
    Source: the measured figures of IEC 60774-1 decks, JVC SR-VS30U data, UFGS 13703N; see each stage.
    """

    name: str
    luma_hz: float
    chroma_hz: float
    peaking_db: float
    luma_noise: float
    canceller: float
    chroma_noise: float
    chroma_late_s: float
    burst_deg: float
    timebase: float
    dropouts: float
    switch_s: tuple[float, float]
    tracking: float
    generations: int = 1
    composite: bool = False
    wear: float = 0.0
    curl_s: float = 0.0
    comets: float = 0.0


SP = Deck(
    name="SP",
    luma_hz=2.80e6,
    chroma_hz=0.48e6,
    peaking_db=2.6,
    luma_noise=0.0085,
    canceller=0.010,
    chroma_noise=0.0053,
    chroma_late_s=300e-9,
    burst_deg=1.2,
    timebase=1.0,
    dropouts=1.0,
    switch_s=(0.95e-6, 0.95e-6),
    tracking=0.0,
)
EP = replace(
    SP,
    name="EP",
    luma_hz=2.40e6,
    chroma_hz=0.42e6,
    luma_noise=0.0125,
    canceller=0.012,
    chroma_noise=0.0085,
    burst_deg=1.8,
    timebase=1.5,
    dropouts=2.5,
)
WORN = 0.6
"""Wear of the profile ``worn``, which is a copy: its second generation."""
FOREIGN_SWITCH_S = (1.7e-6, -0.1e-6)
"""Head switch steps of a tape from another deck. Source: US5675698."""


def deck_for(settings: TapeSettings) -> Deck:
    """The deck that a scene asks for: its profile, then the scene's own keys, then wear and tracking."""
    deck = EP if settings.profile == "ep" else SP
    worn = settings.profile == "worn"
    wear = settings.wear if settings.wear is not None else (WORN if worn else 0.0)
    deck = _worn(deck, wear)
    step = FOREIGN_SWITCH_S if settings.foreign_deck else deck.switch_s
    return replace(
        deck,
        luma_hz=deck.luma_hz if settings.luma_mhz is None else settings.luma_mhz * 1e6,
        chroma_hz=deck.chroma_hz if settings.chroma_khz is None else settings.chroma_khz * 1e3,
        peaking_db=deck.peaking_db if settings.peaking_db is None else settings.peaking_db,
        luma_noise=deck.luma_noise * settings.noise,
        chroma_noise=deck.chroma_noise * settings.noise,
        burst_deg=deck.burst_deg * settings.noise,
        timebase=deck.timebase * settings.timebase,
        dropouts=deck.dropouts * settings.dropouts,
        switch_s=(step[0] * settings.head_switch, step[1] * settings.head_switch),
        tracking=settings.tracking,
        generations=settings.generations or (2 if worn else 1),
        composite=settings.composite,
    )


def _worn(deck: Deck, wear: float) -> Deck:
    """A deck's tape after ``wear`` (0..1): at 1 the signal has lost 6 dB and a fifth of its bandwidth.

    Its length has changed too, so that the head switch steps twice as far, and it is creased.
    """
    return replace(
        deck,
        luma_hz=deck.luma_hz * (1 - 0.2 * wear),
        chroma_hz=deck.chroma_hz * (1 - 0.15 * wear),
        luma_noise=deck.luma_noise * 10 ** (6 * wear / 20),
        chroma_noise=deck.chroma_noise * 10 ** (6 * wear / 20),
        timebase=deck.timebase * (1 + wear),
        dropouts=deck.dropouts * (1 + 9 * wear),
        switch_s=(deck.switch_s[0] * (1 + wear), deck.switch_s[1] * (1 + wear)),
        wear=wear,
        curl_s=1.8e-6 * wear,
        comets=0.5 * wear,
    )
