"""Camera files: a shot that was made elsewhere, as JSON or glTF, read as a ``Track``. docs/passes.md has the form."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..camera.track import Track
from ..errors import NoclipError
from ..plan.floorplan import CHUNK_LIMIT, CHUNK_M

READABLE = (".json", ".glb", ".gltf")
FOV = tuple(np.radians([1.0, 170.0]))
"""Fields of view that a camera can have."""


def read_camera_file(path: Path, origin_m: tuple[float, float] | None = None) -> Track:
    """Read a camera's track. origin_m: where the file's origin lies in the world, else as the file says.

    Raises NoclipError: another ending, a file that cannot be read, no camera in it, no keys, or numbers that no camera
    can have.
    """
    ending = path.suffix.lower()
    if ending not in READABLE:
        raise NoclipError(f"{path}: a camera file ends in {', '.join(READABLE)}")
    if ending == ".json":
        from .json_form import read_json

        track = read_json(path, origin_m)
    else:
        from .gltf_form import read_gltf

        track = read_gltf(path, origin_m)
    _check(path, track)
    return track


def _check(path: Path, track: Track) -> None:
    """Raise NoclipError for numbers that no camera can have."""
    time, place, fov = np.array(track.time_s), np.array(track.position), np.array(track.fov)
    if not all(np.isfinite(column).all() for column in (time, place, np.array(track.rotation), fov)):
        raise NoclipError(f"{path}: the camera has keys that are not finite numbers")
    if (np.diff(time) <= 0).any():
        k = int(np.flatnonzero(np.diff(time) <= 0)[0]) + 1
        raise NoclipError(f"{path}: key {k} comes at {time[k]:g} s, not after the one before; times must rise")
    if (fov < FOV[0]).any() or (fov > FOV[1]).any():
        raise NoclipError(f"{path}: a field of view lies outside {np.degrees(FOV[0]):g}° to {np.degrees(FOV[1]):g}°")
    if np.abs(place[:, :2]).max() > CHUNK_LIMIT * CHUNK_M:
        limit = CHUNK_LIMIT * CHUNK_M
        raise NoclipError(f"{path}: the camera leaves the world, which ends {limit:.3g} m from its origin")
