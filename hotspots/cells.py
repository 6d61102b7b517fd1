"""Points sorted into square cells, so that all that is near a point lies in a few runs of cells."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ed_ingest.errors import AnalysisError
from hotspots.threads import equal_parts, for_each, processors

# Cells a hair wider than asked: rounding can then never put two neighbours a cell too far apart,
# as long as there are no more than so many cells from one end to the other.
MARGIN = 1 + 1e-6
MOST_ACROSS = 1e9
# Rows are numbered as they lie where there are few for the points, else only those that hold any.
FEW_ROWS = 65_536

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Cells(NamedTuple):
    """Distinct points sorted into cells, the cells row by row, a layer of time after the other.

    Attributes
    ----------
    at
        x and y of each distinct point, sorted by cell, then by x and y.
    rest
        Further dimensions of each point, if any; they count towards the distance.
    time
        Time of each point; no entry where time does not matter.
    weight
        Events at each point.
    starts
        First point of each cell, and the number of points.
    column
        Column of each cell.
    runs
        The cells within reach: for each cell, first and last (not included) cell of each row.
    place
        Which of the distinct points each of the points as given is.
    """

    at: Floats
    rest: Floats
    time: Floats
    weight: Floats
    starts: Ints
    column: NDArray[np.int32]
    runs: NDArray[np.int32]
    place: NDArray[np.integer]


def sort_into_cells(
    points: Floats,
    *,
    side: float,
    reach: int,
    weights: Floats | None = None,
    time: Floats | None = None,
    gap: float = np.inf,
    threads: int | None = None,
) -> Cells:
    """Sort points into square cells over their first two dimensions; equal points become one.

    Memory grows with the points alone, however far apart they lie. The result does not depend on
    the order of the points, but for `place`, nor on the number of threads.

    Parameters
    ----------
    points
        One row per point, at least one; two or more dimensions; finite.
    side
        Of a cell, in the unit of the points.
    reach
        Rows and columns to each side that `runs` takes in; the corners only where it is 1.
    weights
        Events that each point stands for; default 1.
    time, gap
        Time of each point, and the difference up to which two are near.
    threads
        Default: one for each processor.

    Raises
    ------
    AnalysisError
        If the points lie too far apart for cells of this size.
    """
    from hotspots.cell_order import count_cells, fill_cells, runs_of
    from hotspots.row_order import sort_rows

    dimensions = points.shape[1]
    columns = [each for each in (time, weights) if each is not None]
    given = np.column_stack([points, *columns]) if columns else points
    values = np.require(given, np.float64, ["C", "W"])
    # Weights of one place are sorted too: fractions then add up always the same.
    compared = values.shape[1] - (weights is not None)
    west, width, workers = float(points[:, 0].min()), side * MARGIN, processors(threads)
    _span(points[:, 0], width)
    row, beside = _rows(points[:, 1], width, reach, time, gap)
    values, order, ends = _dealt(values, row, len(beside), workers)
    parts = equal_parts(ends, workers)
    where = (west, 1 / width, compared)
    n_cells, n_distinct = np.zeros((2, len(beside)), dtype=np.int64)

    def sort(first: int, last: int) -> None:
        sort_rows(values, order, ends, first, last, west, 1 / width)
        count_cells(values, ends, first, last, *where, n_cells, n_distinct)

    for_each(parts, sort, threads=workers)
    first_cell, first_point = _starts(n_cells), _starts(n_distinct)
    kept = np.empty((int(first_point[-1]), compared))
    weight, place = np.empty(len(kept)), np.empty_like(order)
    starts = np.full(int(first_cell[-1]) + 1, len(kept))
    column = np.empty(len(starts) - 1, dtype=np.int32)
    runs = np.zeros((len(column), beside.shape[1], 2), dtype=np.int32)

    def fill(first: int, last: int) -> None:
        fill_cells(
            values, order, ends, first, last, *where, first_cell, first_point,
            kept, weight, place, starts, column,
        )  # fmt: skip

    for_each(parts, fill, threads=workers)
    for_each(
        parts, lambda first, last: runs_of(runs, column, first_cell, beside, reach, first, last),
        threads=workers,
    )  # fmt: skip
    return Cells(
        at=np.ascontiguousarray(kept[:, :2]),
        rest=np.ascontiguousarray(kept[:, 2:dimensions]),
        time=np.empty(0) if time is None else np.ascontiguousarray(kept[:, dimensions]),
        weight=weight,
        starts=starts,
        column=column,
        runs=runs,
        place=place,
    )


def _rows(
    y: Floats, width: float, reach: int, time: Floats | None, gap: float
) -> tuple[NDArray[np.integer], Ints]:
    """Row of each point, a layer of time after the other, and which rows lie around each row."""
    row: NDArray[np.integer] = _numbers(y, width)
    # So many rows to a layer that none is beside one of the next.
    stride, layers = int(row.max()) + 1 + 2 * reach, 0
    if time is not None:
        layer = _numbers(time, gap * MARGIN) if gap else _ranks(time)
        row, layers = layer.astype(np.int64) * stride + row, 1
    if int(row.max()) < max(FEW_ROWS, len(row) // 4):
        names = np.arange(int(row.max()) + 1)
    else:
        names, row = np.unique(row, return_inverse=True)
    away = [
        layer * stride + up
        for layer in range(-layers, layers + 1)
        for up in range(-reach, reach + 1)
    ]
    wanted = names[:, None].astype(np.int64) + np.array(away)
    at = np.searchsorted(names, wanted)
    held = names[np.minimum(at, len(names) - 1)] == wanted
    return row.astype(_index(len(row))), np.where(held, at, -1).astype(np.int64)


def _dealt(
    values: Floats, row: NDArray[np.integer], n_rows: int, threads: int
) -> tuple[Floats, NDArray[np.integer], Ints]:
    """The points in the order of their rows, which each was, and where each row starts."""
    from hotspots.row_order import count_rows, deal_into_rows

    n = len(values)
    # Each part of the points counts by itself: fewer parts where the counts would outweigh them.
    n_parts = max(1, min(threads, n // (4 * n_rows)))
    cuts = np.linspace(0, n, n_parts + 1).astype(np.int64)
    parts = [(int(a), int(b)) for a, b in itertools.pairwise(cuts)]
    counts = np.zeros((n_parts, n_rows), dtype=np.int64)
    number = {first: k for k, (first, _) in enumerate(parts)}
    for_each(
        parts, lambda first, last: count_rows(counts[number[first]], row, first, last),
        threads=threads,
    )  # fmt: skip
    ends = _starts(counts.sum(axis=0))
    free = ends[:-1] + np.cumsum(counts, axis=0) - counts
    dealt = np.empty_like(values)
    order = np.empty(n, dtype=_index(n))

    def deal(first: int, last: int) -> None:
        deal_into_rows(values, row, first, last, free[number[first]], dealt, order)

    for_each(parts, deal, threads=threads)
    return dealt, order, ends


def _index(n: int) -> type[np.integer]:
    """Half the memory for the numbers of points, where they fit."""
    return np.int32 if n <= np.iinfo(np.int32).max else np.int64


def _starts(counts: Ints) -> Ints:
    """Where each begins when they follow one another, and how many there are in all."""
    return np.concatenate([[0], np.cumsum(counts)])


def _span(values: Floats, side: float) -> None:
    if not (values.max() - values.min()) / side < MOST_ACROSS:
        raise AnalysisError(
            "The points lie too far apart for so small a distance. Check the points, or give a "
            "greater distance."
        )


def _numbers(values: Floats, side: float) -> NDArray[np.int32]:
    """Number of the cell that each value is in, along one axis."""
    _span(values, side)
    numbers: NDArray[np.int32] = ((values - values.min()) / side).astype(np.int32)
    return numbers


def _ranks(values: Floats) -> NDArray[np.int32]:
    """Rank of each value among the distinct ones: where only equal ones are near."""
    ranks: NDArray[np.int32] = np.unique(values, return_inverse=True)[1].astype(np.int32)
    return ranks
