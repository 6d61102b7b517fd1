from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.premises import shrink
from hotspots.shrunk_premises import shrink_rounded
from hotspots.small_numbers import enough_or_missing


def rounded(n, threshold=5):
    return enough_or_missing(n, threshold=threshold).dropna().to_numpy(dtype=float)


def test_it_is_near_what_exact_counts_of_all_premises_give():
    rng = np.random.default_rng(1)
    n = np.sort(rng.poisson(rng.gamma(0.3, 20, 300)))[::-1]
    exact = shrink(n)[n >= 5]
    found = shrink_rounded(rounded(n), n_all=300, threshold=5)

    # A count is rounded by up to 2.5; the number drawn from it is hardly farther off.
    assert np.abs(found - exact).max() < 3.2
    assert np.abs(found[:, 0] - exact[:, 0]).mean() < 1.2


def test_premises_all_alike_keep_their_mean():
    # Each of 40 counts of 15 is 13 to 17: nothing tells them apart.
    found = shrink_rounded([15.0] * 40, n_all=40, threshold=5)

    assert found[:, 0] == pytest.approx(15, abs=0.2)


def test_none_gives_no_row():
    assert shrink_rounded([], n_all=100, threshold=5).shape == (0, 3)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 60), min_size=5, max_size=30),
    st.integers(0, 2000),
    st.sampled_from([3, 5, 10]),
)
def test_more_incidents_never_give_a_smaller_number(counts, n_few, threshold):
    base = max(5, threshold)
    shown = np.sort(np.array(counts) * base).astype(float)
    found = shrink_rounded(shown, n_all=len(shown) + n_few, threshold=threshold)

    assert np.isfinite(found).all()
    assert (np.diff(found[:, 0]) >= -1e-9).all()
    assert (found[:, 1] <= found[:, 0]).all()
    assert (found[:, 0] <= found[:, 2]).all()


def test_exact_counts_that_round_alike_give_the_same():
    one = shrink_rounded(rounded([23, 9, 8, 14, 31, 2]), n_all=50, threshold=5)
    other = shrink_rounded(rounded([26, 12, 9, 16, 28, 4]), n_all=50, threshold=5)

    assert one.tolist() == other.tolist()
