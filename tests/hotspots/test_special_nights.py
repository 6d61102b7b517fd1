from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ed_ingest.errors import AnalysisError
from hotspots.special_nights import calendar_of_nights, compare_nights

EVENTS = pd.DataFrame({"first_night": ["2025-05-10"], "last_night": ["2025-05-11"], "name": "Fair"})


def calendar(first, last, **given):
    table = calendar_of_nights(
        date.fromisoformat(first), date.fromisoformat(last), **{"country": "Wales", **given}
    )
    return table.set_index("night_of")


def test_bank_holidays_and_their_eves():
    # gov.uk: Early May bank holiday, Monday 5 May 2025; New Year's Day 2026 is a Thursday.
    may, year = calendar("2025-05-03", "2025-05-06"), calendar("2025-12-30", "2026-01-01")

    assert list(may["kind"]) == ["ordinary", "eve", "bank_holiday", "ordinary"]
    assert list(year["kind"]) == ["ordinary", "eve", "bank_holiday"]


def test_the_last_day_of_the_year_is_an_eve_though_the_holiday_lies_in_the_next_year():
    assert calendar("2025-12-31", "2025-12-31")["eve"].all()


def test_countries_differ():
    # St Andrew's Day 2026 is kept in Scotland alone; the summer holiday differs too.
    scotland = calendar("2026-11-30", "2026-11-30", country="Scotland")
    wales = calendar("2026-11-30", "2026-11-30")

    assert (scotland["bank_holiday"].all(), wales["bank_holiday"].any()) == (True, False)
    with pytest.raises(AnalysisError, match="Wales"):
        calendar("2026-01-01", "2026-01-01", country="Narnia")


def test_events_cover_their_nights():
    table = calendar("2025-05-09", "2025-05-12", events=EVENTS)

    assert table["event"].fillna("").tolist() == ["", "Fair", "Fair", ""]
    with pytest.raises(AnalysisError, match="ends before it begins"):
        calendar("2025-05-09", "2025-05-12", events=EVENTS.assign(last_night="2025-05-01"))


def test_a_kind_is_compared_with_ordinary_nights_of_the_same_weekday():
    # May 2025. Eves are the Sundays 4 and 25; the ordinary Sundays 18 hold 2 (11 is the fair's).
    table = calendar_of_nights(date(2025, 5, 1), date(2025, 5, 31), country="Wales", events=EVENTS)
    nights = pd.Series(pd.to_datetime(["2025-05-04"] * 5 + ["2025-05-25"] * 3 + ["2025-05-18"] * 2))
    found = compare_nights(nights, table).set_index("kind")

    assert found.loc["eve", ["n", "n_nights", "expected", "ratio"]].tolist() == [8, 2, 4, 2]
    # Exact interval of 8: 3.4538 to 15.7632.
    assert found.loc["eve", "ratio_low"] == pytest.approx(3.4538 / 4, abs=1e-4)
    assert found.loc["eve", "ratio_high"] == pytest.approx(15.7632 / 4, abs=1e-4)
    assert found.loc["event", "name"] == "Fair"
    assert np.isnan(found.loc["bank_holiday", "ratio"])


def test_a_period_without_any_such_night_has_no_row():
    table = calendar_of_nights(date(2025, 6, 2), date(2025, 6, 8), country="England")

    assert compare_nights(pd.Series([], dtype="M8[s]"), table).empty


def test_a_period_that_reaches_into_the_next_year_has_the_holidays_of_both():
    # gov.uk: Christmas 2027 falls on the weekend, kept on Monday 27 and Tuesday 28 December too;
    # New Year's Day 2028 is a Saturday, kept on Monday 3 January too.
    year = calendar("2027-12-23", "2028-01-04")["kind"]

    assert list(year) == [
        *("ordinary", "eve", *["bank_holiday"] * 4, "ordinary", "ordinary"),
        *("eve", "bank_holiday", "eve", "bank_holiday", "ordinary"),
    ]


def test_fourteen_months_have_both_new_years_days():
    nights = calendar("2024-12-31", "2026-01-01")["kind"]

    assert nights[["2024-12-31", "2025-12-31"]].tolist() == ["eve", "eve"]
    assert nights[["2025-01-01", "2026-01-01"]].tolist() == ["bank_holiday"] * 2
    assert nights.value_counts()["bank_holiday"] == 9  # Wales: eight in 2025, and the last night


def test_the_next_years_holiday_is_compared_with_ordinary_nights_of_its_weekday():
    # New Year's Day 2026 is a Thursday; the Thursdays 4, 11 and 18 December hold 1, 2 and 3; the
    # 25th is a holiday itself.
    table = calendar_of_nights(date(2025, 12, 1), date(2026, 1, 1), country="England")
    days = ["2025-12-04", *["2025-12-11"] * 2, *["2025-12-18"] * 3, *["2026-01-01"] * 6]
    found = compare_nights(pd.Series(pd.to_datetime(days)), table).set_index("kind")

    # The 25th and the 1st by Thursdays' 2 each; the 26th by Fridays, which hold none.
    assert found.loc["bank_holiday", ["n", "n_nights", "expected"]].tolist() == [6, 3, 4]
