from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.small_numbers import (
    enough_or_missing,
    is_rounded_instead,
    publish_counts,
    publish_total,
    round_count,
    share,
)

COUNTS = st.lists(st.integers(0, 30), min_size=1, max_size=12)
METHOD = st.sampled_from(["round5", "suppress_lt5"])


def suppressed(*counts, total=None) -> list:
    safe = publish_counts(counts, threshold=5, method="suppress_lt5", total=total)
    return [int(n) for n in safe.fillna(-1)]


def test_rounding_keeps_0_makes_1_to_7_five_and_others_the_nearest_5():
    assert [round_count(n, threshold=5) for n in (0, 1, 4, 7, 8, 12, 13, 17, 18)] == [
        0, 5, 5, 5, 10, 10, 15, 15, 20,
    ]  # fmt: skip


def test_a_higher_threshold_takes_the_place_of_5():
    assert [round_count(n, threshold=10) for n in (0, 1, 9, 14, 15, 24, 25)] == [
        0, 10, 10, 10, 20, 20, 30,
    ]  # fmt: skip


def test_a_lower_threshold_still_rounds_to_5():
    assert round_count(2, threshold=3) == 5


def test_expected_numbers_are_taken_to_the_nearest_whole():
    assert round_count(0.4, threshold=5) == 0
    assert round_count(0.5, threshold=5) == 5


def test_small_counts_are_missing_and_others_exact():
    assert suppressed(0, 1, 4, 5, 33) == [0, -1, -1, 5, 33]


def test_a_table_with_a_lone_missing_count_is_rounded_instead():
    # 33 in all: 33 - 10 - 20 would give the 3 away. Hiding the 10 too would not do: a table of a
    # part of those ten would bring them back.
    assert suppressed(3, 10, 20, total=33) == [5, 10, 20]


def test_a_table_whose_missing_counts_add_up_to_too_little_is_rounded_instead():
    # 1 + 1 = 2: each would be known to be 1. 1 + 3 could be 2 + 2, or 3 + 1.
    assert suppressed(1, 1, 12, 20, total=34) == [5, 5, 10, 20]
    assert suppressed(1, 3, 12, 20, total=36) == [-1, -1, 12, 20]
    assert suppressed(3, 4, 12, 20, total=39) == [-1, -1, 12, 20]


def test_a_rest_that_the_table_leaves_out_is_not_given_away_either():
    # 12 + 20 of 34 leaves 2.
    assert suppressed(12, 20, total=34) == [10, 20]
    assert suppressed(12, 20, total=38) == [12, 20]


def test_what_is_rounded_instead_is_known():
    for counts, total, instead in [
        ((3, 12, 20), 35, True),
        ((3, 4, 14), 21, False),
        ((3,), 3, False),
    ]:
        shown = publish_counts(counts, threshold=5, method="suppress_lt5", total=total)
        assert is_rounded_instead(counts, shown, "suppress_lt5") is instead
        assert not is_rounded_instead(counts, shown, "round5")


def test_a_count_of_enough_is_rounded_and_others_are_missing_like_none():
    shown = enough_or_missing([0, 1, 4, 5, 8, 4.5], threshold=5)

    assert shown.fillna(-1).tolist() == [-1, -1, -1, 5, 10, 5]
    assert enough_or_missing([9, 10], threshold=10).fillna(-1).tolist() == [-1, 10]


@pytest.mark.parametrize("method", ["round5", "suppress_lt5"])
def test_a_total_of_few_is_not_parted(method):
    shown = publish_counts([0, 19], threshold=5, method=method, total=19)

    assert shown.isna().all()
    assert publish_counts([0, 20], threshold=5, method=method, total=20).tolist() == [0, 20]


def test_rounded_counts_that_leave_only_one_way_are_missing():
    # Twenty-two fives in a total of twenty (18 to 22): each could only be 1.
    safe = publish_counts([1] * 22, threshold=5, method="round5", total=22)
    assert safe.isna().all()
    # Of 27, one more of them could be up to 6.
    assert publish_counts([1] * 21 + [6], threshold=5, method="round5", total=27).notna().all()


@given(counts=COUNTS, rest=st.integers(0, 8), method=METHOD, threshold=st.sampled_from([3, 5, 10]))
@settings(max_examples=200, deadline=None)
def test_no_published_count_is_small(counts, rest, method, threshold):
    total = sum(counts) + rest
    safe = publish_counts(counts, threshold=threshold, method=method, total=total).dropna()

    assert not ((safe >= 1) & (safe < threshold)).any()
    published_total = publish_total(total, threshold=threshold, method=method)
    assert published_total == 0 or published_total >= threshold


