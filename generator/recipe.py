"""A picture's recipe: everything needed to make it again, kept in the PNG itself."""

from __future__ import annotations

import json
import math
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from . import __version__
from .errors import NoclipError

if TYPE_CHECKING:
    from PIL.PngImagePlugin import PngInfo

VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){0,3}(?!\d)")
"""A version's numbers, whatever follows them."""
KEYWORD = "noclip"
"""Keyword of the PNG text chunk that holds the recipe as JSON."""
LARGEST_PX = 8192
"""A side of the largest picture that noclip makes."""


def recipe_chunk(recipe: dict[str, Any]) -> PngInfo:
    """Make the text chunk to save a PNG with; keys are sorted, so that equal recipes are equal bytes."""
    from PIL.PngImagePlugin import PngInfo

    chunk = PngInfo()
    chunk.add_text(KEYWORD, json.dumps(recipe, sort_keys=True, ensure_ascii=True, separators=(",", ":")))
    return chunk


def read_recipe(path: Path) -> dict[str, Any]:
    """Read the recipe of a PNG that noclip made: its scene unchecked, all else as a request can be made of it.

    Raises NoclipError: no such file, not a PNG, a PNG without a recipe, a recipe that no picture can come of, or one of
    a newer version, of which nothing else is read.
    """
    text = _text(path)
    if text is None:
        raise NoclipError(f"{path}: no noclip recipe in this picture; give one that noclip wrote")
    try:
        recipe = json.loads(text)
        _check_version(path, recipe)
        _Recipe.model_validate(recipe)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise NoclipError(f"{path}: the recipe in this picture is damaged ({place}: {first['msg']})") from None
    except (ValueError, RecursionError):
        raise NoclipError(f"{path}: the recipe in this picture is damaged") from None
    return dict(recipe)


def _text(path: Path) -> str | None:
    """The text chunk of a PNG; its pixels are looked at only where the chunk may lie behind them.

    Raises NoclipError: no such file, not a PNG, or one larger than noclip makes.
    """
    from PIL import Image

    try:
        if path.exists() and not path.is_file():
            raise NoclipError(f"{path}: cannot read the picture: this is no file")
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=["PNG"]) as image:
                if max(image.size) > LARGEST_PX:
                    raise NoclipError(f"{path}: {image.width}x{image.height} pixels; noclip makes no such picture")
                if KEYWORD not in image.info:
                    image.load()
                found = image.info.get(KEYWORD)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoclipError(f"{path}: more pixels than any picture that noclip makes") from None
    except (OSError, SyntaxError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a PNG picture, or a damaged one"
        raise NoclipError(f"{path}: cannot read the picture: {reason}") from None
    return found if isinstance(found, str) else None


Metres = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Angle = Annotated[float, Field(ge=-1e3, le=1e3, allow_inf_nan=False)]
Chunk = Annotated[int, Field(ge=-(2**30), le=2**30, strict=True)]
"""Numbers of a pose: metres from a chunk's corner, radians, and the chunks that there are."""


class _Pose(BaseModel):
    origin: tuple[Chunk, Chunk]
    position: tuple[Metres, Metres, Metres]
    yaw: Angle
    pitch: Annotated[float, Field(ge=-math.pi / 2, le=math.pi / 2, allow_inf_nan=False)]
    roll: Angle


class _Recipe(BaseModel):
    """What every recipe holds, whatever version wrote it."""

    version: str
    scene: dict[str, Any]
    pose: _Pose
    clean: Annotated[bool, Field(strict=True)] = False
    only: Annotated[str, Field(max_length=20)] | None = None


def number_of(version: str) -> tuple[int, ...]:
    """Read a version's numbers, fit to be compared: ``"0.2.0"`` gives (0, 2).

    Raises ValueError for what is no version.
    """
    numbers = [int(part) for part in _numbers(version).split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _numbers(version: str) -> str:
    found = VERSION.match(version)
    if not found:
        raise ValueError("no version")
    return found[0]


def _check_version(path: Path, recipe: Any) -> None:
    """Raise NoclipError for a version newer than this one, whose recipes may mean anything; ValueError for none."""
    version = recipe.get("version") if isinstance(recipe, dict) else None
    if not isinstance(version, str):
        raise ValueError("no version")
    if number_of(version) > number_of(__version__):
        newer = f"made by noclip {_numbers(version)}, and this is {__version__}"
        raise NoclipError(f"{path}: {newer}; update noclip to open it")
