"""The renderer that needs nothing from the system: kernels draw the facets and shade them, rays see to what is left."""

from __future__ import annotations

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from numpy.typing import NDArray

from .lamp import Beam, shadowed
from .picture import Drawable
from .raster import draw_facets, facets_in_view
from .rays import chosen_rays
from .shading import Shader, nearness_of, over
from .view import View


class EmbreeBackend:
    """Draws on the processor; see ``open_renderer``."""

    kind = "embree"

    def __init__(self, drawable: Drawable) -> None:
        self._drawable, self.shader = drawable, Shader(drawable)
        self._scene = EmbreeScene()
        mesh = drawable.facets.mesh
        TriangleMesh(self._scene, mesh.vertices.astype(np.float32), mesh.faces)

    def close(self) -> None:
        """Let the scene go."""
        self._scene = None

    def pixels(
        self, view: View, lamp_output: NDArray | None, beam: Beam | None, shaded: bool = True
    ) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int64], Beam | None]:
        """Radiance (H, W, 3), facet (H, W), facets in view (N,) and the beam; as in ``Backend.pixels``."""
        f = self._drawable.facets
        chosen, _ = facets_in_view(f.corners, f.normal, view.eye, view.clip, view.width, view.height, True)
        facet = self._seen(view, chosen)
        if not shaded:
            return np.zeros((*facet.shape, 3), np.float32), facet, chosen, beam
        beam = None if beam is None else shadowed(beam, nearness_of(facet, f, view))
        return self.shader.shade(facet, view, lamp_output, beam), facet, chosen, beam

    def mirrored(
        self, view: View, lamp_output: NDArray | None, beam: Beam | None, height: float, wanted: NDArray | None
    ) -> NDArray[np.float32]:
        """Radiance (H, W, 3) of what lies over a height; as in ``Backend.mirrored``."""
        f = self._drawable.facets
        chosen, _ = facets_in_view(f.corners, f.normal, view.eye, view.clip, view.width, view.height, True)
        facet = np.empty((view.height, view.width), np.int32)
        draw_facets(facet, f.corners, over(f, chosen, height), view.eye, view.rays, view.clip)
        if wanted is not None:
            facet[~wanted] = -1
        return self.shader.shade(facet, view, lamp_output, beam)

    def _seen(self, view: View, chosen: NDArray[np.int64]) -> NDArray[np.int32]:
        """Facet (H, W) of ``chosen`` that each pixel's centre sees, -1 for none; rays see where none is drawn."""
        f = self._drawable.facets
        facet = np.empty((view.height, view.width), np.int32)
        draw_facets(facet, f.corners, chosen, view.eye, view.rays, view.clip)
        ys, xs = map(np.ascontiguousarray, np.nonzero(facet < 0))  # else the rays' kernel is compiled twice
        facet[ys, xs] = self._traced(view, ys, xs)
        return facet

    def _traced(self, view: View, ys: NDArray[np.int64], xs: NDArray[np.int64]) -> NDArray[np.int32]:
        """Facet (N,) that the centres of pixels see."""
        if not len(xs):
            return np.zeros(0, np.int32)
        directions = chosen_rays(view.rays, ys, xs)
        origins = np.empty_like(directions)
        origins[:] = view.eye
        return self._scene.run(origins, directions)
