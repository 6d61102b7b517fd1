"""The events of a density surface: checked, widened, and in an order of their own.

A sum of many numbers changes in its last digits with their order. So events are sorted before they
are added, whatever order they were given in, and equal ones become one with their number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ed_ingest.errors import AnalysisError
from ed_ingest.given import numbers_of
from hotspots.kernels import Kernel, widened

Floats = NDArray[np.float64]


class Events(NamedTuple):
    """Events, one number of each array for each: metres, EPSG:27700.

    Attributes
    ----------
    x, y
        Where.
    bandwidth
        Of its own kernel, metres.
    weight
        Events that it stands for.
    times
        How often it was given.
    """

    x: Floats
    y: Floats
    bandwidth: Floats
    weight: Floats
    times: Floats


def read_events(
    x: ArrayLike,
    y: ArrayLike,
    weights: ArrayLike | None,
    uncertainty_m: ArrayLike | None,
    bandwidth_m: float,
    kernel: Kernel,
) -> Events:
    """Check the events and give each its own bandwidth.

    Raises
    ------
    AnalysisError
        If the numbers do not fit each other, or one is missing or not what it must be.
    """
    east, north = numbers_of(x, name="x"), numbers_of(y, name="y")
    weight = np.ones_like(east) if weights is None else numbers_of(weights, name="weights")
    error = np.zeros_like(east)
    if uncertainty_m is not None:
        error = numbers_of(uncertainty_m, name="uncertainty_m")
    if not east.shape == north.shape == weight.shape == error.shape:
        raise AnalysisError("x, y, weights and uncertainty_m must have one number for each event.")
    error = np.where(np.isnan(error), 0.0, error)
    finite = all(np.isfinite(each).all() for each in (east, north, weight, error))
    if not finite or (weight < 0).any() or (error < 0).any():
        raise AnalysisError(
            "Every event needs its coordinates, and weights and uncertainties of 0 or more. "
            "Leave out events without a point."
        )
    return Events(east, north, widened(bandwidth_m, error, kernel), weight, np.ones_like(east))


def kept(events: Events, keep: NDArray[np.bool_]) -> Events:
    """Only some of the events."""
    return events if keep.all() else Events(*(each[keep] for each in events))


def in_order(events: Events) -> Events:
    """Sort by place, bandwidth and weight, and count equal events together."""
    if not len(events.x):
        return events
    # The quick sort leaves equal x in any order: those alone are sorted by the other numbers.
    order = np.argsort(events.x)
    x = events.x[order]
    equal = x[1:] == x[:-1]
    tied = np.concatenate([equal, [False]]) | np.concatenate([[False], equal])
    among = order[tied]
    by = (events.weight[among], events.bandwidth[among], events.y[among], events.x[among])
    order[tied] = among[np.lexsort(by)]
    columns = [each[order] for each in events[:4]]
    first = np.ones(len(x), dtype=bool)
    first[1:] = np.logical_or.reduce([each[1:] != each[:-1] for each in columns])
    starts = np.flatnonzero(first)
    times = np.diff(starts, append=len(x)).astype(float)
    x, y, bandwidth, weight = (each[starts] for each in columns)
    return Events(x, y, bandwidth, weight, times)
