"""Districts: every grammar keeps what holds for all plans, and each has what it is named for."""

from __future__ import annotations

import numpy as np
import pytest

from generator.errors import NoclipError
from generator.places.level0.plan.generate import floorplan
from generator.places.level0.plan.grammars.districts import districts_over
from generator.places.level0.plan.grammars.known import GRAMMARS, drawn_name, value_of
from generator.places.level0.plan.grammars.lines import view_candidates
from generator.places.level0.plan.grammars.pieces import STEP, shut_under
from generator.places.level0.plan_settings import NAMES, ON_MAPS, PlanSettings
from generator.plan import draw_map, sightline
from generator.plan.floorplan import CELL_M, CHUNK_CELLS, CHUNK_M, SolidKind, WallKind
from generator.plan.lattice import CELL, MODULE
from generator.plan.rows import ring_rows
from generator.plan.sight import solid_rings
from generator.scene import load_scene
from generator.seed import hash64
from tests.district_measures import told_apart
from tests.test_plan import FAR, enclosed, walls_as_set

MIXED = PlanSettings.model_validate(
    {"grammars": dict.fromkeys(NAMES, 1.0), "corridors": True, "long_views": 1.0, "long_walls": 0.6}
)
EVERY = [*GRAMMARS, "mixed"]


def settings_of(name):
    return MIXED if name == "mixed" else PlanSettings(grammar=name)


def whole_solids(plan, shift):
    """The solids that lie inside the chunk at ``shift``, as an order-free description."""
    found = set()
    for ring, z, kind, run in zip(solid_rings(plan), plan.solid_z, plan.solid_kind, plan.solid_run, strict=True):
        at = ring - shift
        if at.min() > 1e-6 and at.max() < CHUNK_M - 1e-6:
            found.add((tuple(np.round(at.ravel() * 1e4)), *z, kind, run))
    return found


def check_whole(name, seed, size):
    i, j = [(0, 0), (-5, 3), (FAR - 8, -FAR), (123456789, -987654321)][seed % 4]
    plan = floorplan(settings_of(name), seed, (i, j, i + size, j + size))
    lost, share = enclosed(plan, 0.30)
    assert lost == [], (name, seed)
    assert share > 0.6, (name, seed)  # a region's border cuts ovals and slots off from their way in


@pytest.mark.parametrize("name", EVERY)
def test_no_place_of_a_district_is_enclosed(name):
    check_whole(name, 1, 3)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_no_place_of_a_district_is_enclosed_in_20_seeds(name):
    for seed in range(2, 22):
        check_whole(name, seed, 6)


@pytest.mark.parametrize("name", EVERY)
def test_a_chunk_of_a_district_alone_equals_the_chunk_in_a_city(name):
    i, j = FAR - 3, -FAR
    city = floorplan(settings_of(name), 6, (i, j, i + 3, j + 2))
    for di, dj in ((0, 1), (2, 0)):
        alone = floorplan(settings_of(name), 6, (i + di, j + dj, i + di + 1, j + dj + 1))
        at = np.array([di * CHUNK_M, dj * CHUNK_M])
        cells = slice(dj * CHUNK_CELLS, (dj + 1) * CHUNK_CELLS), slice(di * CHUNK_CELLS, (di + 1) * CHUNK_CELLS)
        for field in ("ceiling_m", "room", "open_east", "open_north"):
            assert np.array_equal(getattr(city, field)[cells], getattr(alone, field)), field
        assert np.array_equal(city.district_maps["grammar"][cells], alone.district_maps["grammar"])
        assert walls_as_set(city, at, (0.0, 0.0, CHUNK_M, CHUNK_M)) == walls_as_set(alone)
        assert whole_solids(city, at) == whole_solids(alone, 0.0)
        here = ((city.lamp_xy >= at) & (city.lamp_xy < at + CHUNK_M)).all(axis=1)
        assert np.array_equal(np.sort(city.lamp_id[here]), np.sort(alone.lamp_id))


def test_lamps_are_not_cut_by_what_stands_crooked():
    import shapely

    for name in ("rings", "turned", "cores"):
        plan = floorplan(PlanSettings(grammar=name), 4, (0, 0, 3, 3))
        half = np.where(plan.lamp_axis[:, None] == 0, [[0.6096, 0.3048]], [[0.3048, 0.6096]]) - 1e-4
        lamps = shapely.box(*(plan.lamp_xy - half).T, *(plan.lamp_xy + half).T)
        solids = [shapely.Polygon(ring) for ring in solid_rings(plan)]
        assert len(solids) > 10
        assert len(lamps) > 100
        assert not len(shapely.STRtree(lamps).query(solids, predicate="intersects").T)


