"""Bounced light in a closed room, each patch of which gets the same light directly."""

from __future__ import annotations

import numpy as np

from generator.geometry import expand
from generator.light.bake import _Job, _surroundings
from generator.light.bounce import known, near_hits, patches_of, solve_block
from generator.light.fineness import FINENESS
from generator.light.gather import gather_hits
from generator.scene.light import LightSettings


def room_rays(level, fineness=8):
    """Patches of a level and what each sees."""
    black = np.zeros((len(level.materials), 3))
    job = _Job.of(level, expand(level)[0], LightSettings(), black, FINENESS["normal"], None, None)
    patches = patches_of(job.mesh, np.ones(len(job.mesh.chart_origin), bool), (0.45, 0.45))
    around = _surroundings(level, job.mesh, patches, job.props, job.free)
    normal = job.mesh.chart_normal.astype(float)[patches.chart]
    return patches, normal, gather_hits(around, patches.samples.position, normal, fineness)


def furnace_light(level, reflectance: float) -> np.ndarray:
    """What every patch (P, 3) is lit by from the others, where each gets 1 directly."""
    patches, _, hits = room_rays(level)
    n = len(patches.chart)
    rho, first = np.full((n, 3), reflectance, np.float32), np.ones((n, 3), np.float32)
    return solve_block(near_hits(known(np.ones(n, bool)), hits), rho, first)
