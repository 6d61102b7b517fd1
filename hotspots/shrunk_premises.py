"""Shrunken numbers of premises from rounded counts alone: they tell no more than those do."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.stats import gamma, nbinom

from hotspots.premises import MOST_ALIKE
from hotspots.small_numbers import LEAST_BASE

Floats = NDArray[np.float64]
# Less likely than this is as good as impossible: its logarithm stays finite.
LEAST_CHANCE = 1e-300


def shrink_rounded(n: ArrayLike, *, n_all: int, threshold: int) -> Floats:
    """Draw rounded counts towards what is usual (empirical Bayes: Clayton and Kaldor 1987).

    True numbers are taken to follow a gamma distribution. It is fitted by the likelihood of what a
    reader knows: each shown count lies in the range that it was rounded from, and each of the other
    premises holds less than the threshold (a censored negative binomial). So whoever has the
    published counts can work the result out, and nothing exact is in it. DOI 10.2307/2532003.

    Parameters
    ----------
    n
        Published counts of the premises with enough incidents, multiples of 5 (or of a higher
        threshold), as from `small_numbers.enough_or_missing`.
    n_all
        All premises, at least as many as are shown.
    threshold
        Smallest count that is shown.

    Returns
    -------
    NDArray
        One row per count: expected number, and the ends of its 95 % interval.
    """
    count = np.asarray(n, float)
    if not len(count):
        return np.zeros((0, 3))
    base = max(LEAST_BASE, threshold)
    low = np.maximum(np.where(count <= base, threshold, np.ceil(count - base / 2)), threshold)
    high = np.ceil(count + base / 2) - 1
    n_few = max(n_all - len(count), 0)

    def misfit(logs: Floats) -> float:
        shape, mean = np.exp(np.clip(logs, None, np.log(MOST_ALIKE)))
        chance = 1 / (1 + mean / shape)
        shown = nbinom.cdf(high, shape, chance) - nbinom.cdf(low - 1, shape, chance)
        few = nbinom.cdf(threshold - 1, shape, chance)
        logs_shown = np.log(np.maximum(shown, LEAST_CHANCE)).sum()
        return float(-logs_shown - n_few * np.log(max(few, LEAST_CHANCE)))

    # Begun where what is shown is likely: elsewhere every step would be as bad as the next.
    shape = len(count) / (len(count) + n_few)
    begin = np.log([shape, shape * count.mean()])
    best = minimize(misfit, begin, method="Nelder-Mead", options={"maxiter": 2000})
    shape, mean = np.exp(np.clip(best.x, None, np.log(MOST_ALIKE)))
    own = gamma(shape + count, scale=1 / (shape / mean + 1))
    return np.asarray(np.column_stack([own.mean(), own.ppf(0.025), own.ppf(0.975)]), np.float64)
