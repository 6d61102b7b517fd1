from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.errors import AnalysisError
from hotspots.clusters import dbscan
from hotspots.peaks import part_at_peaks

NEAR = {"eps_m": 100, "min_samples": 4}
POINTS = st.lists(
    st.tuples(st.integers(0, 60).map(lambda n: 10 * n), st.integers(0, 60).map(lambda n: 10 * n)),
    min_size=1,
    max_size=90,
)


def parts(points, *, radius_m=150, weights=None, **near):
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    given = NEAR | near
    return part_at_peaks(
        x, y, dbscan(x, y, weights=weights, **given), radius_m=radius_m, weights=weights, **given
    )


def street(length_m, *, step_m=10, east=0):
    """A record every few metres along a street to the east."""
    return [(east + at, 0) for at in range(0, length_m + 1, step_m)]


def sizes(labels):
    return np.bincount(labels[labels >= 0]).tolist()


def test_two_busy_places_in_one_chain_are_two_parts():
    # 20 records at 0 m and 12 at 400 m, and single ones between at 50, 100 … 350 m: one chain.
    # The first peak, 0 m, takes 0 to 150 m. Of the rest, 400 m is the densest; it takes 250 to 400
    # m. 200 m is left, alone.
    points = [(0, 0)] * 20 + [(400, 0)] * 12 + [(at, 0) for at in range(50, 400, 50)]
    labels = parts(points)

    assert dbscan(*np.array(points, float).T, **NEAR).max() == 0
    assert labels.tolist() == [0] * 20 + [1] * 12 + [0, 0, 0, -1, 1, 1, 1]


def test_the_next_peak_is_the_densest_of_the_rest_counted_among_the_rest():
    # (1 - (d / 150)²)² is 0.512 at 80 m and 0.41 at 90 m. 0 m takes what lies up to 150 m.
    # Before, 170 m was the densest beyond: 4 + 12 · 0.512 = 10.1 against 8.5 at 250 m. Of the rest,
    # 250 m is: 6 + 4 · 0.512 + 0.41 = 8.5 against 4 + 6 · 0.512 = 7.1. So 340 m belongs to it.
    places = {-90: 6, 0: 20, 90: 6, 170: 4, 250: 6, 340: 1}
    labels = parts([(at, 0) for at, n in places.items() for _ in range(n)])

    assert sizes(labels) == [32, 11]


def test_the_circle_moves_from_the_peak_while_it_then_holds_more():
    # About 0 m it holds 13 records, up to 120 m. Their mean is 240 / 13 = 18 m: it now reaches 168
    # m, and holds 14, up to 160 m. Their mean is 400 / 14 = 29 m: 179 m, no more. 4 are the rest.
    labels = parts([(0, 0)] * 10 + [(at, 0) for at in range(40, 360, 40)])

    assert sizes(labels) == [14, 4]


def test_a_street_as_busy_all_along_is_cut_into_stretches():
    # A record every 10 m from 0 to 500 m. The kernel is 0 at 150 m, so 140 m is the westernmost
    # that has all of it on the street: the first peak, which takes 0 to 290 m. Of the rest, 400 m
    # is in the middle, and takes all.
    assert parts(street(500)).tolist() == [0] * 30 + [1] * 21
    assert parts([(0, at) for at, _ in street(500)]).tolist() == [0] * 30 + [1] * 21


def test_a_cluster_that_fits_stays_as_it_is():
    labels = parts([(0, 0)] * 5 + [(140, 0)] * 5 + [(280, 0)] * 5, eps_m=150)

    assert sizes(labels) == [15]


def test_records_at_one_place_are_one_part():
    assert sizes(parts([(500, 500)] * 30)) == [30]


def test_stray_records_at_the_rim_are_left_out_and_split_nothing():
    # Two records 160 and 170 m from the peak are too far from it and too few by themselves.
    labels = parts([(0, 0)] * 20 + [(80, 0)] * 4 + [(160, 0), (-80, 0), (-160, 0), (-170, 0)])

    assert labels.tolist() == [0] * 24 + [-1, 0, -1, -1]


def test_clusters_are_parted_each_by_itself_and_noise_stays_noise():
    # 30 and 21 as above, one small cluster far off, one record alone.
    labels = parts([*street(500), *[(5000, 0)] * 25, (9000, 0)])

    assert sizes(labels) == [30, 21, 25]
    assert labels[-1] == -1


def test_weights_count_as_so_many_records():
    points = [*street(400, step_m=50), (0, 0), (0, 0), (400, 0)]
    distinct, weights = np.unique(points, axis=0, return_counts=True)
    by_record = dict(zip(points, parts(points), strict=True))
    by_weight = parts(distinct, weights=weights)

    assert [by_record[x, y] for x, y in distinct.tolist()] == by_weight.tolist()


@given(points=POINTS, seed=st.integers(0, 99))
@settings(max_examples=80, deadline=None)
def test_parts_are_small_hold_enough_and_do_not_depend_on_the_order(points, seed):
    labels = parts(points)
    located = np.array(points, float)
    clusters = dbscan(*located.T, **NEAR)
    order = np.random.default_rng(seed).permutation(len(points))

    assert parts(located[order]).tolist() == labels[order].tolist()
    assert (labels[clusters == -1] == -1).all()
    for number in range(labels.max(initial=-1) + 1):
        own = located[labels == number]
        assert len(set(clusters[labels == number])) == 1
        # Within 150 m of one peak, so at most 300 m from end to end.
        assert np.hypot(*(own[:, None] - own).T).max() <= 300 + 1e-6
        # A cluster whose border points went to a nearer one may hold fewer from the start.
        assert len(own) >= min(4, (clusters == clusters[labels == number][0]).sum())


@given(points=POINTS)
@settings(max_examples=30, deadline=None)
def test_twice_the_records_are_the_same_parts(points):
    labels = parts(points)
    twice = parts([*points, *points], min_samples=8)

    assert twice.tolist() == [*labels, *labels]


def test_nothing_has_no_parts():
    assert parts([]).tolist() == []


def test_a_radius_of_nothing_is_refused():
    with pytest.raises(AnalysisError, match="largest radius above 0"):
        parts([(0, 0)], radius_m=0)
