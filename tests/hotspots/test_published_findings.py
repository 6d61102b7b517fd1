"""Gate 2 over themes, change, comparison, scores, premises and near repeats."""

from __future__ import annotations

import dataclasses
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspots.density import incident_support, kernel_density
from hotspots.disclosure import disclose
from hotspots.evaluate import score_map
from hotspots.grid import make_grid
from hotspots.near_repeat import knox
from hotspots.premises import concentration_curve, rank_premises
from hotspots.tables import ChangeFindings, Comparison, ThemeFindings
from tests.hotspots.town import CRS, EAST, NORTH, QUAY, findings, spread_out

NIGHTS = pd.DataFrame({"night": np.repeat(range(7), 8), "band": np.tile(range(8), 7), "n": 0.0})
GRID = make_grid((EAST - 600, NORTH - 600, EAST + 600, NORTH + 600), cell_m=50)


@pytest.fixture(scope="module")
def found():
    """Twenty assaults in Castle Street and twelve in Quay Parade."""
    return findings(*spread_out(20), *spread_out(12, east=QUAY))


def shown(found, method="round5", threshold=5, **changes):
    return disclose(
        dataclasses.replace(found, **changes),
        threshold=threshold,
        method=method,
        premises_names=True,
        marking="OFFICIAL",
    )


def ids(found) -> list[str]:
    return found.assaults.hot_spots["hotspot_id"].tolist()


def theme(found, n=14, by=(9, 5), incidents=(9, 4), **changes) -> ThemeFindings:
    x, y = np.full(n, EAST), np.full(n, NORTH)
    bands = NIGHTS.assign(n=[7.0, 4.0, *[0.0] * 53, 3.0])
    given = {
        "key": "knife",
        "title": "With a knife",
        "is_placed": True,
        "n_recorded": n,
        "n_mapped": n,
        "n_incidents": n,
        "surface": kernel_density(x, y, grid=GRID, bandwidth_m=200),
        "support": incident_support(x, y, np.arange(n), grid=GRID, bandwidth_m=200),
        "by_hot_spot": pd.DataFrame(
            {"hotspot_id": ids(found), "n": by, "n_incidents": incidents}
        ),
        "night_bands": bands,
    }  # fmt: skip
    return ThemeFindings(**{**given, **changes})


def missing_as(series, value=-1) -> list:
    return series.fillna(value).tolist()


@pytest.mark.parametrize("method", ["round5", "suppress_lt5"])
def test_a_theme_shows_rounded_counts_and_hides_few_like_none(found, method):
    published = shown(found, method, themes=(theme(found),)).themes[0]

    # 14 becomes 15; 9 in the first hot spot 10; 5 assaults of 4 incidents in the second: too few.
    assert (published.n_recorded, published.n_mapped, published.note) == (15, 15, "")
    assert missing_as(published.by_hot_spot["n"]) == [10, -1]
    assert missing_as(published.night_bands["n"])[:3] == [5, -1, -1]
    assert missing_as(published.night_bands["n"])[-1] == -1
    assert published.density.classes.max() > 0


def test_a_theme_of_few_says_so_and_no_more(found):
    published = shown(found, themes=(theme(found, n=4),)).themes[0]

    assert published.note == "Too few records to show."
    assert (published.n_recorded, published.n_mapped, published.density) == (None, None, None)
    assert published.by_hot_spot["n"].isna().all()
    assert published.night_bands.empty


def test_domestic_abuse_is_counted_and_never_placed(found):
    published = shown(found, themes=(theme(found, is_placed=False),)).themes[0]

    assert published.n_recorded == 15
    assert (published.n_mapped, published.density) == (None, None)
    assert published.by_hot_spot["n"].isna().all()
    assert "never placed" in published.note


def test_nights_of_a_hot_spot_are_listed_where_they_hold_enough(found):
    first, second = ids(found)
    bands = pd.DataFrame(
        [(first, 5, 5, 8.2), (first, 4, 5, 4.4), (second, 5, 5, 4.6), ("H-1-1", 5, 5, 50.0)],
        columns=["hotspot_id", "night", "band", "n"],
    )
    published = shown(found, hot_spot_bands=bands)

    # 8.2 becomes 10, 4.6 is 5 in whole numbers; of a hot spot that is not shown nothing is told.
    rows = published.hot_spot_bands.to_numpy().tolist()
    assert rows == [[first, 5, 5, 10], [second, 5, 5, 5]]


