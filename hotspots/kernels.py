"""The kernels of the density surface: how far each reaches, how wide it is, how high."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ed_ingest.errors import AnalysisError

# A circle of this many standard deviations holds 95 % of a round normal error in the plane.
RADIUS_95 = 2.448


class Kernel(NamedTuple):
    """A round kernel whose whole is 1.

    Attributes
    ----------
    name
        As users write it.
    power
        A compact kernel falls as (1 − d²/h²) to this power; 0 is the Gaussian.
    cut
        Its reach in bandwidths.
    square_per_variance
        h² over the variance along one axis.
    """

    name: str
    power: int
    cut: float
    square_per_variance: float


# The Gaussian's tail beyond 9 standard deviations is below 1e-17 of its peak.
KERNELS = {
    "quartic": Kernel("quartic", 2, 1.0, 8.0),
    "epanechnikov": Kernel("epanechnikov", 1, 1.0, 6.0),
    "gaussian": Kernel("gaussian", 0, 9.0, 1.0),
}


def kernel_named(name: str) -> Kernel:
    """The kernel of that name.

    Raises
    ------
    AnalysisError
        If none is called so.
    """
    if name not in KERNELS:
        raise AnalysisError(f"The kernel is not known. Choose one of {', '.join(KERNELS)}.")
    return KERNELS[name]


def peak_per_m2(kernel: Kernel, bandwidth_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Height of the kernel of one event above its own place, events per m²."""
    spread = 2.0 if kernel.power == 0 else 1.0 / (kernel.power + 1)
    return 1.0 / (spread * math.pi * bandwidth_m**2)


def widened(
    bandwidth_m: float, uncertainty_m: NDArray[np.float64], kernel: Kernel
) -> NDArray[np.float64]:
    """Bandwidth of each event, metres, so that its kernel's variance grows by that of its place."""
    variance = (uncertainty_m / RADIUS_95) ** 2
    return np.asarray(np.sqrt(bandwidth_m**2 + kernel.square_per_variance * variance))
