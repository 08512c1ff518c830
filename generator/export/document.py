"""A level as a glTF document: the lit set, or the baked picture of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import __version__
from ..camera.shot import Lens, Pose, Shot
from ..geometry.level import Level
from ..light.lightmap import Lightmap
from ..render.lamp import camera_lamp
from ..scene import Scene
from ..surface.material import Material
from .cameras import add_camera, add_shot
from .contents import contents
from .gltf import Asset
from .job import Job
from .primitives import PARENTS
from .region import Profile, Region, Things, shift_into
from .tone_curve import ToneCurve, tone_curve_of


@dataclass(frozen=True)
class Views:
    """What to look from: still cameras (name, pose, lens), a shot, and the picture's width over its height."""

    cameras: tuple[tuple[str, Pose, Lens], ...] = ()
    shot: Shot | None = None
    aspect: float = 4.0 / 3.0


def document(
    level: Level, scene: Scene, seed: int, profile: Profile, lightmap: Lightmap | None, materials: tuple[Material, ...],
    region: Region, views: Views, uv2: bool = False, tone: ToneCurve | None = None, things: Things = "shared",
    draws_bells: bool = True,
) -> Asset:  # fmt: skip
    """The whole document, ready to be saved.

    The lamp on the camera rides on the shot, or else on the first camera; baked light has no part for it, but is
    exposed as the set is, with it.
    """
    asset = Asset(f"noclip {__version__}")
    through = views.cameras[0][1:] if views.cameras else None
    lamp = camera_lamp(scene.camera)
    albedo = np.array([m.mean_albedo for m in materials])
    tone = tone or tone_curve_of(level, albedo, scene.camera, through, lamp)
    shift = np.array(shift_into(region, level.origin))
    light = None if profile == "set" else lightmap
    job = Job(asset, level, seed, profile, materials, light, tone, shift, things, draws_bells)
    children: dict[str, list[int]] = {name: [] for name in PARENTS}
    for name, node in contents(job, scene, uv2):
        children[name].append(node)
    roots = [asset.group(name, children[name]) for name in PARENTS]
    carried = lamp if profile == "set" else None
    for k, (name, pose, lens) in enumerate(views.cameras):
        rides = carried if k == 0 and views.shot is None else None
        roots.append(add_camera(asset, name, pose, lens, views.aspect, region, rides))
    if views.shot is not None:
        roots.append(add_shot(asset, views.shot, views.aspect, region, carried))
    asset.show(scene.title, roots, extras=_recipe(scene, seed, profile, tone, region))
    return asset


def _recipe(scene: Scene, seed: int, profile: Profile, tone: ToneCurve, region: Region) -> dict[str, Any]:
    """Everything needed to make the file again, and to put it beside others."""
    return {
        "generator": "noclip",
        "version": __version__,
        "seed": seed,
        "profile": profile,
        "region_m": [region.x0, region.y0, region.x1, region.y1],
        "world_offset_m": [region.x0, region.y0, 0.0],
        "units": {"length": "m", "radiance": "W/(sr m2)", "light": "W", "emission": "cd/m2"},
        "frame_rate": [30000, 1001],
        **tone.told,
        "scene": scene.model_dump(mode="json"),
    }
