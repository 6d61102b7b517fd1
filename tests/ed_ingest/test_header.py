from datetime import date

import pytest

from ed_ingest.header import find_header, unnamed_column

HEADINGS = ["Arrival", "Place", "Method"]
RECORD = ["03/01/2026 02:50", "Street", "Fist"]


def test_the_header_is_found_below_a_title_and_a_blank_row():
    rows = [["Assaults, January 2026", "", ""], ["", "", ""], HEADINGS, RECORD, RECORD]

    header = find_header(rows)

    assert header is not None
    assert header.names == tuple(HEADINGS)
    assert header.n_rows == 3


def test_the_first_of_equal_rows_is_the_header():
    assert find_header([HEADINGS, ["High Street", "Street", "Fist"]]).n_rows == 1


def test_a_row_with_values_is_not_the_header_though_it_has_more_words():
    rows = [["Arrival", "Place", "", ""], ["03/01/2026", "Street", "Fist", "Red Lion"]]

    assert find_header(rows).n_rows == 1


def test_a_header_given_by_its_row_number_is_taken():
    assert find_header([HEADINGS, ["a", "b", "c"], RECORD], header_row=2).names == ("a", "b", "c")


@pytest.mark.parametrize(
    "rows", [[RECORD, ["2", "3", "4"]], [[date(2026, 1, 3), 4.0, "Fist"]], [["1", "2", "3"]]]
)
def test_values_are_not_taken_for_headings(rows):
    rows = [row if row is not RECORD else ["03/01/2026", "02:50", "Y"] for row in rows]

    assert find_header(rows) is None


def test_a_header_beyond_the_first_thirty_rows_is_not_looked_for():
    assert find_header([["", ""]] * 30 + [HEADINGS, RECORD]) is None


def test_a_header_row_beyond_the_sheet_is_none():
    assert find_header([HEADINGS, RECORD], header_row=9) is None


GROUPS = ["Attendance", "", "Assault", "", "Police"]
DATES = ["Date", "Time", "Date", "Time", ""]


@pytest.mark.parametrize("header_row", [None, 1, 2])
def test_group_headings_over_repeated_headings_make_names_of_both(header_row):
    rows = [GROUPS, DATES, [date(2026, 1, 3), "02:50", date(2026, 1, 3), "01:10", "Yes"]]

    header = find_header(rows, header_row=header_row)

    assert header.names == (
        "Attendance / Date", "Attendance / Time", "Assault / Date", "Assault / Time", "Police",
    )  # fmt: skip
    assert header.n_rows == 2


def test_a_heading_that_occurs_again_is_numbered_and_a_blank_one_gets_its_letter():
    header = find_header(
        [["Date", "date", "", "Time", "Date"], ["1/2/26", "3/2/26", "x", "2", "3"]]
    )

    assert header.names == ("Date", "date (2)", "column C", "Time", "Date (3)")


@pytest.mark.parametrize(
    ("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_are_those_of_a_spreadsheet(place, letters):
    assert unnamed_column(place) == f"column {letters}"
