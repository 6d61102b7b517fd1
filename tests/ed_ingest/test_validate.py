from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.normalise import normalise_attendances
from ed_ingest.schema import load_spec
from ed_ingest.tables import ISSUE_COLUMNS, Mapped
from ed_ingest.validate import validate
from tests.effort import few

SPEC = load_spec("ed_assault")
RECEIVED = date(2026, 2, 10)
ROW = {
    "arrived_at": "03/01/2026 02:50",
    "assault_at": "03/01/2026 01:00",
    "assault_method": "Fist",
    "location_type": "Pub",
}


def checked(*rows, **flags):
    table = pd.DataFrame([{**ROW, **row} for row in rows], dtype="object")
    table.index = pd.RangeIndex(2, len(table) + 2, name="row")
    table["_repeat"] = flags.get("repeat", table.duplicated())
    table["_misplaced"] = flags.get("misplaced", False)
    return validate(normalise_attendances(Mapped(table)), SPEC, received_on=RECEIVED)


def rules(result):
    return list(
        zip(result.issues["column"], result.issues["rule"], result.issues["fate"], strict=True)
    )


def test_a_sound_row_is_stored_without_issue():
    result = checked({})

    assert result.attendances.index.tolist() == [2]
    assert result.issues.empty
    assert tuple(result.issues.columns) == ISSUE_COLUMNS
    assert not [c for c in result.attendances if c.startswith("_") or c == "is_assault"]


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({"arrived_at": None, "assault_at": None}, "arrived_at", "a date of arrival or assault"),
        ({"arrived_at": "31/02/2026", "assault_at": "NK"}, "arrived_at",
         "a date of arrival or assault"),
        ({"arrived_at": "14/03/2062 02:15", "assault_at": "13/03/2062 23:30"}, "arrived_at",
         "not after the day of delivery"),
        ({"arrived_at": "11/02/2026 00:00", "assault_at": None}, "arrived_at",
         "not after the day of delivery"),
        ({"arrived_at": None, "assault_at": "11/02/2026 01:00"}, "arrived_at",
         "not after the day of delivery"),
        ({"arrived_at": "03/01/1999 02:50", "assault_at": None}, "arrived_at",
         "not before the year 2000"),
        ({"assault_at": "01/01/1970 00:00"}, "arrived_at", "not before the year 2000"),
        # 24 hours and one minute after arrival.
        ({"assault_at": "04/01/2026 02:51"}, "assault_from", "assault before arrival"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_placed_in_time_are_held_back(cells, column, rule):
    result = checked(cells, {})

    assert result.held_back.index.tolist() == [2]
    assert result.attendances.index.tolist() == [3]
    assert (column, rule, "held_back") in rules(result)


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        # The date of the evening after was given: 23:30 instead of 23:30 the day before.
        ({"assault_at": "03/01/2026 23:30"}, "assault_from", "assault before arrival"),
        ({"assault_at": "03/01/2025 01:00"}, "assault_from",
         "assault within 90 days before arrival"),
        ({"arrived_at": "03/01/2026"}, "arrived_at", "arrival with its time"),
        ({"arrived_at": "30/03/2025 03:00", "assault_at": "30/03/2025 01:30"}, "assault_from",
         "a time that the clocks showed"),
        ({"latitude": "-3.18", "longitude": "51.48"}, "easting", "coordinates in Great Britain"),
        ({"lsoa": "CF10 1AA"}, "lsoa", "the code of a small area"),
        ({"arrived_at": "03.01"}, "arrived_at", "a date or time that can be read"),
        ({"assault_at": "03/01/2026 later"}, "assault_from", "a date or time that can be read"),
        ({"assault_method": "zzgl"}, "assault_method", "words that are known"),
        ({"relationship": "zzgl"}, "relationship", "words that are known"),
    ],
)  # fmt: skip
def test_doubtful_cells_are_noted_and_the_row_is_stored(cells, column, rule):
    result = checked(cells)

    assert result.attendances.index.tolist() == [2]
    assert rules(result) == [(column, rule, "noted")]


