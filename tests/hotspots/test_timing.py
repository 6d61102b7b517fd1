from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.clock_changes import passed_minutes
from hotspots.timing import (
    evening_of,
    hour_known,
    night_band_table,
    night_time_economy,
    spread_over_bands,
    whole_months,
)
from tests.ed_ingest import contract_rows

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
MINUTE = st.integers(0, 2_000_000)


def times(*texts) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)).astype("datetime64[s]"))


def table(*intervals: tuple[str, str]) -> pd.DataFrame:
    starts, ends = (times(*ends) for ends in zip(*intervals, strict=True))
    counts = night_band_table(spread_over_bands(starts, ends))
    return counts[counts["n"] > 0].set_index(["night", "band"])["n"]


def test_two_in_the_morning_belongs_to_the_night_before():
    nights = evening_of(times("2026-03-15 02:00", "2026-03-15 06:00", "2026-03-15 05:59", None))

    assert list(nights[:3].dt.day) == [14, 15, 14]
    assert nights.isna()[3]


def test_a_record_known_to_the_minute_lies_in_one_band():
    # 14 March 2026 is a Saturday; 02:00 on Sunday is band 00–03 of Saturday's night.
    assert table(("2026-03-15 02:00", "2026-03-15 02:00")).to_dict() == {(SATURDAY, 6): 1.0}


def test_an_interval_is_spread_over_its_minutes():
    # 18:00–23:59 is 360 minutes: half in 18–21, half in 21–00.
    counts = table(("2026-03-14 18:00", "2026-03-14 23:59"))
    assert counts.to_dict() == {(SATURDAY, 4): 0.5, (SATURDAY, 5): 0.5}


def test_an_interval_over_six_in_the_morning_belongs_to_both_nights():
    # 05:00–06:59 on Saturday: an hour of Friday's night and an hour of Saturday.
    counts = table(("2026-03-14 05:00", "2026-03-14 06:59"))
    assert counts.to_dict() == {(FRIDAY, 7): 0.5, (SATURDAY, 0): 0.5}


def test_the_repeated_october_hour_and_the_skipped_march_hour_count_once_as_written():
    october = table(("2025-10-26 01:30", "2025-10-26 01:30"))
    march = table(("2026-03-29 01:30", "2026-03-29 01:30"))

    assert october.to_dict() == march.to_dict() == {(SATURDAY, 6): 1.0}


@given(intervals=st.lists(st.tuples(MINUTE, st.integers(0, 1439)), max_size=30))
@settings(max_examples=60, deadline=None)
def test_weights_add_up_to_the_number_of_records(intervals):
    start = pd.Timestamp("2025-01-01")
    starts = pd.Series([start + pd.Timedelta(minutes=m) for m, _ in intervals], dtype="M8[s]")
    ends = starts + pd.Series([pd.Timedelta(minutes=n) for _, n in intervals], dtype="m8[s]")
    spread = spread_over_bands(starts, ends)
    counts = night_band_table(spread)

    assert len(counts) == 56
    assert counts["n"].sum() == pytest.approx(len(intervals))
    assert spread.groupby("record")["weight"].sum().to_numpy() == pytest.approx(1)


@given(minute=MINUTE, length=st.integers(0, 1439), start=st.integers(0, 23), end=st.integers(0, 23))
@settings(max_examples=60, deadline=None)
def test_the_night_time_share_equals_counting_minutes(minute, length, start, end):
    first = pd.Timestamp("2025-01-01") + pd.Timedelta(minutes=minute)
    last = first + pd.Timedelta(minutes=length)
    hours = pd.date_range(first, last, freq="min").hour
    window = (end - start) % 24 or 24
    wanted = ((hours - start) % 24 < window).mean()
    share = night_time_economy(times(first), times(last), start_hour=start, end_hour=end)

    assert share.iloc[0] == pytest.approx(wanted)


def test_records_without_an_hour_are_in_no_band():
    rows = contract_rows.assaults(
        {},
        {"time_precision": "part_of_day"},
        {"time_precision": "date"},
        {"time_precision": "arrival"},
        {"time_precision": "missing", "assault_from": None, "assault_to": None},
        {"assault_to": contract_rows.later(-60)},
        {"time_precision": "part_of_day", "assault_to": contract_rows.later(1440)},
    )

    assert list(hour_known(rows)) == [True, True, False, False, False, False, False]


def test_no_record_is_an_empty_table():
    nothing = times()

    assert night_band_table(spread_over_bands(nothing, nothing))["n"].sum() == 0
    assert len(night_time_economy(nothing, nothing, start_hour=18, end_hour=6)) == 0


def test_a_period_is_whole_months():
    assert whole_months(date(2026, 2, 11), 12) == (date(2025, 3, 1), date(2026, 2, 28))
    assert whole_months(date(2026, 2, 11), 1) == (date(2026, 2, 1), date(2026, 2, 28))


def test_an_interval_over_a_clock_change_is_spread_over_the_minutes_that_passed():
    # 00:00–02:59 before the change of 26 October 2025 is four hours long, two of them from 01:00;
    # on 30 March 2025 it is two hours long, and there is none from 01:00.
    october, march = (
        spread_over_bands(times(f"{day} 00:00"), times(f"{day} 02:59"), band_min=60).set_index(
            "band"
        )["weight"]
        for day in ("2025-10-26", "2025-03-30")
    )

    assert october.to_dict() == {18: 0.25, 19: 0.5, 20: 0.25}
    assert march.to_dict() == {18: 0.5, 19: 0.0, 20: 0.5}


@pytest.mark.parametrize("year", [2019, 2024, 2025, 2026, 2031])
def test_the_changes_are_those_of_the_time_zone_database(year):
    zone = ZoneInfo("Europe/London")
    walls = pd.date_range(f"{year}-01-01 00:30", f"{year}-12-31 23:30", freq="h")
    utc = np.array([t.to_pydatetime().replace(tzinfo=zone).timestamp() for t in walls])
    first = np.datetime64("1970-01-01T06:00")
    passed = passed_minutes((walls.to_numpy() - first).astype("m8[m]").astype(np.int64))
    # Half past one is in the midst of the changed hour, where clock and count differ by design.
    midst = walls.hour == 1

    assert np.array_equal((passed - passed[0])[~midst], ((utc - utc[0]) // 60)[~midst])


def test_hours_add_up_to_bands():
    starts = times("2025-10-26 00:10", "2025-03-30 00:40", "2026-03-14 17:05")
    ends = times("2025-10-26 04:20", "2025-03-30 03:15", "2026-03-14 23:59")
    hours = night_band_table(spread_over_bands(starts, ends, band_min=60), bands=24)
    bands = night_band_table(spread_over_bands(starts, ends))

    assert hours["n"].sum() == pytest.approx(3)
    assert hours["n"].to_numpy().reshape(-1, 3).sum(axis=1) == pytest.approx(bands["n"].to_numpy())
