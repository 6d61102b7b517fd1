"""Shares and patterns of the made-up assaults."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from hotspots.simulated.incidents import on_the_clock
from tests.hotspots.simulated_files import N_SIMULATED, truth


def within_binomial(share: float, p: float, n: int) -> bool:
    """Four standard deviations: once in 16,000 by chance, and the seed is fixed."""
    return abs(share - p) < 4 * math.sqrt(p * (1 - p) / n)


def test_there_are_as_many_assaults_as_asked_besides_transfers(assaults):
    own = assaults[assaults["transfer"] == "no"]

    assert len(own) == N_SIMULATED
    assert 0 < len(assaults) - N_SIMULATED < 0.02 * N_SIMULATED


def test_homes_are_30_percent_of_incidents_and_41_percent_are_known_to_the_police(assaults):
    incidents = assaults.drop_duplicates("incident")
    home = incidents["location_type"].isin(["own_home", "other_home"])
    known = incidents["known_to_police"] == "yes"

    assert within_binomial(home.mean(), 0.30, len(incidents))
    assert within_binomial(known.mean(), 0.41, len(incidents))


def test_6_percent_of_each_hospitals_records_have_an_identifier_in_their_words(assaults):
    shares = (assaults["planted"] == "yes").groupby(assaults["provider"]).mean()

    assert (shares >= 0.06).all()
    assert (shares < 0.08).all()


def test_a_tenth_of_the_premises_holds_most_of_their_assaults(simulated, assaults):
    places = pd.read_csv(simulated / "reference" / "places.csv")
    premises = places.loc[places["kind"] == "premises", "place_id"]
    counts = assaults["place_id"].value_counts().reindex(premises, fill_value=0)
    top = counts.nlargest(len(premises) // 10)

    assert top.sum() > 0.5 * counts.sum()
    assert (counts == 0).mean() < 0.5  # and yet most have some


def test_the_night_time_economy_peaks_on_friday_and_saturday_nights_at_closing_time(assaults):
    out = assaults[assaults["setting"].isin(["venue", "outside"])]
    night = (out["assaulted_at"] - pd.Timedelta(hours=6)).dt.day_of_week
    hour = out["assaulted_at"].dt.hour
    weekend, closing = night.isin([4, 5]), hour.isin([23, 0, 1, 2])

    # A flat week would have 2/7 on these nights and 4/24 in these hours.
    assert weekend.mean() > 0.5
    assert closing.mean() > 0.5
    assert (weekend & closing).mean() > 0.25


def test_school_days_peak_at_the_way_home(assaults):
    school = assaults.loc[assaults["setting"].isin(["school", "way_home"]), "assaulted_at"]

    assert (school.dt.day_of_week < 5).mean() > 0.95
    assert school.dt.hour.isin([15, 16]).mean() > 0.5


def test_one_place_emerges_and_one_fades_in_the_last_three_months(simulated, assaults):
    late = assaults["assaulted_at"] >= "2025-10-01"
    ratio = {}
    for trend in truth(simulated, "trends").itertuples():
        off = np.hypot(assaults["easting"] - trend.easting, assaults["northing"] - trend.northing)
        near = (off <= trend.radius_m + 15) & assaults["setting"].isin(["venue", "outside"])
        # Assaults a month: three months against nine.
        ratio[trend.trend] = (near & late).sum() / 3 / max(1, (near & ~late).sum() / 9)

    assert ratio["emerging"] > 4
    assert ratio["fading"] < 0.5


def test_the_clock_change_nights_are_there(assaults):
    at = assaults["assaulted_at"]
    seen = pd.concat([at, assaults["arrived_at"]])

    # 30 March: 01:00 to 01:59 never was; 26 October: it came twice.
    assert not ((seen >= "2025-03-30 01:00") & (seen < "2025-03-30 02:00")).any()
    assert ((at >= "2025-10-26 01:00") & (at < "2025-10-26 02:00")).sum() >= 1


def test_a_time_that_the_clocks_skip_is_shown_an_hour_later():
    times = np.array(
        ["2025-03-30T01:15", "2025-03-30T00:59", "2025-03-30T02:00", "2025-03-23T01:15"], "M8[m]"
    )

    assert on_the_clock(times).astype(str).tolist() == [
        "2025-03-30T02:15", "2025-03-30T00:59", "2025-03-30T02:00", "2025-03-23T01:15",
    ]  # fmt: skip


def test_no_assault_comes_after_its_arrival(assaults):
    assert (assaults["assaulted_at"] <= assaults["arrived_at"]).all()


def test_victims_of_one_incident_mostly_say_the_same_and_go_to_one_hospital(assaults):
    own = assaults[assaults["transfer"] == "no"]
    groups = own[own["incident"].duplicated(keep=False)].groupby("incident")

    assert len(groups) > 200
    for column in ("assault_method", "provider", "assailants"):
        kinds = groups[column].nunique()
        assert 0.8 < (kinds < 2).mean() < 1, column
    for column in ("easting", "northing", "assaulted_at"):
        assert groups[column].nunique().max() == 1


def test_codes_go_together(assaults):
    home = assaults["location_type"] == "own_home"
    out = assaults["setting"].isin(["venue", "outside"])
    alcohol, partner = assaults["alcohol"] == "yes", assaults["relationship"] == "partner_or_ex"

    assert alcohol[out].mean() > 1.5 * alcohol[~out].mean()
    assert partner[home].mean() > 5 * partner[~home].mean()
    glass = assaults["assault_method"] == "glass"
    assert glass[out].mean() > 2 * glass[~out].mean()
