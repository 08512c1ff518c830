"""The renderer that needs nothing from the system: kernels draw the facets and shade them, rays see to what is left."""

from __future__ import annotations

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from numpy.typing import NDArray

from .lamp import Beam
from .picture import Drawable
from .raster import draw_facets, facets_in_view
from .rays import chosen_rays
from .shading import place, shaded, tables_of
from .view import View


class EmbreeBackend:
    """Draws on the processor; see ``open_renderer``."""

    kind = "embree"

    def __init__(self, drawable: Drawable) -> None:
        self._drawable, self._tables = drawable, tables_of(drawable)
        self._scene = EmbreeScene()
        mesh = drawable.facets.mesh
        TriangleMesh(self._scene, mesh.vertices.astype(np.float32), mesh.faces)
        self._frame = np.zeros((len(mesh.faces), 20), np.float32)

    def close(self) -> None:
        """Let the scene go."""
        self._scene = None

    def pixels(
        self, view: View, lamp_output: NDArray | None, beam: Beam | None
    ) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Radiance (H, W, 3) and facet (H, W); as in ``Backend.pixels``."""
        facet = self._seen(view)
        place(self._frame, self._drawable.facets, facet, view)
        return shaded(self._drawable, self._tables, self._frame, facet, view, lamp_output, beam), facet

    def _seen(self, view: View) -> NDArray[np.int32]:
        """Facet (H, W) that each pixel's centre sees, -1 for none; a ray is traced where none was drawn."""
        f = self._drawable.facets
        chosen, _ = facets_in_view(f.corners, f.normal, view.eye, view.clip, view.width, view.height, True)
        facet = np.empty((view.height, view.width), np.int32)
        draw_facets(facet, f.corners, chosen, view.eye, view.rays, view.clip)
        ys, xs = np.nonzero(facet < 0)
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
