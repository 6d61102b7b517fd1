from __future__ import annotations

import pandas as pd

from hotspots.counts import (
    count_areas,
    count_codes,
    count_links,
    count_premises,
    count_providers,
)
from hotspots.points import assault_points
from tests.ed_ingest.contract_rows import assault_at, assaults
from tests.hotspots.town import AT_ANCHOR, areas, gazetteer, no_areas


def test_hospitals_are_counted_with_the_months_that_they_sent():
    april = assault_at(pd.Timestamp("2026-04-10 20:00"))
    rows = assaults({}, april, {"location_level": "none"}, {"provider": "st-teilos"})
    table = count_providers(rows, {"marford": "Marford General Hospital"})

    assert table.to_dict("records") == [
        {
            "provider": "marford",
            "name": "Marford General Hospital",
            "n_recorded": 3,
            "n_mapped": 2,
            "months": 2,
        },
        {
            "provider": "st-teilos",
            "name": "st-teilos",
            "n_recorded": 1,
            "n_mapped": 1,
            "months": 1,
        },
    ]


def test_codes_are_counted_most_first_and_then_by_the_alphabet():
    counts = count_codes(pd.Series(["glass", "other", "body_part", "other", "glass"], dtype="str"))

    assert counts.to_dict("list") == {"code": ["glass", "other", "body_part"], "n": [2, 2, 1]}


def test_areas_are_joined_on_the_code_and_empty_ones_stay():
    table = count_areas(areas(), pd.Series(["W02", "W02", "W99", None]), pd.Series(["W01"]))

    assert list(table["code"]) == ["W01", "W02"]
    assert list(table["n_assaults"]) == [0, 2]
    assert list(table["n_police"]) == [1, 0]


def test_premises_are_those_named_in_the_record():
    points = assault_points(
        assaults({**AT_ANCHOR, "incident_id": "i1"}, {**AT_ANCHOR, "incident_id": "i1"}, {}),
        gazetteer(),
    )
    table = count_premises(points)

    assert list(table["name"]) == ["The Anchor"]
    assert (table["n"][0], table["n_incidents"][0]) == (2, 1)


def test_links_are_counted_once_there_are_any():
    status = ["linked", "linked_by_incident", "not_found", "not_linkable"]
    rows = assaults(*({"link_status": s} for s in status))

    assert count_links(rows) == {"n_linkable": 3, "n_not_found": 1}
    assert count_links(assaults(n=3)) == {}


def test_no_record_gives_empty_tables_with_their_columns():
    nothing = assaults(n=0)

    assert count_providers(nothing, {}).empty
    assert list(count_codes(nothing["assault_method"]).columns) == ["code", "n"]
    assert count_areas(no_areas(), nothing["lsoa"], nothing["lsoa"]).empty
    assert list(count_premises(assault_points(nothing, gazetteer())).columns) == [
        "place_id",
        "name",
        "n",
        "n_incidents",
        "easting",
        "northing",
    ]
