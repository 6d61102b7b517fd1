"""A density surface made safe to draw: classes, not values, and only where enough happened."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from hotspots.publishable import DensityClasses
from hotspots.tables import Surface

N_CLASSES = 8
EIGHT_NEIGHBOURS = np.ones((3, 3))


def drawable_density(
    surface: Surface, support: NDArray[np.int64], *, threshold: int
) -> DensityClasses | None:
    """Class a surface and leave out what must not, or is not worth to, be drawn.

    A cell is drawn only where at least `threshold` incidents lie within the bandwidth. The lowest
    class begins at the density of `threshold` events spread evenly over a circle of the bandwidth;
    each class is denser than the one below by the same ratio, up to the peak. Patches smaller than
    a circle of half the bandwidth, or nowhere above the lowest class, are left out: such bumps are
    the mark of a few records.

    Parameters
    ----------
    surface
        Events per km², EPSG:27700.
    support
        Incidents within the bandwidth of each cell, as from `density.incident_support`.
    threshold
        Incidents; the small-number threshold.

    Returns
    -------
    DensityClasses or None
        None where nothing may be drawn.
    """
    values = enough_in_reach(surface, support, threshold=threshold)
    peak = float(values.max(initial=0.0))
    edges = class_edges(peak, bandwidth_m=surface.bandwidth_m, threshold=threshold)
    if edges is None:
        return None
    classes = np.digitize(values, edges).astype(np.int8)
    classes[_small_patches(classes, surface.cell_m, surface.bandwidth_m)] = 0
    if not classes.any():
        return None
    return DensityClasses(classes, surface.x, surface.y, surface.cell_m)


def enough_in_reach(
    surface: Surface, support: NDArray[np.int64], *, threshold: int
) -> NDArray[np.float64]:
    """Densities of the cells that may be drawn, per km²; 0 elsewhere."""
    return np.where(support >= threshold, np.nan_to_num(surface.values), 0.0)


def class_edges(peak: float, *, bandwidth_m: float, threshold: int) -> NDArray[np.float64] | None:
    """Least density of each class, per km²; None where the peak is too low to be drawn."""
    reach_km2 = math.pi * bandwidth_m**2 / 1e6
    lowest = threshold / reach_km2
    if peak <= lowest:
        return None
    ratio = (peak / lowest) ** (1 / N_CLASSES)
    return np.asarray(lowest * ratio ** np.arange(N_CLASSES))


def is_small_patch(
    n_cells: NDArray[np.int64], highest: NDArray[np.int8], *, cell_m: float, bandwidth_m: float
) -> NDArray[np.bool_]:
    """Which patches are too small to be drawn, or nowhere above the lowest class."""
    small = n_cells * cell_m**2 < math.pi * (bandwidth_m / 2) ** 2
    return np.asarray(small | (highest < 2))


def _small_patches(
    classes: NDArray[np.int8], cell_m: float, bandwidth_m: float
) -> NDArray[np.bool_]:
    """Cells of patches that are too small, or nowhere above the lowest class."""
    patch, n_patches = ndimage.label(classes > 0, structure=EIGHT_NEIGHBOURS)
    numbers = np.arange(n_patches + 1)
    n_cells = np.bincount(patch.ravel(), minlength=n_patches + 1)
    highest = np.asarray(ndimage.maximum(classes, patch, numbers))
    return is_small_patch(n_cells, highest, cell_m=cell_m, bandwidth_m=bandwidth_m)[patch]
