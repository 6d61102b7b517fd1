"""How often tolerance contours are drawn where two sources see alike, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.evaluation.simulated_periods import ALONE, BRAWLS, NO_TIME, PAIRS, WEEK
from hotspots.compare import relative_risk, tolerance_contours
from hotspots.grid import make_grid
from hotspots.police import Violence

GRID = make_grid((0, 0, 2400, 2000), cell_m=50)
BANDWIDTH_M = 200.0
# A long street, a square, two suburbs and a scatter: not a town of equal round centres.
STREET, SQUARE, SUBURBS = (500.0, 900.0), (1500.0, 1300.0), ((700.0, 300.0), (2000.0, 500.0))
ALIKE = (0.35, 0.25, 0.1, 0.1, 0.2)
NIGHTS = pd.date_range("2025-01-01", "2025-12-31", freq="D", unit="s")

Floats = NDArray[np.float64]


class Pair(NamedTuple):
    """Two sources of one town: hospitals and the police.

    ``n``: expected incidents of each. ``sizes, known``: patients of an incident, and the share of
    incidents whose patients are known as one. ``crowds``: coefficient of variation of a night's
    rate, the same for both. ``uncertainty_m``: radius about the hospital's place that holds the
    true one with 95 %. ``shares``: where the hospital's incidents lie; the police's lie as `ALIKE`.
    """

    name: str
    n: tuple[int, int] = (400, 500)
    sizes: Sequence[float] = PAIRS
    known: float = 1.0
    crowds: float = 0.0
    uncertainty_m: float = 0.0
    shares: Sequence[float] = ALIKE


UNALIKE = (0.20, 0.40, 0.1, 0.1, 0.2)
PAIRS_ALIKE = (
    Pair("independent assaults", sizes=ALONE),
    Pair("patients in groups, all known"),
    Pair("patients in groups, 3 in 10 not known as one", known=0.7),
    Pair("patients in groups, none known as one", known=0.0),
    Pair("brawls of up to 12, 3 in 10 not known as one", sizes=BRAWLS, known=0.7),
    Pair("nights gamma-mixed, groups", known=0.7, crowds=0.8),
    Pair("three times as many of one source", n=(900, 300), known=0.7),
    Pair("hospital's places 80 m off (95 %)", known=0.7, uncertainty_m=80),
)
PAIRS_UNLIKE = (Pair("a square with 40 % of one and 25 % of the other", shares=UNALIKE, known=0.7),)


def contours(seed: int, pair: Pair, *, permutations: int = 99) -> set[str]:
    """Which sources see more anywhere, as the contours of one simulated map tell."""
    rng = np.random.default_rng(seed)
    rate = WEEK[NIGHTS.day_of_week] / (WEEK.mean() * len(NIGHTS))
    if pair.crowds:
        rate = rate * rng.gamma(pair.crowds**-2, pair.crowds**2, len(NIGHTS))
    nights = [np.repeat(NIGHTS, rng.poisson(n * rate)) for n in pair.n]
    # The told place is the nearest known one; the truth lies about it.
    away_m = pair.uncertainty_m / 2.448
    told = scatter(rng, len(nights[0]), pair.shares)
    known = scatter(rng, len(nights[1]), ALIKE)
    crimes = known + rng.normal(0, away_m, known.shape)
    size = rng.choice(len(pair.sizes), len(told), p=pair.sizes) + 1
    incident = np.repeat(np.arange(len(told)), size)
    together = rng.random(len(told)) < pair.known
    number = np.where(together[incident], incident, len(incident) + np.arange(len(incident)))
    points = pd.DataFrame(
        {
            "easting": told[incident, 0],
            "northing": told[incident, 1],
            "uncertainty_m": pair.uncertainty_m,
            "incident": number,
            "night": nights[0][incident],
        }
    )
    risk = relative_risk(
        points,
        violence(crimes, nights[1]),
        grid=GRID,
        bandwidth_m=BANDWIDTH_M,
        permutations=permutations,
        seed=seed,
    )
    return set(tolerance_contours(risk)["more"])


def scatter(rng: np.random.Generator, n: int, shares: Sequence[float]) -> Floats:
    """Places of `n` incidents, metres: street, square, two suburbs, anywhere."""
    kind = rng.choice(5, n, p=shares)
    along = STREET + rng.random((n, 1)) * [600.0, 200.0] + rng.normal(0, 25, (n, 2))
    at = [along, SQUARE + rng.normal(0, 70, (n, 2))]
    at += [centre + rng.normal(0, 150, (n, 2)) for centre in SUBURBS]
    at.append(rng.random((n, 2)) * [2400.0, 2000.0])
    return np.stack(at)[kind, np.arange(n)]


def violence(places: Floats, nights: pd.DatetimeIndex) -> Violence:
    """The force's own records at these places and nights."""
    text = pd.Series(pd.NA, index=range(len(places)), dtype="str")
    crimes = pd.DataFrame(
        {
            "easting": places[:, 0],
            "northing": places[:, 1],
            "location_level": "coordinates",
            "committed_from": nights + pd.Timedelta(hours=22),
            "committed_to": NO_TIME,
            "time_precision": "minute",
            "place_name": text,
            "knife": "no",
            "alcohol": "no",
            "lsoa": text,
        }
    )
    return Violence(crimes, "", False)
