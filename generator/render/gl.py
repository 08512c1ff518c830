"""OpenGL through pyrender, bent to our needs: own shaders, float pictures, mip pyramids, many contexts at once.

What is overridden and why: ``OffscreenRenderer._create`` (to put our renderer in) and ``delete`` (the stock one
terminates EGL and so kills every other context of the process); the framebuffer methods (8 bits, and a depth image
that nobody asked for); ``_forward_pass`` (one uniform look-up per program, not per primitive and frame).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

if sys.platform.startswith("linux"):
    os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
    os.environ.setdefault("PYGLET_HEADLESS", "1")

import pyrender
from OpenGL import GL
from pyrender.renderer import Renderer as StockRenderer
from pyrender.shader_program import ShaderProgramCache

from ..errors import NoclipError

SHADERS = Path(__file__).parent / "shaders"
LOADED_BY = os.getpid()
"""The process that loaded OpenGL. A context made in a fork of it waits for threads that are not there, for ever."""


class LevelTexture(pyrender.Texture):
    """A texture of given levels, uploaded as they are: each (h, w, 4), row 0 at t = 0.

    dtype uint8, uint16 (normalised) or float32. repeat: tiled and read
    through its levels, between two of them if ``blend``; otherwise clamped and read between its texels.
    """

    def __init__(self, levels: list[NDArray], *, repeat: bool = False, blend: bool = True) -> None:
        super().__init__(source=None, source_channels="RGBA", width=1, height=1)
        self.levels, self.repeat, self.blend = levels, repeat, blend

    def _add_to_context(self) -> None:
        self._texid = GL.glGenTextures(1)
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texid)
        for k, level in enumerate(self.levels):
            _upload(GL.GL_TEXTURE_2D, k, level)
        _sampling(GL.GL_TEXTURE_2D, self.repeat, self.blend, len(self.levels))

    def replace(self, level: NDArray) -> None:
        """New contents of the same shape, in the current context."""
        GL.glBindTexture(GL.GL_TEXTURE_2D, self._texid)
        h, w = level.shape[:2]
        data = np.ascontiguousarray(level)
        GL.glTexSubImage2D(GL.GL_TEXTURE_2D, 0, 0, 0, w, h, GL.GL_RGBA, _FORMATS[level.dtype.name][1], data)


_FORMATS = {
    "uint8": (GL.GL_RGBA8, GL.GL_UNSIGNED_BYTE),
    "uint16": (GL.GL_RGBA16, GL.GL_UNSIGNED_SHORT),
    "float32": (GL.GL_RGBA32F, GL.GL_FLOAT),
}


def _upload(target: int, k: int, level: NDArray) -> None:
    inner, kind = _FORMATS[level.dtype.name]
    data = np.ascontiguousarray(level)
    GL.glPixelStorei(GL.GL_UNPACK_ALIGNMENT, 1)
    GL.glTexImage2D(target, k, inner, data.shape[1], data.shape[0], 0, GL.GL_RGBA, kind, data)


def _sampling(target: int, repeat: bool, blend: bool, levels: int) -> None:
    wrap = GL.GL_REPEAT if repeat else GL.GL_CLAMP_TO_EDGE
    between = GL.GL_LINEAR_MIPMAP_LINEAR if blend else GL.GL_LINEAR_MIPMAP_NEAREST
    small = between if levels > 1 else GL.GL_LINEAR
    for name, value in (
        (GL.GL_TEXTURE_WRAP_S, wrap),
        (GL.GL_TEXTURE_WRAP_T, wrap),
        (GL.GL_TEXTURE_MIN_FILTER, small),
        (GL.GL_TEXTURE_MAG_FILTER, GL.GL_LINEAR),
        (GL.GL_TEXTURE_MAX_LEVEL, levels - 1),
    ):
        GL.glTexParameteri(target, name, value)


class Program:
    """A linked program with its uniforms' places looked up once."""

    def __init__(self, stock: pyrender.shader_program.ShaderProgram) -> None:
        if not stock._in_context():
            stock._add_to_context()
        self.ident = stock._program_id
        count = GL.glGetProgramiv(self.ident, GL.GL_ACTIVE_UNIFORMS)
        names = [GL.glGetActiveUniform(self.ident, k)[0].decode() for k in range(count)]
        self.places = {name: GL.glGetUniformLocation(self.ident, name) for name in names}

    def bind(self) -> None:
        """Use it from here on."""
        GL.glUseProgram(self.ident)

    def set(self, name: str, value: float | NDArray) -> None:
        """Set a float, vector or 4 × 4 matrix uniform; one that the program does not use is left out."""
        place = self.places.get(name, -1)
        if place < 0:
            return
        data = np.asarray(value, np.float32)
        if data.shape == (4, 4):
            GL.glUniformMatrix4fv(place, 1, GL.GL_TRUE, data)
        elif data.shape == (3,):
            GL.glUniform3fv(place, 1, data)
        else:
            GL.glUniform1f(place, float(data))

    def set_texture(self, name: str, unit: int, texture: pyrender.Texture) -> None:
        """Bind a texture to a unit for a sampler."""
        place = self.places.get(name, -1)
        if place >= 0:
            GL.glActiveTexture(GL.GL_TEXTURE0 + unit)
            texture._bind()
            GL.glUniform1i(place, unit)


