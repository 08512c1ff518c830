"""The verbs of the stage: a region of the world, or a level built of it, to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..camera.choose import Wish, choose_pose, chunk_of
from ..camera.shot import Lens, Shot
from ..errors import NoclipError
from ..files import check_writable
from ..progress import Progress
from ..surface.palette import worn_albedo
from .clip import build_region
from .document import Views, document
from .fixtures import add_flicker
from .gltf import check_beside, is_gltf
from .light_files import sidecar_of
from .region import Profile, Region, Things, check_size, region_of_level, shift_into
from .small import Small, check_small, smaller
from .stand_ins import add_stand_ins, stand_ins

if TYPE_CHECKING:
    from ..geometry.level import Level
    from ..light.lightmap import Lightmap
    from ..scene import Scene
    from ..surface.material import Material
    from .tone_curve import ToneCurve


ENDINGS = (".glb", ".gltf", ".blend", ".usdz", ".usdc", ".usda")
DARK: dict[Profile, str] = {
    "set": "no lamp burns in this region, so that the set is black until it is lit: add a light, or export elsewhere",
    "baked": "no lamp burns in this region, so that a baked file of it is black; the set can be lit",
    "lightmapped": "no lamp burns in this region, so that its lightmaps are black; the set can be lit",
}
TEXTURE_PX = (64, 4096)
"""Range of texels along a texture's longer side."""


