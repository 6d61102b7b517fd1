"""Which months count as delivered whole."""

from __future__ import annotations

import pandas as pd
import pytest

from hotspots.delivered_months import delivered_by_source, delivered_months


def records(*parts):
    """A provider's name and days, several to a day."""
    rows = [(name, day) for name, days in parts for day in days]
    table = pd.DataFrame(rows, columns=["provider", "when"])
    return table["provider"].astype("str"), pd.to_datetime(table["when"]).astype("datetime64[s]")


def days(first, last, *, each=2):
    return list(pd.date_range(first, last, freq="D")) * each


def batches(*rows):
    table = pd.DataFrame(rows, columns=["provider", "received_at", "period_from", "period_to"])
    times = {
        name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in table.columns[1:]
    }
    return table.assign(**times)


def told(table):
    return [(row.provider, f"{row.month:%Y-%m}") for row in table.itertuples()]


def test_months_with_records_and_a_delivery_after_their_end_are_whole():
    of_a = ("a", days("2025-01-01", "2025-02-28"))
    found = delivered_months(
        *records(of_a), batches(("a", "2025-03-04 09:00", "2025-01-01", "2025-02-28"))
    )

    assert told(found) == [("a", "2025-01"), ("a", "2025-02")]


def test_a_month_that_was_not_over_when_its_records_came_is_not_whole():
    of_a = ("a", days("2025-01-01", "2025-02-27"))
    found = delivered_months(
        *records(of_a), batches(("a", "2025-02-27 09:00", "2025-01-01", "2025-02-27"))
    )

    assert told(found) == [("a", "2025-01")]


def test_another_providers_delivery_counts_for_nobody_else():
    both = ("a", days("2025-01-01", "2025-01-31")), ("b", days("2025-01-01", "2025-01-31"))
    found = delivered_months(
        *records(*both), batches(("b", "2025-02-03 09:00", "2025-01-01", "2025-01-31"))
    )

    assert told(found) == [("b", "2025-01")]


@pytest.mark.parametrize(
    ("first", "last"), [("2025-01-16", "2025-01-31"), ("2025-01-01", "2025-01-15")]
)
def test_half_a_month_is_no_whole_one(first, last):
    # 32 and 30 records in 16 and 15 days: 30 and 32 more were to be expected in the rest.
    assert told(delivered_months(*records(("a", days(first, last))))) == []


def test_quiet_days_of_a_small_hospital_are_no_gap():
    # Nine in the month, the longest stretch empty 5 days: 9 / 26 * 5 = 1.7 expected; exp(-1.7) is
    # 0.18, and there are ten stretches.
    few = [f"2025-01-{day:02d}" for day in (2, 4, 4, 10, 12, 18, 24, 25, 30)]

    assert told(delivered_months(*records(("a", few)))) == [("a", "2025-01")]


def test_without_a_record_or_a_time_there_is_no_month():
    assert told(delivered_months(*records(("a", [None])))) == []
    assert told(delivered_months(*records())) == []


def test_crimes_known_by_their_end_alone_count():
    nobody = pd.DataFrame({"provider": [], "arrived_at": [], "assault_from": []})
    nobody = nobody.astype({"arrived_at": "datetime64[s]", "assault_from": "datetime64[s]"})
    provider, when = records(("p", days("2025-01-01", "2025-01-31")))
    missing = pd.Series(pd.NaT, index=when.index, dtype="datetime64[s]")
    crimes = pd.DataFrame({"provider": provider, "committed_from": missing, "committed_to": when})

    found = delivered_by_source(nobody, crimes)
    assert told(found.police) == [("p", "2025-01")]
    assert found.hospitals.empty


def test_the_order_of_the_records_is_nothing_to_it():
    provider, when = records(
        ("b", days("2025-01-01", "2025-02-28")), ("a", days("2025-02-01", "2025-03-10"))
    )
    turned = delivered_months(provider.iloc[::-1], when.iloc[::-1])

    assert told(turned) == told(delivered_months(provider, when))
    assert told(turned) == [("a", "2025-02"), ("b", "2025-01"), ("b", "2025-02")]
