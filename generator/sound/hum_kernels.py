"""The compiled kernel of hum: a fixture's period read in a loop, a thousand times as often as it is made."""

from __future__ import annotations

from numba import njit

from ..kernel_options import ENTRY


@njit(**ENTRY)
def add_hum(out, first, start, samples_a_field, level, phase, turn, hum, gate, buzz, buzz_start):
    """Add a fixture's hum to ``out`` (n,) from sample ``first`` on, to the end of its level.

    level (N + 1,): amplitude at borders of fields, of which the first lies at sample ``first``. start: number of
    sample ``first`` on the film's clock. phase, turn: periods at sample 0 of the clock, and a sample. hum, gate
    (P + 1,): a period and the buzz's share of it. buzz (B,): a loop of noise, begun at buzz_start.
    """
    period = len(hum) - 1
    at, b = (start * turn + phase) % 1.0, (start + buzz_start) % len(buzz)
    n, last = first, min(first + int((len(level) - 1) * samples_a_field + 0.5), len(out))
    for field in range(len(level) - 1):
        stop = min(first + int((field + 1) * samples_a_field) + 1, last)
        climb = (level[field + 1] - level[field]) / samples_a_field
        loud = level[field] + (n - first - field * samples_a_field) * climb
        while n < stop:
            i = int(at * period)
            f = at * period - i
            tone = hum[i] + f * (hum[i + 1] - hum[i])
            out[n] += loud * (tone + (gate[i] + f * (gate[i + 1] - gate[i])) * buzz[b])
            loud += climb
            at += turn
            if at >= 1.0:
                at -= 1.0
            b += 1
            if b == len(buzz):
                b = 0
            n += 1
