"""A real workspace whose files, names and settings carry payloads, to a published pack: inert."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely
from lxml import etree
from pptx import Presentation
from pypdf import PdfReader

from hotspots import cli
from hotspots.plain_text import plain_text
from tests.hotspots.payloads import HALVES, PAYLOADS, one_each, shown, squeezed, told

pytestmark = pytest.mark.long

# A folder's name that every system can have, and that shells and templates would work out.
FOLDER = "a & {{7*7}} ${x} $(y) #eval 'z' %d"
EAST, NORTH = 420_000, 310_000
STREETS = [(EAST + 500 * i, NORTH + 400 * i) for i in range(3)]
WHOLE = " ¦ ".join(PAYLOADS)
ANSWERS = """
[self_assessment.arrangements]
marac = { in_place = true, used = 4 }
"""
PROVIDER = """
name = NAME
kind = "ed"
[agreement]
reference = REFERENCE
items = ["age_band", "sex"]
[columns]
attendance_number = "No"
arrived_at = "Arrived"
assault_at = "Assaulted"
assault_method = "Method"
location_type = "Kind"
location_text = ["Where"]
easting = "E"
northing = "N"
reported_to_police = "Police"
age = "Age"
sex = "Sex"
"""
FOREIGN = "iframe, img[src=x], animate, math, base, link[rel=stylesheet], [onload], [onerror]"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def toml(text: str) -> str:
    """A text as TOML writes it, whatever is in it."""
    plain = re.compile(r"[a-zA-Z0-9 ]")
    return '"' + "".join(c if plain.match(c) else f"\\U{ord(c):08x}" for c in text) + '"'


def run(*arguments: object) -> None:
    before = sys.argv
    sys.argv = ["ed-hotspots", *map(str, arguments)]
    try:
        with pytest.raises(SystemExit) as stop:
            cli.main()
    finally:
        sys.argv = before
    assert stop.value.code in (0, 1, None), arguments[0]


def write_rows(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_reference(folder: Path) -> None:
    streets = [
        {"place_id": f"S{i}", "name": name, "alt_names": WHOLE.replace("|", "/"), "kind": "street",
         "easting": east, "northing": north, "address": "Marford"}
        for i, ((east, north), name) in enumerate(zip(STREETS, told(3), strict=True))
    ]  # fmt: skip
    premises = [
        {**streets[i % 3], "place_id": f"P{i}", "name": name, "alt_names": "", "kind": "premises",
         "easting": STREETS[i % 3][0] + i % 7, "address": name}
        for i, name in enumerate(PAYLOADS)
    ]  # fmt: skip
    write_rows(folder / "places.csv", [*streets, *premises])
    roads = [
        shapely.LineString([(east - 300, north + 9 * i), (east + 300, north + 9 * i)])
        for i, (east, north) in enumerate(STREETS * 25)
    ]
    base = {"kind": "road", "name": [*told(3), *one_each(len(roads) - 3)]}
    save(gpd.GeoDataFrame(base, geometry=roads, crs=27700), folder / "basemap.geojson")
    boxes = [shapely.box(x - 400, y - 400, x + 400, y + 400) for x, y in STREETS]
    areas = {"code": ["=1+1", "<b>", "${x}"], "name": told(3), "population": 1500}
    save(gpd.GeoDataFrame(areas, geometry=boxes, crs=27700), folder / "areas.geojson")
    write_rows(
        folder / "events.csv",
        [{"first_night": "2026-03-05", "last_night": "2026-03-06", "name": p} for p in PAYLOADS
         if plain_text(p).strip()],
    )  # fmt: skip
    write_rows(
        folder / "completeness-events.csv",
        [{"provider": "all", "month": "2026-03", "event": p, "new_limits": "no"} for p in PAYLOADS],
    )


def save(frame: gpd.GeoDataFrame, path: Path) -> None:
    path.write_text(frame.to_crs(4326).to_json(), encoding="utf-8")


def write_delivery(path: Path) -> Path:
    rows = []
    for n in range(75):
        east, north = STREETS[n % 3]
        day, hour = 1 + n % 28, 20 + n % 4
        rows.append(
            {"No": f"R{n:04}", "Arrived": f"{day:02}/03/2026 {hour}:30",
             "Assaulted": f"{day:02}/03/2026 {hour - 1}:{n % 60:02}", "Method": "Fist",
             "Kind": "Street", "Where": PAYLOADS[n % len(PAYLOADS)].replace("\x00", ""),
             "E": east + n % 9, "N": north + n % 11, "Police": "No", "Age": "31", "Sex": "Female"}
        )  # fmt: skip
    return write_rows(path, rows)


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """The published pack."""
    folder = tmp_path_factory.mktemp("hostile")
    workspace = folder / FOLDER
    run("init", workspace, "--name", "Marford", "--marking", "TEST", "--premises-names")
    path = workspace / "settings.toml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r'(?m)^name = "Marford"$', lambda _: f"name = {toml(WHOLE)}", text)
    text = re.sub(r'(?m)^marking = "TEST"$', lambda _: f"marking = {toml(WHOLE)}", text)
    text = text.replace("\n[self_assessment]\n", "\n")
    path.write_text(text + ANSWERS, encoding="utf-8")
    provider = PROVIDER.replace("NAME", toml(WHOLE)).replace("REFERENCE", toml(WHOLE))
    (workspace / "providers" / "st-elsewhere.toml").write_text(provider, encoding="utf-8")
    write_reference(workspace / "reference")
    delivery = write_delivery(folder / "{{7*7}} ${x} =1.csv")
    run("ingest", delivery, "-w", workspace, "--provider", "st-elsewhere", "--received",
        "2026-04-09")  # fmt: skip
    run("publish", "-w", workspace)
    run("export", "assaults", folder / "assaults.csv", "-w", workspace)
    [made] = [path for path in (workspace / "outputs").glob("2026-03*") if path.is_dir()]
    return made


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_runs_on_any_page_and_axe_finds_nothing(visit, pack, width):
    pages = sorted(pack.rglob("*.html"))
    assert len(pages) >= 4
    for path in pages:
        seen = visit(path, width=width, height=844)
        if path.name == "tasking-map.html":
            seen.ready()
            for layer in seen.page.locator(".layer input").all():
                layer.check(force=True)
            for button in seen.page.locator("button.zoom-to").all():
                button.click()
        assert seen.page.evaluate("window.canary") is None
        assert seen.faults() == []
        assert seen.page.locator(FOREIGN).count() == 0
        assert seen.violations() == []
        words = squeezed(seen.page.locator(".page-head").text_content())
        assert [p for p in PAYLOADS if shown(p) not in words] == []


def test_names_of_streets_come_through_as_words(visit, pack):
    page = visit(pack / "tasking" / "tasking-map.html").ready().page
    words = squeezed(" ".join(page.locator("button.zoom-to").all_text_contents()))

    assert page.locator("button.zoom-to").count() >= 1
    assert any(shown(payload) in words for payload in told(3))


def test_sheets_slides_and_tables_can_be_opened_and_hold_no_formula(pack):
    for path in pack.rglob("*.pdf"):
        raw, pages = path.read_bytes(), PdfReader(path).pages
        assert pages[0].extract_text()
        assert not any(word in raw for word in (b"/JavaScript", b"/JS", b"/Launch", b"/URI"))
    [deck] = pack.rglob("*.pptx")
    assert len(Presentation(deck).slides) >= 7
    for path in pack.rglob("*.xlsx"):
        cells = [c for sheet in openpyxl.load_workbook(path) for r in sheet.iter_rows() for c in r]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
    for path in [*pack.rglob("*.pptx"), *pack.rglob("*.xlsx")]:
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                if name.endswith((".xml", ".rels")):
                    etree.fromstring(parts.read(name))


def test_no_text_of_a_table_begins_like_a_formula(pack):
    exported = pack.parents[2] / "assaults.csv"
    files = [*pack.rglob("*.csv"), exported]
    assert len(files) >= 6
    for path in files:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        for name in table.columns:
            texts = table.loc[pd.to_numeric(table[name], errors="coerce").isna(), name]
            assert not texts.str.startswith(FORMULA).any(), f"{path.name}: {name}"


def test_layers_and_the_manifest_can_be_read(pack):
    [path] = pack.rglob("*.gpkg")
    assert len(gpd.read_file(path, layer="hotspots")) >= 1
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    text = (pack / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)

    assert manifest["marking"] == WHOLE
    assert HALVES not in text
    assert not any(mark in text for mark in "\u202e\u2067\u2066\u202d\u200f\u200b")
    for path in pack.rglob("*.parquet"):
        assert len(pd.read_parquet(path)) >= 0
