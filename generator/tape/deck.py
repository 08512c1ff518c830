"""The tape's verb: video in, a television's picture out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..scene.tape import TapeSettings
from ..seed import counted_keys, hash64, share_of
from . import raster
from .display import draw
from .dropouts import losses_of
from .filters import BLANKING_HZ, CLIP_HZ, DEVIATION_HZ, filters_for
from .profile import Deck, deck_for
from .switch import switch_noise, without_colour
from .timebase import Positions, line_positions, normals
from .wear import Damage, damage_of

SWITCH_CARRIER = (0.12, 0.28)
"""Carrier left in the line in which the heads change, and in the next: one head leaves the tape, the other lands."""


def record(video: NDArray[np.float32], settings: TapeSettings, seed: int, frame_index: int) -> NDArray[np.uint8]:
    """Record frame ``frame_index`` of a video and show it as a television shows it from tape.

    video: (H, W, 3) R'G'B', 0..1 and a little over, fields interlaced, the lower field (odd rows) first. Returns
    (H, W, 3) uint8. The picture's width stands for 52.66 us, its rows for lines where they are 400 to 600, else for 480
    lines. Depends on nothing but its arguments. ``off`` only rounds.
    """
    if settings.profile == "off":
        return to_codes(video)
    out = _from_tape(video, deck_for(settings), seed, frame_index)
    draw(out, settings, frame_index)
    return out


def _from_tape(video: NDArray[np.float32], deck: Deck, seed: int, frame_index: int) -> NDArray[np.uint8]:
    """A frame through all generations; the last tape alone shows what it has been through."""
    master = replace(deck, wear=0.0, curl_s=0.0, comets=0.0, tracking=0.0)
    played = _pass(video, master if deck.generations > 1 else deck, seed, frame_index)
    for copy in range(1, deck.generations):
        now = deck if copy == deck.generations - 1 else master
        played = _pass(played.astype(np.float32) / np.float32(255), now, hash64(seed, "tape.copy", copy), frame_index)
    return played


def _pass(video: NDArray[np.float32], deck: Deck, seed: int, frame_index: int) -> NDArray[np.uint8]:
    """Both fields of a frame through the deck once."""
    out = np.empty(video.shape, np.uint8)
    video = np.ascontiguousarray(video, dtype=np.float32)
    for order, parity in enumerate((1, 0)):
        rows, field = video[parity::2], 2 * frame_index + order
        if raster.LINES_AS_THEY_ARE.start <= 2 * len(rows) < raster.LINES_AS_THEY_ARE.stop:
            _play_rows(video, out, parity, 2, deck, seed, field)
        else:
            out[parity::2] = _resampled(rows, deck, seed, field) if len(rows) else 0
    return out


def to_codes(video: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(..., 3) R'G'B' to 8 bit, clipped and rounded."""
    return np.clip(np.rint(np.asarray(video) * 255.0), 0, 255).astype(np.uint8)


def _resampled(rows: NDArray[np.float32], deck: Deck, seed: int, field: int) -> NDArray[np.uint8]:
    """One field through the deck, resampled to television lines and back."""
    count = len(rows)
    flat = np.ascontiguousarray(rows, dtype=np.float32).reshape(count, -1)
    lines = raster.line_taps(count, raster.FIELD_LINES) @ flat
    played = play_lines(lines.reshape(raster.FIELD_LINES, *rows.shape[1:]), deck, seed, field)
    back = raster.line_taps(raster.FIELD_LINES, count) @ played.reshape(raster.FIELD_LINES, -1).astype(np.float32)
    return np.clip(np.rint(back), 0, 255).astype(np.uint8).reshape(rows.shape)


def play_lines(video: NDArray[np.float32], deck: Deck, seed: int, field: int) -> NDArray[np.uint8]:
    """A field of television lines, (lines, W, 3) float32 R'G'B', through recorder, tape, deck and television."""
    out = np.empty(video.shape, np.uint8)
    _play_rows(np.ascontiguousarray(video), out, 0, 1, deck, seed, field)
    return out


