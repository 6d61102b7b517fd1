"""Tolerance contours, on towns unlike those they were made on."""

from __future__ import annotations

import pytest

from benchmarks.evaluation.contour_rates import PAIRS_ALIKE, PAIRS_UNLIKE, contours

BRAWLS, UNCERTAIN = PAIRS_ALIKE[4], PAIRS_ALIKE[7]


def test_where_both_see_alike_no_contour_is_drawn_though_brawls_are_not_known_as_one():
    # Without the dispersion of incidents more than half of such maps would have one.
    assert [contours(seed, BRAWLS) for seed in range(4)] == [set()] * 4


def test_a_square_with_more_of_one_source_is_outlined():
    assert sum("hospitals" in contours(seed, PAIRS_UNLIKE[0]) for seed in range(2)) >= 1


@pytest.mark.long
@pytest.mark.parametrize("pair", PAIRS_ALIKE, ids=lambda pair: pair.name)
def test_at_most_five_in_a_hundred_maps_have_a_contour(pair):
    found = [contours(seed, pair) for seed in range(200)]

    # Where incidents are independent 5 % is the very rate: 6 maps are two standard errors of 200.
    assert sum(map(bool, found)) <= 10 + 6
