"""How often 95 % intervals hold what is true, for places that were fixed beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.evaluation.simulated_periods import (
    ALONE,
    BRAWLS,
    PAIRS,
    Town,
    incident_counts,
)
from ed_ingest.known_share import known_share
from hotspots.dispersion import dispersion_of_places
from hotspots.hot_spot_facts import count_interval
from hotspots.premises import rank_premises, shrink

# Incidents of the hot spots whose share is estimated.
LINKABLE = (20, 30, 60, 200)
# Incidents of a quarter at each hot spot: of a year four times as many.
MEANS = (3.0, 5.0, 8.0, 15.0, 30.0, 180.0)
YEAR = pd.date_range("2025-01-01", "2025-12-31", freq="D", unit="s")

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Source(NamedTuple):
    """A town's records and how they come in clumps."""

    name: str
    changes: dict[str, object]


SOURCES = (
    Source("independent assaults", {"sizes": ALONE}),
    Source("patients in groups", {"sizes": PAIRS}),
    Source("brawls of up to 12", {"sizes": BRAWLS}),
    Source("groups, nights gamma-mixed, season",
           {"sizes": PAIRS, "crowds_town": 0.4, "crowds_here": 0.3, "season": 0.3}),
)  # fmt: skip


def counts_held(rng: np.random.Generator, source: Source) -> tuple[Flags, Flags]:
    """Whether the interval of each hot spot's records holds its mean: as drawn, and Poisson's."""
    town = Town(means=MEANS, **source.changes)  # type: ignore[arg-type]
    n = incident_counts(rng, town, YEAR)[:-1]
    place, night = (np.repeat(at.ravel(), n.ravel()) for at in np.indices(n.shape))
    size = rng.choice(len(town.sizes), len(place), p=town.sizes) + 1
    place, night = pd.Series(np.repeat(place, size)), pd.Series(YEAR[np.repeat(night, size)])
    count = np.bincount(place, minlength=len(MEANS)).astype(float)
    found = dispersion_of_places(place, night).reindex(range(len(MEANS))).fillna(1.0)
    season = 1 + town.season * np.sin(2 * np.pi * (YEAR.day_of_year.to_numpy() - 100) / 365.25)
    week = np.array([0.6, 0.6, 0.7, 0.9, 1.5, 2.1, 0.6])
    nights = (season * week[YEAR.day_of_week]).sum() / (week.mean() * 91)
    truth = np.asarray(MEANS) * nights * np.dot(town.sizes, np.arange(1, len(town.sizes) + 1))
    held = [
        _holds(count_interval(count, dispersion), truth)
        for dispersion in (found.to_numpy(float), np.ones(len(MEANS)))
    ]
    return held[0], held[1]


def premises_held(rng: np.random.Generator, means: Sequence[float]) -> Flags:
    """Whether the interval of incidents that name each of the premises holds its mean."""
    n = rng.poisson(means)
    names = np.arange(len(n)).astype(str)
    incidents = pd.DataFrame({"place_id": np.repeat(names, n)})
    premises = pd.DataFrame({"place_id": names, "name": "x"})
    where = {"easting": 0.0, "northing": 0.0}
    table = rank_premises(incidents.assign(**where), premises.assign(**where))
    table = table.set_index("place_id").loc[premises["place_id"]]
    return _holds((table["n_low"].to_numpy(float), table["n_high"].to_numpy(float)), means)


def shrunk_held(
    rng: np.random.Generator, *, places: int = 150, is_gamma: bool = True
) -> tuple[float, bool]:
    """Share of premises whose shrunken interval holds the truth, and whether the busiest's does."""
    truth = rng.gamma(0.8, 4, places) if is_gamma else np.exp(rng.normal(0.5, 1.0, places))
    n = rng.poisson(truth)
    _, low, high = shrink(n).T
    held = _holds((low, high), truth)
    return float(held.mean()), bool(held[n.argmax()])


def shares_held(
    rng: np.random.Generator,
    *,
    incidents: Sequence[int] = LINKABLE,
    unknown: Sequence[float] = (0.4, 0.6, 0.7, 0.55),
    together: float = 0.8,
    sizes: Sequence[float] = PAIRS,
    apart: float = 3.0,
) -> Flags:
    """Whether the interval of each hot spot's share without a police record holds the true one.

    The police know of an incident, or (1 − `together` of the time) of each patient by himself.
    The linkage sees a score, normal with mean 0 where there is no record and `apart` where there
    is one, and turns it into a calibrated probability; moved by whole weeks, five times, an
    assault has none. 1,500 more incidents lie elsewhere.
    """
    n, share = np.append(incidents, 1500), np.append(unknown, np.mean(unknown))
    place = np.repeat(np.arange(len(n)), n)
    size = rng.choice(len(sizes), len(place), p=sizes) + 1
    incident = np.repeat(np.arange(len(place)), size)
    spot = place[incident]
    of_all = (rng.random(len(place)) >= share[place])[incident]
    by_himself = rng.random(len(incident)) >= share[spot]
    is_known = np.where((rng.random(len(place)) < together)[incident], of_all, by_himself)
    odds = (1 - share[-1]) / share[-1]

    def probability(score: Floats) -> Floats:
        return 1 / (1 + np.exp(apart**2 / 2 - apart * score) / odds)

    moved = probability(rng.normal(0, 1, (5, len(incident)))).mean(axis=0)
    known = probability(rng.normal(apart * is_known, 1))
    weighed = pd.DataFrame(
        {
            "event_id": np.arange(len(incident)).astype(str),
            "incident_id": incident,
            "known": known,
            "known_by_incident": known,
            "by_chance": moved,
        }
    )
    groups = pd.Series(spot, index=weighed.index).where(spot < len(incidents))
    table = known_share(weighed, groups=groups)
    low, high = 1 - table["known_share_high"], 1 - table["known_share_low"]
    return _holds((low.to_numpy(), high.to_numpy()), unknown)


def _holds(interval: tuple[Floats, Floats], truth: Sequence[float] | Floats) -> Flags:
    low, high = interval
    return (low <= np.asarray(truth)) & (np.asarray(truth) <= high)
