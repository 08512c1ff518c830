"""A level ready to be drawn, whatever draws it."""

from __future__ import annotations

from functools import partial
from types import TracebackType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import Lens, Pose
from .edges import antialias, edges_of
from .lamp import Beam, CameraLamp, beam_at, beam_of
from .lamp_state import require_relief
from .mirror import add_mirrors
from .picture import Drawable, Picture
from .shading import Shader
from .view import View, view_of


class Backend(Protocol):
    """What draws the pixels of a drawable: OpenGL or the processor. ``kind``: ``"opengl"`` or ``"embree"``."""

    kind: str
    shader: Shader

    def pixels(
        self, view: View, lamp_output: NDArray | None, beam: Beam | None, shaded: bool
    ) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int64], Beam | None]:
        """Radiance (H, W, 3) and facet (H, W) of what the pixels' centres see, as in ``Picture``; the facets (N,)
        among which it was looked for; and the beam with its shadows. Without ``shaded`` the radiance may be 0."""

    def mirrored(
        self, view: View, lamp_output: NDArray | None, beam: Beam | None, height: float, wanted: NDArray | None
    ) -> NDArray[np.float32]:
        """Radiance (H, W, 3) of what lies over a height, seen from below it, at the pixels ``wanted`` (H, W) at least;
        0 where nothing is seen. beam: with its shadows, if any."""

    def close(self) -> None:
        """Free what is held outside Python."""


class Renderer:
    """A level ready to be drawn; a context manager. ``kind``: ``"opengl"`` or ``"embree"``; ``note``: one line when
    it is not the one that was asked for first, else empty."""

    def __init__(self, drawable: Drawable, backend: Backend, note: str = "") -> None:
        self.drawable, self.kind, self.note = drawable, backend.kind, note
        self._backend = backend

    def __enter__(self) -> Renderer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._backend.close()

    def draw(
        self,
        pose: Pose,
        lens: Lens,
        size: tuple[int, int] = (640, 480),
        *,
        lamp_output: NDArray | None = None,
        camera_lamp: CameraLamp | None = None,
        field: int | None = None,
        rows: tuple[int, int] | None = None,
        shaded: bool = True,
    ) -> Picture:
        """The picture (H, W) that a camera takes.

        size: width, height of the whole picture. lamp_output (L,): every lamp's output now, 0..1, default 1; it
        drives the flicker layers and the lenses. camera_lamp: a lamp on the camera, per pixel on top of the bake.
        field: None for the frame; 0, 1 for the upper, lower field, of half as many rows, each with a footprint of
        two picture rows. rows: half-open range of the rows of that frame or field. shaded: without it
        the radiance is not worked out, only what water mirrors, for pictures of which only passes are wanted.
        Raises ValueError when there is a camera's lamp and the textures were made without relief.
        """
        view = view_of(self.drawable.origin, pose, lens, size, field, rows)
        if camera_lamp is not None:
            require_relief(self.drawable.textures.relief.levels)
        beam = None if camera_lamp is None else beam_of(camera_lamp, view)
        radiance, facet, shown, beam = self._backend.pixels(view, lamp_output, beam, shaded)
        edges = edges_of(facet, self.drawable.facets, shown, view)
        if shaded:
            at_edges = None if beam is None else beam_at(beam, edges.place)
            alone = self._backend.shader.shade_some(edges.facet[edges.alone], edges.place, view, lamp_output, at_edges)
            antialias(radiance, edges, alone)
        mirror = None
        if self.drawable.mirrors.any():
            drawn = partial(self._backend.mirrored, lamp_output=lamp_output)
            mirror = add_mirrors(radiance, facet, view, self.drawable, beam, drawn)
        return Picture(radiance, facet, edges, view, lamp_output, self.drawable, mirror)