def test_every_arch_stands_between_two_walls():
    weights = {"offices": 3.0, "cores": 1.0, "hypostyle": 1.0}
    more = {"arch": 1.0, "plain": 0.1, "header": 0.1, "corridors": True, "long_views": 1.0, "long_walls": 1.0}
    found, plan = 0, floorplan(PlanSettings.model_validate(more | {"grammars": weights}), 1, (0, 0, 5, 5))
    ends = {tuple(end) for end in plan.wall_xy[plan.wall_kind == WallKind.WALL].reshape(-1, 2).round(4)}
    for arch in plan.wall_xy[plan.wall_kind == WallKind.ARCH].reshape(-1, 2, 2).round(4):
        inner = arch[((arch > 0.0) & (arch < 5 * CHUNK_M)).all(axis=1)]
        found += len(inner)
        assert all(tuple(end) in ends for end in inner), arch
    assert found > 20


def test_a_mix_has_every_grammar():
    seen = set()
    for seed in range(4):
        plan = floorplan(MIXED, seed, (0, 0, 12, 12))
        values, counts = np.unique(plan.district_maps["grammar"], return_counts=True)
        seen |= {NAMES[k] for k, name in enumerate(NAMES) if np.float32(value_of(name)) in values}
        assert counts.max() < 0.8 * counts.sum()
    assert seen == set(NAMES)


def test_weights_are_the_shares_of_districts():
    weights = {"offices": 1.0, "spine": 3.0, "void": 0.0}
    names = [drawn_name(weights, u) for u in np.arange(1000) / 1000]
    assert (names.count("offices"), names.count("spine"), names.count("void")) == (250, 750, 0)
    assert drawn_name({"offices": 0.0, "spine": 0.1, "void": 0.0}, 1.0 - 2.0**-53) == "spine"


def test_offices_alone_are_the_plan_without_districts():
    plain, fixed = (floorplan(PlanSettings(grammar=name), 3, (0, 0, 1, 1)) for name in ("", "offices"))
    assert np.array_equal(plain.wall_xy, fixed.wall_xy)
    assert "grammar" not in fixed.district_maps


def test_a_void_is_empty_over_40_by_60_m():
    plan = floorplan(PlanSettings(grammar="void"), 1, (0, 0, 8, 8))
    hall = plan.district_maps["grammar"] == np.float32(value_of("void"))
    from scipy.ndimage import label

    parts, count = label(hall)
    sides = [sorted((np.ptp(y) + 1, np.ptp(x) + 1)) for y, x in (np.nonzero(parts == k) for k in range(1, count + 1))]
    assert any(short >= 33 and long >= 49 for short, long in sides)
    inner = (parts[:-1, :-1] > 0) & (parts[1:, :-1] > 0) & (parts[:-1, 1:] > 0)
    assert plan.open_east[:-1, :-1][inner].all()
    assert plan.open_north[:-1, :-1][inner].all()


def test_rings_are_curved_and_turned_walls_lean_7_to_20_degrees():
    rings = floorplan(PlanSettings(grammar="rings"), 2, (0, 0, 4, 4))
    assert (rings.solid_kind == SolidKind.CURVED_WALL).sum() > 20
    plan = floorplan(PlanSettings(grammar="turned"), 2, (0, 0, 4, 4))
    leans = []
    for ring, kind in zip(solid_rings(plan), plan.solid_kind, strict=True):
        if kind == SolidKind.OBLIQUE_WALL and len(ring) == 4:
            along = max(np.roll(ring, -1, axis=0) - ring, key=np.hypot.reduce)
            leans.append(np.degrees(np.arctan2(along[1], along[0])) % 90)
    leans = np.minimum(leans, 90 - np.array(leans))
    assert np.mean((leans > 6.9) & (leans < 20.1)) > 0.9


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("plan.grammar=spire", ("plan.grammar", "did you mean 'spine'")),
        ("plan.grammars={offices=0.0}", ("plan.grammars", "weights are zero")),
        ("plan.grammars.void=-1.0", ("plan.grammars.void", "out of range")),
        ("plan.grammars.maze=1.0", ("plan.grammars.maze", "unknown key")),
    ],
)
def test_an_unknown_grammar_or_no_weight_is_one_clear_line(given, words):
    with pytest.raises(NoclipError) as error:
        load_scene("level0", [given])
    assert "\n" not in str(error.value)
    for word in words:
        assert word in str(error.value)


