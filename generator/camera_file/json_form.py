"""Cameras as JSON: a list of frames, each a place with angles, or a matrix as Blender has it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..camera.track import Track
from ..errors import NoclipError
from ..render.view import camera_axes

LONGEST_BYTES = 500_000_000
MOST_FRAMES = 2_000_000
SKEW = 1e-3
"""How far a matrix may be from a rotation, once its scale is taken off."""

Finite = Annotated[float, Field(allow_inf_nan=False)]
Row = tuple[Finite, Finite, Finite, Finite]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Frame(_Strict):
    """A key: ``position`` with angles, or ``matrix``."""

    position: tuple[Finite, Finite, Finite] | None = None
    yaw_deg: Finite = 0.0
    pitch_deg: Annotated[float, Field(ge=-90.0, le=90.0, allow_inf_nan=False)] = 0.0
    roll_deg: Finite = 0.0
    matrix: tuple[Row, Row, Row, Row] | None = None
    fov_deg: Finite | None = None
    time_s: Finite | None = None


class _File(_Strict):
    """A whole file."""

    noclip_camera: Literal[1]
    fps: Finite | str | None = None
    origin_m: tuple[Finite, Finite] = (0.0, 0.0)
    fov_deg: Finite | None = None
    fov_is: Literal["across", "upright"] = "across"
    frames: Annotated[list[_Frame], Field(min_length=1, max_length=MOST_FRAMES)]


def read_json(path: Path, origin_m: tuple[float, float] | None) -> Track:
    """Read a track from JSON.

    Raises NoclipError: no such file, no JSON, or not of the form.
    """
    told = _told(path)
    origin = told.origin_m if origin_m is None else origin_m
    rotation, place, fov = [], [], []
    for k, frame in enumerate(told.frames):
        turn, at = _placed(path, k, frame)
        rotation.append(turn)
        place.append((at[0] + origin[0], at[1] + origin[1], at[2]))
        wide = frame.fov_deg if frame.fov_deg is not None else told.fov_deg
        if wide is None:
            raise NoclipError(f"{path}: frames.{k}: no fov_deg; give it to every frame, or once to the file")
        fov.append(float(np.radians(wide)))
    quaternions = tuple(tuple(float(c) for c in q) for q in _quaternions(rotation))
    return Track(_times(path, told), tuple(place), quaternions, tuple(fov), told.fov_is == "upright")  # type: ignore[arg-type]


def _told(path: Path) -> _File:
    try:
        if path.exists() and not path.is_file():
            raise NoclipError(f"{path}: this is no file")
        if path.stat().st_size > LONGEST_BYTES:
            raise NoclipError(f"{path}: over {LONGEST_BYTES / 1e6:.0f} MB; no camera is so long")
        return _File.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise NoclipError(f"{path}: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise NoclipError(f"{path}: {where}: {first['msg']}") from None
    except (ValueError, RecursionError):
        raise NoclipError(f"{path}: not a JSON file, or a damaged one") from None


def _placed(path: Path, k: int, frame: _Frame) -> tuple[NDArray[np.float64], tuple[float, float, float]]:
    """Axes (3, 3), right, up and back as columns, and place of a frame."""
    if (frame.matrix is None) == (frame.position is None):
        raise NoclipError(f"{path}: frames.{k}: give a position or a matrix, one of the two")
    if frame.matrix is None:
        assert frame.position is not None
        angles = (float(np.radians(a)) for a in (frame.yaw_deg, frame.pitch_deg, frame.roll_deg))
        right, up, forward = camera_axes(*angles)
        return np.stack([right, up, -forward], axis=1), frame.position
    matrix = np.array(frame.matrix)
    size = np.linalg.norm(matrix[:3, :3], axis=0)
    turn = matrix[:3, :3] / np.maximum(size, 1e-30)
    if (size < 1e-9).any() or np.abs(turn.T @ turn - np.eye(3)).max() > SKEW or np.linalg.det(turn) < 0:
        raise NoclipError(f"{path}: frames.{k}: the matrix is no rotation with a place; it must not skew or mirror")
    return turn, (float(matrix[0, 3]), float(matrix[1, 3]), float(matrix[2, 3]))


def _times(path: Path, told: _File) -> tuple[float, ...]:
    """When each frame is: as it says, or by the file's rate."""
    given = [frame.time_s for frame in told.frames if frame.time_s is not None]
    if len(given) == len(told.frames):
        return tuple(given)
    if given:
        raise NoclipError(f"{path}: some frames have a time_s and others none; give it to all, or fps instead")
    if told.fps is None and len(told.frames) == 1:
        return (0.0,)
    rate = _rate(told.fps)
    if rate is None:
        raise NoclipError(f'{path}: fps {told.fps!r}: give frames a second, such as 24 or "30000/1001"')
    return tuple(float(k / rate) for k in range(len(told.frames)))


def _rate(fps: Any) -> Fraction | None:
    try:
        rate = Fraction(fps) if isinstance(fps, str) else Fraction(float(fps)).limit_denominator(1_000_000)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return rate if 0 < rate <= 100_000 else None


def _quaternions(rotation: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    from scipy.spatial.transform import Rotation

    return Rotation.from_matrix(np.array(rotation)).as_quat()
