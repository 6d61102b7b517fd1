import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from ed_ingest import workbook, workbook_guard
from ed_ingest.errors import FileError
from ed_ingest.workbook import read_workbook
from ed_ingest.workbook_guard import extent_of_ods, inspect_workbook


def read_sheets(path, **options):
    """Rows of each sheet by its name."""
    return {sheet.name: sheet.rows for sheet in read_workbook(path, **options).sheets}


OLD_WORKBOOK = Path(__file__).parents[1] / "data" / "old_workbook.xls"


def saved(path, rows, *, hidden=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Data"
    for row in rows:
        sheet.append(row)
    for name in hidden:
        other = book.create_sheet(name)
        other.append(["secret"])
        other.sheet_state = "hidden"
    book.save(path)
    return path


def test_true_dates_times_and_text_stay_what_they_are(tmp_path):
    path = saved(
        tmp_path / "a.xlsx",
        [["When", "At", "Words", "N"], [datetime(2026, 1, 3, 2, 50), time(22, 15), "0200", 3]],
    )

    rows = read_sheets(path)["Data"]

    assert rows[1] == [datetime(2026, 1, 3, 2, 50), time(22, 15), "0200", 3.0]


def test_a_day_without_time_is_a_date(tmp_path):
    path = saved(tmp_path / "a.xlsx", [["When"], [date(2026, 1, 3)]])

    assert read_sheets(path)["Data"][1] == [date(2026, 1, 3)]


def test_hidden_sheets_are_read_only_when_named(tmp_path):
    path = saved(tmp_path / "a.xlsx", [["a"]], hidden=["Notes"])

    assert list(read_sheets(path)) == ["Data"]
    assert list(read_sheets(path, sheet="Notes")) == ["Notes"]


def test_a_sheet_that_is_not_there_is_refused_without_naming_any(tmp_path):
    path = saved(tmp_path / "a.xlsx", [["a"]], hidden=["Mr Surname"])

    with pytest.raises(FileError, match="no sheet of the name that") as refusal:
        read_sheets(path, sheet="January")
    assert "Surname" not in str(refusal.value)


def changed(path, **members):
    """The same archive with members added or replaced."""
    original = zipfile.ZipFile(path)
    content = {name: original.read(name) for name in original.namelist()} | members
    original.close()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    path.write_bytes(buffer.getvalue())
    return path


def test_a_workbook_that_unpacks_to_far_more_than_it_weighs_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_guard, "_RATIO_COUNTS_FROM", 1_000_000)
    path = saved(tmp_path / "a.xlsx", [["a"]])
    changed(path, **{"xl/filler.xml": b"0" * 3_000_000})

    with pytest.raises(FileError, match=r"a\.xlsx: unpacks to 3 MB in \d+ parts"):
        read_sheets(path)


def test_a_workbook_of_too_many_parts_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_guard, "MAX_MEMBERS", 3)

    with pytest.raises(FileError, match="more than a workbook of records needs"):
        read_sheets(saved(tmp_path / "a.xlsx", [["a"]]))


@pytest.mark.parametrize("ending", ["xlsx", "xlsm"])
def test_cells_of_a_workbook_with_macros_are_read_and_the_macros_told(tmp_path, ending):
    path = changed(saved(tmp_path / "a.xlsx", [["a"]]), **{"xl/vbaProject.bin": b"x"})
    path = path.rename(tmp_path / f"a.{ending}")

    assert read_sheets(path)["Data"] == [["a"]]
    assert read_workbook(path).facts["macros"] == 1


