"""Known points of streets, and where two streets meet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ed_ingest.name_index import NameIndex
from ed_ingest.words import normal_text

REACH_M = 2_000.0  # how far a street reaches from its own point


@lru_cache(maxsize=8_192)
def street_points(row: int, index: NameIndex) -> NDArray[np.float64]:
    """Known points of a street: its own, and the premises whose address names it."""
    on_it = list(index.on_street.get(normal_text(index.names[row]), ()))
    points = np.column_stack([index.x[[row, *on_it]], index.y[[row, *on_it]]])
    near: NDArray[np.bool_] = np.hypot(*(points - points[0]).T) <= REACH_M
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
