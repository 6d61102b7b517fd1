"""Three made-up areas: records as a linked store would hold them, and their truth."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from ed_ingest.errors import EdHotspotsError, WorkspaceError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.levels import HOMES, MAPPED_LEVELS
from ed_ingest.providers import load_providers
from ed_ingest.schema import load_spec
from ed_ingest.workspace import open_workspace
from hotspots.record_files import RECORD_TABLES, open_records, read_records
from hotspots.simulate_areas import simulate_areas
from hotspots.simulated.country import outline

SEED = 3


@pytest.fixture(scope="module")
def country(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("country") / "w"
    simulate_areas(root, areas=3, assaults=300, months=3, seed=SEED, n_workers=1)
    return root


@pytest.fixture(scope="module")
def records(country) -> dict[str, pd.DataFrame]:
    there = open_records(str(country / "records"))
    return {name: read_records(there, name) for name in RECORD_TABLES}


@pytest.fixture(scope="module")
def truth(country) -> dict[str, pd.DataFrame]:
    return {
        name: pd.concat(
            [
                pd.read_csv(folder / f"{name}.csv", keep_default_na=False).assign(town=folder.name)
                for folder in sorted((country / "truth").iterdir())
            ],
            ignore_index=True,
        )
        for name in ("assaults", "links", "trends")
    }


@pytest.mark.parametrize(
    ("table", "schema"),
    [("assaults", "ed_assault"), ("crimes", "police_crime"), ("links", "links"),
     ("batches", "batches")],
)  # fmt: skip
def test_every_table_keeps_the_contract(records, table, schema):
    rows, spec = records[table], load_spec(schema)

    assert list(rows.columns) == spec.contract
    assert len(rows) > 0
    assert not rows.duplicated(list(spec.primary_key)).any()
    for name in spec.contract:
        field = spec.fields[name]
        known = rows[name].dropna()
        assert not field.required or len(known) == len(rows), name
        assert not field.codes or set(known) <= set(field.codes), name
        assert field.minimum is None or (known >= field.minimum).all(), name
        assert field.maximum is None or (known <= field.maximum).all(), name


def test_homes_have_no_point_and_only_words_of_known_places_stay(country, records):
    assaults = records["assaults"]
    home = assaults["location_type"].isin(HOMES)
    names = load_gazetteer(country / "reference").places["name"]

    assert home.sum() > 30
    assert assaults.loc[home, ["easting", "northing", "location_text"]].isna().all(axis=None)
    assert set(assaults["place_name"].dropna()) <= set(names)


def test_records_and_truth_tell_of_the_same_assaults(records, truth):
    assaults, true = records["assaults"], truth["assaults"]
    stored = true[true["event_id"] != ""]
    both = assaults.merge(stored, on="event_id", suffixes=("", "_true"), validate="one_to_one")
    placed = both["location_level"].isin(MAPPED_LEVELS)
    off = np.hypot(both["easting"] - both["easting_true"], both["northing"] - both["northing_true"])

    assert (true["transfer"] == "no").sum() == 300
    assert len(both) == len(assaults)
    # Rows with an impossible date are held back: two or so of each hospital's.
    assert 0 < (true["event_id"] == "").sum() <= 20
    assert (both["provider"] == both["provider_true"]).all()
    assert (both["arrived_at"] == pd.to_datetime(both["arrived_at_true"])).all()
    assert placed.sum() > 100
    assert off[placed].median() < 60


def test_levels_and_times_are_as_reading_gives_them(records):
    # What journey 1 makes of a simulated year: a third at premises, a third at homes, and so on.
    share = records["assaults"]["location_level"].value_counts(normalize=True)
    exact = (records["assaults"]["time_precision"] == "minute").mean()

    assert 0.25 < share["premises"] < 0.5
    assert 0.2 < share["withheld"] < 0.42
    assert 0.08 < share["street"] < 0.25
    assert 0.02 < share["none"] < 0.15
    assert 0.8 < exact < 0.98


def test_links_are_of_records_that_are_there_and_mostly_right(records, truth):
    links = records["links"]
    true = truth["links"]
    sure = links[links["probability"] >= 0.5]
    right = sure.merge(true, on=["event_id", "crime_id"])
    status = records["assaults"].set_index("event_id")["link_status"]

    assert set(links["event_id"]) <= set(records["assaults"]["event_id"])
    assert set(links["crime_id"]) <= set(records["crimes"]["crime_id"])
    assert (status[sure["event_id"]] == "linked").all()
    assert set(status) <= set(load_spec("ed_assault").fields["link_status"].codes)
    assert len(sure) > 20
    assert len(right) / len(sure) > 0.6


def test_a_town_astride_a_border_has_assaults_on_both_sides(country, truth):
    true = truth["assaults"]
    areas = gpd.read_file(country / "areas.gpkg")
    points = gpd.GeoDataFrame(
        true[["area_code"]],
        geometry=gpd.points_from_xy(true["easting"], true["northing"]),
        crs=areas.crs,
    )
    lying = points.sjoin(areas, lsuffix="told", rsuffix="drawn")
    sides = true.loc[true["town"] == "X99000002", "area_code"].value_counts()

    assert list(areas.columns) == ["area_code", "area_name", "geometry"]
    assert areas.crs == "EPSG:27700"
    assert len(lying) == len(true)
    assert (lying["area_code_told"] == lying["area_code_drawn"]).all()
    assert set(sides.index) == {"X99000001", "X99000002"}
    assert sides.min() > 10


def test_some_patients_are_treated_by_a_neighbour(truth):
    elsewhere = truth["assaults"]["provider"].str[1:4].astype(int) != truth["assaults"]["town"].str[
        -3:
    ].astype(int)

    assert 0 < elsewhere.mean() < 0.08


def test_the_workspace_opens_with_its_reference_and_providers(country, records):
    workspace = open_workspace(country)
    places = load_gazetteer(workspace.reference)
    known = {provider.id for provider in load_providers(country)}
    whole = [outline(SEED, k) for k in range(3)]

    assert "SIMULATED" in workspace.settings.partnership.name
    assert set(records["assaults"]["provider"]) | set(records["crimes"]["provider"]) <= known
    assert places.boundary.area == pytest.approx(sum(shape.area for shape in whole), rel=1e-5)
    assert {"street", "premises", "custody", "health"} <= set(places.places["kind"])
    assert places.places["place_id"].is_unique
    assert places.areas["code"].is_unique
    assert set(records["assaults"]["lsoa"].dropna()) <= set(places.areas["code"])
    assert not any((country / "processing").iterdir())


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"areas": 0}, "1 to 1,000 areas"),
        ({"areas": 1_001}, "1 to 1,000 areas"),
        ({"areas": 2, "months": 0}, "at least 1 month"),
        ({"areas": 3, "assaults": 149}, "at least 50 assaults for each area"),
    ],
)
def test_too_few_or_too_many_are_refused(tmp_path, asked, words):
    with pytest.raises(EdHotspotsError, match=words):
        simulate_areas(tmp_path / "w", **asked)
    assert not (tmp_path / "w").exists()


def test_a_folder_that_is_not_empty_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="not empty"):
        simulate_areas(tmp_path, areas=1)


def content(folder: Path) -> dict[str, bytes]:
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


@pytest.mark.long
def test_the_same_bytes_from_one_process_and_from_two_workers(country, tmp_path):
    simulate_areas(tmp_path / "w", areas=3, assaults=300, months=3, seed=SEED, n_workers=2)

    assert content(tmp_path / "w") == content(country)


@pytest.mark.long
def test_an_areas_records_do_not_depend_on_the_areas_after_it(tmp_path):
    made = {}
    for n in (2, 3):
        simulate_areas(tmp_path / str(n), areas=n, months=1, seed=SEED, n_workers=1)
        made[n] = content(tmp_path / str(n) / "truth" / "X99000002")

    assert made[2] == made[3]
