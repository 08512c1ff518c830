"""``noclip doctor``: what this machine offers: versions, OpenGL, the renderer that ``auto`` takes, the cache."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib import metadata

import typer

from ..kernel_folder import VARIABLE, for_one_run

PACKAGES = ("numpy", "scipy", "trimesh", "pyrender", "PyOpenGL", "embreex", "shapely", "numba", "av", "pydantic")


def doctor() -> None:
    """Print versions, OpenGL, the renderer that auto takes, and the cache."""
    for name, value in _report():
        typer.echo(f"{name:<12}{value}")


def _report() -> Iterator[tuple[str, str]]:
    """Lines of (what, its state)."""
    from .. import __version__
    from ..cache import stats, why_not_kept
    from ..render import gl_info

    yield "noclip", __version__
    yield "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    for name in PACKAGES:
        yield name.lower(), _version(name)
    opengl = gl_info()
    yield "opengl", f"none: {opengl['none']}" if "none" in opengl else ", ".join(opengl.values())
    yield "auto takes", "embree for stills, " + ("embree" if "none" in opengl else "opengl") + " for films"
    cache, why = stats(), why_not_kept()
    yield "cache", why or f"{cache.folder}, {cache.size_bytes / 1e6:.1f} MB of at most {cache.limit_bytes / 1e6:.0f} MB"
    yield "kernels", _kernels()


def _kernels() -> str:
    """Where compiled kernels are kept."""
    if for_one_run(os.environ):
        return "compiled anew on every run: neither the package's folder nor a cache of this user's can be written"
    return os.environ.get(VARIABLE) or "kept beside the code, or in Numba's folder of this user"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"
