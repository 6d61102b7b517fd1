"""The grids that a partnership is mapped on: how far they reach, with and without an area."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from hotspots.grid import grid_axes
from hotspots.study_area import grid_over_area, grid_over_points
from tests.hotspots.town import EAST, NORTH, areas, gazetteer


def points(*offsets):
    """Points so many metres east and north of Castle Street."""
    return pd.DataFrame(
        [(EAST + x, NORTH + y) for x, y in offsets], columns=["easting", "northing"]
    ).astype(float)


def reach(grid):
    """Edges of the grid, metres east and north of Castle Street: west, south, east, north."""
    axes = grid_axes(grid)
    half = axes.cell_m / 2
    west, east = axes.x[0] - half - EAST, axes.x[-1] + half - EAST
    return west, axes.y[0] - half - NORTH, east, axes.y[-1] + half - NORTH


def around(metres):
    return shapely.box(EAST - metres, NORTH - metres, EAST + metres, NORTH + metres)


def over_points(*tables, cell_m=100, margin_m=200, **place):
    return grid_over_points(gazetteer(**place), tables, cell_m=cell_m, margin_m=margin_m)


def test_the_grid_reaches_a_margin_beyond_the_points_of_all_tables():
    grid = over_points(points((0, 0)), points((500, 300)))

    assert reach(grid) == (-200, -200, 700, 500)


def test_the_order_of_points_and_tables_is_nothing_to_it():
    first, second = points((0, 0), (40, 900)), points((500, 300))

    pd.testing.assert_frame_equal(over_points(first, second), over_points(second, first.iloc[::-1]))


def test_it_goes_no_farther_than_the_boundary_and_drops_points_beyond():
    far = points((0, 0), (250, 0), (9000, 0))

    assert reach(over_points(far, boundary=around(300))) == (-200, -200, 300, 200)


def test_without_a_boundary_the_rectangle_around_the_small_areas_is_the_limit():
    # The two areas reach 3000 m to the east.
    assert reach(over_points(points((2900, 0), (9000, 0)), areas=areas()))[2] == 3000


@pytest.mark.parametrize("place", [{}, {"boundary": around(300)}, {"areas": areas()}])
def test_without_a_point_any_small_grid_will_do(place):
    assert len(over_points(points(), points(), **place)) == 1


def test_without_a_point_the_largest_county_is_no_map_too_large():
    # 120 km each way: 23 million cells of 25 m.
    assert len(over_points(points(), cell_m=25, boundary=around(60_000))) == 1


def test_points_that_all_lie_elsewhere_make_no_map_too_large_either():
    grid = over_points(points((200_000, 0)), cell_m=25, boundary=around(60_000))

    assert len(grid) == 1


def test_the_whole_area_is_covered_wherever_the_points_lie():
    boundary = shapely.Point(EAST, NORTH).buffer(300)
    grid = grid_over_area(gazetteer(boundary=boundary), points((0, 0)), cell_m=100)

    assert reach(grid) == (-300, -300, 300, 300)
    # Of 36 cells those are out whose centre is more than 300 m away: the 4 at (250, 250).
    assert int(grid["inside"].sum()) == 32


def test_without_a_boundary_the_whole_is_the_rectangle_of_the_small_areas_else_the_points():
    one = points((0, 0), (80, 0))

    assert reach(grid_over_area(gazetteer(areas=areas()), one, cell_m=100)) == (
        -2000, -2000, 3000, 2000,
    )  # fmt: skip
    assert reach(grid_over_area(gazetteer(), one, cell_m=100)) == (-100, -100, 200, 100)