def change(**changes) -> ChangeFindings:
    spots = gpd.GeoDataFrame(
        {
            "hotspot_id": ["C-1", "C-2", "C-3", "C-4"],
            "name": ["Castle Street", "Quay Parade", "Mill Lane", "Rail Taproom"],
            "n_now": [23, 12, 4, 2],
            "n_before": [9, 1, 21, 3],
            "expected_now": [16.0, 6.5, 12.5, 2.5],
            "trend": ["persistent", "new", "fading", "intermittent"],
            "p_value": 0.0123,
        },
        geometry=[shapely.box(EAST + i, NORTH, EAST + i + 1, NORTH + 1) for i in range(4)],
        crs=CRS,
    )
    given = {
        "hot_spots": spots,
        "months": pd.DataFrame(),
        "shares": pd.DataFrame(),
        "now_from": date(2026, 1, 1),
        "now_to": date(2026, 3, 31),
        "before_from": date(2025, 1, 1),
        "before_to": date(2025, 3, 31),
        "compared_with": "a_year_before",
        "providers": ("marford", "elsewhere"),
        "left_out": (),
        "n_now": 41,
        "n_before": 34,
        "is_called": True,
    }
    return ChangeFindings(**{**given, **changes})


def test_change_shows_rounded_counts_and_leaves_out_too_few_in_both_periods(found):
    published = shown(found, change=change()).change
    table = published.hot_spots

    assert table["hotspot_id"].tolist() == ["C-1", "C-2", "C-3"]
    assert missing_as(table["n_now"]) == [25, 10, -1]
    assert missing_as(table["n_before"]) == [10, -1, 20]
    assert (published.n_now, published.n_before) == (40, 35)
    assert "p_value" not in table
    assert published.providers[1] == "elsewhere"


def test_the_interval_of_a_change_comes_of_the_counts_as_shown(found):
    def intervals(n_before):
        spots = change().hot_spots.assign(n_before=[9, n_before, 21, 3], expected_now=5.0)
        return shown(found, change=change(hot_spots=spots)).change.hot_spots[
            ["ratio_low", "ratio_high"]
        ]

    table = intervals(1)

    # None without a call; open above where the earlier count is too few, below where the later is.
    assert table.isna().to_numpy().tolist() == [[True, True], [False, True], [True, False]]


def test_no_hot_spot_of_the_change_bears_a_name_of_premises(found):
    spots = change().hot_spots.assign(name=["The Anchor", *["Castle Street"] * 3])
    premises = pd.DataFrame(
        {"place_id": ["p9"], "name": ["The Anchor"], "n": [20], "n_incidents": [20],
         "easting": [EAST], "northing": [NORTH]}
    )  # fmt: skip
    published = shown(found, change=change(hot_spots=spots), premises=premises).change

    assert published.hot_spots["name"].tolist()[0] == "Hot spot 1"


def comparison() -> Comparison:
    contours = gpd.GeoDataFrame(
        {"more": ["hospitals", "police"], "p_adjusted": [0.012, 0.03]},
        geometry=[shapely.box(EAST, NORTH, EAST + 200, NORTH + 200), shapely.box(0, 0, 50, 50)],
        crs=CRS,
    )
    spots = gpd.GeoDataFrame(
        {
            "hotspot_id": list("abcd"),
            "name": ["Castle Street", "Quay Parade", "Mill Lane", "Ferry Road"],
            "n_hospital": [21, 19, 4, 2],
            "n_police": [3, 40, 11, 1],
            "rank_hospital": [1, 2, 3, 4],
        },
        geometry=[shapely.box(0, 0, 1, 1)] * 4,
        crs=CRS,
    )
    return Comparison(contours, spots, 60, 70)


def test_contours_show_no_figure_and_small_patches_are_left_out(found):
    published = shown(found, comparison=comparison()).comparison

    # 40,000 m² is more than the 31,416 m² of a circle of 100 m; 2,500 m² is not.
    assert list(published.columns) == ["more", "geometry"]
    assert published["more"].tolist() == ["hospitals"]


def test_compared_hot_spots_rank_by_the_counts_that_are_shown(found):
    table = shown(found, comparison=comparison()).compared_hot_spots

    # 21 and 19 both become 20: they share ranks 1 and 2. Too few of both: left out.
    assert table["name"].tolist() == ["Quay Parade", "Castle Street", "Mill Lane"]
    assert missing_as(table["n_hospital"]) == [20, 20, -1]
    assert missing_as(table["n_police"]) == [40, -1, 10]
    assert table["rank_hospital"].tolist() == [1.5, 1.5, 3]
    assert table["rank_difference"].tolist() == [-0.5, 1.5, -1]


