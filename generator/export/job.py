"""One document under way: what all that is written into it shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Level
from ..light.lightmap import Lightmap
from ..surface.material import Material
from .cameras import turned
from .gltf import INDEX, VERTEX, Asset
from .primitives import Part
from .region import Profile, Things
from .tone_curve import ToneCurve


@dataclass(frozen=True)
class Job:
    """asset: the document. light: the bake, of profiles that carry it. shift (3,): what moves the level's origin to the
    region's corner. things: how a lit set holds fixtures and props. draws_bells: whether what is drawn cuts light off,
    since the file's lamps know no other way."""

    asset: Asset
    level: Level
    seed: int
    profile: Profile
    materials: tuple[Material, ...]
    light: Lightmap | None
    tone: ToneCurve
    shift: NDArray[np.float64]
    things: Things = "shared"
    draws_bells: bool = True

    @property
    def baked(self) -> bool:
        """Whether light is in the colours."""
        return self.profile == "baked"

    @property
    def albedo(self) -> NDArray[np.float64]:
        """(M, 3) means of the level's materials."""
        return np.array([material.mean_albedo for material in self.materials])


def codes(colour: NDArray[np.float32], wide: bool) -> NDArray:
    """(N, 3) as opaque RGBA codes of 8 bits, or of 16, since light reaches further down than wear."""
    top, kind = (65535, np.uint16) if wide else (255, np.uint8)
    out = np.full((len(colour), 4), top, kind)
    out[:, :3] = np.clip(colour, 0.0, 1.0) * top + 0.5
    return out


def add_part(job: Job, part: Part, material: int) -> int:
    """Write a part as a mesh and its node; the node's index."""
    made = primitive(
        job.asset, part.position + job.shift, part.normal, part.texcoord, part.colour, part.tangent, part.texcoord_1,
        part.faces,
    )  # fmt: skip
    mesh = job.asset.add("meshes", {"name": part.name, "primitives": [made | {"material": material}]})
    return job.asset.add("nodes", {"name": part.name, "mesh": mesh})


def primitive(asset: Asset, position, normal, texcoord, colour, tangent, texcoord_1, faces) -> dict[str, Any]:
    """Write geometry in glTF's axes, without its material."""
    attributes = {
        "POSITION": asset.accessor(turned(position).astype(np.float32), VERTEX, bounds=True),
        "NORMAL": asset.accessor(_unit(turned(normal)), VERTEX),
        "TEXCOORD_0": asset.accessor(texcoord.astype(np.float32), VERTEX),
    }
    if tangent is not None:
        turn = np.concatenate([_unit(turned(tangent[:, :3])), tangent[:, 3:]], axis=1)
        attributes["TANGENT"] = asset.accessor(turn.astype(np.float32), VERTEX)
    attributes["COLOR_0"] = asset.accessor(colour, VERTEX, normalized=True)
    if texcoord_1 is not None:
        attributes["TEXCOORD_1"] = asset.accessor(texcoord_1, VERTEX)
    kind = np.uint16 if len(position) < 65535 else np.uint32
    return {"attributes": attributes, "indices": asset.accessor(faces.reshape(-1).astype(kind), INDEX)}


def _unit(normal: NDArray[np.float64]) -> NDArray[np.float32]:
    return (normal / np.sqrt(np.einsum("ni,ni->n", normal, normal))[:, None]).astype(np.float32)
