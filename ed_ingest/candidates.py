"""The pairs of an assault and a crime that are near enough in place and time to be compared."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Positions: TypeAlias = NDArray[np.int64]

DAY_MIN = 1440.0
EARLY_HOURS_MIN = 360.0  # the day turns at 06:00
GAP_MIN = 120.0  # intervals further apart than this are not compared
UNKNOWN_UNCERTAINTY_M = 100.0
LEAST_REACH_M, MOST_REACH_M = 200.0, 1000.0
CLOCK_CHANGE_MIN = 60.0
_PAIRS_PER_ASSAULT = 100
# Crimes are kept by squares of this size, and by length: long ones need a long window of time.
_CELL_M, _LENGTHS_MIN = 250.0, (61.0, 421.0, 1441.0)
_COLUMN = 1 << 24  # more squares than lie from south to north


class Spans(NamedTuple):
    """Points (metres, EPSG:27700) with intervals (minutes, local wall clock)."""

    points: Floats
    start: Floats
    end: Floats


def candidate_pairs(
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    *,
    shifts_days: tuple[int, ...] = (0,),
    looks: NDArray[np.bool_] | None = None,
    wider: float = 1.0,
) -> pd.DataFrame:
    """Find the pairs that are near enough in place and time to be compared.

    Parameters
    ----------
    assaults, crimes
        Linkable assaults and comparable crimes, points in metres (EPSG:27700).
    shifts_days
        By how many days the assaults are moved; the pairs of all shifts come together.
    looks
        Which assaults (columns) are looked for in which shift (rows); all, if not given.
    wider
        By what factor to reach further than the uncertainty asks for.

    Returns
    -------
    DataFrame
        ``shift`` (position in `shifts_days`), ``assault, crime`` (positions), ``distance_m`` and
        ``gap_min`` (minutes between the two intervals as recorded, 0 where they overlap), ordered
        by shift, assault and crime. The distance is at most three times the assault's uncertainty,
        kept within 200 to 1,000 m; the gap at most two hours, with allowance for a date that is
        the evening's and for the hour that a clock change makes doubtful. Of the crimes of like
        length, an assault is compared with the 100 nearest.
    """
    n, n_shifts = len(assaults), len(shifts_days)
    wanted = np.ones((n_shifts, n), dtype=bool) if looks is None else looks
    theirs = crime_spans(crimes)
    order = crimes_in_order(theirs)
    days = np.array(shifts_days, dtype=float) * DAY_MIN
    early, reach = after_midnight(assaults), reach_m(assaults, wider=wider)
    searches = (
        (_with_night(assaults), wanted, 0.0),
        (told_spans(assaults), wanted & early, DAY_MIN),
    )
    keys, distances = [np.empty(0, np.int64)], [np.empty(0)]
    for told, asked, later in searches:
        shift, assault = np.nonzero(asked)
        row, crime, distance = pairs_near(
            told,
            assault,
            days[shift] + later,
            reach,
            order,
            gap_min=GAP_MIN,
            most=_PAIRS_PER_ASSAULT,
        )
        keys.append((shift[row] * n + assault[row]) * len(crimes) + crime)
        distances.append(distance)
    # A pair that both searches find is one pair.
    key, first = np.unique(np.concatenate(keys), return_index=True)
    record, crime = np.divmod(key, max(len(crimes), 1))
    shift, assault = np.divmod(record, max(n, 1))
    recorded = assault_spans(assaults)
    return pd.DataFrame(
        {
            "shift": shift,
            "assault": assault,
            "crime": crime,
            "distance_m": np.concatenate(distances)[first],
            "gap_min": gap_min(recorded, theirs, assault, crime, later_min=days[shift]),
        }
    )


class CrimeOrder(NamedTuple):
    """Crimes by cell, class of length and start, as `near_crimes.crimes_near` takes them."""

    crimes: tuple[Positions, Floats, Floats, Floats, Floats]
    cells: Positions
    begins: Positions
    longest: Floats


def crimes_in_order(crimes: Spans) -> CrimeOrder:
    """Sort crimes so that those near a place and time are found quickly."""
    length = np.maximum(crimes.end - crimes.start, 0.0)
    kind = np.digitize(length, _LENGTHS_MIN)
    square = np.floor(crimes.points / _CELL_M).astype(np.int64)
    cell = square[:, 0] * _COLUMN + square[:, 1]
    order = np.lexsort((crimes.start, kind, cell))
    cells, number = np.unique(cell[order], return_inverse=True)
    n_classes = len(_LENGTHS_MIN) + 1
    part = number * n_classes + kind[order]
    longest = [float(length[kind == k].max(initial=0.0)) for k in range(n_classes)]
    return CrimeOrder(
        (order, *crimes.points[order].T.copy(), crimes.start[order], crimes.end[order]),
        cells,
        np.searchsorted(part, np.arange(len(cells) * n_classes + 1)),
        np.array(longest),
    )


def pairs_near(
    told: Spans,
    row: Positions,
    later_min: Floats,
    reach: Floats,
    order: CrimeOrder,
    *,
    gap_min: float,
    most: int,
) -> tuple[Positions, Positions, Floats]:
    """Find the crimes near some rows of `told`, each moved by so many minutes.

    Parameters
    ----------
    told, reach
        Points, intervals and metres of all records.
    row, later_min
        The rows asked for, and by how much each is moved.
    order
        The crimes.
    gap_min
        Minutes that two intervals may lie apart.
    most
        Of the crimes of like length so many stay: the nearest in place, then in time.

    Returns
    -------
    tuple
        Position in `row`, position of the crime, metres.
    """
    # The compiler takes long to load: only where there is something to compare.
    from ed_ingest.near_crimes import crimes_near

    east, north = told.points[row].T.copy()
    asked = (east, north, told.start[row] + later_min, told.end[row] + later_min, reach[row])
    return crimes_near(asked, *order, (gap_min, most), (_CELL_M, _COLUMN))


def reach_m(assaults: pd.DataFrame, *, wider: float = 1.0) -> Floats:
    """Metres within which an assault's own crime is sought."""
    asked = np.maximum(3 * uncertainty_m(assaults), LEAST_REACH_M)
    return np.asarray(np.minimum(wider * asked, MOST_REACH_M))


