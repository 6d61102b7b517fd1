import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.known_share import found_ratio, known_share, share_of


def weighed(known: list[float], by_chance: float = 0.0, **columns) -> pd.DataFrame:
    ids = [f"a{i}" for i in range(len(known))]
    table = pd.DataFrame({"event_id": ids, "incident_id": ids, "known": known})
    return table.assign(known_by_incident=table["known"], by_chance=by_chance, **columns)


def test_sure_matches_are_counted_with_nearly_wilsons_interval():
    share = known_share(weighed([1.0, 1.0, 0.0, 0.0])).loc["all"]

    # Wilson for 2 of 4, z = 1.96; the model's own error is next to nothing beside it.
    assert share["known_share"] == 0.5
    assert share["known_share_low"] == pytest.approx(0.150, abs=1e-3)
    assert share["known_share_high"] == pytest.approx(0.850, abs=1e-3)


def test_what_chance_finds_is_taken_off():
    # 40 of 100 are found for certain; the others a tenth each, where chance finds a fifth.
    table = weighed([1.0] * 40 + [0.1] * 60, by_chance=0.2)

    share = known_share(table).loc["all", "known_share"]

    # Mean 0.46; found where there is a match (40 + 0.6) / 46.
    assert share == pytest.approx((0.46 - 0.2) / (40.6 / 46 - 0.2))


def test_the_two_estimates_of_what_is_found_are_averaged_and_their_distance_widens():
    # Mean 0.5, chance nothing: found 1 where there is a match, or 0.8 by the fitted share.
    sure = weighed([1.0] * 500 + [0.0] * 500)

    one = known_share(sure.assign(found_ratio=1.0)).loc["all"]
    two = known_share(sure.assign(found_ratio=0.8)).loc["all"]

    assert two["known_share"] == pytest.approx((0.5 + 0.5 / 0.8) / 2)
    # Half of 0.125 apart: twice 0.0625 on either side, beside the sampling.
    assert two["known_share_high"] - two["known_share_low"] > 0.2
    assert one["known_share_high"] - one["known_share_low"] < 0.08


def test_the_ratio_compares_the_fitted_share_with_the_probabilities():
    # Mean 0.46, chance 0.1; were half known, of each (0.46 - 0.5 * 0.1) / 0.5 = 0.82 is found; the
    # probabilities themselves say (40 + 0.6) / 46.
    table = weighed([1.0] * 40 + [0.1] * 60, by_chance=0.1)

    assert found_ratio(table, share=0.5) == pytest.approx(0.82 / (40.6 / 46))


@pytest.mark.parametrize(
    ("known", "by_chance", "share"),
    [([], 0.0, 0.4), ([0.0, 0.0], 0.0, 0.4), ([1.0], math.nan, 0.4), ([0.01] * 9, 0.01, 0.001)],
)
def test_where_the_fitted_share_says_nothing_the_ratio_is_one(known, by_chance, share):
    assert found_ratio(weighed(known, by_chance=by_chance), share=share) == 1.0


def test_own_crimes_beyond_the_reach_widen_the_interval_of_many():
    # Of 40,000, sampling leaves 0.5 % on either side; 2 % of the known half is 1 %, twice 2 %.
    share = known_share(weighed([1.0, 0.0] * 20_000)).loc["all"]

    assert share["known_share_high"] - share["known_share_low"] > 0.038


def test_where_nothing_was_moved_the_models_own_chance_stands():
    known = [0.9] * 10 + [0.1] * 10

    share = known_share(weighed(known, by_chance=math.nan)).loc["all", "known_share"]

    # A calibrated model's mean needs no correction.
    assert share == pytest.approx(0.5)


def test_where_nothing_tells_matches_from_chance_the_mean_stands():
    assert known_share(weighed([0.05] * 60)).loc["all", "known_share"] == pytest.approx(0.05)


def test_doubt_widens_the_interval():
    sure = known_share(weighed([1.0] * 500 + [0.0] * 500)).loc["all"]
    doubtful = known_share(weighed([0.7] * 500 + [0.3] * 500, by_chance=0.3)).loc["all"]

    def width(row: pd.Series) -> float:
        return row["known_share_high"] - row["known_share_low"]

    assert width(doubtful) > 1.3 * width(sure)


def test_patients_of_one_incident_are_no_independent_witnesses():
    table = weighed([1.0] * 30 + [0.0] * 30)
    pairs = table.assign(incident_id=[f"i{i // 2}" for i in range(60)])

    alone, together = (known_share(t).loc["all"] for t in (table, pairs))

    assert together["known_share"] == alone["known_share"]
    assert together["known_share_low"] < alone["known_share_low"]


def test_nothing_known_reaches_down_to_nought():
    share = known_share(weighed([0.002] * 1000, by_chance=0.002)).loc["all"]

    assert share["known_share"] < 0.0021
    assert share["known_share_low"] == 0
    assert share["known_share_high"] < 0.02


def test_groups_have_their_own_shares_and_a_row_without_label_none():
    table = weighed([1.0, 1.0, 0.0, 0.0, 1.0])
    groups = pd.Series(["b", "b", "a", "a", None])

    shares = known_share(table, groups=groups)

    assert shares.index.tolist() == ["a", "b"]
    assert shares["known_share"].tolist() == [0.0, 1.0]
    assert shares["n"].tolist() == [2, 2]


def test_a_mask_counts_some():
    table = weighed([1.0, 0.0, 0.0])

    assert share_of(table, table["known"] < 1)["known_share"] == 0.0


def test_nobody_has_no_share():
    assert math.isnan(share_of(weighed([]), pd.Series([], dtype=bool))["known_share"])
    assert known_share(weighed([])).empty


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0, 1))
def test_shares_and_intervals_are_in_order_and_in_range(known, chance):
    row = known_share(weighed(known, by_chance=chance)).loc["all"]

    ends = row[["known_share_low", "known_share", "known_share_high"]].to_numpy()
    assert (np.diff(ends) >= -1e-9).all()
    assert ends.min() >= 0
    assert ends.max() <= 1
