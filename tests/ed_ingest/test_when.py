from datetime import date, datetime, time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.when import clock_change, night_of, read_moments, read_times
from tests.effort import few


def moment(cell, **options):
    return read_moments(pd.Series([cell], dtype="object"), **options).iloc[0]


def times(*texts):
    return pd.Series(pd.to_datetime(list(texts))).astype("datetime64[s]")


@pytest.mark.parametrize(
    "cell",
    [
        "03/01/2026", "3/1/26", "03.01.2026", "03-01-26", "3 1 2026", "2026-01-03", "2026/01/03",
        "3 Jan 26", "03-Jan-2026", "3rd January 2026", "January 3, 2026", "03JAN2026", "20260103",
        "03012026", "030126", "Sat 03/01/2026", "46025", 46025.0, 20260103.0, date(2026, 1, 3),
        pd.Timestamp("2026-01-03").to_pydatetime().date(),
    ],
)  # fmt: skip
def test_a_day_is_read_day_first_however_it_is_written(cell):
    found = moment(cell)

    assert found["day"] == pd.Timestamp("2026-01-03")
    assert found["kind"] == "none"
    assert found["understood"]


@pytest.mark.parametrize(
    ("cell", "day", "minute"),
    [
        ("03/01/2026 02:50", "2026-01-03", 170),
        ("2026-01-03T02:50:00.000", "2026-01-03", 170),
        ("202601030250", "2026-01-03", 170),
        ("20260103 0250", "2026-01-03", 170),
        ("02:50 03/01/2026", "2026-01-03", 170),
        ("03Jan2026:02:50:00", "2026-01-03", 170),
        ("Jan  3 2026  2:50AM", "2026-01-03", 170),
        ("2026-01-03, 02:50:00", "2026-01-03", 170),
        ("29/03/2026 ~18:50", "2026-03-29", 1130),
        ("46025.5", "2026-01-03", 720),
        (datetime(2026, 1, 3, 2, 50), "2026-01-03", 170),
        # British Summer Time is an hour ahead of UTC.
        ("2026-07-03T22:30:00Z", "2026-07-03", 1410),
        ("2026-07-03T23:30:00+00:00", "2026-07-04", 30),
        ("2026-01-03 02:50:00+0000", "2026-01-03", 170),
    ],
)
def test_day_and_time_in_one_cell(cell, day, minute):
    found = moment(cell)

    assert found["day"] == pd.Timestamp(day)
    assert (found["kind"], found["from_min"]) == ("minute", minute)


def test_words_beside_a_day_give_a_part_of_the_day():
    assert moment("21/03/2026 Evening")[["kind", "from_min", "to_min"]].tolist() == [
        "part_of_day", 1080, 1439,
    ]  # fmt: skip


def test_the_order_of_figures_is_the_file_s():
    assert moment("03/04/2026", date_order="mdy")["day"] == pd.Timestamp("2026-03-04")
    assert moment("26/04/03", date_order="ymd")["day"] == pd.Timestamp("2026-04-03")
    # An ISO date and a month's name mean the same in any file.
    assert moment("2026-04-03", date_order="mdy")["day"] == pd.Timestamp("2026-04-03")


@pytest.mark.parametrize(
    "cell", ["04/13/2026", "31/02/2026", "yesterday", "3 Jan 22:15", 17.5, True]
)
def test_what_is_no_day_is_not_guessed(cell):
    found = moment(cell)

    assert pd.isna(found["day"])
    assert not found["understood"]


@pytest.mark.parametrize(
    "cell",
    [None, "", "NK", "?", "01/01/1900", "1900-01-01 00:00:00", "11/11/1811", "11111811", "18111111",
     "31/12/9999", 0.0, date(1900, 1, 1), datetime(1899, 12, 31, 22, 15)],
)  # fmt: skip
def test_blanks_and_stand_in_dates_are_missing_and_understood(cell):
    found = moment(cell)

    assert pd.isna(found["day"])
    assert found["understood"]


def test_a_day_with_words_that_cannot_be_read_keeps_the_day():
    found = moment("03/01/2026 after ten")

    assert found["day"] == pd.Timestamp("2026-01-03")
    assert (found["kind"], found["understood"]) == ("unread", False)


def test_a_time_alone_is_no_day():
    assert not moment(time(3, 4))["understood"]


def test_figures_are_read_as_hours_and_minutes_when_the_column_writes_them_so():
    found = read_times(pd.Series(["0045", "45", "5", None]))

    assert found["from_min"].tolist() == [45, 45, 5, 0]
    assert found["kind"].tolist() == ["minute"] * 3 + ["none"]


