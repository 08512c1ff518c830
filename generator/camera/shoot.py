"""The camera's verb: radiance in, video out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..scene.camera import CameraSettings
from ..seed import counted_keys, hash64
from .display import stamp
from .exposure import State
from .lens import spread_for, stray_light
from .profile import Camera, camera_for

APERTURE_S = 170e-9
"""Delay between the taps of the aperture correction: it lifts 2.9 MHz most."""
ACTIVE_S = 52.66e-6
"""What a picture's width stands for. Source: SMPTE 170M."""
SENSOR_COLUMNS = 754

Fields = tuple[NDArray[np.float32], NDArray[np.float32]]


def shoot(
    radiance: NDArray[np.float32] | Fields,
    settings: CameraSettings,
    state: State | tuple[State, State],
    seed: int,
    frame_index: int,
    *,
    display: bool = True,
) -> NDArray[np.float32]:
    """Shoot the video of one frame: what the camera makes of the light that falls in.

    radiance: (H, W, 3) W sr^-1 m^-2, linear Rec.709, a motionless view from which both fields are taken; or a
    pair of fields (first in time: the lower, of H // 2 lines; then the upper, of H - H // 2), each rendered with
    two-row footprints. state: the camera's state, for each of the two fields where they differ. Returns (H, W, 3)
    float32 R'G'B', 0..1 and a little over, odd rows from the first field. A progressive
    camera takes each row for itself.
    display: whether date, time and viewfinder items are burnt in where the settings have them.
    """
    camera = camera_for(settings)
    states = state if isinstance(state, tuple) else (state, state)
    if not camera.interlaced:
        video = _still(_whole(radiance), camera, states[0], seed, frame_index)
    else:
        video = _interlaced(radiance, camera, states, seed, frame_index)
    if display:
        stamp(video, settings, seed, frame_index)
    return _through_jpeg(video, camera.jpeg) if camera.jpeg else video


def _interlaced(radiance, camera: Camera, states: tuple[State, State], seed: int, frame_index: int):
    """Both fields of a frame, woven."""
    pair = isinstance(radiance, tuple)
    rows = sum(len(f) for f in radiance) if pair else len(radiance)
    width = (radiance[0] if pair else radiance).shape[1]
    video = np.empty((rows, width, 3), np.float32)
    whole = None if pair else _footprints(_single(radiance))
    light = np.empty((-(-rows // 2), 3, width), np.float32)
    for order, parity in enumerate((1, 0)):
        lines = video[parity::2]
        if not len(lines):
            continue
        key = hash64(seed, "camera.noise", 2 * frame_index + order)
        if whole is None:
            _field(_single(radiance[order]), 1, 0, camera, states[order], key, light[: len(lines)], lines)
        else:
            _field(whole, 2, parity, camera, states[order], key, light[: len(lines)], lines)
    return video


def _single(radiance) -> NDArray[np.float32]:
    return np.ascontiguousarray(radiance, dtype=np.float32)


def _footprints(radiance: NDArray[np.float32]) -> NDArray[np.float32]:
    """Every row as the sensor's pair of rows sees it."""
    from .kernels import sum_row_pairs

    out = np.empty_like(radiance)
    sum_row_pairs(radiance, out)
    return out


def _whole(radiance: NDArray[np.float32] | Fields) -> NDArray[np.float32]:
    """A progressive picture: as it is, or woven from two fields."""
    if not isinstance(radiance, tuple):
        return radiance
    lower, upper = radiance
    whole = np.empty((len(lower) + len(upper), *upper.shape[1:]), np.float32)
    whole[1::2], whole[0::2] = lower, upper
    return whole


def _still(radiance, camera: Camera, state: State, seed: int, frame_index: int) -> NDArray[np.float32]:
    """A progressive picture."""
    video = np.empty(radiance.shape, np.float32)
    light = np.empty((len(video), 3, video.shape[1]), np.float32)
    _field(_single(radiance), 1, 0, camera, state, hash64(seed, "camera.noise", 2 * frame_index), light, video)
    return video


def _field(source, step: int, first: int, camera: Camera, state: State, key: int, light, out) -> None:
    """Expose and develop one field into ``out`` (lines, W, 3); ``source`` has ``step`` rows a line.

    light: (lines, 3, W) that is worked in; fresh memory for every field costs more than the lens.
    """
    from .kernels import develop_field

    single = np.float32
    rows, width = out.shape[:2]
    column = _expose(source, step, first, camera, state, light)
    gain = 10 ** (state.gain_db / 20)
    reach = max(1, round(APERTURE_S / ACTIVE_S * width))
    lift = single((10 ** (camera.aperture_db / 20) - 1) / 2) if width >= 160 else single(0.0)
    develop_field(
        light,
        column * single(camera.smear / (0.1 * rows)),
        counted_keys(key, rows),
        (gain * np.asarray(state.white)).astype(single),
        (single(camera.gain_noise * camera.read_noise), single(camera.gain_noise**2 * camera.shot_noise)),
        SENSOR_COLUMNS,
        single(camera.well),
        tuple(single(k) for k in camera.knee),
        _root_fit(),
        single(camera.setup),
        reach,
        lift,
        camera.interlaced,
        out,
    )


def _expose(source, step: int, first: int, camera: Camera, state: State, light) -> NDArray[np.float32]:
    """What falls on the sensor, in white levels, into ``light`` (rows, 3, W); returns each column's sum over white.

    In order: distortion, the point spread with its veil, vignetting, exposure.
    """
    from .lens_kernels import bend_field, expose_field

    single = np.float32
    rows, _, width = light.shape
    if camera.distortion:
        bend_field(source, step, first, single(camera.distortion), light)
    else:
        light[...] = source[first::step][:rows].transpose(0, 2, 1)
    core = (camera.defocus + state.focus) / 2
    spread = spread_for(rows, width, 2 if camera.interlaced else 1, core, camera.bloom)
    column, shape = np.zeros((3, width), single), (first, step, len(source))
    expose_field(
        light,
        spread.across,
        spread.down,
        stray_light(light, spread),
        spread.wide,
        spread.tall,
        shape,
        single(state.exposure),
        single(camera.vignetting),
        column,
    )
    return column


@lru_cache(maxsize=1)
def _root_fit() -> tuple[np.float32, ...]:
    """Polynomial of the root of a linear value for its power 0.45, 0.018 to 1.1, to 2e-5."""
    root = np.sqrt(0.018) + (np.sqrt(1.1) - np.sqrt(0.018)) * (1 - np.cos(np.linspace(0, np.pi, 400))) / 2
    return tuple(np.float32(c) for c in np.polynomial.polynomial.polyfit(root, root**0.9, 5))


def _through_jpeg(video: NDArray[np.float32], quality: int) -> NDArray[np.float32]:
    """What a still camera's file keeps of a picture: baseline JPEG, colour at half resolution."""
    import io

    from PIL import Image

    file = io.BytesIO()
    codes = np.clip(np.rint(video * 255.0), 0, 255).astype(np.uint8)
    Image.fromarray(codes).save(file, "JPEG", quality=quality, subsampling=2)
    return np.asarray(Image.open(file), dtype=np.float32) / 255.0
