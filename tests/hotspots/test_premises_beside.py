from __future__ import annotations

import pandas as pd

from hotspots.named_premises import named_premises
from tests.ed_ingest import contract_rows
from tests.hotspots.town import AT_ANCHOR, EAST, NORTH, QUAY, findings, gazetteer, spread_out

SUNDAY_2 = {"assault_from": pd.Timestamp("2026-03-15 02:10")}
SUNDAY_2 |= {"assault_to": SUNDAY_2["assault_from"], "arrived_at": pd.Timestamp("2026-03-15 03:00")}


def at_anchor(n, **changes):
    return [{**AT_ANCHOR, "easting": EAST, "northing": NORTH, **changes}] * n


def bands_of(found) -> dict:
    return found.premises_bands.set_index(["place_id", "night", "band"])["n"].to_dict()


def test_nights_and_hours_count_incidents_by_the_evening_before():
    found = findings(*at_anchor(3), *at_anchor(2, **SUNDAY_2), *spread_out(4))

    # 23:10 on Saturday is band 5; 02:10 on Sunday is band 6 of Saturday's night.
    assert bands_of(found) == {
        ("p9", 5, 5): 3, ("p9", 5, 6): 2, ("p9", 5, -1): 5, ("p9", -1, 5): 3, ("p9", -1, 6): 2,
    }  # fmt: skip


def test_patients_of_one_incident_count_once_and_one_who_tells_the_hour_speaks():
    whenever = {"time_precision": "day", "incident_id": "i1"}
    found = findings(*at_anchor(2, incident_id="i1"), *at_anchor(2, **whenever), *at_anchor(1))

    assert found.ranked_premises["n_named"].tolist() == [2]
    assert bands_of(found)["p9", 5, -1] == 2


def test_police_records_within_50_m_stand_apart():
    crimes = contract_rows.crimes({}, {"easting": EAST + 49}, {"easting": EAST + 51})
    found = findings(*at_anchor(6), crimes=crimes)

    row = found.ranked_premises.iloc[0]
    assert (row["n_named"], row["n_near"], row["n_police_near"]) == (6, 0, 2)


def test_snapped_police_points_lie_at_no_premises():
    crimes = contract_rows.crimes(
        {"location_level": "snapped", "offence_group": "violence_and_sexual"}
    )
    assert "n_police_near" not in findings(*at_anchor(6), crimes=crimes).ranked_premises


def test_all_premises_of_the_reference_data_are_counted():
    found = findings(*at_anchor(6), *spread_out(3, east=QUAY))

    assert found.n_premises == 2
    assert len(found.concentration) == 3


def test_without_premises_there_is_nothing():
    streets = gazetteer([("p1", "Castle Street", "", "street", EAST, NORTH, "")])
    found = findings(*spread_out(6), gazetteer=streets)

    assert (found.ranked_premises, found.premises_bands, found.n_premises) == (None, None, 0)
    assert named_premises(pd.DataFrame(), streets)["concentration"] is None
