"""Every maze is a spanning tree, and every algorithm has the texture that it is known for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.stats import chi2

from generator.plan.maze import NAMES, maze
from generator.seed import hash64

DEAD_ENDS = {
    "backtracker": (0.08, 0.13),
    "hunt_and_kill": (0.07, 0.13),
    "growing_tree": (0.17, 0.30),
    "division": (0.20, 0.30),
    "wilson": (0.27, 0.32),
    "kruskal": (0.28, 0.33),
    "prim": (0.31, 0.40),
}
"""Share of dead ends. Wilson's uniform tree has 8 (1 - 2/pi) / pi^2 = 0.2945 in the limit (Manna, Dhar and
Majumdar, Phys. Rev. A 46, 1992); the others as Buck measured them, with room on both sides."""


def edges(east, north):
    """Passages as pairs of cell numbers."""
    ny, nx = east.shape
    number = np.arange(ny * nx).reshape(ny, nx)
    a = np.concatenate([number[east], number[north]])
    b = np.concatenate([number[:, 1:][east[:, :-1]], number[1:][north[:-1]]])
    return np.stack([a, b], axis=1)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 3), (7, 12), (31, 18)])
def test_a_maze_joins_all_cells_by_one_passage_fewer_than_cells(name, shape):
    for word in range(5):
        east, north = maze(name, *shape, hash64(word, "test.maze"))
        assert not east[:, -1].any()
        assert not north[-1].any()
        pairs = edges(east, north)
        n = shape[0] * shape[1]
        assert len(pairs) == n - 1
        graph = coo_matrix((np.ones(len(pairs)), pairs.T), (n, n))
        assert connected_components(graph, directed=False)[0] == 1


@pytest.mark.parametrize("name", NAMES)
def test_an_algorithm_has_its_known_share_of_dead_ends(name):
    shares = []
    for word in range(40):
        pairs = edges(*maze(name, 24, 24, hash64(word, "test.dead")))
        shares.append((np.bincount(pairs.ravel(), minlength=576) == 1).mean())
    low, high = DEAD_ENDS[name]
    assert low < np.mean(shares) < high


def test_wilson_draws_every_spanning_tree_equally_often():
    # The 2 x 3 grid has 15 spanning trees (Kirchhoff); 6000 mazes give 400 each.
    counts: dict[tuple, int] = {}
    for word in range(6000):
        tree = tuple(sorted(map(tuple, edges(*maze("wilson", 2, 3, hash64(word, "test.wilson"))).tolist())))
        counts[tree] = counts.get(tree, 0) + 1
    assert len(counts) == 15
    statistic = sum((n - 400) ** 2 / 400 for n in counts.values())
    assert statistic < chi2.ppf(0.999, 14)


def test_the_uniformity_test_notices_an_algorithm_that_is_not_uniform():
    counts: dict[tuple, int] = {}
    for word in range(6000):
        tree = tuple(sorted(map(tuple, edges(*maze("backtracker", 2, 3, hash64(word, "test.wilson"))).tolist())))
        counts[tree] = counts.get(tree, 0) + 1
    statistic = sum((n - 400) ** 2 / 400 for n in counts.values()) + 400 * (15 - len(counts))
    assert statistic > chi2.ppf(0.999, 14)


def test_an_unknown_algorithm_is_refused():
    with pytest.raises(ValueError, match="algorithms"):
        maze("spiral", 3, 3, 1)
