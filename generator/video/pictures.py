"""Single pictures in and out: PNG, JPEG, TIFF and others; animated ones as their pictures with their times."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import NoclipError

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".gif", ".ppm", ".pgm", ".tga", ".apng")
WRITABLE_PICTURES = {
    ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP", ".tif": "TIFF", ".tiff": "TIFF", ".webp": "WEBP"
}  # fmt: skip
OPENED = ("PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF", "PPM", "TGA")
"""What Pillow may open; others may start programs, as PostScript does."""
ANIMATED = ("GIF", "PNG", "WEBP")
MIN_SIDE, MAX_SIDE = 16, 8192
SHORTEST_S, HASTY_S = 0.011, 0.1
"""A picture of an animation that asks for less time gets a tenth of a second, as in browsers."""


def check_size(path: Path, width: int, height: int) -> None:
    """Raise NoclipError for a picture that is too small or too large."""
    if width and height and (min(height, width) < MIN_SIDE or max(height, width) > MAX_SIDE):
        raise NoclipError(f"{path}: {width}x{height} pixels; sides of {MIN_SIDE} to {MAX_SIDE} can be taped")


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A picture file, of a kind and a size that is taken.

    Raises NoclipError for what is none, also while it is being read.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)
            with Image.open(path, formats=OPENED) as image:
                check_size(path, *image.size)
                yield image
    except Image.DecompressionBombError as error:
        raise NoclipError(f"{path}: too many pixels; sides of {MIN_SIDE} to {MAX_SIDE} can be taped") from error
    except UnidentifiedImageError as error:
        raise NoclipError(f"{path}: not a picture that can be read") from error
    except (OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError) as error:
        raise NoclipError(f"{path}: not a picture that can be read ({error})") from error


def is_animated(path: Path) -> bool:
    """Does a picture file hold several pictures, one after another in time?

    Raises NoclipError for what is no picture.
    """
    with opened(path) as image:
        return image.format in ANIMATED and getattr(image, "n_frames", 1) > 1


def read_picture(path: Path) -> NDArray[np.float32]:
    """A picture as (H, W, 3) float32 R'G'B' 0..1, upright, in sRGB: 8 or 16 bit, grey or colour, transparent as black.

    Raises NoclipError for what is no picture.
    """
    with opened(path) as image:
        image.load()
        return _plain(image)


def read_animation(path: Path) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """The pictures of an animated file, each with the seconds for which it stays.

    Raises NoclipError for what is no picture.
    """
    with opened(path) as image:
        for k in range(getattr(image, "n_frames", 1)):
            image.seek(k)
            image.load()
            stays = float(image.info.get("duration") or 0) / 1000
            yield stays if stays >= SHORTEST_S else HASTY_S, _plain(image.copy())


def _plain(image: Any) -> NDArray[np.float32]:
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float32)
        grey = np.clip(np.nan_to_num(values) / (1.0 if image.mode == "F" else 65535.0), 0.0, 1.0)
        return np.repeat(grey[..., None], 3, axis=-1)
    profile, alpha = image.info.get("icc_profile"), None
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
    image = _in_srgb(image.convert("RGB") if image.mode not in ("CMYK", "L") or alpha else image, profile)
    if alpha is not None:
        image = Image.composite(image, Image.new("RGB", image.size), alpha)
    return np.asarray(image, dtype=np.float32) / 255.0


def _in_srgb(image: Any, profile: bytes | None) -> Any:
    """An image in sRGB by its embedded profile; one that is damaged, or for other channels, is left out."""
    from PIL import ImageCms

    if profile:
        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, given, srgb, outputMode="RGB")
            return turned if turned is not None else image.convert("RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image.convert("RGB")


def encoded(codes: NDArray[np.uint8], ending: str) -> bytes:
    """(H, W, 3) uint8 as the bytes of a picture file of some ending."""
    from PIL import Image

    form = WRITABLE_PICTURES[ending.lower()]
    options: dict[str, Any] = {"quality": 95, "subsampling": 0} if form == "JPEG" else {}
    file = BytesIO()
    Image.fromarray(codes).save(file, form, **options)
    return file.getvalue()
