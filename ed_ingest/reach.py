"""How much further off than the records say an assault's own crime may lie."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ed_ingest.candidates import (
    DAY_MIN,
    CrimeOrder,
    Floats,
    Spans,
    crime_spans,
    crimes_in_order,
    pairs_near,
    reach_m,
    told_spans,
)

# By what the reach may be widened; beyond the last lies a ring that tells how crowded the date is.
_WIDER = np.array([1.0, 1.5, 2.0, 3.0])
_OUTERMOST = 4.0
_WEEKS = (-4, -2, -1, 1, 2, 4)
_ASSAULTS = 3000
_SHORT_CRIME_MIN, _GAP_MIN = 61.0, 60.0
_MOST_NEAR = 400
_MOST_REACH_M = 300.0  # whose own reach is longer need no more
# So much of the own crimes may lie beyond; that any do must be more than so many standard errors.
MAY_BE_LOST, _ERRORS = 0.02, 3.0


def widening(assaults: pd.DataFrame, crimes: pd.DataFrame) -> float:
    """By what factor to search further than the declared uncertainty asks for.

    Pairs that fit in time are counted in rings around the reach, on the true dates and with the
    assaults moved by whole weeks, where no pair can be right. What the true dates have more are own
    crimes; a crowded date has more at every distance, and the outermost ring tells how crowded.

    Parameters
    ----------
    assaults, crimes
        Linkable assaults and comparable crimes, points in metres (EPSG:27700).

    Returns
    -------
    float
        1 where chance explains all pairs beyond (three standard errors); else 1.5, 2 or 3: the
        least beyond which lie no more than 2 % of the own crimes.
    """
    near = reach_m(assaults) <= _MOST_REACH_M
    rows = np.flatnonzero(assaults["time_precision"].eq("minute").to_numpy(dtype=bool) & near)
    some = assaults.iloc[rows[:: max(len(rows) // _ASSAULTS, 1)]]
    theirs = crime_spans(crimes)
    short = theirs.end - theirs.start <= _SHORT_CRIME_MIN
    theirs = Spans(theirs.points[short], theirs.start[short], theirs.end[short])
    if some.empty or not short.any():
        return 1.0
    order = crimes_in_order(theirs)
    seen, chance = _rings(some, order, (0,)), _rings(some, order, _WEEKS)
    return _least(seen, chance / len(_WEEKS))


def _rings(assaults: pd.DataFrame, order: CrimeOrder, weeks: tuple[int, ...]) -> Floats:
    """Pairs in each ring: within the reach, then up to each wider one, then the outermost."""
    told, reach = told_spans(assaults), reach_m(assaults)
    row = np.tile(np.arange(len(assaults)), len(weeks))
    later = np.repeat(np.array(weeks, dtype=float) * 7 * DAY_MIN, len(assaults))
    found, _, distance = pairs_near(
        told, row, later, _OUTERMOST * reach, order, gap_min=_GAP_MIN, most=_MOST_NEAR
    )
    ring = np.searchsorted(_WIDER, distance / reach[row[found]])
    return np.asarray(np.bincount(ring, minlength=len(_WIDER) + 1), dtype=np.float64)


def _least(seen: Floats, chance: Floats) -> float:
    """The least factor beyond which own crimes are few; 1 if chance explains all beyond."""
    crowded = max((seen[-1] + 1) / (chance[-1] + 1), 1.0)
    own = (seen - crowded * chance)[:-1]
    doubt = (seen + crowded**2 * chance / len(_WEEKS))[1:-1]
    # A tail may end in any ring: those further out would only blur it.
    if (np.cumsum(own[1:]) <= _ERRORS * np.sqrt(np.cumsum(doubt))).all():
        return 1.0
    beyond = own.sum() - np.cumsum(own)
    few = beyond <= MAY_BE_LOST * max(own.sum(), 0.0)
    return float(_WIDER[np.argmax(few)])  # nothing lies beyond the last
