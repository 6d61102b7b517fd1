"""Known points of streets, and where two streets meet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ed_ingest.name_index import NameIndex, own_name

REACH_M = 6_000.0  # how far a street reaches from its own point


@lru_cache(maxsize=8_192)
def street_points(row: int, index: NameIndex) -> NDArray[np.float64]:
    """Known points of a street: its own, and the premises whose address names it.

    Of several streets of the name, premises lie on the one whose own point is nearest.
    """
    name = own_name(row, index)
    on_it = list(index.on_street.get(name, ()))
    points = np.column_stack([index.x[[row, *on_it]], index.y[[row, *on_it]]])
    distance = np.hypot(*(points - points[0]).T)
    twins = [r for r in index.exact.get(name, ()) if r != row and index.kinds[r] == "street"]
    others = np.full(len(points), REACH_M)
    for twin in twins:
        apart = np.hypot(points[:, 0] - index.x[twin], points[:, 1] - index.y[twin])
        others = np.minimum(others, apart)
    near: NDArray[np.bool_] = distance <= others
    near[0] = True
    return points[near]


def meeting_point(
    one: Sequence[int], other: Sequence[int], index: NameIndex, *, within_m: float
) -> tuple[float, float, float] | None:
    """Middle of the nearest known points of two streets, and their distance, in metres.

    Parameters
    ----------
    one, other
        Positions in the gazetteer of the streets of either name; the nearest pair counts.
    index
        The gazetteer's names.
    within_m
        Streets whose nearest known points are farther apart than this do not meet: None.
    """
    best = None
    for row in one:
        for second in other:
            a, b = street_points(row, index), street_points(second, index)
            distance, partner = nearest(a, b)
            i = int(np.argmin(distance))
            if distance[i] < within_m:
                within_m = float(distance[i])
                x, y = (a[i] + b[partner[i]]) / 2
                best = (float(x), float(y), within_m)
    return best


def nearest(
    points: NDArray[np.float64], others: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Distance in metres from each point to the nearest of `others`, and its position there."""
    distance, position = cKDTree(others).query(points)
    return np.asarray(distance, dtype=np.float64), np.asarray(position, dtype=np.int64)
