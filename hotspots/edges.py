"""How much of a kernel lies inside the study area: exact, for any polygon, without a grid.

What a round kernel holds outside an area is a sum over the edges of the area: seen from the centre,
an edge hides the part of the kernel's mass that lies behind it. With T(r) the mass farther than r
from the centre, an edge takes 1/2π times the integral of T over the angle that it fills.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.special import owens_t
from shapely.geometry.base import BaseGeometry

from hotspots.kernels import Kernel

Floats = NDArray[np.float64]
AT_ONCE = 100_000


def share_inside(
    x: Floats, y: Floats, bandwidth_m: Floats, *, boundary: BaseGeometry, kernel: Kernel
) -> Floats:
    """Share of the kernel about each place that lies inside the boundary, 0 to 1.

    Parameters
    ----------
    x, y
        Places inside the boundary, metres, EPSG:27700. (For one outside, 1 too much.)
    bandwidth_m
        Of each place, metres.
    boundary
        A polygon or several, EPSG:27700.
    kernel
        Which one.
    """
    starts, ends = _edges(boundary)
    lines: Any = shapely.linestrings(np.stack([starts, ends], axis=1))
    tree = shapely.STRtree(lines)
    share = np.ones(len(x))
    for first in range(0, len(x), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        centres = np.column_stack([x[part], y[part]])
        reach = kernel.cut * bandwidth_m[part]
        place, edge = tree.query(shapely.points(centres), predicate="dwithin", distance=reach)
        # In a fixed order, so that the sum is the same always.
        order = np.lexsort([edge, place])
        place, edge = place[order], edge[order]
        h = bandwidth_m[part][place]
        behind = _mass_behind(
            (starts[edge] - centres[place]) / h[:, None],
            (ends[edge] - centres[place]) / h[:, None],
            kernel,
        )
        share[part] -= np.bincount(place, weights=behind, minlength=len(centres))
    return np.clip(share, 0.0, 1.0)


def _edges(boundary: BaseGeometry) -> tuple[Floats, Floats]:
    """Both ends of each edge, the area on its left."""
    parts = shapely.get_parts(shapely.orient_polygons(shapely.normalize(boundary)))
    rings = shapely.get_rings(parts)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = (ring[1:] == ring[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    return points[:-1][same], points[1:][same]


def _mass_behind(start: Floats, end: Floats, kernel: Kernel) -> Floats:
    """Mass of a kernel with bandwidth 1 at the origin that lies behind each edge.

    Less than 0 where the origin is on the edge's right: what it counts is then in front.
    """
    length = np.hypot(*(end - start).T)
    along = (end - start) / length[:, None]
    # Its line passes the origin at a distance of `away`; on it the edge runs from `low` to `high`.
    away = start[:, 0] * along[:, 1] - start[:, 1] * along[:, 0]
    low, high = (start * along).sum(axis=1), (end * along).sum(axis=1)
    on_line = away == 0
    half_hidden = 0.5 * ((low < 0) & (high > 0))
    away = np.where(on_line, 1.0, away)
    if kernel.power == 0:
        mass = owens_t(away, high / away) - owens_t(away, low / away)
    else:
        half = np.sqrt(np.clip(1.0 - away**2, 0.0, None))
        low, high = np.clip(low, -half, half), np.clip(high, -half, half)
        primitive = _quartic_primitive if kernel.power == 2 else _epanechnikov_primitive
        mass = (primitive(high, away) - primitive(low, away)) / (2 * math.pi)
    return np.asarray(np.where(on_line, half_hidden, mass), dtype=np.float64)


def _quartic_primitive(t: Floats, away: Floats) -> Floats:
    """Integral of (1 − r²)³ over the angle, r² = away² + t²; (1 − R)³/R = 1/R − 3 + 3R − R²."""
    a2, t2 = away**2, t**2
    polynomial = -3 + 3 * (a2 + t2 / 3) - (a2**2 + 2 * a2 * t2 / 3 + t2**2 / 5)
    return np.asarray(np.arctan(t / away) + away * t * polynomial)


def _epanechnikov_primitive(t: Floats, away: Floats) -> Floats:
    """Integral of (1 − r²)² over the angle; (1 − R)²/R = 1/R − 2 + R."""
    return np.asarray(np.arctan(t / away) + away * t * (-2 + away**2 + t**2 / 3))
