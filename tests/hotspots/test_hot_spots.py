from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.stats import poisson

from hotspots.grid import make_grid
from hotspots.hot_spot_facts import poisson_interval
from hotspots.hot_spots import map_hot_spots
from hotspots.points import assault_points
from tests.ed_ingest.contract_rows import SATURDAY_NIGHT, assault_at, assaults
from tests.hotspots.town import AT_ANCHOR, EAST, NORTH, QUAY, areas, gazetteer, spread_out


def mapped(*changes, places=None, **arguments):
    known = places or gazetteer()
    given = {
        "bandwidth_m": 200,
        "eps_m": 100,
        "min_samples": 5,
        "largest_radius_m": 150,
        **arguments,
    }
    grid = make_grid((EAST - 500, NORTH - 500, QUAY + 500, NORTH + 500), cell_m=50)
    return map_hot_spots(
        assault_points(assaults(*changes), known), grid=grid, gazetteer=known, **given
    )


def one_spot(*changes, **arguments) -> pd.Series:
    spots = mapped(*changes, **arguments).hot_spots
    assert len(spots) == 1
    return spots.iloc[0]


def test_hot_spots_rank_by_their_count_and_bear_their_streets_names():
    quay = [{**c, "place_name": "Quay Parade"} for c in spread_out(8, east=QUAY)]
    found = mapped(*spread_out(6), *quay)
    spots = found.hot_spots

    assert list(spots["name"]) == ["Quay Parade", "Castle Street"]
    assert list(spots["rank"]) == [1, 2]
    assert list(spots["n"]) == [8, 6]
    assert list(found.members) == [spots["hotspot_id"][1]] * 6 + [spots["hotspot_id"][0]] * 8


def test_the_id_comes_from_the_place_and_not_from_the_rank():
    ids = [
        mapped(*spread_out(n), *spread_out(8, east=QUAY)).hot_spots.set_index("n")["hotspot_id"]
        for n in (6, 9)
    ]

    assert ids[0][8] == ids[1][8] == "H-3195-1765"
    assert ids[0][6] == ids[1][9] == "H-3185-1765"


def test_a_vague_record_makes_no_hot_spot_but_counts_where_one_is():
    vague = {"location_uncertainty_m": 400.0}

    assert mapped(*({**c, **vague} for c in spread_out(20))).hot_spots.empty
    assert one_spot(*spread_out(6), {**vague}, {**vague, "easting": QUAY})["n"] == 7


def test_patients_of_one_incident_are_one_incident():
    spot = one_spot(*({**c, "incident_id": "i1"} for c in spread_out(6)))

    assert (spot["n"], spot["n_incidents"]) == (6, 1)


def test_shares_are_of_those_that_give_an_answer():
    rows = [
        {"alcohol": "yes", "link_status": "not_found", "assault_method": "glass"},
        {"alcohol": "no", "link_status": "linked"},
        {"alcohol": "unknown", "link_status": "not_linkable", "assault_method": "unknown"},
        {"alcohol": "yes", "link_status": "not_found"},
        {"alcohol": "unknown", "link_status": "linked_by_incident"},
    ]
    spot = one_spot(*rows)

    assert (spot["alcohol_yes"], spot["alcohol_known"]) == (2, 3)
    assert (spot["n_not_found"], spot["n_linkable"]) == (2, 4)
    assert (spot["weapon_yes"], spot["weapon_known"]) == (1, 4)


def test_the_peak_is_told_by_night_and_hours():
    sunday_2am = assault_at(SATURDAY_NIGHT + pd.Timedelta(hours=3))
    spot = one_spot(*[sunday_2am] * 4, {}, {})

    # 02:10 on Sunday is Saturday's night.
    assert spot["peak"] == "Sat night, 00–03 (Sun)"
    assert spot["n_peak"] == 4
    assert spot["peak_band"] == "all nights, 00–03"


def test_without_a_known_hour_there_is_no_peak():
    spot = one_spot(*[{"time_precision": "date"}] * 5)

    assert (spot["peak"], spot["n_peak"], spot["peak_band"]) == ("", 0, "")


def test_the_premises_named_most_stand_beside_the_name_never_in_it():
    spot = one_spot(*[AT_ANCHOR] * 4, {}, {})

    assert spot["name"] == "Castle Street"
    assert (spot["place_name"], spot["n_place_incidents"]) == ("The Anchor", 4)
    assert pd.isna(one_spot(*[{}] * 5)["place_name"])


@pytest.mark.parametrize(("at_hospital", "false"), [(5, True), (4, False)])
def test_a_hot_spot_at_a_hospital_is_flagged(at_hospital, false):
    # 5 of 10 within 100 m of the hospital: half; 4 of 9 are less.
    away = [{"northing": NORTH + 6000 + 120}] * 5
    there = [{"northing": NORTH + 6000 + 60}] * at_hospital

    assert one_spot(*away, *there)["false_place"] == false


def test_outlines_and_counts_stop_at_the_boundary():
    around = shapely.box(EAST - 1000, NORTH - 1000, EAST + 8, NORTH + 1000)
    found = mapped(*spread_out(16), places=gazetteer(boundary=around))

    # Four columns of four at 0, 4, 8 and 12 m: three of them are inside.
    assert found.hot_spots["n"].tolist() == [12]
    assert found.hot_spots.geometry[0].bounds[2] <= EAST + 8
    assert np.isnan(found.surface.values[:, -1]).all()  # noqa: PD011


def test_a_cluster_across_the_boundary_is_no_hot_spot():
    beyond = shapely.box(EAST + 2000, NORTH - 100, EAST + 3000, NORTH + 100)

    assert mapped(*spread_out(16), places=gazetteer(boundary=beyond)).hot_spots.empty


def test_the_order_of_records_changes_nothing():
    changes = [*spread_out(9), *spread_out(8, east=QUAY), {"location_uncertainty_m": 300.0}]
    first, second = mapped(*changes), mapped(*changes[::-1])

    pd.testing.assert_frame_equal(pd.DataFrame(first.hot_spots), pd.DataFrame(second.hot_spots))
    assert np.array_equal(first.surface.values, second.surface.values)
    assert list(first.members) == list(second.members)[::-1]


def test_no_point_is_no_map_and_few_points_have_no_hot_spot():
    assert mapped({"location_type": "own_home"}) is None
    alone = mapped({}, places=gazetteer([], areas=areas()))

    assert alone.hot_spots.empty
    assert alone.members.isna().all()
    assert {f.name for f in dataclasses.fields(alone)} >= {"surface", "support"}
    same = set(mapped(*spread_out(6)).hot_spots.columns)
    assert set(alone.hot_spots.columns) == same


def test_the_interval_of_a_count_is_the_exact_one():
    # Garwood: P(X >= n | low) = 0.025 and P(X <= n | high) = 0.025; for 0 and 10 the printed
    # tables give 0–3.69 and 4.80–18.39.
    low, high = poisson_interval(np.array([0.0, 10.0, 47.0]))

    assert low[:2] == pytest.approx([0, 4.80], abs=0.005)
    assert high[:2] == pytest.approx([3.69, 18.39], abs=0.005)
    assert poisson.sf(46, low[2]) == pytest.approx(0.025)
    assert poisson.cdf(47, high[2]) == pytest.approx(0.025)
