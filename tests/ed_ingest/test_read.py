import csv
import hashlib
import io
import tempfile
from datetime import date, time
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.errors import FileError
from ed_ingest.header import BEYOND_HEADERS
from ed_ingest.read import file_hash, read_extract
from tests.effort import few

HEADER = "Arrival,Place,Method,Alcohol\n"
RECORD = "03/01/2026 02:50,Street,Fist,Y\n"


def extract(tmp_path, text, name="extract.csv", **options):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return read_extract(path, **options)


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_hash_is_that_of_the_bytes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\r\n")

    assert file_hash(path) == hashlib.sha256(b"a,b\r\n").hexdigest()


def test_rows_keep_the_number_that_the_spreadsheet_shows(tmp_path):
    raw = extract(tmp_path, "Assaults in January,,,\n\n" + HEADER + RECORD + ",,,\n" + RECORD)

    # Title 1, blank 2, header 3, record 4, blank 5, record 6.
    assert raw.index.tolist() == [4, 6]
    assert raw.index.name == "row"
    assert raw.loc[6, "Arrival"] == "03/01/2026 02:50"


def test_text_is_kept_as_delivered_and_blank_cells_are_missing(tmp_path):
    raw = extract(tmp_path, HEADER + '0045," Street\nCorner ",  ,\n')

    assert raw["Arrival"].tolist() == ["0045"]
    assert raw["Place"].tolist() == [" Street\nCorner "]
    assert raw[["Method", "Alcohol"]].isna().all(axis=None)
    assert (raw.dtypes == "str").all()


def test_totals_repeated_headers_and_closing_lines_are_left_out_and_counted(tmp_path):
    closing = "Total,2,,\nMade by the information team,,,\n"
    raw = extract(tmp_path, HEADER + RECORD + HEADER + RECORD + closing)

    assert raw.index.tolist() == [2, 4]
    assert raw.attrs["left_out"] == 3


def test_a_record_that_begins_like_a_total_is_kept(tmp_path):
    assert len(extract(tmp_path, HEADER + "Total Wine Bar,Pub,Fist,Y\n")) == 1


def test_a_lone_date_in_the_last_row_is_kept(tmp_path):
    assert len(extract(tmp_path, HEADER + RECORD + "04/01/2026 01:00,,,\n")) == 2


def test_cells_to_the_right_of_the_headers_stand_apart(tmp_path):
    raw = extract(tmp_path, HEADER + RECORD + "03/01/2026 02:50,Street,corner,Fist,Y,\n" + RECORD)

    assert raw[BEYOND_HEADERS].tolist()[1:2] == ["Y"]
    assert raw[BEYOND_HEADERS].isna().tolist() == [True, False, True]


def test_a_column_that_most_rows_have_without_heading_gets_its_letter(tmp_path):
    raw = extract(tmp_path, "Arrival,Place\n03/01/2026,a,b\n04/01/2026,c,d\n")

    assert list(raw.columns) == ["Arrival", "Place", "column C"]


def test_empty_columns_without_heading_are_dropped(tmp_path):
    assert list(extract(tmp_path, "Arrival,Place,,\n1/2/2026,x,,\n").columns) == [
        "Arrival",
        "Place",
    ]


def test_a_workbook_gives_the_sheet_with_most_cells_and_its_true_values(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        Notes=[["Month", "Assaults"], ["January", 1]],
        Data=[["Date", "Time", "Place"]] + [[date(2026, 1, 3), time(2, 50), "Street"]] * 3,
    )

    raw = read_extract(path)

    assert raw.iloc[0].tolist() == [date(2026, 1, 3), time(2, 50), "Street"]
    assert raw.index.tolist() == [2, 3, 4]


def test_the_sheet_and_the_header_row_can_be_given(tmp_path):
    rows = [["Some", "notes"], ["Date", "Place"], ["01/02/2026", "Street"]]
    path = workbook(tmp_path / "a.xlsx", Notes=[["x", "y"], ["a", "b"]], Data=rows)

    raw = read_extract(path, sheet="Data", header_row=2)

    assert list(raw.columns) == ["Date", "Place"]
    assert len(raw) == 1


def test_sheets_with_the_same_columns_are_read_together_and_their_rows_can_be_found(tmp_path):
    rows = [["Date", "Place"], ["01/02/2026", "Street"], ["02/02/2026", "Pub"]]
    other = [["DATE", "place"], ["03/02/2026", "Street"]]
    notes = [["Read me"], ["One sheet a week"]]
    path = workbook(tmp_path / "a.xlsx", Notes=notes, Jan=rows, Feb=other)

    raw = read_extract(path)

    # Rows 2 and 3 of the second visible sheet, row 2 of the third.
    assert raw.index.tolist() == [20_000_002, 20_000_003, 30_000_002]
    assert raw.index.name == "row"
    assert raw["Date"].tolist() == ["01/02/2026", "02/02/2026", "03/02/2026"]
    assert raw.attrs["sheets_read"] == 2
    assert read_extract(path, sheet="Feb").index.tolist() == [2]


