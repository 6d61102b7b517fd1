"""Intervals of hot spots, premises and shares, for places that were fixed beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.evaluation.interval_coverage import (
    BRAWLS,
    PAIRS,
    SOURCES,
    counts_held,
    premises_held,
    shares_held,
    shrunk_held,
)


def held(function, n, **arguments):
    return np.array([function(np.random.default_rng(seed), **arguments) for seed in range(n)])


def test_the_number_of_a_hot_spot_is_held_though_patients_come_in_groups():
    # 12 years of 6 hot spots each. The exact interval of records would hold 85 % of groups, two
    # thirds of brawls.
    for source in SOURCES[1:3]:
        drawn, poisson = held(counts_held, 12, source=source).mean(axis=(0, 2))

        assert drawn >= 0.92
        assert poisson < 0.9


def test_premises_and_shares_are_held():
    assert held(premises_held, 5, means=(3, 12) * 30).mean() >= 0.93
    assert held(shares_held, 15).mean() >= 0.92
    assert held(shrunk_held, 5)[:, 0].mean() >= 0.92


@pytest.mark.long
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_number_of_each_hot_spot_is_held_in_93_of_100_years(source):
    cover = held(counts_held, 2000, source=source)[:, 0].mean(axis=0)

    assert (cover >= 0.93).all()
    # Exact ones, and those of the fewest records, hold more than they promise.
    assert source is SOURCES[0] or (cover <= 0.985).all()


@pytest.mark.long
def test_premises_and_shares_are_held_in_93_of_100_simulations():
    assert (held(premises_held, 2000, means=(0.7, 3, 12, 40)).mean(axis=0) >= 0.93).all()
    assert (held(shares_held, 2000, sizes=PAIRS).mean(axis=0) >= 0.93).all()
    # Where one incident in 25 has eight patients or more it is told a little too narrow.
    assert (held(shares_held, 2000, sizes=BRAWLS).mean(axis=0) >= 0.91).all()
    assert held(shrunk_held, 2000)[:, 0].mean() >= 0.93
