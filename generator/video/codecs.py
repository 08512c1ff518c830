"""Codecs of video files: which container holds which, how each is set for tape, and how finely for what noise.

A tape's grain is noise that no frame shares with the next: predicting a frame from the one before costs more bits than
it saves. So `normal` and `final` code every picture by itself, with one quantizer, which follows the noise: a share of
the noise is kept, not a share of the bits. `draft` predicts, and loses most of the grain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError, shown

Codec = Literal["h264", "h265", "av1", "prores", "ffv1"]
Quality = Literal["draft", "normal", "final"]
LOSSY: tuple[Codec, ...] = ("h264", "h265", "av1")
HELD: dict[str, tuple[Codec, ...]] = {
    ".mp4": LOSSY, ".m4v": LOSSY, ".mov": (*LOSSY, "prores"), ".mkv": (*LOSSY, "prores", "ffv1"),
}  # fmt: skip
"""What each container holds, by a name's ending."""
ENCODER = {"h264": "libx264", "h265": "libx265", "av1": "libsvtav1", "prores": "prores_ks", "ffv1": "ffv1"}
PIECE = dict.fromkeys(LOSSY, ".mp4") | {"prores": ".mov", "ffv1": ".mkv"}
"""Ending of a film's pieces."""
MARKS_FIELDS: tuple[Codec, ...] = ("h264", "prores", "ffv1")
"""Codecs whose streams say which field comes first. AV1 has none; x265 codes fields as pictures of half the height,
which players show as they are."""
BLOCK = 8, 16
"""Lines and pixels of a block whose noise is measured."""
STEP = 16
"""Of so many pictures one is measured for its noise."""
TAPE_NOISE = 1.8
"""Noise of a clean SP tape with its camcorder, codes rms on the lines of a field. Measured on the preset level0."""


@dataclass(frozen=True)
class Table:
    """How a codec's quantizer follows the noise: ``at_one`` for a noise of one code rms, ``octave`` more for twice it.

    least, most: its bounds. Below ``least`` there is no grain left to keep.
    """

    at_one: float
    octave: float
    least: int
    most: int


TABLES: dict[tuple[Codec, Quality], Table] = {
    ("h264", "normal"): Table(13.6, 4.6, 14, 34),
    ("h264", "final"): Table(8.6, 4.6, 9, 29),
    ("h265", "normal"): Table(14.6, 4.6, 14, 36),
    ("h265", "final"): Table(10.6, 4.6, 10, 32),
    ("av1", "normal"): Table(3.0, 7.9, 3, 40),
    ("av1", "final"): Table(0.5, 6.0, 1, 30),
}
"""Quantizers of x264, x265 (0 to 51) and SVT-AV1 (0 to 63).
Source: tests/benchmarks/bench_grain.py on level0 (1.4 codes rms in a bobbed field) and blackout (6.4)."""
WOVEN = -2
"""A woven frame has half the rows of two bobbed fields: it can afford a finer quantizer."""
PRORES = {"draft": 0, "normal": 1, "final": 3}
PRORES_TAG = {"draft": "apco", "normal": "apcs", "final": "apch"}
"""Profiles Proxy, LT and HQ, of fixed rates, and their names in a MOV. Source: Apple ProRes white paper, 2022."""


def codec_of(name: str | None, ending: str, fields: bool) -> Codec:
    """Read a codec's name; H.264 where none is given. ending: the file's. fields: are frames delivered interlaced?

    Raises NoclipError: an unknown codec, a container that cannot hold it, no way to mark fields, or no such encoder.
    """
    known: tuple[Codec, ...] = get_args(Codec)
    codec = next((codec for codec in known if codec == (name or "h264")), None)
    if codec is None:
        raise NoclipError(f"--codec {shown(name or '')}: there is no such codec; choose one of {', '.join(known)}")
    if codec not in HELD[ending]:
        raise NoclipError(f"--codec {codec}: {ending} does not hold it; choose one of {', '.join(HELD[ending])}, "
                          f"or a name ending in {' or '.join(e for e in HELD if codec in HELD[e])}")  # fmt: skip
    if fields and codec not in MARKS_FIELDS:
        raise NoclipError(f"--codec {codec}: it cannot mark the fields of interlaced frames; "
                          f"choose one of {', '.join(c for c in MARKS_FIELDS if c in HELD[ending])}")  # fmt: skip
    _check_encoder(codec)
    return codec


