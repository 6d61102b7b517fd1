"""Text from files stays text in every file that is no page; the pages are tested in a browser."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
import zipfile
from contextlib import closing
from datetime import date

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from lxml import etree
from pptx import Presentation
from pypdf import PdfReader

from hotspots import typesetting
from hotspots.analyst_findings import plain_columns
from hotspots.brief import write_brief
from hotspots.completeness_workbook import write_completeness_workbook
from hotspots.feedback import write_feedback
from hotspots.geofiles import without_formulas, write_geopackage, write_tables
from hotspots.map_picture import map_picture
from hotspots.plain_text import plain_json, plain_text
from hotspots.premises_workbook import write_premises_workbook
from hotspots.printing import print_figures
from hotspots.slides import write_slides
from hotspots.workbook import plain
from tests.hotspots.builders import basemap, hot_spots, publishable
from tests.hotspots.payloads import (
    HALVES,
    PAYLOADS,
    hostile,
    hostile_completeness,
    hostile_premises,
    shown,
    squeezed,
)

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Turn what follows them round, or end such a turn.
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One folder with every file that is no page."""
    folder = tmp_path_factory.mktemp("hostile")
    found, scored = hostile(), hostile_completeness()
    write_slides(found, scored, folder / "brief.pptx")
    write_completeness_workbook(scored, folder / "completeness.xlsx")
    write_premises_workbook(hostile_premises(), folder / "premises.xlsx")
    write_feedback(scored, folder / "feedback")
    write_geopackage(found, folder / "hotspots.gpkg")
    write_tables(found, folder / "analyst")
    return folder


def words_of(path) -> str:
    """What a PDF says in ASCII, without white space: its font lacks some of the others."""
    return in_ascii("".join(page.extract_text() for page in PdfReader(path).pages))


def in_ascii(text: str) -> str:
    return "".join(letter for letter in plain_text(text) if letter.isascii() and letter != " ")


def test_there_are_payloads_of_every_kind():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.mark.long
def test_the_brief_shows_the_payloads_as_words_and_runs_nothing(tmp_path):
    write_brief(hostile(), hostile_completeness(), tmp_path / "brief.pdf")
    words = words_of(tmp_path / "brief.pdf")

    for payload in PAYLOADS:
        assert words.count(in_ascii(payload)) >= 3  # as a name, a caveat and a thing withheld
    assert runs_nothing(tmp_path / "brief.pdf")


def test_the_hospitals_sheets_show_the_payloads_as_words_and_run_nothing(made):
    sheets = sorted((made / "feedback").iterdir())
    words = "".join(words_of(path) for path in sheets)

    assert len(sheets) == 3
    for payload in PAYLOADS:
        assert words.count(in_ascii(payload)) >= 3
    assert all(map(runs_nothing, sheets))


