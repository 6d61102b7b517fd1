"""Towns whose true rates are known, seen through records: what claims are held against.

Unlike the towns on which the methods were made: patients of one incident may go to different
hospitals, brawls are large, rates are mixed by a gamma distribution, the year has a season.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

EAST, NORTH, APART_M, RADIUS_M = 330_000.0, 260_000.0, 500.0, 60.0
# Incidents of a night by weekday, Monday first.
WEEK = np.array([0.6, 0.6, 0.7, 0.9, 1.5, 2.1, 0.6])
# Share of incidents with 1, 2, 3 … patients.
ALONE = (1.0,)
PAIRS = (0.7, 0.2, 0.08, 0.02)
BRAWLS = (0.72, 0.15, 0.06, 0.03, 0, 0, 0, 0.02, 0, 0, 0, 0.02)
NO_TIME = np.datetime64("NaT", "s")

Floats = NDArray[np.float64]


class Town(NamedTuple):
    """What is true of a town.

    ``means``: incidents of 91 nights at each hot spot. ``elsewhere``: as many of all of them lie
    in none. ``sizes``: share of incidents with 1, 2 … patients. ``known``: share of incidents
    whose patients are known as one. ``hospitals``: share of records that each places.
    ``crowds_town, crowds_here``: coefficient of variation of a night's rate, all places together
    and each by itself. ``season``: how far the rate swings over the year.
    """

    means: Sequence[float]
    elsewhere: float = 0.5
    sizes: Sequence[float] = PAIRS
    known: float = 1.0
    hospitals: Mapping[str, float] = {"county": 0.7, "st-mary": 0.7, "st-teilo": 0.7}
    crowds_town: float = 0.0
    crowds_here: float = 0.0
    season: float = 0.0


def circles(n: int) -> gpd.GeoDataFrame:
    """`n` hot spots that were fixed beforehand: circles 500 m apart."""
    shapes = [shapely.Point(EAST + APART_M * k, NORTH).buffer(RADIUS_M) for k in range(n)]
    ids = [f"H-{k}" for k in range(n)]
    return gpd.GeoDataFrame({"hotspot_id": ids}, geometry=shapes, crs="EPSG:27700")


def incident_counts(
    rng: np.random.Generator, town: Town, nights: pd.DatetimeIndex, *, growth: float | Floats = 1.0
) -> NDArray[np.int64]:
    """Incidents of each night (columns) at each hot spot and, in the last row, elsewhere."""
    means = np.append(np.asarray(town.means, float) * growth, np.sum(town.means) * town.elsewhere)
    year = 1 + town.season * np.sin(2 * np.pi * (nights.day_of_year.to_numpy() - 100) / 365.25)
    rates = means[:, None] * WEEK[nights.day_of_week] / (WEEK.mean() * 91) * year
    rates = rates * _mixing(rng, town.crowds_town, (1, len(nights)))
    return rng.poisson(rates * _mixing(rng, town.crowds_here, rates.shape))


def records(
    rng: np.random.Generator,
    town: Town,
    first: str,
    last: str,
    *,
    growth: float | Floats = 1.0,
    hospitals: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Assault records of the nights from `first` to `last`: the columns that a change looks at.

    `growth` multiplies the rates of the hot spots (not elsewhere), `hospitals` replaces the
    town's own. One patient in ten goes to another hospital than the nearest.
    """
    placed = np.array(list((hospitals or town.hospitals).values()))
    names = np.array(list(hospitals or town.hospitals))
    nights = pd.date_range(first, last, freq="D", unit="s")
    n = incident_counts(rng, town, nights, growth=growth)
    spot, night = (np.repeat(at.ravel(), n.ravel()) for at in np.indices(n.shape))
    size = rng.choice(len(town.sizes), len(spot), p=town.sizes) + 1
    together = rng.random(len(spot)) < town.known
    incident = np.repeat(np.arange(len(spot)), size)
    codes = np.where(together[incident], np.char.add(f"{first} ", incident.astype(str)), None)
    at = spot[incident]
    strays = rng.random(len(at)) < 0.1 * (len(names) > 1)
    hospital = (at + strays * rng.integers(1, max(len(names), 2), len(at))) % len(names)
    angle, away_m = rng.random(len(spot)) * 2 * np.pi, 50 * np.sqrt(rng.random(len(spot)))
    return pd.DataFrame(
        {
            "provider": names[hospital],
            "night_of": nights[night[incident]],
            "easting": EAST + APART_M * at + (away_m * np.cos(angle))[incident],
            "northing": NORTH + 5000 * (at == len(town.means)) + (away_m * np.sin(angle))[incident],
            "incident_id": pd.Series(codes, dtype="str"),
            "location_type": "street",
            "location_level": np.where(rng.random(len(at)) < placed[hospital], "street", "none"),
            "time_precision": "minute",
        }
    ).assign(**dict.fromkeys(("arrived_at", "assault_from", "assault_to"), NO_TIME))


def delivered(town: Town, *, late: str | None = None, late_month: str = "") -> pd.DataFrame:
    """Months of 2024 and 2025 that each hospital delivered whole."""
    months = pd.period_range("2024-01", "2025-12", freq="M")
    rows = [
        (name, month.start_time)
        for name in town.hospitals
        for month in months
        if not (name == late and str(month) == late_month)
    ]
    return pd.DataFrame(rows, columns=["provider", "month"])


def _mixing(rng: np.random.Generator, variation: float, shape: tuple[int, ...]) -> Floats:
    """Gamma numbers of mean 1 and this coefficient of variation."""
    if not variation:
        return np.ones(shape)
    return rng.gamma(variation**-2, variation**2, shape)