def test_a_long_view_is_over_60_m_and_its_lamps_stand_in_line():
    kinds = {"offices": 1.0, "spine": 1.0, "bays": 1.0, "hypostyle": 1.0, "slots": 1.0, "nested": 1.0}
    settings = PlanSettings.model_validate({"grammars": kinds, "long_views": 1.0, "long_walls": 0.5})
    for seed in range(3):
        plan = floorplan(settings, seed, (0, 0, 4, 4))
        strip = next(view_candidates(np.uint64(hash64(seed, "plan")), 0, 0, 1.0))
        low, high = np.array(strip.box[:2]) * CELL_M, np.array(strip.box[2:]) * CELL_M
        along, middle = np.eye(2)[strip.axis], (low + high) / 2
        p, q = (middle + (along @ (end - middle)) * along for end in (low + 0.5, high - 0.5))
        assert sightline(plan, p, q) == pytest.approx(np.hypot(*(q - p)))
        assert np.hypot(*(q - p)) > 60.0
        lamps = plan.lamp_xy[((plan.lamp_xy > low) & (plan.lamp_xy < high)).all(axis=1)]
        counts = np.unique(np.round(lamps[:, 1 - strip.axis], 2), return_counts=True)[1]
        assert counts.max() >= 12
        assert counts.max() > 0.7 * counts.sum()


def test_no_line_shows_where_districts_meet():
    """Along the lines on which districts meet, walls are no denser than beside them."""
    reach, found = 12, []
    for seed in range(6):
        plan = floorplan(MIXED, seed, (0, 0, 6, 6))
        n = plan.room.shape[0]
        for district in districts_over(np.uint64(hash64(seed, "plan")), MIXED.grammars.model_dump(), (0, 0, n, n)):
            x0, y0, _, y1 = district.box
            low, high = max(y0, 0), min(y1, n)
            if reach < x0 < n - reach and high - low > 20:
                found.append((~plan.open_east[low:high, x0 - 1 - reach : x0 + reach]).mean(axis=0))
    found = np.array(found)
    over = found[:, reach] - np.delete(found, reach, axis=1).mean(axis=1)
    assert len(over) > 10
    assert over.mean() <= 2.0 * over.std(ddof=1) / np.sqrt(len(over))


@pytest.mark.slow
def test_windows_of_60_m_are_told_apart_by_their_measures():
    share, by_grammar = told_apart(range(3), range(3, 6))
    assert share >= 0.9, by_grammar


def test_a_map_names_its_districts_and_has_a_key(tmp_path):
    plan = floorplan(PlanSettings(grammar="void"), 1, (0, 0, 4, 4))
    draw_map(plan, tmp_path / "named.svg", districts=ON_MAPS)
    draw_map(plan, tmp_path / "plain.svg")
    named, plain = ((tmp_path / name).read_text() for name in ("named.svg", "plain.svg"))
    assert ">VOID</text>" in named
    assert ">void</text>" in named
    assert ">spine</text>" not in named
    assert "void" not in plain.lower()


def test_the_ceiling_is_shut_where_outlines_pass():
    """As a plain version finds it, which takes places along every side."""
    rng, shape = np.random.default_rng(0), (9, 12)
    corners = rng.integers(-2 * CELL, 14 * CELL, (8, 5, 2))
    shut, about = np.zeros((2 * shape[0], 2 * shape[1]), bool), STEP / 2 + 20
    for p, q in zip(corners.reshape(-1, 2), np.roll(corners, -1, axis=1).reshape(-1, 2), strict=True):
        for at in np.linspace(p, q, int(np.abs(q - p).max() // STEP) + 2):
            for step in ((-about, -about), (about, -about), (-about, about), (about, about)):
                x, y = np.floor((at + step) / MODULE).astype(int)
                if 0 <= y < shut.shape[0] and 0 <= x < shut.shape[1]:
                    shut[y, x] = True
    found = shut_under(ring_rows(corners, SolidKind.OBLIQUE_WALL, 0, 27432, 0), *shape)
    assert shut.any()
    assert not shut.all()
    assert (found != shut).sum() <= 2  # a place may lie on a module's side
