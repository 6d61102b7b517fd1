"""The share of assaults that the police know of, with its interval, by any grouping.

Of each assault the linkage says how much of a match it found (`known`, 0 to 1), and how much it
finds by chance when the assault is moved by whole weeks (`by_chance`). A match is found in part
even where there is none, and not wholly where there is one; both are known, so the share is what
must be true for the mean to be as it is (the adjusted count of Rogan and Gladen 1978,
doi:10.1093/oxfordjournals.aje.a112510). How much is found where there is a match, the records do
not show: the probabilities themselves say it, if they are right, and so does the share that the
model was fitted with. The estimate is the mean of both shares; by what they differ, it may be off.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

from ed_ingest.candidates import Floats
from ed_ingest.reach import MAY_BE_LOST

# Small groups lend from all: the chance of a group counts as much as so many assaults of all.
_CHANCE_OF_ALL = 200.0
# Where found matches and chance differ by less, nothing is taken off: the model's own mean stands.
_LEAST_CONTRAST = 0.25
# Standard error of the model itself beside what the two estimates differ by: own crimes beyond the
# reach, of which its test may miss so many, and a trifle of all assaults.
_BEYOND, _OF_ALL = MAY_BE_LOST, 0.003
# Of fewer known the fitted share says too little.
_LEAST_SHARE = 0.02
_Z = float(norm.ppf(0.975))
# Of fewer Student's quantile would run away.
_FEWEST_INCIDENTS = 2.0
COLUMNS = ["n", "known_share", "known_share_low", "known_share_high"]


def known_share(weighed: pd.DataFrame, *, groups: pd.Series | None = None) -> pd.DataFrame:
    """Estimate the share that the police know of, for each group of assaults.

    Parameters
    ----------
    weighed
        As `linkage.weigh` gives it: one row per linkable assault with ``event_id``,
        ``incident_id`` (patients of one incident are not independent), ``known``,
        ``known_by_incident``, ``by_chance`` (NaN where it was never moved) and ``found_ratio``
        (the same in all; 1 if not given). Give all rows, also those of no group: they tell how
        links err.
    groups
        Label of each row, on the index of `weighed`: a hot spot, area, method, age band, month …;
        a boolean mask works as well; missing is in no group. Without it all are one group.

    Returns
    -------
    DataFrame
        One row a label (index, sorted): ``n`` (assaults), ``known_share``, ``known_share_low`` and
        ``known_share_high`` (95 %), all 0 to 1. NaN where there is no assault. The interval carries
        the sampling of incidents, doubt about links, and how well chance is known.
    """
    if groups is None:
        groups = pd.Series("all", index=weighed.index)
    rows = weighed.assign(group=groups)
    known, chance = rows["known"].to_numpy(float), rows["by_chance"].to_numpy(float)
    # Between patients of one incident it is no doubt whose crime it is.
    sure = rows["known_by_incident"].to_numpy(float)
    found = float((known * sure).sum() / known.sum()) if known.sum() > 0 else 1.0
    if np.isnan(chance).all():
        # Nothing was moved: chance is what the model says.
        unknown = float((1 - known).sum())
        usual = float((known * (1 - sure)).sum()) / unknown if unknown > 0 else 0.0
    else:
        usual = float(np.nanmean(chance))
    rows["by_chance"] = rows["by_chance"].fillna(usual)
    ratio = float(rows["found_ratio"].iloc[0]) if "found_ratio" in rows and len(rows) else 1.0
    shares = {
        label: _estimate(group, found=(found, found * ratio), usual_chance=usual)
        for label, group in rows[rows["group"].notna()].groupby("group", sort=True)
    }
    table = pd.DataFrame.from_dict(shares, orient="index", columns=COLUMNS)
    return table.astype({"n": "int64"} | dict.fromkeys(COLUMNS[1:], "float64"))


def share_of(weighed: pd.DataFrame, counted: pd.Series) -> dict[str, float]:
    """Estimate the share of some assaults that the police know of.

    Parameters
    ----------
    weighed
        As for `known_share`.
    counted
        Whether each row counts, on the index of `weighed`.

    Returns
    -------
    dict
        ``known_share, known_share_low, known_share_high``; NaN where no row counts.
    """
    table = known_share(weighed, groups=counted.map({True: "counted"}))
    if table.empty:
        return dict.fromkeys(COLUMNS[1:], float("nan"))
    return {name: float(table[name].iloc[0]) for name in COLUMNS[1:]}


def found_ratio(weighed: pd.DataFrame, *, share: float) -> float:
    """How `known` where there is a match, by a fitted share, compares with what it says of itself.

    Parameters
    ----------
    weighed
        As for `known_share`, without the ratio.
    share
        Of the assaults, those with their own crime, as the model was fitted with it.

    Returns
    -------
    float
        2/3 to 1.5; 1 where nothing is known, or nothing was moved.
    """
    known, chance = weighed["known"].to_numpy(float), weighed["by_chance"].to_numpy(float)
    itself = float((known * weighed["known_by_incident"]).sum())
    if share < _LEAST_SHARE or itself <= 0 or np.isnan(chance).all():
        return 1.0
    fitted = (known.mean() - (1 - share) * np.nanmean(chance)) / share
    return float(np.clip(fitted * known.sum() / itself, 2 / 3, 1.5))


def _estimate(
    group: pd.DataFrame, *, found: tuple[float, float], usual_chance: float
) -> tuple[int, float, float, float]:
    n = len(group)
    known, by_chance = group["known"].to_numpy(float), group["by_chance"].to_numpy(float)
    chance = (by_chance.sum() + _CHANCE_OF_ALL * usual_chance) / (n + _CHANCE_OF_ALL)
    contrast = float(np.mean(found)) - chance
    if min(found) - chance < _LEAST_CONTRAST:
        share, contrast, apart = float(known.mean()), max(contrast, _LEAST_CONTRAST), 0.0
    else:
        both = [np.clip((known.mean() - chance) / (f - chance), 0.0, 1.0) for f in found]
        share, apart = float(np.mean(both)), float(np.ptp(both)) / 2
    variance = _variance(group, known) / contrast**2
    variance += _variance(group, by_chance) * ((1 - share) / contrast) ** 2
    variance += apart**2 + (_BEYOND * share) ** 2 + _OF_ALL**2
    return n, share, *_wilson(share, variance, n)


def _variance(group: pd.DataFrame, values: Floats) -> float:
    """Variance of the mean, incidents being independent.

    Few incidents tell it badly where some have many patients. It is made larger, as Student's
    quantile asks, for as many incidents as count, (Σ patients)² / Σ patients² (Kish 1965, Survey
    Sampling, section 8.2), beside as many as there are patients, for which Wilson's interval holds.
    """
    codes = pd.factorize(group["incident_id"])[0]
    total, patients = np.bincount(codes, values - values.mean()), np.bincount(codes)
    few = _of_few(len(values) ** 2 / (patients**2).sum()) / _of_few(len(values))
    return float((total**2).sum() / len(values) ** 2 * few)


def _of_few(n: float) -> float:
    """How many times a variance of so few must be taken for 1.96 of its root to be enough."""
    n = max(n, _FEWEST_INCIDENTS)
    return float(n / (n - 1) * (student.ppf(0.975, n - 1) / _Z) ** 2)


def _wilson(share: float, variance: float, n: int) -> tuple[float, float]:
    """Wilson's interval of the size that has this variance, never of more than `n`.

    From 0 where the share is too small to tell it from none.
    """
    spread = share * (1 - share)
    size = float(np.clip(spread / variance, 1e-9, n)) if spread > 0 else float(n)
    centre = (share + _Z**2 / (2 * size)) / (1 + _Z**2 / size)
    half = _Z * np.sqrt(spread / size + _Z**2 / (4 * size**2)) / (1 + _Z**2 / size)
    error = _Z * np.sqrt(variance)
    low = 0.0 if share <= error else max(centre - half, 0.0)
    # Wilson's upper end runs away where nobody is known but the model may err.
    high = min(centre + half, share + error + _Z**2 / n, 1.0)
    return float(low), float(high)