def assault_spans(assaults: pd.DataFrame) -> Spans:
    """Points and intervals of assaults as recorded."""
    return Spans(
        points(assaults), minutes(assaults["assault_from"]), minutes(assaults["assault_to"])
    )


def crime_spans(crimes: pd.DataFrame) -> Spans:
    """Points and intervals of crimes."""
    return Spans(points(crimes), minutes(crimes["committed_from"]), minutes(crimes["committed_to"]))


def points(table: pd.DataFrame) -> Floats:
    """Easting and northing, one row each."""
    return table[["easting", "northing"]].to_numpy(dtype=float)


def minutes(times: pd.Series) -> Floats:
    """Minutes since the first of January 1970, local wall clock; none may be missing."""
    return times.to_numpy().astype("datetime64[s]").astype("int64") / 60.0


def uncertainty_m(assaults: pd.DataFrame) -> Floats:
    """Radius that holds the true place with about 95 %, metres; at least 25."""
    known = assaults["location_uncertainty_m"].fillna(UNKNOWN_UNCERTAINTY_M)
    return np.asarray(np.clip(known.to_numpy(dtype=float), 25.0, None))


def after_midnight(assaults: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether the recorded time is in the early hours: the date may be that of the evening."""
    early = minutes(assaults["assault_from"]) % DAY_MIN < EARLY_HOURS_MIN
    return np.asarray(early & assaults["time_precision"].ne("date").to_numpy(), dtype=bool)


def gap_min(
    ours: Spans, theirs: Spans, i: Positions, j: Positions, *, later_min: Floats | float = 0.0
) -> Floats:
    """Minutes between interval `i` of ours, moved, and `j` of theirs; 0 where they overlap."""
    start, end = ours.start[i] + later_min, ours.end[i] + later_min
    apart = np.maximum(start - theirs.end[j], theirs.start[j] - end)
    return np.asarray(np.maximum(apart, 0.0))


def told_spans(assaults: pd.DataFrame) -> Spans:
    """Points and intervals of assaults; where the clock changed, an hour more on both sides."""
    spans = assault_spans(assaults)
    doubtful = assaults["clock_change"].isin(["ambiguous", "nonexistent"]).to_numpy(dtype=bool)
    hour = np.where(doubtful, CLOCK_CHANGE_MIN, 0.0)
    return Spans(spans.points, spans.start - hour, spans.end + hour)


def _with_night(assaults: pd.DataFrame) -> Spans:
    """Lengthen each date by the night that it may stand for."""
    spans = told_spans(assaults)
    night = np.where(assaults["time_precision"].eq("date"), EARLY_HOURS_MIN, 0.0)
    return spans._replace(end=spans.end + night)
