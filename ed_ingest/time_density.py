"""The inner loop of the density of time, compiled; ``evidence`` explains it.

Imported only where it is needed: loading the compiler takes longer than printing a help text.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ed_ingest.compiled import compiled

Floats = NDArray[np.float64]

# Beyond so many standard deviations nothing is left of a normal error.
_FAR = 9.0


@compiled
def _twice_integrated(z: float) -> float:
    """Integral of the integral of the standard normal density."""
    if z < -_FAR:
        return 0.0
    if z > _FAR:
        return z
    below = 0.5 * math.erfc(-z / math.sqrt(2.0))
    return z * below + math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


@compiled
def mean_density(
    start: Floats, end: Floats, other_start: Floats, other_end: Floats, spread: float
) -> Floats:
    """Mean density of a normal error, each of both times being anywhere in its interval."""
    found = np.zeros(len(start))
    for k in range(len(start)):
        # Nothing is left between intervals far from each other.
        apart = max(start[k] - other_end[k], other_start[k] - end[k])
        if apart > _FAR * spread:
            continue
        total = (
            _twice_integrated((other_end[k] - start[k]) / spread)
            - _twice_integrated((other_end[k] - end[k]) / spread)
            - _twice_integrated((other_start[k] - start[k]) / spread)
            + _twice_integrated((other_start[k] - end[k]) / spread)
        )
        area = (end[k] - start[k]) * (other_end[k] - other_start[k])
        # Rounding leaves a trifle below 0 far from the intervals.
        found[k] = max(total * spread, 0.0) / area
    return found
