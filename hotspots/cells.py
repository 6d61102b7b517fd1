"""Points sorted into square cells, so that all that is near a point lies in a few runs of cells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ed_ingest.errors import AnalysisError

# Cells a hair wider than asked: rounding can then never put two neighbours a cell too far apart,
# as long as there are no more than so many cells from one end to the other.
MARGIN = 1 + 1e-6
MOST_ACROSS = 1e9

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
    place: Ints


def sort_into_cells(
    points: Floats,
    *,
    side: float,
    reach: int,
    weights: Floats | None = None,
    time: Floats | None = None,
    gap: float = np.inf,
) -> Cells:
    """Sort points into square cells over their first two dimensions; equal points become one.

    Memory grows with the points alone, however far apart they lie. The result does not depend on
    the order of the points, but for `place`.

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

    Raises
    ------
    AnalysisError
        If the points lie too far apart for cells of this size.
    """
    from hotspots.cell_order import runs_of, sorted_by_cell

    keys = [_numbers(points[:, 0], side), _numbers(points[:, 1], side)]
    if time is not None:
        keys.append(_numbers(time, gap) if gap else _ranks(time))
    values = points if time is None else np.column_stack([points, time])
    # Weights of one place are added from the smallest on: fractions then add up always the same.
    given = np.arange(len(points)) if weights is None else np.argsort(weights, kind="stable")
    number = np.array(keys)
    order, firsts, starts, place = sorted_by_cell(number, values, given)
    heads = order[firsts]
    if weights is None:
        weight = np.diff(firsts, append=len(points)).astype(float)
    else:
        weight = np.add.reduceat(weights[order], firsts)
    cells = number[:, heads[starts[:-1]]]
    return Cells(
        at=np.ascontiguousarray(points[heads, :2]),
        rest=np.ascontiguousarray(points[heads, 2:]),
        time=np.empty(0) if time is None else time[heads],
        weight=weight,
        starts=starts,
        column=cells[0],
        runs=runs_of(cells, reach),
        place=place,
    )


def _numbers(values: Floats, side: float) -> NDArray[np.int32]:
    """Number of the cell that each value is in, along one axis."""
    across = (values - values.min()) / (side * MARGIN)
    if not across.max() < MOST_ACROSS:
        raise AnalysisError(
            "The points lie too far apart for so small a distance. Check the points, or give a "
            "greater distance."
        )
    numbers: NDArray[np.int32] = across.astype(np.int32)
    return numbers


def _ranks(values: Floats) -> NDArray[np.int32]:
    """Rank of each value among the distinct ones: where only equal ones are near."""
    ranks: NDArray[np.int32] = np.unique(values, return_inverse=True)[1].astype(np.int32)
    return ranks
