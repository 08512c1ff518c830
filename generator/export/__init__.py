"""The ways out: a level as glTF (``.glb``, ``.gltf``) for any viewer, or as a ``.blend`` ready to render.

``build_region`` builds exactly the region that is asked for; ``export_level`` writes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NoclipError
from ..files import check_writable
from .cameras import check_seconds
from .clip import build_region
from .document import Views, document
from .region import (
    Profile,
    Region,
    check_size,
    estimated_bytes,
    region_around,
    region_chunks,
    region_of,
    region_of_level,
)
from .tone_curve import Display, display_of_file

if TYPE_CHECKING:
    from ..geometry.level import Level
    from ..light.lightmap import Lightmap
    from ..progress import Progress
    from ..scene import Scene
    from ..surface.material import Material

__all__ = [
    "Display",
    "Profile",
    "Region",
    "Views",
    "build_region",
    "check_request",
    "check_seconds",
    "check_size",
    "display_of_file",
    "estimated_bytes",
    "export_level",
    "region_around",
    "region_chunks",
    "region_of",
    "region_of_level",
]

ENDINGS = (".glb", ".gltf", ".blend")
TEXTURE_PX = (64, 4096)
"""Range of texels along a texture's longer side."""


def check_request(path: Path, region: Region, profile: Profile = "set", texture_px: int = 1024) -> None:
    """Everything that can be known to fail before anything is built.

    Raises NoclipError: unknown ending, unwritable target, textures out of range, a region too large, a baked .blend,
    or a .blend without Blender.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise NoclipError(f"{path}: unknown ending {ending!r}; write one of {', '.join(ENDINGS)}")
    if not TEXTURE_PX[0] <= texture_px <= TEXTURE_PX[1]:
        raise NoclipError(f"textures of {texture_px} px: allowed are {TEXTURE_PX[0]} to {TEXTURE_PX[1]} px")
    check_size(region, profile, texture_px)
    check_writable(path)
    if ending == ".blend":
        from .blend import find_blender

        if profile == "baked":
            raise NoclipError(f"{path}: a .blend holds the lit set; write the baked profile as .glb")
        find_blender()


def export_level(
    level: Level,
    scene: Scene,
    seed: int,
    path: Path,
    *,
    profile: Profile = "set",
    lightmap: Lightmap | None = None,
    texture_px: int = 1024,
    views: Views | None = None,
    uv2: bool = False,
    region: Region | None = None,
    materials: tuple[Material, ...] | None = None,
    display: Display | None = None,
    progress: Progress | None = None,
) -> int:
    """Write a level as .glb, .gltf or .blend, by the path's ending; the bytes written.

    level: built by ``build_region`` (its building is cut at ``region``, by default the whole level). lightmap: the
    bake of this very level, needed by the baked profile; the set reads its exposure from it where given. uv2: a
    second UV set in which no two surfaces overlap. materials: in the order of ``level.materials``, where they are
    made already; else they are made at ``texture_px``. display: the exposure and white, by default metered here.
    Raises NoclipError as ``check_request``, and for a shot too long or a file too large.
    """
    from ..progress import Progress
    from ..surface import materials as make
    from .shade import chart_count

    region = region or region_of_level(level)
    check_request(path, region, profile, texture_px)
    if profile == "baked" and lightmap is None:
        raise ValueError("the baked profile needs the level's lightmap")
    if lightmap is not None and len(lightmap.chart_size) != chart_count(level):
        raise ValueError("the lightmap is another level's")
    told = progress or Progress()
    if profile == "baked" and not level.lamps.radiance.any():
        told.warn("no lamp burns in this region, so that a baked file of it is black; the set can be lit")
    with told.stage("surface"):
        made = materials or make(level.materials, scene.look, seed, texture_px)
    with told.stage("export"):
        asset = document(level, scene, seed, profile, lightmap, made, region, views or Views(), uv2, display)
        if path.suffix.lower() == ".glb":
            return asset.save_glb(path)
        if path.suffix.lower() == ".gltf":
            return asset.save_gltf(path)
    from .blend import save_blend

    with told.stage("blender"):
        return save_blend(asset, path)
