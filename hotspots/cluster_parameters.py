"""A distance and a number of points for DBSCAN, suggested by the points themselves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from ed_ingest.errors import AnalysisError
from ed_ingest.given import points_of, require_number

# The bend is looked for among so many points at most: a curve of more looks the same.
MOST_LOOKED_AT = 20_000
ROUNDED_TO_M = 5.0


class Suggestion(NamedTuple):
    """Parameters for `clusters.dbscan`, why, and the curve that they were read from.

    Attributes
    ----------
    eps_m
        Metres, a multiple of 5.
    min_samples
        As given.
    share_within
        Share of the events, 0 to 1, that would be core points.
    why
        In one or two sentences.
    k_distance_m
        Distance of each event looked at to its `min_samples`-th nearest (itself counted),
        metres, ascending.
    """

    eps_m: float
    min_samples: int
    share_within: float
    why: str
    k_distance_m: NDArray[np.float64]


def suggest_parameters(
    x: ArrayLike, y: ArrayLike, *, min_samples: int, least_m: float = 25, most_m: float = 500
) -> Suggestion:
    """Suggest `eps_m` for a number of points, from the distances to the k-th neighbour.

    Sorted, these distances rise slowly through the crowded places and steeply beyond: the bend,
    where the curve lies farthest below the straight line between its ends, is the suggestion
    (Ester and others 1996 read it by eye; the rule is that of Satopää and others 2011, DOI
    10.1109/ICDCSW.2011.20). `min_samples` is not for the data to say: it is the least number worth
    a meeting's time, and at least the small-number threshold.

    Parameters
    ----------
    x, y
        Events, metres, EPSG:27700.
    min_samples
        Events within `eps_m` that make a core point, itself included; 2 or more.
    least_m, most_m
        The suggestion stays between these, metres: below lies the error of most addresses, beyond
        it is no longer a place.

    Returns
    -------
    Suggestion
        ``eps_m`` (metres, a multiple of 5), ``min_samples`` as given, and why.

    Raises
    ------
    AnalysisError
        If there are fewer events than `min_samples`, or a number is not what it must be.
    """
    points = points_of(x, y)
    for name, given in {"min_samples": min_samples, "least_m": least_m, "most_m": most_m}.items():
        require_number(given, name=name)
    if min_samples < 2 or not 0 < least_m <= most_m < np.inf:
        raise AnalysisError("Parameters need 2 or more points and distances above 0.")
    if len(points) < min_samples or not np.isfinite(points).all():
        raise AnalysisError(
            f"A distance can be suggested from {min_samples} events or more, each with its point."
        )
    ordered = points[np.lexsort(points.T)]
    chosen = np.unique(np.linspace(0, len(points) - 1, MOST_LOOKED_AT).astype(np.int64))
    found, _ = cKDTree(points).query(ordered[chosen], k=[min_samples])
    curve = np.sort(np.asarray(found, float).ravel())
    bend_m = _bend(curve[curve <= most_m])
    eps_m = float(np.clip(ROUNDED_TO_M * round(bend_m / ROUNDED_TO_M), least_m, most_m))
    share = float((curve <= eps_m).mean())
    why = (
        f"Within {eps_m:.0f} m, {share:.0%} of the events have {min_samples} or more, themselves "
        f"counted. The distance to these bends upwards at {bend_m:.0f} m: a greater one would join "
        "places that are apart."
    )
    if eps_m in (least_m, most_m) and abs(bend_m - eps_m) > ROUNDED_TO_M:
        why += f" Held at {eps_m:.0f} m, the limit that was set."
    return Suggestion(eps_m, min_samples, share, why, curve)


def _bend(curve: NDArray[np.float64]) -> float:
    """Where a rising curve lies farthest below the line between its ends; the end if nowhere."""
    if len(curve) < 3 or curve[0] == curve[-1]:
        return float(curve[-1]) if len(curve) else np.inf
    line = np.linspace(curve[0], curve[-1], len(curve))
    return float(curve[int(np.argmax(line - curve))])