def _check_encoder(codec: Codec) -> None:
    import av

    try:
        av.Codec(ENCODER[codec], "w")
    except ValueError:
        raise NoclipError(f"--codec {codec}: the installed PyAV has no encoder {ENCODER[codec]}; choose another codec, "
                          "or install the av package from PyPI") from None  # fmt: skip


def noise_of(pictures: Sequence[NDArray[np.uint8]]) -> float:
    """Measure the noise of pictures (H * 3 / 2, W) in planar 4:2:0, luma codes rms, on the lines of a field.

    Each line is compared with the mean of those before and after it: for white noise of variance 1 they differ by 3/2.
    Of all blocks the median counts, so that edges do not.
    """
    return float(np.mean([_noise(picture[1 : len(picture) * 2 // 3 : 2]) for picture in pictures[::STEP]]))


def _noise(lines: NDArray[np.uint8]) -> float:
    tall, wide = BLOCK
    rows, columns = (len(lines) - 2) // tall, lines.shape[1] // wide
    if not (rows and columns):
        return 0.0
    y = lines[: rows * tall + 2, : columns * wide].astype(np.float32)
    apart = y[1:-1] - 0.5 * (y[:-2] + y[2:])
    power = (apart**2).reshape(rows, tall, columns, wide).mean((1, 3)) / 1.5
    return float(np.sqrt(np.median(power)))


def quantizer(codec: Codec, quality: Quality, noise: float, woven: bool) -> int:
    """Choose the quantizer that keeps the grain of this noise, luma codes rms."""
    table = TABLES[codec, quality]
    wanted = table.at_one + table.octave * math.log2(max(noise, 0.1)) + (WOVEN if woven else 0)
    return round(min(max(wanted, table.least), table.most))


def options(codec: Codec, quality: Quality, noise: float, woven: bool) -> dict[str, str]:
    """Set an encoder for pictures of this noise: the same bytes for the same pictures.

    One thread, no look-ahead and no B-frames. x264's macroblock tree reads memory that nobody has written, so with it
    the same pictures give other files. No filter that smooths, and no synthesis of grain.
    """
    q = quantizer(codec, quality, noise, woven) if (codec, quality) in TABLES else None
    if codec == "h264":
        return _x264(quality, q, woven)
    if codec == "h265":
        return _x265(q)
    if codec == "av1":
        return _svt_av1(q)
    if codec == "prores":
        return {"profile": str(PRORES[quality])}
    return {"level": "3", "g": "1", "slicecrc": "1"}


def _x264(quality: Quality, q: int | None, woven: bool) -> dict[str, str]:
    """CAVLC for `normal`: a third less time than CABAC at this rate, for a tenth more bits."""
    common = "threads=1:scenecut=0:force-cfr=1:stitchable=1" + (":interlaced=1:bff=1" if woven else "")
    base = {"tune": "zerolatency"}
    if q is None:
        return base | {"preset": "ultrafast", "crf": "22", "x264-params": f"{common}:keyint=infinite"}
    alone = f"{common}:keyint=1:qp={q}:ipratio=1:aq-mode=0:no-deblock=1"
    if quality == "normal":
        return base | {"preset": "superfast", "x264-params": f"{alone}:cabac=0:chroma-qp-offset=2"}
    return base | {"preset": "medium", "x264-params": f"{alone}:trellis=0"}


def _x265(q: int | None) -> dict[str, str]:
    common = "pools=none:frame-threads=1:no-wpp=1:log-level=error:scenecut=0:bframes=0:rc-lookahead=0:no-cutree=1"
    if q is None:
        return {"preset": "ultrafast", "x265-params": f"{common}:keyint=-1:crf=24"}
    alone = f"{common}:keyint=1:qp={q}:ipratio=1:aq-mode=0:no-sao=1:no-deblock=1:no-strong-intra-smoothing=1"
    return {"preset": "ultrafast", "x265-params": alone}


def _svt_av1(q: int | None) -> dict[str, str]:
    common = "lp=1:rc=0:film-grain=0:enable-tf=0:scd=0"
    if q is None:
        return {"preset": "12", "svtav1-params": f"{common}:pred-struct=1:keyint=-1:qp=40"}
    still = "keyint=1:aq-mode=0:enable-cdef=0:enable-restoration=0:enable-dlf=0"
    return {"preset": "10", "svtav1-params": f"{common}:{still}:qp={q}"}
