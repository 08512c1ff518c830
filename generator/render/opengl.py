"""The renderer that draws through OpenGL: what faces the eye, its depth first, then shaded by ``shaders/mesh.frag``."""

from __future__ import annotations

import ctypes
from itertools import pairwise
from types import TracebackType

import numpy as np
import pyrender
from numpy.typing import NDArray
from OpenGL import GL

from ..camera.shot import Lens, Pose
from ..geometry.level import Level
from ..light.lightmap import Lightmap
from ..surface.material import Patina
from ..surface.pyramid import Pyramids
from ..surface.textures import Textures
from .aov import LOOK, MODES, NORMAL, WATER_F0, WATER_ROUGHNESS
from .atlas import Charts, charts_of
from .depth import fill_nearness
from .edges import antialias, split
from .facets import Facets, facets_of
from .gl import FloatRenderer, LevelTexture, Offscreen, Program, Window, describe
from .lamp_state import flicker_weights, lens_radiance, require_relief
from .raster import facets_in_view
from .texture_filter import LOD_BIAS, MAX_TAPS, TAP_SPACING
from .view import CameraLamp, Only, Quality, View, view_of

TABLE_WIDTH = 3072
"""Texels in a row of a look-up table: a multiple of the three texels that a chart takes."""


class OpenGLRenderer:
    """Draws a level through OpenGL; a context manager that belongs to its thread. See ``open_renderer``."""

    kind = "opengl"
    note = ""

    def __init__(
        self,
        level: Level,
        lightmap: Lightmap,
        patina: Patina,
        textures: Textures,
        quality: Quality,
        context: Offscreen,
    ) -> None:
        self._level, self._made, self._quality = level, textures, quality
        self._offscreen = context
        self._charts = charts_of(lightmap, patina)
        self._textures = {
            "light_map": LevelTexture([_four(np.concatenate([lightmap.steady, *lightmap.flicker]))]),
            "patina_map": LevelTexture([patina.factor]),
            "chart_table": LevelTexture([_chart_table(self._charts)]),
            "weight_table": LevelTexture([_table(np.zeros((len(self._charts.lamp), 3)))]),
            "lamp_table": LevelTexture([_table(np.zeros((len(level.lamps.center), 3)))]),
        }
        self._layers = 1 + len(lightmap.flicker)
        self._blend = quality != "draft"
        self._albedo = _material_textures(textures.albedo, self._blend)
        self._glow = _material_textures(textures.emission, self._blend)
        self._relief: list[LevelTexture | None] = []
        self._lamp_state: NDArray | None = None
        self._offscreen.renderer.draw = self._draw
        self.info = describe()
        for texture in (*self._textures.values(), *self._albedo, *self._glow):
            if texture is not None:
                texture._add_to_context()
        self._facets = facets_of(level, textures, lightmap)
        self._part = _primitive(self._facets)
        self._scene = pyrender.Scene()
        self._scene.add(pyrender.Mesh([self._part]))
        self._camera = self._scene.add(Window((-1, 1, -1, 1)))

    def __enter__(self) -> OpenGLRenderer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._offscreen.delete()

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
        view = view_of(self._level.origin, pose, lens, size, field, rows)
        self._request = (view, camera_lamp, MODES[only])
        self._offscreen.viewport_width, self._offscreen.viewport_height = view.width, view.height
        self._camera.camera.bounds = view.bounds
        self._set_lamps(lamp_output)
        picture, faces = split(self._offscreen.render(self._scene))
        if self._quality != "draft" and only != "texels":
            f = self._facets
            antialias(picture, faces, f.surface, f.across, f.corners, view.eye, view.rays)
        if nearness is not None:
            fill_nearness(nearness, faces, self._facets.normal, self._facets.anchor, view.eye, view.rays)
        return picture

    def _set_lamps(self, lamp_output: NDArray | None) -> None:
        """Upload the state of the lamps where it has changed."""
        count = len(self._level.lamps.center)
        output = np.ones(count) if lamp_output is None else np.asarray(lamp_output, float)
        if self._lamp_state is not None and np.array_equal(output, self._lamp_state):
            return
        self._lamp_state = output.copy()
        self._textures["weight_table"].replace(_table(flicker_weights(self._charts.lamp, output)))
        self._textures["lamp_table"].replace(_table(lens_radiance(self._level.lamps, output)))

    def _draw(self, renderer: FloatRenderer, scene: pyrender.Scene) -> None:
        view, lamp, mode = self._request
        if (lamp is not None or mode == NORMAL) and not self._relief:
            require_relief(self._made.relief.levels)
            self._relief = _material_textures(self._made.relief, self._blend)
            for texture in self._relief:
                if texture is not None:
                    texture._add_to_context()
        shown = self._shown(view)
        self._part._bind()
        GL.glBindBuffer(GL.GL_ELEMENT_ARRAY_BUFFER, self._part._buffers[-1])
        corners = (3 * shown[:, None] + np.arange(3)).astype(np.uint32)
        GL.glBufferData(GL.GL_ELEMENT_ARRAY_BUFFER, corners.nbytes, corners, GL.GL_STREAM_DRAW)
        self._draw_depth(renderer, view, len(shown))
        program = None
        for m, start, stop in _spans(self._facets.material[shown]):
            chosen = self._program(renderer, mode, mode == LOOK and self._glow[m] is not None, lamp is not None)
            if chosen is not program:
                program = chosen
                program.bind()
                self._set_frame(program, view, lamp)
            self._set_material(program, m)
            self._draw_facets(start, stop)
        GL.glBindVertexArray(0)

    def _shown(self, view: View) -> NDArray[np.int64]:
        """Facets in the picture's pyramid that face the eye, by material, the nearest first."""
        f = self._facets
        size = float(view.width), float(view.height)
        chosen, depth = facets_in_view(f.corners, f.normal, view.eye, view.clip, *size, False)
        return chosen[np.lexsort((depth, f.material[chosen]))]

    def _draw_depth(self, renderer: FloatRenderer, view: View, count: int) -> None:
        """Fill the depth buffer alone, so that no hidden surface is shaded afterwards."""
        program = renderer.program("depth.frag")
        program.bind()
        self._set_frame(program, view, None)
        GL.glColorMask(False, False, False, False)
        self._draw_facets(0, count)
        GL.glColorMask(True, True, True, True)
        GL.glDepthFunc(GL.GL_EQUAL)

    def _draw_facets(self, start: int, stop: int) -> None:
        """Draw a range of the facets whose corners are in the element buffer."""
        self._part._bind()
        place = ctypes.c_void_p(12 * start)
        GL.glDrawElements(GL.GL_TRIANGLES, 3 * (stop - start), GL.GL_UNSIGNED_INT, place)

    def _program(self, renderer: FloatRenderer, mode: int, glows: bool, lamp: bool) -> Program:
        return renderer.program(
            "mesh.frag",
            PICTURE_MODE=mode,
            HAS_EMISSION=int(glows),
            BEAM_ON=int(lamp),
            LIGHT_LAYERS=float(self._layers),
            MAX_TAPS=MAX_TAPS[self._quality],
            LOD_BIAS=LOD_BIAS,
            TAP_SPACING=TAP_SPACING,
            WATER_F0=WATER_F0,
            WATER_ROUGHNESS=WATER_ROUGHNESS,
        )

    def _set_frame(self, program: Program, view: View, lamp: CameraLamp | None) -> None:
        turn = np.eye(4)
        turn[:3, :3] = [view.right, view.up, -view.forward]
        program.set("clip_from_world", self._camera.camera.get_projection_matrix() @ turn)
        program.set("eye", view.eye)
        for unit, (name, texture) in enumerate(self._textures.items()):
            program.set_texture(name, unit, texture)
        if lamp is not None:
            right, up, forward = lamp.offset_m
            program.set("lamp_position", right * view.right + up * view.up + forward * view.forward)
            program.set("lamp_axis", view.forward)
            program.set("lamp_intensity", np.array(lamp.intensity))
            program.set("lamp_cone", np.array([np.cos(lamp.inner), np.cos(lamp.outer), lamp.vignetting]))

    def _set_material(self, program: Program, m: int) -> None:
        unit = len(self._textures)
        for k, (name, textures) in enumerate(
            (("albedo_map", self._albedo), ("emission_map", self._glow), ("relief_map", self._relief))
        ):
            if textures and textures[m] is not None:
                program.set_texture(name, unit + k, textures[m])
        program.set("emission_peak", float(self._made.peak[m]))
        program.set("specular", float(self._made.specular[m]))
        program.set("metallic", float(self._made.metallic[m]))


