from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from ed_ingest.errors import AnalysisError
from hotspots.near_repeat import knox


def test_a_worked_table():
    # Four events; of six pairs one is within 10 m (0-1) and two within 5 days (0-1, 2-3): 1 pair is
    # both, where 1 × 2 / 6 is expected.
    table = knox([0, 5, 100, 200], [0] * 4, [0, 3, 50, 52], distances_m=[10], times=[5])

    assert table["observed"].tolist() == [1]
    assert table["expected"].tolist() == pytest.approx([1 / 3])
    assert table["ratio"].tolist() == pytest.approx([3])
    assert table["residual"].tolist() == pytest.approx([(1 - 1 / 3) / (1 / 3) ** 0.5])


def test_the_burkitt_cases_give_the_published_numbers(open_data):
    # PySAL's documentation, delta 20, tau 5: 13 pairs, Poisson p 0.14624558. That is the chance of
    # more than 13 and so checks the expected number; ours is that of 13 or more.
    cases = gpd.read_file(open_data / "pysal-burkitt" / "burkitt.shp")
    table = knox(cases["X"], cases["Y"], cases["T"], distances_m=[20], times=[5])

    assert table["observed"].tolist() == [13]
    assert poisson.sf(13, table["expected"][0]) == pytest.approx(0.14624558, abs=1e-8)
    assert table["p_poisson"][0] == pytest.approx(poisson.sf(12, table["expected"][0]))
    assert 0.1 < table["p_permuted"][0] < 0.3


@given(
    events=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=40
    )
)
@settings(max_examples=60)
def test_counts_are_those_of_all_pairs_written_out(events):
    x, y, t = np.array(events, float).T
    distances, times = [0, 2, 5], [0, 3]
    table = knox(x, y, t, distances_m=distances, times=times, permutations=0)
    one, other = np.triu_indices(len(x), 1)
    apart, gap = np.hypot(x[one] - x[other], y[one] - y[other]), np.abs(t[one] - t[other])
    by_hand = []
    for low_m, high_m in zip([-1, *distances], distances, strict=False):
        for low, high in zip([-1, *times], times, strict=False):
            in_bands = (apart > low_m) & (apart <= high_m) & (gap > low) & (gap <= high)
            by_hand.append(int(in_bands.sum()))

    assert table["observed"].tolist() == by_hand


def test_copies_of_events_soon_after_are_found_and_the_order_changes_nothing():
    rng = np.random.default_rng(1)
    x, y, t = rng.uniform(0, 5000, 300), rng.uniform(0, 5000, 300), rng.uniform(0, 365, 300)
    x, y, t = (np.concatenate([a, a[:60] + shift]) for a, shift in ((x, 20), (y, 0), (t, 3)))
    order = rng.permutation(len(x))
    arguments = {"distances_m": [100, 400], "times": [7, 30], "permutations": 199}
    table = knox(x, y, t, **arguments)

    assert table["p_permuted"][0] == 1 / 200
    assert table["p_permuted"][3] > 0.01
    assert table.equals(knox(x[order], y[order], t[order], **arguments))


@pytest.mark.parametrize(
    "wrong", [{"distances_m": []}, {"times": [5, 2]}, {"x": [1], "y": [1], "time": [1]}]
)
def test_questions_without_an_answer_are_refused(wrong):
    given = {"x": [1, 2], "y": [1, 2], "time": [1, 2], "distances_m": [10], "times": [5]}
    with pytest.raises(AnalysisError):
        knox(**{**given, **wrong})