def check_request(
    path: Path, region: Region, profile: Profile = "set", texture_px: int = 1024, small: Small = Small(),
    things: Things | None = None,
) -> None:  # fmt: skip
    """Check everything that can be known to fail before anything is built.

    Raises NoclipError: unknown ending, unwritable target, textures out of range, a region too large, a
    .blend without Blender, USD without OpenUSD or of baked light, or merged things of what is no lit glTF.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise NoclipError(f"{path}: unknown ending {ending!r}; write one of {', '.join(ENDINGS)}")
    if not TEXTURE_PX[0] <= texture_px <= TEXTURE_PX[1]:
        raise NoclipError(f"textures of {texture_px} px: allowed are {TEXTURE_PX[0]} to {TEXTURE_PX[1]} px")
    check_size(region, profile, texture_px)
    check_writable(path)
    if ending == ".gltf":
        check_beside(path, [path.with_suffix(".bin")])
    elif small != Small() and ending != ".glb":
        raise NoclipError(f"{path}: smaller geometry and textures are glTF's; write a .glb")
    check_small(small)
    if things == "merged" and not (is_gltf(path) and profile == "set"):
        raise NoclipError(f"{path}: only a .glb or .gltf of the set is asked to merge its things; leave --things out")
    if profile == "lightmapped" and is_gltf(path):
        check_beside(path, [sidecar_of(path)])
    if ending == ".blend":
        from .blend import find_blender

        find_blender()
    if ending.startswith(".usd"):
        from .usd import check_usd

        if profile != "set":
            raise NoclipError(f"{path}: USD holds the lit set; write the {profile} profile as .glb")
        check_usd()


def usual_things(path: Path, profile: Profile) -> Things:
    """How a file holds fixtures and props unless it is asked otherwise.

    Merged where a viewer draws each node by itself; shared where the program that opens it draws instances, and people
    look for things by name.
    """
    return "merged" if is_gltf(path) and profile == "set" else "shared"


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
    tone: ToneCurve | None = None,
    lamps: int = 0,
    small: Small = Small(),
    things: Things | None = None,
    progress: Progress | None = None,
) -> int:
    """Write a level as .glb, .gltf, .blend or USD, by the path's ending; the bytes written.

    level: built by ``build_region`` (its building is cut at ``region``, by default the whole level). lightmap: the
    bake of this very level, needed by all profiles but the set. uv2: a
    second UV set in which no two surfaces overlap. materials: in the order of ``level.materials``, where they are
    made already; else they are made at ``texture_px``. tone: the exposure and white, by default metered here. lamps: at
    most so many punctual lamps stand for the panels of a set. small: how the file is made smaller. things: of a
    lit set, whether fixtures and props share meshes, or small ones are merged by chunk; else as ``usual_things`` says.
    Raises NoclipError as ``check_request``, and for a shot too long or a file too large.
    """
    from ..places.verbs import materials as make
    from .shade import chart_count

    region = region or region_of_level(level)
    check_request(path, region, profile, texture_px, small, things)
    if profile != "set" and lightmap is None:
        raise ValueError(f"the {profile} profile needs the level's lightmap")
    if lightmap is not None and len(lightmap.chart_size) != chart_count(level):
        raise ValueError("the lightmap is another level's")
    told, kept = progress or Progress(), things or usual_things(path, profile)
    if not level.lamps.radiance.any():
        told.warn(DARK[profile])
    made = materials
    if made is None:
        with told.stage("surface"):
            made = make(level.materials, scene, texture_px)
    with told.stage("export"):
        drawn = is_gltf(path)
        asset = document(level, scene, seed, profile, lightmap, made, region, views or Views(), uv2, tone, kept, drawn)
        if profile == "set" and lamps:
            nodes = add_stand_ins(asset, stand_ins(level, lamps), np.array(shift_into(region, level.origin)))
            asset.tree["scenes"][0]["nodes"] += nodes
        if is_gltf(path):
            if small != Small():
                asset = smaller(asset, small)
            size = asset.save_glb(path) if path.suffix.lower() == ".glb" else asset.save_gltf(path)
            return size + sum(write(path) for write in asset.beside)
        if path.suffix.lower().startswith(".usd"):
            from .usd import save_usd

            return save_usd(asset, path)
    from .blend import save_blend

    with told.stage("blender"):
        if profile == "set":
            add_flicker(asset, level, seed)
        return save_blend(asset, path)


def export_region(
    scene: Scene,
    region: Region,
    path: Path,
    *,
    profile: Profile = "set",
    shot: Shot | None = None,
    texture_px: int = 1024,
    uv2: bool = False,
    closed: bool = True,
    tone: ToneCurve | None = None,
    lamps: int = 0,
    small: Small = Small(),
    things: Things | None = None,
    progress: Progress | None = None,
) -> int:
    """Build a region, light it where its light is exported, and write it; the bytes written.

    A camera stands in the region's middle; shot: a moving one besides. closed: as ``build_region`` has it; all else as
    ``export_level``, and so are the errors, and NoclipError where nothing is in the region but solid ground.
    """
    from ..places.verbs import materials

    told, seed, views = progress or Progress(), scene.seed, _views(scene, region, shot)
    with told.stage("build"):
        level = build_region(scene, seed, region, closed)
    if not len(level.building.faces):
        raise NoclipError("there is nothing in this region but solid ground: export elsewhere; noclip map shows where")
    with told.stage("surface"):
        made = materials(level.materials, scene, texture_px)
    lightmap = None
    if profile != "set":
        albedo = worn_albedo(level.palette, np.array([material.mean_albedo for material in made]))
        lightmap = baked(level, scene, albedo, told)
    return export_level(
        level,
        scene,
        seed,
        path,
        profile=profile,
        lightmap=lightmap,
        texture_px=texture_px,
        views=views,
        uv2=uv2,
        region=region,
        materials=made,
        tone=tone,
        lamps=lamps,
        small=small,
        things=things,
        progress=told,
    )


def baked(level: Level, scene: Scene, albedo: NDArray[np.float64], told: Progress) -> Lightmap:
    """Bake a level as its scene asks. albedo (M, 3): of its materials, as worn as they are."""
    from ..light.bake import bake

    with told.stage("light"):
        return bake(level, scene.light, albedo, scene.render.quality, None, lambda _, share: told.share(share))


def _views(scene: Scene, region: Region, shot: Shot | None) -> Views:
    """Place a camera in the middle of a region, where a still would be taken; and a shot, where there is one."""
    from ..places.verbs import floorplan

    (i, j), fov = chunk_of(*region.middle), float(np.radians(scene.camera.fov_deg))
    plan = floorplan(scene, scene.seed, (i - 1, j - 1, i + 2, j + 2))
    pose, _ = choose_pose(plan, scene.seed, Wish(region.middle), fov)
    return Views((("view", pose, Lens(fov)),), shot, scene.render.width_px / scene.render.height_px)
