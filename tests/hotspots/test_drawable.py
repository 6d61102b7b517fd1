from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.density import incident_support, kernel_density
from hotspots.drawable import drawable_density
from hotspots.grid import make_grid
from hotspots.tables import Surface

GRID = make_grid((0, 0, 1000, 1000), cell_m=25)


def classes(points, threshold=5, bandwidth_m=200.0, incidents=None):
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    numbers = np.arange(len(x)) if incidents is None else incidents
    surface = kernel_density(x, y, grid=GRID, bandwidth_m=bandwidth_m)
    support = incident_support(x, y, numbers, grid=GRID, bandwidth_m=bandwidth_m)
    return drawable_density(surface, support, threshold=threshold), support


def test_many_assaults_are_drawn_from_class_1_to_8():
    drawn, _ = classes([(500, 500)] * 50)

    assert set(np.unique(drawn.classes)) == set(range(9))
    assert drawn.classes[20, 20] == 8
    assert drawn.classes.dtype == np.int8


def test_fewer_than_the_threshold_are_not_drawn():
    assert classes([(500, 500)] * 4)[0] is None
    assert classes([(500, 500)] * 5)[0] is not None


def test_many_patients_of_one_incident_are_not_drawn():
    assert classes([(500, 500)] * 20, incidents=np.zeros(20))[0] is None


@given(
    points=st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda p: (25 * p[0], 25 * p[1])),
        max_size=60,
    ),
    threshold=st.integers(3, 10),
)
@settings(max_examples=80, deadline=None)
def test_no_cell_with_too_few_incidents_around_it_is_drawn(points, threshold):
    drawn, support = classes(points, threshold=threshold)

    if drawn is not None:
        assert support[drawn.classes > 0].min() >= threshold
        assert drawn.classes.min() == 0 or (support >= threshold).all()
        assert drawn.classes.max() <= 8


def test_the_lowest_class_begins_at_the_threshold_spread_over_the_bandwidths_circle():
    # 5 / (pi * 0.2²) = 39.8 per km². The peak is 159.2 = 4 times that: the classes' ratio is
    # 4^(1/8) = 1.189, so 47 is class 1 and 48 is class 2.
    values = np.full((60, 60), 47.0)
    values[30, 30:33] = [48.0, 159.1549, 39.7]
    surface = Surface(values, np.arange(60) * 25.0, np.arange(60) * 25.0, 25.0, 200.0, "quartic")
    drawn = drawable_density(surface, np.full((60, 60), 5), threshold=5)

    assert drawn.classes[0, 0] == 1
    assert list(drawn.classes[30, 30:33]) == [2, 8, 0]


def test_small_bumps_and_bumps_of_the_lowest_class_alone_are_left_out():
    values = np.zeros((80, 80))
    values[10:40, 10:40] = 100.0
    values[20, 20] = 400.0
    values[60:64, 60:64] = 400.0  # 100 m by 100 m: under the 31,416 m² of a circle of 100 m
    values[50:70, 10:30] = 40.0  # large, but of the lowest class
    surface = Surface(values, np.arange(80) * 25.0, np.arange(80) * 25.0, 25.0, 200.0, "quartic")
    drawn = drawable_density(surface, np.full((80, 80), 9), threshold=5).classes

    assert drawn[10:40, 10:40].all()
    assert not drawn[60:64, 60:64].any()
    assert not drawn[50:70, 10:30].any()


def test_cells_outside_the_boundary_are_not_drawn():
    surface = kernel_density([500] * 50, [500] * 50, grid=GRID, bandwidth_m=200)
    values = surface.values.copy()
    values[:, 20:] = np.nan
    cut = Surface(values, surface.x, surface.y, 25.0, 200.0, "quartic")
    drawn = drawable_density(cut, np.full(values.shape, 50), threshold=5)

    assert not drawn.classes[:, 20:].any()
    assert drawn.classes.any()


@pytest.mark.parametrize("values", [np.zeros((5, 5)), np.full((5, 5), np.nan)])
def test_an_empty_surface_is_not_drawn(values):
    surface = Surface(values, np.arange(5.0), np.arange(5.0), 1.0, 200.0, "quartic")

    assert drawable_density(surface, np.full((5, 5), 9), threshold=5) is None
