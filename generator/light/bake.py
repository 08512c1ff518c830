"""The verb of the light stage: level and lamps to a lightmap.

Direct light is exact per lens, times the share of the lens that is seen; it is computed on coarse grids and again,
twice as fine, wherever a guess between samples would err. Bounced light is the radiosity of coarse patches, solved in
fixed blocks of the world, gathered at coarse samples of the charts and laid smoothly over the texels.

What is left out: a lamp where it adds less than ``cutoff`` of its radiance to a chart; the shade of faces lower than
``occluders.LOW_M``, of instances thinner than ``occluders.PROP_M``, of slivers of others (``occluders.SLIVER_M``)
and of what lies in the shade of the rest (``level.THIN_RUN``);
light bounced more than ``blocks.MARGIN_M`` beyond a block (what is unknown there counts as the mean of what is known);
light that small charts and the level faces of props send back.

Measured: beside a cut-off of 2e-6 the usual one costs 0.004 % of the light in a warren, 0.02 % in a chunk of level0,
0.2 % in one of halls and 0.3 % in an open hall (``tests/test_light_parts.py``). Against a path tracer
(``tests/test_light_reference.py``) three furnished views and an exported file err by 1.2 to 2.0 % in the mean over
blocks and by -0.3 to 0.6 % in all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..geometry.level import Level, Mesh, expand
from ..plan.floorplan import LampState
from ..plan.grid import grid_of_boxes, grid_of_lines
from ..scene.light import LightSettings
from ..surface.pack import pack
from ..surface.palette import Role
from .area_light import lens_tables
from .atlas import add_smooth, fill_atlas
from .bends import Bends, bends_of
from .blocks import blocks_of, chart_middles, within, within_any
from .bounce import Patches, close_charts, known, near_hits, patch_light, patches_of, rises, solve_block
from .direct import direct_light, kernel_occluders
from .final_gather import FinalGather, SolvedBlock
from .fineness import FINENESS, Fineness
from .flicker import MEAN_OUTPUT
from .flicker_layers import STEADY, carried, layer_of
from .gather import Surroundings, chart_maps, gather_hits
from .lightmap import LAYERS, Lightmap
from .parts import Groups, PartImages, groups_of, steady_bands
from .past_free_forms import light_past
from .refine import STRIP_M, texel_light
from .samples import Samples, grid_size, picked_samples, sample_charts, sample_normals
from .threads import in_threads
from .visibility.free_forms import FreeForms, free_between, free_charts, free_forms
from .visibility.occluders import (
    high_spans,
    loose_triangles,
    merged,
    prop_charts,
    upright_spans,
    whole_charts,
)
from .visibility.visible_lamps import VisibleLamps, visible_lamps

REFLECTS_M2 = 0.02
"""Charts smaller than this receive light but send none back."""
BOARD_M = 0.05
"""Upright faces at least this high send light back: baseboards are bright, and lie where the light is."""
STRIPS = 2.0
"""How much wider apart the samples of bounced light are on strips up to ``STRIP_M`` across."""
THIN_M = 0.15
"""Across sides up to this, the thickness of a wall, bounced light is taken as even."""
ATLAS_WIDTH = 4096
NEGLIGIBLE = 1e-4
"""What a failing lamp adds is left out where it lights no patch, or its bounces no part of a chart, by more than this;
a lit room has 0.3."""
SPENT = {"visible": 0.15, "ground": 0.28, "texels": 0.48, "hits": 0.57, "sources": 0.67, "solved": 0.72}
"""Share of a bake's time by the end of its steps, as measured on a hectare."""


Progress = Callable[[str, float], None]
Part = Literal["all", "direct", "bounce"]


