"""What is noted about rows that are stored all the same."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from ed_ingest.normalise import normalise_attendances
from ed_ingest.schema import load_spec
from ed_ingest.tables import Mapped
from ed_ingest.validate import validate

SPEC = load_spec("ed_assault")
ROW = {
    "arrived_at": "03/01/2026 02:50",
    "assault_at": "03/01/2026 01:00",
    "assault_method": "Fist",
    "location_type": "Street",
}


def checked(*rows):
    table = pd.DataFrame([{**ROW, **row} for row in rows], dtype="str")
    table = table.set_axis(pd.RangeIndex(2, len(table) + 2, name="row"))
    return validate(normalise_attendances(Mapped(table)), SPEC, received_on=date(2026, 2, 10))


def only_issue(*rows):
    result = checked(*rows)
    assert len(result.issues) == 1, result.issues["rule"].tolist()
    return result, result.issues.iloc[0]


@pytest.mark.parametrize(
    ("cells", "column", "shape"),
    [
        ({"arrived_at": "14/03/2062 02:15"}, "arrived_at", "99/99/9999 99:99"),
        ({"arrived_at": "14 March 0001"}, "arrived_at", "99 AAAAA 9999"),
        ({"arrived_at": "31/02/2026", "assault_at": "NK"}, "arrived_at", "99/99/9999"),
        ({"assault_at": "04/01/2026 02:51"}, "assault_from", "99/99/9999 99:99"),
    ],
)
def test_a_row_that_is_held_back_tells_the_shape_of_what_came(cells, column, shape):
    issues = checked(cells).issues
    held = issues[issues["fate"] == "held_back"]

    assert held[["column", "shape"]].to_numpy().tolist() == [[column, shape]]
    assert "assault within 90 days before arrival" not in set(issues["rule"])


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"arrived_at": "01/01/1900 00:00"}, "arrived_at"),
        ({"arrived_at": "01/01/0001"}, "arrived_at"),
        ({"assault_at": "11/11/1811"}, "assault_from"),
    ],
)
def test_dates_that_systems_write_for_none_are_noted_with_their_shape(cells, column):
    result, issue = only_issue(cells)

    assert issue["rule"] == "a real date, or an empty cell"
    assert issue["column"] == column
    assert issue["shape"].startswith("99/99/9999")
    assert result.attendances[column].notna().all() == (column == "assault_from")


@pytest.mark.parametrize("cell", ["NK", "", "?", " "])
def test_words_for_an_unknown_date_are_no_fault(cell):
    assert checked({"assault_at": cell}).issues.empty


@pytest.mark.parametrize(
    ("cells", "remedy"),
    [
        ({"latitude": "-3.18", "longitude": "51.48"}, "exchanged"),
        ({"easting": "90000", "northing": "1300000"}, "easting or longitude"),
        # Exchanged these lie in the north of Scotland; as sent they would lie past Norfolk.
        ({"easting": "900000", "northing": "320000"}, "exchanged"),
        ({"easting": "318.6", "northing": "176.1"}, "kilometres"),
        ({"latitude": "51.48", "longitude": "3.18"}, "minus"),
        ({"easting": "318634", "northing": None}, "Only one"),
        ({"easting": "ST1876", "northing": "NaN"}, "no numbers"),
        ({"latitude": "40.7", "longitude": "-74.0"}, "easting or longitude"),
    ],
)
def test_impossible_coordinates_say_what_they_look_like(cells, remedy):
    result, issue = only_issue(cells)

    assert issue["rule"] == "coordinates in Great Britain"
    assert remedy in issue["remedy"]
    assert result.attendances[["easting", "northing"]].isna().all(axis=None)


def test_noughts_for_no_place_are_noted():
    _, issue = only_issue({"easting": "0", "northing": "0"})

    assert issue["rule"] == "coordinates, or empty cells"


def town(n, **more):
    """Rows with points 10 m apart, in a town whose eastings and northings cannot be mistaken."""
    return [
        {
            "attendance_number": f"A-{i}",
            "easting": str(418_000 + 10 * i),
            "northing": str(176_000 + 10 * i),
            "location_text": f"{i} High Street",
            **more,
        }
        for i in range(n)
    ]


def test_eastings_and_northings_exchanged_in_one_row_are_noted():
    rows = town(25)
    rows[7] |= {"easting": "176070", "northing": "418070"}

    _, issue = only_issue(*rows)

    assert (issue["row"], issue["rule"]) == (9, "coordinates near the others of the file")
    assert issue["remedy"].startswith("Exchanged")


def test_a_point_on_very_many_unlike_rows_is_noted_once():
    default = {"easting": "420000", "northing": "180000"}
    rows = town(40) + [{**row, **default} for row in town(80)[40:]]

    result, issue = only_issue(*rows)

    assert issue["row"] == 42
    assert issue["remedy"].startswith("40 rows with unlike places")
    assert len(result.attendances) == 80


def test_a_pub_of_many_assaults_is_no_default_point():
    pub = {"easting": "420000", "northing": "180000", "location_text": "Golden Lamb"}

    assert checked(*town(40), *[{**row, **pub} for row in town(80)[40:]]).issues.empty


def test_a_type_of_place_beside_words_of_a_home_is_noted():
    _, issue = only_issue({"location_text": "victim's home address"})

    assert issue[["column", "shape"]].tolist() == ["location_type", ""]
    assert checked({"location_text": "High Street"}).issues.empty
    assert checked({"location_text": "outside public house", "location_type": "Pub"}).issues.empty


def test_attendance_numbers_that_a_spreadsheet_rounded_do_not_merge_attendances():
    same = {"attendance_number": "9.90003E+17"}

    result = checked(same, {**same, "arrived_at": "04/01/2026 02:50"})

    assert result.attendances.index.tolist() == [2, 3]
    assert result.attendances["attendance_number"].isna().all()
    assert set(result.issues["rule"]) >= {"numbers in full, not rounded by a spreadsheet"}
    assert (result.issues["shape"][result.issues["column"] == "attendance_number"] == "").all()


def test_long_codes_that_a_spreadsheet_rounded_are_told_apart_from_unknown_words():
    _, issue = only_issue({"location_type": "999003031000000000"})

    assert issue["rule"] == "codes in full, not rounded by a spreadsheet"
    assert issue["shape"] == "9" * 18


def test_a_file_without_coordinates_or_rows_has_no_doubts():
    assert checked({}).issues.empty
    assert checked({}).attendances.index.tolist() == [2]