def _spans(values: NDArray[np.int32]) -> list[tuple[int, int, int]]:
    """Runs of equal values: the value, start and stop of each."""
    cuts = np.flatnonzero(np.diff(values)) + 1
    bounds = np.concatenate([[0], cuts, [len(values)]]).tolist() if len(values) else [0]
    return [(int(values[a]), a, b) for a, b in pairwise(bounds)]


def _primitive(facets: Facets) -> pyrender.Primitive:
    """All facets; every triangle has its own corners, so that each carries its chart, lamp and tangent."""
    mesh = facets.mesh
    corners = mesh.faces.reshape(-1)
    owner = np.repeat(np.arange(len(mesh.faces)), 3)
    shift = mesh.vertices[corners] - facets.anchor[owner]
    values = facets.values[owner] + np.einsum("fcd,fd->fc", facets.gradients[owner], shift)
    ids = np.zeros((len(corners), 4), np.float32)
    ids[:, 0], ids[:, 1], ids[:, 2] = facets.chart[owner], facets.lamp[owner], owner + 1
    return pyrender.Primitive(
        positions=mesh.vertices[corners],
        normals=facets.normal[owner],
        tangents=facets.tangent[owner],
        texcoord_0=values[:, :2],
        texcoord_1=values[:, 2:],
        color_0=ids,
        indices=np.arange(3).reshape(-1, 3),
    )


def _material_textures(p: Pyramids, blend: bool) -> list[LevelTexture | None]:
    return [
        LevelTexture([p.level(m, k) for k in range(n)], repeat=True, blend=blend) if n else None
        for m, n in enumerate(p.levels)
    ]


def _chart_table(charts: Charts) -> NDArray[np.float32]:
    colour = np.concatenate([charts.colour, np.ones((len(charts.colour), 1), np.float32)], axis=1)
    return _table(np.stack([charts.light, charts.patina, colour], axis=1).reshape(-1, 4))


def _table(rows: NDArray) -> NDArray[np.float32]:
    """Rows (N, 3 or 4) as a picture (h, TABLE_WIDTH, 4)."""
    height = max(-(-len(rows) // TABLE_WIDTH), 1)
    out = np.zeros((height * TABLE_WIDTH, 4), np.float32)
    out[: len(rows), : rows.shape[1]] = rows
    return out.reshape(height, TABLE_WIDTH, 4)


def _four(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """An image (…, 3) with a fourth channel of zero."""
    return np.concatenate([image, np.zeros((*image.shape[:-1], 1), np.float32)], axis=-1)
