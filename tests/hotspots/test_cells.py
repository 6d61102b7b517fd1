from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots import cells as module
from hotspots.cells import MARGIN, sort_into_cells
from hotspots.threads import equal_parts, for_each

POINTS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 3)), min_size=1, max_size=70
)


def numbers(values, side):
    """Column, row or layer of each value by the definition."""
    return np.floor((values - values.min()) / (side * MARGIN)).astype(int)


@given(points=POINTS, reach=st.sampled_from([1, 2]), timed=st.booleans(), few_rows=st.booleans())
@settings(max_examples=60, deadline=None)
def test_cells_and_what_lies_around_them_are_those_of_the_definition(
    points, reach, timed, few_rows
):
    at, time = np.array(points, float)[:, :2], np.array(points, float)[:, 2]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "FEW_ROWS", 10**6 if few_rows else 0)
        found = sort_into_cells(at, side=3, reach=reach, time=time if timed else None, gap=1)
    layer = numbers(time, 1) if timed else np.zeros(len(at), int)
    key = np.column_stack([layer, numbers(at[:, 1], 3), numbers(at[:, 0], 3)])
    values = np.column_stack([at, time]) if timed else at
    distinct = np.unique(np.column_stack([key, values]), axis=0)
    wanted = np.unique(key, axis=0)

    # Each distinct point once, cell by cell from the first layer and the south; sorted in them.
    assert np.array_equal(found.at, distinct[:, 3:5])
    assert np.array_equal(values[:, :2], found.at[found.place])
    assert found.weight.sum() == len(points)
    assert np.array_equal(np.bincount(found.place), found.weight)
    assert np.array_equal(found.column, wanted[:, 2])
    cell_of = np.searchsorted(found.starts, np.arange(len(distinct)), side="right") - 1
    assert np.array_equal(wanted[cell_of], distinct[:, :3])
    for c, (own_layer, row, column) in enumerate(wanted):
        around = {
            d
            for d, (other_layer, other_row, other_column) in enumerate(wanted)
            if abs(other_layer - own_layer) <= 1
            and abs(other_row - row) <= reach
            and abs(other_column - column) <= reach
            and not (reach > 1 and abs(other_row - row) == abs(other_column - column) == reach)
        }
        runs = [range(low, high) for low, high in found.runs[c]]
        assert {d for run in runs for d in run} == around
        assert sum(map(len, runs)) == len(around)


@pytest.mark.parametrize("step", [0.001, 1.0])
def test_many_points_to_a_cell_are_sorted_by_x_then_y(step):
    # Some thousand in one cell, many at the same x: long stretches are not sorted as short ones.
    rng = np.random.default_rng(3)
    points = np.round(rng.uniform(0, 5, (4000, 2)) / step) * step
    found = sort_into_cells(points, side=100, reach=2)

    assert np.array_equal(found.at, np.unique(points, axis=0))
    assert np.array_equal(found.at[found.place], points)


def test_weights_of_one_place_add_up_the_same_in_any_order():
    # 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1.
    weights = np.random.default_rng(4).permutation(np.tile([0.1, 0.2, 0.3, 0.7, 1e9], 40))
    points = np.zeros((200, 2))
    one, other = (
        sort_into_cells(points, side=1, reach=1, weights=weights[::step]).weight for step in (1, -1)
    )

    assert one.tolist() == other.tolist()


@pytest.mark.parametrize("threads", [1, 2, 3, 16])
def test_parts_hold_every_row_once(threads):
    ends = np.cumsum([0, 0, 90_000, 3, 0, 5, 70_000, 0])
    rows = [r for first, last in equal_parts(ends, threads) for r in range(first, last)]
    done = []
    for_each(equal_parts(ends, threads), lambda first, last: done.append(first), threads=threads)

    assert rows == list(range(7))
    assert sorted(done) == [first for first, _ in equal_parts(ends, threads)]
