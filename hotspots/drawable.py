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
    reach_km2 = math.pi * surface.bandwidth_m**2 / 1e6
    lowest = threshold / reach_km2
    values = np.where(support >= threshold, np.nan_to_num(surface.values), 0.0)
    peak = float(values.max(initial=0.0))
    if peak <= lowest:
        return None
    ratio = (peak / lowest) ** (1 / N_CLASSES)
    edges = lowest * ratio ** np.arange(N_CLASSES)
    classes = np.digitize(values, edges).astype(np.int8)
    classes[_small_patches(classes, surface.cell_m, surface.bandwidth_m)] = 0
    if not classes.any():
        return None
    return DensityClasses(classes, surface.x, surface.y, surface.cell_m)


def _small_patches(
    classes: NDArray[np.int8], cell_m: float, bandwidth_m: float
) -> NDArray[np.bool_]:
    """Cells of patches that are too small, or nowhere above the lowest class."""
    patch, n_patches = ndimage.label(classes > 0, structure=EIGHT_NEIGHBOURS)
    numbers = np.arange(n_patches + 1)
    area_m2 = np.bincount(patch.ravel(), minlength=n_patches + 1) * cell_m**2
    highest = np.asarray(ndimage.maximum(classes, patch, numbers))
    small = (area_m2 < math.pi * (bandwidth_m / 2) ** 2) | (highest < 2)
    return np.asarray(small[patch])