class FloatRenderer(StockRenderer):
    """pyrender's renderer with a target of four floats a pixel and our forward pass.

    ``draw(renderer, scene)`` is called with the target bound and cleared. Its pictures (H, W, 4) float32 have their
    lowest row first, as OpenGL keeps them.
    """

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self._main_fb: int | None = None
        self._main_cb: int | None = None
        self._main_db: int | None = None
        self._main_fb_dims: tuple[Any, Any] = (None, None)
        self.draw: Callable[[FloatRenderer, pyrender.Scene], None] = _nothing
        self._program_cache = ShaderProgramCache(shader_dir=str(SHADERS))
        self._programs: dict[tuple, Program] = {}

    def program(self, fragment: str, **defines: object) -> Program:
        """The program of ``mesh.vert`` and a fragment shader with these defines."""
        key = (fragment, *sorted(defines.items()))
        if key not in self._programs:
            self._programs[key] = Program(self._program_cache.get_program("mesh.vert", fragment, None, defines))
        return self._programs[key]

    def _forward_pass(self, scene, flags, seg_node_map=None):
        self._configure_forward_pass_viewport(flags)
        GL.glDepthFunc(GL.GL_LESS)
        GL.glDisable(GL.GL_BLEND)
        GL.glDisable(GL.GL_CULL_FACE)
        GL.glClearColor(0.0, 0.0, 0.0, 0.0)
        GL.glClear(GL.GL_COLOR_BUFFER_BIT | GL.GL_DEPTH_BUFFER_BIT)
        self.draw(self, scene)
        GL.glUseProgram(0)
        return self._read_main_framebuffer(scene, flags)

    def _configure_main_framebuffer(self):
        size = (self.viewport_width, self.viewport_height)
        if self._main_fb is not None and size != self._main_fb_dims:
            self._delete_main_framebuffer()
        if self._main_fb is not None:
            return
        self._main_fb_dims = size
        self._main_fb = self._main_fb_ms = GL.glGenFramebuffers(1)
        GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, self._main_fb)
        self._main_cb = self._attached(GL.GL_RGBA32F, GL.GL_COLOR_ATTACHMENT0)
        self._main_db = self._attached(GL.GL_DEPTH_COMPONENT32F, GL.GL_DEPTH_ATTACHMENT)

    def _attached(self, form: int, attachment: int) -> int:
        """A new buffer of the target's size on the framebuffer that is bound."""
        buffer = GL.glGenRenderbuffers(1)
        GL.glBindRenderbuffer(GL.GL_RENDERBUFFER, buffer)
        GL.glRenderbufferStorage(GL.GL_RENDERBUFFER, form, *self._main_fb_dims)
        GL.glFramebufferRenderbuffer(GL.GL_DRAW_FRAMEBUFFER, attachment, GL.GL_RENDERBUFFER, buffer)
        return buffer

    def _delete_main_framebuffer(self):
        if self._main_fb is not None:
            GL.glDeleteFramebuffers(1, [self._main_fb])
            GL.glDeleteRenderbuffers(2, [self._main_cb, self._main_db])
        self._main_fb = self._main_fb_ms = self._main_cb = self._main_db = None
        self._main_fb_dims = (None, None)

    def _read_main_framebuffer(self, scene, flags):
        width, height = self._main_fb_dims
        GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, self._main_fb)
        GL.glPixelStorei(GL.GL_PACK_ALIGNMENT, 1)
        picture = np.empty((height, width, 4), np.float32)
        GL.glReadPixels(0, 0, width, height, GL.GL_RGBA, GL.GL_FLOAT, picture)
        return picture


def _nothing(renderer: FloatRenderer, scene: pyrender.Scene) -> None:
    """Draws nothing."""


class Offscreen(pyrender.OffscreenRenderer):
    """pyrender's offscreen renderer around a ``FloatRenderer``."""

    _renderer: FloatRenderer | None
    _platform: Any

    def _create(self):
        if os.getpid() != LOADED_BY:
            raise NoclipError("this process was forked from one that had loaded OpenGL, whose threads it lacks; "
                              "start it afresh, with multiprocessing's method 'spawn'")  # fmt: skip
        super()._create()
        self._renderer = FloatRenderer(self.viewport_width, self.viewport_height)

    @property
    def renderer(self) -> FloatRenderer:
        """The renderer inside, whose context is made current."""
        assert self._renderer is not None
        self._platform.make_current()
        return self._renderer

    def delete(self):
        """Free what this context holds and the context, and leave the display to the others."""
        if self._renderer is None:
            return
        self._platform.make_current()
        self._renderer.delete()
        if getattr(self._platform, "_egl_context", None) is None:
            self._platform.delete_context()
        else:
            from OpenGL.EGL import EGL_NO_CONTEXT, EGL_NO_SURFACE, eglDestroyContext, eglMakeCurrent

            display, context = self._platform._egl_display, self._platform._egl_context
            eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT)
            eglDestroyContext(display, context)
        self._renderer = self._platform = None


class Window(pyrender.Camera):
    """A camera whose picture has the given edges (left, right, bottom, top) on the plane at distance 1.

    near: metres; nothing is far enough to be clipped.
    """

    def __init__(self, bounds: tuple[float, float, float, float], near: float = 0.02) -> None:
        super().__init__(znear=near)
        self.bounds = bounds

    def get_projection_matrix(self, width=None, height=None):
        """Clip from camera, depth to infinity."""
        left, right, bottom, top = self.bounds
        p = np.zeros((4, 4))
        p[0, 0], p[0, 2] = 2 / (right - left), (right + left) / (right - left)
        p[1, 1], p[1, 2] = 2 / (top - bottom), (top + bottom) / (top - bottom)
        p[2, 2], p[2, 3], p[3, 2] = -1.0, -2.0 * self.znear, -1.0
        return p


def describe() -> dict[str, str]:
    """Vendor, renderer and version of the context that is current."""
    names = {"vendor": GL.GL_VENDOR, "renderer": GL.GL_RENDERER, "version": GL.GL_VERSION}
    return {name: GL.glGetString(value).decode() for name, value in names.items()}
