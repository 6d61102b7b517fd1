"""Tiles with a halo: together they are the raster, whatever their size and wherever points lie."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.errors import AnalysisError
from hotspots.density import kernel_density
from hotspots.drawable import drawable_density
from hotspots.gathered import gathered_density, groups_to_draw
from hotspots.grid import grid_of_cells, make_grid
from hotspots.tile_surface import exact_tile, grouped_tile, tile_tasks
from hotspots.tiles import (
    boundary_of_tile,
    events_of_tiles,
    quiet_tiles,
    raster_over,
    tile_at,
)

CELL_M = 50.0
BOUNDS = (300_000.0, 170_000.0, 302_000.0, 171_500.0)  # 40 by 30 cells
RASTER = raster_over(BOUNDS, cell_m=CELL_M)


def points(x, y, uncertainty_m=0.0):
    return pd.DataFrame({"easting": x, "northing": y, "uncertainty_m": uncertainty_m}, dtype=float)


def assembled(draw, events, *, bandwidth_m, boundary, tile_cells, least=5):
    """What the tiles say together, rows from south to north; NaN where no tile says anything."""
    whole = np.full((len(RASTER.rows), len(RASTER.columns)), np.nan)
    n_rows = len(RASTER.rows)
    for _, task in tile_tasks(
        RASTER, events, bandwidth_m=bandwidth_m, boundary=boundary, least=least,
        tile_cells=tile_cells,
    ):  # fmt: skip
        values = draw(task)
        top, left = task.tile.top, task.tile.left
        whole[n_rows - top - len(values) : n_rows - top, left : left + values.shape[1]] = values
    for tile, inside in quiet_tiles(
        RASTER, boundary, {p for p, _ in tile_tasks(
            RASTER, events, bandwidth_m=bandwidth_m, boundary=boundary, least=least,
            tile_cells=tile_cells)}, tile_cells=tile_cells,
    ):  # fmt: skip
        rows = slice(n_rows - tile.top - len(inside), n_rows - tile.top)
        whole[rows, tile.left : tile.left + inside.shape[1]] = np.where(inside, 0.0, np.nan)
    return whole


# Whole hundreds lie on the borders of tiles of 2, 4, 8 and 20 cells.
places = st.tuples(
    st.one_of(st.integers(2990, 3030).map(lambda n: n * 100.0), st.floats(299_000, 303_000)),
    st.one_of(st.integers(1690, 1725).map(lambda n: n * 100.0), st.floats(169_000, 172_500)),
    st.sampled_from([0.0, 0.0, 40.0, 700.0]),
)
boundaries = st.sampled_from([
    None,
    shapely.box(*BOUNDS).buffer(10),
    shapely.Point(301_000, 170_700).buffer(650),
    shapely.Polygon([(300_000, 170_000), (302_000, 170_000), (300_000, 171_500)]),
])  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    events=st.lists(places, min_size=1, max_size=12),
    boundary=boundaries,
    tile_cells=st.sampled_from([4, 7, 20, 64]),
)
def test_tiles_together_are_the_density_of_the_whole(events, boundary, tile_cells):
    table = points(*zip(*events, strict=True))
    whole = kernel_density(
        table["easting"],
        table["northing"],
        grid=make_grid(BOUNDS, cell_m=CELL_M),
        bandwidth_m=300,
        uncertainty_m=table["uncertainty_m"],
        boundary=boundary,
    )
    found = assembled(exact_tile, table, bandwidth_m=300, boundary=boundary, tile_cells=tile_cells)
    if boundary is None:  # where no kernel reaches, no tile is drawn
        found = np.nan_to_num(found)

    np.testing.assert_allclose(found, whole.values, rtol=1e-12, atol=1e-12)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1_000), tile_cells=st.sampled_from([5, 16]), bounded=st.booleans())
def test_tiles_of_groups_are_what_may_be_drawn_of_the_whole(seed, tile_cells, bounded):
    rng = np.random.default_rng(seed)
    centre = rng.uniform([300_200, 170_200], [301_800, 171_300], (3, 2))[rng.integers(0, 3, 150)]
    table = points(*(centre + rng.normal(0, 60, centre.shape)).T, rng.choice([0.0, 60.0], 150))
    table["incident"] = rng.integers(0, 120, 150)
    boundary = shapely.Point(301_000, 170_700).buffer(800) if bounded else None
    surface, support = gathered_density(
        table, grid=make_grid(BOUNDS, cell_m=CELL_M), bandwidth_m=300, least=5, boundary=boundary
    )
    whole = np.where(support >= 5, np.nan_to_num(surface.values), 0.0)
    groups = groups_to_draw(table, bandwidth_m=300, least=5)

    found = assembled(
        grouped_tile, groups, bandwidth_m=300, boundary=boundary, tile_cells=tile_cells
    )

    assert whole.any()
    assert drawable_density(surface, support, threshold=5) is not None
    np.testing.assert_allclose(np.nan_to_num(found), whole, rtol=1e-12, atol=1e-12)


def test_an_event_goes_to_every_tile_that_its_own_kernel_reaches():
    # Tiles of 10 cells have 500 m: 4 across, 3 down. The first event lies in the middle of the
    # second tile of the second row; 240 m reach no border, 260 m reach all four of its neighbours
    # (and, in a square, its corners).
    middle = (300_750.0, 170_750.0)
    x, y = zip(middle, middle, strict=True)

    needed = events_of_tiles(RASTER, x, y, [240, 260], tile_cells=10)

    assert needed.tiles == (0, 1, 2, 4, 5, 6, 8, 9, 10)
    assert {t: list(e) for t, e in zip(needed.tiles, needed.events, strict=True)}[5] == [0, 1]
    assert all(list(e) == [1] for t, e in zip(needed.tiles, needed.events, strict=True) if t != 5)


def test_a_tile_without_events_costs_nothing():
    far_away = points([900_000.0], [170_000.0])

    assert not list(tile_tasks(RASTER, far_away, bandwidth_m=300, boundary=None, least=5))
    assert not list(tile_tasks(RASTER, far_away.iloc[:0], bandwidth_m=300, boundary=None, least=5))


def test_the_last_tiles_are_as_large_as_what_is_left():
    # 40 columns and 30 rows in tiles of 16: 16, 16 and 8 across; 16 and 14 down, from the north.
    tiles = [tile_at(RASTER, place, tile_cells=16) for place in range(6)]

    assert [len(t.columns) for t in tiles] == [16, 16, 8] * 2
    assert [len(t.rows) for t in tiles] == [16] * 3 + [14] * 3
    assert tiles[0].rows.stop == RASTER.rows.stop
    assert tiles[5].rows.start == RASTER.rows.start


@pytest.mark.parametrize("tile_cells", [3, 16])
def test_a_boundary_cut_to_a_tile_tells_the_same_cells(tile_cells):
    boundary = shapely.Point(301_000, 170_700).buffer(630).difference(
        shapely.Point(301_000, 170_700).buffer(220)
    )  # fmt: skip
    whole = make_grid(BOUNDS, cell_m=CELL_M).assign(inside=False)
    expected = grid_of_cells(
        RASTER.columns, RASTER.rows, cell_m=CELL_M, boundary=boundary
    )["inside"]  # fmt: skip

    n = 0
    for place in range(-(-40 // tile_cells) * -(-30 // tile_cells)):
        tile = tile_at(RASTER, place, tile_cells=tile_cells)
        here = boundary_of_tile(RASTER, tile, boundary)
        cells = grid_of_cells(tile.columns, tile.rows, cell_m=CELL_M, boundary=here)
        n += int(cells["inside"].sum())

    assert len(whole) == len(expected)
    assert n == expected.sum()


@pytest.mark.parametrize(
    ("bounds", "cell_m"),
    [((1, 0, 0, 1), 10), ((0, 0, float("nan"), 1), 10), ((0, 0, 1, 1), 0)],
)
def test_a_raster_of_nothing_is_refused(bounds, cell_m):
    with pytest.raises(AnalysisError, match="area is empty or its cell size"):
        raster_over(bounds, cell_m=cell_m)


def test_a_raster_of_absurdly_many_cells_is_refused():
    with pytest.raises(AnalysisError, match="too many cells"):
        raster_over((0, 0, 700_000, 1_300_000), cell_m=1)
