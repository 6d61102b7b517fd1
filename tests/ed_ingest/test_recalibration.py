"""Odds of pairs set right by the moved assaults."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from ed_ingest.recalibration import recalibrated

N, SHIFTS, SHARE = 4000, 6, 0.4


def simulated(shift: float, slope: float, seed: int = 1):
    """Assaults with one pair each: true log odds, and what a model makes of them."""
    rng = np.random.default_rng(seed)
    # Log odds of right pairs and of chance pairs that are calibrated by themselves: two normal
    # densities of one variance s², s² apart, with the odds of the share between them.
    spread = 2.0
    known = rng.random(N) < SHARE
    prior = np.log(SHARE / (1 - SHARE))
    right = prior + spread**2 / 2 + spread * rng.normal(size=N)
    wrong = prior - spread**2 / 2 + spread * rng.normal(size=(SHIFTS + 1, N))
    true = np.where(known, right, wrong[0])
    told, moved = ((x - shift) / slope for x in (true, wrong[1:].ravel()))
    return known, true, np.exp(told), np.exp(moved)


def set_right(odds, moved, share=SHARE):
    return recalibrated(
        odds,
        np.arange(N),
        moved,
        np.arange(SHIFTS * N),
        looks=np.full(N, float(SHIFTS)),
        share=share,
    )


@pytest.mark.parametrize(("shift", "slope"), [(0.0, 1.0), (1.5, 1.0), (-1.0, 1.0), (0.5, 0.7)])
def test_odds_that_are_wrong_in_the_same_way_for_all_are_set_right(shift, slope):
    known, true, odds, moved = simulated(shift, slope)
    after, _ = set_right(odds, moved)

    found = np.log(after)
    assert expit(found).mean() == pytest.approx(known.mean(), abs=0.02)
    inner = np.abs(true) < 3
    assert np.mean(np.abs(expit(found) - expit(true))[inner]) < 0.04


def test_where_nothing_is_known_the_odds_fall():
    rng = np.random.default_rng(2)
    odds = np.exp(rng.normal(size=N))
    moved = np.exp(rng.normal(size=SHIFTS * N))
    after, _ = set_right(odds, moved, share=0.0)

    assert expit(np.log(after)).mean() < 0.5 * expit(np.log(odds)).mean()


def test_pairs_of_one_assault_keep_their_proportion():
    rng = np.random.default_rng(3)
    odds, record = np.exp(rng.normal(size=600)), np.repeat(np.arange(300), 2)
    moved = np.exp(rng.normal(size=300) - 3)
    after, after_moved = recalibrated(
        odds, record, moved, np.arange(300), looks=np.ones(300), share=0.5
    )

    assert np.allclose(after[::2] / after[1::2], odds[::2] / odds[1::2])
    assert len(after_moved) == 300


def test_stronger_pairs_stay_stronger():
    _, _, odds, moved = simulated(1.0, 0.8)
    after, _ = set_right(odds, moved)

    assert (np.diff(after[np.argsort(odds)][odds.size // 4 :]) >= -1e-9).all()


@pytest.mark.parametrize("looks", [np.zeros(3), np.ones(3)])
def test_without_pairs_nothing_changes(looks):
    nothing, nobody = np.empty(0), np.empty(0, dtype=np.int64)
    after, moved = recalibrated(nothing, nobody, nothing, nobody, looks=looks, share=0.3)

    assert len(after) == len(moved) == 0
