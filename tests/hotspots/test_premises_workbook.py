from __future__ import annotations

import warnings

import openpyxl
import pytest

from hotspots.premises_workbook import write_premises_workbook
from tests.hotspots.hostile import HOSTILE
from tests.hotspots.premises_builder import ranked, with_premises


def book_of(path, **changes):
    # What gptables finds amiss in a table it tells as an error, or as a warning.
    with warnings.catch_warnings():
        warnings.simplefilter("error", category=UserWarning)
        write_premises_workbook(with_premises(**changes), path)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return book_of(tmp_path_factory.mktemp("book") / "licensing" / "premises.xlsx")


def rows(sheet) -> list[dict]:
    table = next(iter(sheet.tables.values()))
    header, *body = [tuple(cell.value for cell in row) for row in sheet[table.ref]]
    return [dict(zip(header, row, strict=True)) for row in body]


def test_there_is_one_table_a_sheet_and_no_empty_cell(book):
    assert book.sheetnames == [
        "Cover", "Contents", "Notes", "Premises", "Nights and hours", "Concentration", "Coverage",
    ]  # fmt: skip
    for name in book.sheetnames[1:]:
        assert len(book[name].tables) == 1
        assert all(cell not in (None, "") for row in rows(book[name]) for cell in row.values())


def test_the_figures_are_those_of_the_page(book):
    first, *_, last = rows(book["Premises"])

    assert (first["Premises"], first["Incidents named in the record"]) == ("The Anchor", 85)
    assert (first["Likely number"], first["Change"]) == (82, "no clear change")
    assert first["Busiest night and hours"] == "Sat night, 00–03 (Sun)"
    assert last["Police records within 50 m"] == "[c]"
    assert last["Named, per 100 capacity"] == "[z]"
    assert len(rows(book["Nights and hours"])) == 14
    assert rows(book["Nights and hours"])[0]["Night and hours"] == "Fri, all hours"
    assert rows(book["Concentration"])[3]["Share of the incidents"] == 0.83


def test_the_cover_says_what_the_figures_are_not(book):
    cover = " ".join(str(cell.value) for cell in book["Cover"]["A"])

    assert "Not evidence of fault." in cover
    assert "OFFICIAL–SENSITIVE" in cover


def test_without_premises_there_is_still_a_workbook(tmp_path):
    book = book_of(
        tmp_path / "p.xlsx",
        ranked_premises=None,
        premises_bands=None,
        concentration=None,
        n_premises=0,
    )
    told = {row["What"]: row["Figure"] for row in rows(book["Coverage"])}
    assert told["Premises in the reference data"] == 0


@pytest.mark.parametrize("name", [*HOSTILE, "=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1"])
def test_a_hostile_name_is_text(tmp_path, name):
    book = book_of(
        tmp_path / "p.xlsx", ranked_premises=ranked().assign(name=name), partnership=name
    )
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert all(cell.data_type != "f" for cell in cells)
    links = [cell.hyperlink.location for cell in cells if cell.hyperlink]
    assert all(place and "!" in place for place in links)


def test_the_same_figures_give_the_same_bytes(tmp_path):
    one, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in (one, other):
        write_premises_workbook(with_premises(), path)

    assert one.read_bytes() == other.read_bytes()
