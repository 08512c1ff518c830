"""Render: level + lightmap + pose → radiance, by OpenGL or by Embree; the two agree.

``open_renderer`` prepares a level once and gives a ``Renderer``, whose ``draw`` takes pictures of it. A ``Picture``
holds the radiance and what every pixel sees; the functions of ``aov`` make depth, normals and other passes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from ..errors import NoclipError
from ..surface.textures import Textures, textures_of
from .lamp import CameraLamp
from .picture import Picture, drawable_of
from .renderer import Renderer
from .view import Quality

if TYPE_CHECKING:
    from ..geometry.level import Level
    from ..light.lightmap import Lightmap
    from ..surface.material import Material, Patina

__all__ = ["CameraLamp", "Picture", "Renderer", "gl_info", "open_renderer"]


def open_renderer(
    kind: Literal["auto", "opengl", "embree"],
    level: Level,
    lightmap: Lightmap,
    patina: Patina,
    materials: tuple[Material, ...] | Textures,
    quality: Quality = "normal",
) -> Renderer:
    """Prepare a level for drawing; ``materials`` in the order of ``level.materials``, or their textures.

    ``auto`` takes OpenGL where a context can be made, else Embree, and says so in the renderer's ``note``.
    quality: ``draft`` samples textures less, ``final`` more.
    Raises NoclipError when ``opengl`` is asked for and there is none.
    """
    note, textures = "", materials if isinstance(materials, Textures) else textures_of(materials)
    drawable = drawable_of(level, lightmap, patina, textures, quality)
    if kind != "embree":
        try:
            from .gl import Offscreen

            context = Offscreen(64, 64)
        except Exception as error:
            note = f"no OpenGL ({_one_line(error)}): drawing with Embree"
            if kind == "opengl":
                raise NoclipError(
                    f"no OpenGL context could be made ({_one_line(error)}): install libegl1 and libgl1, "
                    "or use the renderer embree"
                ) from error
        else:
            from .opengl import OpenGLBackend

            return Renderer(drawable, OpenGLBackend(drawable, context))
    from .embree import EmbreeBackend

    return Renderer(drawable, EmbreeBackend(drawable), note)


def gl_info() -> dict[str, str]:
    """Tell vendor, renderer and version of OpenGL; or, where none can be had, only the reason: ``{"none": why}``."""
    try:
        from .gl import Offscreen, describe

        offscreen = Offscreen(16, 16)
        try:
            return describe()
        finally:
            offscreen.delete()
    except Exception as error:
        return {"none": _one_line(error)}


def _one_line(error: BaseException) -> str:
    words = str(error).split()
    return " ".join(words)[:160] or type(error).__name__