def runs_nothing(path) -> bool:
    raw = path.read_bytes()
    return not any(word in raw for word in (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/AA"))


def test_every_part_of_the_slides_is_whole_and_links_to_nothing_outside(made):
    with zipfile.ZipFile(made / "brief.pptx") as parts:
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(parts.read(name))
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in parts.read(name)


def test_the_slides_show_the_payloads_as_words(made):
    shapes = [shape for slide in Presentation(made / "brief.pptx").slides for shape in slide.shapes]
    texts = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    texts += [
        cell.text_frame.text
        for shape in shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    words = squeezed(" ".join(texts))

    for payload in (*PAYLOADS, HALVES):
        assert words.count(shown(payload)) >= 3  # as a name, a caveat and a thing withheld
    assert not any(mark in words for mark in TURNS)


@pytest.mark.parametrize("name", ["completeness.xlsx", "premises.xlsx"])
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(made, name):
    path = made / name
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]

    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any("canary" in (cell.hyperlink.target or "") for cell in cells if cell.hyperlink)
    for payload in PAYLOADS:
        assert any(squeezed(plain(payload)) in squeezed(text) for text in texts)
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            root = etree.fromstring(parts.read(name))
            assert not root.xpath("//*[local-name() = 'f']")


def test_no_text_of_the_tables_begins_like_a_formula(made):
    files = sorted((made / "analyst").glob("*.csv"))
    every = []
    for path in files:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        for name in table.columns:
            numbers = pd.to_numeric(table[name], errors="coerce").notna()
            texts = list(table.loc[~numbers, name])
            assert not [text for text in texts if text.startswith(FORMULA)]
            every += texts

    assert len(files) >= 8
    for payload in PAYLOADS:
        text = plain_text(payload)
        assert {text, f"'{text}"} & set(every), payload
    assert not any(mark in text for text in every for mark in TURNS)


@pytest.mark.parametrize("text", [" =1", "\x00=1", "\ufeff@A", "\u202e-1", "\u00a0＝1", "\r"])
def test_what_is_lost_on_the_way_in_hides_no_formula(text):
    safe = without_formulas(pd.DataFrame({"a": [text]}, dtype=object))

    assert safe["a"].tolist() == [f"'{text}"]


def test_every_layer_can_be_read_and_holds_the_names(made):
    path = made / "hotspots.gpkg"
    for layer in ("boundary", "areas", "density", "police_hotspots", "hotspots"):
        gpd.read_file(path, layer=layer)
    names = squeezed(" ".join(gpd.read_file(path, layer="hotspots")["name"]))
    with closing(sqlite3.connect(path)) as connection:
        [(sound,)] = connection.execute("PRAGMA integrity_check")
        described = connection.execute("SELECT description FROM gpkg_contents").fetchall()

    assert sound == "ok"
    assert set(pyogrio.list_layers(path)[:, 0]) >= {"layer_styles", "hotspots"}
    for payload in PAYLOADS:
        assert shown(payload) in names
        assert sum(shown(payload) in squeezed(text or "") for (text,) in described) >= 5
    assert not any(mark in names for mark in TURNS)


def test_a_list_for_machines_keeps_every_text_and_shows_none_that_turns():
    kept = {"marking": [*PAYLOADS, HALVES]}
    text = plain_json(kept)

    assert json.loads(text) == kept
    assert text.encode("utf-8")
    for line in text.splitlines():
        assert plain_text(line) == unicodedata.normalize("NFC", line)


def test_a_table_without_unseen_marks_keeps_its_kinds():
    table = pd.DataFrame({"n": [1], "a": pd.Series(["x\u202ey"], dtype="str"), "b": [None]})
    found = plain_columns(table)

    assert found["a"].tolist() == ["xy"]
    assert found.dtypes.equals(table.dtypes)
    assert table["a"].tolist() == ["x\u202ey"]


@pytest.mark.parametrize("mark", ["\u0338", "e\u0323\u0301", "\u05d0\u05b0"])
def test_a_name_with_marks_apart_leaves_the_map_whole(mark, monkeypatch):
    # In NFC ">" and U+0338 are one character: the tag would not end. Of others PDF/UA-1 would
    # not know what they are.
    name = f"{mark}Quay"
    spots = hot_spots().assign(name=f"{name} Parade")
    found = publishable(hot_spots=spots, basemap=basemap().assign(name=name))
    picture = map_picture(found, spots, width_mm=146, height_mm=98)
    shipped = typesetting.asset
    page = '#image(bytes(data.map), format: "svg", alt: "Map")'
    monkeypatch.setattr(
        typesetting, "asset", lambda name: page if name.endswith("/map.typ") else shipped(name)
    )
    data = {"title": "Map", "subtitle": "", "marking": "TEST", "map": picture.svg}

    assert "Quay</text>" in picture.svg
    assert typesetting.typeset("map.typ", data=data, dated=date(2026, 3, 31)).startswith(b"%PDF")


def test_a_name_cannot_move_the_cursor_of_a_terminal(capsys):
    print_figures({}, ["1. An\x1b[2J\x07ch\u202eor\rX: 5"], as_json=False)

    assert capsys.readouterr().out == "1. An[2Jchor X: 5\n"
