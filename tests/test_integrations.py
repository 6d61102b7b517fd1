"""The pages for other programs: their steps fit the files, and run where the program is there."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
from PIL import Image

from hotspots.geofiles import LAYERS, write_geopackage, write_geoparquet, write_tables
from tests.hotspots.builders import with_everything

PAGES = Path(__file__).parent.parent / "docs" / "integrations"
# Steps for records, and those that need what no test has, are marked so.
BLOCK = re.compile(
    r"(<!-- not run: [^\n]*-->\n)?^```(\w+)\n(.*?)^```", flags=re.DOTALL | re.MULTILINE
)
SYSTEM_PYTHON = "/usr/bin/python3"
SECONDS = 60
NOT_THERE = 77
WITHOUT_SF = f'if (!requireNamespace("sf", quietly = TRUE)) quit(status = {NOT_THERE})'


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The folder in which a month's pack lies."""
    folder = tmp_path_factory.mktemp("outputs")
    analyst = folder / "2025-12" / "analyst"
    write_geopackage(with_everything(), analyst / "hotspots.gpkg")
    write_geoparquet(with_everything(), analyst)
    write_tables(with_everything(), analyst)
    return folder


def blocks(page: str, language: str, *, all_of_them: bool = False) -> list[str]:
    found = BLOCK.findall((PAGES / page).read_text(encoding="utf-8"))
    return [text for note, kind, text in found if kind == language and (all_of_them or not note)]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    # The interpreter of these tests must not lend its packages to another one.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False,
        env=kept | {"QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip


@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.glob("*.md")))
def test_each_page_says_first_who_may_see_what(page):
    text = (PAGES / page).read_text(encoding="utf-8")
    headings = re.findall(r"^## (.*)", text, flags=re.MULTILINE)

    assert headings[0].startswith("Who may see what")
    section = text.split("## Who may see what")[1].split("\n## ")[0]
    assert {"gate 2", "marking", "records"} <= set(re.findall(r"gate 2|marking|records", section))


def columns_of_query(query: str) -> tuple[str, dict[str, str]]:
    """File that a Power Query reads, and the type that it gives to each column."""
    (file,) = re.findall(r'Folder & "([\w.]+)"', query)
    return file, dict(re.findall(r'\{"(\w+)", ((?:type )?[\w.]+)\}', query))


READ_AS = {
    "type text": lambda texts: texts,
    "Int64.Type": lambda texts: pd.to_numeric(texts).astype("Int64"),
    "type number": pd.to_numeric,
    "type date": lambda texts: pd.to_datetime(texts, format="%Y-%m-%d"),
    "type logical": lambda texts: texts.map({"True": True, "False": False}).astype("boolean"),
}


@pytest.mark.parametrize("query", blocks("power-bi.md", "powerquery"), ids=columns_of_query)
def test_a_power_query_names_and_types_every_column_of_its_file(query, folder):
    file, types = columns_of_query(query)
    table = pd.read_csv(folder / "2025-12" / "analyst" / file, encoding="utf-8-sig", dtype="str")

    assert list(types) == list(table.columns)
    for name, kind in types.items():
        there = table[name].dropna()
        assert READ_AS[kind](there).notna().all(), name
    numbers = {n for n in types if pd.to_numeric(table[n], errors="coerce").notna().any()}
    dates = {"period_from", "period_to"}
    assert {n for n in numbers if types[n] == "type text"} == set()
    assert {n for n, kind in types.items() if kind == "type date"} == dates


def test_a_power_query_makes_what_was_held_back_empty_and_not_zero():
    for query in blocks("power-bi.md", "powerquery"):
        assert 'Table.ReplaceValue(Headed, "", null' in query
    measures = "\n".join(blocks("power-bi.md", "dax"))
    assert "COUNTBLANK" in measures
    assert not re.search(r"\+ 0|COALESCE", measures)


