from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.kept_since import held_back_as_old, kept_since


@pytest.mark.parametrize(
    ("today", "months", "since"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 1)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
        (date(2026, 3, 1), 24, date(2024, 3, 1)),
        (date(2026, 3, 1), None, None),
    ],
)
def test_records_are_kept_by_whole_months(today, months, since):
    assert kept_since(today, months) == since


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 240))
def test_at_least_so_many_months_are_always_kept(today, months):
    since = pd.Timestamp(kept_since(today, months))

    assert since.day == 1
    assert since + pd.DateOffset(months=months) <= pd.Timestamp(today)
    assert since + pd.DateOffset(months=months + 1) > pd.Timestamp(today)


def test_only_what_is_known_to_be_older_is_held_back():
    moments = pd.Series(
        pd.to_datetime(["2025-01-31 23:59", "2025-02-01 00:00", None]), index=[2, 3, 4]
    )

    old = held_back_as_old(moments, date(2025, 2, 1), column="arrived_at")

    assert old["row"].tolist() == [2]
    assert held_back_as_old(moments, None, column="arrived_at").empty
