"""OpenEXR files of passes: one part, many layers, ZIPS."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..colour import LUMENS_PER_WATT
from ..errors import NoclipError
from .kernels import to_half
from .make import Channels

SINGLE = ("Z", "position.", "forward.", "backward.", "crypto_", "st.")
"""How the names of channels begin that half does not suffice for."""
REC709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
"""Chromaticities x, y of red, green, blue and white.  Source: ITU-R BT.709."""


@dataclass(frozen=True)
class Header:
    """What a file tells of its picture.

    pixel_aspect: a pixel's width over its height. world_to_camera (4, 4): takes metres from ``origin_m``, x east, y
    north, z up, to the camera's right, up and back. origin_m: the place in the world that positions are told from.
    rate_hz: of the film that it is a picture of, None for a still; second: its time there. attributes: others, such as
    manifests.
    """

    pixel_aspect: float
    world_to_camera: NDArray[np.float64]
    origin_m: tuple[float, float]
    rate_hz: Fraction | None
    second: float
    attributes: dict[str, str]


@dataclass(frozen=True)
class PassImage:
    """The passes of a picture: channels (H, W) by name, and what is told of them. single: all are written as float,
    else as half where half suffices."""

    images: Channels
    header: Header
    single: bool

    @property
    def size_bytes(self) -> int:
        """Bytes of its pixels before they are compressed."""
        return sum(image.size * (4 if self.is_float(name) else 2) for name, image in self.images.items())

    def is_float(self, name: str) -> bool:
        """Tell whether a channel is written as float, not as half."""
        return self.single or name.startswith(SINGLE)


def exr_bytes(passes: PassImage) -> bytes:
    """Write passes as one OpenEXR file of scan lines, ZIPS.

    Raises NoclipError where no temporary file can be written.
    """
    import OpenEXR

    told = attributes(passes.header)
    told |= {"compression": OpenEXR.ZIPS_COMPRESSION, "type": OpenEXR.scanlineimage}
    whole = {name: _packed(image, passes.is_float(name)) for name, image in passes.images.items()}
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "passes.exr"
            with OpenEXR.File(told, whole) as file:
                file.write(str(path))
            return path.read_bytes()
    except OSError as error:
        raise NoclipError(f"a temporary file cannot be written: {error.strerror or error}") from error


def attributes(header: Header) -> dict[str, Any]:
    """Write a header's attributes as OpenEXR has them; ``originMetres`` is text, as no type of number is as exact.

    ``worldToCamera`` is for row vectors, its translation in the last row. Source: Imath, whose M44f it is.
    """
    told: dict[str, Any] = {
        "chromaticities": REC709,
        "whiteLuminance": float(LUMENS_PER_WATT),
        "pixelAspectRatio": float(header.pixel_aspect),
        "worldToCamera": np.ascontiguousarray(header.world_to_camera.T, np.float32),
        "software": f"noclip {__version__}",
        "originMetres": " ".join(repr(float(c)) for c in header.origin_m),
        **header.attributes,
    }
    if header.rate_hz is not None:
        told |= {"framesPerSecond": header.rate_hz, "second": float(header.second)}
    return told


def _packed(image: NDArray[np.float32], single: bool) -> NDArray[Any]:
    """A channel's image (H, W) as it is written."""
    if single:
        return np.ascontiguousarray(image)
    bits = np.empty(image.shape, np.uint16)
    to_half(image, bits)
    return bits.view(np.float16)
