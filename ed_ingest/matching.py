"""From the odds of single pairs to one-to-one links: probabilities first, then the assignment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

_MOST_ROUNDS = 100
_ENOUGH = 1e-6
# Weaker pairs take nothing from those beside them.
_LEAST_ODDS = 1e-4


def marginals(
    left: NDArray[np.int64], right: NDArray[np.int64], odds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Probability of each pair when no record can be in two pairs.

    Every one-to-one set of pairs has a weight: the product of its odds. A pair's probability is
    the weight of the sets that hold it. Belief propagation gives it exactly where the pairs form
    no loop, and closely where they do (Zdeborova and Mezard 2006,
    doi:10.1088/1742-5468/2006/05/P05003).

    Parameters
    ----------
    left, right
        Positions of the two records of each pair.
    odds
        Odds of each pair by itself, 0 or more.

    Returns
    -------
    ndarray
        Probabilities, 0 to 1; over the pairs of one record they add up to at most 1.
    """
    rivals = odds >= _LEAST_ODDS
    one, other, weight = left[rivals], right[rivals], odds[rivals]
    n_left, n_right = left.max(initial=-1) + 1, right.max(initial=-1) + 1
    free_left, free_right = np.ones(len(weight)), np.ones(len(weight))
    for _ in range(_MOST_ROUNDS):
        before = free_left
        free_left = 1 / (1 + _others(one, weight * free_right, n_left))
        free_right = 1 / (1 + _others(other, weight * free_left, n_right))
        if np.abs(free_left - before).max(initial=0.0) < _ENOUGH:
            break
    weight = weight * free_left * free_right
    # What is left over of both records goes to their weak pairs.
    taken = weight / (1 + weight)
    rest_left = 1 - np.bincount(one, taken, minlength=n_left)
    rest_right = 1 - np.bincount(other, taken, minlength=n_right)
    probability = odds * np.maximum(rest_left[left], 0.0) * np.maximum(rest_right[right], 0.0)
    probability[rivals] = taken
    return np.asarray(probability)


def _others(record: NDArray[np.int64], weight: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Weight of the record's other pairs, for each pair."""
    total = np.bincount(record, weight, minlength=n)[record]
    return np.maximum(total - weight, 0.0)


def assign(
    left: NDArray[np.int64], right: NDArray[np.int64], gain: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Choose the one-to-one set of pairs with the greatest sum of gains, exactly.

    Records that share pairs form components, mostly tiny; each is solved by itself.

    Parameters
    ----------
    left, right
        Positions of the two records of each pair.
    gain
        What each pair is worth; a pair with a gain of 0 or less is never chosen.

    Returns
    -------
    ndarray
        True for the pairs chosen.
    """
    chosen = np.zeros(len(gain), dtype=bool)
    n_left = int(left.max(initial=-1)) + 1
    n = n_left + int(right.max(initial=-1)) + 1
    graph = coo_array((np.ones(len(gain)), (left, right + n_left)), shape=(n, n))
    component = connected_components(graph, directed=False)[1][left]
    order = np.argsort(component, kind="stable")
    cuts = np.flatnonzero(np.diff(component[order])) + 1
    for pairs in np.split(order, cuts):
        chosen[pairs] = _assign_component(left[pairs], right[pairs], gain[pairs])
    return chosen


def _assign_component(
    left: NDArray[np.int64], right: NDArray[np.int64], gain: NDArray[np.float64]
) -> NDArray[np.bool_]:
    if len(gain) <= 1:
        return gain > 0
    _, row = np.unique(left, return_inverse=True)
    _, column = np.unique(right, return_inverse=True)
    table = np.zeros((row.max() + 1, column.max() + 1))
    table[row, column] = np.maximum(gain, 0.0)
    rows, columns = linear_sum_assignment(table, maximize=True)
    partner = np.full(len(table), -1)
    partner[rows] = columns
    return np.asarray((partner[row] == column) & (gain > 0))
