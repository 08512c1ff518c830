"""What a machine offers: versions, OpenGL, the renderer that ``auto`` takes, the cache."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib import metadata

from . import __version__

PACKAGES = ("numpy", "scipy", "trimesh", "pyrender", "PyOpenGL", "embreex", "shapely", "numba", "av", "pydantic")


def report() -> Iterator[tuple[str, str]]:
    """Lines of (what, its state)."""
    from .cache import stats
    from .render import gl_info

    yield "noclip", __version__
    yield "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    for name in PACKAGES:
        yield name.lower(), _version(name)
    opengl = gl_info()
    yield "opengl", f"none: {opengl['none']}" if "none" in opengl else ", ".join(opengl.values())
    yield "auto takes", "embree" if "none" in opengl else "opengl"
    cache = stats()
    yield "cache", f"{cache.folder}, {cache.size_bytes / 1e6:.1f} MB of at most {cache.limit_bytes / 1e6:.0f} MB"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"
