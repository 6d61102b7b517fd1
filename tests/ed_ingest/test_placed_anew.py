"""Stored records by their held words: better places, homes withheld, nothing else touched."""

from __future__ import annotations

import pandas as pd

from ed_ingest.placed_anew import COLUMNS, place_anew
from tests.ed_ingest.gazetteer_builder import town
from tests.ed_ingest.test_answered_places import with_aliases
from tests.ed_ingest.test_store import sealed


def anew(words, gazetteer, *, lsoa_of_homes=(), **changes):
    rows = sealed("e1", "e2", **{"location_type": "licensed_premises", **changes})
    held = pd.DataFrame({"event_id": ["e1"], "words": [words]})
    return place_anew(rows, held, gazetteer=gazetteer, lsoa_of_homes=lsoa_of_homes)


def test_a_record_gets_place_point_area_and_sealed_words():
    rows = anew("o/s Zanadoo with Floppys", with_aliases(zanadoo="p1"))
    row = rows.iloc[0]

    assert list(rows) == list(COLUMNS)
    assert rows["event_id"].tolist() == ["e1"]
    assert (row["place_id"], row["place_name"]) == ("p1", "The Golden Lamb")
    assert (row["easting"], row["northing"]) == (318020, 176010)
    # West of easting 318 200 lies the first small area.
    assert row["lsoa"] == "W01000001"
    assert "Floppys" not in row["location_text"]


def test_what_is_no_better_stays_as_it_is():
    assert anew("o/s Zanadoo", town()).empty
    assert anew("Zanadoo, Northside", town(), location_level="locality").empty
    better = anew("Zanadoo, Northside", town(), location_level="none")
    assert better["location_level"].tolist() == ["locality"]


def test_the_point_of_a_district_is_not_taken_for_a_delivered_one():
    stored = {"location_level": "locality", "easting": 322000.0, "northing": 180100.0}
    assert anew("Northside", town(), **stored).empty
    row = anew("Zanadoo", with_aliases(zanadoo="p1"), **stored).iloc[0]
    assert (row["location_level"], row["easting"]) == ("premises", 318020)


def test_records_that_are_placed_or_at_home_are_left_alone():
    aliases = with_aliases(zanadoo="p1")
    assert anew("Zanadoo", aliases, location_level="street").empty
    assert anew("Zanadoo", aliases, location_level="withheld").empty
    assert anew("Zanadoo", aliases, location_type="own_home").empty


def test_a_home_keeps_no_words_and_its_small_area_only_as_agreed():
    homes = with_aliases(zanadoo="home")
    row = anew("o/s Zanadoo", homes, lsoa="W01000002", location_type="unknown").iloc[0]
    assert (row["location_level"], row["location_type"]) == ("withheld", "own_home")
    private = ["location_text", "place_id", "place_name", "easting", "northing", "lsoa"]
    assert row[private].isna().all()

    agreed = anew("Zanadoo", homes, lsoa="W01000002", lsoa_of_homes=["st-elsewhere"]).iloc[0]
    assert agreed["lsoa"] == "W01000002"


def test_nothing_held_changes_nothing():
    rows = sealed("e1")
    held = pd.DataFrame({"event_id": [], "words": []}).astype("str")
    assert place_anew(rows, held, gazetteer=town(), lsoa_of_homes=()).empty
