from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ed_ingest.errors import AnalysisError
from hotspots.change import CHANGED, find_changes
from tests.hotspots.unchanged_town import EAST, NO_TIME, NORTH, delivered, hot_spots, records

# May 2025 began on a Thursday: five Thursdays, Fridays and Saturdays. May 2024 began on a
# Wednesday: five Wednesdays, Thursdays and Fridays.
MAY, MAY_BEFORE = ("2025-05-01", "2025-05-31"), ("2024-05-01", "2024-05-31")
QUARTER, QUARTER_BEFORE = ("2025-03-01", "2025-05-31"), ("2024-03-01", "2024-05-31")
ALL_THERE = {"county": (), "st_mary": (), "st_teilo": ()}
LATE = {**ALL_THERE, "st_teilo": ("2025-05",)}
EVEN = {"county": 0.7, "st-mary": 0.7, "st-teilo": 0.7}


def town(rng, *, means, quarter=True, growth=1.0, mapped=EVEN, grouped=1.0):
    """Records of both periods; `mapped` and `growth` are of the later one."""
    now, before = (QUARTER, QUARTER_BEFORE) if quarter else (MAY, MAY_BEFORE)
    earlier = records(
        rng, means=means, first=before[0], last=before[1], mapped=EVEN, grouped=grouped
    )
    later = records(
        rng, means=means, first=now[0], last=now[1], mapped=mapped, grouped=grouped, growth=growth
    )
    return pd.concat([earlier, later], ignore_index=True)


def changes(assaults, n, *, gaps=ALL_THERE, months=3):
    return find_changes(
        assaults,
        hot_spots(n),
        complete=delivered(**gaps),
        period_to=date(2025, 5, 31),
        months=months,
    )


def unchanged_map(seed, *, n=12, quarter=True):
    """A map of a town where only its records change: groups, Saturdays, a late hospital, places."""
    rng = np.random.default_rng(seed)
    means = 10 + rng.gamma(2, 20, n)
    mapped = {name: share + rng.uniform(-0.08, 0.08) for name, share in EVEN.items()}
    assaults = town(rng, means=means, quarter=quarter, mapped=mapped, grouped=0.7)
    late = assaults["provider"].eq("st-teilo") & assaults["night_of"].ge("2025-05-01")
    return changes(assaults[~late], n, gaps=LATE, months=3 if quarter else 1)


def is_any_called(found) -> bool:
    return bool(found.hot_spots["trend"].isin(CHANGED).any())


def night(day, n, *, at=0, provider="county", level="street", incident=None):
    """`n` assaults of one night at hot spot `at`, each an incident of its own unless named."""
    rows = pd.DataFrame(
        {
            "provider": provider,
            "night_of": np.datetime64(day, "s"),
            "easting": EAST + 500 * at,
            "northing": NORTH,
            "location_type": "street",
            "location_level": level,
            "time_precision": "minute",
        },
        index=range(n),
    )
    times = dict.fromkeys(("arrived_at", "assault_from", "assault_to"), NO_TIME)
    return rows.assign(incident_id=pd.Series(incident, index=rows.index, dtype="str"), **times)


ONE = {"county": ()}


def test_a_hot_spot_is_tested_against_its_own_nights():
    # All on Saturdays. March to May: 14 Saturdays in 2025 and 13 in 2024; 40 incidents would fall
    # in the later period with chance 14 / 27.
    spread = [night(day, 10) for day in ("2025-03-01", "2025-04-05", "2025-05-03")]
    assaults = pd.concat([*spread, night("2024-03-02", 5), night("2024-05-04", 5)])
    found = changes(assaults, 1, gaps=ONE)
    row = found.hot_spots.iloc[0]

    assert (row["n_now"], row["n_before"], row["n_months"]) == (30, 10, 5)
    assert row["expected_now"] == pytest.approx(40 * 14 / 27)
    assert row["ratio"] == pytest.approx((30 / 14) / (10 / 13))
    assert row["ratio_low"] < 1 < row["ratio"] < row["ratio_high"]
    assert found.months["n"].tolist() == [5, 0, 5, 10, 10, 10]
    # Ten at once on three of 14 nights: far more uneven than independent incidents, so no call.
    assert row["dispersion"] > 5
    assert row["trend"] == "persistent"


def steady(days, n):
    return pd.concat([night(day, n) for day in days])


def saturdays(first, last):
    return [str(day.date()) for day in pd.date_range(first, last, freq="W-SAT")]


def test_each_trend_by_its_name():
    now, before = saturdays(*QUARTER), saturdays(*QUARTER_BEFORE)
    at = {
        "emerging": (6, 2),
        "new": (2, 0),
        "fading": (1, 4),
        "persistent": (3, 3),
    }
    parts = [
        pd.concat([night(day, n, at=k) for day in days])
        for k, (later, earlier) in enumerate(at.values())
        for days, n in ((now, later), (before, earlier))
        if n
    ]
    seldom = [night("2025-03-01", 1, at=4), night("2024-03-02", 1, at=4)]
    found = changes(pd.concat([*parts, *seldom]), 6, gaps=ONE)

    assert found.hot_spots["trend"].tolist() == [*at, "intermittent", "intermittent"]
    assert found.hot_spots["p_value"].iloc[-1] == 1  # nothing there at all
    assert np.isnan(found.hot_spots["ratio"].iloc[1])
    assert (found.n_now, found.n_before) == (14 * 12 + 1, 13 * 9 + 1)


def test_patients_of_one_incident_count_once():
    fight = night("2025-05-03", 6, incident="fight")

    assert changes(fight, 1, gaps=ONE).hot_spots["n_now"].tolist() == [1]