def test_the_geopackage_is_as_the_pages_tell(folder):
    path = folder / "2025-12" / "analyst" / "hotspots.gpkg"
    with closing(sqlite3.connect(path)) as connection:
        systems = dict(connection.execute("SELECT table_name, srs_id FROM gpkg_geometry_columns"))
        keys = {
            name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})") if row[5]]
            for name in LAYERS
        }
    assert systems == dict.fromkeys(LAYERS, 27700)
    assert keys == {name: ["fid"] for name in LAYERS}
    for page in ("qgis.md", "arcgis.md"):
        text = (PAGES / page).read_text(encoding="utf-8")
        listed = set(re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE))
        assert listed == (set(LAYERS) if page == "qgis.md" else set())
    assert {"class", "label"} <= set(pyogrio.read_info(path, layer="density")["fields"])
    assert {"rank", "name"} <= set(pyogrio.read_info(path, layer="hotspots")["fields"])


def test_the_geoparquet_is_what_arcgis_takes(folder):
    analyst = folder / "2025-12" / "analyst"
    for path in sorted(analyst.glob("*.parquet")):
        file = pyarrow.parquet.ParquetFile(path)
        geo = json.loads(file.schema_arrow.metadata[b"geo"])
        assert geo["version"] == "1.0.0"
        assert geo["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 27700}
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        used = {g.column(i).compression for g in groups for i in range(g.num_columns)}
        assert used <= {"SNAPPY"}
    for name in ("hotspots", "cells", "ranked_premises"):
        table = pd.read_csv(analyst / f"{name}.csv", encoding="utf-8-sig")
        assert table["easting"].between(0, 700_000).all()
        assert table["northing"].between(0, 1_300_000).all()


@pytest.mark.long
def test_the_page_for_r_runs_as_written(folder):
    if not shutil.which("Rscript"):
        pytest.skip("Rscript is not installed here.")
    script = folder / "page.R"
    script.write_text("\n".join([WITHOUT_SF, *blocks("r.md", "r")]), encoding="utf-8")
    done = run(["Rscript", "--no-save", script.name], folder)
    if done.returncode == NOT_THERE:
        pytest.skip("The package sf for R is not installed here.")

    assert done.returncode == 0, done.stderr
    assert "All methods:" in done.stdout
    assert "[c]" in done.stdout or "Mon" in done.stdout
    assert is_drawn(folder / "hotspots.png")


# After the page's own steps: each layer has its style, and is drawn.
LOOK = """
import json, sys
from qgis.core import QgsApplication, QgsMapRendererSequentialJob, QgsMapSettings, QgsProject
from qgis.PyQt.QtCore import QSize

app = QgsApplication([], False)
app.initQgis()
{page}
layers = {{layer.name(): layer for layer in QgsProject.instance().mapLayers().values()}}
told = {{}}
for name, layer in layers.items():
    label = layer.labeling().settings().fieldName if layer.labelsEnabled() else None
    told[name] = [layer.isValid(), layer.crs().authid(), layer.renderer().type(), label]
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setOutputSize(QSize(400, 300))
    settings.setExtent(layers["boundary"].extent())
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(f"qgis-{{name}}.png")
print(json.dumps(told))
"""


@pytest.mark.long
def test_qgis_opens_each_layer_with_its_style(folder):
    if not Path(SYSTEM_PYTHON).is_file():
        pytest.skip("There is no Python of the system's own here.")
    (page,) = blocks("qgis.md", "python", all_of_them=True)
    script = folder / "page.py"
    script.write_text(LOOK.format(page=page), encoding="utf-8")
    done = run([SYSTEM_PYTHON, script.name], folder)
    if "No module named 'qgis'" in done.stderr:
        pytest.skip("QGIS with its Python packages (python3-qgis) is not installed here.")
    assert done.returncode == 0, done.stderr

    told = json.loads(done.stdout.splitlines()[-1])
    assert "GeoPackage user_version" not in done.stderr
    assert {tuple(layer[:2]) for layer in told.values()} == {(True, "EPSG:27700")}
    assert told["density"][2] == told["hotspots"][2] == "categorizedSymbol"
    assert "rank" in told["hotspots"][3]
    for name in ("boundary", "density", "hotspots"):
        assert is_drawn(folder / f"qgis-{name}.png"), name


def is_drawn(picture: Path) -> bool:
    """Whether anything but one even ground is on a picture."""
    with Image.open(picture) as image:
        return len(image.convert("RGB").getcolors(1_000_000) or []) > 1
