"""How well the map of a month earlier foretold the last month: which records, which cells."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from hotspots.foretold import how_well_foretold
from tests.ed_ingest.contract_rows import assault_at, assaults
from tests.hotspots.town import EAST, NORTH, gazetteer

# One square kilometre: 100 cells of 100 m, so that 1 % of the area is one cell.
AROUND = shapely.box(EAST - 500, NORTH - 500, EAST + 500, NORTH + 500)
# The middle of a cell.
HERE = {"easting": EAST + 50, "northing": NORTH + 50, "location_uncertainty_m": 0.0}
THERE = {**HERE, "easting": EAST + 350}
LAST_NIGHT = pd.Timestamp("2026-03-31").date()


def at(month_day, place, **changes):
    return {**assault_at(pd.Timestamp(f"{month_day} 23:00")), **place, **changes}


BEFORE = [at("2026-01-10", HERE), at("2026-02-10", HERE), at("2026-02-20", HERE)]
LAST = [at("2026-03-03", HERE), at("2026-03-10", HERE), at("2026-03-17", HERE)]
ELSEWHERE = at("2026-03-20", THERE)


def found(*changes, months=2, boundary=AROUND):
    seen = assaults(*changes) if changes else assaults(n=0)
    return how_well_foretold(
        seen,
        LAST_NIGHT,
        months=months,
        gazetteer=gazetteer(boundary=boundary),
        bandwidth_m=200,
    )


def of_map(table, name, share=0.01):
    chosen = (table["map"] == name) & ((table["area_share"] - share).abs() < 1e-9)
    return table[chosen].iloc[0].to_dict()


@pytest.mark.parametrize("name", ["density", "counts"])
def test_both_maps_are_scored_on_the_last_month(name):
    table = found(*BEFORE, *LAST, ELSEWHERE)
    row = of_map(table, name)

    # Three of four in 1 % of the area; no choice of one cell could have had more.
    assert (row["n"], row["n_cells"], row["hits"]) == (4, 1, 3)
    assert row["hit_rate"] == pytest.approx(0.75)
    assert row["pai"] == pytest.approx(75)
    assert row["pei"] == pytest.approx(1)
    # In the hot cell 3 before and 3 after; in all 3 before and 4 after.
    assert row["rri"] == pytest.approx(0.75)
    assert list(table["area_share"]) == [0.01, 0.02, 0.05] * 2


def test_patients_of_one_incident_count_once_and_the_order_is_nothing_to_it():
    brawl = [at("2026-03-20", THERE, incident_id="i") for _ in range(5)]
    rows = [*BEFORE, *LAST, *brawl]

    pd.testing.assert_frame_equal(found(*rows), found(*BEFORE, *LAST, ELSEWHERE))
    pd.testing.assert_frame_equal(found(*rows), found(*rows[::-1]))


def test_the_map_is_made_of_the_months_before_and_of_no_others():
    # Five at the other place in December would turn the map round: with two months they are out.
    december = [at("2025-12-10", THERE)] * 5
    two = of_map(found(*december, *BEFORE, *LAST, ELSEWHERE), "counts")
    three = of_map(found(*december, *BEFORE, *LAST, ELSEWHERE, months=3), "counts")

    assert (two["hits"], three["hits"]) == (3, 1)


def test_what_happened_later_or_outside_the_boundary_is_no_event():
    april, outside = at("2026-04-02", HERE), {**ELSEWHERE, "easting": EAST + 9000}
    row = of_map(found(*BEFORE, *LAST, april, outside), "counts")

    assert (row["n"], row["hit_rate"]) == (3, 1)


def test_incidents_of_one_place_and_night_are_drawn_together():
    # Twenty incidents in two blocks, one in the hot cell and one not: drawn by blocks, all go to
    # one side in every second draw, so that the interval is all from 0 to 1.
    often = [at("2026-03-03", HERE)] * 10 + [at("2026-03-20", THERE)] * 10
    row = of_map(found(*BEFORE, *often), "counts")

    assert (row["hit_rate"], row["hit_rate_low"], row["hit_rate_high"]) == (0.5, 0, 1)


def test_without_a_boundary_the_points_make_the_area():
    # 300 m between the points and 100 m about them, in whole cells: 6 columns, 3 rows.
    row = of_map(found(*BEFORE, *LAST, ELSEWHERE, boundary=None), "counts", share=1 / 18)

    assert (row["n_cells"], row["n"], row["hits"]) == (1, 4, 3)


@pytest.mark.parametrize(
    "rows", [[], BEFORE, LAST, [{**row, "easting": None} for row in [*BEFORE, *LAST]]]
)
def test_without_points_on_both_sides_nothing_is_scored(rows):
    assert found(*rows) is None


def test_a_boundary_that_holds_no_middle_of_a_cell_is_no_fault():
    assert found(*BEFORE, *LAST, boundary=shapely.box(EAST, NORTH, EAST + 9, NORTH + 9)) is None
