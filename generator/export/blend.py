"""The .blend: Blender itself, in a process of its own, imports the glTF and saves it."""

from __future__ import annotations

import importlib.util
import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ..errors import NoclipError
from ..files import whole
from .gltf import Asset, read_tree
from .tone_curve import tone_curve_of_file

VARIABLE = "NOCLIP_BLENDER"
"""Environment variable: a ``blender`` program, or a Python that has bpy."""
PRIVATE = Path(".venv-blender") / "bin" / "python"
HOW = (
    "a .blend is written by Blender: put blender 5 on the PATH, or run: python3.11 -m venv ~/blender && "
    f"~/blender/bin/pip install bpy==5.0.1 'numpy<2', and set {VARIABLE}=~/blender/bin/python"
)


def find_blender() -> list[str]:
    """The command that runs a script in Blender; the script's path follows it.

    Looks at NOCLIP_BLENDER, at this Python's own bpy, at ``.venv-blender`` in the checkout, then at ``blender`` on the
    PATH; never at what lies in the current folder. Raises NoclipError, saying how to get it.
    """
    named = os.environ.get(VARIABLE)
    if named and shutil.which(named):
        return _command(named)
    if importlib.util.find_spec("bpy"):
        return [sys.executable]
    private = Path(__file__).resolve().parents[2] / PRIVATE
    if private.exists():
        return [str(private)]
    program = shutil.which("blender")
    if program is None:
        raise NoclipError(HOW)
    return _command(program)


def _command(program: str) -> list[str]:
    if Path(program).stem.lower().startswith("python"):
        return [program]
    return [program, "--background", "--factory-startup", "--python-exit-code", "1", "--python"]


def blender_settings(path: Path) -> tuple[str, str, str, str]:
    """Give four lines of what to set in Blender, so that it shows a .glb or .gltf as our camera does.

    Its importer leaves emission in cd/m²; "Unitless" leaves lamps in candela, and the exposure stands for both.

    Raises NoclipError when the file cannot be read or is not ours.
    """
    tone = tone_curve_of_file(path)
    extras = read_tree(path)["scenes"][0]["extras"]
    lit = extras.get("profile") == "set"
    white = ", ".join(f"{1.0 / factor:.3f}" for factor in tone.white)
    stops = f"{math.log2(tone.exposure_per_nit):.2f}" if lit else "0"
    return (
        "Blender, before importing: Output > Frame Rate 29.97, so that the camera's keys fall on whole frames; "
        "in the importer, Lighting Mode Unitless",
        f"Blender, Color Management: View Standard, Exposure {stops}" + ("" if lit else "; leave the rest as it is"),
        f"Blender, Use Curves: White Level {white}" if lit else "Blender, Use Curves: off; the colours carry the white",
        "Blender, World > Background: Strength 0; then look through the camera 'view' (Ctrl Numpad 0)",
    )


def save_blend(asset: Asset, path: Path) -> int:
    """Write a document as a .blend, whole or not at all; its length in bytes.

    Raises NoclipError when there is no Blender, or when it fails.
    """
    command = find_blender()
    script = Path(__file__).with_name("blender_script.py")
    with tempfile.TemporaryDirectory() as folder, whole(path) as part:
        between, saved = Path(folder) / "set.glb", Path(folder) / "set.blend"
        asset.save_glb(between)
        done = subprocess.run([*command, str(script), "--", str(between), str(saved)], capture_output=True, text=True)
        if done.returncode or not saved.exists():
            words = " ".join((done.stderr or done.stdout).split())[-200:]
            raise NoclipError(f"{path}: Blender could not write it: {words}")
        shutil.copyfile(saved, part)
        return saved.stat().st_size
