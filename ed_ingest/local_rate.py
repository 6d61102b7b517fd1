"""How many crimes chance puts at a place and an hour of the week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.spatial import cKDTree

from ed_ingest.candidates import DAY_MIN, Floats, Positions, Spans, crime_spans, told_spans

WEEK_MIN = 7 * DAY_MIN
_HOURS = 168
NEAR_M, WIDE_M = 150.0, 500.0  # circles in which the crimes are counted
WIDE_WEIGHT = 2.0  # crimes that the wide circle's density counts for in the near one
_SHORTEST_COVER_MIN = 4 * WEEK_MIN  # one week of records says nothing about the others
_SHORT_MIN = 61.0  # a crime no longer than this has an hour of the week
# The hours of a square of this size are steadied by so many crimes of the whole area's hours.
_SQUARE_M, _SQUARE_WEIGHT = 1000.0, 300.0
_NEAR_CELL_M, _WIDE_CELL_M = 25.0, 50.0  # crimes are counted by cells, to be quick in a crowd
_HALF_WINDOW_MIN = 60.0


class LocalRate(NamedTuple):
    """The crimes around each assault, and how busy its hour of the week is there.

    ``near, wide``: crimes within 150 and 500 m; ``busy``: how many times the average rate the told
    time has in that square kilometre; ``cover_min``: minutes that the crimes cover.
    """

    near: Floats
    wide: Floats
    busy: Floats
    cover_min: float

    def at(
        self,
        assault: Positions,
        own_near: Floats | NDArray[np.bool_],
        own_wide: Floats | NDArray[np.bool_],
    ) -> Floats:
        """Chance crimes per m² and minute at each of some assaults, less the crimes named.

        The near circle is steadied by the wide one, so that no place has a rate of 0.
        """
        near = np.maximum(self.near[assault] - own_near, 0.0)
        wide = np.maximum(self.wide[assault] - own_wide, 0.0)
        wide_density = (wide + 0.5) / (np.pi * WIDE_M**2)
        density = (near + WIDE_WEIGHT) / (np.pi * NEAR_M**2 + WIDE_WEIGHT / wide_density)
        return np.asarray(density / self.cover_min * self.busy[assault])


def local_rate(assaults: pd.DataFrame, crimes: pd.DataFrame) -> LocalRate:
    """Count the crimes around each assault, and weigh its hour of the week.

    Parameters
    ----------
    assaults, crimes
        Linkable assaults and comparable crimes, points in metres (EPSG:27700).
    """
    ours, theirs = told_spans(assaults), crime_spans(crimes)
    first, last = theirs.start.min(initial=np.inf), theirs.start.max(initial=-np.inf)
    return LocalRate(
        near=_within(ours.points, theirs.points, NEAR_M, _NEAR_CELL_M),
        wide=_within(ours.points, theirs.points, WIDE_M, _WIDE_CELL_M),
        busy=_busy(ours, theirs),
        cover_min=float(max(last - first, _SHORTEST_COVER_MIN)),
    )


def _within(points: Floats, others: Floats, radius_m: float, cell_m: float) -> Floats:
    """How many of the others lie in each point's circle, both moved to the middle of a cell."""
    mine, my_cell = _cells(points, cell_m)
    theirs, their_cell = _cells(others, cell_m)
    if not len(mine) or not len(theirs):
        return np.zeros(len(points))
    count = np.bincount(their_cell, minlength=len(theirs)).astype(float)
    tree, total = cKDTree(theirs), np.zeros(len(mine))
    for part in np.array_split(np.arange(len(mine)), max(len(mine) // 4000, 1)):
        near = cKDTree(mine[part]).sparse_distance_matrix(tree, radius_m, output_type="ndarray")
        shape = (len(part), len(theirs))
        total[part] = coo_array((np.ones(len(near)), (near["i"], near["j"])), shape=shape) @ count
    return np.asarray(total[my_cell])


def _cells(points: Floats, cell_m: float) -> tuple[Floats, Positions]:
    """Middles of the cells that hold points, and the cell of each point."""
    square = np.floor(points / cell_m).astype(np.int64)
    key = square[:, 0] * 1_000_003 + square[:, 1]
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    return np.asarray((square[first] + 0.5) * cell_m, dtype=float), np.asarray(cell, dtype=np.int64)


def _busy(ours: Spans, theirs: Spans) -> Floats:
    """Mean rate over the told time, an hour on both sides, against the average of the week."""
    short = theirs.end - theirs.start <= _SHORT_MIN
    hour = ((theirs.start + theirs.end) / 2 % WEEK_MIN // 60).astype(np.int64)[short]
    _, square = _cells(np.vstack([theirs.points[short], ours.points]), _SQUARE_M)
    n_squares = int(square.max(initial=-1)) + 1
    its, mine = square[: short.sum()], square[short.sum() :]
    overall = _smooth(np.bincount(hour, minlength=_HOURS).astype(float) + 1.0)
    overall /= overall.mean()
    table = np.bincount(its * _HOURS + hour, minlength=n_squares * _HOURS).reshape(-1, _HOURS)
    seen = table.sum(axis=1, keepdims=True)
    own = _smooth(table.astype(float)) * _HOURS
    local = (own + _SQUARE_WEIGHT * overall) / (seen + _SQUARE_WEIGHT)
    # Three weeks of cumulated rate, so that a told time may run over the week's end.
    summed = np.concatenate([np.zeros((n_squares, 1)), np.cumsum(np.tile(local, 3), axis=1)], 1)
    start = (ours.start - _HALF_WINDOW_MIN) % WEEK_MIN
    length = np.minimum(ours.end - ours.start + 2 * _HALF_WINDOW_MIN, WEEK_MIN)
    return (_at(summed, mine, start + length) - _at(summed, mine, start)) / (length / 60)


def _smooth(table: Floats) -> Floats:
    """Each hour with half of either neighbour."""
    return (np.roll(table, 1, axis=-1) + 2 * table + np.roll(table, -1, axis=-1)) / 4


def _at(summed: Floats, row: Positions, minute: Floats) -> Floats:
    hour = minute / 60
    whole = np.floor(hour).astype(np.int64)
    low, high = summed[row, whole], summed[row, whole + 1]
    return np.asarray(low + (hour - whole) * (high - low))
