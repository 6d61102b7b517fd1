from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.errors import AnalysisError
from hotspots.gistar import count_in_cells, gi_star
from hotspots.grid import make_grid
from hotspots.tables import Grid


def cells(counts, *, cell_m=100, inside=None):
    """A grid with these counts, rows from south to north."""
    counts = np.array(counts, float)
    grid = make_grid((0, 0, counts.shape[1] * cell_m, counts.shape[0] * cell_m), cell_m=cell_m)
    kept = True if inside is None else np.array(inside).ravel()
    return Grid(grid.assign(n=counts.ravel(), inside=kept))


def by_the_formula(grid, distance_m):
    """Ord and Getis's formula with all pairs of cells written out."""
    chosen = grid[grid["inside"]]
    x, y, n = chosen[["x", "y", "n"]].to_numpy().T
    near = np.hypot(x[:, None] - x, y[:, None] - y) <= distance_m + 1e-6
    mean, spread, total = n.mean(), n.std(), near.sum(axis=1)
    below = spread * np.sqrt((len(n) * total - total**2) / (len(n) - 1))
    above = near @ n - mean * total
    return np.divide(above, below, out=np.full(len(n), np.nan), where=total < len(n))


def test_gi_star_of_a_lone_hot_cell():
    # Mean 2, standard deviation 4. The middle three cells hold 10 where 6 are expected:
    # (10 - 6) / (4 * sqrt((5*3 - 9) / 4)) = 0.8165
    grid = gi_star(cells([[0, 0, 10, 0, 0]]), neighbour_distance_m=100)

    assert grid.loc[2, "gi_star"] == pytest.approx(0.8165, abs=1e-4)
    # Of five cells the three in the middle have this z: two-sided p 0.4142.
    assert grid.loc[2, "p_value"] == pytest.approx(0.4142, abs=1e-4)


def test_the_six_points_of_pysals_documentation():
    # (10,10) (20,10) (40,10) (15,20) (30,20) (30,30) with 2 3 3.2 5 8 7; within 15. Cells of 5 m
    # whose centres are these points; all other cells lie outside the area.
    places = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
    grid = make_grid((5, 5, 45, 35), cell_m=5)
    grid["x"], grid["y"] = grid["x"] + 2.5, grid["y"] + 2.5
    at = pd.Series([2, 3, 3.2, 5, 8, 7], index=pd.MultiIndex.from_tuples(places))
    given_at = pd.MultiIndex.from_frame(grid[["x", "y"]])
    grid["n"] = at.reindex(given_at).to_numpy()
    grid["inside"] = grid["n"].notna()
    scored = gi_star(grid, neighbour_distance_m=15).set_index(["x", "y"])["gi_star"]

    published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert scored.reindex(at.index).to_numpy() == pytest.approx(published, abs=1e-8)


