from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.neighbors import KernelDensity

from ed_ingest.errors import AnalysisError
from hotspots.bandwidth import choose_bandwidth

RNG = np.random.default_rng(8)
TOWN = RNG.normal(0, 400, (2, 300))


def test_two_places_by_hand():
    # Two places 30 m apart, three events at the first. h = 50: 1 - (30/50)² = 0.64.
    # Quartic density of the other place: 3/(π 50²) · 0.64². A hundredth may lie anywhere in the
    # rectangle, here the least one of 50 m by 50 m.
    choice = choose_bandwidth([0, 0, 0, 30], [0] * 4, candidates_m=[50])
    density = 3 / (math.pi * 50**2) * 0.64**2

    assert choice.scores[0] == pytest.approx(math.log(0.99 * density + 0.01 / 50**2))
    assert (choice.n_locations, choice.n_scored) == (2, 2)


def test_snapped_duplicates_do_not_drive_the_bandwidth_to_zero():
    x, y = np.repeat(TOWN, 40, axis=1)

    assert choose_bandwidth(x, y).bandwidth_m == choose_bandwidth(*TOWN).bandwidth_m >= 300


def test_the_order_of_the_events_changes_no_bit():
    x, y = TOWN[:, RNG.permutation(TOWN.shape[1])]

    assert choose_bandwidth(x, y) == choose_bandwidth(*TOWN)


def test_a_stray_place_does_not_change_the_choice():
    far = np.column_stack([TOWN, [500_000, 0]])

    assert choose_bandwidth(*far).bandwidth_m == choose_bandwidth(*TOWN).bandwidth_m


def test_scores_agree_with_scikit_learn_leaving_one_out():
    choice = choose_bandwidth(*TOWN, candidates_m=[60, 120], kernel="gaussian")
    points = TOWN.T
    for width, score in zip(choice.candidates_m, choice.scores, strict=True):
        left_out = [
            KernelDensity(bandwidth=width).fit(np.delete(points, i, axis=0)).score_samples(
                points[[i]]
            )[0]
            for i in range(len(points))
        ]  # fmt: skip
        anywhere = 0.01 / np.prod(np.ptp(points, axis=0))

        assert score == pytest.approx(np.log(0.99 * np.exp(left_out) + anywhere).mean(), rel=1e-9)


def test_of_many_places_some_are_scored():
    choice = choose_bandwidth(*RNG.normal(0, 2000, (2, 5000)), candidates_m=[200, 400])

    assert (choice.n_locations, choice.n_scored) == (5000, 2000)


@pytest.mark.parametrize(
    ("x", "candidates", "words"),
    [([1, 1], [100], "fewer than two places"), ([1, 2], [0], "above 0"), ([1, 2], [], "above 0")],
)
def test_what_cannot_be_chosen_is_refused(x, candidates, words):
    with pytest.raises(AnalysisError, match=words):
        choose_bandwidth(x, [0, 0], candidates_m=candidates)