def test_a_sheet_that_lost_one_column_of_many_is_read_with_the_others(tmp_path):
    header = [f"Column {n}" for n in range(10)]
    rows = [header, ["x"] * 10]
    fewer = [header[:9], ["y"] * 9]

    raw = read_extract(workbook(tmp_path / "a.xlsx", Jan=rows, Feb=fewer))

    assert len(raw) == 2
    assert raw["Column 9"].isna().tolist() == [False, True]


def test_a_table_of_other_columns_is_left_unread_and_told(tmp_path):
    rows = [["Date", "Place"], ["01/02/2026", "Street"], ["01/02/2026", "Pub"]]
    key = [["Code", "Meaning"], ["A", "Street"]]

    raw = read_extract(workbook(tmp_path / "a.xlsx", Key=key, Data=rows))

    assert raw.index.tolist() == [2, 3]
    assert raw.attrs["sheets_unread"] == 1


def test_hidden_columns_are_read_as_data(tmp_path):
    book = openpyxl.Workbook()
    for row in [["Date", "Place"], ["01/02/2026", "Street"]]:
        book.active.append(row)
    book.active.column_dimensions["B"].hidden = True
    book.save(tmp_path / "a.xlsx")

    raw = read_extract(tmp_path / "a.xlsx")

    assert raw["Place"].tolist() == ["Street"]
    assert raw.attrs["hidden_columns"] == 1


def test_day_numbers_reach_the_table_as_numbers_with_their_epoch(tmp_path):
    raw = read_extract(
        workbook(tmp_path / "a.xlsx", Data=[["Date", "Place"], [46025.118, "Street"]])
    )

    assert raw["Date"].tolist() == [46025.118]
    assert raw.attrs["epoch_1904"] == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        (HEADER, "headers but no rows"),
        (HEADER + ",,,\n", "headers but no rows"),
        (HEADER + "Total,0,,\n", "headers but no rows"),
        ("03/01/2026,1,2\n04/01/2026,3,4\n", "no row of headers was found"),
    ],
)
def test_a_file_without_records_is_refused_with_the_remedy(tmp_path, text, message):
    with pytest.raises(FileError, match=rf"^extract\.csv: {message}"):
        extract(tmp_path, text)


def test_an_empty_workbook_is_refused(tmp_path):
    with pytest.raises(FileError, match="the file is empty"):
        read_extract(workbook(tmp_path / "a.xlsx", Data=[]))


def test_other_kinds_of_file_are_refused(tmp_path):
    with pytest.raises(FileError, match=r"a\.pdf: files with this ending are not read"):
        extract(tmp_path, "%PDF", name="a.pdf")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        read_extract(tmp_path / "a.csv")


def test_a_file_too_large_is_refused_unread(tmp_path):
    with pytest.raises(FileError, match="more than 0 MB"):
        extract(tmp_path, HEADER, max_file_mb=0)


@pytest.mark.parametrize(
    "name",
    [
        "dim 'enw' \"dyfynnu\".csv",
        "-rf.csv",
        "Ysbyty Tŷ'r Ŵyl – Ionawr.csv",
        "x" * 200 + ".csv",
        "a & b; $(c).CSV",
    ],
)
def test_odd_names_of_files_do_no_harm(tmp_path, name):
    try:
        raw = extract(tmp_path, HEADER + RECORD, name=name)
    except OSError:
        pytest.skip("this system does not take such a name")
    assert len(raw) == 1


@few(40)
@given(
    st.lists(
        st.lists(st.text(alphabet='ab,;"\n\t é|', max_size=6), min_size=4, max_size=4),
        min_size=1,
        max_size=8,
    )
)
def test_what_the_csv_module_writes_is_read_back_cell_by_cell(rows):
    # The first cell begins with a figure: no blank row, total or closing line to be passed over.
    rows = [[f"{n}{row[0]}", *row[1:]] for n, row in enumerate(rows)]
    text = io.StringIO()
    csv.writer(text).writerows([["Arrival", "Place", "Method", "Alcohol"], *rows])

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text("sep=,\n" + text.getvalue(), encoding="utf-8", newline="")
        raw = read_extract(path)

    kept = [[cell if cell.strip() else None for cell in row] for row in rows]
    assert raw.astype(object).where(raw.notna(), None).to_numpy().tolist() == kept


def test_no_message_repeats_a_cell(tmp_path):
    number = "9990000018"
    for text in (f"{number},1\n", f'a,b\n1,"{number}\n2,x\n'):
        with pytest.raises(FileError) as refusal:
            extract(tmp_path, text)
        assert number not in str(refusal.value)


def test_all_rows_of_a_real_police_file_are_read(open_data):
    path = sorted((open_data / "police-south-wales-2025").glob("*.csv"))[0]

    raw = read_extract(path)

    assert len(raw) == path.read_text(encoding="utf-8").count("\n") - 1
    assert raw.equals(pd.read_csv(path, dtype=str).set_axis(raw.index).astype("str"))
