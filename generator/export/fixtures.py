"""Fixtures and props: one mesh for each look, shared by many nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..camera.shot import FIELD_S
from ..geometry.footprints import SNAP_M
from ..geometry.level import Lamps, Level, Mesh, picked
from ..light.flicker import flicker
from ..plan.floorplan import CHUNK_M, LampState
from .cameras import Y_UP
from .gltf import Asset

SPOT_M = 0.1
"""Names tell things apart that stand further from each other than this."""
FLICKER_S = 10.0
"""How long failing lamps are keyed where no camera moves."""
SHUTTER_S = 1.0 / 60.0
"""The camera's, over which a lamp's output is the mean."""
LENS_OVER_M = (-0.005, 0.1)
"""How far under and over its place a fixture's lens is hung without more words: troffers' lie in their frames."""
GLOW_STEP = 0.06
"""Lenses whose radiance differs by less than about this share have one material; it gets their mean."""


@dataclass(frozen=True)
class Kind:
    """Instances that look alike: ``mesh`` into ``Level.instance_meshes``; ``members`` (N,) into ``Level.instances``;
    radiance (3,) of their lens, 0 where dark."""

    name: str
    mesh: int
    members: NDArray[np.int64]
    radiance: NDArray[np.float64]


def kinds(level: Level) -> Iterator[Kind]:
    """The level's instances, grouped by mesh and by the lens's radiance."""
    instances = level.instances
    if not len(instances.mesh):
        return
    radiance = np.zeros((len(instances.mesh), 3))
    lamp = instances.lamp >= 0
    radiance[lamp] = level.lamps.radiance[instances.lamp[lamp]]
    glow = np.where(radiance > 0, np.round(np.log(np.maximum(radiance, 1e-9)) / GLOW_STEP), -1e6)
    _, step = np.unique(glow, axis=0, return_inverse=True)
    step = step.ravel()
    level_glow = np.array([radiance[step == k].mean(axis=0) for k in range(int(step.max()) + 1)])
    _, group = np.unique(np.column_stack([instances.mesh, step]), axis=0, return_inverse=True)
    for k in range(int(group.max()) + 1):
        members = np.flatnonzero(group.ravel() == k)
        mesh, mean = int(instances.mesh[members[0]]), level_glow[step[members[0]]]
        dark = "_dark" if lamp[members[0]] and not mean.any() else ""
        yield Kind(level.instance_names[mesh] + dark, mesh, members, mean)


def names_of(level: Level) -> list[str]:
    """(N,) a name for every instance, of its kind and place alone: the chunk of the world that it stands in, and how
    far east and north in it, in decimetres; things of a kind on one spot are counted upwards."""
    step = np.round(level.instances.world_from_mesh[:, :3, 3] / SNAP_M).astype(np.int64)
    side = round(CHUNK_M / SNAP_M)
    chunk = step[:, :2] // side + np.array(level.origin)
    spot = (step[:, :2] % side + round(0.5 * SPOT_M / SNAP_M)) // round(SPOT_M / SNAP_M)
    out, seen = [""] * len(step), Counter[str]()
    for k in np.lexsort(step.T):
        kind = level.instance_names[level.instances.mesh[k]]
        name = f"{kind}_chunk_{chunk[k, 0]}_{chunk[k, 1]}_{spot[k, 0]:03d}_{spot[k, 1]:03d}"
        seen[name] += 1
        out[k] = name + (f"_{seen[name]}" if seen[name] > 1 else "")
    return out


def poses_of(world_from_mesh: NDArray[np.float64], shift: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Nodes' places (N, 4, 4) in glTF's axes: translation and rotation, or a matrix where one is not rigid."""
    from scipy.spatial.transform import Rotation

    if not len(world_from_mesh):
        return []
    turn = Y_UP @ world_from_mesh[:, :3, :3] @ Y_UP.T
    place = (world_from_mesh[:, :3, 3] + shift) @ Y_UP.T
    skew = np.abs(turn @ turn.transpose(0, 2, 1) - np.eye(3)).max(axis=(1, 2))
    rigid = (skew < 1e-6) & (np.linalg.det(turn) > 0)
    turned = np.abs(turn - np.eye(3)).max(axis=(1, 2)) > 1e-9
    quaternion = Rotation.from_matrix(np.where(rigid[:, None, None], turn, np.eye(3))).as_quat()
    out: list[dict[str, Any]] = []
    for k in range(len(turn)):
        if not rigid[k]:
            matrix = np.eye(4)
            matrix[:3, :3], matrix[:3, 3] = turn[k], place[k]
            out.append({"matrix": matrix.T.ravel().tolist()})
            continue
        out.append({"translation": place[k].tolist()} | ({"rotation": quaternion[k].tolist()} if turned[k] else {}))
    return out


def share_let_out(lamps: Lamps) -> NDArray[np.float64]:
    """(L,) of a lens's light that gets out of the opening that it lies behind, 1 where there is none.

    Source: the configuration factor of two opposite rectangles, Howell's catalogue, C-11.
    """
    deep = np.maximum(lamps.recess, 1e-6)
    x, y = (2.0 * np.linalg.norm(half, axis=1) / deep for half in (lamps.half_u, lamps.half_v))
    corner = 0.5 * np.log((1.0 + x * x) * (1.0 + y * y) / (1.0 + x * x + y * y))
    sides = sum(a * (np.hypot(1.0, b) * np.arctan(a / np.hypot(1.0, b)) - np.arctan(a)) for a, b in ((x, y), (y, x)))
    return np.asarray(np.where(lamps.recess > 0.0, 2.0 * (corner + sides) / (np.pi * x * y), 1.0))


