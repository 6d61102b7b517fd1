from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hotspots.dispersion import dispersion_of_places


def events(**nights):
    """Events of each place, by the days of March 2025 (of which 1, 8, 15, 22, 29 are Saturdays)."""
    rows = [(place, pd.Timestamp(2025, 3, day)) for place, days in nights.items() for day in days]
    return pd.DataFrame(rows, columns=["place", "night"])


def dispersion(table, **arguments):
    return dispersion_of_places(table["place"], table["night"], **arguments).to_dict()


def test_a_place_by_hand():
    # Five Saturdays hold 3, 0, 0, 0 and 2: mean 1, variance (9 + 4 - 25 / 5) / 4 = 2.
    assert dispersion(events(a=[1, 1, 1, 29, 29])) == {"a": 2}


def test_few_events_are_drawn_towards_the_mean_over_places():
    # b is even, with a variance of 0. Mean of both 1; a: (2 * 5 + 50 * 1) / 55, and of ten events
    # of all (10 + 10) / 15. Less than 1 is not believed.
    table = events(a=[1, 1, 1, 29, 29], b=[1, 8, 15, 22, 29])

    assert dispersion(table) == {"a": pytest.approx(60 / 55), "b": 1}
    assert dispersion(table, events_of_all=10) == {"a": pytest.approx(20 / 15), "b": 1}


def test_the_course_of_week_and_year_does_not_count():
    # All on Saturdays; and ten times as many in one month: no unevenness among nights alike.
    march = pd.date_range("2025-03-01", periods=5, freq="7D")
    may = pd.date_range("2025-05-03", periods=5, freq="7D")
    nights = pd.Series([*march, *may.repeat(10)])

    assert dispersion_of_places(pd.Series("a", index=nights.index), nights).to_dict() == {"a": 1}


def test_groups_of_patients_are_found_and_independent_events_are_not():
    rng = np.random.default_rng(1)
    days = pd.date_range("2025-01-01", "2025-12-31", freq="D")
    nights = pd.Series(np.repeat(days, rng.poisson(1.5, len(days))))
    place = pd.Series("a", index=nights.index)
    size = rng.choice([1, 4], len(nights), p=[0.8, 0.2])

    assert dispersion_of_places(place, nights)["a"] == pytest.approx(1, abs=0.1)
    # Mean of the squares over the mean: (0.8 + 0.2 * 16) / (0.8 + 0.2 * 4) = 2.5.
    found = dispersion_of_places(place.repeat(size), nights.repeat(size))["a"]
    assert found == pytest.approx(2.5, abs=0.3)


def test_any_order_gives_the_same():
    table = events(a=[1, 1, 1, 29, 29, 3, 3], b=[4, 5, 5])
    shuffled = table.sample(frac=1, random_state=2)

    assert dispersion(shuffled) == pytest.approx(dispersion(table), rel=1e-12)


def test_without_nights_events_count_as_independent():
    table = events(a=[1, 1, 1])
    no_night = table.assign(night=pd.NaT)

    assert dispersion(no_night) == {"a": 1}
    assert dispersion(table.iloc[:0]) == {}
    assert dispersion(table.assign(place=None)) == {}
