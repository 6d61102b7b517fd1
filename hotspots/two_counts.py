"""Are two counts of events different? Tests that say how often chance alone would give as much."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta, binom, norm, poisson

from ed_ingest.errors import AnalysisError

# Counts less likely than this are left out of a sum over all counts.
NEGLIGIBLE = 1e-15
# Two values of a statistic as close as this are the same one.
SAME = 1e-9

Floats = NDArray[np.float64]


class Displacement(NamedTuple):
    """Change of a place beyond that of others: events, its standard error, and their ratio."""

    estimate: float
    standard_error: float
    z: float


def conditional_p(
    now: ArrayLike, before: ArrayLike, share_now: ArrayLike, *, dispersion: float = 1.0
) -> float:
    """Test whether the rate changed between two periods, given what each stratum holds in all.

    The events of a stratum (a day of the week, say) fall in the later period with the chance that
    it would have by its length alone. The sum over strata is compared with its exact distribution
    under no change (Przyborowski and Wilenski 1940, DOI 10.1093/biomet/31.3-4.313, for one
    stratum). As the totals are given, it does not matter that a place was looked at because it
    holds many.

    Parameters
    ----------
    now, before
        Events of each stratum in the later and in the earlier period, whole numbers.
    share_now
        Share of the later period in each stratum's whole exposure, 0 to 1: 14 of 27 Saturdays.
    dispersion
        How many times the variance is that of independent events, at least 1. Above 1 the p value
        is that of its standard score over the root of this (McCullagh and Nelder 1989, DOI
        10.1007/978-1-4899-3242-6, section 6.2).

    Returns
    -------
    float
        Two-sided: twice the smaller tail, at most 1. So each direction has half of it.

    Raises
    ------
    AnalysisError
        If a number is not what it must be.
    """
    later, earlier = _whole(now), _whole(before)
    shares = np.asarray(share_now, float)
    if not len(later) == len(earlier) == len(shares) or not dispersion >= 1:
        raise AnalysisError("Give each stratum two counts and a share, and a dispersion from 1 on.")
    if not ((shares >= 0) & (shares <= 1)).all():
        raise AnalysisError("The later period's share of each stratum lies between 0 and 1.")
    chance = np.ones(1)
    for total, share in zip(later + earlier, shares, strict=True):
        chance = np.convolve(chance, binom.pmf(np.arange(total + 1), total, share))
    n = int(later.sum())
    tail = min(float(chance[: n + 1].sum()), float(chance[n:].sum()))
    p = min(1.0, 2 * tail)
    return float(widened_p(p, dispersion))


def widened_p(p: ArrayLike, dispersion: ArrayLike) -> Floats:
    """Two-sided p values of independent events, for events that come in clumps.

    Those of their standard scores over the root of the dispersion (at least 1): McCullagh and
    Nelder 1989, section 6.2.
    """
    scores = norm.isf(np.asarray(p, float) / 2) / np.sqrt(np.asarray(dispersion, float))
    return np.asarray(np.where(np.asarray(dispersion) > 1, 2 * norm.sf(scores), p), float)


def rate_ratio_interval(
    now: ArrayLike, before: ArrayLike, share_now: ArrayLike, *, dispersion: ArrayLike = 1.0
) -> tuple[Floats, Floats]:
    """Between which bounds the rate of the later period over that of the earlier one lies, 95 %.

    The exact interval of a binomial share (Clopper and Pearson 1934, DOI
    10.1093/biomet/26.4.404), turned into odds over those of the exposure. With a dispersion above 1
    both counts are divided by it: so many independent events would be as uncertain; the half event
    by which the exact ends lie outside stays one of the counts themselves. A count that is a sum
    over strata varies less than a binomial one, so the interval is then too wide, not too narrow.

    Parameters
    ----------
    now, before
        Events of each place in both periods.
    share_now
        Share of the later period in each place's whole exposure, above 0 and below 1.
    dispersion
        As for `conditional_p`; one for all or one for each place.

    Returns
    -------
    tuple
        Lower and upper bounds, 0 or more, no unit; the upper is infinite where nothing was before.

    Raises
    ------
    AnalysisError
        If a number is not what it must be.
    """
    spread, shares = np.asarray(dispersion, float), np.asarray(share_now, float)
    if not (spread >= 1).all() or not ((shares > 0) & (shares < 1)).all():
        raise AnalysisError("The share lies between 0 and 1, and the dispersion is 1 or more.")
    later, earlier, half = _whole(now) / spread, _whole(before) / spread, 0.5 / spread
    later_low, earlier_low = (np.maximum(n + 0.5 - half, SAME) for n in (later, earlier))
    more = 0.5 + half
    # The quantile at 0 of what has no event would be undefined: the bounds are then 0 and 1.
    low = np.where(later > 0, beta.ppf(0.025, later_low, earlier + more), 0.0)
    high = np.where(earlier > 0, beta.ppf(0.975, later + more, earlier_low), 1.0)
    odds = shares / (1 - shares)
    with np.errstate(divide="ignore"):
        return low / (1 - low) / odds, high / (1 - high) / odds


def e_test(k1: int, k2: int, *, exposure1: float = 1.0, exposure2: float = 1.0) -> float:
    """Test two counts without holding their total: the E-test.

    It finds a little more than the conditional test where counts are small (Krishnamoorthy and
    Thomson 2004, DOI 10.1016/S0378-3758(02)00408-1). For two areas or periods fixed beforehand;
    not for places chosen because they hold many.

    Parameters
    ----------
    k1, k2
        Events, whole numbers.
    exposure1, exposure2
        Nights, persons or the like that each was counted over, in one unit, above 0.

    Returns
    -------
    float
        Two-sided p value.

    Raises
    ------
    AnalysisError
        If a number is not what it must be.
    """
    counts = _whole([k1, k2])
    if not 0 < exposure1 < np.inf or not 0 < exposure2 < np.inf:
        raise AnalysisError("Both exposures must be above 0.")
    if not counts.any():
        return 1.0
    rate = counts.sum() / (exposure1 + exposure2)
    reach = [int(poisson.isf(NEGLIGIBLE, rate * e)) + 1 for e in (exposure1, exposure2)]
    x1, x2 = np.arange(reach[0] + 1.0)[:, None], np.arange(reach[1] + 1.0)[None, :]
    chance = poisson.pmf(x1, rate * exposure1) * poisson.pmf(x2, rate * exposure2)
    seen = _pivot(counts[:1], counts[1:], exposure1, exposure2)[0]
    as_far = _pivot(x1, x2, exposure1, exposure2) >= seen - SAME
    return min(1.0, float(chance[as_far].sum()))


def weighted_displacement(
    control: tuple[int, int],
    treated: tuple[int, int],
    *,
    near_control: tuple[int, int] = (0, 0),
    near_treated: tuple[int, int] = (0, 0),
) -> Displacement:
    """Measure whether a treated place changed more than a like one, with what moved next door.

    (treated after − before) − (control after − before), and the same of the places beside both
    added (Wheeler and Ratcliffe 2018, DOI 10.1186/s40163-018-0085-5). The standard error takes all
    eight counts as independent Poisson numbers. It needs a control that would have moved alike.

    Parameters
    ----------
    control, treated
        Events before and after in the untreated and in the treated place.
    near_control, near_treated
        The same of the areas beside each, where displaced events would fall.

    Returns
    -------
    Displacement
        Events fewer (below 0) or more than expected; ``z`` is NaN where all counts are 0.

    Raises
    ------
    AnalysisError
        If a count is not a whole number, 0 or more.
    """
    counts = np.array([_whole(pair) for pair in (control, treated, near_control, near_treated)])
    change = counts[:, 1] - counts[:, 0]
    estimate = float(change[1] - change[0] + change[3] - change[2])
    error = float(np.sqrt(counts.sum()))
    return Displacement(estimate, error, estimate / error if error else float("nan"))


def _whole(counts: ArrayLike) -> NDArray[np.int64]:
    values = np.asarray(counts, float)
    if not (np.isfinite(values).all() and (values >= 0).all() and (values % 1 == 0).all()):
        raise AnalysisError("Counts are whole numbers, 0 or more.")
    return values.astype(np.int64)


def _pivot(x1: ArrayLike, x2: ArrayLike, exposure1: float, exposure2: float) -> Floats:
    """How far apart two rates are, in standard errors; 0 where nothing was counted."""
    first, second = np.asarray(x1, float), np.asarray(x2, float)
    variance = first / exposure1**2 + second / exposure2**2
    apart = np.abs(first / exposure1 - second / exposure2)
    return np.asarray(apart / np.sqrt(np.where(variance > 0, variance, 1.0)))
