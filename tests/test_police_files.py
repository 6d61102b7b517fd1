"""Police files through the commands: what is taken, what is told, every row accounted for."""

from __future__ import annotations

import json
import zipfile

import pytest
from typer.testing import CliRunner

from ed_ingest.police_uk import AREA_ONLY
from ed_ingest.providers import load_provider
from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace
from hotspots.cli import app
from tests.ed_ingest.police_extracts import NICHE
from tests.ed_ingest.test_police_downloads import OUTCOMES
from tests.ed_ingest.test_police_uk import EARLY, NOW

RUN = CliRunner()


@pytest.fixture
def workspace(tmp_path):
    return make_workspace(tmp_path / "w", name="Marford", marking="OFFICIAL", premises_names=False)


@pytest.fixture
def download(tmp_path):
    path = tmp_path / "months.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2012-04/2012-04-wexshire-street.csv", EARLY)
        archive.writestr("2025-01/2025-01-wexshire-street.csv", NOW)
        archive.writestr("2025-01/2025-01-wexshire-outcomes.csv", OUTCOMES)
    return path


def told(*words, code=0):
    result = RUN.invoke(app, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def test_a_download_as_it_came_is_profiled_checked_and_taken_whole(workspace, download):
    where = ("-w", workspace.root, "--provider", "uk")
    profiled = told("profile", download, *where, "--kind", "police", "--yes")
    checked = told("check", download, *where)
    stored = told("ingest", download, *where)

    for output in (profiled, checked, stored):
        assert "2 files of crimes; left aside: 1 of outcomes." in output
        assert AREA_ONLY in output
    assert "2 rows read, 2 stored" in stored
    assert "3 rows read, 3 stored (0 replaced, 1 without a place), 0 held back" in stored
    with open_store(workspace.store) as store:
        batches, crimes = store.read("batches"), store.read("crimes")
    assert batches["n_read"].sum() == batches["n_stored"].sum() == len(crimes) == 5
    assert set(crimes["location_level"]) == {"snapped", "none"}
    assert "taken before" in told("ingest", download, *where)


def test_status_and_link_say_what_police_uk_s_rows_are_not_used_for(workspace, download):
    where = ("-w", workspace.root, "--provider", "uk")
    told("profile", download, *where, "--kind", "police", "--yes")
    told("ingest", download, *where)

    assert f"uk: {AREA_ONLY}" in told("status", "-w", workspace.root)
    linked = told("link", "-w", workspace.root)
    assert f"uk: {AREA_ONLY}" in linked
    assert "No assault can be linked" in linked
    assert "n_linkable" in json.loads(
        RUN.invoke(app, ["link", "-w", str(workspace.root), "--json"]).output
    )


def test_a_force_s_extract_is_mapped_and_stored_without_hand_edits(workspace, tmp_path):
    path = tmp_path / "extract.csv"
    path.write_text(NICHE.text, encoding="utf-8")
    where = ("-w", workspace.root, "--provider", "force")
    profiled = told("profile", path, *where, "--kind", "police", "--yes")
    stored = told("ingest", path, *where)

    assert load_provider(workspace.root, "force").columns == NICHE.wanted
    assert "3 rows read, 3 stored" in stored
    for output in (profiled, stored, told("status", "-w", workspace.root)):
        assert AREA_ONLY not in output
    with open_store(workspace.store) as store:
        assert store.read("crimes")["offence_group"].tolist().count("violence_with_injury") == 2


@pytest.mark.long
def test_of_a_real_year_every_row_is_accounted_for(workspace, open_data):
    where = ("-w", workspace.root, "--provider", "uk")
    folder = open_data / "police-south-wales-2025"
    told("profile", folder, *where, "--kind", "police", "--yes")
    told("ingest", folder, *where)

    with open_store(workspace.store) as store:
        batches, crimes = store.read("batches"), store.read("crimes")
    assert len(batches) == 12
    others = ["n_held_back", "n_not_assault", "n_duplicate"]
    assert (batches["n_read"] == batches["n_stored"] + batches[others].sum(axis=1)).all()
    assert batches["n_read"].sum() == len(crimes) == crimes["crime_id"].nunique() == 130_066
    assert batches["n_no_place"].sum() == (crimes["location_level"] == "none").sum() == 3_474


def test_what_is_no_file_of_crimes_is_refused_and_the_others_are_taken(workspace, download):
    outcomes = download.with_name("2025-01-wexshire-outcomes.csv")
    outcomes.write_text(OUTCOMES, encoding="utf-8")
    where = ("-w", workspace.root, "--provider", "uk")
    told("profile", download, *where, "--kind", "police", "--yes")

    output = told("ingest", outcomes, download, *where, code=2)
    assert "holds no file of crimes (1 of outcomes)" in output
    assert "3 rows read, 3 stored" in output
    assert "holds no file of crimes" in str(
        RUN.invoke(app, [str(w) for w in ("check", outcomes, *where)]).exception
    )
