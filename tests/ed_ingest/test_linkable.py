import pandas as pd
import pytest

from ed_ingest import linkable as module
from ed_ingest.linkable import at_defaulted_place, comparable_crimes, covered, linkable
from tests.ed_ingest.contract_rows import EAST, NORTH, assault_at, assaults, crimes


def false_places(kind: str = "health") -> pd.DataFrame:
    return pd.DataFrame({"easting": [EAST + 10.0], "northing": [NORTH], "kind": [kind]})


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, True),
        ({"time_precision": "part_of_day"}, True),
        ({"time_precision": "date"}, True),
        ({"time_precision": "arrival"}, False),
        ({"time_precision": "missing", "assault_from": pd.NaT, "assault_to": pd.NaT}, False),
        ({"location_level": "junction"}, True),
        ({"location_level": "locality"}, False),
        ({"location_level": "withheld", "easting": None, "northing": None}, False),
        ({"location_type": "own_home"}, False),
        ({"location_type": "other_home"}, False),
    ],
)
def test_a_record_is_linkable_when_mapped_dated_and_not_at_a_home(change, wanted):
    assert linkable(assaults(change), false_places=None).item() is wanted


def test_only_hospitals_and_police_stations_stand_in_for_not_known():
    names = ["Marford General", "Royal Infirmary", "Ysbyty Glan", "Tiny Playgroup", "Rose Care"]
    table = pd.DataFrame(
        {
            "name": [*names, "Marford Police Station", "Hospital Street", None],
            "alt_names": ["The General|Marford Hospital", *[None] * 4, "", "Hospital Road", None],
            "kind": ["health"] * 5 + ["custody", "street", "health"],
            "easting": [float(i) for i in range(8)],
            "northing": 1.0,
        }
    )

    found = module.false_places(table)

    assert found["easting"].tolist() == [0, 1, 2, 5]
    assert list(found) == ["easting", "northing", "kind"]


@pytest.mark.parametrize(
    ("change", "defaulted"),
    [
        (
            {"location_level": "coordinates", "location_text": None, "location_type": "unknown"},
            True,
        ),
        ({"location_level": "coordinates", "location_text": "Castle Street"}, True),
        ({"location_level": "coordinates", "location_text": "hospital car park"}, False),
        ({"location_level": "coordinates", "location_type": "health_or_care"}, False),
        ({"location_level": "premises", "location_text": None}, False),
        ({"location_level": "coordinates", "easting": EAST + 200}, False),
    ],
)
def test_a_hospitals_point_is_a_default_unless_the_record_says_it_happened_there(change, defaulted):
    assert at_defaulted_place(assaults(change), false_places()).item() is defaulted


def test_a_police_stations_point_is_judged_by_its_own_words():
    row = {"location_level": "coordinates", "location_text": "hospital ward"}
    there = {"location_level": "coordinates", "location_type": "custody"}

    found = at_defaulted_place(assaults(row, there), false_places("custody"))

    assert list(found) == [True, False]


def test_only_violent_crimes_with_a_day_and_a_true_point_are_compared():
    table = crimes(
        {},
        {"time_precision": "month"},
        {"location_level": "snapped"},
        {"location_level": "withheld", "easting": None, "northing": None},
        {"offence_group": "other"},
        {"committed_to": pd.Timestamp("2026-03-30")},
        {"location_type": "home"},
    )

    assert list(comparable_crimes(table)) == [True, *[False] * 6]


def test_assaults_outside_the_months_of_police_records_are_not_covered():
    table = assaults(
        assault_at(pd.Timestamp("2026-02-10 12:00")),
        assault_at(pd.Timestamp("2026-02-28 12:00")),  # within a day of March
        assault_at(pd.Timestamp("2026-03-01 12:00")),
        assault_at(pd.Timestamp("2026-05-01 12:00")),
    )

    assert list(covered(table, crimes({}))) == [False, True, True, False]
    assert not covered(table, crimes({}).iloc[:0]).any()