def bake(
    level: Level,
    settings: LightSettings,
    albedo: NDArray[np.float64],
    quality: str = "normal",
    charts: NDArray[np.bool_] | None = None,
    progress: Progress | None = None,
    part: Part = "all",
    parts: bool = False,
    mesh: Mesh | None = None,
) -> Lightmap:
    """Light all charts, or the wanted ``charts`` (C,) of ``expand(level)``: every lamp, every bounce.

    albedo (M, 3): linear reflectance of each of ``level.materials``, as worn as they are: ``palette.worn_albedo``.
    quality: draft, normal or final.
    progress: told (what is done now, share of the whole bake done).
    part: only the lamps' own light, or only what is bounced, of the lamps that do not fail.
    parts: whether the light of ``"all"`` is told apart too, into direct and bounced and by groups of lamps.
    mesh: that of ``expand(level)``, where it is there already.
    The light of a chart does not depend on which others are wanted, nor on the level beyond ``MARGIN_M`` of its blocks
    and the reach of the lamps that light that.
    """
    told = progress or (lambda what, share: None)
    told("direct light", 0.0)
    groups = groups_of(level) if parts and part == "all" else None
    fine = FINENESS[quality].gathered(settings.rays)
    job = _Job.of(level, mesh or expand(level)[0], settings, albedo, fine, charts, groups)
    told("direct light", SPENT["visible"])
    ground, coarse, met = job.ground()
    told("direct light", SPENT["ground"])
    samples, direct = texel_light(job.mesh, ground, coarse, job.fine, partial(job.compute, met))
    told("bounced light", SPENT["texels"])
    vertices, bounced, shares = job.bounce(told)
    by_kind = [shares.pop(key) for key in _kind_keys(job.groups)]
    steady = np.ascontiguousarray(direct[:, :3]) * np.float32(part != "bounce")
    if part != "direct":
        add_smooth(vertices, bounced, samples, steady)
    if part != "all":
        return _packed(len(job.wanted), samples, steady)
    lightmap, images = _packed(len(job.wanted), samples, steady), None
    if job.groups is not None:
        images = PartImages(job.groups, lightmap)
        images.add_steady(samples, direct, vertices, by_kind)
    return job.add_failing(samples, vertices, shares, lightmap, images)


