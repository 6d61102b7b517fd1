from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ed_ingest.errors import AnalysisError
from hotspots.hot_spot_facts import poisson_interval
from hotspots.premises import concentration_curve, rank_premises, shrink

PREMISES = pd.DataFrame(
    {
        "place_id": ["A", "B", "C"],
        "name": ["Anchor", "Bell", "Crown"],
        "easting": [0.0, 100.0, 500.0],
        "northing": 0.0,
        "capacity": [200.0, np.nan, 50.0],
        "open_hours": [50.0, 40.0, np.nan],
    }
)


def incidents(*rows):
    return pd.DataFrame(rows, columns=["place_id", "easting", "northing"]).astype(
        {"place_id": "str", "easting": float, "northing": float}
    )


def test_named_and_near_are_counted_apart():
    # Three incidents name B; one without a name lies 30 m from A, one 300 m from everything.
    table = rank_premises(
        incidents(*[("B", 100, 0)] * 3, ("A", 0, 0), (None, 30, 0), (None, 250, 250)), PREMISES
    ).set_index("place_id")

    assert table["n_named"].to_dict() == {"B": 3, "A": 1, "C": 0}
    assert table["n_near"].to_dict() == {"B": 0, "A": 1, "C": 0}
    assert list(table["rank"]) == [1, 2, 3]
    assert list(table["share_cumulative"]) == [0.75, 1, 1]
    # Exact interval of a count of 3: 0.6187 to 8.7673.
    assert table.loc["B", ["n_low", "n_high"]].tolist() == pytest.approx([0.6187, 8.7673], abs=1e-4)
    # 1 of 200 persons is 0.5 of 100; 3 of 52 × 40 hours are 1.4423 of 1,000.
    assert table.loc["A", "per_100_capacity"] == 0.5
    assert table.loc["B", "per_1000_open_hours"] == pytest.approx(1.4423, abs=1e-4)
    assert table[["per_100_capacity", "per_1000_open_hours"]].isna().sum().tolist() == [1, 1]


def test_the_order_of_rows_changes_nothing():
    rows = [("B", 1, 1), ("A", 1, 1), (None, 20, 0), ("C", 5, 5), ("C", 5, 5)]
    one = rank_premises(incidents(*rows), PREMISES)

    assert one.equals(rank_premises(incidents(*rows[::-1]), PREMISES[::-1]))


def test_without_incidents_all_is_zero():
    table = rank_premises(incidents(), PREMISES)

    assert table[["n_named", "n_near", "n_shrunk", "share_cumulative"]].sum().sum() == 0


def test_shrunken_numbers_are_right_for_the_highest_where_raw_ones_are_not():
    rng = np.random.default_rng(1)
    true = rng.gamma(0.8, 4, (200, 150))
    n = rng.poisson(true)
    top = n.argmax(axis=1)
    of_top = (np.arange(200), top)
    shrunken = np.array([shrink(row)[at] for row, at in zip(n, top, strict=True)])
    covered = (shrunken[:, 1] <= true[of_top]) & (true[of_top] <= shrunken[:, 2])

    assert n[of_top].mean() / true[of_top].mean() > 1.12
    assert shrunken[:, 0].mean() / true[of_top].mean() == pytest.approx(1, abs=0.05)
    assert covered.mean() >= 0.9


def test_the_exact_interval_covers_premises_fixed_beforehand():
    rng = np.random.default_rng(2)
    for mean in (0.7, 3.0, 12.0):
        low, high = poisson_interval(rng.poisson(mean, 2000).astype(float))

        assert ((low <= mean) & (mean <= high)).mean() >= 0.93


def test_premises_that_differ_by_chance_alone_all_get_nearly_the_mean():
    n = np.random.default_rng(3).poisson(5, 400)
    expected = shrink(n)[:, 0]

    assert expected.sum() == pytest.approx(n.sum(), rel=0.01)
    assert expected.std() < 0.25 * n.std()


def test_exposure_scales_the_rate():
    # The same rate over twice the hours: twice the number.
    one, other = shrink([10, 20] * 30, [1, 2] * 30)[:2, 0]

    assert other == pytest.approx(2 * one, rel=0.05)


def test_the_curve_of_eight_in_ten_on_two_in_ten():
    curve = concentration_curve([1, 1, 1, 1, 1, 1, 1, 1, 16, 16])

    # 40 incidents: the two busiest of ten hold 32.
    assert curve.loc[2, ["share_premises", "share_incidents"]].tolist() == [0.2, 0.8]
    assert curve.loc[2, "share_if_equal"] < 0.4
    assert (curve.iloc[-1] == 1).all()
    assert concentration_curve([0, 0])["share_incidents"].tolist() == [0, 0]


def test_premises_that_stand_twice_are_refused():
    with pytest.raises(AnalysisError, match="twice"):
        rank_premises(incidents(), pd.concat([PREMISES, PREMISES]))
