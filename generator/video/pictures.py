"""Single pictures in and out: PNG, JPEG, TIFF and others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.errors import NoclipError

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".gif", ".ppm", ".pgm", ".tga")
WRITABLE_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")


def read_picture(path: Path) -> NDArray[np.float32]:
    """A picture as (H, W, 3) float32 R'G'B' 0..1: 8 or 16 bit, grey or colour; what is transparent shows black.

    Raises NoclipError for what is no picture.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            image.load()
            return _plain(image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NoclipError(f"{path}: not a picture that can be read ({error})") from error


def _plain(image) -> NDArray[np.float32]:
    from PIL import Image

    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float32)
        grey = np.clip(values / (1.0 if image.mode == "F" else 65535.0), 0.0, 1.0)
        return np.repeat(grey[..., None], 3, axis=-1)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (0, 0, 0, 255)), image)
    return np.asarray(image.convert("RGB"), dtype=np.float32) / 255.0


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A temporary name beside ``target`` that takes its place when the block ends well, else vanishes."""
    temporary = target.with_name(f".{target.stem}.part{os.getpid()}{target.suffix}")
    try:
        yield temporary
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def write_picture(path: Path, codes: NDArray[np.uint8]) -> None:
    """Write (H, W, 3) uint8 as a picture file, whole or not at all."""
    from PIL import Image

    options: dict[str, Any] = {"quality": 95, "subsampling": 0} if path.suffix.lower() in (".jpg", ".jpeg") else {}
    with whole_file(path) as temporary:
        Image.fromarray(codes).save(temporary, **options)
