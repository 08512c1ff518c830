"""What of thin things blocks light: braces as wide as they are, and nothing that lies in another's shadow."""

from __future__ import annotations

import numpy as np
import pytest

from generator.geometry.kit import Index
from generator.geometry.level import THIN_RUN, shadeless
from generator.geometry.shapes import bar, box
from generator.light.visibility.occluders import upright_spans
from generator.places.level1.plan.uses import Use
from generator.places.level1.set import racking, strip
from generator.places.level1.surfaces.catalogue import SURFACES

INDEX: Index = {name: k for k, name in enumerate(SURFACES)}


def _area_m2(spans) -> float:
    """Of upright trapezoids."""
    long = np.hypot(*(spans.ends[:, 2:] - spans.ends[:, :2]).T)
    return float((long * 0.5 * (spans.z[:, 1] - spans.z[:, 0] + spans.z[:, 3] - spans.z[:, 2])).sum())


def test_a_brace_blocks_as_much_as_it_is_wide_and_not_the_rectangle_about_it():
    brace = bar((0.0, 0.0, 1.0), (0.0, 1.0, 2.0), 0.032, 0)
    spans = upright_spans(brace, np.ones(len(brace.chart_run), bool))
    # Two sides of sqrt(2) by 0.032 m; the rectangle about each would be over a square metre.
    assert _area_m2(spans) == pytest.approx(2 * np.sqrt(2) * 0.032, rel=1e-6)


def test_a_box_blocks_by_its_four_sides():
    solid = box((0.0, 0.0, 0.0), (2.0, 1.0, 3.0), 0)
    assert _area_m2(upright_spans(solid, np.ones(len(solid.chart_run), bool))) == pytest.approx(18.0)


def test_a_rack_can_be_seen_through_in_plan():
    frame = racking.frame(Use.WAREHOUSE)(INDEX)
    spans = upright_spans(frame, frame.chart_run != THIN_RUN)
    across = np.abs(spans.ends[:, 0] - spans.ends[:, 2]) < 1e-6
    # Seen along its row a frame of 1.07 by 4.9 m is posts and braces, less than a third of it from either side.
    one_side = 0.5 * _area_m2(type(spans)(spans.ends[across], spans.z[across], spans.chart[across]))
    assert one_side < 0.33 * 1.07 * 4.9


def test_shadeless_takes_what_it_is_told():
    solid = box((0.0, 0.0, 0.0), (2.0, 1.0, 3.0), 0)
    assert (shadeless(solid).chart_run == THIN_RUN).all()
    some = shadeless(solid, solid.chart_normal[:, 2] > 0.5)
    assert (some.chart_run == THIN_RUN).sum() == 1


@pytest.mark.parametrize("tubes", [1, 2])
def test_no_tube_stands_before_what_a_strip_sends_out(tubes):
    mesh = strip.strip(INDEX, (tubes == 2, True), 0.3)
    for emitter in strip.emitters(tubes):
        before = (mesh.vertices - np.array(emitter.center)) @ np.array(emitter.normal)
        beside = np.abs(mesh.vertices[:, 0]) < np.linalg.norm(emitter.half_u)
        assert (before[beside] < 1e-3).all()