def _play_rows(
    video: NDArray[np.float32], out: NDArray[np.uint8], first: int, step: int, deck: Deck, seed: int, field: int
) -> None:
    """The rows of a picture (H, W, 3) from ``first`` on, every ``step``, through the deck and into ``out``."""
    from .kernels import play_field

    lines, width = len(range(first, len(video), step)), video.shape[1]
    f = filters_for(deck)
    single = np.float32
    chroma_rms = deck.chroma_noise * np.sqrt(2.0) / np.sqrt((f.chroma.astype(np.float64) ** 2).sum())
    losses, damage = losses_of(deck, seed, field, lines), damage_of(deck, seed, field, lines)
    positions = line_positions(deck, seed, field, lines)
    switch, mute = lines, np.array([lines, 0, 0])
    if any(deck.switch_s):
        switch, mute = positions.switch, without_colour(positions, seed, field)
        losses = switch_noise(losses, positions, seed, field)
    play_field(
        video.reshape(-1),
        out.reshape(-1),
        (first, step, lines, width),
        raster.luma_taps(width),
        raster.chroma_taps(width),
        (f.record, f.rf, f.playback, f.detail, f.chroma, *(single(c) for c in f.emphasis)),
        carrier(),
        tuple(
            single(x)
            for x in (
                f.phase_noise * _per_level(),
                f.drift_noise,
                deck.canceller,
                chroma_rms,
                deck.chroma_late_s * raster.SAMPLE_HZ + f.luma_late,
            )
        ),
        _keys(seed, field, lines),
        _in_samples(positions, damage, width, f.luma_late),
        (losses.line, losses.first, losses.last, losses.middle, losses.half, losses.depth, losses.comet),
        damage.streaks,
        _envelope(deck, seed, field, lines, damage, switch),
        _burst(deck, seed, field, lines, damage),
        mute,
        single(0.0 if not deck.composite else 1.0 if field % 4 < 2 else -1.0),
    )


def _burst(deck: Deck, seed: int, field: int, lines: int, damage: Damage) -> NDArray[np.float32]:
    """(lines, 2) cosine and sine of each line's colour error, times its gain."""
    turn = np.radians(deck.burst_deg) * normals(seed, "tape.burst", field * 4096 + np.arange(lines)) + damage.turn
    return (damage.gain[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)).astype(np.float32)


def _envelope(deck: Deck, seed: int, field: int, lines: int, damage: Damage, switch: int) -> NDArray[np.float32]:
    """Carrier amplitude of each line when the heads are off their track: a weak band that rolls over ten seconds or so.

    Half a track off leaves half the signal; the path of a head over a foreign track bends by about as much again.
    switch: the line in which the heads change.
    """
    phase = share_of(seed, "tape.tracking") + field / 617.0
    share = (np.arange(lines) + 0.5) / lines
    off = deck.tracking * (0.5 + 0.6 * np.cos(2 * np.pi * (share - phase)))
    whole = np.clip(1.0 - np.abs(off), 0.02, 1.0) * damage.carrier
    after = whole[switch : switch + 2]
    after *= SWITCH_CARRIER[: len(after)]
    return whole.astype(np.float32)


def carrier() -> tuple[np.float32, ...]:
    """Blanking, deviation to white and the clips' three frequencies in 1/2^32 turns a sample."""
    return tuple(np.float32(hz * 2.0**32 / raster.SAMPLE_HZ) for hz in (BLANKING_HZ, DEVIATION_HZ, *CLIP_HZ))


def _per_level() -> float:
    """Radians of phase a sample for a luma step from black to white."""
    return 2 * np.pi * DEVIATION_HZ / raster.SAMPLE_HZ


def _keys(seed: int, field: int, lines: int) -> NDArray[np.uint32]:
    """A noise key for each line of a field."""
    return counted_keys(hash64(seed, "tape.noise", field), lines)


def _in_samples(positions: Positions, damage: Damage, width: int, late: float):
    """Line positions as (start, slope, split, shift): samples, samples a place, place, samples."""
    parts = max(1, (raster.ACTIVE + width // 2) // width) if width < 400 else 1
    places = width * parts
    lines = len(positions.start)
    start = (positions.start + damage.shift_s) * raster.SAMPLE_HZ - late
    slope = (positions.end - positions.start) * raster.SAMPLE_HZ / places
    split = np.full(lines, places + 1.0)
    shift = np.zeros(lines)
    split[positions.switch] = positions.switch_share * places
    shift[positions.switch] = (positions.after - positions.start[positions.switch]) * raster.SAMPLE_HZ
    return (*(x.astype(np.float32) for x in (start, slope, split, shift)), parts)
