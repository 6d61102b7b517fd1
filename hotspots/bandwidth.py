"""Which bandwidth the data themselves speak for, beside the plain default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ed_ingest.errors import AnalysisError
from ed_ingest.given import numbers_of
from hotspots.event_order import in_order, read_events
from hotspots.kernels import kernel_named, peak_per_m2

# A few streets: what crime maps of towns commonly use, and small enough to send someone there.
PLAIN_BANDWIDTH_M = 200.0
CANDIDATES_M = (50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 400.0, 600.0, 800.0, 1000.0)
# One event in a hundred may lie anywhere: without it a single lonely event would forbid every
# compact kernel that reaches no other.
ANYWHERE = 0.01
MOST_SCORED = 2_000


class BandwidthChoice(NamedTuple):
    """A bandwidth and how it was found.

    Attributes
    ----------
    bandwidth_m
        The candidate with the best score, metres.
    candidates_m
        Those that were tried, ascending.
    scores
        For each candidate the mean log of the density (events per m², the whole being 1) that the
        events elsewhere give to an event's place; higher is better.
    n_locations, n_scored
        Distinct places; those that were scored.
    """

    bandwidth_m: float
    candidates_m: tuple[float, ...]
    scores: tuple[float, ...]
    n_locations: int
    n_scored: int


def choose_bandwidth(
    x: ArrayLike,
    y: ArrayLike,
    *,
    candidates_m: Sequence[float] = CANDIDATES_M,
    kernel: str = "quartic",
) -> BandwidthChoice:
    """Choose the bandwidth under which each place is best foretold by all the other places.

    Likelihood cross-validation (Habbema and others 1974; Silverman 1986, section 3.4.4, DOI
    10.1201/9781315140919), leaving out one *location* at a time: all events with the same
    coordinates. Leaving out one event only, records snapped to common points foretell each other
    and drive the bandwidth towards zero. Of more than 2,000 locations 2,000 are scored, evenly
    from west to east; all events count for them. The result does not depend on the order of the
    events.

    The best for foretelling is not always the best for a meeting: `PLAIN_BANDWIDTH_M` is the
    default of the maps, so that maps of different months and places can be compared.

    Parameters
    ----------
    x, y
        Events, metres, EPSG:27700.
    candidates_m
        Bandwidths to try, metres, as `kernel_density` takes them. Where the first or last one
        wins, try more.
    kernel
        As for `kernel_density`.

    Returns
    -------
    BandwidthChoice
        ``bandwidth_m``: the candidate with the best score; and all candidates with their scores.

    Raises
    ------
    AnalysisError
        If there are fewer than two places, or a candidate is not above 0.
    """
    chosen = kernel_named(kernel)
    widths = np.unique(numbers_of(candidates_m, name="candidates_m"))
    if not len(widths) or not (np.isfinite(widths) & (widths > 0)).all():
        raise AnalysisError("The bandwidths to try must be numbers of metres above 0.")
    places = in_order(read_events(x, y, None, None, 1.0, chosen))
    if len(places.x) < 2:
        raise AnalysisError(
            "A bandwidth cannot be chosen from fewer than two places. "
            f"Take the plain one, {PLAIN_BANDWIDTH_M:.0f} m."
        )
    from hotspots.scatter import kernel_sums

    n = len(places.x)
    at = np.unique(np.linspace(0, n - 1, min(n, MOST_SCORED)).astype(np.int64))
    sums = np.zeros((len(at), len(widths)))
    kernel_sums(sums, places.x, places.y, places.times, at, widths, chosen.power, chosen.cut)
    others = places.times.sum() - places.times[at]
    density = sums * peak_per_m2(chosen, widths) / others[:, None]
    anywhere = ANYWHERE / _area(places.x, places.y, float(widths[-1]))
    log_density = np.log((1 - ANYWHERE) * density + anywhere)
    scores = (places.times[at] @ log_density) / places.times[at].sum()
    best = float(widths[int(np.argmax(scores))])
    return BandwidthChoice(best, tuple(widths.tolist()), tuple(scores.tolist()), n, len(at))


def _area(x: NDArray[np.float64], y: NDArray[np.float64], least_m: float) -> float:
    """Area of the rectangle around the places, m²; not less than `least_m` wide or high."""
    return float(max(np.ptp(x), least_m) * max(np.ptp(y), least_m))
