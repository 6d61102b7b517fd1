"""Near repeats of a period's incidents: who takes part, and what is counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hotspots import repeats
from hotspots.repeats import LEAST_INCIDENTS, near_repeats

FIRST = pd.Timestamp("2026-01-01")


def pairs_of(n_pairs, *, days_apart=7, metres_apart=0.0):
    """Pairs of incidents, each pair 10 km from the next and one night later."""
    rows = [
        (10_000.0 * k + metres_apart * second, 0.0, k + days_apart * second)
        for k in range(n_pairs)
        for second in (0, 1)
    ]
    table = pd.DataFrame(rows, columns=["easting", "northing", "day"])
    return table.assign(incident=range(len(table)), uncertainty_m=60.0)


def found(table):
    nights = FIRST + pd.to_timedelta(table["day"], unit="D")
    return near_repeats(table.drop(columns="day"), nights.astype("datetime64[s]"))


def observed(table):
    """Pairs by the upper ends of distance and days, those without any left out."""
    rows = found(table)
    rows = rows[rows["observed"] > 0]
    return {
        (row.distance_to, row.time_to): row.observed for row in rows.itertuples(index=False)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("days", "metres", "band"),
    [
        (0, 0, (0, 0)),
        (7, 0, (0, 7)),
        (8, 100, (100, 14)),
        (28, 101, (200, 28)),
        (1, 400, (400, 7)),
    ],
)
def test_pairs_are_counted_by_metres_and_nights(days, metres, band):
    assert observed(pairs_of(50, days_apart=days, metres_apart=metres)) == {band: 50}


def test_what_is_farther_or_later_than_the_last_band_is_no_repeat():
    assert observed(pairs_of(50, days_apart=29)) == {}
    assert observed(pairs_of(50, metres_apart=401)) == {}


def test_repeats_beyond_chance_are_told_from_none():
    table = pairs_of(60).assign(day=lambda rows: 30 * (rows.index // 2) + 7 * (rows.index % 2))
    near = found(table).set_index(["distance_to", "time_to"]).loc[(0, 7)]

    # 60 of 120 * 119 / 2 pairs are at one place, and 60 are 1 to 7 nights apart:
    # 60 * 60 / 7140 = 0.504 by chance.
    assert near["observed"] == 60
    assert near["expected"] == pytest.approx(3600 / 7140)
    assert near["p_permuted"] == pytest.approx(1 / 1000)


def test_patients_of_one_incident_are_no_repeat():
    table = pairs_of(50)
    twice = pd.concat([table, table], ignore_index=True)

    pd.testing.assert_frame_equal(found(twice), found(table))


def test_vague_places_and_records_without_a_night_take_no_part():
    table = pairs_of(52)
    table.loc[[0, 1], "uncertainty_m"] = 100.5
    table.loc[[2], "day"] = np.nan

    # One whole pair and the half of another are out.
    assert observed(table) == {(0, 7): 50}


def test_the_order_of_the_records_is_nothing_to_it():
    table = pairs_of(55, metres_apart=30)

    pd.testing.assert_frame_equal(found(table), found(table.sample(frac=1, random_state=3)))


def test_of_very_many_pairs_some_incidents_are_drawn_the_same_for_any_order(monkeypatch):
    rng = np.random.default_rng(5)
    town = pd.DataFrame(rng.uniform(0, 900, (300, 2)), columns=["easting", "northing"])
    town = town.assign(day=rng.integers(0, 90, 300), incident=range(300), uncertainty_m=0.0)
    whole = found(town)["observed"].sum()
    monkeypatch.setattr(repeats, "MOST_PAIRS", 5_000)
    some = found(town)

    assert 0.15 * whole < some["observed"].sum() < 0.6 * whole
    pd.testing.assert_frame_equal(some, found(town.iloc[::-1]))


def test_fewer_than_a_hundred_incidents_tell_nothing():
    assert LEAST_INCIDENTS == 100
    assert found(pairs_of(50)) is not None
    assert found(pairs_of(50).iloc[1:]) is None
    assert found(pairs_of(50).iloc[:0]) is None
