from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.harm import HarmWeights, harm_of
from hotspots.lasting import as_lasting, with_harm, with_lasting_ids, with_trend
from hotspots.tables import ChangeFindings, HotSpotMap, Surface


def outlines(**boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"hotspot_id": list(boxes), "rank": range(1, len(boxes) + 1)},
        geometry=[shapely.box(*box) for box in boxes.values()],
        crs="EPSG:27700",
    )


def a_map(spots: gpd.GeoDataFrame, members: list[str | None] | None = None) -> HotSpotMap:
    nothing = np.zeros((1, 1))
    surface = Surface(nothing, np.zeros(1), np.zeros(1), 25, 200, "quartic")
    inside = members if members is not None else list(spots["hotspot_id"])
    return HotSpotMap(surface, nothing.astype(int), spots, pd.Series(inside, dtype="str"))


def ids(now: gpd.GeoDataFrame, before: gpd.GeoDataFrame | None) -> list[str]:
    return list(with_lasting_ids(a_map(now), before).hot_spots["hotspot_id"])


def test_without_an_earlier_month_each_hot_spot_bears_the_id_of_its_place():
    found = with_lasting_ids(a_map(outlines(A=(0, 0, 10, 10))), None)

    assert list(found.hot_spots["hotspot_id"]) == ["A"]
    assert found.hot_spots["rank_before"].isna().all()


def test_one_that_moves_by_half_its_width_keeps_its_id_and_one_that_moves_on_does_not():
    before = outlines(OLD=(0, 0, 100, 100))

    assert ids(outlines(NEW=(50, 0, 150, 100)), before) == ["OLD"]
    assert ids(outlines(NEW=(71, 0, 171, 100)), before) == ["NEW"]


def test_of_one_that_splits_the_larger_part_keeps_the_id():
    before = outlines(OLD=(0, 0, 100, 100))
    now = outlines(LEFT=(0, 0, 35, 100), RIGHT=(40, 0, 100, 100))

    assert ids(now, before) == ["LEFT", "OLD"]


def test_where_two_grow_into_one_it_keeps_the_id_of_the_larger_part():
    before = outlines(SMALL=(0, 0, 30, 100), LARGE=(40, 0, 100, 100))

    assert ids(outlines(NEW=(0, 0, 100, 100)), before) == ["LARGE"]


def test_a_new_hot_spot_never_bears_the_id_that_another_has_kept():
    before = outlines(A=(0, 0, 100, 100))
    # The old one moved out of its square; a new one is now centred there.
    now = outlines(B=(60, 0, 160, 100), A=(-60, 0, 20, 100))

    assert ids(now, before) == ["A", "A-2"]


def test_members_are_renamed_with_their_hot_spots_and_outside_stays_outside():
    found = a_map(outlines(NEW=(0, 0, 100, 100)), ["NEW", None, "NEW"])

    members = with_lasting_ids(found, outlines(OLD=(0, 0, 100, 100))).members

    assert list(members.dropna()) == ["OLD", "OLD"]
    assert members.isna().tolist() == [False, True, False]


def test_the_rank_of_a_month_before_is_that_of_the_same_hot_spot():
    before = outlines(A=(0, 0, 100, 100), B=(200, 0, 300, 100))
    now = outlines(X=(200, 0, 300, 100), Y=(0, 0, 100, 100), Z=(500, 0, 600, 100))

    spots = with_lasting_ids(a_map(now), before).hot_spots

    assert list(spots["hotspot_id"]) == ["B", "A", "Z"]
    assert spots["rank_before"].tolist() == [2, 1, pd.NA]


boxes = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 3), st.integers(1, 3)),
    min_size=1,
    max_size=6,
    unique=True,
)


@settings(max_examples=40, deadline=None)
@given(boxes, boxes)
def test_each_id_stands_once_and_equal_outlines_keep_theirs(now, before):
    def frame(prefix: str, rows: list[tuple[int, int, int, int]]) -> gpd.GeoDataFrame:
        return outlines(
            **{f"{prefix}{k}": (x, y, x + w, y + h) for k, (x, y, w, h) in enumerate(rows)}
        )

    named = ids(frame("N", now), frame("O", before))

    assert len(set(named)) == len(named)
    assert ids(frame("N", before), frame("O", before)) == [f"O{k}" for k in range(len(before))]


def changed(trend: str, box: tuple[float, float, float, float]) -> ChangeFindings:
    spots = outlines(P=box).assign(trend=trend, n_now=12, n_before=4)
    nothing = pd.DataFrame()
    day = pd.Timestamp("2025-01-01").date()
    return ChangeFindings(
        spots, nothing, nothing, day, day, day, day, "a_year_before", (), (), 12, 4, True
    )


def test_a_hot_spot_has_the_trend_of_what_was_compared_on_mostly_the_same_ground():
    found = a_map(outlines(A=(0, 0, 100, 100), B=(150, 0, 250, 100)))

    told = with_trend(found, changed("emerging", (40, 0, 160, 100)))

    assert told is not None
    assert told.hot_spots["trend"].tolist()[0] == "emerging"
    assert told.hot_spots["trend"].isna().tolist() == [False, True]
    assert told.hot_spots["n_now"].tolist() == [12, pd.NA]


def test_where_nothing_was_compared_no_hot_spot_has_a_trend():
    told = with_trend(a_map(outlines(A=(0, 0, 1, 1))), None)

    assert told is not None
    assert told.hot_spots[["trend", "n_now", "n_before"]].isna().all(axis=None)


def test_harm_is_the_sum_of_the_weights_of_a_hot_spots_records():
    found = a_map(outlines(A=(0, 0, 1, 1), B=(2, 2, 3, 3)), ["A", "A", "B", None])
    seen = pd.DataFrame(
        {
            "assault_method": ["sharp_object", "body_part", "vehicle", "sharp_object"],
            "admitted": ["yes", "unknown", "no", "no"],
        }
    )
    weights = HarmWeights({"sharp_object": 10, "body_part": 1}, admitted=5)

    told = with_harm(found, harm_of(seen, weights)).hot_spots

    assert told["harm"].tolist() == [16, 0]


def test_without_weights_no_harm_is_told():
    assert harm_of(pd.DataFrame(), None) is None
    told = with_harm(a_map(outlines(A=(0, 0, 1, 1))), None).hot_spots
    assert told["harm"].isna().all()


def test_no_map_stays_no_map():
    nobody = pd.Series(dtype="int64")
    assert as_lasting(None, nobody, before=None, harm=None) is None
    assert with_trend(None, None) is None


def test_a_rank_is_surer_the_further_the_counts_lie_apart():
    members = ["A"] * 60 + ["B"] * 12 + ["C"] * 10
    found = a_map(outlines(A=(0, 0, 1, 1), B=(2, 0, 3, 1), C=(4, 0, 5, 1)), members)

    told = as_lasting(found, pd.Series(range(len(members))), before=None, harm=None)

    assert told is not None
    spots = told.hot_spots.set_index("hotspot_id")
    assert spots.loc["A", "rank_low"] == spots.loc["A", "rank_high"] == 1
    assert spots.loc["B", "rank_high"] == 3
    assert spots.loc["A", "share_top"] == pytest.approx(1.0)


def test_nothing_else_of_the_map_is_changed():
    found = a_map(outlines(A=(0, 0, 1, 1)))
    told = with_lasting_ids(found, None)
    assert dataclasses.replace(told, hot_spots=found.hot_spots, members=found.members) == found
