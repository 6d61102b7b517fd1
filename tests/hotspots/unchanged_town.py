"""A town in which nothing changes but the way it is seen: what a change must not be called from."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

EAST, NORTH = 330_000.0, 260_000.0
# Incidents of a night by weekday: the weekend holds most of them.
WEEK = np.array([0.5, 0.5, 0.6, 0.8, 1.7, 2.2, 0.7])
RADIUS_M = 60.0
NO_TIME = np.datetime64("NaT", "s")
MONTHS = pd.period_range("2024-01", "2025-12", freq="M")


def hot_spots(n: int) -> gpd.GeoDataFrame:
    """`n` circles 500 m apart."""
    circles = [shapely.Point(EAST + 500 * k, NORTH).buffer(RADIUS_M) for k in range(n)]
    ids = [f"H-{k}" for k in range(n)]
    return gpd.GeoDataFrame({"hotspot_id": ids}, geometry=circles, crs="EPSG:27700")


def records(rng, *, means, first, last, mapped, grouped=1.0, growth=1.0):
    """Assault records of the nights `first` to `last`: only the columns that a change looks at.

    `means` are incidents of a quarter at each hot spot, `growth` multiplies them; half as many as
    at all of them lie elsewhere. Every hospital has hot spots of its own, and 15 in 100 of the
    others' patients. `mapped` is the share of records placed, by hospital; `grouped` the share of
    incidents whose patients are known as one. An incident has 1 to 6 patients.
    """
    names = np.array(list(mapped))
    nights = pd.date_range(first, last, freq="D", unit="s")
    means = np.append(np.asarray(means) * growth, np.sum(means) / 2)
    n = rng.poisson(means[:, None] * WEEK[nights.day_of_week] / (WEEK.mean() * 91.3))
    spot, night = (np.repeat(at.ravel(), n.ravel()) for at in np.indices(n.shape))
    strays = rng.random(len(spot)) < 0.15 * (len(names) - 1)
    hospital = (spot + strays * rng.integers(1, max(len(names), 2), len(spot))) % len(names)
    together = rng.random(len(spot)) < grouped
    size = np.minimum(rng.geometric(0.75, len(spot)), 6)
    incident = np.repeat(np.arange(len(spot)), size)
    at, seen_by = spot[incident], names[hospital[incident]]
    angle, away_m = rng.random(len(at)) * 2 * np.pi, 50 * rng.random(len(at))
    codes = np.where(together[incident], np.char.add(f"{first} ", incident.astype(str)), None)
    placed = rng.random(len(at)) < np.array(list(mapped.values()))[hospital[incident]]
    return pd.DataFrame(
        {
            "provider": seen_by,
            "night_of": nights[night[incident]],
            "easting": EAST + 500 * at + away_m * np.cos(angle),
            "northing": NORTH + 5000 * (at == len(means) - 1) + away_m * np.sin(angle),
            "incident_id": pd.Series(codes, dtype="str"),
            "location_type": "street",
            "location_level": np.where(placed, "street", "none"),
            "time_precision": "minute",
        }
    ).assign(**dict.fromkeys(("arrived_at", "assault_from", "assault_to"), NO_TIME))


def delivered(**gaps) -> pd.DataFrame:
    """All months of 2024 and 2025 delivered whole by each provider, but those named in `gaps`."""
    rows = [
        (provider.replace("_", "-"), month.start_time)
        for provider, missing in gaps.items()
        for month in MONTHS
        if str(month) not in missing
    ]
    return pd.DataFrame(rows, columns=["provider", "month"])
