import hashlib
from datetime import date, time

import openpyxl
import pandas as pd
import pytest

from ed_ingest import read
from ed_ingest.errors import FileError
from ed_ingest.header import BEYOND_HEADERS
from ed_ingest.read import file_hash, read_extract

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


def test_two_sheets_with_the_same_columns_are_refused_rather_than_one_forgotten(tmp_path):
    rows = [["Date", "Place"], ["01/02/2026", "Street"]]
    path = workbook(tmp_path / "a.xlsx", Jan=rows, Feb=rows)

    with pytest.raises(FileError, match="2 sheets hold the same columns"):
        read_extract(path)
    assert len(read_extract(path, sheet="Feb")) == 1


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


def test_a_file_too_large_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MAX_BYTES", 3)

    with pytest.raises(FileError, match="more than 1 GB"):
        extract(tmp_path, HEADER)


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
