"""Install a wheel afresh, in every way and for every Python there is: ``python -m tests.reference.fresh_installs``.

Each install is tried from an empty folder: what the machine offers, a map and, once for each Python, a still through
each renderer. Pythons and installers that this machine has not are named and passed over.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
TINY = ("--size", "64x48", "--quality", "draft")


def main() -> int:
    """Try all; the exit code is 1 where one fails."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        wheel = _wheel(Path(folder))
        os.environ["PATH"] = os.pathsep.join([str(_tools(Path(folder))), os.environ["PATH"]])
        for version in PYTHONS:
            python = _python(version)
            if python is None:
                print(f"{version:<6}not on this machine", flush=True)
                continue
            for name, install in WAYS.items():
                if name in ("pipx", "uv") and shutil.which(name) is None:
                    print(f"{version:<6}{name:<8}not on this machine", flush=True)
                    continue
                there = Path(folder) / f"{version}-{name}"
                there.mkdir()
                problem = _tried(install, python, wheel, there, stills=name == "pinned")
                print(f"{version:<6}{name:<8}{problem or 'ok'}", flush=True)
                failed += [problem] if problem else []
                shutil.rmtree(there)
    return 1 if failed else 0


def _tools(folder: Path) -> Path:
    """The folder of pipx and uv, installed for this alone where they can be had."""
    subprocess.run([sys.executable, "-m", "venv", folder / "tools"], check=True)
    pip = [folder / "tools" / "bin" / "python", "-m", "pip", "install", "--quiet", "pipx", "uv"]
    subprocess.run(pip, capture_output=True)
    return folder / "tools" / "bin"


def _wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ROOT]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def _python(version: str) -> str | None:
    """A Python of this version that runs; None where there is none."""
    found = shutil.which(f"python{version}")
    told = found and subprocess.run([found, "-c", "import venv"], capture_output=True).returncode
    return found if told == 0 else None


def _pinned(python: str, wheel: Path, there: Path) -> Path:
    """The pinned set without resolving, as ``make`` installs it."""
    subprocess.run([python, "-m", "venv", there / "venv"], check=True)
    pip = [there / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*pip, "-r", ROOT / "requirements.txt", wheel], check=True, capture_output=True)
    return there / "venv" / "bin"


def _pip(python: str, wheel: Path, there: Path) -> Path:
    subprocess.run([python, "-m", "venv", there / "venv"], check=True)
    pip = [there / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", wheel]
    subprocess.run(pip, check=True, capture_output=True)
    return there / "venv" / "bin"


def _pipx(python: str, wheel: Path, there: Path) -> Path:
    places = {"PIPX_HOME": str(there / "pipx"), "PIPX_BIN_DIR": str(there / "bin")}
    command = ["pipx", "install", "--python", python, wheel]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | places)
    return there / "bin"


def _uv(python: str, wheel: Path, there: Path) -> Path:
    subprocess.run(["uv", "venv", "--quiet", "--python", python, there / "venv"], check=True, capture_output=True)
    inside = ["--python", there / "venv" / "bin" / "python"]
    subprocess.run(["uv", "pip", "install", "--quiet", *inside, wheel], check=True, capture_output=True)
    return there / "venv" / "bin"


WAYS: dict[str, Callable[[str, Path, Path], Path]] = {"pinned": _pinned, "pip": _pip, "pipx": _pipx, "uv": _uv}


def _tried(install: Callable[[str, Path, Path], Path], python: str, wheel: Path, there: Path, stills: bool) -> str:
    """What went wrong; '' where all went well."""
    try:
        binaries = install(python, wheel, there)
    except subprocess.CalledProcessError as error:
        return f"cannot be installed: {_last(error.stderr)}"
    (there / "work").mkdir()
    environment = os.environ | {"NOCLIP_CACHE": str(there / "cache")}
    environment.pop("PYTHONPATH", None)
    for args in _commands(stills):
        command = [str(binaries / "noclip"), *args]
        done = subprocess.run(command, cwd=there / "work", env=environment, capture_output=True)
        if done.returncode:
            return f"noclip {' '.join(args)}: {_last(done.stderr)}"
    return ""


def _commands(stills: bool) -> Iterator[tuple[str, ...]]:
    yield ("doctor",)
    yield ("map", "--region", "0,0,20,20", "-o", "a.svg")
    if stills:
        yield ("still", *TINY, "-o", "auto.png")
        yield ("still", *TINY, "--renderer", "embree", "-o", "embree.png")


def _last(said: bytes | None) -> str:
    lines = (said or b"").decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "nothing was said"


if __name__ == "__main__":
    sys.exit(main())
