import dataclasses
import warnings

import openpyxl
import pandas as pd
import pytest

from hotspots.completeness_workbook import write_completeness_workbook
from hotspots.workbook import plain
from tests.hotspots.completeness_builder import completeness, gains, items, providers

FIRST_SHEETS = ["Cover", "Contents", "Notes", "Hospitals", "Items", "Months", "Changes"]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "made" / "completeness.xlsx"
    # What gptables finds amiss in a table it tells as an error, or as a warning.
    with warnings.catch_warnings():
        warnings.simplefilter("error", category=UserWarning)
        write_completeness_workbook(completeness(), path)
    return openpyxl.load_workbook(path)


def rows(sheet) -> list[tuple]:
    """Header and rows of the sheet's table."""
    table = next(iter(sheet.tables.values()))
    return [tuple(cell.value for cell in row) for row in sheet[table.ref]]


def test_cover_contents_and_notes_come_first_and_each_sheet_has_one_table(book):
    assert book.sheetnames[: len(FIRST_SHEETS)] == FIRST_SHEETS
    assert all(len(book[name].tables) == 1 for name in book.sheetnames[1:])


def test_no_cell_of_a_table_is_empty_and_headers_are_unique(book):
    for name in book.sheetnames[1:]:
        header, *body = rows(book[name])
        assert len(set(header)) == len(header)
        assert all(cell not in (None, "") for row in body for cell in row), name


def test_figures_are_those_of_the_report(book):
    header, *body = rows(book["Items"])
    first = dict(zip(header, body[0], strict=True))

    assert first["Hospital"] == "Marford General Hospital"
    assert (first["Usable"], first["Rows"]) == (0.95, 740)
    share = next(c for row in book["Items"].iter_rows() for c in row if c.value == 0.95)
    assert share.number_format == "0%"


def test_what_is_held_back_and_what_never_came_have_their_shorthand(book):
    text = {cell for name in book.sheetnames[1:] for row in rows(book[name]) for cell in row}

    assert {"[c]", "[z]"} <= text
    assert "[c]: held back" in " ".join(str(c.value) for c in book["Items"]["A"])


def test_notes_are_those_that_the_sheets_refer_to(book):
    _, *body = rows(book["Notes"])

    assert [row[0] for row in body] == list(range(1, 9))
    assert any("three times" in row[1] for row in body)


def test_rows_received_add_up(book):
    _, *body = rows(book["Rows received"])

    assert all(row[2] == sum(row[3:]) for row in body)


def test_text_is_no_formula_no_link_and_no_note(tmp_path):
    hostile = "=1+1 [see](http://x.example) $$usable$$"
    found = completeness(
        providers=providers().assign(name=hostile), partnership=hostile, marking="=2"
    )
    write_completeness_workbook(found, tmp_path / "c.xlsx")

    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    cells = [cell for name in book.sheetnames for row in book[name].iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert all(link.target is None for link in links)  # to sheets of the workbook alone
    assert any(str(cell.value).startswith("=1+1 [see]") for cell in cells)


def test_tables_without_rows_are_left_out(tmp_path):
    empty = {
        field.name: getattr(completeness(), field.name).iloc[:0]
        for field in dataclasses.fields(completeness())
        if isinstance(getattr(completeness(), field.name), pd.DataFrame)
    }
    kept = {"providers": providers(), "items": items()}
    write_completeness_workbook(completeness(**empty | kept), tmp_path / "c.xlsx")

    names = openpyxl.load_workbook(tmp_path / "c.xlsx").sheetnames
    assert names == ["Cover", "Contents", "Notes", "Hospitals", "Items"]


def test_the_same_figures_give_the_same_bytes(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_completeness_workbook(completeness(gains=gains()), tmp_path / name)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_text_of_signs_alone_gets_letters():
    assert plain("???") == "??? (no letters)"
    assert plain("St Teilo’s") == "St Teilo’s"
