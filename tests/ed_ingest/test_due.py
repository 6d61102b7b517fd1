"""Which period is due: worked by hand, over both clock changes, and against another library."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.due import When, due_period, month_before

AT_0130 = When("day", time(1, 30))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "moment", "expected"),
    [
        # 06:00 in winter is 06:00 UTC, in summer 05:00 UTC.
        (When("day", time(6)), "2026-01-10T05:59:59", "2026-01-09"),
        (When("day", time(6)), "2026-01-10T06:00:00", "2026-01-10"),
        (When("day", time(6)), "2026-07-10T04:59:59", "2026-07-09"),
        (When("day", time(6)), "2026-07-10T05:00:00", "2026-07-10"),
        # Half past midnight in summer is before midnight in UTC.
        (When("day", time(0, 30)), "2026-07-09T23:30:00", "2026-07-10"),
        # 29 March 2026: 01:30 does not exist; the clocks go from 01:00 to 02:00 at 01:00 UTC.
        (AT_0130, "2026-03-29T01:29:59", "2026-03-28"),
        (AT_0130, "2026-03-29T01:30:00", "2026-03-29"),
        # 25 October 2026: 01:30 comes at 00:30 UTC and again at 01:30 UTC.
        (AT_0130, "2026-10-25T00:29:59", "2026-10-24"),
        (AT_0130, "2026-10-25T00:30:00", "2026-10-25"),
        (AT_0130, "2026-10-25T01:30:00", "2026-10-25"),
        # 2026-01-01 is a Thursday, of ISO week 1; the Monday before is of 2025 by date only.
        (When("week", time(6), 1), "2026-01-01T12:00:00", "2026-W01"),
        (When("week", time(6), 5), "2026-01-01T12:00:00", "2025-W52"),
        (When("week", time(6), 7), "2026-01-04T06:00:00", "2026-W01"),
        (When("month", time(6), 15), "2026-03-15T05:59:00", "2026-02"),
        (When("month", time(6), 15), "2026-03-15T06:00:00", "2026-03"),
        (When("month", time(6), 15), "2026-01-03T06:00:00", "2025-12"),
        # February has no 31st: its last day stands for it.
        (When("month", time(6), 31), "2026-02-28T06:00:00", "2026-02"),
        (When("month", time(6), 31), "2026-03-30T12:00:00", "2026-02"),
    ],
)
def test_the_newest_period_whose_time_has_come(when, moment, expected):
    assert due_period(when, None, utc(moment)) == expected
    assert due_period(when, expected, utc(moment)) is None


def test_a_time_that_was_changed_within_its_period_is_not_done_twice():
    done = due_period(When("month", time(6), 8), None, utc("2026-03-10T00:00:00"))

    assert due_period(When("month", time(6), 20), done, utc("2026-03-21T00:00:00")) is None


def test_a_clock_that_was_put_back_does_nothing_twice():
    assert due_period(AT_0130, "2026-03-29", utc("2026-03-20T12:00:00")) is None


@pytest.mark.parametrize(("month", "before"), [("2026-01", "2025-12"), ("2026-03", "2026-02")])
def test_the_month_before(month, before):
    assert month_before(month) == before


WHENS = st.one_of(
    st.builds(When, st.just("day"), st.times().map(lambda t: t.replace(second=0, microsecond=0))),
    st.builds(When, st.just("week"), st.sampled_from([time(0), time(1, 30)]), st.integers(1, 7)),
    st.builds(When, st.just("month"), st.sampled_from([time(1), time(23, 59)]), st.integers(1, 31)),
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(WHENS, MOMENTS, st.timedeltas(timedelta(), timedelta(days=800)))
def test_what_is_due_never_goes_back_and_what_was_done_is_not_due(when, moment, later):
    first, then = due_period(when, None, moment), due_period(when, None, moment + later)

    assert first <= then
    assert due_period(when, first, moment) is None
    assert due_period(when, first, moment + later) == (None if then == first else then)


@given(WHENS, MOMENTS)
def test_something_is_due_at_least_once_in_its_longest_period(when, moment):
    longest = {"day": 1, "week": 7, "month": 31}[when.every]
    # The set time of the same date comes up to an hour later by UTC after the October change.
    after = moment + timedelta(days=longest, hours=1)

    assert due_period(when, due_period(when, None, moment), after) is not None


LONDON = tz.gettz("Europe/London")


def moment_of(day: date, at: time) -> datetime:
    """The moment of a local time as another library has it."""
    local = datetime.combine(day, at, tzinfo=LONDON)
    return tz.resolve_imaginary(local).astimezone(UTC)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.times())
def test_a_day_is_due_from_the_moment_that_another_library_gives(day, at):
    at = at.replace(second=0, microsecond=0)
    begins = moment_of(day, at)

    assert due_period(When("day", at), None, begins) == day.isoformat()
    assert due_period(When("day", at), None, begins - timedelta(seconds=1)) < day.isoformat()
