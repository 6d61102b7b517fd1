"""A quick look at the density of very many events: binned, and with the most that it can be off."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import uniform_filter
from scipy.signal import fftconvolve

from ed_ingest.errors import AnalysisError
from hotspots.density import SQUARE_METRES_PER_KM2
from hotspots.event_order import read_events
from hotspots.grid import Axes, grid_axes
from hotspots.kernels import kernel_named
from hotspots.tables import Grid, Surface

Floats = NDArray[np.float64]


class Preview(NamedTuple):
    """A surface that is not exact.

    Attributes
    ----------
    surface
        As from `kernel_density`.
    bound
        No cell is further from the exact density than this, events per km².
    """

    surface: Surface
    bound: float


def preview_density(
    x: ArrayLike,
    y: ArrayLike,
    *,
    grid: Grid,
    bandwidth_m: float,
    weights: ArrayLike | None = None,
    refine: int = 3,
) -> Preview:
    """Estimate the quartic density by binning the events to a finer grid and one convolution.

    Time depends on the grid more than on the number of events: of use from some millions on. Each
    event is shared among the four nodes around it (linear binning, Wand 1994, DOI
    10.1080/10618600.1994.10474656), which puts one event's kernel wrong by at most 2 (δ/h)² of
    its peak: δ²/8 times the largest second derivative along either axis, 8/h² of the peak each.

    Parameters
    ----------
    x, y, grid, bandwidth_m, weights
        As for `kernel_density`.
    refine
        Nodes for each side of a cell, an odd number: δ = cell / refine. The bound falls with its
        square.

    Raises
    ------
    AnalysisError
        If `refine` is not odd, or a number is not what it must be.
    """
    if refine < 1 or refine % 2 == 0:
        raise AnalysisError("refine must be an odd number, so that cell centres are nodes.")
    if not 0 < bandwidth_m < np.inf:
        raise AnalysisError("The bandwidth must be a number of metres above 0.")
    axes, quartic = grid_axes(grid), kernel_named("quartic")
    events = read_events(x, y, weights, None, bandwidth_m, quartic)
    step = axes.cell_m / refine
    margin = math.ceil(bandwidth_m / step) + 1
    nodes, n_beyond = _binned(events.x, events.y, events.weight, axes, refine, margin)
    offset = np.arange(-margin, margin + 1) * step / bandwidth_m
    square = offset[:, None] ** 2 + offset**2
    peak = 3 / (math.pi * bandwidth_m**2) * SQUARE_METRES_PER_KM2
    stencil = peak * np.clip(1 - square, 0, None) ** 2
    values = fftconvolve(nodes, stencil, mode="valid")[::refine, ::refine]
    width = 2 * margin + 1
    most_near = float(uniform_filter(nodes, width, mode="constant").max()) * width**2
    return Preview(
        Surface(
            np.clip(values, 0, None), axes.x, axes.y, axes.cell_m, float(bandwidth_m), "quartic",
            n_beyond=n_beyond,
        ),
        2 * (step / bandwidth_m) ** 2 * peak * most_near,
    )  # fmt: skip


def _binned(
    x: Floats, y: Floats, weight: Floats, axes: Axes, refine: int, margin: int
) -> tuple[Floats, int]:
    """Weight at each node of the fine grid and its margin; number of events beyond them."""
    step = axes.cell_m / refine
    shape = [(len(axis) - 1) * refine + 1 + 2 * margin for axis in (axes.y, axes.x)]
    along = [(at - axis[0]) / step + margin for at, axis in ((y, axes.y), (x, axes.x))]  # in nodes
    on = np.logical_and.reduce(
        [(at >= 0) & (at < n - 1) for at, n in zip(along, shape, strict=True)]
    )
    row, column = (at[on] for at in along)
    low, left = row.astype(np.int64), column.astype(np.int64)
    down, across = row - low, column - left
    nodes = np.zeros(shape[0] * shape[1])
    for below, part_y in ((0, 1 - down), (1, down)):
        for right, part_x in ((0, 1 - across), (1, across)):
            at = (low + below) * shape[1] + left + right
            nodes += np.bincount(at, weights=weight[on] * part_y * part_x, minlength=len(nodes))
    return nodes.reshape(shape), int(len(x) - on.sum())
