from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ed_ingest.errors import AnalysisError
from hotspots.compare import relative_risk, tolerance_contours
from hotspots.compared_hot_spots import compare_hot_spots
from hotspots.grid import make_grid
from hotspots.police import Violence

NO_NIGHT = np.datetime64("NaT", "s")
GRID = make_grid((0, 0, 2000, 1500), cell_m=50)
CENTRES = np.array([[400, 400], [1000, 900], [1600, 500], [900, 300]], float)


def hospital(places, incident=None):
    places = np.asarray(places, float).reshape(-1, 2)
    number = np.arange(len(places)) if incident is None else incident
    return pd.DataFrame(
        {
            "easting": places[:, 0],
            "northing": places[:, 1],
            "uncertainty_m": 0.0,
            "incident": number,
            "night": NO_NIGHT,
        }
    )


def police(places, *, is_snapped=False):
    places = np.asarray(places, float).reshape(-1, 2)
    no_time = pd.Series(NO_NIGHT, index=range(len(places)))
    crimes = pd.DataFrame(
        {
            "easting": places[:, 0],
            "northing": places[:, 1],
            "location_level": "coordinates",
            "committed_from": no_time,
            "committed_to": no_time,
            "time_precision": "minute",
            "place_name": pd.Series(pd.NA, index=no_time.index, dtype="str"),
            "knife": "no",
            "alcohol": "no",
            "lsoa": pd.Series(pd.NA, index=no_time.index, dtype="str"),
        }
    )
    return Violence(crimes, "", is_snapped)


def scatter(rng, n, *, shares=(0.4, 0.3, 0.2, 0.1)):
    centre = rng.choice(len(CENTRES), n, p=shares)
    return CENTRES[centre] + rng.normal(0, 120, (n, 2))


def sampled(seed, *, shares=(0.4, 0.3, 0.2, 0.1), permutations=99, n=(250, 350)):
    """Both sources of one town; hospital incidents have several patients each."""
    rng = np.random.default_rng(seed)
    places = scatter(rng, n[0], shares=shares)
    patients = np.repeat(np.arange(n[0]), np.minimum(rng.geometric(0.6, n[0]), 6))
    return relative_risk(
        hospital(places[patients], patients),
        police(scatter(rng, n[1])),
        grid=GRID,
        bandwidth_m=200,
        permutations=permutations,
        seed=10_000 + seed,
    )


def test_the_ratio_is_that_of_both_shares():
    # Two places out of each other's reach. Of hospitals 30 of 40 at the first, of police 10 of 40:
    # 3 there, and (10 / 40) / (30 / 40) at the second.
    first, second = [[325, 325]], [[1625, 1125]]
    risk = relative_risk(
        hospital(first * 30 + second * 10),
        police(first * 10 + second * 30),
        grid=GRID,
        bandwidth_m=100,
        permutations=99,
    )
    at_first, at_second = (6, 6), (22, 32)

    assert risk.ratio[at_first] == pytest.approx(3)
    assert risk.ratio[at_second] == pytest.approx(1 / 3)
    assert np.isnan(risk.ratio[15, 15])  # nothing in reach
    assert risk.p_adjusted[at_first] == risk.p_adjusted[at_second] == 0.01
    contours = tolerance_contours(risk)
    assert contours["more"].tolist() == ["hospitals", "police"]
    assert [
        each.contains(shapely.Point(at))
        for each, at in zip(contours.geometry, [(325, 325), (1625, 1125)], strict=True)
    ] == [True, True]


def test_two_places_deal_out_as_the_hypergeometric_distribution():
    # Four of each source; all eight at two places of four. As far apart as 3 : 1 (or 1 : 3) or
    # more: (16 + 1) * 2 of 70 deals.
    a, b = [[325, 325]], [[1625, 1125]]
    risk = relative_risk(
        hospital(a * 3 + b), police(a + b * 3), grid=GRID, bandwidth_m=100, least=4,
        permutations=999,
    )  # fmt: skip

    assert risk.p_value[6, 6] == pytest.approx(34 / 70, abs=0.04)
    assert risk.p_adjusted[6, 6] == risk.p_value[6, 6]  # the other place mirrors it


def test_the_adjusted_p_is_never_the_smaller():
    risk = sampled(1)
    tested = np.isfinite(risk.ratio)

    assert (risk.p_adjusted[tested] >= risk.p_value[tested]).all()


