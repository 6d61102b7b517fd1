"""Words for months, quarters and years."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.periods import Period, find_periods, find_years, read_period

FY = Period(date(2025, 4, 1), date(2026, 3, 31))


def days(text: str, **options) -> tuple[str, str] | None:
    period = read_period(text, **options)
    return period and (period.first.isoformat(), period.last.isoformat())


@pytest.mark.parametrize(
    "text",
    [
        "2026-01", "2026-1", "01/2026", "1/2026", "2026/01", "202601", "2026, 1", "Jan 2026",
        "January 2026", "JANUARY 2026", "Jan-26", "Jan 26", "Jan '26", "Jan.2026", "2026 January",
        "2026, Jan", "Month: January 2026", "Ionawr 2026", "2026-01-01", "2026-01-01 00:00:00",
        "01/01/2026", "31/01/2026", "01/01/2026 - 31/01/2026", "1 January 2026 to 31 January 2026",
        "1st January 2026 – 31st January 2026", "2025/26, January", "January 2025/26",
        "M10 2025/26", "2025-26 Month 10", "Assaults Jan 2026",
    ],
)  # fmt: skip
def test_ways_of_writing_one_month(text):
    assert days(text) == ("2026-01-01", "2026-01-31")


@pytest.mark.parametrize(
    "text",
    [
        "Q1 2026", "2026 Q1", "2026-Q1", "Q1-2026", "Qtr 1 2026", "Quarter 1, 2026",
        "1st quarter 2026", "Jan-Mar 2026", "January to March 2026", "Jan – Mar 26",
        "Jan 2026 - Mar 2026", "Q4 2025/26", "2025/26 Q4", "Q4 FY2025-26", "2026 Jan-Mar",
        "Q4 2025/2026", "01/01/2026-31/03/2026", "Chwarter 1 2026", "Ionawr i Mawrth 2026",
        "Jan-Mar 2025/26",
    ],
)  # fmt: skip
def test_ways_of_writing_one_quarter(text):
    assert days(text) == ("2026-01-01", "2026-03-31")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Dec 2025-Feb 2026", "2025-12-01", "2026-02-28"),
        ("Dec-Feb 2026", "2025-12-01", "2026-02-28"),
        ("Oct-Dec 2025/26", "2025-10-01", "2025-12-31"),
        ("Q1 2025/26", "2025-04-01", "2025-06-30"),
        ("2025/26", "2025-04-01", "2026-03-31"),
        ("FY 2025-26", "2025-04-01", "2026-03-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("Feb 2024", "2024-02-01", "2024-02-29"),
        ("w/c 05/01/2026", "2026-01-05", "2026-01-11"),
        ("week ending 11/01/2026", "2026-01-05", "2026-01-11"),
        ("May 2026", "2026-05-01", "2026-05-31"),
    ],
)
def test_other_periods(text, first, last):
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "January", "Q1", "14/01/2026", "High Street 2026", "2025/27", "13/2026", "Jan-Mar", "May",
     "Mar 2026 - Jan 2026", "31/02/2026", "Knife", "20260114", "120"],
)  # fmt: skip
def test_what_is_no_period_or_lacks_its_year_is_not_guessed(text):
    assert read_period(text) is None


def test_a_month_without_year_takes_the_year_of_the_file():
    year = Period(date(2026, 1, 1), date(2026, 12, 31))

    assert days("January", year=year) == ("2026-01-01", "2026-01-31")
    assert days("January", year=FY) == ("2026-01-01", "2026-01-31")
    assert days("April", year=FY) == ("2025-04-01", "2025-04-30")
    assert days("Q4", year=FY) == ("2026-01-01", "2026-03-31")
    assert days("Jan-Mar", year=FY) == ("2026-01-01", "2026-03-31")


def test_titles_and_names_of_files_tell_their_period():
    january = Period(date(2026, 1, 1), date(2026, 1, 31))

    assert find_periods("Assault attendances by ward, January 2026 (provisional)") == [january]
    assert find_periods("assault_counts_2026-01") == [january]
    assert find_periods("Period: 01/01/2026 to 31/01/2026") == [january]
    assert set(find_periods("Jan-26 (January 2026)")) == {january}
    assert find_periods("Report produced 3 February 2026") == []
    assert find_periods("extract 2026-02-03") == []
    assert find_periods("extract 20260203") == []
    assert find_years("Assaults by month 2025/26") == [FY]
    assert find_years("Run in 2026") == []


@given(st.text(max_size=40))
def test_any_text_is_read_or_not_without_fault(text):
    period = read_period(text)

    assert period is None or period.first <= period.last


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m", "%b %Y", "%B %y"]))
def test_every_month_written_is_read_back(day, form):
    period = read_period(day.strftime(form))

    assert period is not None
    assert (period.first.day, period.first.month, period.first.year) == (1, day.month, day.year)
