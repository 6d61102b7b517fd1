from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import shapely

from hotspots.police import FORCE_NOTE, POLICE_UK_NOTE, comparable_violence
from tests.ed_ingest.contract_rows import crime_at, crimes
from tests.hotspots.town import EAST, NORTH, areas, gazetteer

POLICE_UK = {
    "offence_group": "violence_and_sexual",
    "location_level": "snapped",
    "time_precision": "month",
    "committed_from": pd.Timestamp("2026-03-01 00:00"),
    "committed_to": pd.Timestamp("2026-03-31 23:59"),
}


def chosen(*changes, places=None):
    return comparable_violence(
        crimes(*changes),
        period_from=date(2026, 3, 1),
        period_to=date(2026, 3, 31),
        gazetteer=places or gazetteer(),
    )


@pytest.mark.parametrize(
    "change",
    [
        {"offence_group": "violence_without_injury"},
        {"offence_group": "sexual"},
        {"location_type": "home"},
        {"location_level": "withheld"},
        {"domestic_abuse": "yes"},
        crime_at(pd.Timestamp("2026-03-01 05:00")),  # still February's last night
        crime_at(pd.Timestamp("2026-04-01 06:00")),
    ],
)
def test_what_a_hospital_would_not_see_or_another_period_is_left_out(change):
    assert list(chosen({}, change).crimes["crime_id"]) == ["c0"]


def test_violence_with_injury_homicide_and_robbery_are_comparable():
    found = chosen({"offence_group": "homicide"}, {"offence_group": "robbery"}, {})

    assert len(found.crimes) == 3
    assert found.note == FORCE_NOTE
    assert not found.is_snapped


def test_the_last_night_ends_in_the_next_month():
    assert len(chosen(crime_at(pd.Timestamp("2026-04-01 05:59"))).crimes) == 1


def test_police_uk_is_used_alone_and_says_what_it_is():
    found = chosen(POLICE_UK, {**POLICE_UK, "offence_group": "other"})

    assert list(found.crimes["crime_id"]) == ["c0"]
    assert found.is_snapped
    assert found.note == POLICE_UK_NOTE
    assert "snapped" in found.note
    assert "police figures include violence at home and without injury" in found.note


def test_a_robbery_of_police_uk_without_a_place_is_no_record_of_the_forces_own():
    nowhere = {"location_level": "none", "easting": None, "northing": None}
    found = chosen(
        POLICE_UK, {**POLICE_UK, "offence_group": "robbery", **nowhere}, {**POLICE_UK, **nowhere}
    )

    assert list(found.crimes["crime_id"]) == ["c0", "c2"]
    assert found.note == POLICE_UK_NOTE


def test_police_uk_and_the_forces_own_records_are_never_mixed():
    found = chosen(POLICE_UK, {})

    assert list(found.crimes["crime_id"]) == ["c1"]
    assert not found.is_snapped


def test_without_records_there_is_no_note():
    found = chosen({"offence_group": "other"})

    assert found.crimes.empty
    assert (found.note, found.is_snapped) == ("", False)


def test_another_partnerships_crimes_are_left_out_by_area_code():
    places = gazetteer(areas=areas())
    found = chosen(
        {"lsoa": "W01"},
        {"lsoa": "W99"},
        {"lsoa": "W02", "easting": EAST + 90_000},  # the code counts, not the point
        {"lsoa": None},
        {"lsoa": None, "easting": EAST + 90_000},
        places=places,
    )

    assert list(found.crimes["crime_id"]) == ["c0", "c2", "c3"]


def test_without_areas_the_boundary_decides():
    around = shapely.box(EAST - 100, NORTH - 100, EAST + 100, NORTH + 100)
    found = chosen({}, {"easting": EAST + 500}, places=gazetteer(boundary=around))

    assert list(found.crimes["crime_id"]) == ["c0"]
