import numpy as np
import pandas as pd
import pytest

from ed_ingest import sensitivity
from ed_ingest.candidates import assault_spans, crime_spans
from ed_ingest.sensitivity import DISTANCES_M, GAPS_MIN, chance_corrected, sensitivity_grid
from tests.ed_ingest.contract_rows import EAST, NORTH, assault_at, assaults, crime_at, crimes, later
from tests.ed_ingest.test_linkage import START, town


def cell(table: pd.DataFrame, distance: float, gap: float) -> pd.Series:
    return table[(table["distance_m"] == distance) & (table["gap_min"] == gap)].iloc[0]


def test_the_edges_of_a_window_belong_to_it():
    # 100 m and 60 minutes away: inside 100 m × 60 min, outside 50 m or 30 min.
    table = sensitivity_grid(assaults({}), crimes(crime_at(later(60), easting=EAST + 100)))

    assert cell(table, 100, 60)["share_within"] == 1
    assert cell(table, 50, 360)["share_within"] == 0
    assert cell(table, 400, 30)["share_within"] == 0


def test_what_chance_finds_is_taken_off_by_hand():
    # 3 of 4 found, 1 of 2 by chance: (0.75 - 0.5) / (1 - 0.5) = 0.5
    share, chance = pd.Series([0.75, 0.4, 1.0]), pd.Series([0.5, 0.5, 0.99])

    assert chance_corrected(share, chance).tolist()[:2] == [0.5, 0.0]
    assert np.isnan(chance_corrected(share, chance)[2])


def test_a_plain_search_of_all_pairs_finds_the_same():
    ours, theirs = town(known=30, unknown=40, others=4000)
    one, other = assault_spans(ours), crime_spans(theirs)
    apart = np.hypot(*(one.points[:, None] - other.points[None]).transpose(2, 0, 1))
    gap = np.abs(one.start[:, None] - other.start[None])

    table = sensitivity_grid(ours, theirs)

    for row in table.itertuples():
        near = ((apart <= row.distance_m) & (gap <= row.gap_min)).any(axis=1)
        assert row.share_within == pytest.approx(near.mean())


def test_the_corrected_share_is_the_truth_also_where_chance_finds_much():
    random = np.random.default_rng(1)
    n, day = 600, 1440
    when = [START + pd.Timedelta(minutes=int(m)) for m in random.integers(0, 300 * day, n)]
    ours = assaults(*(assault_at(t) for t in when))
    own = [crime_at(t) for t in when[: n * 4 // 10]]
    busy = [crime_at(START + pd.Timedelta(minutes=int(m)), northing=NORTH + 20)
            for m in random.integers(0, 300 * day, 700)]  # fmt: skip

    found = cell(sensitivity_grid(ours, crimes(*own, *busy)), 50, 120)

    assert found["share_within"] > 0.55
    assert found["share_corrected"] == pytest.approx(0.4, abs=0.05)


def test_of_many_some_are_looked_at_in_whatever_order(monkeypatch):
    ours, theirs = town(known=60, unknown=90)
    everybody = sensitivity_grid(ours, theirs)
    monkeypatch.setattr(sensitivity, "_ENOUGH", 50)
    some = sensitivity_grid(ours, theirs)

    pd.testing.assert_frame_equal(some, sensitivity_grid(ours.iloc[::-1], theirs))
    assert (some["share_within"] - everybody["share_within"]).abs().max() < 0.15
    assert (some["n"] == 150).all()


def test_wider_windows_find_no_less():
    table = sensitivity_grid(*town())
    shares = table["share_within"].to_numpy().reshape(len(DISTANCES_M), len(GAPS_MIN))

    assert (np.diff(shares, axis=0) >= 0).all()
    assert (np.diff(shares, axis=1) >= 0).all()


def test_without_records_no_share_is_told():
    nobody = sensitivity_grid(assaults({}).iloc[:0], crimes({}))
    nothing = sensitivity_grid(assaults({}), crimes({}).iloc[:0])

    assert nobody["share_within"].isna().all()
    assert (nothing["share_within"] == 0).all()
    assert nothing["share_by_chance"].isna().all()
