"""Where the header stands and what is no record, in the ways that hospitals lay out a sheet."""

import pytest

from ed_ingest.errors import FileError
from ed_ingest.records import make_records

HEADINGS = ["Arrival", "Assault date", "Place", "Method", "Alcohol"]
RECORD = ["03/01/2026 02:50", "03/01/2026", "High Street", "Fist", "Y"]
OTHER = ["04/01/2026 22:10", "04/01/2026", "Red Lion", "Knife", "N"]
BLANK = [""] * 5


def line(*cells):
    return [*cells, *[""] * (5 - len(cells))]


def records(*rows, header_row=None):
    return make_records([list(rows)], "a.csv", header_row=header_row)


@pytest.mark.parametrize(
    "above",
    [
        [],
        [line("Assaults seen in A&E"), line("January 2026"), BLANK],
        [line("Hospital", "St Elsewhere"), line("Period", "January 2026"), BLANK],
        [line("A"), line("B"), BLANK, line("C"), line("D"), BLANK],
        [line("Total attendances", "2"), line("Total assaults", "2"), BLANK],
        [["Provider", "St Elsewhere", "Extracted by", "Information team", ""], BLANK],
        [line("Total", "2", "", "", "1")],
    ],
)
def test_the_header_is_found_below_what_stands_above_it(above):
    found = records(*above, HEADINGS, RECORD, OTHER)

    assert list(found.columns) == HEADINGS
    assert found.index.tolist() == [len(above) + 2, len(above) + 3]


def test_totals_between_header_and_records_are_left_out():
    found = records(HEADINGS, line("Total", "2"), RECORD, OTHER)

    assert found.index.tolist() == [3, 4]


@pytest.mark.parametrize(
    "units",
    [
        ["dd/mm/yyyy hh:mm", "dd/mm/yyyy", "free text", "code", "Y/N"],
        ["(DD/MM/YYYY HH:MM)", "DD-MMM-YY", "Text", "see list", "Yes/No/Not known"],
        ["Datetime", "date", "varchar(50)", "string", "char(1)"],
    ],
)
def test_a_row_of_units_beneath_the_header_is_no_record(units):
    found = records(HEADINGS, units, RECORD, OTHER)

    assert list(found.columns) == HEADINGS
    assert found.index.tolist() == [3, 4]


def test_a_first_record_of_common_words_is_kept():
    first = ["Date", "Time", "Code", "Fist", ""]

    assert len(records(HEADINGS, first, RECORD)) == 2


def test_line_breaks_in_headings_become_spaces():
    found = records(["Arrival\ndate", "Assault\r\ndate", "Place", "Method", "Alcohol"], RECORD)

    assert list(found.columns)[:2] == ["Arrival date", "Assault date"]


def test_the_first_row_is_the_header_where_all_cells_are_words():
    # The header has a gap and a name twice, so that every record has more different words.
    header = ["Place", "Detail", "", "Method", "Detail"]
    rows = [[f"Pub {c}", f"bar {c}", f"x {c}", f"fist {c}", f"drunk {c}"] for c in "abcde"]

    found = records(header, *rows)

    assert list(found.columns) == ["Place", "Detail", "column C", "Method", "Detail (2)"]
    assert len(found) == 5


@pytest.mark.parametrize(
    "header", [["A", "B", "C", "D", "E"], ["D", "T", "X", "Y", "N"], ["Date", "Day", "X", "Y", "N"]]
)
def test_headings_of_one_letter_are_headings(header):
    rows = [["03/01/2026", "04/01/2026", 318000.5, 176000.5, "Fist"]] * 3

    assert list(records(header, *rows).columns) == header


def test_headings_that_are_numbers_are_found_beside_words_above_other_kinds_of_cell():
    header = ["Date", "Place", "1", "2", "3"]
    rows = [["03/01/2026", "Street", "Fist", "Y", "N"], ["04/01/2026", "Pub", "Knife", "N", "N"]]

    assert list(records(header, *rows).columns) == header


def test_numbers_alone_are_not_taken_for_headings_unless_said_so():
    rows = [["1", "2", "3"], ["4", "5", "6"]]

    with pytest.raises(FileError, match="no row of headers was found"):
        records(*rows)
    assert list(records(*rows, header_row=1).columns) == ["1", "2", "3"]


