import numpy as np
import pandas as pd
import pytest

from ed_ingest.known_share import known_share
from hotspots.unseen import not_known, reported_and_found
from tests.ed_ingest.contract_rows import assault_at, assaults

SUNDAY_2AM = pd.Timestamp("2026-03-15 02:00")


def weighed(known: list[float], *, incidents=None, by_chance: float = 0.0) -> pd.DataFrame:
    table = pd.DataFrame({"event_id": [f"a{i}" for i in range(len(known))], "known": known})
    table["incident_id"] = table["event_id"] if incidents is None else incidents
    by_incident = table.groupby("incident_id")["known"].transform("max")
    return table.assign(known_by_incident=by_incident, by_chance=by_chance)


def row(table: pd.DataFrame, by: str, group: str) -> pd.Series:
    return table[(table["by"] == by) & (table["group"] == group)].iloc[0]


def test_shares_by_method_are_those_of_the_group():
    # 30 of 40 by glass are known, 10 of 40 by body part.
    glass = assaults({"assault_method": "glass"}, n=40)
    ours = assaults(*[{"assault_method": "glass"}] * 40, *[{"assault_method": "body_part"}] * 40)
    known = [1.0] * 30 + [0.0] * 10 + [1.0] * 10 + [0.0] * 30
    table = not_known(weighed(known), ours)

    assert row(table, "method", "glass")["share_not_found"] == pytest.approx(0.25)
    assert row(table, "method", "body_part")["share_not_found"] == pytest.approx(0.75)
    everything = row(table, "all", "all")
    assert everything["share_not_found"] == pytest.approx(0.5)
    assert everything["share_not_found_low"] < 0.5 < everything["share_not_found_high"]
    assert len(glass) == 1


def test_the_interval_is_that_of_the_known_share_turned_round():
    table = not_known(weighed([0.9] * 30 + [0.2] * 50, by_chance=0.1), assaults(n=80))
    known = known_share(weighed([0.9] * 30 + [0.2] * 50, by_chance=0.1)).loc["all"]
    found = row(table, "all", "all")

    assert found["share_not_found_low"] == pytest.approx(1 - known["known_share_high"])
    assert found["share_not_found_high"] == pytest.approx(1 - known["known_share_low"])


def test_by_incident_all_patients_are_known_where_one_is():
    pairs = [f"i{i // 2}" for i in range(40)]
    found = row(not_known(weighed([1.0, 0.0] * 20, incidents=pairs), assaults(n=40)), "all", "all")

    assert found["share_not_found"] == pytest.approx(0.5)
    assert found["share_not_found_incident"] == pytest.approx(0.0)
    assert (found["n"], found["n_incidents"]) == (40, 20)


def test_nights_months_and_hours_are_those_of_the_evening_before():
    ours = assaults(*[assault_at(SUNDAY_2AM)] * 25, *[{"time_precision": "date"}] * 25)
    table = not_known(weighed([1.0] * 50), ours)

    assert row(table, "night", "Sat")["n"] == 50
    assert row(table, "month", "2026-03")["n"] == 50
    # A date alone has no hour.
    assert table.loc[table["by"] == "hour_band", ["group", "n"]].to_numpy().tolist() == [
        ["00–03", 25]
    ]


def test_small_groups_are_counted_and_not_estimated():
    ours = assaults(*[{"lsoa": "W01"}] * 19, *[{"lsoa": "W02"}] * 20)
    table = not_known(weighed([1.0] * 39), ours)

    assert row(table, "area", "W01")["n"] == 19
    assert np.isnan(row(table, "area", "W01")["share_not_found"])
    assert row(table, "area", "W02")["share_not_found"] == 0


def test_only_the_periods_assaults_count_but_all_tell_how_links_err():
    ours = assaults(n=60)
    known = [0.5] * 30 + [1.0] * 30
    table = not_known(weighed(known), ours.iloc[:30])

    assert row(table, "all", "all")["n"] == 30
    alone = row(not_known(weighed(known).iloc[:30], ours.iloc[:30]), "all", "all")
    assert row(table, "all", "all")["share_not_found"] != alone["share_not_found"]


def test_hot_spots_and_age_bands_only_where_they_are_known():
    ours = assaults(*[{"age_band": "unknown"}] * 30)
    spots = pd.Series(["H-1"] * 25, index=range(25))
    table = not_known(weighed([1.0] * 30), ours, hot_spots=spots)

    assert row(table, "hot_spot", "H-1")["n"] == 25
    assert "age_band" not in set(table["by"])


def test_what_patients_said_stands_beside_what_was_found():
    ours = assaults(
        {"reported_to_police": "yes", "link_status": "linked"},
        {"reported_to_police": "yes", "link_status": "linked_by_incident"},
        {"reported_to_police": "yes", "link_status": "not_found"},
        {"reported_to_police": "no", "link_status": "not_linkable"},
    )
    counts = reported_and_found(ours).set_index(["said_reported", "police_record"])["n"]

    assert counts["yes"].tolist() == [2, 1, 0]
    assert counts["no"].tolist() == [0, 0, 1]
    assert counts.sum() == 4


def test_the_order_of_rows_does_not_matter():
    known = np.random.default_rng(2).uniform(0, 1, 60).tolist()
    ours, told = assaults(n=60), weighed(known)
    order = np.random.default_rng(3).permutation(60)

    again = not_known(told.iloc[order], ours.iloc[order])

    pd.testing.assert_frame_equal(not_known(told, ours), again)


def test_without_an_assault_there_is_no_group():
    assert not_known(weighed([]), assaults({}).iloc[:0]).empty
