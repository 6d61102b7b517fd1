"""Figures and times in words."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from hotspots.words import (
    BANDS,
    band_words,
    busiest,
    count_words,
    headline,
    heat_rows,
    interval_words,
    period_words,
    rounding_words,
    share_interval_words,
    share_words,
)
from tests.hotspots import builders


@pytest.mark.parametrize(
    ("n", "words"), [(1335, "1,335"), (0.0, "0"), (np.nan, "[c]"), (None, "[c]"), (pd.NA, "[c]")]
)
def test_counts(n, words):
    assert count_words(n) == words


def test_shares_and_intervals():
    assert share_words(0.594) == "59%"
    assert share_words(0.0) == "0%"
    assert share_words(None) == "not known"
    assert share_interval_words(0.594, 0.541, 0.632) == "59% (54–63%)"
    assert share_interval_words(0.594, None, 0.632) == "59%"
    assert interval_words(330.0, 1410.0) == "330–1,410"
    assert interval_words(np.nan, 410.0) == ""


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2025, 11, 1), date(2026, 10, 31), "Nov 2025 – Oct 2026"),
        (date(2026, 2, 1), date(2026, 2, 28), "Feb 2026"),
        (date(2025, 11, 2), date(2026, 10, 31), "2 Nov 2025 – 31 Oct 2026"),
        (date(2025, 11, 2), date(2025, 11, 2), "2 Nov 2025"),
    ],
)
def test_periods_name_days_only_where_months_are_not_whole(first, last, words):
    assert period_words(first, last) == words


@pytest.mark.parametrize(
    ("night", "band", "words"),
    [
        (5, 6, "Sat night, 00–03 (Sun)"),
        (6, 7, "Sun night, 03–06 (Mon)"),
        (5, 5, "Sat night, 21–00"),
        (3, 3, "Thu, 15–18"),
    ],
)
def test_early_hours_are_said_with_their_night_and_their_day(night, band, words):
    assert band_words(night, band) == words


def test_the_heat_table_has_each_night_and_band_and_the_darkest_shade_for_the_most():
    table = pd.DataFrame({"night": [5, 5, 6], "band": [6, 7, 0], "n": [60.0, 5.0, np.nan]})
    rows = heat_rows(table)

    assert [len(row["cells"]) for row in rows] == [len(BANDS)] * 7
    # 60 of 60: shade 6; 5 of 60: 6 / 12, so shade 1; not shown and not there: shade 0.
    assert rows[5]["cells"][6] == {"text": "60", "shade": 6}
    assert rows[5]["cells"][7] == {"text": "5", "shade": 1}
    assert rows[6]["cells"][0] == {"text": "[c]", "shade": 0}
    assert rows[0]["cells"][0] == {"text": "[c]", "shade": 0}


def test_a_heat_table_of_noughts_has_no_shade():
    rows = heat_rows(pd.DataFrame({"night": [0], "band": [0], "n": [0.0]}))

    assert rows[0]["cells"][0] == {"text": "0", "shade": 0}


def test_no_busiest_time_is_claimed_on_equal_figures():
    once = pd.DataFrame({"night": [4, 5], "band": [6, 6], "n": [60.0, 55.0]})
    tie = once.assign(n=60.0)
    none = once.assign(n=np.nan)

    assert busiest(once) == "Fri night, 00–03 (Sat)"
    assert busiest(tie) == ""
    assert busiest(none) == ""


def test_the_headline_says_where_when_and_what_police_do_not_have():
    assert headline(builders.publishable()) == (
        "Most assaults: 1 Castle Street (The Anchor); 2 Station Road (Rail Taproom); "
        "3 Quay Parade (Quay Bar). Busiest: Sat night, 21–00. "
        "No matching police record found for 59% of those checked."
    )


def test_the_headline_claims_nothing_where_nothing_is_known():
    empty = builders.publishable(
        hot_spots=builders.no_hot_spots(),
        night_bands=builders.night_bands().iloc[:0],
        share_not_found=None,
    )

    assert headline(empty) == ""


def test_the_treatment_of_small_numbers_is_said():
    assert rounding_words(builders.publishable()) == (
        "Counts are rounded to the nearest 5; 1 to 7 are shown as 5."
    )
    assert "under 10 are not shown" in rounding_words(
        builders.publishable(rounding="suppress_lt5", threshold=10)
    )
