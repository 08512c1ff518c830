"""What a machine offers: versions, OpenGL, the renderer that ``auto`` takes, the cache."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from . import __version__

PACKAGES = ("numpy", "scipy", "trimesh", "pyrender", "PyOpenGL", "embreex", "shapely", "numba", "av", "pydantic")


def report() -> Iterator[tuple[str, str]]:
    """Lines of (what, its state)."""
    from .render import gl_info

    yield "noclip", __version__
    yield "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    for name in PACKAGES:
        yield name.lower(), _version(name)
    opengl = gl_info()
    yield "opengl", f"none: {opengl['none']}" if "none" in opengl else ", ".join(opengl.values())
    yield "auto takes", "embree" if "none" in opengl else "opengl"
    folder = cache_folder()
    yield "cache", f"{folder}, {folder_bytes(folder) / 1e6:.1f} MB"


def cache_folder() -> Path:
    """Where baked light and materials are kept between runs."""
    from platformdirs import user_cache_path

    return user_cache_path("noclip")


def folder_bytes(folder: Path) -> int:
    """Size of all files in a folder, 0 where there is none."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"
