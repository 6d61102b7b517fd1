from __future__ import annotations

import pandas as pd
import pytest

from hotspots.points import assault_points, crime_points
from tests.ed_ingest.contract_rows import assaults, crimes, later
from tests.hotspots.town import AT_ANCHOR, gazetteer


@pytest.mark.parametrize("home", ["own_home", "other_home"])
def test_a_home_has_no_point_even_where_a_record_brings_coordinates(home):
    points = assault_points(assaults({"location_type": home}, {}), gazetteer())

    assert list(points.index) == [1]


@pytest.mark.parametrize(
    ("level", "n"),
    [("coordinates", 1), ("junction", 1), ("locality", 0), ("area", 0), ("withheld", 0)],
)
def test_only_specific_places_have_a_point(level, n):
    assert len(assault_points(assaults({"location_level": level}), gazetteer())) == n


def test_a_record_without_coordinates_has_no_point():
    assert assault_points(assaults({"northing": None}), gazetteer()).empty


def test_patients_of_one_incident_share_its_number_and_others_have_their_own():
    rows = assaults({"incident_id": "i1"}, {}, {"incident_id": "i1"}, {}, {"incident_id": "i2"})
    incident = assault_points(rows, gazetteer())["incident"]

    assert incident[0] == incident[2]
    assert incident.nunique() == 4


def test_answers_become_yes_no_and_unknown():
    points = assault_points(
        assaults(
            {"assault_method": "glass", "link_status": "linked"},
            {"assault_method": "body_part", "link_status": "linked_by_incident"},
            {"assault_method": "unknown", "link_status": "not_found"},
            {"link_status": "not_linkable"},
            {"link_status": None},
        ),
        gazetteer(),
    )

    assert list(points["weapon"]) == ["yes", "no", "unknown", "no", "no"]
    assert list(points["linked"]) == ["yes", "yes", "no", "unknown", "unknown"]


def test_only_premises_that_the_gazetteer_knows_as_such_are_named():
    points = assault_points(
        assaults(
            AT_ANCHOR,
            {**AT_ANCHOR, "place_id": "p8", "place_name": "Marford General Hospital"},
            {**AT_ANCHOR, "place_id": "p77", "place_name": "Somewhere Else"},
            {},
        ),
        gazetteer(),
    )

    assert list(points["premises"].dropna()) == ["The Anchor"]
    assert list(points["street"].dropna()) == ["Castle Street"]


def test_a_time_is_kept_only_where_the_hour_is_known():
    points = assault_points(
        assaults({}, {"time_precision": "date", "assault_to": later(600)}), gazetteer()
    )

    assert list(points["starts_at"].isna()) == [False, True]


def test_the_streets_of_police_uk_are_named_and_its_kinds_of_place_are_not():
    uk = {"location_level": "snapped", "time_precision": "month"}
    points = crime_points(
        crimes(
            {**uk, "place_name": "On or near Heol Eglwys Fair"},
            {**uk, "place_name": "On or near Parking Area"},
            {**uk, "place_name": "Theme/Adventure Park"},
            {**uk, "place_name": "On or near "},
            {"place_name": "The Anchor"},
        )
    )

    assert points["street"].dropna().to_dict() == {0: "Heol Eglwys Fair"}
    assert list(points["starts_at"].notna()) == [False, False, False, False, True]


def test_a_crime_without_a_point_is_not_drawn():
    rows = crimes({"location_level": "withheld"}, {"easting": None}, {"location_level": "none"})

    assert crime_points(rows).empty


def test_no_record_is_no_point_with_the_same_columns():
    none, some = (assault_points(assaults(n=n), gazetteer()) for n in (0, 1))

    assert none.empty
    pd.testing.assert_series_equal(none.dtypes, some.dtypes)
