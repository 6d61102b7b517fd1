from __future__ import annotations

import itertools
import math
import tracemalloc

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.clusters import dbscan
from hotspots.outlines import outline_clusters
from hotspots.peaks import part_at_peaks

POINTS = st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=80)


def outlines(points, labels, boundary=None):
    x, y = np.array(points, dtype=float).T
    return outline_clusters(x, y, np.array(labels), margin_m=40, boundary=boundary)


@given(points=POINTS)
@settings(max_examples=60, deadline=None)
def test_outlines_are_valid_not_empty_hold_their_core_points_and_do_not_overlap(points):
    x, y = np.array(points, dtype=float).T
    labels = dbscan(x, y, eps_m=100, min_samples=4)
    drawn = outlines(points, labels)

    assert len(drawn) == labels.max() + 1
    assert all(shape.is_valid and shape.area > 0 for shape in drawn)
    for one, other in itertools.combinations(drawn, 2):
        assert one.intersection(other).area < 1
    near = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2 <= 100**2
    for i in np.flatnonzero(near.sum(axis=1) >= 4):
        assert drawn[labels[i]].distance(shapely.Point(x[i], y[i])) < 1e-6


@given(points=POINTS)
@settings(max_examples=60, deadline=None)
def test_parts_side_by_side_do_not_overlap_and_hold_their_points_to_the_raster(points):
    x, y = np.array(points, dtype=float).T
    clusters = dbscan(x, y, eps_m=100, min_samples=4)
    labels = part_at_peaks(x, y, clusters, radius_m=150, eps_m=100, min_samples=4)
    drawn = outlines(points, labels)

    assert all(shape.is_valid for shape in drawn)
    for one, other in itertools.combinations(drawn, 2):
        assert one.intersection(other).area < 1
    for i in np.flatnonzero(labels >= 0):
        assert drawn[labels[i]].distance(shapely.Point(x[i], y[i])) <= 5


def test_a_cluster_500_km_away_costs_no_memory_and_moves_no_other():
    near = [(500, 500), (540, 510), (520, 560), (700, 900)]
    alone = outlines(near, [0, 0, 0, -1])
    tracemalloc.start()
    drawn = outlines([*near, (500_000, -500_000)], [0, 0, 0, -1, 1])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert drawn[0].equals(alone[0])
    assert drawn[1].area == pytest.approx(math.pi * 40**2, rel=0.2)
    assert peak < 2e6


def test_ground_between_two_clusters_goes_to_the_nearest_point():
    # Circles of 40 m around points 40 m apart would overlap; the border is half-way.
    west, east = outlines([(500, 500), (540, 500)], [0, 1])

    assert (west.bounds[2], east.bounds[0]) == (520, 520)
    assert west.area == pytest.approx(east.area)


def test_the_outline_of_one_place_is_a_circle_of_the_margin():
    (circle,) = outlines([(500, 500)] * 10, [0] * 10)

    # A circle of 40 m has 5,027 m²; drawn with 16 corners on a raster of 5 m, a little less.
    assert 4500 < circle.area < 5100


def test_corners_lie_on_the_raster_and_so_tell_no_records_own_point():
    (shape,) = outlines([(501.3, 502.2), (533.1, 540.9), (560.2, 511.7)], [0, 0, 0])
    corners = shapely.get_coordinates(shape)

    assert np.allclose(corners % 5, 0)


def test_points_in_line_make_an_outline():
    (shape,) = outlines([(500, 500), (550, 550), (600, 600)], [0, 0, 0])

    assert shape.geom_type == "Polygon"


def test_a_cluster_within_anothers_bend_keeps_its_ground():
    bend = [(x, 0) for x in range(0, 500, 20)] + [(x, 400) for x in range(0, 500, 20)]
    bend += [(0, y) for y in range(0, 400, 20)]
    inner = [(300, 200)] * 5
    big, small = outlines([*bend, *inner], [0] * len(bend) + [1] * 5)

    assert small.contains(shapely.Point(300, 200))
    assert not big.contains(shapely.Point(300, 200))


def test_outlines_are_cut_to_the_boundary_and_empty_outside():
    inside, outside = outlines(
        [(0, 0)] * 4 + [(500, 500)] * 4,
        [0] * 4 + [1] * 4,
        boundary=shapely.box(-100, -100, 20, 100),
    )

    assert inside.bounds[2] == 20
    assert outside.is_empty


def test_noise_alone_has_no_outline():
    assert outlines([(0, 0)], [-1]) == []


def test_the_margin_is_as_wide_as_the_places_are_uncertain():
    # Half of the points and more are known to 80 m: a circle of 80 m instead of 40 m.
    x, y, labels = np.full(5, 500.0), np.full(5, 500.0), np.zeros(5, dtype=np.int64)
    uncertainty_m = np.array([10.0, 10.0, 80.0, 80.0, 90.0])
    (circle,) = outline_clusters(
        x, y, labels, margin_m=40, boundary=None, uncertainty_m=uncertainty_m
    )

    assert circle.bounds == (420, 420, 580, 580)
