"""Install the outside tools that the slow tests check with: ``python -m tests.reference.install``.

Needs on the machine a Python 3.11, which the Blender module is made for, and ``npm`` (Node 18 or later); on a Debian
where it may, it installs npm, Chromium and the libraries that the tools load. The tools go into folders of the checkout
that keep themselves out of version control. Nothing is done for what is there already.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / ".node"
BLENDER = ROOT / ".venv-blender"
VALIDATOR = "gltf-validator@2.0.0-dev.3.10"
GODOT = "godot3-server"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
"""A web viewer's browser by its names; the first is what is installed."""
BPY = ("bpy==5.0.1", "numpy<2")
LIBRARIES = (
    "libgl1", "libxrender1", "libxfixes3", "libxi6", "libxkbcommon0", "libsm6",
    "libatomic1",
    "libegl1", "libgl1-mesa-dri",
)  # fmt: skip
"""Debian packages that Blender's module loads, that Mitsuba's compiler does, and those of OpenGL in software."""


def validator() -> Path:
    """The folder of an installed Khronos validator.

    Raises RuntimeError when it is not installed.
    """
    if not (NODE / "node_modules" / "gltf-validator").is_dir():
        raise RuntimeError("the Khronos validator is missing: run python -m tests.reference.install")
    return NODE


def blender() -> Path:
    """A Python in which ``import bpy`` works.

    Raises RuntimeError when there is none.
    """
    python = BLENDER / "bin" / "python"
    if not python.exists() or not _imports_bpy(python):
        raise RuntimeError("Blender's Python module is missing: run python -m tests.reference.install")
    return python


def godot() -> str:
    """A headless Godot 3.

    Raises RuntimeError when it is not installed.
    """
    program = shutil.which(GODOT)
    if program is None:
        raise RuntimeError(f"{GODOT} is missing: run python -m tests.reference.install; not every Debian has it")
    return program


def browser() -> str:
    """A Chromium.

    Raises RuntimeError when it is not installed.
    """
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise RuntimeError(f"{BROWSERS[0]} is missing: run python -m tests.reference.install")
    return program


def install() -> None:
    """Install what is missing."""
    _packages()
    if not (NODE / "node_modules" / "gltf-validator").is_dir():
        _folder(NODE)
        _run(_found("npm"), "install", "--prefix", str(NODE), "--no-fund", "--no-audit", "--silent", VALIDATOR)
    python = BLENDER / "bin" / "python"
    if not python.exists():
        _run(_python311(), "-m", "venv", str(BLENDER))
        _folder(BLENDER)
    if not _imports_bpy(python):
        _run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *BPY)
    blender()


def _packages() -> None:
    """Debian's packages, where this is a Debian and its root asks."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    wanted = [name for name in LIBRARIES if not _has_package(name)] + ([] if shutil.which("npm") else ["npm"])
    wanted += [] if shutil.which(GODOT) else [GODOT]
    wanted += [] if any(map(shutil.which, BROWSERS)) else [BROWSERS[0]]
    if wanted:
        _run("apt-get", "update", "-qq")
        wanted = [name for name in wanted if name != GODOT or _is_offered(name)]
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted)


def _is_offered(name: str) -> bool:
    """Whether this Debian has a package, which not every one does."""
    return bool(subprocess.run(["apt-cache", "show", name], capture_output=True, text=True).stdout)


def _has_package(name: str) -> bool:
    asked = subprocess.run(["dpkg-query", "-W", "-f=${Status}", name], capture_output=True, text=True)
    return asked.stdout == "install ok installed"


def _imports_bpy(python: Path) -> bool:
    return subprocess.run([str(python), "-c", "import bpy"], capture_output=True).returncode == 0


def _folder(path: Path) -> None:
    path.mkdir(exist_ok=True)
    (path / ".gitignore").write_text("*\n")


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        sys.exit(f"{program} is needed and not on the PATH")
    return path


def _python311() -> str:
    for name in (sys.executable, "python3.11"):
        path = shutil.which(name)
        version = [path or "", "-c", "import sys; sys.exit(sys.version_info[:2] != (3, 11))"]
        if path and subprocess.run(version).returncode == 0:
            return path
    return sys.exit("a Python 3.11 is needed: Blender's module is made for no other")


def _run(*command: str) -> None:
    print(" ".join(command), file=sys.stderr)
    subprocess.run(command, check=True)


if __name__ == "__main__":
    install()