def readings(safe, rest, seen_total, method, *, rounded) -> np.ndarray:
    """Every table (and rest) that a reader could think of who sees `safe` and its total."""
    could_be = []
    for n in safe.array.tolist():
        if n is pd.NA:
            # Who knows the rules knows that a missing count is a small one.
            could_be.append(range(1, 5))
        elif not rounded:
            could_be.append([n])
        else:
            could_be.append([m for m in range(16) if round_count(m, threshold=5) == n])
    could_be.append(range(16) if rest else [0])
    tables = np.array(list(itertools.product(*could_be)))
    totals = [publish_total(t, threshold=5, method=method) for t in range(100)]
    return tables[np.array(totals)[tables.sum(axis=1)] == seen_total]


@given(
    counts=st.lists(st.integers(0, 9), min_size=1, max_size=3),
    rest=st.integers(0, 3),
    method=METHOD,
)
@settings(max_examples=600, deadline=None)
def test_no_reader_can_be_sure_of_a_small_number(counts, rest, method):
    total = sum(counts) + rest
    safe = publish_counts(counts, threshold=5, method=method, total=total)
    if safe.isna().all():
        return  # nothing but the total is published
    seen_total = publish_total(total, threshold=5, method=method)
    # Multiples of 5 could be either; who knows the rules knows which of the two is safe.
    rounded = method == "round5" or not (safe.dropna() % 5).any()
    tables = readings(safe, rest, seen_total, method, rounded=rounded)

    assert len(tables)
    least, most = tables.min(axis=0), tables.max(axis=0)
    assert not ((least == most) & (least >= 1) & (most <= 4)).any()


def test_totals_are_exact_only_where_counts_are():
    assert publish_total(1234, threshold=5, method="suppress_lt5") == 1234
    assert publish_total(1234, threshold=5, method="round5") == 1235
    assert publish_total(3, threshold=5, method="suppress_lt5") == 5
    assert publish_total(0, threshold=5, method="suppress_lt5") == 0


def test_a_share_is_a_whole_per_cent_of_rounded_counts():
    # 37 of 102: 35 of 100.
    assert share(37, 102, threshold=5) == 0.35
    # 2 of 30: the 2 is nearer to 0 than to 5.
    assert share(2, 30, threshold=5) == 0
    assert share(99, 99, threshold=5) == 1


@pytest.mark.parametrize("whole", [0, 4, 9])
def test_a_share_of_few_is_not_known(whole):
    assert share(0, whole, threshold=5) is None
    assert share(3, 14, threshold=15) is None


def test_no_counts_are_no_counts():
    assert publish_counts([], threshold=5, method="round5", total=0).empty
    assert str(publish_counts([1], threshold=5, method="round5").dtype) == "Int64"


def test_a_table_that_is_rounded_instead_does_not_tell_why():
    # 25 and 5 of 31: at most 27 and so at least 4. Only a small count is rounded instead, so 4.
    assert suppressed(27, 4, total=31) == [-1, -1]
    # 25, 25 and 5 of 58: the same.
    assert suppressed(27, 27, 4, total=58) == [-1, -1, -1]
    assert suppressed(26, 4, total=30) == [25, 5]


@pytest.mark.parametrize("method", ["round5", "suppress_lt5"])
@pytest.mark.parametrize(("cells", "most"), [(2, 34), pytest.param(3, 33, marks=pytest.mark.long)])
def test_whoever_tries_every_table_on_the_gate_finds_no_small_count(method, cells, most):
    # The strongest reader: runs the gate itself on every table, and keeps those that come out so.
    ways: dict[tuple, list[tuple[int, ...]]] = {}
    for counts in itertools.combinations_with_replacement(range(1, most), cells):
        shown = publish_counts(counts, threshold=5, method=method, total=sum(counts))
        order = np.argsort(shown.fillna(-1).to_numpy(), kind="stable")
        told = tuple(shown.fillna(-1).astype(int).to_numpy()[order].tolist())
        whole = publish_total(sum(counts), threshold=5, method=method)
        ways.setdefault((told, whole), []).append(tuple(np.array(counts)[order].tolist()))
    for (told, _), found in ways.items():
        tables = np.array(found)
        if tables.max() == most - 1 or told.count(-1) == cells:
            continue  # larger tables, which were not tried, look the same; or nothing is shown
        low, high = tables.min(axis=0), tables.max(axis=0)
        # Those shown alike may stand in any order.
        alike = np.array([told.count(each) > 1 for each in told])
        assert not ((low == high) & (low >= 1) & (low <= 4) & ~alike).any(), (told, found[:3])
