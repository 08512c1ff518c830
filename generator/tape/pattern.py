"""The test pattern: known pictures through the tape, and what a measuring technician would read off the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..scene.tape import TapeSettings
from .deck import record

WIDTH, HEIGHT = 720, 480
LINE_S = 52.66e-6
PIXEL_S = LINE_S / WIDTH
SEED = 6
YIQ = np.array([[0.299, 0.587, 0.114], [0.595716, -0.274453, -0.321263], [0.211456, -0.522591, 0.311135]])
"""R'G'B' to Y, I, Q. Source: FCC NTSC, 47 CFR 73.682."""
RGB = np.linalg.inv(YIQ)
SEEN = slice(48, WIDTH - 48)
STEADY = slice(0, HEIGHT - 10)
"""Pixels and rows away from the sides and above the head switch."""

Play = Callable[[NDArray[np.float32], TapeSettings, int, int], NDArray[np.uint8]]
Curve = tuple[NDArray[np.float64], NDArray[np.float64]]

BANDS: dict[str, tuple[float, float, str]] = {
    "luma -3 dB": (2.0, 2.5, "MHz"),
    "luma -6 dB": (2.5, 3.0, "MHz"),
    "luma limit, -20 dB": (225, 255, "TVL"),
    "luma peaking": (0, 3, "dB"),
    "chroma -6 dB": (400, 500, "kHz"),
    "chroma rise": (700, 900, "ns"),
    "chroma late": (150, 450, "ns"),
    "luma rise": (130, 200, "ns"),
    "luma overshoot": (5, 20, "%"),
    "luma preshoot": (0, 8, "%"),
    "step 20 to 190, 1 us after": (-20, -5, "%"),
    "luma SNR": (43, 46, "dB"),
    "luma noise under 0.5 MHz": (20, 30, "%"),
    "luma noise over 1 MHz": (40, 70, "%"),
    "luma noise, white over black": (1.2, 1.3, ""),
    "chroma noise half-width": (300, 2000, "ns"),
    "chroma noise, next line": (0.35, 0.6, "r"),
    "hue noise": (1, 3, "deg"),
    "hue error": (-1, 1, "deg"),
    "saturation gain": (0.95, 1.05, ""),
    "line position": (15, 60, "ns"),
    "line-to-line jitter": (5, 10, "ns"),
    "bottom lines moved": (5, 8, "lines"),
    "repeated line pieces": (300, 600, "a minute"),
}
"""What VHS at standard speed measures. Source: IEC 60774-1 decks, JVC SR-VS30U, UFGS 13703N and measured tapes."""


@dataclass(frozen=True)
class Row:
    """One measure of the test pattern with its band; ``off`` is the distance outside the band in band widths."""

    measure: str
    value: float
    unit: str
    low: float
    high: float
    ok: bool
    off: float


@dataclass(frozen=True)
class Measured:
    """All rows, the worst last, and the curves behind them by name."""

    rows: list[Row]
    curves: dict[str, Curve] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every row is inside its band."""
        return all(row.ok for row in self.rows)


def measure(settings: TapeSettings, play: Play = record) -> Measured:
    """Run the test pattern through a tape and measure what comes back; some seconds.

    play: the tape's verb, to put another in its place.
    """
    values: dict[str, float] = {}
    curves: dict[str, Curve] = {}
    still = settings.model_copy(update={"noise": 0.0, "timebase": 0.0, "dropouts": 0.0, "head_switch": 0.0})
    for part in (_luma_response, _chroma_response, _edges, _chroma_step):
        part(still, play, values, curves)
    for part in (_luma_noise, _colour, _lines):
        part(settings, play, values, curves)
    _repeats(settings, play, values)
    return Measured(sorted((_row(name, values[name]) for name in BANDS), key=lambda row: row.off), curves)


def _row(name: str, value: float) -> Row:
    low, high, unit = BANDS[name]
    value = float(np.nan_to_num(value, nan=1e9, posinf=1e9, neginf=-1e9))
    off = abs(value - (low + high) / 2) / (high - low) - 0.5
    return Row(name, value, unit, low, high, bool(off <= 0), off)


def _frame(y, i=0.0, q=0.0) -> NDArray[np.float32]:
    """R'G'B' video of a picture given in code values of Y, I and Q, each broadcast to (HEIGHT, WIDTH)."""
    planes = np.stack([np.broadcast_to(p, (HEIGHT, WIDTH)) for p in (y, i, q)], axis=-1)
    return (planes @ RGB.T / 255.0).astype(np.float32)


