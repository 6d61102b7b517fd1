from __future__ import annotations

import pytest
import shapely

from ed_ingest.errors import AnalysisError
from hotspots.grid import bounds_of_points, grid_axes, make_grid
from hotspots.tables import Grid


def test_cells_run_from_south_west_to_north_east():
    grid = make_grid((0, 0, 100, 50), cell_m=50)

    assert list(zip(grid["x"], grid["y"], strict=True)) == [(25, 25), (75, 25)]
    assert grid["inside"].all()


def test_cell_edges_lie_on_multiples_of_the_cell_whatever_the_bounds():
    grid = make_grid((318_510, 176_490, 318_560, 176_510), cell_m=25)

    # 318,510 lies in the cell from 318,500; 318,560 in the one up to 318,575.
    assert sorted(set(grid["x"])) == [318_512.5, 318_537.5, 318_562.5]
    assert sorted(set(grid["y"])) == [176_487.5, 176_512.5]


def test_cells_outside_the_boundary_are_marked():
    triangle = shapely.Polygon([(0, 0), (100, 0), (0, 100)])
    grid = make_grid(triangle, cell_m=50)

    assert list(grid["inside"]) == [True, True, True, False]


def test_a_single_point_makes_one_cell():
    assert len(make_grid((10, 10, 10, 10), cell_m=25)) == 1
    assert grid_axes(make_grid((10, 10, 10, 10), cell_m=25)).cell_m == 25


def test_an_absurd_size_is_refused_with_a_cell_size_that_works():
    with pytest.raises(AnalysisError, match="Set cell_m to 317 or more"):
        make_grid((0, 0, 1_000_000, 1_000_000), cell_m=1)
    assert len(make_grid((0, 0, 1_000_000, 1_000_000), cell_m=317)) < 10_000_000


@pytest.mark.parametrize("bounds", [(10, 0, 0, 10), (0, 0, float("nan"), 1)])
def test_bounds_that_are_no_rectangle_are_refused(bounds):
    with pytest.raises(AnalysisError, match="Check the boundary"):
        make_grid(bounds, cell_m=25)


def test_an_empty_boundary_is_refused():
    with pytest.raises(AnalysisError, match="Check the boundary"):
        make_grid(shapely.Polygon(), cell_m=25)


def test_rows_in_another_order_are_no_grid():
    grid = make_grid((0, 0, 100, 100), cell_m=50)

    with pytest.raises(AnalysisError, match="make_grid"):
        grid_axes(Grid(grid.iloc[::-1]))


def test_no_row_is_no_grid():
    grid = make_grid((0, 0, 100, 100), cell_m=50)

    with pytest.raises(AnalysisError, match="make_grid"):
        grid_axes(Grid(grid.iloc[:0]))


def test_a_point_far_away_does_not_stretch_the_map():
    bounds = bounds_of_points([0, 10, 500_000], [0, 10, 0], margin_m=5, within=None)

    assert bounds == (-5, -5, 15, 15)


def test_bounds_stay_within_the_region_and_are_the_region_without_points():
    region = (0.0, 0.0, 20.0, 20.0)

    assert bounds_of_points([10, 90], [10, 90], margin_m=15, within=region) == (0, 0, 20, 20)
    assert bounds_of_points([], [], margin_m=15, within=region) is None
    assert bounds_of_points([], [], margin_m=15, within=None) is None
