from __future__ import annotations

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN
from sklearn.datasets import load_iris

from ed_ingest.errors import AnalysisError
from hotspots.clusters import cluster_points, dbscan, hdbscan, st_dbscan

# Whole numbers on a small square: many equal distances, many duplicates.
POINTS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 3)), max_size=60)
PARAMETERS = {"eps_m": st.sampled_from([1, 1.5, 2, 3.2, 3.7]), "min_samples": st.integers(1, 6)}


def columns(points):
    return np.array(points, dtype=float).reshape(-1, 3).T


def test_a_worked_example():
    # With eps 10 and 3 points: 0, 10 and 20 are cores (10 has both, 0 and 20 have a double);
    # 30 is in reach of 20 alone, so border; 100 is noise.
    x = [0, 0, 10, 20, 20, 30, 100]
    labels = dbscan(x, [0] * 7, eps_m=10, min_samples=3)

    assert list(labels) == [0, 0, 0, 0, 0, 0, -1]


def test_a_border_point_joins_the_nearest_core():
    # The point at 10 has three points within 10 (0, itself, 19): with 4 wanted it is no core. The
    # core at 0 is 10 away, the one at 19 only 9.
    x = [-10, -10, -10, 0, 10, 19, 29, 29, 29]
    labels = dbscan(x, [0] * 9, eps_m=10, min_samples=4)

    # The point makes the eastern cluster the heavier one: 5 against 4.
    assert list(labels) == [1] * 4 + [0] * 5


def test_a_border_point_between_two_joins_the_lowest_number():
    # The cores at 0 and at 20 are equally near to 10; the western group is the heavier by one.
    x = [-10, -10, -10, -10, 0, 10, 20, 30, 30, 30]
    labels = dbscan(x, [0] * 10, eps_m=10, min_samples=4)

    assert list(labels) == [0] * 6 + [1] * 4


def test_of_equal_clusters_the_southern_one_comes_first():
    y = [900, 900, 5, 5]

    assert list(dbscan([0, 0, 0, 0], y, eps_m=10, min_samples=2)) == [1, 1, 0, 0]


def test_a_weight_counts_as_so_many_points():
    assert list(dbscan([0, 50], [0, 0], eps_m=10, min_samples=3, weights=[3, 2])) == [0, -1]


@given(points=POINTS, **PARAMETERS)
@settings(max_examples=60, deadline=None)
def test_cores_and_noise_are_those_of_scikit_learn(points, eps_m, min_samples):
    x, y, weight = columns(points)
    labels = dbscan(x, y, eps_m=eps_m, min_samples=min_samples, weights=weight)
    if not weight.any():
        assert set(labels) <= {-1}
        return
    peer = DBSCAN(eps=eps_m, min_samples=min_samples)
    peer.fit(np.column_stack([x, y]), sample_weight=weight)
    core = peer.core_sample_indices_

    assert np.array_equal(labels == -1, peer.labels_ == -1)
    pairs = set(zip(labels[core], peer.labels_[core], strict=True))
    assert len(pairs) == len({ours for ours, _ in pairs}) == len({theirs for _, theirs in pairs})


@given(points=POINTS, seed=st.integers(0, 99), **PARAMETERS)
@settings(max_examples=100, deadline=None)
def test_the_order_of_points_changes_nothing(points, seed, eps_m, min_samples):
    x, y, weight = columns(points)
    order = np.random.default_rng(seed).permutation(len(x))
    arguments = {"eps_m": eps_m, "min_samples": min_samples}
    labels = dbscan(x, y, weights=weight, **arguments)
    mixed = dbscan(x[order], y[order], weights=weight[order], **arguments)

    assert np.array_equal(labels[order], mixed)


@given(points=POINTS, **PARAMETERS)
@settings(max_examples=100, deadline=None)
def test_clusters_are_numbered_by_weight_and_border_points_by_distance(points, eps_m, min_samples):
    x, y, weight = columns(points)
    labels = dbscan(x, y, eps_m=eps_m, min_samples=min_samples, weights=weight)
    totals = np.bincount(labels[labels >= 0], weights=weight[labels >= 0])
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    core = ((distance <= eps_m) * weight).sum(axis=1) >= min_samples

    assert (np.diff(totals) <= 0).all()
    for i in np.flatnonzero((labels >= 0) & ~core):
        to_core = np.where(core, distance[i], np.inf)
        assert labels[i] == labels[to_core == to_core.min()].min()


