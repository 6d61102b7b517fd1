import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.candidates import candidate_pairs
from tests.ed_ingest.contract_rows import (
    EAST,
    NORTH,
    assault_at,
    assaults,
    crime_at,
    crimes,
    later,
)


def found(ours: pd.DataFrame, theirs: pd.DataFrame) -> list[tuple[int, int]]:
    pairs = candidate_pairs(ours, theirs)
    return list(zip(pairs["assault"], pairs["crime"], strict=True))


def test_distance_and_gap_are_measured_between_the_records():
    # 3-4-5 triangle of 30 and 40 m; the crime ends 25 minutes before the assault.
    theirs = crimes(
        crime_at(later(-40), committed_to=later(-25), easting=EAST + 30, northing=NORTH + 40)
    )

    pair = candidate_pairs(assaults({}), theirs).iloc[0]

    assert (pair["distance_m"], pair["gap_min"]) == (50.0, 25.0)


def test_intervals_that_overlap_have_no_gap():
    ours = assaults(
        {"assault_from": later(-60), "assault_to": later(60), "time_precision": "part_of_day"}
    )

    assert candidate_pairs(ours, crimes({}))["gap_min"].item() == 0


def test_pairs_further_than_three_uncertainties_or_two_hours_are_not_compared():
    # Uncertainty 60 m: the window is its least, 200 m.
    theirs = crimes(
        crime_at(later(120), easting=EAST + 199),
        crime_at(later(0), easting=EAST + 201),
        crime_at(later(121)),
    )

    assert found(assaults({}), theirs) == [(0, 0)]


def test_a_time_after_midnight_may_carry_the_date_of_the_evening_before():
    early = pd.Timestamp("2026-03-14 01:30")

    assert found(assaults(assault_at(early)), crimes(crime_at(early + pd.Timedelta(days=1)))) == [
        (0, 0)
    ]
    noon = pd.Timestamp("2026-03-14 12:00")
    assert found(assaults(assault_at(noon)), crimes(crime_at(noon + pd.Timedelta(days=1)))) == []


def test_no_rows_have_no_pairs():
    assert candidate_pairs(assaults({}).iloc[:0], crimes({})).empty
    assert candidate_pairs(assaults({}), crimes({}).iloc[:0]).empty


def test_each_assault_is_compared_with_at_most_a_hundred_crimes_of_like_length():
    assert len(candidate_pairs(assaults({}), crimes(n=150))) == 100


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-900, 900), st.integers(-900, 900), st.integers(-3000, 3000),
            st.sampled_from([0, 45, 300, 1439]),
        ),
        min_size=1, max_size=12,
    ),
    st.sampled_from([20.0, 90.0, 400.0]),
)  # fmt: skip
def test_the_search_finds_what_checking_every_pair_finds(places, uncertainty):
    noon = pd.Timestamp("2026-03-14 12:00")
    ours = assaults(assault_at(noon, location_uncertainty_m=uncertainty))
    theirs = crimes(
        *(
            {
                "easting": EAST + x, "northing": NORTH + y,
                "committed_from": noon + pd.Timedelta(minutes=t),
                "committed_to": noon + pd.Timedelta(minutes=t + length),
            }
            for x, y, t, length in places
        )
    )  # fmt: skip
    reach = np.clip(3 * max(uncertainty, 25), 200, 1000)
    wanted = [
        (0, number)
        for number, (x, y, t, length) in enumerate(places)
        if np.hypot(x, y) <= reach and max(t, -(t + length), 0) <= 120
    ]

    assert found(ours, theirs) == wanted