def lit_evenly(level: Level) -> Level:
    """Dim lenses in recesses to what gives as much light evenly: their extras tell how narrow it is."""
    lamps = level.lamps
    return replace(level, lamps=replace(lamps, radiance=lamps.radiance * share_let_out(lamps)[:, None]))


def lamp_extras(level: Level, instance: int) -> dict[str, Any]:
    """Describe a fixture's light for another renderer: an area light of ``watts`` and ``radiance``'s colour.

    watts = pi * E * A with E the largest of the radiance's components, of all emitters; area_m: of the first. Where
    it is not the one lens that looks down at the fixture's place there are ``emitters`` too. Source: radiant exitance
    of a Lambertian lens.
    """
    lamps, lamp = level.lamps, int(level.instances.lamp[instance])
    rows = np.flatnonzero(lamps.lamp == lamp)
    emitters = [_emitter(lamps, int(row), level.instances.world_from_mesh[instance]) for row in rows]
    low, high = LENS_OVER_M
    usual = len(rows) == 1 and emitters[0]["normal"][2] < -0.999 and low < emitters[0]["place_m"][2] < high
    return {
        "area_m": emitters[0]["area_m"],
        "watts": sum(emitter["watts"] for emitter in emitters),
        "radiance": [float(x) for x in lamps.radiance[lamp]],
        "kelvin": float(lamps.kelvin[lamp]),
        "state": LampState(int(lamps.state[lamp])).name.lower(),
        **({} if usual else {"emitters": emitters}),
    }


def emitters_of(extras: dict[str, Any]) -> list[dict[str, Any]]:
    """The rectangles of light of a fixture by its extras, in its own frame."""
    usual = {"place_m": [0.0, 0.0, 0.0], "normal": [0.0, 0.0, -1.0], "along": [1.0, 0.0, 0.0]}
    return extras.get("emitters") or [usual | {name: extras[name] for name in ("area_m", "watts")}]


def _emitter(lamps: Lamps, row: int, place: NDArray[np.float64]) -> dict[str, Any]:
    """One rectangle of light in its fixture's own frame, z up: middle, normal, and the way its width runs."""
    turn = place[:3, :3].T

    def rounded(values: NDArray[np.float64]) -> list[float]:
        return [float(x) + 0.0 for x in np.round(turn @ values, 6)]

    share = float(share_let_out(picked(lamps, slice(row, row + 1)))[0])
    wide, tall = (2.0 * float(np.linalg.norm(half[row])) for half in (lamps.half_u, lamps.half_v))
    return {
        "place_m": rounded(lamps.center[row] - place[:3, 3]),
        "normal": rounded(lamps.normal[row]),
        "along": rounded(lamps.half_u[row] * 2.0 / wide),
        "area_m": [wide, tall],
        "watts": float(np.pi * lamps.radiance[row].max() * wide * tall),
        **({"spread_deg": spread_deg(share)} if share < 1.0 else {}),
    }


def spread_deg(share: float) -> float:
    """Tell how wide a light spreads of which an opening lets out a ``share``, so that as much goes straight down.

    Source: Cycles' lights behind a grid, whose strength at an angle a is 1 - tan(a) / tan(spread / 2), over its mean.
    """
    from scipy.optimize import brentq

    tangent = brentq(lambda t: (t - np.arctan(t)) / t - share, 1e-3, 1e3)
    return float(np.degrees(2.0 * np.arctan(tangent)))


def add_flicker(asset: Asset, level: Level, seed: int) -> None:
    """Add to the failing lamps of a document, as ``flicker`` in their extras, their output in every frame.

    As many frames as its animation has, or FLICKER_S seconds, at 30000/1001 a second: shares of full output.
    """
    times = [
        asset.tree["accessors"][s["input"]]["count"] for a in asset.tree.get("animations", []) for s in a["samplers"]
    ]
    start = np.arange(max(times, default=round(FLICKER_S * 30000 / 1001))) * 2.0 * FIELD_S
    nodes = {node["name"]: node for node in asset.tree["nodes"]}
    names, lamps = names_of(level), level.lamps
    for k in np.flatnonzero(level.instances.lamp >= 0):
        lamp = level.instances.lamp[k]
        if lamps.state[lamp] == LampState.FAILING and names[k] in nodes:
            share = flicker([lamps.ident[lamp]], seed, start, start + SHUTTER_S)[:, 0]
            nodes[names[k]].setdefault("extras", {})["flicker"] = np.round(share, 4).tolist()


def by_material(mesh: Mesh) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    """For each material of a mesh: its index, the vertices it uses (V,), and its faces (F, 3) into those."""
    for material in np.unique(mesh.face_material):
        faces = mesh.faces[mesh.face_material == material]
        used, index = np.unique(faces, return_inverse=True)
        yield int(material), used, index.reshape(-1, 3)
