"""Settings of the tape section: the recorder and its tape."""

from __future__ import annotations

from typing import Literal

from .base import Section, setting


class TapeSettings(Section):
    """The recorder and its tape; a key left out takes the profile's value."""

    profile: Literal["sp", "ep", "worn", "off"] = setting(
        "sp", "sp: two-hour speed; ep: six-hour speed; worn: sp after many plays; off: no tape"
    )
    noise: float = setting(1.0, "luma and chroma noise, a factor", low=0.0, high=10.0)
    timebase: float = setting(1.0, "time-base error of the lines, a factor", low=0.0, high=20.0)
    dropouts: float = setting(1.0, "how often the coating fails, a factor", low=0.0, high=100.0)
    head_switch: float = setting(1.0, "step of the lines at the head switch, a factor", low=0.0, high=10.0)
    luma_mhz: float | None = setting(None, "luma bandwidth, -6 dB", unit="MHz", low=0.5, high=4.5)
    chroma_khz: float | None = setting(None, "chroma bandwidth, -6 dB", unit="kHz", low=100.0, high=1000.0)
    peaking_db: float | None = setting(None, "the deck's sharpness control", unit="dB", low=0.0, high=9.0)
    wear: float | None = setting(
        None, "many plays: noise, dropouts, softness, bad bands, streaks of colour; worn 0.6", low=0.0, high=1.0
    )
    tracking: float = setting(0.0, "tracking error: 0 none, 1 half a track off", low=0.0, high=1.0)
    foreign_deck: bool = setting(False, "played on another deck: head switch steps +1.7 and -0.1 us")
    generations: int | None = setting(
        None, "how often it was copied from tape to tape, the first included; worn 2, else 1", low=1, high=5
    )
    composite: bool = setting(False, "dubbed or captured through a composite cable: cross-colour, dot crawl")
    display: bool = setting(False, "PLAY, the speed and the counter, drawn by the deck")
    display_from_s: float = setting(0.0, "when the deck's display appears", unit="s", low=0.0, high=86400.0)
    display_to_s: float = setting(5.0, "when the deck's display goes", unit="s", low=0.0, high=86400.0)
    counter_s: float = setting(0.0, "what the deck's counter says at the first frame", unit="s", low=0.0, high=35999.0)
    audio: Literal["linear", "hifi"] = setting("linear", "which audio track is heard")
    audio_noise: float = setting(1.0, "hiss and buzz of the audio track, a factor", low=0.0, high=10.0)
    flutter: float = setting(1.0, "speed error heard in the audio track, a factor", low=0.0, high=20.0)
