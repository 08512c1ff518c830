"""The renderer that needs nothing from the system: kernels draw the facets and shade them, rays see to what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene
from numpy.typing import NDArray

from ..camera.shot import Lens, Pose
from ..geometry.level import Level
from ..light.lightmap import Lightmap
from ..surface.material import Patina
from ..surface.pyramid import Pyramids
from ..surface.textures import Textures
from .aov import MODES, NORMAL
from .atlas import charts_of
from .depth import fill_nearness
from .edges import antialias
from .facets import facets_of
from .lamp_state import flicker_weights, lens_radiance, require_relief
from .raster import draw_facets, facets_in_view
from .rays import chosen_rays
from .shade import Atlas, Beam, FacetTable, Texture, place_facets, shade, superword
from .texture_filter import MAX_TAPS
from .view import CameraLamp, Only, Quality, View, view_of

if TYPE_CHECKING:
    from types import TracebackType


class EmbreeRenderer:
    """Draws a level on the CPU; a context manager. See ``open_renderer``."""

    kind = "embree"

    def __init__(
        self,
        level: Level,
        lightmap: Lightmap,
        patina: Patina,
        textures: Textures,
        quality: Quality = "normal",
        note: str = "",
    ) -> None:
        self.note = note
        self._lamps, self._origin, self._quality = level.lamps, level.origin, quality
        self._facets = facets_of(level, textures, lightmap)
        self._charts = charts_of(lightmap, patina)
        self._scene = EmbreeScene()
        mesh = self._facets.mesh
        TriangleMesh(self._scene, mesh.vertices.astype(np.float32), mesh.faces)
        self._albedo, self._emission = _texture(textures.albedo), _texture(textures.emission)
        self._relief = _texture(textures.relief)
        self._atlas = Atlas(
            steady=lightmap.steady.reshape(-1),
            flicker=lightmap.flicker.reshape(len(lightmap.flicker), lightmap.steady.size),
            patina=patina.factor.reshape(-1),
            width=lightmap.steady.shape[1],
            patina_width=patina.factor.shape[1],
            emission=textures.peak,
            specular=textures.specular,
            metallic=textures.metallic,
            emitted=np.zeros((0, 3), np.float32),
        )
        self._frame = np.zeros((len(mesh.faces), 20), np.float32)

    def __enter__(self) -> EmbreeRenderer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scene = None

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
        """Linear radiance (H, W, 3) of a picture; arguments as in ``Renderer.radiance``."""
        view = view_of(self._origin, pose, lens, size, field, rows)
        draw = Drawing(self, view, lamp_output, camera_lamp, only)
        faces = draw.trace()
        picture = draw.shade(faces)
        if self._quality != "draft" and only != "texels":
            f = self._facets
            antialias(picture, faces, f.surface, f.across, f.corners, view.eye, view.rays)
        if nearness is not None:
            fill_nearness(nearness, faces, self._facets.normal, self._facets.anchor, view.eye, view.rays)
        return picture


class Drawing:
    """One picture under way: its view, the state of the lamps."""

    def __init__(
        self,
        renderer: EmbreeRenderer,
        view: View,
        lamp_output: NDArray | None,
        camera_lamp: CameraLamp | None,
        only: Only | None,
    ) -> None:
        self._of, self._view, self._mode = renderer, view, MODES[only]
        facets, charts = renderer._facets, renderer._charts
        lamps = renderer._lamps
        self._beam = None if camera_lamp is None else _beam(view, camera_lamp)
        self._table = FacetTable(
            facets.material,
            facets.chart,
            facets.lamp,
            facets.normal.astype(np.float32),
            facets.tangent,
            charts.light,
            charts.patina,
            flicker_weights(charts.lamp, lamp_output),
            charts.colour,
        )
        self._atlas = renderer._atlas._replace(emitted=lens_radiance(lamps, lamp_output))
        if camera_lamp is not None or self._mode == NORMAL:
            require_relief(renderer._relief.levels)

    def trace(self) -> NDArray[np.int32]:
        """Facet (H, W) that each pixel's centre sees, -1 for none; a ray is traced where none was drawn."""
        f, view = self._of._facets, self._view
        size = float(view.width), float(view.height)
        chosen, _ = facets_in_view(f.corners, f.normal, view.eye, view.clip, *size, True)
        faces = np.empty((view.height, view.width), np.int32)
        draw_facets(faces, f.corners, chosen, view.eye, view.rays, view.clip)
        ys, xs = np.nonzero(faces < 0)
        faces[ys, xs] = self._seen(ys, xs)
        return faces

    def _seen(self, ys: NDArray[np.int64], xs: NDArray[np.int64]) -> NDArray[np.int32]:
        """Facet (N,) that the centres of pixels see."""
        if not len(xs):
            return np.zeros(0, np.int32)
        directions = chosen_rays(self._view.rays, ys, xs)
        origins = np.empty_like(directions)
        origins[:] = self._view.eye
        return self._of._scene.run(origins, directions)

    def shade(self, faces: NDArray[np.int32]) -> NDArray[np.float32]:
        """Radiance (H, W, 3) of pixels on their facets."""
        of, f, view = self._of, self._of._facets, self._view
        stamp, placed = np.zeros(len(f.anchor), np.bool_), (f.anchor, f.normal, f.values, f.gradients)
        place_facets(of._frame, stamp, faces.reshape(-1), *placed, view.eye, *view.rays)
        out = np.empty((*faces.shape, 3), np.float32)
        textures, rays = (of._albedo, of._emission, of._relief), view.rays.astype(np.float32)
        taps, blend = MAX_TAPS[of._quality], of._quality != "draft"
        with superword():
            shade(out, faces, of._frame, rays, self._table, *textures, self._atlas, self._beam, self._mode, taps, blend)
        return out


def _beam(view: View, lamp: CameraLamp) -> Beam:
    right, up, forward = lamp.offset_m
    return Beam(
        (right * view.right + up * view.up + forward * view.forward).astype(np.float32),
        view.forward.astype(np.float32),
        np.array(lamp.intensity, np.float32),
        float(np.cos(lamp.inner)),
        float(np.cos(lamp.outer)),
        float(lamp.vignetting),
    )


def _texture(p: Pyramids) -> Texture:
    return Texture(p.texels, p.first, p.width, p.height, p.levels)
