"""The compiled kernel of hum: a fixture's period read in a loop, a thousand times as often as it is made."""

from __future__ import annotations

from numba import njit


@njit(cache=True)
def add_hum(out, first, start, samples_a_field, level, phase, turn, hum, gate, buzz, buzz_start):
    """Add a fixture's hum to ``out`` (n,) from sample ``first`` on, to the end of its level.

    level (N + 1,): amplitude at borders of fields, of which the first lies at sample ``first``. start: number of
    sample ``first`` on the film's clock. phase, turn: periods at sample 0 of the clock, and a sample. hum, gate
    (P + 1,): a period and the buzz's share of it. buzz (B,): a loop of noise, begun at buzz_start.
    """
    period = len(hum) - 1
    last = min(int((len(level) - 1) * samples_a_field + 0.5), len(out) - first)
    at, b = (start * turn + phase) % 1.0, (start + buzz_start) % len(buzz)
    for n in range(last):
        x = n / samples_a_field
        k = int(x)
        loud = level[k] + (x - k) * (level[k + 1] - level[k])
        i = int(at * period)
        f = at * period - i
        tone = hum[i] + f * (hum[i + 1] - hum[i])
        open_ = gate[i] + f * (gate[i + 1] - gate[i])
        out[first + n] += loud * (tone + open_ * buzz[b])
        at += turn
        at -= at >= 1.0
        b = b + 1 if b + 1 < len(buzz) else 0
