"""From the odds of single pairs to one-to-one links: probabilities first, then the assignment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

_MOST_ROUNDS = 100
# Every so many rounds the components that have settled are left alone.
_EVERY = 8
# Weaker pairs take nothing from those beside them.
_LEAST_ODDS = 1e-4


def marginals(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    odds: NDArray[np.float64],
    *,
    enough: float = 1e-6,
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
    enough
        No message may change by more in the last round, of 100 at most.

    Returns
    -------
    ndarray
        Probabilities, 0 to 1; over the pairs of one record they add up to at most 1.
    """
    rivals = odds >= _LEAST_ODDS
    one, other, weight = left[rivals], right[rivals], odds[rivals]
    n_left, n_right = left.max(initial=-1) + 1, right.max(initial=-1) + 1
    free_left, free_right = np.ones(len(weight)), np.ones(len(weight))
    moving = np.arange(len(weight))
    for number in range(_MOST_ROUNDS):
        i, j, each = one[moving], other[moving], weight[moving]
        before = free_left[moving]
        free_left[moving] = 1 / (1 + _others(i, each * free_right[moving], n_left))
        free_right[moving] = 1 / (1 + _others(j, each * free_left[moving], n_right))
        change = np.abs(free_left[moving] - before)
        if change.max(initial=0.0) < enough:
            break
        if number % _EVERY == _EVERY - 1:
            moving = _still_moving(moving, one, other, change >= enough / 10)
    weight = weight * free_left * free_right
    # What is left over of both records goes to their weak pairs.
    taken = weight / (1 + weight)
    rest_left = 1 - np.bincount(one, taken, minlength=n_left)
    rest_right = 1 - np.bincount(other, taken, minlength=n_right)
    probability = odds * np.maximum(rest_left[left], 0.0) * np.maximum(rest_right[right], 0.0)
    probability[rivals] = taken
    return np.asarray(probability)


def _still_moving(
    pairs: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    changed: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Of some pairs those whose component holds a pair that changed."""
    component = _components(left[pairs], right[pairs])
    moving = np.zeros(component.max(initial=-1) + 1, dtype=bool)
    moving[component[changed]] = True
    return pairs[moving[component]]


def _components(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of the component of each pair: records that share pairs are together."""
    one, other = _numbered(left), _numbered(right)
    n_left = int(one.max(initial=-1)) + 1
    n = n_left + int(other.max(initial=-1)) + 1
    graph = coo_array((np.ones(len(left)), (one, other + n_left)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1][one], dtype=np.int64)


def _numbered(records: NDArray[np.int64]) -> NDArray[np.int64]:
    """The records numbered from 0 without gaps, in their order."""
    there = np.zeros(int(records.max(initial=-1)) + 1, dtype=bool)
    there[records] = True
    return np.asarray((np.cumsum(there) - 1)[records], dtype=np.int64)


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
    if not len(gain):
        return chosen
    component = _components(left, right)
    order = np.argsort(component, kind="stable")
    cuts = np.flatnonzero(np.diff(component[order])) + 1
    ends = np.append(cuts, len(order))
    starts = np.concatenate([[0], cuts])
    alone = ends - starts == 1
    single = order[starts[alone]]
    chosen[single] = gain[single] > 0
    for start, end in zip(starts[~alone], ends[~alone], strict=True):
        pairs = order[start:end]
        chosen[pairs] = _assign_component(left[pairs], right[pairs], gain[pairs])
    return chosen


def _assign_component(
    left: NDArray[np.int64], right: NDArray[np.int64], gain: NDArray[np.float64]
) -> NDArray[np.bool_]:
    if (left == left[0]).all() or (right == right[0]).all():
        # All are rivals for one record.
        best = np.zeros(len(gain), dtype=bool)
        best[np.argmax(gain)] = gain.max() > 0
        return best
    _, row = np.unique(left, return_inverse=True)
    _, column = np.unique(right, return_inverse=True)
    table = np.zeros((row.max() + 1, column.max() + 1))
    table[row, column] = np.maximum(gain, 0.0)
    rows, columns = linear_sum_assignment(table, maximize=True)
    partner = np.full(len(table), -1)
    partner[rows] = columns
    return np.asarray((partner[row] == column) & (gain > 0))