@dataclass(frozen=True)
class _Job:
    """One bake: what all its steps share. failing: the failing lamps, by their first rows of level.lamps; groups: of
    lamps to be told apart, or None."""

    level: Level
    mesh: Mesh
    bends: Bends
    wanted: NDArray[np.bool_]
    reflects: NDArray[np.bool_]
    middle: NDArray[np.float64]
    blocks: NDArray[np.int64]
    albedo: NDArray[np.float32]
    fine: Fineness
    lens: NDArray[np.float64]
    corner: NDArray[np.float64]
    occluders: tuple
    free: FreeForms | None
    visible: VisibleLamps
    patches: Patches
    failing: NDArray[np.int64]
    props: NDArray[np.bool_]
    groups: Groups | None

    @staticmethod
    def of(
        level: Level, mesh: Mesh, settings: LightSettings, albedo, fine: Fineness, charts, groups: Groups | None
    ) -> _Job:
        middle = chart_middles(mesh)
        wanted = np.ones(len(middle), bool) if charts is None else np.asarray(charts, bool)
        half = 0.5 * (np.abs(mesh.chart_u) + np.abs(mesh.chart_v))[wanted, :2]
        blocks = blocks_of(middle[wanted] - half, middle[wanted] + half)
        large = np.linalg.norm(np.cross(mesh.chart_u, mesh.chart_v), axis=1) >= REFLECTS_M2
        reflects = large & (wanted | within_any(middle, blocks))
        patches = patches_of(mesh, reflects, fine.patch_m, close_charts(mesh, reflects, *_sideways(level)))
        props, bends = prop_charts(level), bends_of(mesh)
        occluders, free = _occluders(level, mesh, props), free_forms(level, mesh)
        lens, corner = lens_tables(level, _reveal(level, albedo))
        lit = np.any(level.lamps.radiance > 0.0, axis=1)
        return _Job(
            level=level,
            mesh=mesh,
            bends=bends,
            wanted=wanted,
            reflects=reflects,
            middle=middle,
            blocks=blocks,
            albedo=np.asarray(albedo, np.float32)[mesh.chart_material],
            fine=fine,
            lens=lens,
            corner=corner,
            occluders=occluders,
            free=free,
            visible=visible_lamps(mesh, bends.sine, wanted, patches.lit, occluders, lens, corner, lit, settings.cutoff),
            patches=patches,
            failing=np.unique(level.lamps.lamp[level.lamps.state == LampState.FAILING]),
            props=props,
            groups=groups,
        )

    def compute(
        self, visible: VisibleLamps, samples: Samples, todo: NDArray[np.bool_], out: NDArray[np.float32]
    ) -> NDArray[np.bool_]:
        """Direct light (N, B): red, green, blue of the steady lamps, of those of every kind but the first where they
        are told apart, and in green of all, where light changes; returns which pairs (S,) bring any."""
        lamps = self.level.lamps
        steady = lamps.radiance * (lamps.state == LampState.ON)[:, None]
        bands = np.column_stack([steady, *steady_bands(self.groups, steady), lamps.radiance[:, 1]])
        return self._direct(samples, todo, (self.lens, self.corner, bands), visible, out)

    def _direct(
        self, samples: Samples, todo: NDArray[np.bool_], lamps, visible: VisibleLamps, out
    ) -> NDArray[np.bool_]:
        """What ``direct_light`` writes and returns, past free forms too."""
        at = samples, sample_normals(self.mesh, self.bends, samples), todo, self.occluders, lamps
        if self.free is None:
            return direct_light(self.mesh, *at, visible, out)
        behind = free_between(self.free, self.mesh, visible, self.corner)
        lit = np.zeros(len(behind), np.bool_)
        lit[~behind] = direct_light(self.mesh, *at, visible.picked(~behind), out)
        lit[behind] = light_past(self.free, *at, visible.picked(behind), out)
        return lit

    def all_lamps(self, samples: Samples) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Direct light (N, B) of all samples, and which pairs (S,) bring any, as ``compute`` tells it."""
        out = np.zeros((len(samples.position), 4 + 3 * len(_kind_keys(self.groups))), np.float32)
        lit = self.compute(self.visible, samples, np.ones(len(out), bool), out)
        return out, lit

    def one_lamp(self, lamp: int, samples: Samples) -> NDArray[np.float32]:
        """Direct light (N, 3) of one lamp, all its emitters, at full output."""
        out = np.zeros((len(samples.position), 3), np.float32)
        radiance = self.level.lamps.radiance.copy()  # of one type with ``compute``'s: a level's own is read-only
        lamps, todo = (self.lens, self.corner, radiance), np.ones(len(out), bool)
        only = self.visible.picked(self.level.lamps.lamp[self.visible.lamp] == lamp)
        self._direct(samples, todo, lamps, only, out)
        return out

    def ground(self) -> tuple[Samples, NDArray[np.float32], VisibleLamps]:
        """The coarsest grids of the wanted charts, their direct light, and the pairs that bring it: 4 of 10."""
        chart = np.flatnonzero(self.wanted)
        samples = sample_charts(self.mesh, chart, grid_size(self.mesh, chart, self.fine.first_m))
        value, lit = self.all_lamps(samples)
        return samples, value, self.visible.picked(lit)

    def bounce(self, told: Progress):
        """Bounced light at coarse samples of the wanted charts: of the steady lamps (N, 3), and of each failing one;
        and of each kind of steady ones but the first, where they are told apart."""
        mesh, fine, patches = self.mesh, self.fine, self.patches
        around = _surroundings(self.level, mesh, patches, self.props, self.free)
        normal = mesh.chart_normal.astype(np.float64)
        hits = gather_hits(around, patches.samples.position, normal[patches.chart], fine.patch_rays)
        told("bounced light", SPENT["hits"])
        sources = self._sources()
        told("bounced light", SPENT["sources"])

        touched = {lamp: np.flatnonzero(_brightest(first) > NEGLIGIBLE) for lamp, first in sources.items()}
        solved: dict[int, SolvedBlock] = {}

        def task(k: int, _: int) -> None:
            solved[k] = self._solved(self.blocks[k], hits, sources, touched)

        in_threads(task, len(self.blocks), 1)
        blocks = [solved[k] for k in range(len(solved))]
        gather = FinalGather(around, self.middle, blocks, list(sources), fine.bounce_rays)
        chart = np.flatnonzero(self.wanted)
        vertices = sample_charts(mesh, chart, grid_size(mesh, chart, self._bounce_pitch(chart), self._thin(chart)))
        told("bounced light", SPENT["solved"])
        rest = 1.0 - SPENT["solved"]
        normals = sample_normals(mesh, self.bends, vertices)
        light = gather.light(vertices, normals, lambda share: told("bounced light", SPENT["solved"] + share * rest))
        steady = light.pop(STEADY)
        return vertices, steady, light

    def _bounce_pitch(self, chart: NDArray[np.int64]) -> NDArray[np.float64]:
        """Pitch (K, 2) of the samples of bounced light on some charts; on strips it cannot be seen to change."""
        sides = np.stack([self.mesh.chart_u[chart], self.mesh.chart_v[chart]], axis=1)
        narrow = self.mesh.sides_m[chart].min(axis=1) <= STRIP_M
        along, up = self.fine.bounce_m
        return np.where(rises(sides), up, along) * np.where(narrow, STRIPS, 1.0)[:, None]

    def _thin(self, chart: NDArray[np.int64]) -> NDArray[np.float64]:
        """Across sides (K, 1) up to this, bounced light is taken as even, but for things whose normal turns."""
        turns = (self.bends.row[chart] >= 0) & (chart >= len(self.level.building.chart_origin))
        return np.where(turns, 0.0, THIN_M)[:, None]

    def _solved(self, block, hits, sources, touched) -> SolvedBlock:
        """A block with the light of its patches from each source that reaches them; touched: the rows each reaches."""
        chart = self.patches.chart
        inside = within(self.middle, block)[chart]
        local = known(inside)
        near, rho = near_hits(local, hits), self.albedo[chart[inside]]
        lights = {
            lamp: solve_block(near, rho, first[inside])
            for lamp, first in sources.items()
            if lamp < 0 or inside[touched[lamp]].any()
        }
        return SolvedBlock(block, local, lights)

    def _sources(self) -> dict[int, NDArray]:
        """What the patches (P, 3) get directly: of all steady lamps (key STEADY), of those of each kind but the first,
        and of each failing lamp."""
        patches = self.patches
        steady = self.all_lamps(patches.lit)[0]
        sources = {STEADY: patch_light(patches, steady[:, :3])}
        for k, key in enumerate(_kind_keys(self.groups), start=1):
            sources[key] = patch_light(patches, steady[:, 3 * k : 3 * k + 3])
        for lamp in self.failing.tolist():
            sources[lamp] = patch_light(patches, self.one_lamp(lamp, patches.lit))
        return sources

    def add_failing(
        self, samples: Samples, vertices: Samples, shares: dict[int, NDArray], lightmap: Lightmap,
        images: PartImages | None,
    ) -> Lightmap:  # fmt: skip
        """The lightmap with its failing lamps: in their layers, or their mean output in the steady one; and with its
        parts, whose images hold the steady lamps, where these are told apart."""
        lamps = self.level.lamps
        layer = layer_of(lamps.center[self.failing, :2], lamps.ident[self.failing])
        flicker = np.zeros((LAYERS, *lightmap.steady.shape), np.float32)
        if images is not None:
            images.flicker_direct = np.zeros_like(flicker)
        for lamp, k in zip(self.failing, layer, strict=True):
            share = shares[int(lamp)]
            touched = np.maximum.reduceat(_brightest(share), vertices.start[:-1]) > NEGLIGIBLE
            carries = carried(self.middle, lamps.center[lamp, :2])[samples.chart] & touched & (k != STEADY)
            for part, image, scale, own_layer in (
                (carries, flicker[k], 1.0, int(k)),
                (touched & ~carries, lightmap.steady, MEAN_OUTPUT, None),
            ):
                own, _ = picked_samples(samples, samples.position, part)
                coarse, bounced = picked_samples(vertices, share, part)
                light = self.one_lamp(int(lamp), own)
                direct = scale * light if images is not None else light
                add_smooth(coarse, bounced, own, light)
                fill_atlas(own, lightmap.chart_place[own.chart], scale * light, image)
                if images is not None:
                    images.add_failing(own, direct, scale * light, own_layer)
            lightmap.chart_lamp[samples.chart[carries], k] = lamp
        some = (lightmap.chart_lamp >= 0).any()
        if images is not None and not some:
            images.flicker_direct = images.flicker_direct[:0]
        parts = None if images is None else images.made()
        return replace(lightmap, flicker=flicker if some else flicker[:0], parts=parts)


def _sideways(level: Level) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middles and normals (K, 3) of the lenses that do not shine down."""
    lamps = level.lamps
    aside = (lamps.normal[:, 2] > -0.5) & lamps.radiance.any(axis=1)
    return np.asarray(lamps.center[aside]), np.asarray(lamps.normal[aside])