def test_patients_of_one_incident_and_the_order_of_records_change_nothing():
    rng = np.random.default_rng(5)
    places, crimes = scatter(rng, 60), scatter(rng, 80)
    given = {"grid": GRID, "bandwidth_m": 200, "permutations": 99}
    once = relative_risk(hospital(places), police(crimes), **given)
    order = rng.permutation(120)
    again = relative_risk(
        hospital(np.repeat(places, 2, axis=0)[order], np.repeat(np.arange(60), 2)[order]),
        police(crimes[::-1]),
        **given,
    )

    assert (again.n_hospital, again.n_police) == (60, 80)
    for first, second in zip(once[:3], again[:3], strict=True):
        np.testing.assert_array_equal(first, second)


def test_one_source_like_the_other_has_no_contour():
    places = scatter(np.random.default_rng(2), 200)
    risk = relative_risk(
        hospital(places), police(places), grid=GRID, bandwidth_m=200, permutations=99
    )

    assert np.nanmin(risk.p_adjusted) == 1
    assert np.nanmax(risk.ratio) == pytest.approx(1)
    assert tolerance_contours(risk).empty


def test_cells_outside_the_boundary_are_not_tested():
    places = scatter(np.random.default_rng(2), 200)
    risk = relative_risk(
        hospital(places), police(places), grid=GRID, bandwidth_m=200, permutations=99,
        boundary=shapely.box(0, 0, 1000, 1500),
    )  # fmt: skip

    assert np.isnan(risk.ratio[:, risk.x > 1000]).all()
    assert np.isfinite(risk.ratio[:, risk.x < 1000]).any()


def test_hot_spots_side_by_side():
    # Inside the first 3 of 4 hospital incidents and 1 of 6 crimes; Fisher: 0.1905.
    areas = [shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 100)]
    hot_spots = gpd.GeoDataFrame({"hotspot_id": ["H-1", "H-2"]}, geometry=areas, crs="EPSG:27700")
    table = compare_hot_spots(
        hospital([[50, 50]] * 3 + [[250, 50]]),
        police([[50, 50]] + [[250, 50]] * 4 + [[900, 900]]),
        hot_spots,
    )

    assert table["n_hospital"].tolist() == [3, 1]
    assert table["n_police"].tolist() == [1, 4]
    assert table["rank_difference"].tolist() == [1, -1]
    # Of 10, 4 inside; of hospitals' 4 as many as 3: (4 * 6 + 1) / 210. On the other side only
    # 0 inside with 15 / 210 is no more likely than 24 / 210.
    assert table["p_value"].iloc[0] == pytest.approx((24 + 1 + 15) / 210)
    assert (table["q_value"] >= table["p_value"]).all()


def test_police_uk_and_missing_sources_are_refused():
    some = [[100, 100]]
    given = {"grid": GRID, "bandwidth_m": 100}
    with pytest.raises(AnalysisError, match=r"police\.uk"):
        relative_risk(hospital(some), police(some, is_snapped=True), **given)
    with pytest.raises(AnalysisError, match="with a point"):
        relative_risk(hospital(some), police([]), **given)
    with pytest.raises(AnalysisError, match="99 times"):
        relative_risk(hospital(some), police(some), permutations=10, **given)


def test_few_incidents_are_not_tested():
    risk = relative_risk(
        hospital([[100, 100]]), police([[100, 100]]), grid=GRID, bandwidth_m=100, permutations=99
    )

    assert np.isnan(risk.ratio).all()
    assert tolerance_contours(risk).empty


def test_where_both_sources_see_alike_few_maps_have_a_contour_and_a_difference_is_found():
    # Of 10 maps at 5 % more than 2 would have a contour once in 87 times.
    alike = [tolerance_contours(sampled(seed)) for seed in range(10)]
    unlike = [tolerance_contours(sampled(seed, shares=(0.2, 0.5, 0.2, 0.1))) for seed in range(3)]

    assert sum(len(found) > 0 for found in alike) <= 2
    assert sum("hospitals" in set(found["more"]) for found in unlike) >= 2


@pytest.mark.long
def test_at_most_five_in_a_hundred_maps_have_a_contour_where_both_sources_see_alike():
    found = [tolerance_contours(sampled(seed)) for seed in range(1000)]

    # The test is exact: 5 % is its rate, and 14 maps are two standard errors of 1000.
    assert sum(len(each) > 0 for each in found) <= 50 + 14
