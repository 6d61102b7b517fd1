"""Plain figures of a period: each counts the records that it says it counts."""

from __future__ import annotations

import pandas as pd
import pytest

from hotspots.plain_figures import plain_figures
from hotspots.points import assault_points
from hotspots.police import Violence
from tests.ed_ingest.contract_rows import assault_at, assaults, crimes
from tests.hotspots.town import AT_ANCHOR, areas, gazetteer

HOME = {"location_type": "own_home"}
NO_DATE = {"night_of": None, "arrived_at": None, "assault_from": None, "assault_to": None}
NAMES = {"marford": "Marford General Hospital"}


def figures(*changes, crime=(), snapped=False, place=None, nte=(18, 6)):
    rows = assaults(*changes) if changes else assaults(n=0)
    seen = rows[rows["night_of"].notna()]
    town = gazetteer(areas=areas(), **(place or {}))
    police = Violence(crimes(*crime) if crime else crimes(n=0), "of the force", snapped)
    return plain_figures(rows, seen, assault_points(seen, town), police, town, NAMES, nte)


def test_records_places_and_homes_are_counted_apart():
    found = figures({}, {}, HOME, {"location_level": "none", "easting": None}, NO_DATE)

    # Five attendances, one in no period; of four two have a point that may be drawn.
    assert (found["n_recorded"], found["n_mapped"], found["n_home"]) == (4, 2, 1)
    assert found["n_undated"] == 1
    assert found["providers"].to_numpy().tolist() == [
        ["marford", "Marford General Hospital", 4, 2, 1]
    ]


def test_only_known_hours_are_spread_over_the_night():
    evening = assault_at(pd.Timestamp("2026-03-14 17:30"))
    by_date = {"time_precision": "date"}
    found = figures({}, evening, by_date)

    # 23:10 and 17:30, a Saturday: bands 21–24 (5) and 15–18 (3).
    bands = found["night_bands"]
    assert found["n_timed"] == 2
    assert bands[bands["n"] > 0][["night", "band", "n"]].to_numpy().tolist() == [
        [5, 3, 1], [5, 5, 1],
    ]  # fmt: skip
    assert found["n_night_time_economy"] == pytest.approx(1)
    assert figures({}, evening, nte=(12, 18))["n_night_time_economy"] == pytest.approx(1)
    assert figures({}, evening, nte=(17, 6))["n_night_time_economy"] == pytest.approx(2)


def test_codes_premises_and_areas_are_counted():
    found = figures(
        AT_ANCHOR,
        {**AT_ANCHOR, "assault_method": "glass", "lsoa": "W01"},
        {"lsoa": "W02"},
        crime=({"lsoa": "W02"}, {"lsoa": "W09"}),
    )

    assert found["methods"].to_numpy().tolist() == [["body_part", 2], ["glass", 1]]
    assert found["location_types"].to_numpy().tolist() == [["street", 3]]
    assert found["premises"][["name", "n"]].to_numpy().tolist() == [["The Anchor", 2]]
    assert found["areas"][["n_assaults", "n_police"]].to_numpy().tolist() == [[1, 0], [1, 1]]
    assert found["police_note"] == "of the force"


def test_ranks_of_areas_are_for_police_uks_points_alone():
    assert figures({}, crime=({},))["area_comparison"] is None

    published = figures({}, crime=({"location_level": "snapped"},), snapped=True)
    assert published["police_is_snapped"]
    assert published["area_comparison"] is not None


def test_the_order_of_the_records_is_nothing_to_it():
    rows = [{}, HOME, AT_ANCHOR, {"assault_method": "glass"}, {"time_precision": "date"}]
    one, other = figures(*rows), figures(*rows[::-1])

    for name in ("providers", "night_bands", "methods", "location_types", "areas", "premises"):
        pd.testing.assert_frame_equal(pd.DataFrame(one[name]), pd.DataFrame(other[name]))
    assert one["n_night_time_economy"] == other["n_night_time_economy"]


def test_no_record_at_all_is_nought_everywhere():
    found = figures()

    counts = ("n_recorded", "n_mapped", "n_home", "n_timed", "n_undated", "n_night_time_economy")
    assert [found[name] for name in counts] == [0] * 6
    assert found["night_bands"]["n"].sum() == 0
    assert all(found[name].empty for name in ("providers", "methods", "premises"))
