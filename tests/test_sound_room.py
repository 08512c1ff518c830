"""Rooms sound as their surfaces tell: decay times, open floors, image sources, and what openings take."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from generator.places.sounds import CARPET, CONCRETE, FISSURED_TILE, GLUED_CARPET, GYPSUM_BOARD, Sounds
from generator.plan.floorplan import CELL_M
from generator.plan.grid import grid_of_lines
from generator.precompile import small_room
from generator.sound.echoes import SPEED_M_S, STEP_M, Echoes, echoes
from generator.sound.hall import Hall, hall_of
from generator.sound.impulse import impulse_response, tail_noise
from generator.sound.reflections import images

CORNER = 2.0
BOXES = [(6.0, 5.0, 2.7), (8.0, 4.0, 3.0), (8.0, 7.0, 3.0)]
"""Metres; no side over three times another."""


def decay_s(heard: Echoes, octave: int) -> float:
    """Measure the decay time of an octave, seconds to -60 dB, from -5 to -25 dB of the integrated echogram (T20).

    Source: ISO 3382-2; Schroeder, "New method of measuring reverberation time", JASA 37, 1965.
    """
    energy = heard.tail[:, octave].copy()
    np.add.at(energy, (heard.length / STEP_M).astype(np.int64), heard.energy[:, octave])
    level = 10.0 * np.log10(np.maximum(np.cumsum(energy[::-1])[::-1], 1e-30) / energy.sum())
    time = np.arange(len(level)) * STEP_M / SPEED_M_S
    part = (level <= -5.0) & (level >= -25.0)
    return float(-60.0 / np.polyfit(time[part], level[part], 1)[0])


def hall(edge: list, height: float, absorbed: float, scattered: float, size_m: float = 20.0) -> Hall:
    """Faces (x0, y0, x1, y1) between a level floor and ceiling, everything of one absorption."""
    n = int(size_m / CELL_M) + 1
    edges = np.array(edge, float).reshape(-1, 4)
    z = np.tile([0.0, height], (len(edges), 1))
    flat = np.zeros((n, n))
    keep, scatter = np.full((3, 6), 1.0 - absorbed), np.full(3, scattered)
    return Hall(edges, z, grid_of_lines((n, n), edges), flat, flat + height, keep, scatter)


def box(wide: float, deep: float, height: float, absorbed: float, scattered: float = 0.3, sides: int = 4) -> Hall:
    """A box seen from inside; with fewer sides the last are open."""
    x0, y0, x1, y1 = CORNER, CORNER, CORNER + wide, CORNER + deep
    corners = [(x0, y0), (x0, y1), (x1, y1), (x1, y0), (x0, y0)]
    return hall([(*a, *b) for a, b in itertools.pairwise(corners)][:sides], height, absorbed, scattered)


def decay(where: Hall, wide: float, deep: float) -> float:
    ear = np.array([CORNER + 0.68 * wide, CORNER + 0.61 * deep, 1.6])
    source = np.array([CORNER + 0.23 * wide, CORNER + 0.31 * deep, 0.7])
    return decay_s(echoes(where, source, ear, rays=1500, longest_s=4.0), 2)


def volume_and_surface(wide: float, deep: float, height: float) -> tuple[float, float]:
    return wide * deep * height, 2.0 * (wide * deep + wide * height + deep * height)


@pytest.mark.parametrize("size", BOXES)
@pytest.mark.parametrize("absorbed", [0.05, 0.10, 0.15])
def test_a_live_box_decays_as_sabine_says(size, absorbed):
    """Source: Sabine, Collected Papers on Acoustics, 1922: T = 0.161 V / (S a)."""
    volume, surface = volume_and_surface(*size)
    assert decay(box(*size, absorbed), *size[:2]) == pytest.approx(0.161 * volume / (surface * absorbed), rel=0.15)


def test_a_dead_box_decays_as_eyring_says_and_not_as_sabine():
    """Source: Eyring, "Reverberation time in 'dead' rooms", JASA 1, 1930: T = 0.161 V / (-S ln(1 - a))."""
    volume, surface = volume_and_surface(*BOXES[0])
    found = decay(box(*BOXES[0], 0.4), *BOXES[0][:2])
    assert found == pytest.approx(-0.161 * volume / (surface * np.log(0.6)), rel=0.15)
    assert found < 0.92 * 0.161 * volume / (surface * 0.4)


def test_an_open_side_absorbs_all():
    """A box without one of its walls decays like one where that wall's absorption is 1."""
    wide, deep, height = BOXES[0]
    volume, surface = volume_and_surface(*BOXES[0])
    opening = wide * height
    mean = (0.05 * (surface - opening) + opening) / surface
    open_, closed = (decay(box(*BOXES[0], 0.05, sides=sides), wide, deep) for sides in (3, 4))
    assert open_ == pytest.approx(-0.161 * volume / (surface * np.log(1.0 - mean)), rel=0.25)
    assert open_ < 0.5 * closed


def between_planes(distance: float, absorbed: float, height: float, source_z: float, ear_z: float) -> float:
    """Squared pressure between two endless planes: all images in height, those over 60 m off in plan too."""
    total = 0.0
    for k in range(-400, 401):
        for sign, bounces in ((1, abs(2 * k)), (-1, abs(2 * k - 1))):
            up = 2.0 * k * height + sign * source_z - ear_z
            total += (1.0 - absorbed) ** bounces / (distance**2 + up**2)
    return total


