"""How the share with a police record near by depends on the distance and time allowed.

Not the linkage: a table to hold beside it, and beside studies that count every record within a
fixed distance and time as found. The wider the window, the more of what it finds is chance.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ed_ingest.candidates import (
    DAY_MIN,
    Floats,
    Positions,
    Spans,
    crime_spans,
    gap_min,
    told_spans,
)
from ed_ingest.weighed_pairs import FIRST_WEEKS, covered_looks

DISTANCES_M = (50.0, 100.0, 200.0, 400.0)
GAPS_MIN = (30.0, 60.0, 120.0, 360.0)
COLUMNS = ["distance_m", "gap_min", "n", "share_within", "share_by_chance", "share_corrected"]
_SHIFTS_DAYS = tuple(side * 7 * week for week in FIRST_WEEKS for side in (-1, 1))
# Of more than twice so many some are looked at, moved by one of the three times: shares are known
# to half a point.
_ENOUGH, _MOVES = 12_000, 3
_AT_ONCE = 2_000


def sensitivity_grid(assaults: pd.DataFrame, crimes: pd.DataFrame) -> pd.DataFrame:
    """Share of the assaults with at least one crime within each distance and time.

    Chance is what the same window finds when the assaults are moved by 7, 14 and 28 days to either
    side. If a share *s* has a crime of its own within the window, and the others find one only by
    chance, *K* = *s* + (1 - *s*) *C*: so *s* = (*K* - *C*) / (1 - *C*).

    Parameters
    ----------
    assaults
        Linkable assaults, contract columns; points in metres (EPSG:27700).
    crimes
        Comparable crimes, contract columns.

    Returns
    -------
    DataFrame
        One row for each of `DISTANCES_M` and `GAPS_MIN`: ``distance_m, gap_min`` (minutes between
        the intervals), ``n`` (assaults), ``share_within`` (*K*), ``share_by_chance`` (*C*),
        ``share_corrected`` (*s*, 0 to 1). NaN where there is no assault, or none can be moved.
    """
    every = max(len(assaults) // _ENOUGH, 1)
    # By id, so that the same assaults are looked at for any order of the rows.
    looked_at = assaults.sort_values("event_id").iloc[::every]
    spans = told_spans(looked_at)
    everybody = np.ones((1, len(looked_at)), dtype=bool)
    within = _share_within(spans, crimes, (0,), everybody)
    by_chance = np.full_like(within, np.nan)
    if len(crimes):
        looks = covered_looks(looked_at, crimes, _SHIFTS_DAYS)
        if every > 1:
            turns = np.arange(looks.shape[0])[:, None] // 2 + np.arange(looks.shape[1])
            looks &= turns % _MOVES == 0
        by_chance = _share_within(spans, crimes, _SHIFTS_DAYS, looks)
    grid = [(distance, gap) for distance in DISTANCES_M for gap in GAPS_MIN]
    table = pd.DataFrame(grid, columns=COLUMNS[:2]).assign(
        n=len(assaults), share_within=within, share_by_chance=by_chance
    )
    corrected = chance_corrected(table["share_within"], table["share_by_chance"])
    return table.assign(share_corrected=corrected)[COLUMNS]


def chance_corrected(share: pd.Series, by_chance: pd.Series) -> pd.Series:
    """Share that is no chance, 0 to 1; missing where chance finds nearly all."""
    rest = (1 - by_chance).where(by_chance < 0.95)
    return ((share - by_chance) / rest).clip(0.0, 1.0)


def _share_within(
    spans: Spans, crimes: pd.DataFrame, shifts_days: tuple[int, ...], looks: NDArray[np.bool_]
) -> Floats:
    """Of the looks (shifts by assaults), those that find a crime, for each window of the grid."""
    asked = np.flatnonzero(looks.ravel())
    if not len(asked):
        return np.full(len(DISTANCES_M) * len(GAPS_MIN), np.nan)
    found = np.zeros((looks.size, len(DISTANCES_M), len(GAPS_MIN)), dtype=bool)
    for record, distance, gap in _pairs(_moved(spans, shifts_days), crime_spans(crimes), asked):
        found[record, np.searchsorted(DISTANCES_M, distance), np.searchsorted(GAPS_MIN, gap)] = True
    # What lies within a window lies within all wider ones.
    found = np.logical_or.accumulate(np.logical_or.accumulate(found, axis=1), axis=2)
    return np.asarray(found.sum(axis=0).ravel() / len(asked), dtype=float)


def _pairs(
    ours: Spans, theirs: Spans, asked: Positions
) -> Iterator[tuple[Positions, Floats, Floats]]:
    """Pairs within the widest window, some at a time: record, distance and gap."""
    for columns in _by_length(theirs):
        for rows in _by_length(ours):
            yield from _search(ours, theirs, rows[np.isin(rows, asked)], columns)


def _search(
    ours: Spans, theirs: Spans, rows: Positions, columns: Positions
) -> Iterator[tuple[Positions, Floats, Floats]]:
    if not len(rows):
        return
    longest = (ours.end - ours.start)[rows].max() + (theirs.end - theirs.start)[columns].max()
    box = np.array([DISTANCES_M[-1], DISTANCES_M[-1], longest / 2 + GAPS_MIN[-1]])
    mine, other = (
        np.column_stack([spans.points, (spans.start + spans.end) / 2])[some] / box
        for spans, some in ((ours, rows), (theirs, columns))
    )
    tree = cKDTree(other)
    for part in np.array_split(np.arange(len(rows)), len(rows) // _AT_ONCE + 1):
        near = cKDTree(mine[part]).sparse_distance_matrix(
            tree, 1.0, p=np.inf, output_type="ndarray"
        )
        i, j = rows[part[near["i"]]], columns[near["j"]]
        distance = np.hypot(*(ours.points[i] - theirs.points[j]).T)
        gap = gap_min(ours, theirs, i, j)
        inside = (distance <= DISTANCES_M[-1]) & (gap <= GAPS_MIN[-1])
        yield i[inside], distance[inside], gap[inside]


def _moved(spans: Spans, shifts_days: tuple[int, ...]) -> Spans:
    """The same points and intervals once for each shift, one after the other."""
    days = np.repeat(np.array(shifts_days, dtype=float), len(spans.start)) * DAY_MIN
    points_again = np.tile(spans.points, (len(shifts_days), 1))
    start, end = (np.tile(times, len(shifts_days)) for times in (spans.start, spans.end))
    return Spans(points_again, start + days, end + days)


def _by_length(spans: Spans) -> list[Positions]:
    """Positions of intervals of like length: long ones would make a search box long for all."""
    classes = np.digitize(spans.end - spans.start, [61.0, 421.0, 1441.0])
    return [np.flatnonzero(classes == k) for k in np.unique(classes)]