def test_scores_are_whole_per_cents_of_rounded_counts(found):
    predicted = np.arange(100.0)
    cell = np.array([99] * 12 + [98] * 5 + [0] * 16)
    scores = score_map(predicted, cell, area_shares=[0.01, 0.02]).assign(map="density")
    table = shown(found, evaluation=scores).evaluation

    # 12 of 33 become 10 of 35; 17 become 15 of 35. The best two cells hold 28: 15 of 30.
    assert table["hit_rate"].tolist() == [0.29, 0.43]
    assert table["pai"].tolist() == [29.0, 21.5]
    assert table["pei"].tolist() == [0.67, 0.5]
    few = shown(found, evaluation=score_map(predicted, cell[:12]).assign(map="density"))
    assert few.evaluation[["hit_rate", "pai", "pei"]].isna().all(axis=None)


def test_special_nights_of_few_assaults_are_not_told(found):
    table = pd.DataFrame(
        {
            "kind": ["bank_holiday", "event"],
            "name": ["", "Fair"],
            "n": [22, 4],
            "n_nights": [8, 2],
            "expected": [11.2, 3.0],
            "ratio": [1.96, 1.33],
            "ratio_low": [1.2, 0.3],
            "ratio_high": [3.0, 3.4],
        }
    )
    published = shown(found, special_nights=table).special_nights

    # 20 to 11.2 is 1.8; the exact interval of 20 is 12.2 to 30.9.
    assert published.iloc[0].tolist() == ["bank_holiday", "", 20, 8, 1.8, 1.1, 2.8]
    assert published.iloc[1][["n", "ratio", "ratio_low", "ratio_high"]].isna().all()


def test_ranked_premises_need_the_threshold_and_tell_no_exact_rate(found):
    premises = pd.DataFrame(
        {
            "place_id": ["p1", "p2", "p3"],
            "name": ["The Anchor", "Rail Taproom", "Ferry Inn"],
            "easting": [EAST, QUAY, EAST + 5000],
            "northing": NORTH,
            "capacity": [200.0, 100.0, np.nan],
        }
    )
    incidents = pd.DataFrame(
        {
            "easting": EAST,
            "northing": NORTH,
            "place_id": ["p1"] * 23 + ["p2"] * 9 + ["p3"] * 4 + [None] * 2,
        }
    )
    ranked = rank_premises(incidents, premises)
    curve = concentration_curve(ranked["n_named"])
    published = shown(found, ranked_premises=ranked, concentration=curve)

    table = published.ranked_premises
    assert table["name"].tolist() == ["The Anchor", "Rail Taproom"]
    assert table["n_named"].tolist() == [25, 10]
    assert table["n_near"].isna().all()
    # 25 of 200 places and 10 of 100, not 23 and 9.
    assert table["per_100_capacity"].tolist() == [12.5, 10.0]
    # A third of the premises hold 23 of 36: at 30 % of them 20.7 become 20 of 35.
    assert published.concentration["share_incidents"].tolist()[5] == 0.57
    few = shown(found, ranked_premises=ranked[1:], concentration=curve)
    assert few.concentration is None


def test_near_repeats_of_few_pairs_are_not_told(found):
    rng = np.random.default_rng(1)
    x, y, day = rng.uniform(0, 2000, 60), rng.uniform(0, 2000, 60), rng.integers(0, 60, 60)
    pairs = knox(x, y, day, distances_m=[100, 400], times=[1, 14], permutations=19)
    published = shown(found, near_repeat=pairs).near_repeat

    few = (pairs["observed"] < 5).to_numpy()
    assert few.any()
    assert not few.all()
    assert published.loc[few, ["n_pairs", "ratio", "p_permuted"]].isna().all(axis=None)
    assert (published.loc[~few, "n_pairs"] % 5 == 0).all()


def test_ranks_of_hot_spots_over_time_pass_and_nothing_exact_with_them(found):
    spots = found.assaults.hot_spots.assign(
        rank_low=[1, 1], rank_high=[2, 7], share_top=[0.871, 0.113], rank_before=[2, np.nan],
        trend=["new", None], harm=[41.0, 12.0], n_now=[11, 3],
    )  # fmt: skip
    table = shown(found, assaults=dataclasses.replace(found.assaults, hot_spots=spots)).hot_spots

    assert table["rank_high"].tolist() == [2, 2]
    assert missing_as(table["rank_before"]) == [2, -1]
    assert table["share_top"].tolist() == [0.85, 0.1]
    # 12 becomes 10, and so 12 of harm 10.
    assert table["harm"].tolist() == [41, 10]
    assert "n_now" not in table


def test_what_was_held_back_is_listed_for_machines(found):
    published = shown(found, themes=(theme(found),), change=change(), premises=found.premises)
    listed = {(each.rule, each.table): each.cells for each in published.held_back}

    assert listed[("small_number", "themes.knife")] == 56
    assert listed[("too_few_incidents", "change")] == 1
    assert listed[("small_number", "change")] == 2
    assert listed[("home", "hotspots")] is None
    assert ("small_number", "methods") not in listed
    assert all(each.why for each in published.held_back)
