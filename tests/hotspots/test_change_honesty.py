"""Change, on towns unlike those it was made on: `benchmarks/honesty.py` runs the same at length."""

from __future__ import annotations

import pytest

from benchmarks.evaluation.change_rates import (
    DOUBLED,
    UNCHANGED,
    is_any_called,
    is_first_called,
    one_map,
    ratios_held,
)

GROUPS, BRAWLS, MUCH, ALL = UNCHANGED[1], UNCHANGED[2], UNCHANGED[6], UNCHANGED[8]


def test_where_nothing_changes_few_maps_call_a_change():
    found = [one_map(seed, [GROUPS, BRAWLS, ALL][seed % 3], n=4) for seed in range(4)]

    # 5 % of four maps: two or more once in 70 times.
    assert sum(map(is_any_called, found)) <= 1
    assert sum(each.is_called for each in found) >= 2


def test_a_town_placed_anew_makes_no_call():
    assert not one_map(1, MUCH, n=5).is_called


def test_a_doubled_hot_spot_is_called_and_the_others_are_not():
    found = [one_map(seed, DOUBLED[2], n=4) for seed in range(3)]

    assert sum(map(is_first_called, found)) >= 2
    assert sum(map(is_any_called, found)) == sum(map(is_first_called, found))


@pytest.mark.long
@pytest.mark.parametrize("condition", UNCHANGED, ids=lambda condition: condition.name)
def test_at_most_five_in_a_hundred_maps_call_a_change(condition):
    called = [found for found in (one_map(s, condition) for s in range(500)) if found.is_called]

    assert condition.hospitals == MUCH.hospitals or len(called) >= 100
    assert sum(map(is_any_called, called)) <= 0.05 * len(called)


@pytest.mark.long
@pytest.mark.parametrize("condition", DOUBLED[1:], ids=lambda condition: condition.name)
def test_a_hot_spot_that_doubles_is_mostly_called(condition):
    called = [found for found in (one_map(s, condition) for s in range(200)) if found.is_called]

    assert sum(map(is_first_called, called)) >= 0.75 * len(called)


@pytest.mark.long
@pytest.mark.parametrize("known", [0.0, 0.7])
def test_the_interval_of_a_rate_ratio_holds_the_true_one(known):
    found = [ratios_held(seed, {"known": known}) for seed in range(2000)]
    held = [each for each in found if each is not None]

    for place in zip(*held, strict=True):
        assert 0.93 <= sum(place) / len(place) <= 0.985
