"""Render: level + lightmap + pose → radiance, by OpenGL or by Embree; the two agree.

``open_renderer`` prepares a level once and gives a ``Renderer``, whose ``radiance`` draws pictures of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from ..errors import NoclipError
from ..surface.textures import Textures, textures_of
from .view import CameraLamp, Only, Quality

if TYPE_CHECKING:
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from ..camera.shot import Lens, Pose
    from ..geometry.level import Level
    from ..light.lightmap import Lightmap
    from ..surface.material import Material, Patina

__all__ = ["CameraLamp", "Renderer", "gl_info", "open_renderer"]


class Renderer(Protocol):
    """A level ready to be drawn; a context manager. ``kind``: ``"opengl"`` or ``"embree"``; ``note``: one line when
    it is not the one that was asked for first, else empty."""

    kind: str
    note: str

    def __enter__(self) -> Renderer: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def radiance(
        self,
        pose: Pose,
        lens: Lens,
        size: tuple[int, int] = (640, 480),
        *,
        lamp_output: NDArray | None = None,
        camera_lamp: CameraLamp | None = None,
        field: int | None = None,
        rows: tuple[int, int] | None = None,
        only: Only | None = None,
        nearness: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Linear radiance (H, W, 3) float32 in Rec.709 primaries, W·sr⁻¹·m⁻², not clamped.

        size: width, height of the whole picture. lamp_output (L,): every lamp's output now, 0..1, default 1; it
        drives the flicker layers and the lenses. camera_lamp: a lamp on the camera, per pixel on top of the bake.
        field: None for the frame; 0, 1 for the upper, lower field, of half as many rows, each with a footprint of
        two picture rows. rows: half-open range of the rows of that frame or field. only: ``"albedo"`` (texture and
        patina), ``"normal"`` (0.5 + 0.5 n in the level's axes), ``"texels"`` (the lightmap's, coloured by chart);
        ``"direct"`` and ``"bounce"`` draw as usual what a lightmap of that part alone was baked for. nearness: an array
        (H, W) that is filled with one over the distance along the camera's axis, 1/m, 0 where nothing is seen.
        """


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
    quality: ``draft`` samples textures less and leaves edges as they are; ``final`` samples textures more.
    Raises NoclipError when ``opengl`` is asked for and there is none.
    """
    note, textures = "", materials if isinstance(materials, Textures) else textures_of(materials)
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
            from .opengl import OpenGLRenderer

            return OpenGLRenderer(level, lightmap, patina, textures, quality, context)
    from .embree import EmbreeRenderer

    return EmbreeRenderer(level, lightmap, patina, textures, quality, note)


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
