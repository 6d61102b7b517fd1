"""Numbers for clusters: the heaviest is 0, and a point between several belongs to the lowest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NOISE = -1

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def number_clusters(points: Floats, weight: Floats, core: Flags, cluster: Ints, tied: Ints) -> Ints:
    """Number the clusters by weight and give tied points to the lowest of theirs.

    Parameters
    ----------
    points, weight
        Distinct points, one row of x and y each, and the events at each.
    core
        Whether each is a core point.
    cluster
        Some core point of each point's cluster, the same for all of a cluster; -1 for none.
    tied
        Border points that are as near to several clusters, each with each of these, named as in
        `cluster`; there they are -1.

    Returns
    -------
    NDArray
        Number of each point's cluster: 0 has the most weight, equal ones from south to north by
        their southernmost (then westernmost) core point; -1 is none.
    """
    names = np.flatnonzero(np.bincount(cluster[core], minlength=len(points)))
    if not len(names):
        return np.full(len(points), NOISE, dtype=np.int64)
    from_south = np.full(len(points), NOISE, dtype=np.int64)
    from_south[names[_order_from_south(points[core], cluster[core], names)]] = np.arange(len(names))
    found = np.where(cluster >= 0, from_south[cluster], NOISE)
    held = found >= 0
    total = np.bincount(found[held], weights=weight[held], minlength=len(names)).astype(float)
    if len(tied):
        pairs = np.unique(np.column_stack([tied[:, 0], from_south[tied[:, 1]]]), axis=0)
        return _number_tied(found, total, weight, pairs)
    number = np.empty(len(names), dtype=np.int64)
    number[np.argsort(-total, kind="stable")] = np.arange(len(names))
    return np.where(held, number[found], NOISE)


def _order_from_south(points: Floats, cluster: Ints, names: Ints) -> Ints:
    """Order of the clusters by their southernmost, then westernmost core point."""
    place = np.searchsorted(names, cluster)
    south = np.full(len(names), np.inf)
    np.minimum.at(south, place, points[:, 1])
    at_south = points[:, 1] == south[place]
    west = np.full(len(names), np.inf)
    np.minimum.at(west, place[at_south], points[at_south, 0])
    return np.lexsort((west, south))


def _number_tied(cluster: Ints, total: Floats, weight: Floats, tied: Ints) -> Ints:
    """Number from the heaviest on; each takes the points that are as near to it as to others.

    What a cluster could reach at most, with all its tied points, decides who is next: so the
    numbers fall with the weight and every tied point is in the lowest of its clusters.
    """
    labels = np.full(len(cluster), NOISE, dtype=np.int64)
    reach = total + np.bincount(tied[:, 1], weights=weight[tied[:, 0]], minlength=len(total))
    taken = np.zeros(len(cluster), dtype=bool)
    for number in range(len(total)):
        heaviest = int(np.argmax(reach))
        reach[heaviest] = -np.inf
        labels[cluster == heaviest] = number
        own = tied[tied[:, 1] == heaviest, 0]
        won = own[~taken[own]]
        labels[won], taken[won] = number, True
        lost = tied[np.isin(tied[:, 0], won)]
        np.subtract.at(reach, lost[:, 1], weight[lost[:, 0]])
    return labels
