from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom, binomtest, norm, poisson_means_test

from ed_ingest.errors import AnalysisError
from hotspots.two_counts import (
    conditional_p,
    e_test,
    rate_ratio_interval,
    weighted_displacement,
)

COUNT = st.integers(0, 40)


def test_three_to_one_over_equal_nights_by_hand():
    # Of 4, 3 or more in the later half: (4 + 1) / 16; twice that.
    assert conditional_p([3], [1], [0.5]) == pytest.approx(10 / 16)


def test_two_strata_by_hand():
    # Both of two events later, with chances 1/2 and 2/3: 1/3; twice that.
    assert conditional_p([1, 1], [0, 0], [1 / 2, 2 / 3]) == pytest.approx(2 / 3)


@given(COUNT, COUNT, st.floats(0.05, 0.95))
def test_one_stratum_is_the_binomial_test(now, before, share):
    total = now + before
    tail = min(binom.cdf(now, total, share), binom.sf(now - 1, total, share))

    assert conditional_p([now], [before], [share]) == pytest.approx(min(1, 2 * tail), abs=1e-9)


@given(st.lists(st.tuples(COUNT, COUNT), min_size=1, max_size=5), st.floats(0.05, 0.95))
def test_strata_of_one_share_are_one_stratum(pairs, share):
    now, before = np.array(pairs).T
    together = conditional_p([now.sum()], [before.sum()], [share])

    assert conditional_p(now, before, np.full(len(now), share)) == pytest.approx(together, abs=1e-9)


def test_strata_agree_with_draws_from_them():
    rng, total, share = np.random.default_rng(1), np.array([20, 5, 9]), np.array([0.5, 0.6, 0.4])
    drawn = rng.binomial(total, share, (200_000, 3)).sum(axis=1)
    p = conditional_p([14, 4, 6], [6, 1, 3], share)

    assert p == pytest.approx(2 * (drawn >= 24).mean(), rel=0.03)


def test_dispersion_shrinks_the_standard_score_by_its_root():
    plain = conditional_p([30], [10], [0.5])
    wide = conditional_p([30], [10], [0.5], dispersion=4)

    assert norm.isf(wide / 2) == pytest.approx(norm.isf(plain / 2) / 2)


def test_nothing_counted_is_no_change():
    assert conditional_p([], [], []) == 1
    assert conditional_p([0], [0], [0.5], dispersion=2) == 1
    assert e_test(0, 0) == 1
    assert math.isnan(weighted_displacement((0, 0), (0, 0)).z)


@pytest.mark.parametrize(("now", "before"), [(30, 10), (0, 4), (5, 0), (0, 0)])
def test_the_interval_of_the_ratio_is_that_of_the_share_in_odds(now, before):
    # Twice as many nights in the later period: odds of 2 are no change.
    low, high = rate_ratio_interval([now], [before], [2 / 3])
    exact = (
        binomtest(now, now + before).proportion_ci(method="exact") if now + before else (0.0, 1.0)
    )

    assert low[0] == pytest.approx(exact[0] / (1 - exact[0]) / 2 if now else 0)
    assert high[0] == (pytest.approx(exact[1] / (1 - exact[1]) / 2) if before else math.inf)


def test_the_interval_covers_the_true_ratio():
    # Strata of uneven shares and a ratio of 1.5: at least 93 of 100, as the interval is wide.
    rng, nights = np.random.default_rng(4), np.array([[14, 13, 13], [13, 13, 14]])
    rates = np.array([1.2, 0.5, 0.1])
    now, before = (
        rng.poisson(rates * n * times, (2000, 3)).sum(axis=1)
        for n, times in zip(nights, (1.5, 1.0), strict=True)
    )
    share = (rates * nights[0]).sum() / (rates * nights).sum()
    low, high = rate_ratio_interval(now, before, np.full(2000, share))

    assert ((low <= 1.5) & (high >= 1.5)).mean() >= 0.93


def test_dispersed_events_are_as_uncertain_as_fewer_independent_ones():
    # 20 and 10 independent ones; half an event of 40 and 20 is a quarter of one of these, so the
    # lower end is that of a beta of 20.25 and 10.75.
    wide = rate_ratio_interval([40, 40], [20, 20], [0.5, 0.5], dispersion=[2, 1])
    share = beta.ppf(0.025, 20.25, 10.75)

    assert wide[0][0] == pytest.approx(share / (1 - share))
    assert wide[0][1] == rate_ratio_interval([40], [20], [0.5])[0][0] > wide[0][0]
    assert wide[1][1] == rate_ratio_interval([40], [20], [0.5])[1][0] < wide[1][0]


def test_e_test_gives_the_published_figures():
    # ptools 2.0.0 for R: e_test(6, 2) and e_test(0, 3).
    assert e_test(6, 2) == pytest.approx(0.1748748, abs=1e-7)
    assert e_test(0, 3) == pytest.approx(0.0884, abs=5e-5)


@pytest.mark.parametrize(("k1", "k2"), [(6, 2), (0, 3), (40, 22), (1, 0), (7, 7)])
def test_e_test_agrees_with_scipy(k1, k2):
    # Over equal exposures; scipy leaves out the far ends of both distributions.
    assert e_test(k1, k2) == pytest.approx(poisson_means_test(k1, 1, k2, 1).pvalue, abs=1e-6)


@pytest.mark.parametrize(("k1", "k2"), [(6, 2), (0, 3), (1, 0), (5, 8)])
@pytest.mark.parametrize("nights", [1.5, 0.25])
def test_e_test_agrees_with_the_sum_written_out(k1, k2, nights):
    def apart(a, b):
        return abs(a - b / nights) / math.sqrt(a + b / nights**2) if a + b else 0

    def chance(n, mean):
        return math.exp(-mean) * mean**n / math.factorial(n)

    rate = (k1 + k2) / (1 + nights)
    p = sum(
        chance(a, rate) * chance(b, rate * nights)
        for a in range(60)
        for b in range(60)
        if apart(a, b) >= apart(k1, k2) - 1e-9
    )
    assert e_test(k1, k2, exposure2=nights) == pytest.approx(p, abs=1e-12)


def test_weighted_displacement_gives_the_published_figures():
    # The paper's case, as in ptools' own tests: -118, the root of 1568, Z -2.98.
    found = weighted_displacement(
        (308, 318), (207, 110), near_control=(150, 140), near_treated=(178, 157)
    )

    assert (found.estimate, found.standard_error) == (-118, math.sqrt(1568))
    assert round(found.z, 2) == -2.98


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: conditional_p([1.5], [1], [0.5]), "whole numbers"),
        (lambda: conditional_p([1], [1], [1.5]), "between 0 and 1"),
        (lambda: conditional_p([1], [1], [0.5], dispersion=0.5), "dispersion"),
        (lambda: rate_ratio_interval([1], [1], [1.0]), "between 0 and 1"),
        (lambda: e_test(-1, 2), "whole numbers"),
        (lambda: e_test(1, 2, exposure1=0), "exposures"),
        (lambda: weighted_displacement((1, 2), (-3, 4)), "whole numbers"),
    ],
)
def test_a_number_that_it_cannot_be_is_refused(call, match):
    with pytest.raises(AnalysisError, match=match):
        call()