def test_links_to_other_workbooks_are_told_and_not_followed(tmp_path):
    path = saved(tmp_path / "a.xlsx", [["a"]])
    changed(path, **{"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})

    assert read_workbook(path).facts["external_links"] == 1


def test_hidden_sheets_are_counted_and_never_named(tmp_path):
    path = saved(tmp_path / "a.xlsx", [["a"]], hidden=["Mr Surname", "Other"])

    found = read_workbook(path)

    assert found.facts["hidden_sheets"] == 2
    assert "Surname" not in repr(found)
    assert "secret" not in repr(found)


def test_hidden_columns_formulas_without_value_and_error_cells_are_counted(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["a", "b", "c", "d"])
    sheet["A2"], sheet["B2"], sheet["C2"] = "=1+1", "#N/A", "#REF!"
    sheet["B2"].data_type = sheet["C2"].data_type = "e"
    sheet.column_dimensions["B"].hidden = True
    book.save(tmp_path / "a.xlsx")

    (found,) = read_workbook(tmp_path / "a.xlsx").sheets

    assert found.counts == {"hidden_columns": 1, "formulas_without_value": 1, "error_cells": 2}
    assert found.rows[1] == ["", "", "", ""]


def test_a_formula_that_gives_the_empty_text_has_a_value(tmp_path):
    sheet = (
        b'<c r="A1" t="str"><f>IF(1,"","")</f><v></v></c>'
        b'<c r="B1"><f>1+1</f><v>2</v></c><c r="C1"><f>1+1</f></c>'
    )

    assert workbook_guard._of_xlsx(iter([sheet]), "a.xlsx")["formulas_without_value"] == 1


def test_the_epoch_of_1904_is_told_and_true_dates_are_right(tmp_path):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([datetime(2026, 1, 3, 2, 50)])
    book.save(tmp_path / "a.xlsx")

    found = read_workbook(tmp_path / "a.xlsx")

    assert found.facts["epoch_1904"] == 1
    assert found.sheets[0].rows == [[datetime(2026, 1, 3, 2, 50)]]


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_entities_in_any_part_are_refused_before_they_expand(tmp_path, part, code):
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'
    path = changed(saved(tmp_path / "a.xlsx", [["a"]]), **{part: bomb.encode(code)})

    with pytest.raises(
        FileError, match=r"a\.xlsx: a part of the workbook declares a document type"
    ):
        read_sheets(path)


def test_a_workbook_under_another_workbooks_ending_is_read_by_its_content(tmp_path):
    path = saved(tmp_path / "a.xlsx", [["a"]]).rename(tmp_path / "a.xls")

    assert read_sheets(path)["Data"] == [["a"]]


def test_old_workbooks_are_read(tmp_path):
    # Written once by a spreadsheet library: header, a text, a number; sample kept beside the tests.
    path = tmp_path / "a.xls"
    path.write_bytes(OLD_WORKBOOK.read_bytes())

    assert read_sheets(path)["A"] == [["Date", "Place"], ["01/02/2026", 3.5]]
    assert inspect_workbook(path).sheets == []


def test_a_locked_workbook_is_refused_by_its_container(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))

    with pytest.raises(FileError, match="locked by a password"):
        read_sheets(path)


def test_a_workbook_with_an_encrypted_part_is_refused(tmp_path):
    path = saved(tmp_path / "a.xlsx", [["a"]])
    content = bytearray(path.read_bytes())
    # Bit 0 of the flags of the first entry in the archive's directory.
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)

    with pytest.raises(FileError, match="locked by a password"):
        read_sheets(path)


def test_a_locked_opendocument_sheet_is_refused(tmp_path):
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<x/>")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")

    with pytest.raises(FileError, match="locked by a password"):
        read_sheets(path)


def test_cells_far_from_the_table_are_refused_before_memory_is_taken(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "a"
    book.active.cell(1_048_576, 300).value = "x"
    book.save(tmp_path / "a.xlsx")

    # 1,048,576 rows × 300 columns
    with pytest.raises(FileError, match=r"cells far from its table \(314,572,800 cells"):
        read_sheets(tmp_path / "a.xlsx")


def test_empty_formatted_cells_far_out_do_no_harm(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "a"
    book.active.cell(1_048_576, 300).number_format = "0.00"
    book.save(tmp_path / "a.xlsx")

    assert read_sheets(tmp_path / "a.xlsx")["Sheet"] == [["a"]]


def test_repeated_cells_of_an_opendocument_sheet_count_as_often_as_they_stand():
    row = b'<table:table-row table:number-rows-repeated="1000">'
    value = b'<table:table-cell office:value-type="string" table:number-columns-repeated="20">'
    padding = b'<table:table-cell table:number-columns-repeated="16384"/>'
    idle = b'<table:table-row table:number-rows-repeated="1000000">' + padding

    assert extent_of_ods(row + value + padding + idle) == 1000 * 20


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"Arrival,Place\n1,2\n"),
        ("a.xls", b"<html><table></table></html>"),
        ("a.xlsx", b"PK\x03\x04 cut short"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000),
        ("a.ods", b""),
    ],
)
def test_what_is_no_workbook_is_refused_with_the_remedy(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(FileError, match=r"not a workbook that can be read.*save it as \.xlsx"):
        read_sheets(path)


def test_a_damaged_workbook_is_refused_at_every_cut(tmp_path):
    whole = saved(tmp_path / "a.xlsx", [["a", "b"], [1, 2]]).read_bytes()
    path = tmp_path / "cut.xlsx"
    for end in range(10, len(whole) - 1, 97):
        path.write_bytes(whole[:end])
        with pytest.raises(FileError):
            read_sheets(path)


def test_a_panic_in_the_reader_is_a_refusal_and_other_ends_are_not(tmp_path, monkeypatch):
    panic = type("PanicException", (BaseException,), {})
    path = saved(tmp_path / "a.xlsx", [["a"]])
    for fault, raised in ((panic, FileError), (KeyboardInterrupt, KeyboardInterrupt)):

        def fail(_, fault=fault):
            raise fault

        monkeypatch.setattr(workbook.CalamineWorkbook, "from_filelike", fail, raising=False)
        with pytest.raises(raised):
            read_sheets(path)
