"""How a scene says what the operator does: a word, then seconds."""

from __future__ import annotations

from typing import Any

from ..errors import shown

WORDS = ("walk", "run", "investigate", "look back", "hide", "drop", "stand")
SHORTEST_S, LONGEST_S = 0.05, 36000.0
FORM = 'write them as "walk 8": a word, then seconds'


def read_beat(text: Any) -> tuple[str, float]:
    """The word (one of ``WORDS``) and the seconds of a text such as ``"look back 2.5"``.

    Raises ValueError that says what is wrong: an unknown word, or a length out of range.
    """
    word, _, number = text.strip().rpartition(" ") if isinstance(text, str) else ("", "", "")
    try:
        seconds = float(number)
    except ValueError:
        word, seconds = str(text).strip(), -1.0
    word = word.strip()
    if word not in WORDS:
        raise ValueError(f"unknown beat {shown(word)}; known are {', '.join(WORDS)}; {FORM}")
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise ValueError(f"{shown(text)} lasts no time from {SHORTEST_S:g} to {LONGEST_S:g} s; {FORM}")
    return word, seconds