@few(30)
@given(st.dates(date(2000, 1, 1), date(2068, 12, 31)))
def test_every_day_comes_back_from_its_usual_spellings(day):
    for form in ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%Y%m%d", "%d%m%Y", "%d %B %Y", "%d-%b-%y"):
        assert moment(day.strftime(form))["day"] == pd.Timestamp(day)


@pytest.mark.parametrize(
    "time", ["T24:00:00Z", "T10:61Z", "T10:00+99:00", " 23:59 -99:59", "T2500Z"]
)
def test_a_time_in_utc_that_cannot_be_keeps_the_day_and_is_not_understood(time):
    found = moment(f"2025-03-01{time}")

    assert found["day"] == pd.Timestamp("2025-03-01")
    assert (found["kind"], found["understood"]) == ("unread", False)


@pytest.mark.parametrize("cell", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00"])
def test_stand_in_dates_in_utc_are_missing_and_understood(cell):
    found = moment(cell)

    assert pd.isna(found["day"])
    assert found["understood"]


@given(st.floats() | st.integers(-(10**12), 10**12))
def test_any_number_is_read_or_refused_and_never_fails(number):
    kinds = {"minute", "midnight", "part_of_day", "none", "unread"}

    assert moment(number)["kind"] in kinds
    assert read_times(pd.Series([number], dtype="object"))["kind"].isin(kinds).all()


@few(30)
@given(
    st.from_regex(
        r"(0001|2025|2999|9999)-(01|12)-(01|30|31)[T ]\d\d:?\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)",
        fullmatch=True,
    )
)
def test_any_time_with_an_offset_is_read_or_refused_and_never_fails(text):
    assert moment(text)["kind"] in {"minute", "none", "unread"}


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_never_fails(text):
    assert moment(text)["kind"] in {"minute", "midnight", "part_of_day", "none", "unread"}


def test_the_clocks_of_london_show_an_hour_twice_in_october_and_none_in_march():
    # 2025: back on 26 October 02:00 to 01:00, forward on 30 March 01:00 to 02:00.
    found = clock_change(
        times(
            "2025-10-26 00:59", "2025-10-26 01:00", "2025-10-26 01:59", "2025-10-26 02:00",
            "2025-03-30 00:59", "2025-03-30 01:00", "2025-03-30 01:59", "2025-03-30 02:00", None,
        )
    )  # fmt: skip

    assert found.tolist() == [
        "none", "ambiguous", "ambiguous", "none",
        "none", "nonexistent", "nonexistent", "none", "none",
    ]  # fmt: skip


def test_the_night_turns_at_six():
    known = pd.Series([True] * 3)
    start = times("2026-02-01 02:00", "2026-02-01 05:59", "2026-02-01 06:00")

    nights = night_of(start, start, known_time=known)

    assert nights.dt.strftime("%a %d").tolist() == ["Sat 31", "Sat 31", "Sun 01"]


def test_without_a_time_the_night_is_told_only_if_all_of_the_interval_lies_in_it():
    start = times("2026-02-01 00:00", "2026-02-01 06:00", None)
    end = times("2026-02-01 23:59", "2026-02-02 05:59", None)

    nights = night_of(start, end, known_time=pd.Series([False] * 3))

    assert nights.isna().tolist() == [True, False, True]


def test_day_numbers_of_a_workbook_that_counts_from_1904_are_1462_days_later():
    # 3 January 2026 is day 46025 counted from 1900, and 46025 - 1462 = 44563 counted from 1904.
    cells = pd.Series([44563.5, "03/01/2026", datetime(2026, 1, 3)], dtype="object")
    cells.attrs["epoch_1904"] = 1

    found = read_moments(cells)

    assert found["day"].tolist() == [pd.Timestamp(2026, 1, 3)] * 3
    assert found["from_min"].tolist()[0] == 720


def test_many_texts_are_read_as_single_ones_are():
    days = ["31/02/2026", "28/02/2026", "01/01/1900", "2026-03-29", "2026-13-01", "11/12/2026"]
    clocks = ["00:00", "24:00", "25:00", "01:30:59", "10:99", "23:59"]
    plain = [f"{day} {clock}" for day in days for clock in clocks]
    odd = ["evening", None, " 28/02/2026 01:30", "28/02/2026 01:30 Z", "28/02/26 0130", "NK"]
    filler = [
        f"{d:02d}/01/2026 {h:02d}:{m:02d}" for d in range(1, 9) for h in range(9) for m in range(20)
    ]
    cells = pd.Series([*plain, *odd, *filler], dtype="str").sample(frac=1, random_state=1)

    for order in ("dmy", "mdy", "ymd"):
        together = read_moments(cells, date_order=order)
        singly = pd.concat([read_moments(cells[[i]], date_order=order) for i in cells.index[:400]])

        pd.testing.assert_frame_equal(together.head(400), singly)
        assert together["understood"].sum() > 400