def placed_of_100(n_now, n_before):
    parts = [
        night("2025-05-03", n_now),
        night("2025-05-10", 100 - n_now, level="none"),
        night("2024-05-04", n_before),
        night("2024-05-11", 100 - n_before, level="locality"),
    ]
    return changes(pd.concat(parts), 1, gaps=ONE)


def test_where_the_mapped_share_moved_by_over_five_points_no_call_is_made():
    moved, as_far = placed_of_100(76, 70), placed_of_100(75, 70)

    assert moved.hot_spots["trend"].tolist() == ["recording_changed"]
    assert np.isnan(moved.hot_spots[["ratio", "ratio_low", "p_value", "q_value"]]).all(axis=None)
    assert moved.hot_spots["n_now"].tolist() == [76]
    assert as_far.is_called


def test_somewhat_better_places_are_allowed_for():
    # 14 Saturdays at 74 %, 13 at 70 %.
    row = placed_of_100(74, 70).hot_spots.iloc[0]

    assert row["expected_now"] == pytest.approx(144 * 14 * 0.74 / (14 * 0.74 + 13 * 0.70))


def test_a_hospital_that_placed_nothing_in_one_period_is_counted_by_its_nights():
    row = placed_of_100(0, 4).hot_spots.iloc[0]

    assert row["expected_now"] == pytest.approx(4 * 14 / 27)
    assert (row["ratio"], row["ratio_low"]) == (0, 0)


def test_one_hospital_of_several_that_records_anew_stops_the_call():
    small = {"provider": "st-mary"}
    parts = [
        night("2025-05-03", 900),
        night("2025-05-03", 90, **small),
        night("2025-05-03", 10, level="none", **small),
        night("2024-05-04", 900),
        night("2024-05-04", 60, **small),
        night("2024-05-04", 40, level="none", **small),
    ]
    found = changes(pd.concat(parts), 1, gaps={"county": (), "st_mary": ()})

    assert found.shares.loc["all", "now"] - found.shares.loc["all", "before"] < 0.05
    assert not found.is_called


def test_homes_are_no_part_of_the_mapped_share():
    homes = night("2025-05-10", 50, level="withheld").assign(location_type="own_home")
    found = changes(pd.concat([night("2025-05-03", 5), night("2024-05-04", 5), homes]), 1, gaps=ONE)

    assert found.shares.loc["all", ["now", "n_now"]].tolist() == [1, 5]


def test_a_hospital_with_a_missing_month_takes_no_part_in_either_period():
    early = night("2024-03-02", 20, provider="st-teilo")
    rest = [night("2025-05-03", 5), night("2024-05-04", 5)]
    found = changes(pd.concat([early, *rest]), 1, gaps={"county": (), "st_teilo": ("2025-05",)})

    assert found.compared.providers == ("county",)
    assert found.compared.left_out == ("st-teilo",)
    assert found.hot_spots["n_before"].tolist() == [5]


def test_without_the_year_before_the_months_before_serve_and_it_is_said():
    found = changes(night("2025-05-03", 5), 1, gaps={"county": ("2024-04",)})

    assert found.compared.compared_with == "the_months_before"
    assert str(found.compared.before) == "2024-12"
    with pytest.raises(AnalysisError, match="No hospital delivered"):
        changes(night("2025-05-03", 5), 1, gaps={"county": ("2024-04", "2025-01")})


def test_any_order_of_the_records_gives_the_same():
    assaults = town(np.random.default_rng(3), means=[20, 30], grouped=0.5)
    shuffled = assaults.sample(frac=1, random_state=1)
    first, second = changes(assaults, 2), changes(shuffled, 2)

    pd.testing.assert_frame_equal(first.hot_spots, second.hot_spots, rtol=1e-12)


def test_no_record_and_no_hot_spot():
    empty = night("2025-05-03", 5).iloc[:0]

    assert changes(empty, 2, gaps=ONE).hot_spots["trend"].tolist() == ["intermittent"] * 2
    assert changes(night("2025-05-03", 5), 0, gaps=ONE).hot_spots.empty


def test_an_id_that_stands_twice_is_refused():
    twice = hot_spots(2).assign(hotspot_id="H-0")
    with pytest.raises(AnalysisError, match="stands twice"):
        find_changes(
            night("2025-05-03", 5), twice, complete=delivered(county=()), period_to=date(2025, 5, 1)
        )


def test_where_nothing_changes_but_the_records_few_maps_call_a_change():
    maps = [unchanged_map(seed, n=6, quarter=bool(seed % 2)) for seed in range(12)]

    assert sum(map(is_any_called, maps)) <= 1
    assert sum(found.is_called for found in maps) >= 5


def test_a_doubled_hot_spot_is_mostly_found():
    found = [
        changes(town(np.random.default_rng(seed), means=[90] * 5, growth=[2, 1, 1, 1, 1]), 5)
        for seed in range(6)
    ]

    assert sum(each.hot_spots["trend"].iloc[0] == "emerging" for each in found) >= 5


@pytest.mark.long
@pytest.mark.parametrize("quarter", [True, False])
def test_at_most_five_in_a_hundred_maps_call_a_change_where_nothing_changes(quarter):
    # Of the maps that make calls at all: those with changed recording must not help the rate.
    maps = [unchanged_map(seed, quarter=quarter) for seed in range(1000)]
    called = [found for found in maps if found.is_called]

    assert len(called) >= 500
    assert sum(map(is_any_called, called)) <= 0.05 * len(called)
