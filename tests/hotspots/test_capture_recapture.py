"""Worked numbers: the formula and its variance as documented for R's package recapr."""

import numpy as np
import pandas as pd
import pytest

from hotspots.capture_recapture import (
    ODDS_RATIOS,
    STRATUM_COLUMNS,
    chapman,
    estimates,
    strata_of,
)
from tests.ed_ingest.contract_rows import assault_at, assaults, crime_at, crimes

FRIDAY, TUESDAY = pd.Timestamp("2026-03-13 23:00"), pd.Timestamp("2026-03-17 23:00")


@pytest.mark.parametrize(
    ("one", "other", "both", "all_of_them"),
    [
        # 101 * 101 / 11 - 1: a worked example of trout in a lake, told as 926.
        (100, 100, 10, 926.36),
        (100, 100, 20, 484.76),  # 101 * 101 / 21 - 1
        (10, 15, 5, 28.33),  # 11 * 16 / 6 - 1
        (50, 60, 10, 281.82),  # 51 * 61 / 11 - 1
        (7, 7, 7, 7),  # everybody on both lists
        (5, 4, 0, 29),  # 6 * 5 / 1 - 1: nobody on both still has an answer
    ],
)
def test_chapmans_estimate_by_hand(one, other, both, all_of_them):
    assert chapman(one, other, both) == pytest.approx(all_of_them, abs=0.01)


def test_the_order_of_the_lists_does_not_matter_and_dependence_adds_to_the_unseen():
    assert chapman(300, 200, 50) == chapman(200, 300, 50)
    # 250 * 150 / 51 = 735.29 on no list; twice as many at an odds ratio of 2.
    difference = chapman(300, 200, 50, odds_ratio=2) - chapman(300, 200, 50)
    assert difference == pytest.approx(735.29, abs=0.01)


@pytest.mark.parametrize("ratio", ODDS_RATIOS)
def test_known_dependence_gives_the_truth_back(ratio):
    # On both with 0.12, one alone 0.18 and 0.10; on none so that the odds ratio is `ratio`.
    cells = np.array([0.12, 0.18, 0.10, ratio * 0.18 * 0.10 / 0.12])
    drawn = np.random.default_rng(4).multinomial(20_000, cells / cells.sum(), size=40)
    found = [chapman(a + b, a + c, a, odds_ratio=ratio) for a, b, c, _ in drawn]

    assert np.mean(found) == pytest.approx(20_000, rel=0.01)
    if ratio != 1:
        independent = np.mean([chapman(a + b, a + c, a) for a, b, c, _ in drawn])
        assert abs(independent - 20_000) > 1_000


def test_strata_count_injury_in_public_places_only():
    assaults_ = assaults(
        *[assault_at(FRIDAY)] * 3,
        *[assault_at(TUESDAY)] * 2,
        assault_at(TUESDAY, domestic_abuse="yes"),
    )
    theirs = crimes(
        crime_at(FRIDAY),
        crime_at(FRIDAY, offence_group="robbery"),
        crime_at(FRIDAY, domestic_abuse="yes"),
        crime_at(TUESDAY, location_type="home"),
        crime_at(TUESDAY),
    )
    weighed = pd.DataFrame({"event_id": assaults_["event_id"], "known": [1.0, 1, 0, 1, 0, 1]})
    weighed = weighed.assign(
        incident_id=weighed["event_id"], known_by_incident=weighed["known"], by_chance=0.0
    )
    links = pd.DataFrame(
        {"event_id": ["a0", "a1", "a3"], "crime_id": ["c0", "c1", "c4"], "probability": 1.0}
    )

    strata = strata_of(weighed, assaults_, theirs, links).set_index("stratum")

    assert strata["n_hospital"].tolist() == [3, 2]
    assert strata["n_police"].tolist() == [1, 1]
    # On weekend nights two of three are known, and one of these two by a robbery.
    assert strata["share_both"].tolist() == pytest.approx([1 / 3, 1 / 2])


def test_the_strata_add_up_and_the_interval_holds_the_estimate():
    strata = pd.DataFrame(
        [("weekend_nights", 500, 400, 0.3, 0.25, 0.35), ("other_nights", 300, 500, 0.2, 0.1, 0.3)],
        columns=list(STRATUM_COLUMNS),
    )
    table = estimates(strata)
    one = table[table["odds_ratio"] == 1].set_index("stratum")

    # 501 * 401 / 151 - 1 = 1329.47; 301 * 501 / 61 - 1 = 2471.15
    assert one["n_estimated"].tolist() == pytest.approx([1329.47, 2471.15, 3800.62], abs=0.01)
    assert (table["n_estimated_low"] < table["n_estimated"]).all()
    assert (table["n_estimated"] < table["n_estimated_high"]).all()
    assert estimates(strata.iloc[:0]).empty
