from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.errors import AnalysisError
from hotspots.evaluate import pai, score_map


def events(*counts):
    """The cell of each event, from the number in each cell."""
    return np.repeat(np.arange(len(counts)), counts)


def test_a_fifth_of_the_events_on_a_hundredth_of_the_area_is_twenty_times_denser():
    assert pai(20, 100, 1, 100) == pytest.approx(20)
    assert math.isnan(pai(0, 0, 1, 100))


@pytest.mark.parametrize("wrong", [(3, 2, 1, 2), (-1, 2, 1, 2), (1, 2, 0, 2), (1, 2, 3, 2)])
def test_a_part_larger_than_its_whole_is_refused(wrong):
    with pytest.raises(AnalysisError, match="at most the whole"):
        pai(*wrong)


def test_scores_agree_with_the_r_package_ptools():
    # Its example: observed 6, 3, 0 in cells predicted 3, 2, 1.
    scores = score_map([3, 2, 1], events(6, 3, 0), area_shares=[1 / 3, 2 / 3, 1])

    assert list(scores["pai"]) == pytest.approx([2, 1.5, 1])
    assert list(scores["pei"]) == pytest.approx([1, 1, 1])


def test_a_wrong_guess_is_held_against_the_best_one():
    # The hottest cell of four gets 1 of 10 events, another had 7: PAI 0.1 / 0.25, PEI 1/7.
    scores = score_map([9, 1, 1, 1], events(1, 7, 2, 0), area_shares=[0.25]).iloc[0]

    assert (scores["hits"], scores["hit_rate"]) == (1, pytest.approx(0.1))
    assert scores["pai"] == pytest.approx(0.4)
    assert scores["pei"] == pytest.approx(1 / 7)


def test_rri_is_the_change_in_the_hot_area_over_that_of_all():
    # Before 8 of 16, after 6 of 24: (6/8) / (24/16) = 0.5.
    scores = score_map([5, 1], events(6, 18), before=[8, 8], area_shares=[0.5]).iloc[0]

    assert scores["rri"] == pytest.approx(0.5)


def test_of_equal_predictions_each_cell_counts_in_part():
    # One cell of area, four equally hot: a quarter of all events for any order of the cells.
    scores = score_map([1, 1, 1, 1], events(8, 0, 0, 0), area_shares=[0.25]).iloc[0]

    assert scores["hits"] == pytest.approx(2)
    assert scores["pai"] == pytest.approx(1)


def test_the_whole_area_holds_all_and_is_no_better_than_chance():
    scores = score_map([3, 1, 2], events(2, 2, 5), area_shares=[1]).iloc[0]

    assert (scores["hit_rate"], scores["pai"], scores["pei"]) == (1, 1, 1)
    assert (scores["pai_low"], scores["pai_high"]) == (1, 1)


def test_without_a_later_event_nothing_is_scored():
    scores = score_map([3, 1, 2], [], area_shares=[0.5]).iloc[0]

    assert (scores["n"], scores["hits"]) == (0, 0)
    assert scores[["hit_rate", "pai", "pei", "rri", "pai_low"]].isna().all()


def test_events_that_come_together_make_a_wider_interval():
    cells = events(30, 30)
    alone = score_map([2, 1], cells, area_shares=[0.5]).iloc[0]
    together = score_map([2, 1], cells, block=np.arange(60) // 10, area_shares=[0.5]).iloc[0]
    width = [row["hit_rate_high"] - row["hit_rate_low"] for row in (alone, together)]

    assert alone["hit_rate_low"] < 0.5 < alone["hit_rate_high"]
    assert width[1] > 2 * width[0]


def test_intervals_of_single_events_agree_with_the_binomial_ones():
    # 300 of 600: 0.5 ± 1.96 √(0.25 / 600) = 0.46 to 0.54.
    scores = score_map([2, 1], events(300, 300), area_shares=[0.5], resamples=4000).iloc[0]

    assert scores["hit_rate_low"] == pytest.approx(0.46, abs=0.006)
    assert scores["hit_rate_high"] == pytest.approx(0.54, abs=0.006)


@given(
    cells=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=12),
    seed=st.integers(0, 99),
)
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_cells_changes_no_score(cells, seed):
    predicted, counts = np.array(cells).T
    order = np.random.default_rng(seed).permutation(len(cells))
    first = score_map(predicted, events(*counts), area_shares=[0.3], resamples=0)
    second = score_map(
        predicted[order], events(*counts[order]), area_shares=[0.3], resamples=0
    )  # fmt: skip

    assert second.to_numpy() == pytest.approx(first.to_numpy(), nan_ok=True)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"predicted": [1, np.nan]}, "needs a prediction"),
        ({"predicted": []}, "needs a prediction"),
        ({"cell": [2]}, "Leave out those outside"),
        ({"block": [1]}, "one for each event"),
        ({"before": [1]}, "one for each cell"),
        ({"area_shares": [0]}, "above 0"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(wrong, words):
    with pytest.raises(AnalysisError, match=words):
        score_map(**{"predicted": [1, 2], "cell": [0, 1], **wrong})
