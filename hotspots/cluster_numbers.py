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
    from hotspots.joins import measure_clusters

    own, weights, south_west = measure_clusters(points, weight, core, cluster)
    if not len(weights):
        return np.full(len(points), NOISE, dtype=np.int64)
    order = np.lexsort((south_west[:, 1], south_west[:, 0]))
    from_south = np.empty(len(order) + 1, dtype=np.int64)
    from_south[order], from_south[NOISE] = np.arange(len(order)), NOISE
    total = weights[order]
    if len(tied):
        pairs = np.column_stack([tied[:, 0], from_south[own[tied[:, 1]]]])
        return _number_tied(from_south[own], total, weight, np.unique(pairs, axis=0))
    number = np.empty_like(from_south)
    number[np.argsort(-total, kind="stable")], number[NOISE] = np.arange(len(order)), NOISE
    found: Ints = number[from_south][own]
    return found


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
