"""Kernel density in events per km², exact: every point is added to every cell it reaches."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from ed_ingest.errors import AnalysisError
from hotspots.grid import grid_axes, inside
from hotspots.tables import Grid, Surface

SQUARE_METRES_PER_KM2 = 1e6
# A circle of this many standard deviations holds 95 % of a round normal error in the plane.
RADIUS_95 = 2.448


class _Kernel(NamedTuple):
    """Code in ``scatter``; reach in bandwidths; h² over the variance along one axis."""

    code: int
    cut: float
    square_per_variance: float


# The Gaussian's tail beyond 9 standard deviations is below 1e-17 of its peak.
_KERNELS = {
    "quartic": _Kernel(0, 1.0, 8.0),
    "epanechnikov": _Kernel(1, 1.0, 6.0),
    "gaussian": _Kernel(2, 9.0, 1.0),
}


def kernel_density(
    x: ArrayLike,
    y: ArrayLike,
    *,
    grid: Grid,
    bandwidth_m: float,
    kernel: str = "quartic",
    weights: ArrayLike | None = None,
    uncertainty_m: ArrayLike | None = None,
    boundary: BaseGeometry | None = None,
    edge: str | None = None,
) -> Surface:
    """Estimate how densely events lie, in events per km².

    With the quartic kernel one event adds 3/(π h²) · (1 − d²/h²)² to a cell centre at distance d
    below h (Silverman 1986, eq. 4.5, DOI 10.1201/9781315140919). It is the usual one for crime
    maps, and an event of no reach beyond h is easy to explain. The result does not depend on the
    order of the events. It describes where events were recorded; it is no test, and near the
    boundary it is too low, because nothing is known from beyond.

    Parameters
    ----------
    x, y
        Events, metres, EPSG:27700. Events outside the grid still reach into it.
    grid
        As from `make_grid`.
    bandwidth_m
        Metres, above 0: the radius h of the compact kernels (quartic: the same spread as a
        Gaussian of standard deviation h/√8); of the Gaussian the standard deviation.
    kernel
        ``quartic``, ``epanechnikov`` or ``gaussian``.
    weights
        Events that each point stands for, 0 or more; default 1.
    uncertainty_m
        Radius that holds the true place with about 95 %, metres; missing counts as 0. Widens the
        event's own kernel by the variance of its error: h_i = √(h² + 8 (u/2.448)²) for the
        quartic, 6 for 8 with Epanechnikov, 1 with Gaussian.
    boundary
        Cells with their centre outside become NaN. EPSG:27700.
    edge
        Only None, no correction, is known.

    Raises
    ------
    AnalysisError
        If the kernel or the edge correction is not known, or a number is not what it must be.
    """
    if kernel not in _KERNELS or edge is not None:
        raise AnalysisError(
            f"Only the kernels {', '.join(_KERNELS)} without edge correction (edge=None) are known."
        )
    if not 0 < bandwidth_m < np.inf:
        raise AnalysisError("The bandwidth must be a number of metres above 0.")
    axes = grid_axes(grid)
    spec = _KERNELS[kernel]
    points = _sorted_points(x, y, weights, uncertainty_m, bandwidth_m, spec)
    values = np.zeros((len(axes.y), len(axes.x)))
    if len(points):
        from hotspots.scatter import add_kernels

        add_kernels(values, axes.x, axes.y, axes.cell_m, points, spec.code, spec.cut)
    values *= SQUARE_METRES_PER_KM2
    if boundary is not None:
        values[~inside(grid["x"], grid["y"], boundary).reshape(values.shape)] = np.nan
    return Surface(values, axes.x, axes.y, axes.cell_m, float(bandwidth_m), kernel)


def incident_support(
    x: ArrayLike, y: ArrayLike, incident: ArrayLike, *, grid: Grid, bandwidth_m: float
) -> NDArray[np.int64]:
    """Count the incidents within the bandwidth of each cell centre; patients of one count once.

    Parameters
    ----------
    x, y
        Records, metres, EPSG:27700.
    incident
        Number of each record's incident, 0 or more.
    grid, bandwidth_m
        As for `kernel_density`.

    Returns
    -------
    NDArray
        Shape of the surface: rows from south to north, columns from west to east.
    """
    axes = grid_axes(grid)
    support = np.zeros((len(axes.y), len(axes.x)), dtype=np.int64)
    points = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
    codes = np.asarray(incident, dtype=np.int64)
    if len(points):
        from hotspots.scatter import count_incidents

        order = np.argsort(codes, kind="stable")
        seen = np.full_like(support, -1)
        count_incidents(
            support, seen, axes.x, axes.y, axes.cell_m, points[order], codes[order], bandwidth_m
        )
    return support


def _sorted_points(
    x: ArrayLike,
    y: ArrayLike,
    weights: ArrayLike | None,
    uncertainty_m: ArrayLike | None,
    bandwidth_m: float,
    spec: _Kernel,
) -> NDArray[np.float64]:
    """x, y, own bandwidth and weight of each point, sorted: sums then come out the same always."""
    east, north = np.asarray(x, float), np.asarray(y, float)
    weight = np.ones_like(east) if weights is None else np.asarray(weights, float)
    error = np.zeros_like(east) if uncertainty_m is None else np.asarray(uncertainty_m, float)
    if not len(east) == len(north) == len(weight) == len(error):
        raise AnalysisError("x, y, weights and uncertainty_m must have one number for each event.")
    error = np.nan_to_num(error, nan=0.0)
    numbers = np.column_stack([east, north, error, weight])
    if not np.isfinite(numbers).all() or (numbers[:, 2:] < 0).any():
        raise AnalysisError(
            "Every event needs its coordinates, and weights and uncertainties of 0 or more. "
            "Leave out events without a point."
        )
    variance = (error / RADIUS_95) ** 2
    own = np.sqrt(bandwidth_m**2 + spec.square_per_variance * variance)
    points = np.column_stack([east, north, own, weight])
    return np.ascontiguousarray(points[np.lexsort(points.T)])
