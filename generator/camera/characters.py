"""The on-screen display: a bitmap font of our own, and how it is laid over a picture of any size."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError

FONT = {
    "A": "01110 10001 10001 11111 10001 10001 10001",
    "B": "11110 10001 10001 11110 10001 10001 11110",
    "C": "01110 10001 10000 10000 10000 10001 01110",
    "D": "11110 10001 10001 10001 10001 10001 11110",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "F": "11111 10000 10000 11110 10000 10000 10000",
    "G": "01110 10001 10000 10111 10001 10001 01110",
    "H": "10001 10001 10001 11111 10001 10001 10001",
    "I": "01110 00100 00100 00100 00100 00100 01110",
    "J": "00111 00010 00010 00010 00010 10010 01100",
    "K": "10001 10010 10100 11000 10100 10010 10001",
    "L": "10000 10000 10000 10000 10000 10000 11111",
    "M": "10001 11011 10101 10101 10001 10001 10001",
    "N": "10001 11001 11001 10101 10011 10011 10001",
    "O": "11111 10001 10001 10001 10001 10001 11111",
    "P": "11110 10001 10001 11110 10000 10000 10000",
    "Q": "01110 10001 10001 10001 10101 10010 01101",
    "R": "11110 10001 10001 11110 10100 10010 10001",
    "S": "01111 10000 10000 01110 00001 00001 11110",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "U": "10001 10001 10001 10001 10001 10001 01110",
    "V": "10001 10001 10001 10001 01010 01010 00100",
    "W": "10001 10001 10001 10101 10101 11011 10001",
    "X": "10001 01010 01010 00100 01010 01010 10001",
    "Y": "10001 10001 01010 00100 00100 00100 00100",
    "Z": "11111 00001 00010 00100 01000 10000 11111",
    "0": "01110 10001 10001 10001 10001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111",
    "3": "01110 10001 00001 00110 00001 10001 01110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "01110 10000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00001 00010 00100 00100 00100",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00001 01110",
    " ": "00000 00000 00000 00000 00000 00000 00000",
    ".": "00000 00000 00000 00000 00000 01100 01100",
    ":": "00000 01100 01100 00000 01100 01100 00000",
    "-": "00000 00000 00000 11111 00000 00000 00000",
    "/": "00001 00001 00010 00100 01000 10000 10000",
    "'": "00100 00100 01000 00000 00000 00000 00000",
    "►": "10000 11000 11100 11110 11100 11000 10000",
    "●": "00000 01110 11111 11111 11111 01110 00000",
    "■": "11111 11111 11111 11111 11111 11111 11111",
    "[": "11111 10000 10000 10000 10000 10000 11111",
    "]": "11110 00010 00011 00011 00011 00010 11110",
    "=": "11111 00000 00000 00000 00000 00000 11111",
    "#": "11111 00000 11111 11111 11111 00000 11111",
}
"""Seven rows of five dots; the brackets with = (empty) and # (full) draw a battery."""
ROWS, ADVANCE = 7, 6
DOTS_ACROSS, DOTS_DOWN = 190, 160
"""Dots in a picture's width and height: 31 characters, 16 lines. Source: character generators of the time, 24 to 32."""
WHITE, BLACK = 0.92, 0.10
"""Levels of the characters and of their edge, video."""


@lru_cache(maxsize=64)
def _dots(text: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Face and edge of a text at two samples a dot, with a margin of one dot: (18, 12 N + 4) each, 0 or 1.

    Raises NoclipError for a character that the font lacks.
    """
    missing = [c for c in text if c not in FONT]
    if missing:
        known = "".join(sorted(FONT)).strip()
        raise NoclipError(f"the display has no character {missing[0]!r} (in {text!r}); it has {known} and space")
    face = np.zeros((2 * ROWS + 4, 2 * ADVANCE * len(text) + 4), np.float32)
    for n, character in enumerate(text):
        glyph = np.array([[int(d) for d in row] for row in FONT[character].split()], np.float32)
        left = 2 + 2 * ADVANCE * n
        face[2 : 2 + 2 * ROWS, left : left + 10] = np.kron(glyph, np.ones((2, 2), np.float32))
    edge = face.copy()
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            edge = np.maximum(edge, np.roll(face, (dy, dx), (0, 1)))
    return face, edge


def _softened(part: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples of dots (h, w) after the generator's output filter, down by 3.5 dB at a pitch of two dots."""
    wide = np.pad(part, ((0, 0), (1, 1)))
    return (wide[:, :-2] + 4.0 * wide[:, 1:-1] + wide[:, 2:]) / 6.0


def _coverage(pixels: int, start: float, size: float, samples: int) -> tuple[int, NDArray[np.float32]]:
    """First pixel touched, and the shares (pixels, samples) of pixels covered by samples of ``size`` from ``start``."""
    first = max(0, int(np.floor(start)))
    last = min(pixels, int(np.ceil(start + size * samples)))
    pixel = np.arange(first, max(first, last))[:, None]
    left = start + size * np.arange(samples)[None, :]
    overlap = np.minimum(pixel + 1, left + size) - np.maximum(pixel, left)
    return first, np.clip(overlap, 0.0, None).astype(np.float32)


@lru_cache(maxsize=64)
def _mask(text: str, rows: int, width: int, x: float, y: float):
    """Where a text lies in a picture: top row, left column, alpha of face and of edge (h, w, 1)."""
    face, edge = _dots(text)
    top, down = _coverage(rows, y * rows, rows / DOTS_DOWN / 2, face.shape[0])
    left, across = _coverage(width, x * width, width / DOTS_ACROSS / 2, face.shape[1])
    alpha = [(down @ _softened(part) @ across.T).clip(0, 1)[..., None] for part in (face, edge)]
    return top, left, alpha[0], alpha[1]


def write(picture: NDArray, text: str, x: float, y: float, *, right: bool = False) -> None:
    """Lay white characters with a dark edge over a picture, in place.

    picture: (H, W, 3), float video or uint8. x, y: upper left corner (``right``: upper right) as shares of width and
    height. Raises NoclipError for a character that the font lacks.
    """
    rows, width = picture.shape[:2]
    if right:
        x -= (ADVANCE * len(text) + 2) / DOTS_ACROSS
    top, left, face, edge = _mask(text, rows, width, x, y)
    scale = 255.0 if picture.dtype == np.uint8 else 1.0
    part = picture[top : top + face.shape[0], left : left + face.shape[1]]
    mixed = part * (1 - edge) + scale * (BLACK * (edge - face) + WHITE * face)
    part[...] = np.rint(mixed) if picture.dtype == np.uint8 else mixed
