"""Near repeats: whether events follow one another nearby and soon, more than chance (Knox)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree
from scipy.stats import poisson

from ed_ingest.errors import AnalysisError
from ed_ingest.given import numbers_of, points_of

MOST_PAIRS = 50_000_000
# No place on Earth: whose square the search for neighbours could no longer hold.
FARTHEST_M = 1e12

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def knox(
    x: ArrayLike,
    y: ArrayLike,
    time: ArrayLike,
    *,
    distances_m: Sequence[float],
    times: Sequence[float],
    permutations: int = 999,
    seed: int = 1,
) -> pd.DataFrame:
    """Count pairs of events by their distance and by the time between them (Knox 1964).

    Under chance, time and place have nothing to do with each other: the expected number of pairs
    is that of the distance band times the share of all pairs in the time band. The permutation
    deals the times out anew over the places, which leaves busy places and busy seasons as they are
    (Johnson and others 2007, DOI 10.1007/s10940-007-9025-3). Give one row for each incident: two
    patients of one fight are no repeat. Knox: DOI 10.2307/2985220.

    Parameters
    ----------
    x, y
        Events, metres, EPSG:27700.
    time
        Of each event, as a number; usually days.
    distances_m, times
        Upper ends of the bands, ascending, 0 or more, the end included; the first band begins at
        0, so a first end of 0 is "same place". `times` are in the unit of `time`.
    permutations
        Of the times; 0 for none.
    seed
        The same one gives the same figures.

    Returns
    -------
    DataFrame
        One row per distance and time band: ``distance_from, distance_to, time_from, time_to,
        observed, expected, ratio`` (observed to expected; missing where none is), ``residual``
        (standardised: (observed − expected) / √expected), ``p_poisson`` (as many or more) and
        ``p_permuted`` (the same; missing without permutations).

    Raises
    ------
    AnalysisError
        If there are fewer than two events, a number is not what it must be, or there would be more
        than 50 million pairs within the greatest distance.
    """
    points, when = points_of(x, y), numbers_of(time, name="time")
    edges_m, edges = _edges(distances_m), _edges(times)
    if len(points) < 2 or len(points) != len(when):
        raise AnalysisError("Near repeats need two events or more, each with its time.")
    if not (np.abs(points) < FARTHEST_M).all() or not np.isfinite(when).all():
        raise AnalysisError("Leave out events without a point or a time.")
    # Sorted: the same permutations for any order of the events.
    order = np.lexsort((when, points[:, 1], points[:, 0]))
    points, when = points[order], when[order]
    pairs, band = _pairs(points, edges_m)
    observed = _table(pairs, band, when, len(edges_m), edges)
    expected = _expected(band, when, len(edges_m), edges)
    rows = _rows(edges_m, edges)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, observed / expected, np.nan)
        residual = np.where(expected > 0, (observed - expected) / np.sqrt(expected), np.nan)
    p = np.full(observed.shape, np.nan)
    if permutations > 0:
        rng, at_least = np.random.default_rng(seed), np.ones(observed.shape)
        for _ in range(permutations):
            dealt = rng.permutation(when)
            at_least += _table(pairs, band, dealt, len(edges_m), edges) >= observed
        p = at_least / (permutations + 1)
    return rows.assign(
        observed=observed.ravel(),
        expected=expected.ravel(),
        ratio=ratio.ravel(),
        residual=residual.ravel(),
        p_poisson=np.asarray(poisson.sf(observed - 1, expected)).ravel(),
        p_permuted=p.ravel(),
    )


def _edges(ends: Sequence[float]) -> Floats:
    edges = numbers_of(ends, name="The ends of the bands")
    if (
        not len(edges)
        or not np.isfinite(edges).all()
        or edges[0] < 0
        or (np.diff(edges) <= 0).any()
    ):
        raise AnalysisError("The ends of the bands must be ascending numbers, 0 or more.")
    return edges


def _pairs(points: Floats, edges_m: Floats) -> tuple[Ints, Ints]:
    """Pairs up to the greatest distance, and the distance band of each."""
    tree = cKDTree(points)
    reach = np.nextafter(edges_m[-1], np.inf)
    if (int(np.sum(tree.count_neighbors(tree, reach))) - len(points)) // 2 > MOST_PAIRS:
        raise AnalysisError(
            f"More than {MOST_PAIRS:,} pairs of events lie within the greatest distance. Choose a "
            "shorter one or a shorter period."
        )
    pairs = np.asarray(tree.query_pairs(reach, output_type="ndarray"), dtype=np.int64)
    apart = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    band = np.asarray(np.searchsorted(edges_m, apart), dtype=np.int64)
    return pairs[band < len(edges_m)], band[band < len(edges_m)]


def _table(pairs: Ints, band: Ints, when: Floats, n_bands: int, edges: Floats) -> Ints:
    """Number of pairs by distance band and time band."""
    from hotspots.pair_counts import count_pairs

    # What is later than the last band falls into one more, which is left out.
    counts = np.zeros((n_bands, len(edges) + 1), dtype=np.int64)
    count_pairs(counts, pairs, band, when, edges)
    return counts[:, :-1]


def _expected(band: Ints, when: Floats, n_bands: int, edges: Floats) -> Floats:
    """Pairs of each distance band times the share of all pairs in each time band."""
    ordered = np.sort(when)
    n = len(ordered)
    # Pairs at most so long apart: for each event, the later ones up to there.
    up_to = [
        int((np.searchsorted(ordered, ordered + end, side="right") - np.arange(1, n + 1)).sum())
        for end in edges
    ]
    in_time = np.diff(up_to, prepend=0)
    in_distance = np.bincount(band, minlength=n_bands)
    return in_distance[:, None] * in_time / (n * (n - 1) / 2)


def _rows(edges_m: Floats, edges: Floats) -> pd.DataFrame:
    low_m, low = np.concatenate([[0.0], edges_m[:-1]]), np.concatenate([[0.0], edges[:-1]])
    return pd.DataFrame(
        {
            "distance_from": np.repeat(low_m, len(edges)),
            "distance_to": np.repeat(edges_m, len(edges)),
            "time_from": np.tile(low, len(edges_m)),
            "time_to": np.tile(edges, len(edges_m)),
        }
    )
