"""Settings of the film section: shots and delivery."""

from __future__ import annotations

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from .base import Section, setting
from .beat import read_beat


class FilmSettings(Section):
    """What happens in a film, and for how long."""

    seconds: float = setting(30.0, "length, where the command line gives none", unit="s", low=0.05, high=21600.0)
    beats: tuple[str, ...] = setting(
        (),
        "what the operator does: walk, run, investigate, look back, hide, drop or stand, then seconds; over and over; "
        "none: drawn from the seed",
    )
    flash_safe: bool = setting(
        True, "failing lamps flash at most once a second; off, films may harm photosensitive viewers"
    )

    @field_validator("beats")
    @classmethod
    def _beats_are_known(cls, beats: tuple[str, ...]) -> tuple[str, ...]:
        try:
            for beat in beats:
                read_beat(beat)
        except ValueError as error:
            raise PydanticCustomError("beat", "{reason}", {"reason": str(error)}) from None
        return beats
