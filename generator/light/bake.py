"""The verb of the light stage: level and lamps to a lightmap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..build.level import Level, Mesh, expand
from ..plan.floorplan import CHUNK_M, LampState
from ..scene.light import LightSettings
from ..surface.pack import pack
from .atlas import add_smooth, fill_atlas
from .blockers import (
    high_spans,
    loose_triangles,
    merged,
    plan_grid,
    prop_charts,
    span_boxes,
    upright_spans,
)
from .bounce import Patches, mean_seen, patch_means, patches_of, solve_block
from .direct import direct_light, kernel_blockers
from .gather import Surroundings, chart_maps, gather_hits
from .lightmap import LAYERS, Lightmap
from .polygon import lens_tables
from .refine import doubts, refine
from .samples import Samples, grid_size, sample_charts

BLOCK_M = CHUNK_M / 2
"""Side of the world's blocks that bounced light is solved in; the world's chunks are cut in whole blocks."""
MARGIN_M = CHUNK_M / 4
"""What lies further than this from a block is unknown to its bounced light."""
PATCH_M = 0.45
DIRECT_PATCH_M = 0.3048
REFLECTS_M2 = 0.02
"""Charts smaller than this receive light but send none back."""
THIN_M = 0.15
"""Across sides shorter than this, bounced light is taken as even."""
ATLAS_WIDTH = 4096


@dataclass(frozen=True)
class Fineness:
    """What a quality means, in metres: the first, usual and finest pitch of direct light; ``tolerance``, the share of
    the light that a guess between samples may err by; pitch of bounced light; rays' fineness of patches and samples."""

    first_m: float
    texel_m: float
    finest_m: float
    tolerance: float
    bounce_m: float
    patch_rays: int
    bounce_rays: int


FINENESS = {
    "draft": Fineness(0.24384, 0.24384, 0.12192, 0.03, 0.6096, 6, 8),
    "normal": Fineness(0.24384, 0.12192, 0.03048, 0.01, 0.4064, 8, 12),
    "final": Fineness(0.12192, 0.06096, 0.01524, 0.005, 0.2032, 12, 20),
}

Progress = Callable[[str, float], None]


def bake(
    level: Level,
    settings: LightSettings,
    albedo: NDArray[np.float64],
    quality: str = "normal",
    charts: NDArray[np.bool_] | None = None,
    progress: Progress | None = None,
) -> Lightmap:
    """Light all charts, or the wanted ``charts`` (C,) of ``expand(level)``: every lamp, every bounce.

    albedo (M, 3): mean linear reflectance of each of ``level.materials``. quality: draft, normal or final.
    progress: told (what is done now, share of it done).
    """
    fine = FINENESS[quality]
    mesh, _ = expand(level)
    wanted = np.ones(len(mesh.chart_origin), bool) if charts is None else np.asarray(charts, bool)
    chart = np.flatnonzero(wanted)
    props = prop_charts(level)
    blockers = _blockers(level, mesh, props)
    lit = _lit_lamps(level)
    told = progress or (lambda what, share: None)

    def compute(samples: Samples, todo: NDArray[np.bool_], out: NDArray[np.float32]) -> None:
        direct_light(mesh, samples, todo, blockers, lit, settings.cutoff, out)

    samples, direct = _direct_texels(mesh, chart, fine, compute)
    vertices, bounced = _bounced(level, mesh, chart, fine, compute, albedo, props, told)
    add_smooth(vertices, bounced, samples, direct)
    return _packed(len(wanted), samples, direct)


def _lit_lamps(level: Level) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Tables of the lamps that are not dead."""
    keep = level.lamps.state != LampState.DEAD
    lens, corner = lens_tables(level.lamps)
    return lens[keep], corner[keep], np.ascontiguousarray(level.lamps.radiance[keep], np.float64)


def _blockers(level: Level, mesh: Mesh, props: NDArray[np.bool_]) -> tuple:
    """The direct light's blockers: the building's merged upright faces, and the props'."""
    building = np.arange(len(mesh.chart_origin)) < len(level.building.chart_origin)
    spans = merged(high_spans(upright_spans(mesh, building | props)))
    triangles = np.ascontiguousarray(loose_triangles(mesh, props))
    boxes = np.column_stack([triangles[:, :, :2].min(axis=1), triangles[:, :, :2].max(axis=1)]).reshape(-1, 4)
    return kernel_blockers(
        spans, plan_grid(level, span_boxes(spans), spans.ends), triangles, boxes, plan_grid(level, boxes)
    )


def _direct_texels(mesh, chart, fine, compute) -> tuple[Samples, NDArray[np.float32]]:
    """Direct light at the texels, charts where it changes fast halved in pitch until it does not."""
    samples = sample_charts(mesh, chart, grid_size(mesh, chart, fine.first_m))
    value = np.zeros((len(samples.position), 3), np.float32)
    compute(samples, np.ones(len(value), bool), value)
    groups = []
    pitch = fine.first_m
    while pitch > fine.finest_m * 1.01:
        todo = doubts(samples, value, fine.tolerance)
        count = (2 * samples.size.astype(np.int64) - 1).prod(axis=1)
        going = np.add.reduceat(todo, np.cumsum(count) - count) > 0
        if pitch > fine.texel_m * 1.01:
            going[:] = True
        groups.append(_picked(samples, value, ~going))
        old, old_value = _picked(samples, value, going)
        samples = sample_charts(mesh, old.chart, 2 * old.size - 1)
        value = refine(old, old_value, todo[np.repeat(going, count)], samples, compute)
        pitch /= 2.0
    groups.append((samples, value))
    return _joined(groups)


