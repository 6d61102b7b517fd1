# ruff: noqa: PD011 (the values are a surface's, not a frame's)
"""Both journeys on real open data: twelve police.uk months, Cardiff's areas and premises."""

from __future__ import annotations

import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.store import open_store
from ed_ingest.workspace import open_workspace
from hotspots import demo
from hotspots.analysis import analyse
from hotspots.pack import Made

# A year of a force and 60 deliveries are taken in first.
pytestmark = pytest.mark.long

CITY_CENTRE = (-3.177367, 51.477518)  # longitude, latitude of the busiest map point
POLICE_STATION = (-3.170632, 51.464709)  # of the map point "Police Station"


def on_grid(longitude, latitude):
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    return shapely.Point(*to_grid.transform(longitude, latitude))


@pytest.fixture(scope="module")
def cardiff(open_data, tmp_path_factory):
    # The files of a pack are looked at elsewhere; here the months are analysed below.
    folder = tmp_path_factory.mktemp("cardiff") / "workspace"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "publish_month", lambda *_, **__: Made(folder, {}, []))
        patch.setattr(demo, "_summary", lambda *_: [])
        made = demo.run_demo(folder, assaults=1500, months=12, seed=3, reference=open_data)
    return open_workspace(folder), made


@pytest.fixture(scope="module")
def police_uk(cardiff):
    workspace, _ = cardiff
    with open_store(workspace.store) as store:
        crimes, batches = store.read("crimes"), store.read("batches")
    return crimes[crimes["provider"] == "police-uk"], batches[batches["provider"] == "police-uk"]


@pytest.fixture(scope="module")
def findings(cardiff, police_uk):
    """Journey 2 for a partnership that has police.uk alone."""
    workspace, _ = cardiff
    with open_store(workspace.store) as store:
        assaults, figures = store.read("assaults"), store.link_figures()
    crimes, _ = police_uk
    return analyse(
        assaults,
        crimes,
        figures,
        gazetteer=load_gazetteer(workspace.reference),
        partnership="Cardiff",
        provider_names={},
        period_to=pd.Timestamp("2025-12-31").date(),
    )


def test_every_row_of_the_police_files_is_read_and_kept(police_uk):
    crimes, batches = police_uk

    assert batches["n_read"].sum() == 130_066
    assert batches["n_no_place"].sum() == 3_474
    assert (batches["n_stored"] == batches["n_read"]).all()
    assert len(crimes) == 130_066
    assert (crimes["location_level"] == "none").sum() == 3_474
    assert crimes["crime_id"].is_unique


def test_violence_in_cardiff_is_counted_by_the_areas_code(cardiff, police_uk):
    workspace, _ = cardiff
    crimes, _ = police_uk
    areas = load_gazetteer(workspace.reference).areas
    violence = crimes[
        crimes["lsoa"].isin(areas["code"]) & (crimes["offence_group"] == "violence_and_sexual")
    ]
    by_area = violence["lsoa"].value_counts()

    assert len(areas) == 218
    assert len(violence) == 13_108
    assert by_area.index[0] == "W01002019"
    assert by_area.iloc[0] == 1_750


def test_the_peak_of_police_violence_is_in_the_city_centre(findings):
    surface = findings.police.surface
    row, column = np.unravel_index(np.nanargmax(surface.values), surface.values.shape)
    peak = shapely.Point(surface.x[column], surface.y[row])

    assert peak.distance(on_grid(*CITY_CENTRE)) <= 250


def test_the_first_hot_spot_of_police_violence_is_st_mary_street(findings):
    first = findings.police.hot_spots.iloc[0]

    assert first["rank"] == 1
    assert first["name"] in ("Heol Eglwys Fair", "St Mary Street")
    assert first.geometry.centroid.distance(on_grid(*CITY_CENTRE)) <= 250
    assert not first["false_place"]
    assert "snapped" in findings.police_note


def test_the_point_at_the_police_station_is_flagged(findings):
    hot_spots = findings.police.hot_spots
    there = hot_spots[hot_spots.distance(on_grid(*POLICE_STATION)) == 0]

    assert len(there) == 1
    assert there["false_place"].all()


def test_nothing_is_drawn_in_the_sea(findings, open_data):
    # Small areas of 2011 end at the coast; their outlines are simplified by some metres.
    areas = open_data / "boundaries-cardiff" / "cardiff_lsoa_2011_W06000015.geojson"
    land = gpd.read_file(areas).to_crs("EPSG:27700").union_all().buffer(60)
    surface = findings.police.surface
    xs, ys = np.meshgrid(surface.x, surface.y)
    drawn = surface.values > 0

    for hot_spots in (findings.police.hot_spots, findings.assaults.hot_spots):
        assert hot_spots.within(land).all()
    shapely.prepare(land)
    assert shapely.contains_xy(land, xs[drawn], ys[drawn]).all()


def test_nothing_is_drawn_outside_the_boundary(findings):
    boundary = findings.boundary
    surface = findings.police.surface
    xs, ys = np.meshgrid(surface.x, surface.y)
    drawn = ~np.isnan(surface.values)

    assert shapely.contains_xy(boundary.buffer(surface.cell_m), xs[drawn], ys[drawn]).all()
    for hot_spots in (findings.police.hot_spots, findings.assaults.hot_spots):
        assert hot_spots.within(boundary.buffer(1)).all()


def test_the_hospitals_assaults_are_placed_on_real_streets(cardiff, findings):
    _, made = cardiff
    with sqlite3.connect(cardiff[0].store) as connection:
        names = {r[0] for r in connection.execute("SELECT DISTINCT place_name FROM assaults")}
    connection.close()

    assert made.figures["rows_read"] > 130_066
    assert len(names) > 200
    assert findings.n_mapped > 500
