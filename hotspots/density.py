"""Kernel density in events per km², exact: every event is added to every cell it reaches."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from ed_ingest.errors import AnalysisError
from ed_ingest.given import require_kind, require_number
from hotspots.edges import share_inside
from hotspots.event_order import Events, in_order, kept, read_events
from hotspots.grid import Axes, grid_axes, inside
from hotspots.kernels import Kernel, kernel_named, peak_per_m2
from hotspots.tables import Grid, Surface
from hotspots.threads import processors

SQUARE_METRES_PER_KM2 = 1e6
EDGES = ("uniform", "diggle")
# Rows that one thread fills at a time: few enough to stay in the processor's cache.
BAND_ROWS = 32

Floats = NDArray[np.float64]


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
    standard_error: bool = False,
    threads: int | None = None,
) -> Surface:
    """Estimate how densely events lie, in events per km².

    With the quartic kernel one event adds 3/(π h²) · (1 − d²/h²)² to a cell centre at distance d
    below h (Silverman 1986, eq. 4.5, DOI 10.1201/9781315140919). It is the usual one for crime
    maps, and an event of no reach beyond h is easy to explain. The result is the same to the last
    bit for any order of the events and any number of threads. It describes where events were
    recorded; it is no test, and without edge correction it is too low near the boundary of an area
    beyond which nothing is known.

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
        None, or how to make good for what the kernels lose beyond the boundary: ``uniform``
        divides each cell by the share of the kernel about it that lies inside (right for an even
        density); ``diggle`` divides each event by the share of its own kernel (Diggle 1985, DOI
        10.2307/2347366; the whole stays the number of events). Events outside the boundary are
        then left out.
    standard_error
        Whether the result gets the standard error of each cell too: √(sum of squared
        contributions), right for events that come independently of each other (Poisson). What
        belongs together, as patients of one incident, is one row with their number as its weight.
    threads
        Default: one for each processor.

    Returns
    -------
    Surface
        ``values`` in events per km² at the cell centres ``x``, ``y``: rows from south to north,
        columns from west to east, NaN outside the boundary.

    Raises
    ------
    AnalysisError
        If the kernel or the edge correction is not known, a number is not what it must be, an edge
        correction has no boundary, or a uniform one meets kernels of different widths.
    """
    chosen = kernel_named(kernel)
    require_number(bandwidth_m, name="bandwidth_m")
    if boundary is not None:
        require_kind(boundary, BaseGeometry, name="boundary", made_by="layer.union_all()")
    if not 0 < bandwidth_m < np.inf:
        raise AnalysisError("The bandwidth must be a number of metres above 0.")
    if edge is not None and (edge not in EDGES or boundary is None):
        raise AnalysisError(
            f"An edge correction is one of {', '.join(EDGES)} and needs a boundary. "
            "Give both, or leave out edge."
        )
    axes = grid_axes(grid)
    given = read_events(x, y, weights, uncertainty_m, bandwidth_m, chosen)
    within = given
    if edge is not None and boundary is not None:
        within = kept(given, inside(given.x, given.y, boundary))
    reaching = kept(within, _reaches(within, axes, chosen))
    events = in_order(reaching)
    if edge == "diggle" and boundary is not None:
        events = _diggle(events, boundary, chosen)
    values = _summed(events, axes, chosen, threads=threads)
    error = None
    if standard_error:
        error = np.sqrt(_summed(events, axes, chosen, threads=threads, squared=True))
    if boundary is not None:
        share = _drawn_share(events, axes, boundary, bandwidth_m, chosen, edge)
        for layer in [values] if error is None else [values, error]:
            layer /= share
    return Surface(
        values,
        axes.x,
        axes.y,
        axes.cell_m,
        float(bandwidth_m),
        kernel,
        edge=edge,
        standard_error=error,
        n_beyond=len(within.x) - len(reaching.x),
        n_outside=len(given.x) - len(within.x),
    )


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


def _reaches(events: Events, axes: Axes, kernel: Kernel) -> NDArray[np.bool_]:
    """Which events reach the middle of any cell; stray ones, however far away, cost nothing."""
    reach = kernel.cut * events.bandwidth
    return np.asarray(
        (events.x > axes.x[0] - reach)
        & (events.x < axes.x[-1] + reach)
        & (events.y > axes.y[0] - reach)
        & (events.y < axes.y[-1] + reach)
    )


def _diggle(events: Events, boundary: BaseGeometry, kernel: Kernel) -> Events:
    """Weigh each event up by what its kernel loses beyond the boundary."""
    share = share_inside(events.x, events.y, events.bandwidth, boundary=boundary, kernel=kernel)
    return events._replace(weight=events.weight / share)


def _drawn_share(
    events: Events,
    axes: Axes,
    boundary: BaseGeometry,
    bandwidth_m: float,
    kernel: Kernel,
    edge: str | None,
) -> Floats:
    """What each cell is to be divided by: NaN outside, else 1 or the uniform correction's share."""
    x, y = (each.ravel() for each in np.meshgrid(axes.x, axes.y))
    at = inside(x, y, boundary)
    share = np.where(at, 1.0, np.nan)
    if edge == "uniform":
        if (events.bandwidth != bandwidth_m).any():
            raise AnalysisError(
                "The uniform edge correction needs kernels of one width: choose edge='diggle', "
                "or leave out uncertainty_m."
            )
        width = np.full(int(at.sum()), float(bandwidth_m))
        share[at] = share_inside(x[at], y[at], width, boundary=boundary, kernel=kernel)
    return share.reshape(len(axes.y), len(axes.x))


