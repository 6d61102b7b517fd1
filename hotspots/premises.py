"""Premises ranked by the assaults that records place there, with how far chance moves the rank."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.spatial import cKDTree
from scipy.stats import gamma, nbinom

from ed_ingest.errors import AnalysisError
from hotspots.hot_spot_facts import poisson_interval

Floats = NDArray[np.float64]
# Beyond this the premises differ no more than chance alone makes them: all get the mean.
MOST_ALIKE = 1e6


def rank_premises(
    incidents: pd.DataFrame, premises: pd.DataFrame, *, radius_m: float = 50
) -> pd.DataFrame:
    """Rank premises by the incidents that name them, and shrink what few incidents exaggerate.

    What a record names and what happened near by are never added up: in a crowded street every
    door lies within `radius_m` of every incident.

    Parameters
    ----------
    incidents
        One row per incident (patients of one count once): ``easting, northing`` (EPSG:27700) and
        ``place_id`` (of the premises that the record names; missing where it names none).
    premises
        All premises, those without any incident too: ``place_id, name, easting, northing``, each
        once; where known ``capacity`` (persons) and ``open_hours`` (a week); missing else.
    radius_m
        What counts as near, metres, above 0.

    Returns
    -------
    DataFrame
        One row for each of the premises, most incidents first (then by the shrunken number, name
        and id): ``rank, place_id, name, easting, northing``; ``n_named`` with ``n_low, n_high``
        (exact 95 % Poisson interval; it describes a place chosen beforehand, and tells too much of
        one picked for being high); ``n_near`` (incidents within `radius_m` that name no premises);
        ``n_shrunk, n_shrunk_low, n_shrunk_high`` (empirical Bayes, as from `shrink`, 95 %);
        ``per_100_capacity``, ``per_1000_open_hours`` (52 weeks; missing where not known);
        ``share_cumulative`` (share of all named incidents down to this rank).

    Raises
    ------
    AnalysisError
        If premises stand twice, or the radius is not above 0.
    """
    if not 0 < radius_m < np.inf:
        raise AnalysisError("Premises need a radius above 0 metres.")
    if premises["place_id"].duplicated().any():
        raise AnalysisError("The same premises stand in the list twice. Keep one row for each.")
    named = incidents["place_id"].value_counts().reindex(premises["place_id"]).fillna(0)
    n = np.asarray(named, dtype=np.float64)
    low, high = poisson_interval(n)
    columns = ["place_id", "name", "easting", "northing"]
    table = (
        premises[columns]
        .reset_index(drop=True)
        .assign(
            n_named=n.astype(np.int64),
            n_low=low,
            n_high=high,
            n_near=count_near(incidents[incidents["place_id"].isna()], premises, radius_m),
        )
    )
    table[["n_shrunk", "n_shrunk_low", "n_shrunk_high"]] = shrink(n)
    table["per_100_capacity"] = 100 * n / _known(premises, "capacity")
    table["per_1000_open_hours"] = 1000 * n / (52 * _known(premises, "open_hours"))
    by = ["n_named", "n_shrunk", "name", "place_id"]
    table = table.sort_values(by, ascending=[False, False, True, True], ignore_index=True)
    total = max(int(n.sum()), 1)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table.assign(share_cumulative=table["n_named"].cumsum() / total)


def shrink(n: ArrayLike, exposure: ArrayLike | None = None) -> Floats:
    """Draw counts towards what is usual, the more the less they tell (Clayton and Kaldor 1987).

    True rates are taken to follow a gamma distribution, fitted to all counts by the likelihood;
    each place's own rate is then gamma too. Picked for being highest, such a number is right on
    average, a raw one too high. DOI 10.2307/2532003.

    Parameters
    ----------
    n
        Incidents of each place, the places without any too.
    exposure
        What each count is out of (hours, persons), above 0; default 1.

    Returns
    -------
    NDArray
        One row per place: expected number, and the ends of its 95 % interval, for the exposure.
    """
    count = np.asarray(n, float)
    size = np.ones_like(count) if exposure is None else np.asarray(exposure, float)
    if not len(count) or not count.any():
        return np.zeros((len(count), 3))
    mean = count.sum() / size.sum()

    def misfit(logs: Floats) -> float:
        shape, usual = np.exp(np.clip(logs, None, np.log(MOST_ALIKE)))
        return float(-nbinom.logpmf(count, shape, 1 / (1 + usual / shape * size)).sum())

    best = minimize(misfit, [0.0, np.log(mean)], method="Nelder-Mead", options={"maxiter": 2000})
    shape, usual = np.exp(np.clip(best.x, None, np.log(MOST_ALIKE)))
    own = gamma(shape + count, scale=1 / (shape / usual + size))
    ends = [own.mean(), own.ppf(0.025), own.ppf(0.975)]
    return np.asarray(np.column_stack(ends) * size[:, None], dtype=np.float64)


def concentration_curve(n: ArrayLike) -> pd.DataFrame:
    """Which share of the premises holds which share of the incidents (80/20; Eck and others 2007).

    Parameters
    ----------
    n
        Incidents of each of the premises, those without any too.

    Returns
    -------
    DataFrame
        ``share_premises, share_incidents`` from 0 to 1, the busiest premises first, and
        ``share_if_equal``: what chance alone would give as many incidents among as many premises
        that are all alike (expected order of a Poisson count). Few incidents lie on few premises
        whatever they are, so only the gap between the two tells of concentration.
    """
    count = np.sort(np.asarray(n, float))[::-1]
    if not count.sum():
        return pd.DataFrame(
            {"share_premises": [0.0, 1.0], "share_incidents": 0.0, "share_if_equal": 0.0}
        )
    places = len(count)
    return pd.DataFrame(
        {
            "share_premises": np.arange(places + 1) / places,
            "share_incidents": np.concatenate([[0.0], np.cumsum(count) / count.sum()]),
            "share_if_equal": _if_equal(count.sum(), places),
        }
    )


def _if_equal(total: float, places: int) -> Floats:
    """Cumulative shares of the quantiles of a Poisson count, busiest first."""
    from scipy.stats import poisson

    middle = (np.arange(places) + 0.5) / places
    count = poisson.isf(middle, total / places)
    if not count.sum():
        count = np.ones(places)
    return np.concatenate([[0.0], np.cumsum(count) / count.sum()])


def count_near(events: pd.DataFrame, premises: pd.DataFrame, radius_m: float) -> NDArray[np.int64]:
    """Events within `radius_m` metres of each of the premises: each may be near many of them.

    Both tables have ``easting, northing`` (EPSG:27700); what has none is near nothing.
    """
    where = premises[["easting", "northing"]].to_numpy(float)
    located = events[["easting", "northing"]].dropna().to_numpy(float)
    known = np.isfinite(where).all(axis=1)
    near = np.zeros(len(premises), dtype=np.int64)
    if len(located) and known.any():
        tree = cKDTree(located)
        near[known] = tree.query_ball_point(where[known], radius_m, return_length=True)
    return near


def _known(premises: pd.DataFrame, column: str) -> Floats:
    """A column's numbers above 0; missing where not known."""
    if column not in premises:
        return np.full(len(premises), np.nan)
    numbers = premises[column].to_numpy(float)
    return np.where(numbers > 0, numbers, np.nan)