def _kind_keys(groups: Groups | None) -> range:
    """Keys of the sources that are the steady lamps of each kind but the first: numbers that no lamp has."""
    return range(STEADY - 1, STEADY - (groups.kinds if groups is not None else 1), -1)


def _brightest(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """The greatest band (N,) of light (N, 3)."""
    return np.maximum(np.maximum(light[:, 0], light[:, 1]), light[:, 2])


def _reveal(level: Level, albedo: NDArray[np.float64]) -> float:
    """What the frames that lenses are recessed in send back of their light, and the lenses again of that half of it
    which they get: from the first material of each role, 0 without one."""

    def grey(role: Role) -> float:
        return next((float(np.mean(albedo[k])) for k in np.flatnonzero(level.palette.role == role)), 0.0)

    return grey(Role.FRAME) * (1.0 + grey(Role.LENS))


def _occluders(level: Level, mesh: Mesh, props: NDArray[np.bool_]) -> tuple:
    """The direct light's occluders: the building's merged upright faces, and the props'."""
    building = np.arange(len(mesh.chart_origin)) < len(level.building.chart_origin)
    plain = ~free_charts(mesh)
    spans = merged(high_spans(upright_spans(mesh, (building | props) & plain)))
    triangles = np.ascontiguousarray(loose_triangles(mesh, props & plain))
    boxes = np.column_stack([triangles[:, :, :2].min(axis=1), triangles[:, :, :2].max(axis=1)]).reshape(-1, 4)
    shape = level.ceiling_m.shape
    return kernel_occluders(spans, grid_of_lines(shape, spans.ends), triangles, boxes, grid_of_boxes(shape, boxes))


def _surroundings(
    level: Level, mesh: Mesh, patches: Patches, props: NDArray[np.bool_], free: FreeForms | None
) -> Surroundings:
    """What bounced light meets: all upright faces of some height, and the level faces of building and lenses."""
    building = np.arange(len(mesh.chart_origin)) < len(level.building.chart_origin)
    plain = ~free_charts(mesh)
    spans = high_spans(upright_spans(mesh, (building | props) & plain), BOARD_M)
    u2, v2 = (mesh.chart_u**2).sum(axis=1), (mesh.chart_v**2).sum(axis=1)
    return Surroundings(
        spans=spans,
        grid=grid_of_lines(level.ceiling_m.shape, spans.ends),
        floor_m=level.floor_m,
        ceiling_m=level.ceiling_m,
        maps=chart_maps(level, mesh, ~props & plain & (patches.size[:, 0] > 0)),
        origin=mesh.chart_origin,
        u_per_m=mesh.chart_u / u2[:, None],
        v_per_m=mesh.chart_v / v2[:, None],
        patch_start=patches.start,
        patch_size=patches.size,
        whole=whole_charts(mesh, spans),
        free=free,
    )


def _packed(count: int, samples: Samples, steady: NDArray[np.float32]) -> Lightmap:
    """The samples in one atlas, without flicker."""
    size = np.zeros((count, 2), np.int32)
    size[samples.chart] = samples.size
    place, height = pack(size, ATLAS_WIDTH, 1)
    atlas = np.zeros((height, ATLAS_WIDTH, 3), np.float32)
    fill_atlas(samples, place[samples.chart], steady, atlas)
    return Lightmap(size, place, atlas, np.zeros((0, *atlas.shape), np.float32), np.full((count, LAYERS), -1, np.int32))
