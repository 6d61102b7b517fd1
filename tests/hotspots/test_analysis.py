from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ed_ingest.errors import AnalysisError
from tests.ed_ingest.contract_rows import assault_at, crimes
from tests.hotspots.town import EAST, NORTH, areas, findings, gazetteer, spread_out


def test_only_emergency_departments_count_and_moved_patients_once():
    found = findings({}, {"source": "ambulance"}, {"source": "urgent_care"}, {"transfer": "yes"})

    assert found.n_recorded == 1
    assert found.providers["n_recorded"].tolist() == [1]


def test_the_period_is_whole_months_of_nights():
    found = findings(
        assault_at(pd.Timestamp("2026-04-01 05:59")),  # the last night of March
        assault_at(pd.Timestamp("2026-04-01 06:00")),
        assault_at(pd.Timestamp("2026-02-01 06:00")),
        assault_at(pd.Timestamp("2026-02-01 05:59")),  # the last night of January
        period_to=date(2026, 3, 15),
        months=2,
    )

    assert (found.period_from, found.period_to) == (date(2026, 2, 1), date(2026, 3, 31))
    assert found.n_recorded == 2


def test_without_a_night_the_arrival_tells_and_without_both_the_record_is_in_no_period():
    undated = {"night_of": None, "assault_from": None, "assault_to": None}
    found = findings({}, undated, {**undated, "arrived_at": None})

    assert (found.n_recorded, found.n_undated) == (2, 1)


def test_without_arrivals_a_date_alone_tells_the_night():
    day = pd.Timestamp("2026-03-31")
    dated = {
        "time_precision": "date", "night_of": None, "arrived_at": None,
        "assault_from": day, "assault_to": day + pd.Timedelta(minutes=1439),
    }  # fmt: skip
    april = {**dated, "assault_from": pd.Timestamp("2026-04-01")}

    found = findings(dated, dated, april)

    assert (found.n_recorded, found.n_undated) == (2, 0)
    assert found.providers["months"].tolist() == [1]


def test_homes_are_counted_and_never_placed():
    home = {"location_type": "own_home", "easting": EAST + 300, "northing": NORTH + 300}
    with_homes = findings(*spread_out(12), *[home] * 20)
    without = findings(*spread_out(12))

    assert (with_homes.n_recorded, with_homes.n_home, with_homes.n_mapped) == (32, 20, 12)
    assert np.array_equal(with_homes.assaults.surface.values, without.assaults.surface.values)
    assert with_homes.assaults.hot_spots["n"].tolist() == [12]


def test_nights_and_hours_add_up_to_the_records_with_a_known_hour():
    found = findings({}, {"time_precision": "date"}, {"time_precision": "part_of_day"})

    assert found.n_timed == 2
    assert found.night_bands["n"].sum() == pytest.approx(2)
    # Both at 23:10: in the window from 18:00 to 06:00, out of one from 12:00 to 18:00.
    assert found.n_night_time_economy == 2
    assert findings({}, nte_hours=(12, 18)).n_night_time_economy == 0


def test_the_figures_of_the_linkage_go_along_with_the_periods_own_counts():
    found = findings(
        {"link_status": "linked"},
        {"link_status": "not_found"},
        link_figures={"known_share": 0.4, "n_linkable": 999},
    )

    assert found.links == {"known_share": 0.4, "n_linkable": 2, "n_not_found": 1}


def test_the_share_known_to_the_police_is_that_of_the_period():
    before = assault_at(pd.Timestamp("2024-03-10 22:15"))
    weighed = pd.DataFrame({"event_id": ["a0", "a1", "a2", "a4"], "known": [1.0, 1.0, 0.0, 1.0]})
    weighed = weighed.assign(incident_id=weighed["event_id"], by_chance=0.0)
    weighed = weighed.assign(known_by_incident=weighed["known"]).set_axis([0, 1, 2, 4])
    found = findings(
        {"link_status": "linked"},
        {"link_status": "linked"},
        {"link_status": "not_found"},
        {"link_status": "not_linkable"},
        {**before, "link_status": "linked"},
        weighed=weighed,
        link_figures={"known_share": 0.99, "chance_rate": 0.01},
    )

    # Two of three; the fourth was before the period.
    assert found.links["known_share"] == pytest.approx(2 / 3)
    assert found.links["known_share_low"] < 2 / 3 < found.links["known_share_high"]
    assert (found.links["n_linkable"], found.links["chance_rate"]) == (3, 0.01)


def test_before_linkage_no_share_is_known():
    assert findings({}, weighed=pd.DataFrame({"event_id": []})).links == {}


