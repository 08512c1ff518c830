"""A picture's recipe: everything needed to make it again, kept in the PNG itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import NoclipError

if TYPE_CHECKING:
    from PIL.PngImagePlugin import PngInfo

KEYWORD = "noclip"
"""Keyword of the PNG text chunk that holds the recipe as JSON."""


def recipe_chunk(recipe: dict[str, Any]) -> PngInfo:
    """The text chunk to save a PNG with; keys are sorted, so that equal recipes are equal bytes."""
    from PIL.PngImagePlugin import PngInfo

    chunk = PngInfo()
    chunk.add_text(KEYWORD, json.dumps(recipe, sort_keys=True, ensure_ascii=True, separators=(",", ":")))
    return chunk


def read_recipe(path: Path) -> dict[str, Any]:
    """The recipe of a PNG that noclip made.

    Raises NoclipError: no such file, not a PNG, or a PNG without a recipe.
    """
    from PIL import Image

    try:
        with Image.open(path, formats=["PNG"]) as image:
            image.load()
            text = getattr(image, "text", {}).get(KEYWORD)
    except (OSError, SyntaxError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a PNG picture, or a damaged one"
        raise NoclipError(f"{path}: cannot read the picture: {reason}") from None
    if text is None:
        raise NoclipError(f"{path}: no noclip recipe in this picture; give one that noclip wrote")
    try:
        recipe = json.loads(text)
        recipe["scene"], recipe["pose"]
    except (ValueError, KeyError, TypeError):
        raise NoclipError(f"{path}: the recipe in this picture is damaged") from None
    return recipe
