"""A decoded frame as the picture that is meant: R'G'B', upright, of one size, without its transparency."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .colour import is_high_range, is_wide, matrix_of, television
from .fields import Picture

SCALER = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"
ANY_TIME = Fraction(1, 1000)
"""Unit of stamps that nobody reads."""
FULL_RANGE = 2
"""FFmpeg's AVCOL_RANGE_JPEG."""
Turn = tuple[bool, bool, bool]
"""Is a picture transposed, then mirrored left to right, then upside down?"""
UPRIGHT: Turn = (False, False, False)


def turn_of(frame: Any) -> Turn:
    """How a frame is turned to stand upright, from its display matrix; odd angles go to the nearest quarter."""
    for data in frame.side_data:
        if data.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = (int(v) for v in np.frombuffer(bytes(data), "<i4")[:5])
            if max(abs(a), abs(d)) >= max(abs(b), abs(c)):
                return (False, a < 0, d < 0)
            return (True, c < 0, b < 0)
    return UPRIGHT


def turned(picture: Picture, turn: Turn) -> Picture:
    """A picture turned upright."""
    across, left, down = turn
    out = picture.transpose(1, 0, 2) if across else picture
    return np.ascontiguousarray(out[:: -1 if down else 1, :: -1 if left else 1])


class Converter:
    """Frames of one stream to pictures (H, W, 3) of the first one's size, not yet turned: uint8 R'G'B', or float32."""

    def __init__(self) -> None:
        self.size: tuple[int, int] | None = None
        self._key: tuple | None = None
        self._graph: Any = None

    def picture(self, frame: Any, interlaced: bool) -> Picture:
        """One frame's picture; chroma of an interlaced frame is read field by field."""
        self.size = self.size or (frame.width, frame.height)
        curve, primaries = int(frame.color_trc), int(frame.color_primaries)
        kind = "rgb48le" if is_high_range(curve) else "rgba" if _has_alpha(frame) else "rgb24"
        key = (frame.width, frame.height, frame.format.name, int(frame.colorspace), int(frame.color_range),
               interlaced, kind)  # fmt: skip
        if key != self._key:
            self._graph, self._key = self._make(frame, interlaced, kind), key
        self._graph.push(frame)
        codes = self._graph.pull().to_ndarray()
        if kind == "rgba":
            codes = over_black(codes)
        return television(codes, curve, primaries) if is_high_range(curve) or is_wide(primaries) else codes

    def _make(self, frame: Any, interlaced: bool, kind: str) -> Any:
        import av

        width, height = self.size or (frame.width, frame.height)
        graph = av.filter.Graph()
        graph.threads = 1
        source = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or ANY_TIME
        )
        full = int(frame.color_range) == FULL_RANGE or frame.format.name.startswith("yuvj")
        scale = graph.add(
            "scale",
            f"w={width}:h={height}:interl={int(interlaced)}:flags={SCALER}:out_range=full:"
            f"in_color_matrix={matrix_of(int(frame.colorspace), frame.width, frame.height)}"
            + ("" if frame.format.is_rgb else f":in_range={'full' if full else 'limited'}"),
        )
        as_codes, sink = graph.add("format", f"pix_fmts={kind}"), graph.add("buffersink")
        for first, second in ((source, scale), (scale, as_codes), (as_codes, sink)):
            first.link_to(second)
        graph.configure()
        return graph


def _has_alpha(frame: Any) -> bool:
    return frame.format.name == "pal8" or any(part.is_alpha for part in frame.format.components)


def over_black(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 4) uint8 over black, (H, W, 3)."""
    colour, alpha = codes[..., :3].astype(np.uint16), codes[..., 3:].astype(np.uint16)
    return ((colour * alpha + 127) // 255).astype(np.uint8)
