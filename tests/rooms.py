"""Small closed levels made by hand: a box room with full-height partitions and lamps in its ceiling."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from generator.colour import lamp_radiance
from generator.geometry.level import Instances, Lamps, Level, Mesh, joined
from generator.places.level0.surfaces.catalogue import SURFACES
from generator.plan.floorplan import CELL_M, LampState
from generator.surface import Ageing, palette_of

MATERIALS = ("wallpaper/chevron", "carpet", "ceiling/tile", "lens/prismatic")
WALL, FLOOR, CEILING, LENS = range(4)
ALBEDO = np.array([[0.42, 0.34, 0.12], [0.22, 0.17, 0.08], [0.70, 0.67, 0.56], [0.6, 0.6, 0.6]])
LENS_SIDES = (1.15, 0.55)

Rect = tuple[float, float, float, float]


def box_room(
    size: tuple[float, float, float],
    partitions: Sequence[Sequence[float]] = (),
    lamps: Sequence[Sequence[float]] = (),
    *,
    states: Sequence[int] | None = None,
    kelvin: float = 4000.0,
    corner: tuple[float, float] = (0.0, 0.0),
    origin: tuple[int, int] = (0, 0),
) -> Level:
    """A closed room [0, X] x [0, Y] x [0, Z], shifted by ``corner``, chunk ``origin``.

    partitions: rectangles (x0, y0, x1, y1), floor to ceiling, or with bottom and top (x0, y0, x1, y1, z0, z1),
    that do not overlap. lamps: (x, y, axis): centre, and 1 when the long side runs along y.
    """
    sx, sy, height = size
    boxes = [(*p, 0.0, height) if len(p) == 4 else tuple(p) for p in partitions]
    lenses = [_lens_rect(*lamp) for lamp in lamps]
    on_floor = [b[:4] for b in boxes if b[4] <= 0.0]
    in_ceiling = [b[:4] for b in boxes if b[5] >= height] + lenses
    parts: list[Mesh] = []
    for rect in _cut_cells(sx, sy, on_floor):
        parts.append(_flat(rect, 0.0, True, FLOOR))
    for rect in _cut_cells(sx, sy, in_ceiling):
        parts.append(_flat(rect, height, False, CEILING))
    room = [((0, 0), (sx, 0)), ((sx, 0), (sx, sy)), ((sx, sy), (0, sy)), ((0, sy), (0, 0))]
    for start, end in room:
        parts += _wall(start, end, 0.0, height, boxes)
    for x0, y0, x1, y1, z0, z1 in boxes:
        ring = [(x0, y0), (x0, y1), (x1, y1), (x1, y0)]
        for k in range(4):
            if not _on_wall(ring[k], ring[(k + 1) % 4], sx, sy):
                parts += _wall(ring[k], ring[(k + 1) % 4], z0, z1, ())
        if z0 > 0.0:
            parts.append(_flat((x0, y0, x1, y1), z0, False, WALL))
        if z1 < height:
            parts.append(_flat((x0, y0, x1, y1), z1, True, WALL))
    building = _shifted(joined(parts), corner)
    return _level(building, lamps, states, kelvin, height, corner, origin, (sx, sy))


def _level(building, lamps, states, kelvin, height, corner, origin, size) -> Level:
    """The level around a building mesh."""
    n = len(lamps)
    state = np.zeros(n, np.uint8) if states is None else np.asarray(states, np.uint8)
    long, short = LENS_SIDES
    axis = np.array([lamp[2] for lamp in lamps], int) if n else np.zeros(0, int)
    center = np.array([[x + corner[0], y + corner[1], height] for x, y, _ in lamps]).reshape(n, 3)
    half_u = np.zeros((n, 3))
    half_v = np.zeros((n, 3))
    half_u[np.arange(n), axis] = long / 2
    half_v[np.arange(n), 1 - axis] = short / 2
    radiance = lamp_radiance(np.full(n, kelvin)) if n else np.zeros((0, 3))
    radiance[state == LampState.DEAD] = 0.0
    matrices = np.tile(np.eye(4), (n, 1, 1))
    matrices[:, :3, 3] = center
    for k in np.flatnonzero(axis == 1):
        matrices[k, :2, :2] = [[0, -1], [1, 0]]
    lens = _flat((-long / 2, -short / 2, long / 2, short / 2), 0.0, False, LENS)
    cells = [int(np.ceil((size[a] + corner[a]) / CELL_M)) for a in (1, 0)]
    return Level(
        origin=origin,
        size_m=(size[0] + corner[0], size[1] + corner[1]),
        palette=palette_of(SURFACES[name] for name in MATERIALS),
        building=building,
        instance_meshes=(lens,),
        instance_names=("lens",),
        instances=Instances(
            mesh=np.zeros(n, np.int16),
            world_from_mesh=matrices,
            lamp=np.arange(n, dtype=np.int32),
        ),
        lamps=Lamps(
            center=center,
            half_u=half_u,
            half_v=half_v,
            normal=np.tile([0.0, 0.0, -1.0], (n, 1)),
            lamp=np.arange(n, dtype=np.int32),
            radiance=radiance,
            state=state,
            ident=np.arange(1, n + 1, dtype=np.uint64),
            kelvin=np.full(n, kelvin),
            weight=np.ones(n),
            recess=np.zeros(n),
        ),
        floor_m=np.zeros(cells),
        ceiling_m=np.full(cells, height),
        district_maps={},
        ageing=Ageing(0.0, 0.0, 0.0, 1.0),
    )


def _lens_rect(x: float, y: float, axis: float) -> Rect:
    long, short = LENS_SIDES
    dx, dy = (long, short) if axis == 0 else (short, long)
    return x - dx / 2, y - dy / 2, x + dx / 2, y + dy / 2


def _cut_cells(sx: float, sy: float, holes: Sequence[Sequence[float]]) -> list[Rect]:
    """Cells of at most CELL_M that tile the room's plan but for the holes."""
    rects = []
    for x0, x1 in _spans(0.0, sx, CELL_M):
        for y0, y1 in _spans(0.0, sy, CELL_M):
            near = [h for h in holes if h[0] < x1 and h[2] > x0 and h[1] < y1 and h[3] > y0]
            xs = sorted({x0, x1, *(e for h in near for e in (h[0], h[2]) if x0 < e < x1)})
            ys = sorted({y0, y1, *(e for h in near for e in (h[1], h[3]) if y0 < e < y1)})
            for a0, a1 in itertools.pairwise(xs):
                for b0, b1 in itertools.pairwise(ys):
                    mx, my = (a0 + a1) / 2, (b0 + b1) / 2
                    if not any(h[0] < mx < h[2] and h[1] < my < h[3] for h in near):
                        rects.append((a0, b0, a1, b1))
    return rects