def _summed(
    events: Events, axes: Axes, kernel: Kernel, *, threads: int | None, squared: bool = False
) -> Floats:
    """Sum of the kernels, or of their squares, at each cell centre, per km² (or km⁴).

    Each band of rows is filled by one thread from all events that may reach it, in their order:
    how many threads there are changes nothing.
    """
    values = np.zeros((len(axes.y), len(axes.x)))
    if not len(events.x):
        return values
    from hotspots.scatter import add_kernels

    width, power = events.bandwidth, kernel.power
    height = events.weight * peak_per_m2(kernel, width) * SQUARE_METRES_PER_KM2
    if squared:
        # The square of a kernel is one of the same family, twice as steep.
        height, power = height**2, 2 * power
        width = width / np.sqrt(2) if power == 0 else width
    band, sources = _bands(events, axes, kernel)
    columns = (events.x, events.y, width, height * events.times)
    x, y, width, height = (np.ascontiguousarray(each[band]) for each in columns)

    def fill(number: int) -> None:
        rows = slice(number * BAND_ROWS, (number + 1) * BAND_ROWS)
        near = sources[number]
        add_kernels(
            values[rows], axes.x, axes.y[rows], axes.cell_m,
            x[near], y[near], width[near], height[near], power, kernel.cut,
        )  # fmt: skip

    if (several := processors(threads)) == 1:
        for number in range(len(sources)):
            fill(number)
        return values
    with ThreadPoolExecutor(several) as pool:
        list(pool.map(fill, range(len(sources))))
    return values


def _bands(events: Events, axes: Axes, kernel: Kernel) -> tuple[NDArray[np.intp], list[slice]]:
    """An order of the events by bands of rows, and the part of it that may reach each band."""
    band_m = BAND_ROWS * axes.cell_m
    n_bands = -(-len(axes.y) // BAND_ROWS)
    away = int(kernel.cut * events.bandwidth.max() // band_m) + 1
    band = np.floor((events.y - axes.y[0]) / band_m).astype(np.int64)
    # Within a band they keep their order, from west to east, so that neighbours meet in the cache.
    few = n_bands + 2 * away < np.iinfo(np.int16).max  # sorted faster
    order = np.argsort(band.astype(np.int16 if few else np.int64), kind="stable")
    numbers = np.arange(n_bands)
    low = np.searchsorted(band[order], numbers - away)
    high = np.searchsorted(band[order], numbers + away, side="right")
    return order, [slice(int(a), int(b)) for a, b in zip(low, high, strict=True)]
