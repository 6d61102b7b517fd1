"""Gate 2 over the premises: what is listed, what of it is told, and what cannot be worked out."""

from __future__ import annotations

import dataclasses
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest

from hotspots.disclosure import disclose
from hotspots.hot_spot_facts import poisson_interval
from hotspots.premises import concentration_curve
from hotspots.tables import ChangeFindings
from tests.hotspots.town import AT_ANCHOR, EAST, NORTH, findings

# place, named, near by, police near, now, before, trend
EXACT = [
    ("p1", 23, 12, 7, 14, 3, "up"),
    ("p2", 17, 4, 0, 4, 9, "no_clear_change"),
    ("p3", 12, 0, 4, 4, 4, "no_clear_change"),
    ("p4", 9, 6, 9, 6, 0, "no_clear_change"),
    ("p5", 5, 1, 1, 1, 2, "no_clear_change"),
    ("p6", 4, 9, 9, 9, 9, "down"),
    ("p7", 1, 0, 0, 0, 0, "no_clear_change"),
]
COLUMNS = ["place_id", "n_named", "n_near", "n_police_near", "n_now", "n_before", "trend"]


@pytest.fixture(scope="module")
def found():
    exact = pd.DataFrame(EXACT, columns=COLUMNS)
    n = exact["n_named"].to_numpy(float)
    low, high = poisson_interval(n)
    ranked = exact.drop(columns=["n_now", "n_before", "trend"]).assign(
        rank=range(1, 8), name=[f"Inn {i}" for i in range(1, 8)], easting=EAST, northing=NORTH,
        n_low=low, n_high=high, n_shrunk=n, n_shrunk_low=low, n_shrunk_high=high,
        per_100_capacity=n, per_1000_open_hours=float("nan"), share_cumulative=1.0,
    )  # fmt: skip
    bands = pd.DataFrame(
        [
            ("p1", 5, 6, 9.0), ("p1", 5, 5, 4.0), ("p1", 5, -1, 13.0), ("p1", -1, 6, 9.2),
            ("p6", 5, -1, 4.0), ("p6", -1, 6, 8.0), ("p2", 4, -1, 4.4), ("p2", 5, -1, 4.6),
        ],
        columns=["place_id", "night", "band", "n"],
    )  # fmt: skip
    change = ChangeFindings(
        hot_spots=gpd.GeoDataFrame(
            pd.DataFrame(columns=["hotspot_id", "name", "trend"], dtype="str").assign(
                n_now=0, n_before=0, expected_now=0.0
            ),
            geometry=[],
            crs="EPSG:27700",
        ),
        months=pd.DataFrame(), shares=pd.DataFrame(),
        now_from=date(2026, 1, 1), now_to=date(2026, 3, 31),
        before_from=date(2025, 1, 1), before_to=date(2025, 3, 31),
        compared_with="a_year_before", providers=("marford",), left_out=(), n_now=40, n_before=30,
        is_called=True, premises=exact[["place_id", "n_now", "n_before", "trend"]],
    )  # fmt: skip
    whole = findings(*[{**AT_ANCHOR, "easting": EAST, "northing": NORTH}] * 80)
    return dataclasses.replace(
        whole,
        ranked_premises=ranked,
        premises_bands=bands,
        n_premises=60,
        concentration=concentration_curve([*exact["n_named"], *[0] * 53]),
        change=change,
    )


def shown(found, *, threshold=5, method="round5", names=True, **changes):
    return disclose(
        dataclasses.replace(found, **changes),
        threshold=threshold,
        method=method,
        premises_names=names,
        marking="OFFICIAL",
    )


@pytest.mark.parametrize("method", ["round5", "suppress_lt5"])
@pytest.mark.parametrize("names", [True, False])
def test_only_premises_at_the_threshold_are_listed_whatever_the_meeting_may_see(
    found, method, names
):
    table = shown(found, method=method, names=names).ranked_premises

    assert table["name"].tolist() == ["Inn 1", "Inn 2", "Inn 3", "Inn 4", "Inn 5"]
    assert table["n_named"].tolist() == [25, 15, 10, 10, 5]
    assert table["n_near"].astype("object").where(table["n_near"].notna(), None).tolist() == [
        10, None, None, 5, None,
    ]  # fmt: skip


def test_a_higher_threshold_lists_fewer(found):
    assert shown(found, threshold=10).ranked_premises["name"].tolist() == [
        "Inn 1",
        "Inn 2",
        "Inn 3",
    ]


def test_the_change_is_told_only_where_a_period_holds_enough(found):
    table = shown(found).ranked_premises

    assert table["trend"].tolist() == [
        "up", "no_clear_change", "too_few", "no_clear_change", "too_few",
    ]  # fmt: skip
    assert table["n_now"].fillna(-1).tolist() == [15, -1, -1, 5, -1]
    assert table["n_before"].fillna(-1).tolist() == [-1, 10, -1, -1, -1]


def test_without_a_comparison_or_police_records_there_are_no_such_columns(found):
    ranked = found.ranked_premises.drop(columns="n_police_near")
    table = shown(found, change=None, ranked_premises=ranked).ranked_premises

    assert not {"trend", "n_now", "n_before", "n_police_near"} & set(table.columns)


def test_nights_and_hours_are_told_of_the_listed_and_where_they_hold_enough(found):
    bands = shown(found).premises_bands

    # 4.6 is 5 in whole numbers; what holds 4, or belongs to premises not listed, is left out.
    assert bands.to_numpy().tolist() == [
        ["p1", -1, 6, 10], ["p1", 5, -1, 15], ["p1", 5, 6, 10], ["p2", 5, -1, 5],
    ]  # fmt: skip


def test_whoever_rounds_alike_is_shown_alike(found):
    """No published figure moves when every count is another one that is rounded to the same."""
    exact = found.ranked_premises
    other = exact.assign(
        n_named=[26, 13, 11, 11, 7, 2, 3], n_near=[9, 0, 3, 7, 4, 9, 0],
        n_police_near=[6, 3, 1, 8, 0, 9, 0],
    )  # fmt: skip
    n = other["n_named"].to_numpy(float)
    low, high = poisson_interval(n)
    other = other.assign(n_low=low, n_high=high, n_shrunk=n, per_100_capacity=n)
    # Per 100 of a capacity of 100: the rate is the number itself.
    one, two = (shown(found, ranked_premises=t).ranked_premises for t in (exact, other))

    pd.testing.assert_frame_equal(one, two)


def test_no_count_of_one_to_four_is_published(found):
    table = shown(found).ranked_premises
    counts = table[["n_named", "n_near", "n_police_near", "n_now", "n_before"]]

    # Missing, or a multiple of 5 that is not 0.
    assert (counts.isna() | (counts % 5 == 0) & (counts > 0)).all(axis=None)


def test_few_premises_have_no_shrunken_number(found):
    few = shown(found, ranked_premises=found.ranked_premises.iloc[:4]).ranked_premises

    assert "n_shrunk" in shown(found).ranked_premises
    assert "n_shrunk" not in few


def test_what_is_left_out_is_told_for_machines(found):
    told = {(h.table, h.rule): h.cells for h in shown(found).held_back}

    assert told["ranked_premises", "too_few_incidents"] == 2
    assert told["premises_bands", "too_few_incidents"] == 4
    assert shown(found).n_premises == 60