def _spans(start: float, stop: float, step: float) -> list[tuple[float, float]]:
    n = max(1, int(np.ceil((stop - start) / step - 1e-9)))
    edges = np.minimum(start + step * np.arange(n + 1), stop)
    return list(itertools.pairwise(edges))


def _on_wall(a: Sequence[float], b: Sequence[float], sx: float, sy: float) -> bool:
    return (a[0] == b[0] and a[0] in (0.0, sx)) or (a[1] == b[1] and a[1] in (0.0, sy))


def _wall(start, end, z0: float, z1: float, boxes) -> list[Mesh]:
    """Wall charts from start to end, the room on the left, without the parts that boxes cover."""
    start, end = np.array(start, float), np.array(end, float)
    length = float(np.hypot(*(end - start)))
    along = (end - start) / length
    cuts = []
    for x0, y0, x1, y1, b0, b1 in boxes:
        corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        side = (corners - start) @ [-along[1], along[0]]
        touching = np.abs(side) < 1e-9
        if touching.sum() == 2 and b0 <= z0 and b1 >= z1:
            t = (corners[touching] - start) @ along
            cuts.append((t.min(), t.max()))
    edges, at = [], 0.0
    for c0, c1 in sorted(cuts):
        if c0 > at:
            edges.append((at, c0))
        at = max(at, c1)
    if at < length:
        edges.append((at, length))
    parts = []
    for e0, e1 in edges:
        n = int(np.ceil((e1 - e0) / 1.3 - 1e-9))
        for k in range(n):
            a, b = (start + along * (e0 + (e1 - e0) * f) for f in (k / n, (k + 1) / n))
            parts.append(_quad([*b, z0], [*(a - b), 0.0], [0.0, 0.0, z1 - z0], WALL))
    return parts


def _flat(rect: Rect, z: float, up: bool, material: int) -> Mesh:
    """A horizontal rectangle."""
    x0, y0, x1, y1 = rect
    if up:
        return _quad([x0, y0, z], [x1 - x0, 0.0, 0.0], [0.0, y1 - y0, 0.0], material)
    return _quad([x0, y1, z], [x1 - x0, 0.0, 0.0], [0.0, y0 - y1, 0.0], material)


def _quad(corner, u, v, material: int) -> Mesh:
    """One rectangular chart that faces u x v."""
    corner, u, v = np.array(corner, float), np.array(u, float), np.array(v, float)
    normal = np.cross(u, v) / (np.linalg.norm(u) * np.linalg.norm(v))
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    return Mesh(
        vertices=corner + unit[:, :1] * u + unit[:, 1:] * v,
        normals=np.tile(normal, (4, 1)).astype(np.float32),
        uv=(unit * [np.linalg.norm(u), np.linalg.norm(v)]).astype(np.float32),
        faces=np.array([[0, 1, 2], [0, 2, 3]], np.int32),
        face_material=np.full(2, material, np.int16),
        vertex_chart=np.zeros(4, np.int32),
        chart_uv=unit.astype(np.float32),
        chart_origin=corner[None],
        chart_u=u[None],
        chart_v=v[None],
        chart_normal=normal[None].astype(np.float32),
        chart_material=np.array([material], np.int16),
        chart_run=np.zeros(1, np.int64),
    )


def _shifted(mesh: Mesh, corner: tuple[float, float]) -> Mesh:
    shift = np.array([*corner, 0.0])
    return replace(mesh, vertices=mesh.vertices + shift, chart_origin=mesh.chart_origin + shift)
