"""A picture's recipe: everything needed to make it again, kept in the PNG itself."""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from .errors import NoclipError

if TYPE_CHECKING:
    from PIL.PngImagePlugin import PngInfo

KEYWORD = "noclip"
"""Keyword of the PNG text chunk that holds the recipe as JSON."""
LARGEST_PX = 8192
"""A side of the largest picture that noclip makes."""


def recipe_chunk(recipe: dict[str, Any]) -> PngInfo:
    """The text chunk to save a PNG with; keys are sorted, so that equal recipes are equal bytes."""
    from PIL.PngImagePlugin import PngInfo

    chunk = PngInfo()
    chunk.add_text(KEYWORD, json.dumps(recipe, sort_keys=True, ensure_ascii=True, separators=(",", ":")))
    return chunk


def read_recipe(path: Path) -> dict[str, Any]:
    """The recipe of a PNG that noclip made: its scene unchecked, all else as a request can be made of it.

    Raises NoclipError: no such file, not a PNG, a PNG without a recipe, or a recipe that no picture can come of.
    """
    text = _text(path)
    if text is None:
        raise NoclipError(f"{path}: no noclip recipe in this picture; give one that noclip wrote")
    try:
        recipe = json.loads(text)
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

    scene: dict[str, Any]
    pose: _Pose
    clean: Annotated[bool, Field(strict=True)] = False
    only: Annotated[str, Field(max_length=20)] | None = None
