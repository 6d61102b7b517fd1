from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from ed_ingest.errors import AnalysisError
from hotspots.rank_stability import rank_stability


def records(*groups):
    """`(hot spot, incidents, records of each)` as members and incidents."""
    spots, incidents = [], []
    for spot, n, size in groups:
        for k in range(n):
            spots += [spot] * size
            incidents += [f"{spot}/{size}/{k}"] * size
    return pd.Series(spots, dtype="str"), pd.Series(incidents, dtype="str")


def share_top(*groups, ids, **arguments) -> list[float]:
    found = rank_stability(*records(*groups), ids=ids, **arguments)
    assert found["hotspot_id"].tolist() == list(ids)
    return found["share_top"].tolist()


def test_the_first_of_two_stays_first_as_often_as_a_binomial_number_exceeds_half():
    # 6 incidents against 3: of 9 drawn, Binomial(9, 2/3) at A. First where 5 or more are:
    # 1 - P(X <= 4) = 0.8552. (9 is odd: no ties.)
    found = share_top(("A", 6, 1), ("B", 3, 1), ids=["A", "B"], resamples=20_000)

    assert binom.sf(4, 9, 2 / 3) == pytest.approx(0.8552, abs=1e-4)
    assert found == [pytest.approx(0.8552, abs=0.01), 1.0]


def test_equal_hot_spots_are_first_in_half_of_the_resamples_each():
    found = share_top(("A", 4, 1), ("B", 4, 1), ids=["A", "B"], resamples=20_000)

    assert found[0] == pytest.approx(0.5, abs=0.01)


def test_patients_of_one_incident_come_and_go_together():
    # One fight of six outranks four incidents only where it is drawn: by Binomial(5, 1/5) fights F,
    # 6 F > 5 - F, so wherever F >= 1: 1 - 0.8^5 = 0.6723. Alone, six would be first far more often.
    together = share_top(("A", 1, 6), ("B", 4, 1), ids=["A", "B"], resamples=20_000)
    alone = share_top(("A", 6, 1), ("B", 4, 1), ids=["A", "B"], resamples=20_000)

    assert together[0] == pytest.approx(1 - 0.8**5, abs=0.01)
    assert alone[0] > 0.72


def test_an_incident_may_have_records_in_two_hot_spots():
    members = pd.Series(["A", "A", "B", "B"], dtype="str")
    incident = pd.Series([0, 1, 0, 2])
    # Drawn with it, both gain one: only the numbers of incidents 1 and 2 decide, or the lot.
    found = rank_stability(members, incident, ids=["A", "B"], resamples=20_000)

    assert found["share_top"][0] == pytest.approx(0.5, abs=0.01)


def test_records_outside_are_drawn_but_rank_nowhere():
    members, incident = records(("A", 3, 1), ("B", 2, 1))
    outside = pd.Series([None] * 50, dtype="str")
    found = rank_stability(
        pd.concat([members, outside], ignore_index=True),
        pd.concat([incident, pd.Series([f"o{k}" for k in range(50)])], ignore_index=True),
        ids=["A", "B"],
        resamples=20_000,
    )
    # Nearly two Poisson numbers of mean 3 and 2, ties by lot.
    rng = np.random.default_rng(1)
    a, b = rng.poisson(3, 200_000), rng.poisson(2, 200_000)
    expected = (a > b).mean() + (a == b).mean() / 2

    assert found["share_top"][0] == pytest.approx(expected, abs=0.02)


def test_a_clear_order_has_narrow_intervals_and_a_close_one_wide():
    found = rank_stability(
        *records(("A", 200, 1), ("B", 22, 1), ("C", 20, 1), ("D", 20, 1)), ids=list("ABCD")
    )

    assert found["rank_low"].tolist() == [1, 2, 2, 2]
    assert found["rank_high"].tolist() == [1, 4, 4, 4]
    assert found["share_top"].iloc[[0, 3]].tolist() == [1, 1]


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 5)), max_size=20), st.data())
def test_any_order_and_any_keys_give_the_same(rows, data):
    members = pd.Series([spot for spot, _ in rows], dtype="str")
    incident = pd.Series([key for _, key in rows], dtype="int64")
    order = data.draw(st.permutations(range(len(rows))))
    ids = ["A", "B", "C"]
    first = rank_stability(members, incident, ids=ids, resamples=100)
    other = rank_stability(
        members.iloc[order], "k" + (7 - incident.iloc[order]).astype("str"), ids=ids, resamples=100
    )

    pd.testing.assert_frame_equal(first, other)
    assert first["share_top"].iloc[-1] == 1
    assert (first["rank_low"] <= first["rank_high"]).all()


def test_a_record_without_an_incident_is_one_of_its_own():
    members, incident = records(("A", 6, 1), ("B", 3, 1))
    found = rank_stability(members, incident.where(incident.isna()), ids=["A", "B"])
    expected = rank_stability(members, incident, ids=["A", "B"])

    pd.testing.assert_frame_equal(found, expected)


def test_no_record_and_no_hot_spot():
    empty = pd.Series([], dtype="str")

    assert rank_stability(empty, empty, ids=[]).empty
    assert rank_stability(empty, empty, ids=["A", "B"])["share_top"].iloc[-1] == 1
    assert rank_stability(*records(("A", 1, 1)), ids=["A"]).iloc[0, 1:].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ids": ["A", "A"]}, "stands twice"),
        ({"ids": ["B"]}, "not among the ids"),
        ({"resamples": 99}, "at least 100 times"),
        ({"incident": pd.Series([1, 2], index=[5, 6])}, "on one index"),
    ],
)
def test_what_cannot_be_ranked_is_refused(changes, message):
    given = {
        "members": pd.Series(["A", None], dtype="str"),
        "incident": pd.Series([1, 2]),
        "ids": ["A"],
    } | changes
    with pytest.raises(AnalysisError, match=message):
        rank_stability(**given)
