"""What changed: which months, which hospitals, on outlines drawn from both periods together."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspots.changed import what_changed
from tests.ed_ingest.contract_rows import assault_at, assaults
from tests.hotspots.town import CRS, EAST, NORTH, QUAY, gazetteer

MARCH = date(2026, 3, 31)


def drawn(points):
    """Both streets, whatever the points; what was given is kept."""
    drawn.given.append(points)
    shapes = [shapely.Point(x, NORTH).buffer(200) for x in (EAST, QUAY)]
    names = {"hotspot_id": ["H-1", "H-2"], "name": ["Castle Street", "Quay Parade"], "rank": [1, 2]}
    return gpd.GeoDataFrame(names, geometry=shapes, crs=CRS), pd.Series(dtype="str")


@pytest.fixture(autouse=True)
def nothing_given():
    drawn.given = []


def delivered(*parts):
    rows = [(name, pd.Timestamp(month)) for name, months in parts for month in months]
    table = pd.DataFrame(rows, columns=["provider", "month"])
    return table.astype({"provider": "str", "month": "datetime64[s]"})


def in_month(month, n, **changes):
    """One assault on each of `n` nights of a month."""
    return [assault_at(pd.Timestamp(f"{month}-{d:02d} 23:00"), **changes) for d in range(1, n + 1)]


def found(*changes, whole=(("marford", ("2025-03", "2026-03")),), to=MARCH, months=1):
    seen = assaults(*changes) if changes else assaults(n=0)
    return what_changed(
        seen, delivered(*whole), to, months=months, gazetteer=gazetteer(), draw=drawn
    )


def test_each_hot_spot_is_told_with_its_incidents_of_both_periods():
    rows = [
        *in_month("2025-03", 20),
        *in_month("2026-03", 28),
        *in_month("2026-03", 3, easting=QUAY),
    ]
    change, note = found(*rows)
    spots = change.hot_spots.set_index("hotspot_id")

    assert note == ""
    assert spots[["n_now", "n_before"]].to_numpy().tolist() == [[28, 20], [3, 0]]
    assert list(spots["name"]) == ["Castle Street", "Quay Parade"]
    assert (change.n_now, change.n_before) == (31, 20)
    assert (change.now_from, change.now_to) == (date(2026, 3, 1), MARCH)
    assert (change.before_from, change.before_to) == (date(2025, 3, 1), date(2025, 3, 31))
    assert change.compared_with == "a_year_before"
    assert change.hot_spots.crs == CRS


def test_outlines_are_drawn_from_both_periods_and_nobody_tells_which_is_which():
    rows = [*in_month("2025-03", 4), *in_month("2026-03", 6), *in_month("2026-01", 9)]
    found(*rows)
    (points,) = drawn.given

    assert len(points) == 10
    assert "period" not in points


def test_a_month_that_is_not_over_is_not_compared():
    rows = [*in_month("2025-02", 5), *in_month("2026-02", 7), *in_month("2026-03", 20)]
    whole = [("marford", ("2025-02", "2025-03", "2026-02", "2026-03"))]
    change, _ = found(*rows, whole=whole, to=date(2026, 3, 30))

    assert (change.now_from, change.now_to) == (date(2026, 2, 1), date(2026, 2, 28))
    assert (change.n_now, change.n_before) == (7, 5)


def test_a_hospital_that_was_late_takes_part_in_neither_period():
    late = {"provider": "st-teilo"}
    rows = [*in_month("2025-03", 5), *in_month("2026-03", 6), *in_month("2025-03", 20, **late)]
    whole = [("marford", ("2025-03", "2026-03")), ("st-teilo", ("2025-03",))]
    change, _ = found(*rows, whole=whole)

    assert (change.providers, change.left_out) == (("marford",), ("st-teilo",))
    assert (change.n_now, change.n_before) == (6, 5)
    assert set(drawn.given[0].index) == set(range(11))


def test_the_order_of_the_records_is_nothing_to_it():
    rows = [
        *in_month("2025-03", 20),
        *in_month("2026-03", 28),
        *in_month("2026-03", 9, easting=QUAY),
    ]
    one, other = found(*rows)[0], found(*rows[::-1])[0]

    pd.testing.assert_frame_equal(pd.DataFrame(one.hot_spots), pd.DataFrame(other.hot_spots))
    pd.testing.assert_frame_equal(one.months, other.months)


@pytest.mark.parametrize(
    ("rows", "whole", "why"),
    [
        ([], [], "No hospital delivered the latest 1 months whole"),
        (in_month("2026-03", 9), [("marford", ("2026-03",))], "Ask for the missing months"),
        ([], [("marford", ("2025-03", "2026-03"))], "No assault of the months to compare has"),
        (
            in_month("2026-03", 9, location_type="own_home"),
            [("marford", ("2025-03", "2026-03"))],
            "No assault of the months to compare has a point",
        ),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(rows, whole, why):
    change, note = found(*rows, whole=whole)

    assert change is None
    assert why in note