def test_the_iris_data_give_the_published_clusters():
    # The documentation of the R package dbscan: eps 0.4, minPts 4, four measurements of 150
    # flowers: 25 noise points and clusters of 47, 38, 36 and 4.
    labels = cluster_points(load_iris().data, eps=0.4, min_samples=4)

    assert (labels == -1).sum() == 25
    assert list(np.bincount(labels[labels >= 0])) == [47, 38, 36, 4]


@pytest.mark.parametrize("eps_m", [3.0, 8.0, 20.0, 45.0])
def test_a_town_of_points_gives_the_cores_and_noise_of_scikit_learn(eps_m):
    rng = np.random.default_rng(8)
    spread = rng.choice([5, 40, 200], 1500)
    x, y = rng.integers(0, 3, (2, 1500)) * 300 + rng.normal(0, 1, (2, 1500)) * spread
    peer = DBSCAN(eps=eps_m, min_samples=6).fit(np.column_stack([x, y]))
    core, labels = peer.core_sample_indices_, dbscan(x, y, eps_m=eps_m, min_samples=6)

    assert np.array_equal(labels == -1, peer.labels_ == -1)
    pairs = set(zip(labels[core], peer.labels_[core], strict=True))
    assert len(pairs) == len({ours for ours, _ in pairs}) == len({theirs for _, theirs in pairs})