def test_police_records_have_a_map_of_their_own():
    points = [{**c, "place_name": None} for c in spread_out(15)]
    found = findings({}, crimes=crimes(*points))

    assert found.police.hot_spots["n"].tolist() == [15]
    assert found.police.hot_spots["name"].tolist() == ["Castle Street"]
    assert not found.police_is_snapped
    assert found.assaults.hot_spots.empty


def test_areas_count_both_sources_by_code():
    found = findings(
        {"lsoa": "W01"}, {"lsoa": "W01"}, {},
        crimes=crimes({"lsoa": "W02"}),
        gazetteer=gazetteer(areas=areas()),
    )  # fmt: skip

    assert found.areas["n_assaults"].tolist() == [2, 0]
    assert found.areas["n_police"].tolist() == [0, 1]


def test_nothing_at_all_is_still_a_finding():
    found = findings()

    assert found.n_recorded == found.n_mapped == found.n_timed == 0
    assert found.assaults is None
    assert found.police is None
    assert found.night_bands["n"].sum() == 0


def test_records_without_any_place_are_counted():
    found = findings({"location_level": "none", "easting": None, "northing": None})

    assert (found.n_recorded, found.n_mapped) == (1, 0)
    assert found.assaults is None


def test_an_absurd_map_is_refused():
    with pytest.raises(AnalysisError, match="Set cell_m to"):
        findings({}, {"easting": EAST + 20_000, "northing": NORTH + 20_000}, cell_m=1)


def test_the_map_stays_within_the_boundary():
    around = shapely.box(EAST - 300, NORTH - 300, EAST + 300, NORTH + 300)
    found = findings({}, {"easting": 200_000}, gazetteer=gazetteer(boundary=around))

    assert found.assaults.surface.x.min() > EAST - 300
    assert found.boundary is around


@pytest.fixture(scope="module")
def cardiff(open_data):
    """Police.uk violence of Cardiff in 2025, with no hospital record beside it."""
    files = sorted((open_data / "police-south-wales-2025").glob("*.csv"))
    raw = pd.concat([pd.read_csv(path) for path in files], ignore_index=True)
    raw = raw[raw["Crime type"].eq("Violence and sexual offences") & raw["Longitude"].notna()]
    raw = raw.reset_index(drop=True)
    lonlat = gpd.GeoSeries(gpd.points_from_xy(raw["Longitude"], raw["Latitude"], crs=4326))
    points = lonlat.to_crs(27700)
    start = pd.to_datetime(raw["Month"] + "-01").astype("datetime64[s]")
    table = crimes(n=1).iloc[[0] * len(raw)].reset_index(drop=True)
    table = table.assign(
        offence_group="violence_and_sexual",
        location_level="snapped",
        time_precision="month",
        committed_from=start,
        committed_to=start + pd.offsets.MonthEnd(0),
        easting=points.x,
        northing=points.y,
        place_name=raw["Location"].astype("str"),
        lsoa=raw["LSOA code"].astype("str"),
    )
    path = open_data / "boundaries-cardiff" / "cardiff_lsoa21_pop_wimd_wgs84.geojson"
    lsoas = gpd.read_file(path).to_crs(27700)
    lsoas = lsoas.rename(columns={"LSOA21CD": "code", "LSOA21NM": "name"})
    return findings(
        crimes=table,
        period_to=date(2025, 12, 31),
        gazetteer=gazetteer([], areas=lsoas[["code", "name", "population", "geometry"]]),
    )


@pytest.mark.long  # The same counts and street: test_real_cardiff.py.
def test_cardiffs_violence_is_counted_by_area(cardiff):
    by_code = cardiff.areas.set_index("code")["n_police"]

    assert len(by_code) == 218
    assert by_code.sum() == 13_108
    assert by_code.nlargest(2).tolist() == [1750, 313]
    assert by_code.idxmax() == "W01002019"


@pytest.mark.long  # The same counts and street: test_real_cardiff.py.
def test_cardiffs_violence_peaks_in_st_mary_street(cardiff):
    values = cardiff.police.surface.values  # noqa: PD011
    row, column = np.unravel_index(np.nanargmax(values), values.shape)
    peak = shapely.Point(cardiff.police.surface.x[column], cardiff.police.surface.y[row])
    street = gpd.GeoSeries([shapely.Point(-3.177367, 51.477518)], crs=4326).to_crs(27700)[0]
    spots = cardiff.police.hot_spots

    assert peak.distance(street) < 250
    (there,) = spots[spots.contains(peak)].index
    assert spots["name"][there] == "Heol Eglwys Fair"
    assert spots["rank"][there] == 1
    assert cardiff.police_is_snapped