def test_questions_in_full_are_headings():
    question = (
        "Was the patient hurt with a weapon? If so, please state what kind of weapon it was "
        "(knife, glass, bottle, other)"
    )

    assert records([*HEADINGS[:4], question], RECORD, OTHER).columns[4] == question


def test_a_blank_first_column_is_passed_over():
    found = records(["", *HEADINGS], ["", *RECORD], ["", *OTHER])

    assert list(found.columns) == HEADINGS


def test_notes_below_the_table_are_left_out():
    found = records(
        HEADINGS,
        RECORD,
        OTHER,
        BLANK,
        line("Source:", "Symphony"),
        line("Note: counts below five are not shown"),
        line("Produced by the information team on 01/02/2026"),
    )

    assert found.index.tolist() == [2, 3]
    assert found.attrs["left_out"] == 3


def test_page_lines_titles_and_headers_repeated_at_page_breaks_are_left_out():
    title = line("Assaults, January 2026")
    found = records(
        title, HEADINGS, RECORD, line("Page 1 of 2"), title, HEADINGS, OTHER, line("Page 2 of 2")
    )

    assert found.index.tolist() == [3, 7]
    assert found.attrs["left_out"] == 4


def test_two_header_rows_repeated_at_a_page_break_are_left_out():
    groups = ["Attendance", "", "Assault", "", "Police"]
    names = ["Date", "Time", "Date", "Time", ""]
    record = ["03/01/2026", "02:50", "03/01/2026", "01:10", "Yes"]

    found = records(groups, names, record, groups, names, record)

    assert found.columns[3] == "Assault / Time"
    assert found.index.tolist() == [3, 6]


def test_group_headings_beside_headings_of_one_row_make_names_of_both():
    groups = ["Ref", "Arrival", "", "Incident", "", "Place", "Method"]
    names = ["", "Date", "Time", "Date", "Time", "", ""]
    record = ["1", "03/01/2026", "02:50", "03/01/2026", "01:10", "Street", "Fist"]

    found = records(groups, names, record, record)

    assert list(found.columns)[:4] == ["Ref", "Arrival / Date", "Arrival / Time", "Incident / Date"]


def test_a_first_record_of_words_is_never_taken_for_headings():
    header = ["Place", "", "Method", "", "Who"]
    rows = [["Red Lion", "bar", "fist", "none", "stranger"], ["Spar", "till", "glass", "n", "son"]]

    found = records(header, *rows)

    assert not any("Lion" in name for name in found.columns)
    assert len(found) == 2


def test_error_values_of_formulas_are_missing_and_counted():
    found = records(HEADINGS, ["#REF!", "03/01/2026", "#N/A", "Fist", "Y"], RECORD)

    assert found.loc[2].isna().tolist() == [True, False, True, False, False]
    assert found.attrs["error_cells"] == 2


def test_ragged_rows_are_filled_and_what_is_too_much_stands_apart():
    found = records(HEADINGS, RECORD[:3], [*RECORD, "more"], OTHER)

    assert found.loc[2].isna().tolist() == [False, False, False, True, True, True]
    assert found.iloc[1, -1] == "more"


def test_five_thousand_columns_are_refused():
    with pytest.raises(FileError, match=r"^a\.csv: 5,000 columns, more than the 2,000"):
        records([f"Heading {n}" for n in range(5000)], ["x"] * 5000)


def test_a_cell_of_a_million_signs_is_refused_by_its_row():
    with pytest.raises(FileError, match=r"^a\.csv: row 3 has a cell of more than 131,072") as found:
        records(HEADINGS, RECORD, ["z" * 1_000_000, *RECORD[1:]])
    assert "zz" not in str(found.value)


def test_a_long_cell_among_numbers_is_refused_too():
    with pytest.raises(FileError, match=r"row 3 has a cell"):
        records(HEADINGS, [1.0, *RECORD[1:]], ["z" * 1_000_000, *RECORD[1:]])


def test_chunks_make_the_same_table_as_all_rows_at_once():
    rows = [HEADINGS, *[[f"{n}", "x", " ", 1.5 if n == 150 else "a", "b"] for n in range(300)]]
    chunks = [rows[start : start + 70] for start in range(0, len(rows), 70)]

    at_once = make_records([rows], "a", header_row=None)

    assert make_records(chunks, "a", header_row=None).equals(at_once)
    assert at_once["Method"].tolist()[150] == 1.5
