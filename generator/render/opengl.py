"""The renderer that draws through OpenGL: what faces the eye, its depth first, then shaded by ``shaders/mesh.frag``."""

from __future__ import annotations

import ctypes
from itertools import pairwise

import numpy as np
import pyrender
from numpy.typing import NDArray
from OpenGL import GL

from ..surface.lay import LAID, WET
from ..surface.pyramid import Pyramids
from .atlas import Charts
from .edge_kernels import split
from .facets import Facets
from .gl import FloatRenderer, LevelTexture, Offscreen, Program, Window, describe
from .lamp import RIM_WIDE, WATER_F0, WATER_ROUGHNESS, Beam, shadowed
from .lamp_state import flicker_weights, lens_radiance
from .picture import Drawable
from .pile import DEPTH, LAY, LEAN, MEAN_COSINE, MEAN_SHEEN, SHEEN
from .raster import facets_in_view
from .shading import Shader, over
from .texture_filter import LOD_BIAS, MAX_TAPS, TAP_SPACING
from .view import View

MATERIAL_TEXTURES = 3
"""Texture units that a material takes, after those of the level."""
TABLE_WIDTH = 2048
"""Texels in a row of a look-up table: a multiple of the two texels that a chart takes."""


class OpenGLBackend:
    """Draws through OpenGL; it belongs to its thread. See ``open_renderer``."""

    kind = "opengl"

    def __init__(self, drawable: Drawable, context: Offscreen) -> None:
        self._drawable, self._offscreen, self.shader = drawable, context, Shader(drawable)
        lightmap, textures = drawable.lightmap, drawable.textures
        self._textures = {
            "light_map": LevelTexture([_four(np.concatenate([lightmap.steady, *lightmap.flicker]))]),
            "patina_map": LevelTexture([drawable.patina.factor]),
            "chart_table": LevelTexture([_chart_table(drawable.charts)]),
            "weight_table": LevelTexture([_table(np.zeros((len(drawable.charts.lamp), 3)))]),
            "lamp_table": LevelTexture([_table(np.zeros((len(drawable.lamps.center), 3)))]),
        }
        self._layers = 1 + len(lightmap.flicker)
        self._blend = drawable.quality != "draft"
        self._albedo = _material_textures(textures.albedo, self._blend)
        self._glow = _material_textures(textures.emission, self._blend)
        self._relief: list[LevelTexture | None] = []
        self._lamp_state: NDArray | None = None
        self._reaches: LevelTexture | None = None
        self._cast: Beam | None = None
        self._offscreen.renderer.draw = self._draw
        self.info = describe()
        for texture in (*self._textures.values(), *self._albedo, *self._glow):
            if texture is not None:
                texture._add_to_context()
        self._part = _primitive(drawable.facets)
        self._scene = pyrender.Scene()
        self._scene.add(pyrender.Mesh([self._part]))
        self._camera = self._scene.add(Window((-1, 1, -1, 1)))

    def close(self) -> None:
        """Free the context and what it holds."""
        self._offscreen.delete()

    def pixels(
        self, view: View, lamp_output: NDArray | None, beam: Beam | None, shaded: bool = True
    ) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int64], Beam | None]:
        """Radiance (H, W, 3), facet (H, W), facets in view (N,) and the beam; as in ``Backend.pixels``."""
        shown = self._shown(view)
        return *split(self._rendered(view, lamp_output, beam, shown)), shown, self._cast

    def mirrored(
        self, view: View, lamp_output: NDArray | None, beam: Beam | None, height: float, wanted: NDArray | None
    ) -> NDArray[np.float32]:
        """Radiance (H, W, 3) of what lies over a height; as in ``Backend.mirrored``."""
        shown = over(self._drawable.facets, self._shown(view), height)
        radiance, _ = split(self._rendered(view, lamp_output, beam, shown))
        return radiance

    def _rendered(
        self, view: View, lamp_output: NDArray | None, beam: Beam | None, shown: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """The picture of the facets ``shown``, as ``split`` takes it."""
        self._request = (view, beam, shown)
        self._offscreen.viewport_width, self._offscreen.viewport_height = view.width, view.height
        self._camera.camera.bounds = view.bounds
        self._set_lamps(lamp_output)
        return self._offscreen.render(self._scene)

    def _set_lamps(self, lamp_output: NDArray | None) -> None:
        """Upload the state of the lamps where it has changed."""
        count = len(self._drawable.lamps.center)
        output = np.ones(count) if lamp_output is None else np.asarray(lamp_output, float)
        if self._lamp_state is not None and np.array_equal(output, self._lamp_state):
            return
        self._lamp_state = output.copy()
        self._textures["weight_table"].replace(_table(flicker_weights(self._drawable.charts.lamp, output)))
        self._textures["lamp_table"].replace(_table(lens_radiance(self._drawable.lamps, output)))

    def _draw(self, renderer: FloatRenderer, scene: pyrender.Scene) -> None:
        view, beam, shown = self._request
        if beam is not None and not self._relief:
            self._relief = _material_textures(self._drawable.textures.relief, self._blend)
            for texture in self._relief:
                if texture is not None:
                    texture._add_to_context()
        self._part._bind()
        GL.glBindBuffer(GL.GL_ELEMENT_ARRAY_BUFFER, self._part._buffers[-1])
        corners = (3 * shown[:, None] + np.arange(3)).astype(np.uint32)
        GL.glBufferData(GL.GL_ELEMENT_ARRAY_BUFFER, corners.nbytes, corners, GL.GL_STREAM_DRAW)
        self._draw_depth(renderer, view, len(shown))
        self._cast = None if beam is None else self._set_shadows(renderer, beam, view)
        program = None
        for m, start, stop in _spans(self._drawable.facets.material[shown]):
            chosen = self._program(renderer, m, beam is not None)
            if chosen is not program:
                program = chosen
                program.bind()
                self._set_frame(program, view, beam)
            self._set_material(program, m)
            self._draw_facets(start, stop)
        GL.glBindVertexArray(0)

    def _shown(self, view: View) -> NDArray[np.int64]:
        """Facets in the picture's pyramid that face the eye, by material, the nearest first."""
        f = self._drawable.facets
        chosen, depth = facets_in_view(f.corners, f.normal, view.eye, view.clip, view.width, view.height, False)
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

    def _set_shadows(self, renderer: FloatRenderer, beam: Beam, view: View) -> Beam:
        """Upload the shadows of the camera's lamp on what the depth buffer holds, its lowest row first."""
        depth = np.empty((view.height, view.width), np.float32)
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, renderer._main_fb)
        GL.glReadPixels(0, 0, view.width, view.height, GL.GL_DEPTH_COMPONENT, GL.GL_FLOAT, depth)
        projection = self._camera.camera.get_projection_matrix()
        nearness = ((2.0 * depth - 1.0 + projection[2, 2]) / projection[2, 3]).astype(np.float32)
        cast = beam if beam.open.size else shadowed(beam, nearness)
        reaches = np.repeat(np.rint(255.0 * cast.open).astype(np.uint8)[..., None], 4, axis=2)
        if self._reaches is not None and self._reaches.levels[0].shape == reaches.shape:
            self._reaches.replace(reaches)
        else:
            if self._reaches is not None:
                self._reaches.delete()
            self._reaches = LevelTexture([reaches])
            self._reaches._add_to_context()
        return cast._replace(open=cast.open[::-1])

    def _draw_facets(self, start: int, stop: int) -> None:
        """Draw a range of the facets whose corners are in the element buffer."""
        self._part._bind()
        place = ctypes.c_void_p(12 * start)
        GL.glDrawElements(GL.GL_TRIANGLES, 3 * (stop - start), GL.GL_UNSIGNED_INT, place)

    def _program(self, renderer: FloatRenderer, m: int, beam: bool) -> Program:
        """The program that draws material m."""
        return renderer.program(
            "mesh.frag",
            HAS_EMISSION=int(self._glow[m] is not None),
            HAS_PILE=int(self._drawable.textures.pile[m] != 0),
            BEAM_ON=int(beam),
            LIGHT_LAYERS=float(self._layers),
            MAX_TAPS=MAX_TAPS[self._drawable.quality],
            LOD_BIAS=LOD_BIAS,
            TAP_SPACING=TAP_SPACING,
            PILE_DEPTH=DEPTH * float(self._drawable.textures.pile[m]),
            PILE_SHEEN=SHEEN,
            PILE_LEAN=LEAN,
            PILE_LAY_X=LAY[0],
            PILE_LAY_Y=LAY[1],
            LAID=float(LAID),
            WET=float(WET),
            MEAN_COSINE=MEAN_COSINE,
            MEAN_SHEEN=MEAN_SHEEN,
            WATER_F0=WATER_F0,
            WATER_ROUGHNESS=WATER_ROUGHNESS,
            RIM_WIDE=RIM_WIDE,
        )

    def _set_frame(self, program: Program, view: View, beam: Beam | None) -> None:
        turn = np.eye(4)
        turn[:3, :3] = [view.right, view.up, -view.forward]
        program.set("clip_from_world", self._camera.camera.get_projection_matrix() @ turn)
        program.set("eye", view.eye)
        for unit, (name, texture) in enumerate(self._textures.items()):
            program.set_texture(name, unit, texture)
        if beam is not None:
            program.set("lamp_position", beam.position)
            program.set("lamp_axis", beam.axis)
            program.set("lamp_intensity", beam.intensity)
            program.set("lamp_cone", np.array([beam.cos_inner, beam.cos_outer, beam.vignetting]))
            program.set("lamp_spot", np.array([beam.flood, beam.hot, beam.rim]))
            program.set("lamp_rim_at", beam.rim_at)
            if self._reaches is not None:
                program.set_texture("reaches_map", len(self._textures) + MATERIAL_TEXTURES, self._reaches)

    def _set_material(self, program: Program, m: int) -> None:
        unit = len(self._textures)
        for k, (name, textures) in enumerate(
            (("albedo_map", self._albedo), ("emission_map", self._glow), ("relief_map", self._relief))
        ):
            if textures and textures[m] is not None:
                program.set_texture(name, unit + k, textures[m])
        made = self._drawable.textures
        program.set("emission_peak", float(made.peak[m]))
        program.set("specular", float(made.specular[m]))
        program.set("metallic", float(made.metallic[m]))


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
        normals=mesh.normals[corners],
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
    return _table(np.stack([charts.light, charts.patina], axis=1).reshape(-1, 4))


def _table(rows: NDArray) -> NDArray[np.float32]:
    """Rows (N, 3 or 4) as a picture (h, TABLE_WIDTH, 4)."""
    height = max(-(-len(rows) // TABLE_WIDTH), 1)
    out = np.zeros((height * TABLE_WIDTH, 4), np.float32)
    out[: len(rows), : rows.shape[1]] = rows
    return out.reshape(height, TABLE_WIDTH, 4)


def _four(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """An image (…, 3) with a fourth channel of zero."""
    return np.concatenate([image, np.zeros((*image.shape[:-1], 1), np.float32)], axis=-1)