def _picked(samples: Samples, value: NDArray[np.float32], keep: NDArray[np.bool_]):
    """The samples and values of some of the charts."""
    count = np.diff(samples.start)
    rows = np.repeat(keep, count)
    start = np.concatenate([[0], np.cumsum(count[keep])]).astype(np.int64)
    return Samples(samples.chart[keep], samples.size[keep], start, samples.position[rows]), value[rows]


def _joined(groups) -> tuple[Samples, NDArray[np.float32]]:
    """Groups of charts as one, in the order of their charts."""
    chart = np.concatenate([g.chart for g, _ in groups])
    size = np.concatenate([g.size for g, _ in groups])
    count = size.astype(np.int64).prod(axis=1)
    first = np.cumsum(count) - count
    order = np.argsort(chart, kind="stable")
    start = np.concatenate([[0], np.cumsum(count[order])]).astype(np.int64)
    rows = np.repeat(first[order] - start[:-1], count[order]) + np.arange(start[-1])
    position = np.concatenate([g.position for g, _ in groups])[rows]
    return Samples(chart[order], size[order], start, position), np.concatenate([v for _, v in groups])[rows]


def _bounced(level, mesh, chart, fine, compute, albedo, props, told):
    """Bounced light at coarse samples of the charts, block of the world by block."""
    middle = (mesh.chart_origin + 0.5 * (mesh.chart_u + mesh.chart_v))[:, :2]
    home = np.floor(middle / BLOCK_M).astype(np.int64)
    blocks = np.unique(home[chart], axis=0)
    near = np.zeros(len(middle), bool)
    for block in blocks:
        near |= _within(middle, block)
    area = np.linalg.norm(np.cross(mesh.chart_u, mesh.chart_v), axis=1)
    patches = patches_of(mesh, near & (area >= REFLECTS_M2), PATCH_M)
    lit_charts = np.flatnonzero(patches.size[:, 0] > 0)
    samples = sample_charts(mesh, lit_charts, grid_size(mesh, lit_charts, DIRECT_PATCH_M))
    value = np.zeros((len(samples.position), 3), np.float32)
    compute(samples, np.ones(len(value), bool), value)
    first = patch_means(patches, samples, value)
    rho = np.asarray(albedo, np.float32)[mesh.chart_material[patches.chart]]
    around = _surroundings(level, mesh, patches, props)
    normal = mesh.chart_normal.astype(np.float64)
    hits = gather_hits(around, patches.position, normal[patches.chart], fine.patch_rays)
    row_of = np.arange(len(patches.chart))

    vertices = sample_charts(mesh, chart, grid_size(mesh, chart, fine.bounce_m, THIN_M))
    out = np.zeros((len(vertices.position), 3), np.float32)
    owner = np.repeat(np.arange(len(chart)), np.diff(vertices.start))
    for k, block in enumerate(blocks):
        told("bounce", k / len(blocks))
        inside = _within(middle, block)[patches.chart]
        light = solve_block(inside, hits, row_of, rho, first)
        rows = np.flatnonzero((home[chart[owner]] == block).all(axis=1))
        seen = gather_hits(around, vertices.position[rows], normal[chart[owner[rows]]], fine.bounce_rays)
        out[rows] = mean_seen(seen, light)
    told("bounce", 1.0)
    return vertices, out


def _within(middle: NDArray[np.float64], block: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which charts belong to a block or to its margin."""
    low = block * BLOCK_M - MARGIN_M
    return ((middle >= low) & (middle < low + BLOCK_M + 2 * MARGIN_M)).all(axis=1)


def _surroundings(level: Level, mesh: Mesh, patches: Patches, props: NDArray[np.bool_]) -> Surroundings:
    """What bounced light meets: all upright faces of some height, and the level faces of building and lenses."""
    building = np.arange(len(mesh.chart_origin)) < len(level.building.chart_origin)
    spans = high_spans(upright_spans(mesh, building | props))
    u2, v2 = (mesh.chart_u**2).sum(axis=1), (mesh.chart_v**2).sum(axis=1)
    return Surroundings(
        spans=spans,
        grid=plan_grid(level, span_boxes(spans), spans.ends),
        ceiling_m=level.ceiling_m,
        maps=chart_maps(level, mesh, ~props & (patches.size[:, 0] > 0)),
        origin=mesh.chart_origin,
        u_per_m=mesh.chart_u / u2[:, None],
        v_per_m=mesh.chart_v / v2[:, None],
        patch_start=patches.start,
        patch_size=patches.size,
    )


def _packed(count: int, samples: Samples, value: NDArray[np.float32]) -> Lightmap:
    """The samples in one atlas."""
    size = np.zeros((count, 2), np.int32)
    size[samples.chart] = samples.size
    place, height = pack(size, ATLAS_WIDTH, 1)
    steady = np.zeros((height, ATLAS_WIDTH, 3), np.float32)
    fill_atlas(samples, place[samples.chart], value, steady)
    flicker = np.zeros((0, *steady.shape), np.float32)
    return Lightmap(size, place, steady, flicker, np.full((count, LAYERS), -1, np.int32))
