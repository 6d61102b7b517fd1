from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.monthly import months_passed
from ed_ingest.overdue import overdue


def deliveries(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Deliveries as `received, first day, last day`."""
    columns = ["received_at", "period_from", "period_to"]
    return pd.DataFrame([[pd.Timestamp(day) for day in row] for row in rows], columns=columns)


MARCH = ("2025-04-03", "2025-03-01 02:10", "2025-03-31 23:50")


@pytest.mark.parametrize(
    ("today", "late"),
    # April ends on the 30th; 31 days later is 31 May: on that day it is not late yet.
    [(date(2025, 5, 31), []), (date(2025, 6, 1), ["April 2025"]),
     (date(2025, 7, 2), ["April 2025", "May 2025"])],
)  # fmt: skip
def test_a_month_is_late_when_its_days_of_grace_are_over(today, late):
    found = overdue(deliveries(MARCH), frequency="monthly", today=today, late_days=31)

    assert [period.words for period in found] == late


@pytest.mark.parametrize(
    ("frequency", "last_day_in_time", "words"),
    [
        # 1 March 2025 is a Saturday: the weeks are 24 February to 2 March … 31 March to 6 April.
        # The records end on Monday 31 March; the first week without any is from 7 April on, and
        # a week's delivery may come a week after it: until 20 April.
        ("weekly", date(2025, 4, 20), "the week from 7 April 2025"),
        # Fortnights from 24 February on: 24 March to 6 April has records, 7 to 20 April has none.
        ("fortnightly", date(2025, 5, 4), "the two weeks from 7 April 2025"),
        ("quarterly", date(2025, 7, 31), "April to June 2025"),
    ],
)
def test_other_frequencies_have_periods_of_their_own(frequency, last_day_in_time, words):
    came = deliveries(MARCH, ("2025-04-30", "2025-03-31", "2025-03-31"))

    def told(day):
        found = overdue(came, frequency=frequency, today=day, late_days=31)
        return [period.words for period in found]

    assert told(last_day_in_time) == []
    assert told(last_day_in_time + timedelta(days=1)) == [words]


def test_a_gap_is_told_though_later_months_came():
    june = ("2025-07-02", "2025-06-01", "2025-06-30")

    found = overdue(
        deliveries(MARCH, june), frequency="monthly", today=date(2025, 7, 20), late_days=31
    )

    assert [period.words for period in found] == ["April 2025", "May 2025"]


def test_without_any_dated_record_nothing_is_late():
    nothing = deliveries(("2025-04-03", "NaT", "NaT"))

    assert overdue(nothing, frequency="weekly", today=date(2026, 1, 1), late_days=31) == []


@settings(max_examples=25, deadline=None)
@given(
    months=st.sets(st.integers(0, 10), min_size=1),
    delay=st.integers(-20, 60),
    late_days=st.integers(1, 50),  # 30 November and 50 days: 19 January
)
def test_a_month_that_is_overdue_is_one_that_the_completeness_report_calls_late(
    months, delay, late_days
):
    # The referee: the report's own rule, over all months that are long over.
    every = pd.period_range("2025-01", "2025-11", freq="M")
    came = pd.DataFrame(
        {
            "provider": "a",
            "received_at": [
                every[i].end_time.normalize() + pd.Timedelta(days=delay) for i in months
            ],
            "period_from": [every[i].start_time.as_unit("s") for i in months],
            "period_to": [every[i].end_time.as_unit("s") for i in months],
        }
    )
    measures = pd.DataFrame(columns=["provider", "month", "item", "n", "present", "usable"])
    first = every[min(months) :]
    report = months_passed(
        measures, came, providers=["a"], months=[str(m) for m in first], late_days=late_days
    )
    never = set(report.loc[report["days_after_month"].isna(), "month"])

    found = overdue(came, frequency="monthly", today=date(2026, 1, 20), late_days=late_days)

    assert {f"{period.start:%Y-%m}" for period in found} - {"2025-12"} == never