@pytest.mark.parametrize("absorbed", [0.02, 0.15, 0.4, 0.7])
def test_an_open_floor_has_no_volume_but_a_level_for_each_doubling_of_distance(absorbed):
    """Between floor and ceiling without walls sound gets lower and lower, as the sum of all images says: about 3 dB a
    doubling where they are hard, 6 where they are not, and never 0, as in a room's even field."""
    where, ear = hall([], 2.7, absorbed, 0.0, size_m=70.0), np.array([35.0, 35.0, 1.6])
    found, wanted = [], []
    for distance in (2.0, 4.0, 8.0, 16.0):
        heard = echoes(where, ear + np.array([distance, 0.0, -0.9]), ear, rays=20000)
        found.append(10 * np.log10(heard.energy[:, 2].sum() + heard.tail[:, 2].sum()))
        wanted.append(10 * np.log10(between_planes(distance, absorbed, 2.7, 0.7, 1.6)))
    assert np.diff(found) == pytest.approx(np.diff(wanted), abs=0.8)
    assert (np.diff(found) < -2.0).all()


@pytest.mark.parametrize(("away", "answers"), [(22.0, True), (32.0, False)])
def test_what_is_over_30_m_off_sends_nothing_back(away, answers):
    """A hard wall across a dead floor: its echo comes back from 22 m and not from 32."""
    x = 35.0 + away
    where = hall([(x, 70.0, x, 0.0)], 2.7, 0.9, 0.0, size_m=70.0)
    where.keep[1] = 1.0
    ear = np.array([35.0, 35.0, 1.6])
    tail = echoes(where, ear - np.array([0.0, 8.0, 0.1]), ear, rays=20000).tail[:, 2]
    echo = tail[round(2.0 * away / STEP_M) - 1 :].sum()
    assert (echo > 1e-5) == answers


def test_a_box_has_the_images_of_the_lattice():
    """One source, six images of one mirror, eighteen of two. Source: Allen and Berkley, JASA 65, 1979."""
    size = np.array(BOXES[0])
    corner = np.array([CORNER, CORNER, 0.0])
    source, ear = np.array([1.3, 3.1, 0.4]), np.array([4.1, 2.2, 1.6])
    wanted = []
    for n in itertools.product(range(-1, 2), repeat=3):
        for odd in itertools.product((0, 1), repeat=3):
            order = sum(abs(2 * k - o) for k, o in zip(n, odd, strict=True))
            image = 2.0 * np.array(n) * size + np.where(odd, -1, 1) * source
            if order <= 2:
                wanted.append(np.linalg.norm(image - ear))
    length, count = images(box(*BOXES[0], 0.1), source + corner, ear + corner, 0.0, 2.7)
    assert len(wanted) == 25
    assert np.sort(length) == pytest.approx(np.sort(wanted))
    assert np.bincount(count.sum(axis=1)).tolist() == [1, 6, 18]


def test_what_stands_between_hides_an_image():
    """A screen before a wall takes the wall's reflection; one that ends below the way of sound does not."""
    room = box(*BOXES[0], 0.1)
    source, ear = np.array([5.5, 4.0, 1.5]), np.array([5.5, 5.0, 1.6])
    east = 2.0 * (CORNER + 6.0 - 5.5)
    behind = np.hypot(np.hypot(east, 1.0), 0.1)
    for top, hidden in ((2.7, True), (1.0, False)):
        screen = [(7.0, 3.0, 7.1, 3.0), (7.1, 3.0, 7.1, 6.0), (7.1, 6.0, 7.0, 6.0), (7.0, 6.0, 7.0, 3.0)]
        edge = np.concatenate([room.edge, screen])
        z = np.concatenate([room.edge_z, np.tile([0.0, top], (4, 1))])
        screened = room._replace(edge=edge, edge_z=z, grid=grid_of_lines(room.floor.shape, edge))
        length, _ = images(screened, source, ear, 0.0, 2.7)
        assert (np.abs(length - behind) < 1e-6).any() != hidden


def test_a_carpet_takes_the_top_and_bare_concrete_rings():
    """One box in two linings: carpet and tiles make it dull and dead; bare concrete rings five times as long."""
    plan = small_room()
    carpeted = Sounds(CARPET, floor=GLUED_CARPET, wall=GYPSUM_BOARD, ceiling=FISSURED_TILE)
    bare = Sounds(CARPET, floor=CONCRETE, wall=CONCRETE, ceiling=CONCRETE)
    linings = [hall_of(plan, sounds) for sounds in (carpeted, bare)]
    source, ear = np.array([3.0, 3.0, 0.01]), np.array([7.0, 4.5, 1.6])
    rooms = (box(*BOXES[1], 0.1)._replace(keep=of.keep, scatter=of.scatter) for of in linings)
    soft, hard = (echoes(room, source, ear, rays=4000) for room in rooms)
    tail = 10.0 * np.log10(soft.tail.sum(axis=0))
    assert tail[5] < tail[1] - 3.0
    assert decay_s(hard, 2) > 5.0 * decay_s(soft, 2)


def test_the_tail_of_an_impulse_response_has_the_energy_of_its_echogram():
    """In each octave of a live room, within 1 dB, which is what noise of that length leaves."""
    heard = echoes(box(*BOXES[1], 0.05), np.array([3.0, 3.0, 1.0]), np.array([7.0, 4.5, 1.6]))
    tail = replace(heard, length=np.zeros(0), energy=np.zeros((0, 6)))
    outs = np.stack([impulse_response(tail, tail_noise(seed)) for seed in range(8)])
    power = (np.abs(np.fft.rfft(outs)) ** 2).mean(axis=0)
    hz = np.fft.rfftfreq(outs.shape[1], 1 / 48000)
    for k, middle in enumerate((125, 250, 500, 1000, 2000, 4000)):
        found = power[(hz > middle / 1.2) & (hz < middle * 1.2)].mean()
        assert 10 * np.log10(found / heard.tail[:, k].sum()) == pytest.approx(0.0, abs=1.0)