def crowded_town(n):
    """Dense places, a scatter, and points snapped together: enough of them for threads."""
    rng = np.random.default_rng(9)
    place = rng.integers(0, 12, n)
    x = place * 700 + rng.normal(0, 1, n) * (30 + 25 * place)
    y = (place * 5 % 12) * 700 + rng.normal(0, 1, n) * (30 + 25 * place)
    x[: n // 2], y[: n // 2] = rng.uniform(0, 9000, (2, n // 2))
    snapped = rng.random(n) < 0.3
    x[snapped], y[snapped] = np.round(x[snapped], -2), np.round(y[snapped], -2)
    return x, y, rng.choice([0, 0.1, 0.3, 1, 2.5], n), rng.integers(0, 30, n)


@pytest.mark.parametrize("timed", [False, True])
def test_the_number_of_threads_and_the_order_of_many_points_change_nothing(timed):
    x, y, weight, day = crowded_town(40_000)

    def labels(order, threads):
        columns = [x[order], y[order], *([day[order]] if timed else [])]
        method = st_dbscan if timed else dbscan
        more = {"eps_time": 3} if timed else {}
        return method(
            *columns, eps_m=40, min_samples=15, weights=weight[order], threads=threads, **more
        )

    as_given, mixed = np.arange(len(x)), np.random.default_rng(1).permutation(len(x))
    one = labels(as_given, 1)

    assert one.max() > 10
    for threads in (2, 3, 7):
        assert np.array_equal(labels(as_given, threads), one)
        assert np.array_equal(labels(mixed, threads), one[mixed])


def test_many_points_shared_among_threads_give_the_cores_and_noise_of_scikit_learn():
    x, y, _, _ = crowded_town(30_000)
    peer = DBSCAN(eps=40, min_samples=15).fit(np.column_stack([x, y]))
    core, labels = peer.core_sample_indices_, dbscan(x, y, eps_m=40, min_samples=15, threads=5)

    assert np.array_equal(labels == -1, peer.labels_ == -1)
    pairs = set(zip(labels[core], peer.labels_[core], strict=True))
    assert len(pairs) == len({ours for ours, _ in pairs}) == len({theirs for _, theirs in pairs})


def test_a_chain_through_the_parts_of_all_threads_is_one_cluster():
    y = np.arange(30_000) * 9.0

    assert set(dbscan(np.zeros(30_000), y, eps_m=10, min_samples=2, threads=4)) == {0}


def test_a_later_process_compiles_nothing():
    code = (
        "import numpy as np\n"
        "from hotspots import cell_order, joins, neighbours, row_order, scatter\n"
        "from hotspots.clusters import dbscan\n"
        "from hotspots.density import kernel_density\n"
        "from hotspots.grid import make_grid\n"
        "x, y = np.random.default_rng(1).normal(0, 500, (2, 30_000))\n"
        "dbscan(x, y, eps_m=50, min_samples=10, threads=2)\n"
        "kernel_density(x, y, grid=make_grid((0, 0, 900, 900), cell_m=50), bandwidth_m=99)\n"
        "loops = [each for module in (cell_order, joins, neighbours, row_order, scatter)\n"
        "         for each in vars(module).values() if hasattr(each, 'stats')]\n"
        "print(len(loops), sum(sum(each.stats.cache_misses.values()) for each in loops))"
    )
    # The first one may find that something was not compiled before.
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
    loops, misses = map(int, run.stdout.split())

    assert loops > 15
    assert misses == 0


def test_no_point_one_point_and_all_points_equal():
    assert len(dbscan([], [], eps_m=10, min_samples=2)) == 0
    assert list(dbscan([5], [5], eps_m=10, min_samples=2)) == [-1]
    assert set(dbscan([5] * 50, [5] * 50, eps_m=10, min_samples=50)) == {0}


@pytest.mark.parametrize(
    "wrong", [{"eps_m": 0}, {"min_samples": 0}, {"weights": [-1, 1]}, {"weights": [1]}]
)
def test_numbers_that_make_no_sense_are_refused(wrong):
    with pytest.raises(AnalysisError):
        dbscan([0, 1], [0, 1], **{"eps_m": 10, "min_samples": 2, **wrong})


def test_a_point_without_coordinates_is_refused():
    with pytest.raises(AnalysisError, match="Leave out events without a point"):
        dbscan([0, np.nan], [0, 1], eps_m=10, min_samples=2)


@given(points=POINTS, eps_time=st.sampled_from([0, 1, 2.5]), **PARAMETERS)
@settings(max_examples=10)
def test_clusters_in_space_and_time_are_those_of_all_pairs(points, eps_m, eps_time, min_samples):
    # The third number is the time; many points share place and time.
    x, y, time = columns(points)
    labels = st_dbscan(x, y, time, eps_m=eps_m, eps_time=eps_time, min_samples=min_samples)
    space = np.hypot(x[:, None] - x, y[:, None] - y)
    near = (space <= eps_m) & (np.abs(time[:, None] - time) <= eps_time)
    peer = DBSCAN(eps=0.5, min_samples=min_samples, metric="precomputed")
    if not len(x):
        assert len(labels) == 0
        return
    peer.fit(np.where(near, 0.0, 1.0))
    core = peer.core_sample_indices_

    assert np.array_equal(labels == -1, peer.labels_ == -1)
    pairs = set(zip(labels[core], peer.labels_[core], strict=True))
    assert len(pairs) == len({ours for ours, _ in pairs}) == len({theirs for _, theirs in pairs})


def test_the_same_place_and_time_count_towards_a_cluster():
    # Three on one spot at one minute, two more there a week later.
    labels = st_dbscan([0] * 5, [0] * 5, [0, 0, 0, 7, 7], eps_m=10, eps_time=2, min_samples=3)

    assert list(labels) == [0, 0, 0, -1, -1]


@pytest.mark.parametrize("apart", [(0.7071071, 0.7071071, 0), (0, 0, 1.0000005)])
def test_a_hair_beyond_the_reach_is_beyond_it(apart):
    # In the same cell, as cells are a hair wider than the reach.
    x, y, time = np.array([(0, 0, 0), apart]).T

    assert list(st_dbscan(x, y, time, eps_m=1, eps_time=1, min_samples=2)) == [-1, -1]


def test_a_stray_point_far_away_costs_no_memory_and_changes_nothing():
    x, y = np.random.default_rng(5).normal(0, 200, (2, 3000))
    near = dbscan(x, y, eps_m=20, min_samples=8)
    tracemalloc.start()
    far = dbscan([*x, 5e5], [*y, 5e5], eps_m=20, min_samples=8)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert list(far) == [*near, -1]
    assert peak < 20e6  # the square of 36,000 cells would be 10 GB


def test_stray_points_far_from_many_change_nothing():
    # 500 km at 2 m to a row are more rows than points.
    x, y, _, _ = crowded_town(25_000)
    near = dbscan(x, y, eps_m=3, min_samples=4)
    tracemalloc.start()
    far = dbscan([*x, 5e5, -5e5], [*y, 5e5, 0], eps_m=3, min_samples=4, threads=2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert near.max() > 10
    assert list(far) == [*near, -1, -1]
    assert peak < 50e6


def test_points_too_far_apart_for_the_distance_are_refused():
    with pytest.raises(AnalysisError, match="too far apart"):
        dbscan([0, 1e9], [0, 0], eps_m=0.1, min_samples=2)


def test_hdbscan_finds_groups_of_differing_density_in_any_order():
    rng = np.random.default_rng(6)
    x = np.concatenate([rng.normal(0, 5, 60), rng.normal(900, 60, 80)])
    y = rng.normal(0, 5, 140)
    order = rng.permutation(140)
    labels = hdbscan(x, y, min_cluster_size=20)

    assert np.bincount(labels[labels >= 0]).size == 2
    assert set(labels[:60]) <= {1, -1}
    assert np.array_equal(hdbscan(x[order], y[order], min_cluster_size=20), labels[order])
    assert list(hdbscan([0], [0], min_cluster_size=2)) == [-1]
