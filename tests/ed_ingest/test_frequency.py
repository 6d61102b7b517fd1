from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.frequency import periods_kept

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def deliveries(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Deliveries of marford as `received, first day, last day`."""
    columns = ["received_at", "period_from", "period_to"]
    table = pd.DataFrame([[pd.Timestamp(day) for day in row] for row in rows], columns=columns)
    return table.assign(provider="marford")


def kept(*rows, frequency="monthly", first=FIRST, last=LAST) -> pd.DataFrame:
    return periods_kept(
        deliveries(*rows), frequencies={"marford": frequency}, first=first, last=last, late_days=31
    )


JANUARY = ("2025-02-05", "2025-01-01", "2025-01-31")


def test_months_are_kept_late_or_missing():
    # February came 36 days after its end; nothing has come of March.
    found = kept(JANUARY, ("2025-04-05", "2025-02-01", "2025-02-28"), last=date(2025, 3, 31))

    assert found["state"].tolist() == ["kept", "late", "missing"]
    assert found["days_after"].tolist()[:2] == [5, 36]
    assert found["words"].tolist()[2] == "March 2025"
    assert pd.isna(found["received_on"].iloc[2])


@pytest.mark.parametrize(
    ("frequency", "n", "first_words"),
    [("weekly", 52, "the week from 30 December 2024"), ("monthly", 12, "January 2025"),
     ("fortnightly", 26, "the two weeks from 30 December 2024"),
     ("quarterly", 4, "January to March 2025")],
)  # fmt: skip
def test_periods_are_those_that_end_in_the_year(frequency, n, first_words):
    # 1 January 2025 is a Wednesday; its week ends on the 5th, and the 52nd on 28 December.
    found = kept(JANUARY, frequency=frequency)

    assert len(found) == n
    assert found["words"].iloc[0] == first_words


def test_a_week_may_come_a_week_after_it():
    week = ("2025-01-06", "2025-01-12")
    assert kept(("2025-01-19", *week), frequency="weekly")["state"].iloc[0] == "kept"
    assert kept(("2025-01-20", *week), frequency="weekly")["state"].iloc[0] == "late"


def test_one_delivery_a_quarter_does_not_keep_a_monthly_agreement():
    found = kept(("2025-04-08", "2025-01-01", "2025-03-31"), last=date(2025, 3, 31))

    assert found["state"].tolist() == ["late", "late", "kept"]


def test_a_hospital_that_joined_later_is_not_blamed_for_the_time_before():
    found = kept(("2025-11-05", "2025-10-01", "2025-10-31"))

    assert found["words"].tolist() == ["October 2025", "November 2025", "December 2025"]


def test_a_hospital_that_never_sent_has_every_period_missing():
    found = kept()

    assert found["state"].tolist() == ["missing"] * 12


def test_no_hospitals_have_no_periods():
    assert periods_kept(deliveries(), frequencies={}, first=FIRST, last=LAST, late_days=31).empty


@settings(max_examples=20)
@given(st.sets(st.integers(0, 11)), st.integers(0, 90))
def test_every_period_has_one_state_and_what_came_in_time_is_kept(months, delay):
    every = pd.period_range("2025-01", "2025-12", freq="M")
    rows = [
        (str(every[i].end_time.date() + pd.Timedelta(days=delay)), f"{every[i]}-01",
         str(every[i].end_time.date()))
        for i in sorted(months | {0})
    ]  # fmt: skip

    found = kept(*rows)

    came = "kept" if delay <= 31 else "late"
    assert found["state"].tolist() == [came if i in months | {0} else "missing" for i in range(12)]
