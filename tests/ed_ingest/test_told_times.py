"""Times in words, times told from the arrival, and midnights that are none."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.midnights import midnight_stands_for_missing
from ed_ingest.relative_times import told_from_arrival
from ed_ingest.spelt_times import spelt_times

SATURDAY = "2026-02-14 10:10"


def told(text: str, arrived: str = SATURDAY) -> tuple[str, str, bool] | None:
    row = told_from_arrival(pd.Series([text]), pd.Series([pd.Timestamp(arrived)])).iloc[0]
    if pd.isna(row["start"]):
        return None
    return f"{row['start']:%d %H:%M}", f"{row['end']:%d %H:%M}", bool(row["whole_day"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("last night", ("13 18:00", "14 06:00", False)),
        ("neithiwr", ("13 18:00", "14 06:00", False)),
        ("yesterday", ("13 00:00", "13 23:59", True)),
        ("yesterday afternoon", ("13 12:00", "13 17:59", False)),
        ("this morning", ("14 06:00", "14 10:10", False)),
        ("2 hours ago", ("14 07:40", "14 08:40", False)),
        ("about an hour ago", ("14 08:40", "14 09:40", False)),
        ("3 days ago", ("11 00:00", "11 23:59", True)),
        ("Friday night", ("13 18:00", "14 05:59", False)),
        # The Saturday night before: this one has not come yet.
        ("Saturday night", ("07 18:00", "08 05:59", False)),
    ],
)
def test_words_are_told_from_the_arrival(words, expected):
    assert told(words) == expected


def test_before_six_in_the_morning_it_is_still_last_night():
    assert told("last night", "2026-02-14 02:00") == ("13 18:00", "14 02:00", False)


@pytest.mark.parametrize("words", ["22:15", "evening", "NK", "", "Saturday 14 Feb", "0 hours ago?"])
def test_other_words_tell_nothing_from_the_arrival(words):
    assert told(words) is None or told(words)[0] <= "14 10:10"


def test_without_an_arrival_nothing_is_told():
    found = told_from_arrival(pd.Series(["last night"]), pd.Series([pd.NaT]))

    assert found["start"].isna().all()


@given(st.text(max_size=40))
def test_what_is_told_never_ends_after_the_arrival(text):
    found = told(text)

    assert found is None or found[1] <= "14 10:10" or found[1] > "27"


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("half past one", "1:30"),
        ("quarter to two am", "1:45 am"),
        ("ten past 3", "3:10"),
        ("twenty-five to 11", "10:35"),
        ("nine o'clock", "9:00"),
        ("quarter to one", "12:45"),
        ("half nine", "half nine"),
    ],
)
def test_times_in_words_become_figures(words, figures):
    assert spelt_times(words) == figures


def clock(*minutes: int) -> pd.DataFrame:
    return pd.DataFrame({"kind": "minute", "from_min": [float(m) for m in minutes]})


def test_many_midnights_among_other_minutes_stand_for_missing():
    assert midnight_stands_for_missing(clock(0, 0, 0, 0, 75, 130, 1300))


def test_midnights_among_as_many_other_full_hours_are_times():
    full_hours = [0] * 4 + [60] * 4 + [120] * 4 + [1320] * 3 + [1380] * 4
    assert not midnight_stands_for_missing(clock(*full_hours))


def test_two_midnights_prove_nothing_and_none_do_neither():
    assert not midnight_stands_for_missing(clock(0, 0, 75))
    assert not midnight_stands_for_missing(clock())