def test_a_day_without_time_is_not_after_an_arrival_on_that_day():
    assert checked({"assault_at": "03/01/2026"}).issues.empty
    # The arrival's time is not known either: it may have been later that day.
    assert "assault before arrival" not in str(rules(checked({"arrived_at": "03/01/2026"})))


def test_refused_coordinates_are_dropped():
    row = checked({"easting": "1", "northing": "2"}).attendances.loc[2]

    assert row[["easting", "northing"]].isna().all()


def test_rows_that_are_no_assault_are_dropped_and_only_counted():
    result = checked(
        {"attendance_reason": "Fall", "arrived_at": None}, {"attendance_reason": "Assault"}
    )

    assert result.n_not_assault == 1
    assert result.attendances.index.tolist() == [3]
    assert result.issues.empty


def test_equal_rows_are_kept_once_and_counted():
    result = checked({}, {}, {})

    assert result.attendances.index.tolist() == [2]
    assert result.n_duplicate == 2


def test_equal_rows_without_arrival_may_be_two_patients():
    result = checked({"arrived_at": None}, {"arrived_at": None})

    assert result.attendances.index.tolist() == [2, 3]
    assert result.n_duplicate == 0
    assert rules(result) == [("arrived_at", "no two rows alike", "noted")]


def test_equal_rows_with_an_attendance_number_are_one_attendance():
    same = {"arrived_at": None, "attendance_number": "A-1"}

    assert checked(same, same).n_duplicate == 1


def test_an_attendance_number_given_twice_counts_with_its_last_row():
    result = checked(
        {"attendance_number": "A-1"}, {"attendance_number": "A-1", "assault_method": "Knife"}
    )

    assert result.attendances.index.tolist() == [3]
    assert rules(result) == [
        ("attendance_number", "each attendance number once; the last row counts", "held_back")
    ]
    assert result.issues["shape"].tolist() == [""]


def test_rows_with_cells_out_of_place_are_held_back():
    result = checked({}, {"assault_method": "x"}, misplaced=[False, True])

    assert result.held_back.index.tolist() == [3]
    assert ("", "no more cells than headers", "held_back") in rules(result)


def test_a_code_outside_the_schema_is_held_back():
    table = pd.DataFrame([ROW], index=pd.RangeIndex(2, 3, name="row"), dtype="object")
    normalised = normalise_attendances(Mapped(table))
    normalised["sex"] = "unlisted"

    result = validate(normalised, SPEC, received_on=RECEIVED)

    assert rules(result) == [("sex", "one of the contract's codes", "held_back")]


def test_numbers_outside_the_schema_s_range_are_held_back():
    table = pd.DataFrame([ROW], index=pd.RangeIndex(2, 3, name="row"), dtype="object")
    normalised = normalise_attendances(Mapped(table))
    normalised["easting"] = 700_001.0

    assert len(validate(normalised, SPEC, received_on=RECEIVED).held_back) == 1


def test_issues_never_repeat_a_cell():
    names = {"assault_method": "9990000018 Zebedee", "arrived_at": "Zebedee 9990000018"}

    written = checked(names).issues.to_csv()

    assert "9990000018" not in written
    assert "Zebedee" not in written
    assert "9999999999 AAAAAAA" in written


CELLS = {
    "arrived_at": st.sampled_from(
        ["03/01/2026 02:50", "14/03/2062 02:15", None, "later", "03/01/2026"]
    ),
    "assault_at": st.sampled_from(["03/01/2026 01:00", "05/01/2026 01:00", None, "evening", "NK"]),
    "attendance_reason": st.sampled_from(["Assault", "Fall", None]),
    "attendance_number": st.sampled_from(["A-1", "A-2", None]),
}


@few(5, deadline=None)
@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=8))
def test_every_row_ends_in_exactly_one_place(rows):
    result = checked(*rows)

    assert len(rows) == (
        len(result.attendances) + len(result.held_back) + result.n_not_assault + result.n_duplicate
    )
    assert not set(result.attendances.index) & set(result.held_back.index)
    held = result.issues.loc[result.issues["fate"] == "held_back", "row"]
    assert set(held) == set(result.held_back.index)
