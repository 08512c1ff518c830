"""A level as a Mitsuba 3 scene: every material its mean albedo, diffuse; every lamp a rectangle that emits."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator.camera.shot import Lens, Pose
from generator.geometry.level import Level, expand
from generator.plan.floorplan import LampState
from generator.surface import Role

RR_DEPTH = 3
"""Bounces before a path may end by roulette. Half and more of the light is lost at each, so later ones cost samples."""
LLVM = tuple(Path("/usr/lib/x86_64-linux-gnu").glob("libLLVM.so.1[6-9]*"))


def start_mitsuba():
    """Mitsuba with its fastest variant that works here: compiled by LLVM 16 or later, else scalar."""
    if LLVM and "DRJIT_LIBLLVM_PATH" not in os.environ:
        os.environ["DRJIT_LIBLLVM_PATH"] = str(LLVM[-1])
    import mitsuba

    mitsuba.set_variant("llvm_ad_rgb" if "DRJIT_LIBLLVM_PATH" in os.environ else "scalar_rgb")
    return mitsuba


def reference_scene(mi, level: Level, albedo: NDArray[np.float64], near: tuple[float, float] | None = None):
    """The scene of a level: its triangles apart from lenses, and its lamps at full output. albedo (M, 3).

    near: lamps are sampled the more often the nearer they are to this place, which changes the noise alone.
    """
    mesh, face_lamp = expand(level)
    scene: dict = {"type": "scene"}
    for material in np.unique(mesh.face_material):
        faces = mesh.faces[(mesh.face_material == material) & (face_lamp < 0)]
        if len(faces):
            scene[f"material_{material}"] = _shape(mi, mesh.vertices[faces].reshape(-1, 3), albedo[material])
    lens_albedo = albedo[np.flatnonzero(level.palette.role == Role.LENS)[0]]
    for k in range(len(level.lamps.center)):
        scene[f"lamp_{k}"] = _lamp(mi, level, k, lens_albedo, near)
    deep = np.flatnonzero(level.lamps.recess > 0.0)
    if len(deep):
        scene["baffles"] = _shape(mi, np.concatenate([_baffle(level, k) for k in deep]), np.zeros(3))
    return mi.load_dict(scene)


def _baffle(level: Level, k: int) -> NDArray[np.float64]:
    """The black tube (24, 3) between a lens and the opening that it lies behind, as triangles."""
    lamps = level.lamps
    u, v, out = lamps.half_u[k], lamps.half_v[k], lamps.recess[k] * lamps.normal[k]
    ring = [lamps.center[k] + a * u + b * v for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    sides = [(p, q, q + out, p, q + out, p + out) for p, q in zip(ring, ring[1:] + ring[:1], strict=True)]
    return np.array(sides).reshape(-1, 3)


def file_scene(
    mi,
    path: Path,
    corner: tuple[float, float],
    albedo: dict[str, NDArray[np.float64]],
    radiance: tuple[float, float, float],
    near: tuple[float, float],
):
    """The scene of an exported file alone, read by trimesh: every lens in it emits ``radiance``.

    corner: where the file's origin lies in the level. albedo: mean reflectance (3,) by what names of the file's
    materials begin with.
    """
    import trimesh

    read = trimesh.load(path, force="scene")
    scene: dict = {"type": "scene"}
    for n, node in enumerate(read.graph.nodes_geometry):
        matrix, name = read.graph[node]
        mesh = read.geometry[name]
        x, y, z = trimesh.transform_points(mesh.vertices, matrix).T
        points = np.column_stack([x + corner[0], corner[1] - z, y])
        name = mesh.visual.material.name
        if name == "stains":
            continue  # thin pictures over walls that have their mean reflectance already
        material = max((own for own in albedo if name.startswith(own)), key=len)
        if material.startswith("lens"):
            for k, part in enumerate(_apart(mesh)):
                scene[f"lamp_{n}_{k}"] = _downward(mi, points[part], albedo[material], radiance, near)
        else:
            scene[f"part_{n}"] = _shape(mi, points[mesh.faces].reshape(-1, 3), albedo[material])
    return mi.load_dict(scene)


def _apart(mesh) -> list[NDArray[np.int64]]:
    """The vertices of each lens of a mesh, which holds one or those of many lamps."""
    from trimesh.graph import connected_component_labels

    _, place = np.unique(np.round(mesh.vertices, 4), axis=0, return_inverse=True)
    label = connected_component_labels(place[mesh.edges], node_count=place.max() + 1)[place]
    return [np.flatnonzero(label == one) for one in np.unique(label)]


def _downward(mi, points: NDArray[np.float64], albedo: NDArray[np.float64], radiance, near) -> dict:
    """A level rectangle around points, lit on its lower side."""
    low, high = points.min(axis=0), points.max(axis=0)
    matrix = np.diag([*(0.5 * (high - low)[:2]), -1.0, 1.0])
    matrix[:3, 3] = 0.5 * (low + high)
    matrix[0, 0] *= -1.0
    return {
        "type": "rectangle",
        "to_world": mi.ScalarTransform4f(matrix.tolist()),
        "bsdf": {"type": "diffuse", "reflectance": {"type": "rgb", "value": [float(c) for c in albedo]}},
        "emitter": {
            "type": "area",
            "radiance": {"type": "rgb", "value": list(radiance)},
            "sampling_weight": often(matrix[:3, 3], near),
        },
    }


def reference_picture(
    mi, scene, pose: Pose, lens: Lens, size: tuple[int, int], spp: int, seed: int
) -> NDArray[np.float64]:
    """Linear radiance (H, W, 3), path traced without a limit on bounces, box filtered."""
    x, y, z = pose.position
    ahead = np.array([np.cos(pose.yaw) * np.cos(pose.pitch), np.sin(pose.yaw) * np.cos(pose.pitch), np.sin(pose.pitch)])
    camera = mi.load_dict(
        {
            "type": "perspective",
            "fov": float(np.degrees(lens.fov)),
            "fov_axis": "x",
            "near_clip": 0.01,
            "far_clip": 1000.0,
            "to_world": mi.ScalarTransform4f().look_at([x, y, z], list(np.array([x, y, z]) + ahead), [0, 0, 1]),
            "film": {
                "type": "hdrfilm",
                "width": size[0],
                "height": size[1],
                "pixel_format": "rgb",
                "component_format": "float32",
                "rfilter": {"type": "box"},
            },
            "sampler": {"type": "independent"},
        }
    )
    integrator = mi.load_dict({"type": "path", "max_depth": 40, "rr_depth": RR_DEPTH})
    return np.array(mi.render(scene, sensor=camera, integrator=integrator, spp=spp, seed=seed), np.float64)


def _shape(mi, corners: NDArray[np.float64], albedo: NDArray[np.float64]):
    """Triangles (3 N, 3) as one flat-shaded diffuse mesh."""
    bsdf = {"type": "diffuse", "reflectance": {"type": "rgb", "value": [float(c) for c in albedo]}}
    props = mi.Properties()
    props["bsdf"] = mi.load_dict(bsdf)
    props["face_normals"] = True
    shape = mi.Mesh("faces", len(corners), len(corners) // 3, props=props)
    values = mi.traverse(shape)
    values["vertex_positions"] = corners.astype(np.float32).ravel()
    values["faces"] = np.arange(len(corners), dtype=np.uint32)
    values.update()
    return shape


def often(center: NDArray[np.float64], near: tuple[float, float]) -> float:
    """How often a lamp is sampled for a picture taken at ``near``, beside others."""
    return float(1.0 / (16.0 + np.sum((center[:2] - np.array(near)) ** 2)) + 5e-4)


def _lamp(mi, level: Level, k: int, albedo: NDArray[np.float64], near: tuple[float, float] | None) -> dict:
    """One lens: a rectangle that emits its radiance, or none when it is dead, and reflects a little."""
    lamps = level.lamps
    matrix = np.eye(4)
    matrix[:3, 0], matrix[:3, 1] = lamps.half_u[k], lamps.half_v[k]
    matrix[:3, 2], matrix[:3, 3] = lamps.normal[k], lamps.center[k]
    if np.linalg.det(matrix) < 0:
        matrix[:3, 0] *= -1
    shape = {
        "type": "rectangle",
        "to_world": mi.ScalarTransform4f(matrix.tolist()),
        "bsdf": {"type": "diffuse", "reflectance": {"type": "rgb", "value": [float(c) for c in albedo]}},
    }
    if lamps.state[k] != LampState.DEAD:
        shape["emitter"] = {
            "type": "area",
            "radiance": {"type": "rgb", "value": [float(c) for c in lamps.radiance[k]]},
            "sampling_weight": 1.0 if near is None else often(lamps.center[k], near),
        }
    return shape
