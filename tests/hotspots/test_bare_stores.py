"""Journey 2 and gate 2 over stores that hold next to nothing: good output, never a fault."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import shapely

from hotspots.disclosure import disclose
from hotspots.findings_code import decode_findings, encode_findings
from tests.ed_ingest.contract_rows import assault_at, crimes
from tests.hotspots.town import AT_ANCHOR, EAST, NORTH, areas, findings, gazetteer, spread_out

NO_PLACE = {"location_level": "none", "easting": None, "northing": None, "place_id": None}
HOME = {"location_type": "own_home"}
UNDATED = {"night_of": None, "arrived_at": None, "assault_from": None, "assault_to": None}
COUNTY = shapely.box(EAST - 60_000, NORTH - 60_000, EAST + 60_000, NORTH + 60_000)
STORES = {
    "no record": [],
    "one assault": [{}],
    "one assault without a place": [NO_PLACE],
    "no place at all": [NO_PLACE] * 30,
    "only homes": [{**HOME, **row} for row in spread_out(30)],
    "only ambulances": [{"source": "ambulance", **row} for row in spread_out(30)],
    "no date at all": [UNDATED] * 30,
    "one brawl": [{"incident_id": "i", **row} for row in spread_out(30)],
    "one point": [{}] * 30,
    "one hospital's premises": [AT_ANCHOR] * 30,
    "all far away": [{**row, "easting": EAST + 400_000} for row in spread_out(30)],
    "all domestic": [{"domestic_abuse": "yes", **row} for row in spread_out(30)],
}
THEMES = ("knife", "firearm", "domestic_abuse", "youth", "serious", "night_time_economy")


def shown(found):
    """After gate 2; findings also have to go into the store and come back."""
    assert decode_findings(encode_findings(found)) is not None
    return disclose(found, threshold=5, method="round5", premises_names=True, marking="OFFICIAL")


@pytest.mark.parametrize("name", STORES)
def test_a_bare_store_gives_bare_findings(name):
    rows = STORES[name]
    found = findings(*rows, themes=THEMES)

    assert found.n_mapped <= found.n_recorded <= len(rows)
    # One is shown as five: rounded, as any small number.
    assert shown(found).n_recorded in (0, 5, 30)


@pytest.mark.parametrize("name", ["no record", "one assault", "no place at all", "all far away"])
def test_so_it_does_in_a_whole_county(name):
    found = findings(*STORES[name], gazetteer=gazetteer(boundary=COUNTY, areas=areas()))

    assert shown(found).hot_spots.empty


@pytest.mark.parametrize("name", ["no record", "one assault", "no place at all"])
def test_so_it_does_without_a_list_of_places(name):
    found = findings(*STORES[name], gazetteer=gazetteer([]))

    assert shown(found).hot_spots.empty


@pytest.mark.parametrize("theme", ["firearm", "domestic_abuse", "youth"])
@pytest.mark.parametrize("name", ["no record", "one point", "all domestic"])
def test_a_theme_without_any_record_says_so(name, theme):
    found = findings(*STORES[name], theme=theme, themes=THEMES, crimes=crimes(n=3))
    told = shown(found)

    belongs = name == "all domestic" and theme == "domestic_abuse"
    assert found.n_recorded == (30 if belongs else 0)
    # Domestic abuse is counted and never placed.
    assert told.hot_spots.empty
    assert told.density is None


@pytest.mark.parametrize(
    ("nights", "n"),
    [
        ((date(2026, 3, 13), date(2026, 3, 15)), 31),
        ((date(2026, 3, 14), date(2026, 3, 14)), 30),
        ((date(2026, 3, 16), date(2026, 3, 18)), 1),
        ((date(2026, 2, 27), date(2026, 3, 1)), 0),
    ],
)
def test_a_few_nights_are_a_period_too(nights, n):
    rows = spread_out(30)
    for day in (15, 16):
        rows.append(assault_at(pd.Timestamp(f"2026-03-{day} 23:00")))
    found = findings(*rows, period_from=nights[0], period_to=nights[1], crimes=crimes(n=2))

    assert found.n_recorded == n
    assert (found.period_from, found.period_to) == nights
    shown(found)


@pytest.mark.parametrize(("months", "n"), [(1, 30), (12, 31), (60, 32)])
def test_a_period_is_of_one_month_or_of_five_years(months, n):
    earlier = [assault_at(pd.Timestamp(f"{year}-05-02 23:00")) for year in (2025, 2021, 2020)]
    found = findings(*spread_out(30), *earlier, months=months)

    # The five years begin in April 2021.
    assert found.n_recorded == n
    shown(found)
