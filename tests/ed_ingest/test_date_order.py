"""The order of a date's figures, judged from the whole file."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.date_order import judge_date_order
from tests.effort import few

MARCH = pd.date_range("2026-03-01", periods=31, freq="D")


def text(form: str, days=MARCH) -> pd.Series:
    return pd.Series([day.strftime(form) for day in days], dtype="str")


@pytest.mark.parametrize(
    ("form", "order"),
    [("%d/%m/%Y", "dmy"), ("%m/%d/%Y", "mdy"), ("%m-%d-%y", "mdy"), ("%Y-%m-%d", "dmy")],
)
def test_a_13th_month_tells_the_order(form, order):
    # ISO dates are read in any order, so that the usual one stays.
    assert judge_date_order([text(form)]) == order


def test_without_a_13th_month_dates_strewn_over_the_year_tell_it():
    # 1 to 12 March written month first: day-first they lie in twelve months, month-first in one.
    assert judge_date_order([text("%m/%d/%Y", MARCH[:12])]) == "mdy"


def test_a_few_dates_that_fit_both_orders_are_day_first():
    assert judge_date_order([pd.Series(["02/03/2026", "03/03/2026"])]) == "dmy"


def test_no_dates_are_day_first():
    assert judge_date_order([]) == "dmy"
    assert judge_date_order([pd.Series(["evening", None], dtype="object")]) == "dmy"


@few(30)
@given(st.lists(st.dates(date(2020, 1, 1), date(2029, 12, 28)), min_size=1, max_size=30))
def test_dates_with_a_day_beyond_12_keep_their_order_whatever_else_is_there(days):
    cells = pd.Series([f"{d:%d/%m/%Y}" for d in days] + ["28/01/2026"] * 3, dtype="str")

    assert judge_date_order([cells]) == "dmy"


@pytest.mark.parametrize("form", ["%d/%m/%y", "%d/%m/%Y"])
@pytest.mark.parametrize("slip", ["31/02/26", "31/02/2026", "00/03/26"])
def test_a_day_that_no_month_has_is_a_slip_and_no_evidence(form, slip):
    arrived, assaulted = text("%d/%m/%y"), text(form)
    arrived.iloc[7], assaulted.iloc[7] = "31/02/26", slip

    assert judge_date_order([arrived, assaulted]) == "dmy"


@pytest.mark.parametrize(
    ("form", "order", "slip"),
    [
        ("%y/%m/%d", "ymd", "26/02/31"),
        ("%m/%d/%y", "mdy", "02/31/26"),
        ("%y-%m-%d", "ymd", "26-13-01"),
    ],
)
def test_a_slip_hides_no_other_order(form, order, slip):
    cells = text(form)
    cells.iloc[7] = slip

    assert judge_date_order([cells]) == order


@few(30)
@given(st.integers(0, 30), st.integers(0, 364), st.sampled_from(["%d/%m/%y", "%d.%m.%Y"]))
def test_one_slip_in_a_month_of_any_year_changes_nothing(at, first, form):
    days = pd.date_range(pd.Timestamp("2025-01-01") + pd.Timedelta(days=first), periods=31)
    cells = text(form, days)
    cells.iloc[at] = f"{pd.Timestamp('2025-01-01'):31{form[2]}02{form[5:]}}"

    assert judge_date_order([cells]) == "dmy"
