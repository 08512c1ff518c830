"""Colours of footage as R'G'B' codes of a television: wide primaries, high dynamic range.

Not done: the primaries of SMPTE C and EBU, which differ little from BT.709's, are taken for them; a picture's own
transfer curve, where it is none of high dynamic range, is taken for BT.709's.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..camera.exposure import transfer
from ..camera.profile import CAMCORDER

MATRIX = {1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
"""Matrices by number, as FFmpeg's filters call them. Source: ITU-T H.273, table 4."""
PQ, HLG = 16, 18
"""Transfer curves of high dynamic range. Source: ITU-T H.273, table 3."""
WHITE_CD = 203.0
"""Luminance of diffuse white. Source: ITU-R BT.2408, table 1."""
WHITE = 0.9
"""The linear signal that diffuse white becomes, before the camera's knee."""
PEAK_CD, GAMMA = 1000.0, 1.2
"""Display that HLG is meant for. Source: ITU-R BT.2100-2, table 5."""
XYZ = {
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}
"""x, y of red, green and blue: BT.709, BT.2020, P3. Source: ITU-T H.273, table 2."""
D65 = (0.3127, 0.3290)


def matrix_of(tagged: int, width: int, height: int) -> str:
    """The matrix of Y'CbCr footage: as tagged, else BT.709 for 1280 wide or 720 high and more, else BT.601."""
    return MATRIX.get(tagged) or ("bt709" if width >= 1280 or height >= 720 else "bt601")


def is_high_range(curve: int) -> bool:
    """Does footage of this transfer curve hold more than a television's range?"""
    return curve in (PQ, HLG)


def is_wide(primaries: int) -> bool:
    """Are footage's primaries far from a television's?"""
    return primaries in XYZ and primaries != 1


def television(codes: NDArray, curve: int, primaries: int) -> NDArray[np.float32]:
    """Codes (H, W, 3) uint8 or uint16, full range, as R'G'B' float32, 0..1 and a little over, in BT.709.

    High dynamic range: diffuse white becomes WHITE, and what is brighter goes through the camera's knee.
    """
    light = _light(curve, np.iinfo(codes.dtype).bits)[codes]
    if curve == HLG:
        luma = light @ np.array([0.2627, 0.6780, 0.0593], np.float32)
        light *= (PEAK_CD * luma ** np.float32(GAMMA - 1))[..., None]
    if is_wide(primaries):
        light = np.maximum(light @ _to_bt709(primaries).T, 0.0)
    if is_high_range(curve):
        start, slope, limit = CAMCORDER.knee
        light = light * np.float32(WHITE / WHITE_CD)
        light = np.where(light > start, np.minimum(start + slope * (light - start), limit), light)
    return transfer(light).astype(np.float32)


@lru_cache(maxsize=8)
def _light(curve: int, bits: int) -> NDArray[np.float32]:
    """Light of every code: cd/m² for PQ, the scene's for HLG, 0..1 for others. Source: ITU-R BT.2100-2, tables 4, 5."""
    code = np.arange(2**bits) / (2**bits - 1)
    if curve == PQ:
        m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
        root = code ** (1 / m2)
        light = 10000.0 * (np.maximum(root - c1, 0.0) / (c2 - c3 * root)) ** (1 / m1)
    elif curve == HLG:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        light = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    else:
        light = np.where(code < 0.081, code / 4.5, ((np.maximum(code, 0.081) + 0.099) / 1.099) ** (1 / 0.45))
    return light.astype(np.float32)


@lru_cache(maxsize=8)
def _to_bt709(primaries: int) -> NDArray[np.float32]:
    """(3, 3) from linear light of other primaries to BT.709's. Source: SMPTE RP 177."""
    return (np.linalg.inv(_to_xyz(1)) @ _to_xyz(primaries)).astype(np.float32)


def _to_xyz(primaries: int) -> NDArray[np.float64]:
    """(3, 3) from linear R, G, B to CIE X, Y, Z with a white of D65."""
    x, y = np.array([*XYZ[primaries], D65]).T
    each = np.stack([x / y, np.ones(4), (1 - x - y) / y])
    return each[:, :3] * np.linalg.solve(each[:, :3], each[:, 3])