def _read(play: Play, video: NDArray[np.float32], settings: TapeSettings, frame: int = 0) -> NDArray[np.float64]:
    """What is on the screen: (HEIGHT, WIDTH, 3) Y, I, Q in code values."""
    return play(video, settings, SEED, frame) @ YIQ.T


def _tones(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """(HEIGHT, WIDTH) of unit tones, each frequency in a band of rows of equal height."""
    phase = 2 * np.pi * np.repeat(hz, HEIGHT // len(hz))[:, None] * (np.arange(WIDTH) + 0.5) * PIXEL_S
    return np.sin(phase)


def _amplitudes(plane: NDArray[np.float64], hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Amplitude of each tone of ``_tones`` in a picture, by least squares over the middle of its rows."""
    t = (np.arange(WIDTH)[SEEN] + 0.5) * PIXEL_S
    rows = HEIGHT // len(hz)
    found = []
    for n, f in enumerate(hz):
        line = plane[n * rows + 4 : (n + 1) * rows - 2, SEEN].mean(axis=0)
        basis = np.stack([np.sin(2 * np.pi * f * t), np.cos(2 * np.pi * f * t), np.ones_like(t)], axis=1)
        s, c, _ = np.linalg.lstsq(basis, line, rcond=None)[0]
        found.append(np.hypot(s, c))
    return np.array(found)


def _falls_to(hz: NDArray[np.float64], db: NDArray[np.float64], level: float) -> float:
    """Where a response last falls through a level, interpolated; infinite where it never does."""
    above = np.flatnonzero(db > level)
    k = int(above[-1]) if len(above) else 0
    if k + 1 >= len(hz):
        return float("inf")
    return float(hz[k] + (hz[k + 1] - hz[k]) * (db[k] - level) / (db[k] - db[k + 1]))


def _response(play: Play, settings: TapeSettings, hz, luma: bool) -> NDArray[np.float64]:
    tones = _tones(hz)
    video = _frame(128 + 50 * tones) if luma else _frame(128.0, 30 * tones)
    amplitude = _amplitudes(_read(play, video, settings)[..., 0 if luma else 1], hz)
    return 20 * np.log10(np.maximum(amplitude / amplitude[0], 1e-4))


def _luma_response(settings, play, values, curves) -> None:
    hz = np.concatenate([[0.1e6, 0.3e6, 0.6e6, 1.0e6, 1.3e6, 1.6e6], np.arange(1.8e6, 4.51e6, 0.115e6)])[:30]
    hz = np.append(hz[:-1], 4.5e6)
    db = _response(play, settings, hz, luma=True)
    values["luma -3 dB"] = _falls_to(hz, db, -3) * 1e-6
    values["luma -6 dB"] = _falls_to(hz, db, -6) * 1e-6
    values["luma limit, -20 dB"] = _falls_to(hz, db, -20) * 2 * LINE_S * 0.75
    values["luma peaking"] = float(db.max())
    curves["luma response, MHz and dB"] = (hz * 1e-6, db)


def _chroma_response(settings, play, values, curves) -> None:
    hz = np.concatenate([[20e3], np.arange(60e3, 1200e3, 40e3)])[:30]
    db = _response(play, settings, hz, luma=False)
    values["chroma -6 dB"] = _falls_to(hz, db, -6) * 1e-3
    curves["chroma response, kHz and dB"] = (hz * 1e-3, db)


def _step(low: float, high: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """An edge that wanders by sixteenths of a pixel down the rows: its position (HEIGHT,) and the picture."""
    place = WIDTH / 2 + (np.arange(HEIGHT) // 2 % 16) / 16
    covered = np.clip(np.arange(WIDTH) + 1 - place[:, None], 0, 1)
    return place, low + (high - low) * covered


def _profile(plane: NDArray[np.float64], place: NDArray[np.float64]) -> Curve:
    """The edge at a sixteenth of a pixel: seconds from the edge and mean level."""
    rows = slice(20, HEIGHT - 20)
    offset = np.arange(WIDTH) + 0.5 - place[rows, None]
    near = np.abs(offset) < 60
    bins = np.rint(offset[near] * 16).astype(int)
    total = np.bincount(bins - bins.min(), weights=plane[rows][near])
    count = np.bincount(bins - bins.min())
    used = count > 0
    return (np.arange(len(count))[used] + bins.min()) / 16 * PIXEL_S, total[used] / count[used]


def _crossing(t: NDArray[np.float64], level: NDArray[np.float64], at: float) -> float:
    """When a rising edge first reaches a level for good from below, interpolated."""
    k = int(np.flatnonzero(level >= at)[0])
    return float(t[k - 1] + (t[k] - t[k - 1]) * (at - level[k - 1]) / (level[k] - level[k - 1]))


def _rise(t: NDArray[np.float64], level: NDArray[np.float64], low: float, high: float) -> tuple[float, float]:
    """10 to 90 % rise of an edge between two levels, and when it passes the middle."""
    tenth = (high - low) / 10
    rise = _crossing(t, level, high - tenth) - _crossing(t, level, low + tenth)
    return rise, _crossing(t, level, (low + high) / 2)


def _edges(settings, play, values, curves) -> None:
    place, picture = _step(60, 180)
    t, level = _profile(_read(play, _frame(picture), settings)[..., 0], place)
    values["luma rise"] = _rise(t, level, 60, 180)[0] * 1e9
    values["luma overshoot"] = (level.max() - 180) / 1.2
    values["luma preshoot"] = (60 - level[t < 0].min()) / 1.2
    curves["step 60 to 180, us and code"] = (t * 1e6, level)
    place, picture = _step(20, 190)
    t, level = _profile(_read(play, _frame(picture), settings)[..., 0], place)
    values["step 20 to 190, 1 us after"] = (np.interp(1e-6, t, level) - 190) / 1.7
    curves["step 20 to 190, us and code"] = (t * 1e6, level)


def _chroma_step(settings, play, values, curves) -> None:
    place, share = _step(0, 1)
    yiq = _read(play, _frame(90 + 60 * share, 50 * share), settings)
    t, luma = _profile(yiq[..., 0], place)
    _, chroma = _profile(yiq[..., 1], place)
    values["chroma rise"] = _slowest_rise(yiq[..., 1], place, 50) * 1e9
    values["chroma late"] = (_rise(t, chroma, 0, 50)[1] - _rise(t, luma, 90, 150)[1]) * 1e9
    curves["chroma step, us and code"] = (t * 1e6, chroma)


def _slowest_rise(plane: NDArray[np.float64], place: NDArray[np.float64], high: float) -> float:
    """10 to 90 % rise from 0 of the slowest edge: it depends on where between two samples of chroma an edge lies."""
    x, rows = (np.arange(WIDTH) + 0.5).astype(np.float64) * PIXEL_S, np.arange(20, HEIGHT - 20)
    return max(_rise(x, plane[rows[place[rows] == at]].mean(axis=0), 0.0, high)[0] for at in np.unique(place[rows]))


def _luma_noise(settings, play, values, curves) -> None:
    sigma = {}
    for level in (32.0, 128.0, 210.0):
        seen = _read(play, _frame(level), settings)[STEADY, SEEN, 0]
        sigma[level] = float(seen.std())
        if level == 128.0:
            power = (np.abs(np.fft.rfft((seen - seen.mean()) * np.hanning(seen.shape[1]))) ** 2).mean(axis=0)
            hz = np.fft.rfftfreq(seen.shape[1], PIXEL_S)
    tiny = 1e-9
    values["luma SNR"] = 20 * np.log10(219 / max(sigma[128.0], tiny))
    values["luma noise under 0.5 MHz"] = 100 * power[hz < 0.5e6].sum() / max(power.sum(), tiny)
    values["luma noise over 1 MHz"] = 100 * power[hz > 1e6].sum() / max(power.sum(), tiny)
    values["luma noise, white over black"] = sigma[210.0] / max(sigma[32.0], tiny)
    curves["luma noise, MHz and dB"] = (hz * 1e-6, 10 * np.log10(np.maximum(power / max(power.max(), tiny), 1e-6)))


def _colour(settings, play, values, curves) -> None:
    seen = _read(play, _frame(110.0, 45.0, 10.0), settings)[STEADY, SEEN, 1:]
    noise = seen[..., 0] - seen[..., 0].mean()
    lags = range(1, 60)
    r = np.array([1.0] + [(noise[:, k:] * noise[:, :-k]).mean() for k in lags])
    r[1:] /= max((noise**2).mean(), 1e-9)
    below = int(np.argmax(r < 0.5)) or len(r) - 1
    half = below - 1 + (r[below - 1] - 0.5) / max(r[below - 1] - r[below], 1e-9)
    values["chroma noise half-width"] = half * PIXEL_S * 1e9
    field_lines = noise[0::2]
    values["chroma noise, next line"] = np.corrcoef(field_lines[1:].ravel(), field_lines[:-1].ravel())[0, 1]
    angle = np.degrees(np.arctan2(seen[..., 1], seen[..., 0]))
    values["hue noise"] = angle.std()
    mean = seen.mean(axis=(0, 1))
    values["hue error"] = np.degrees(np.arctan2(mean[1], mean[0]) - np.arctan2(10.0, 45.0))
    values["saturation gain"] = np.hypot(*mean) / np.hypot(45.0, 10.0)


def _lines(settings, play, values, curves) -> None:
    frames = 4
    video = _frame(np.where(np.arange(WIDTH) < WIDTH // 2, 40.0, 200.0))
    wander, jitter, moved = [], [], 0
    for n in range(frames):
        place = _edge_places(_read(play, video, settings, n)[..., 0])
        middle = np.median(place[STEADY])
        moved += int((np.abs(place - middle) > 0.4e-6).sum())
        wander.append(place[STEADY] - place[STEADY].mean())
        jitter += [np.diff(place[:-10][parity::2]) for parity in (0, 1)]
    values["line position"] = np.sqrt((np.concatenate(wander) ** 2).mean()) * 1e9
    values["line-to-line jitter"] = np.sqrt((np.concatenate(jitter) ** 2).mean()) * 1e9
    values["bottom lines moved"] = moved / frames
    curves["line position, row and ns"] = (np.arange(HEIGHT, dtype=float), (place - middle) * 1e9)


def _edge_places(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where each row passes 120 next to the middle, seconds."""
    middle = slice(WIDTH // 2 - 40, WIDTH // 2 + 40)
    part = plane[:, middle]
    k = np.clip((part >= 120).argmax(axis=1), 1, None)
    rows = np.arange(len(part))
    low, high = part[rows, k - 1], part[rows, k]
    return (k - 1 + (120 - low) / np.maximum(high - low, 1e-9)) * PIXEL_S


def _repeats(settings, play, values) -> None:
    """Pieces of lines that equal the line before, counted at more dropouts than usual so that a second will do."""
    times, frames = 20.0, 30
    more = settings.model_copy(update={"dropouts": min(settings.dropouts * times, 100.0)})
    times = more.dropouts / settings.dropouts if settings.dropouts else 1.0
    rng = np.random.Generator(np.random.Philox(SEED))
    texture = rng.uniform(-1, 1, (HEIGHT, WIDTH // 8))
    video = _frame(128 + 70 * np.repeat(texture, 8, axis=1))
    count = 0
    for n in range(frames):
        seen = _read(play, video, more, n)[STEADY, :, 0]
        for lines in (seen[0::2], seen[1::2]):
            count += _stretches(np.abs(np.diff(lines, axis=0)) < 12, round(3e-6 / PIXEL_S))
    values["repeated line pieces"] = count / times / (frames * 1001 / 30000) * 60


def _stretches(same: NDArray[np.bool_], least: int) -> int:
    """Count the stretches of at least ``least`` in the rows of (N, W)."""
    edges = np.diff(np.pad(same, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return int((ends - starts >= least).sum())