@given(
    counts=st.lists(st.integers(0, 30), min_size=2, max_size=48),
    width=st.integers(1, 8),
    distance_m=st.sampled_from([0, 100, 142, 250, 1000]),
    seed=st.integers(0, 9),
)
@settings(max_examples=80)
def test_any_grid_agrees_with_the_formula_written_out(counts, width, distance_m, seed):
    rows = np.resize(counts, (-(-len(counts) // width), width))
    inside = np.random.default_rng(seed).random(rows.shape) < 0.8
    grid = cells(rows, inside=inside)
    if grid.loc[grid["inside"], "n"].nunique() < 2:
        with pytest.raises(AnalysisError):
            gi_star(grid, neighbour_distance_m=distance_m)
        return
    scored = gi_star(grid, neighbour_distance_m=distance_m)

    assert scored.loc[inside.ravel(), "gi_star"].to_numpy() == pytest.approx(
        by_the_formula(grid, distance_m), abs=1e-9, nan_ok=True
    )
    assert scored.loc[~inside.ravel(), ["gi_star", "p_value", "q_value"]].isna().all(axis=None)


def test_adding_to_and_multiplying_every_count_changes_nothing():
    counts = np.random.default_rng(1).poisson(3, (12, 9))
    one = gi_star(cells(counts), neighbour_distance_m=250)["gi_star"]
    other = gi_star(cells(counts * 7 + 1000), neighbour_distance_m=250)["gi_star"]

    assert other.to_numpy() == pytest.approx(one.to_numpy(), abs=1e-9)


def test_p_is_adjusted_over_the_cells_tested_alone():
    counts = np.random.default_rng(2).poisson(2, (6, 6))
    scored = gi_star(cells(counts), neighbour_distance_m=100)
    p = scored["p_value"].to_numpy()
    order = np.argsort(p)
    # Benjamini and Hochberg: p times the number of tests through its rank, the least from there on.
    stepped = np.minimum.accumulate((p[order] * 36 / np.arange(1, 37))[::-1])[::-1]

    assert scored["q_value"].to_numpy()[order] == pytest.approx(np.minimum(stepped, 1))


def test_permutations_agree_with_dealing_out_the_others_by_hand():
    counts = np.random.default_rng(3).poisson(4, (8, 8))
    grid = cells(counts)
    scored = gi_star(grid, neighbour_distance_m=100, permutations=1999)
    again = gi_star(grid, neighbour_distance_m=100, permutations=1999)
    # The corner cell and two of the other 63, dealt out anew 20,000 times.
    rng, others = np.random.default_rng(4), counts.ravel()[1:]
    drawn = counts[0, 0] + np.array([rng.choice(others, 2, False).sum() for _ in range(20_000)])
    total = counts[0, 0] + counts[0, 1] + counts[1, 0]
    expected = min(1, 2 * min((drawn >= total).mean(), (drawn <= total).mean()))

    assert scored.loc[0, "p_permuted"] == pytest.approx(expected, abs=0.06)
    assert scored["p_permuted"].equals(again["p_permuted"])


def test_a_cell_keeps_its_own_count_and_never_gets_it_twice():
    # The first of ten cells has one neighbour: 7 + 5. Of the nine others, one in nine is a 5: p is
    # 2/9. Were its own 7 dealt out as well, 2 of 10 draws would be as high, p 0.4; were its own
    # place dealt out too, 1 of 45 pairs would, p 0.044.
    scored = gi_star(
        cells([[7, 5, 0, 0, 0, 0, 0, 0, 0, 0]]), neighbour_distance_m=100, permutations=4999
    )

    assert scored.loc[0, "p_permuted"] == pytest.approx(2 / 9, abs=0.025)


def test_a_grid_of_one_column_has_the_scores_of_the_row():
    counts = np.random.default_rng(5).poisson(3, 12)
    row = gi_star(cells([counts]), neighbour_distance_m=250)["gi_star"]
    column = gi_star(cells(counts[:, None]), neighbour_distance_m=250)["gi_star"]

    assert column.to_numpy() == pytest.approx(row.to_numpy(), abs=1e-12)


def test_a_stray_point_is_in_no_cell_and_changes_no_score():
    grid = make_grid((0, 0, 1000, 1000), cell_m=100)
    x, y = np.random.default_rng(6).uniform(0, 1000, (2, 300))
    tracemalloc.start()
    counted = count_in_cells([*x, 500_000], [*y, -500_000], grid=grid)
    scored = gi_star(counted, neighbour_distance_m=150)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    without = gi_star(count_in_cells(x, y, grid=grid), neighbour_distance_m=150)

    # 301 were given: the sum tells how many lie beyond.
    assert counted["n"].sum() == 300
    assert scored.equals(without)
    assert peak < 2e6


def test_points_are_counted_in_their_cells_and_not_outside():
    grid = make_grid((0, 0, 200, 100), cell_m=100)
    counted = count_in_cells([50, 100, 150, 250, 50], [50, 50, 99, 50, -1], grid=grid)

    # 100 lies on the edge: it is the eastern cell's.
    assert list(counted["n"]) == [1, 2]


@pytest.mark.parametrize("counts", [[[3, 3, 3]], [[1]], [[1, np.nan]]])
def test_a_score_that_is_undefined_is_refused(counts):
    with pytest.raises(AnalysisError):
        gi_star(cells(counts), neighbour_distance_m=100)
