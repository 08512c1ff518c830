"""What lies beside a lightmapped file: each chunk's light as OpenEXR and PNG, and a sidecar that says what is where."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..files import write_whole
from ..geometry.level import Level
from ..light.flicker import flicker
from ..light.lightmap import Lightmap
from ..plan.floorplan import LampState
from .baked_colours import largest, whole_below_white
from .fixtures import lamp_extras, names_of
from .light_atlas import PAD, Atlas
from .region import Chunk, chunk_name
from .textures import EncodedImage, png, srgb_codes
from .tone_curve import ToneCurve

FITS = 99.9
"""Percentile of the light that is white in 8-bit maps; OpenEXR has all of it."""
SIGNAL_S, SIGNAL_HZ = 10.0, 30000.0 / 1001.0
"""Length and rate of the failing lamps' signal."""


@dataclass(frozen=True)
class ChunkLight:
    """One chunk's light, irradiance / pi: steady (H, W, 3), failing (L, H, W, 3) lamps at full output by layer."""

    atlas: Atlas
    steady: NDArray[np.float32]
    failing: NDArray[np.float32]

    @property
    def everything(self) -> NDArray[np.float32]:
        """(H, W, 3) with all lamps at full output, as baked colours have it."""
        return np.asarray(self.steady + self.failing.sum(axis=0), np.float32)


def chunk_light(lightmap: Lightmap, atlas: Atlas) -> ChunkLight:
    """Lay out one chunk's light; layers of failing lamps that are dark in it are left out at the end."""
    layers = [atlas.picture(lightmap, layer) for layer in lightmap.flicker]
    count = max((k + 1 for k, layer in enumerate(layers) if layer.any()), default=0)
    shape = (0, atlas.size[1], atlas.size[0], 3)
    return ChunkLight(
        atlas,
        atlas.picture(lightmap, lightmap.steady),
        np.array(layers[:count], np.float32) if count else np.zeros(shape, np.float32),
    )


def white_of(lights: list[ChunkLight]) -> float:
    """The light that 8-bit maps show white, one for all chunks so that none shows where they meet."""
    brightest = (largest(light.everything) for light in lights)
    values = np.concatenate([image[image > 0.0][::4] for image in brightest])
    return max(float(np.percentile(values, FITS)), 1e-6) if len(values) else 1.0


def eight_bit(name: str, light: NDArray[np.float32], white: float) -> EncodedImage:
    """A PNG of light over ``white``, as sRGB; what is brighter is scaled as a whole."""
    return png(name, srgb_codes(np.asarray(whole_below_white(light / np.float32(white)), np.float32)))


def map_name(chunk: Chunk) -> str:
    """What a chunk's map is called in the document."""
    return f"lightmap_{chunk_name(chunk)}"


def sidecar_of(path: Path) -> Path:
    """Where the sidecar of a lightmapped file lies."""
    return path.with_name(f"{path.stem}_lightmap.json")


def write_beside(
    path: Path, level: Level, seed: int, lightmap: Lightmap, lights: dict[Chunk, ChunkLight],
    maps: dict[Chunk, EncodedImage], white: float, tone: ToneCurve, shift: NDArray[np.float64],
) -> int:  # fmt: skip
    """Write pictures and sidecar beside a file, the sidecar last; their bytes. maps: of all of each chunk's light."""
    size, chunks = 0, []
    names = names_of(level)
    called = {int(lamp): names[k] for k, lamp in enumerate(level.instances.lamp) if lamp >= 0}
    for chunk, light in lights.items():
        stem = f"{path.stem}_{map_name(chunk)}"
        files = {"hdr": f"{stem}.exr", "map": f"{stem}.png", "steady": f"{stem}_steady.png"}
        size += write_whole(path.with_name(files["hdr"]), _exr(light))
        size += write_whole(path.with_name(files["map"]), maps[chunk].data)
        steady = eight_bit("steady", light.steady, white) if len(light.failing) else maps[chunk]
        size += write_whole(path.with_name(files["steady"]), steady.data)
        layers = []
        for k, image in enumerate(light.failing):
            file = f"{stem}_failing_{k}.png"
            size += write_whole(path.with_name(file), eight_bit(file, image, white).data)
            layers.append({"name": f"failing_{k}", "map": file, "lamps": _by_lamp(light.atlas, lightmap, k, called)})
        chunks.append(_chunk(light.atlas, level) | files | {"layers": layers})
    told = {
        "generator": f"noclip {__version__}", "file": path.name, "light": "irradiance / pi, W/(sr m2), linear Rec.709",
        "texcoord": 1, "encoding": "sRGB", "white": white, "pad_texels": PAD,
        "camera": tone.told,
        "chunks": chunks, "lamps": list(_lamps(level, names, shift)), "signal": _signal(level, seed, called),
    }  # fmt: skip
    return size + write_whole(sidecar_of(path), json.dumps(told, separators=(",", ":"), allow_nan=False).encode())


def _chunk(atlas: Atlas, level: Level) -> dict[str, Any]:
    """Where a chunk's charts lie: x, y, width and height in texels of each, without their padding."""
    boxes = np.column_stack([atlas.place, atlas.texels])
    own = atlas.chart[atlas.chart < len(level.building.chart_origin)]
    sides = level.building.sides_m[own] / np.maximum(atlas.texels[: len(own)] - 1, 1)
    return {
        "chunk": list(atlas.chunk),
        "size": list(atlas.size),
        "texel_m": round(float(np.median(sides)), 4) if len(own) else 0.0,
        "charts": boxes.tolist(),
    }


def _by_lamp(atlas: Atlas, lightmap: Lightmap, layer: int, called: dict[int, str]) -> dict[str, list[int]]:
    """Which of a chunk's charts each failing lamp lights in a layer, by the lamp's name."""
    lamp = lightmap.chart_lamp[atlas.chart, layer]
    return {called[int(k)]: np.flatnonzero(lamp == k).tolist() for k in np.unique(lamp[lamp >= 0]) if int(k) in called}


def _lamps(level: Level, names: list[str], shift: NDArray[np.float64]) -> Iterator[dict[str, Any]]:
    for k in np.flatnonzero(level.instances.lamp >= 0):
        x, y, z = level.lamps.center[level.instances.lamp[k]] + shift
        yield {"name": names[k], "position_m": [float(x), float(z), float(-y)]} | lamp_extras(level, int(k))


def _signal(level: Level, seed: int, called: dict[int, str]) -> dict[str, Any]:
    """What failing lamps give over time, as a share of full output."""
    start = np.arange(int(SIGNAL_S * SIGNAL_HZ)) / SIGNAL_HZ
    rows = [row for row in called if level.lamps.state[row] == LampState.FAILING]
    out = flicker(level.lamps.ident[rows], seed, start, start + 1.0 / SIGNAL_HZ) if rows else np.zeros((len(start), 0))
    return {
        "rate_hz": SIGNAL_HZ,
        "lamps": {called[row]: np.round(out[:, k], 3).tolist() for k, row in enumerate(rows)},
    }


def _exr(light: ChunkLight) -> bytes:
    """One chunk's light as OpenEXR, half: steady, and a layer for each of failing lamps."""
    import OpenEXR

    named = {"steady": light.steady} | {f"failing_{k}": image for k, image in enumerate(light.failing)}
    channels = {
        f"{name}.{band}": np.ascontiguousarray(image[..., c].astype(np.float16))
        for name, image in named.items()
        for c, band in enumerate("RGB")
    }
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "light.exr"
        with OpenEXR.File(header, channels) as file:
            file.write(str(path))
        return path.read_bytes()
