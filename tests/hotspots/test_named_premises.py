"""Premises that incidents name, among all premises of the gazetteer."""

from __future__ import annotations

import pandas as pd
import pytest

from hotspots.named_premises import named_premises
from hotspots.points import assault_points
from tests.ed_ingest.contract_rows import assaults
from tests.hotspots.town import AT_ANCHOR, NO_STREET, PLACES, gazetteer

TAPROOM = {"location_level": "premises", "place_id": "p10", "place_name": "Rail Taproom"}


def found(*changes, facts=None, places=PLACES):
    town = gazetteer(places)
    seen = assaults(*changes) if changes else assaults(n=0)
    return named_premises(assault_points(seen, town), town, facts)


def ranked(*changes, **given):
    table = found(*changes, **given)["ranked_premises"]
    return list(table[["rank", "name", "n_named", "n_near"]].itertuples(index=False, name=None))


def test_premises_rank_by_the_incidents_that_name_them():
    # Three incidents at The Anchor, one in the Taproom; one in the street before The Anchor, whose
    # record names no premises: it is near and never The Anchor's.
    rows = ranked(AT_ANCHOR, AT_ANCHOR, AT_ANCHOR, TAPROOM, {})

    # The valid row's point is Castle Street for all of them: nothing is near the Taproom's.
    assert rows == [(1, "The Anchor", 3, 1), (2, "Rail Taproom", 1, 0)]


def test_patients_of_one_incident_count_once_and_one_who_names_the_place_speaks_for_all():
    brawl = {"incident_id": "i1"}
    rows = [{**brawl, **NO_STREET}, {**brawl, **AT_ANCHOR}, {**brawl, **AT_ANCHOR}]

    for order in (rows, rows[::-1]):
        assert ranked(*order) == [(1, "The Anchor", 1, 0)]


def test_those_that_nobody_names_are_not_listed_and_still_make_the_curve():
    table = found(AT_ANCHOR, AT_ANCHOR)

    assert list(table["ranked_premises"]["name"]) == ["The Anchor"]
    # Two premises; the busier one, half of them, holds all.
    curve = table["concentration"]
    assert list(curve["share_premises"]) == [0, 0.5, 1]
    assert list(curve["share_incidents"]) == [0, 1, 1]


def test_capacity_and_hours_are_used_where_they_are_known():
    facts = pd.DataFrame(
        {"place_id": ["p9", "p77"], "capacity": [200.0, 1.0], "open_hours": [50.0, 1.0]}
    )
    table = found(AT_ANCHOR, AT_ANCHOR, TAPROOM, facts=facts)["ranked_premises"]
    by_name = table.set_index("name")

    assert by_name.loc["The Anchor", "per_100_capacity"] == pytest.approx(1.0)
    # Two in 52 weeks of 50 hours: 2000 / 2600.
    assert by_name.loc["The Anchor", "per_1000_open_hours"] == pytest.approx(2000 / 2600)
    assert by_name.loc["Rail Taproom", ["per_100_capacity", "per_1000_open_hours"]].isna().all()


def test_the_order_of_the_records_is_nothing_to_it():
    rows = [AT_ANCHOR, TAPROOM, {}, {**AT_ANCHOR, "incident_id": "i"}, {"incident_id": "i"}]
    one, other = found(*rows), found(*rows[::-1])

    for name in ("ranked_premises", "premises_bands", "concentration"):
        pd.testing.assert_frame_equal(one[name], other[name])


def test_without_an_assault_no_premises_are_listed():
    table = found()

    assert table["ranked_premises"].empty
    assert list(table["concentration"]["share_incidents"]) == [0, 0]


@pytest.mark.parametrize("places", [[], PLACES[:3]])
def test_without_premises_there_is_nothing_to_rank(places):
    nothing = {"ranked_premises": None, "premises_bands": None, "concentration": None}

    assert found({}, places=places) == {**nothing, "n_premises": 0}
