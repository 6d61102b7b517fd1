"""The pairs of an assault and a crime that are near enough in place and time to be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats: TypeAlias = NDArray[np.float64]
Positions: TypeAlias = NDArray[np.int64]

DAY_MIN = 1440.0
EARLY_HOURS_MIN = 360.0  # the day turns at 06:00
GAP_MIN = 120.0  # intervals further apart than this are not compared
UNKNOWN_UNCERTAINTY_M = 100.0
LEAST_REACH_M, MOST_REACH_M = 200.0, 1000.0
CLOCK_CHANGE_MIN = 60.0
_PAIRS_AT_ONCE = 1_000_000
_SAMPLE = 500
_PAIRS_PER_ASSAULT = 100


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
    reach = np.tile(reach_m(assaults), n_shifts)
    wanted = np.ones(len(reach), dtype=bool) if looks is None else looks.ravel()
    recorded, theirs = moved(assault_spans(assaults), shifts_days), crime_spans(crimes)
    early = np.tile(after_midnight(assaults), n_shifts)
    found = [pd.DataFrame({"assault": [], "crime": [], "distance_m": []})]
    told = moved(_with_night(assaults), shifts_days)
    a_day_later = moved(told_spans(assaults), tuple(days + 1 for days in shifts_days))
    for ours, asked in ((told, wanted), (a_day_later, wanted & early)):
        found.extend(_by_like(ours, theirs, reach, asked))
    pairs = pd.concat(found, ignore_index=True).astype({"assault": "int64", "crime": "int64"})
    pairs = pairs.drop_duplicates(["assault", "crime"])
    pairs = pairs.iloc[np.lexsort((pairs["crime"], pairs["assault"]))].reset_index(drop=True)
    i, j = pairs["assault"].to_numpy(), pairs["crime"].to_numpy()
    gap = gap_min(recorded, theirs, i, j)
    shift, assault = np.divmod(i, max(n, 1))
    return pairs.assign(shift=shift, assault=assault, gap_min=gap)


def _by_like(
    ours: Spans, theirs: Spans, reach: Floats, asked: NDArray[np.bool_]
) -> Iterator[pd.DataFrame]:
    """Search like with like: long intervals would make the search box long for all."""
    for rows in by_length(ours):
        for columns in by_length(theirs):
            yield from _search(ours, theirs, reach, rows[asked[rows]], columns)


def reach_m(assaults: pd.DataFrame) -> Floats:
    """Metres within which an assault's own crime is sought."""
    return np.asarray(np.clip(3 * uncertainty_m(assaults), LEAST_REACH_M, MOST_REACH_M))


def moved(spans: Spans, shifts_days: tuple[int, ...]) -> Spans:
    """The same points and intervals once for each shift, one after the other."""
    days = np.repeat(np.array(shifts_days, dtype=float), len(spans.start)) * DAY_MIN
    points_again = np.tile(spans.points, (len(shifts_days), 1))
    start, end = (np.tile(times, len(shifts_days)) for times in (spans.start, spans.end))
    return Spans(points_again, start + days, end + days)


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


def gap_min(ours: Spans, theirs: Spans, i: Positions, j: Positions) -> Floats:
    """Minutes between interval `i` of ours and `j` of theirs; 0 where they overlap."""
    apart = np.maximum(ours.start[i] - theirs.end[j], theirs.start[j] - ours.end[i])
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


def by_length(spans: Spans) -> list[Positions]:
    """Positions of intervals of like length: long ones would make a search box long for all."""
    classes = np.digitize(spans.end - spans.start, [61.0, 421.0, 1441.0])
    return [np.flatnonzero(classes == k) for k in np.unique(classes)]


def _search(
    ours: Spans, theirs: Spans, reach_m: Floats, rows: Positions, columns: Positions
) -> Iterator[pd.DataFrame]:
    """Search some assaults among some crimes, a bounded number of pairs at once."""
    if not len(rows):
        return
    longest = (ours.end - ours.start)[rows].max() + (theirs.end - theirs.start)[columns].max()
    box = np.array([reach_m[rows].max(), reach_m[rows].max(), longest / 2 + GAP_MIN])
    places = np.column_stack([ours.points, (ours.start + ours.end) / 2])[rows] / box
    tree = cKDTree(np.column_stack([theirs.points, (theirs.start + theirs.end) / 2])[columns] / box)
    # How many at once: told from every so manyth, since counting costs as much as searching.
    some = places[:: max(len(rows) // _SAMPLE, 1)]
    near = np.asarray(tree.query_ball_point(some, 1.0, p=np.inf, return_length=True))
    at_once = max(_PAIRS_AT_ONCE // int(near.mean() + 1), 1)
    full = np.arange(at_once, len(rows), at_once)
    for part in np.split(np.arange(len(rows)), full):
        hits = cKDTree(places[part]).sparse_distance_matrix(
            tree, 1.0, p=np.inf, output_type="ndarray"
        )
        i, j = rows[part[hits["i"]]], columns[hits["j"]]
        gap = gap_min(ours, theirs, i, j)
        i, j, gap = (values[gap <= GAP_MIN] for values in (i, j, gap))
        distance = np.hypot(*(ours.points[i] - theirs.points[j]).T)
        near = distance <= reach_m[i]
        pairs = {"assault": i[near], "crime": j[near], "distance_m": distance[near]}
        yield _nearest(pd.DataFrame(pairs | {"gap": gap[near]}))


def _nearest(pairs: pd.DataFrame) -> pd.DataFrame:
    crowded = np.bincount(pairs["assault"], minlength=1).max(initial=0) > _PAIRS_PER_ASSAULT
    if not crowded:
        return pairs.drop(columns="gap")
    ordered = pairs.sort_values(["assault", "distance_m", "gap", "crime"])
    return ordered.loc[ordered.groupby("assault").cumcount() < _PAIRS_PER_ASSAULT].drop(
        columns="gap"
    )
