"""The inner loops of clustering, compiled; ``clusters`` explains what they compute.

Points lie sorted in cells so small that in most of them all points are neighbours of each other
(`tight` ones): there one look at the cell does for many looks at pairs. No list of neighbours is
ever held: memory grows with the points alone. Each loop fills the cells `first` to `last` (not
included) of its output, so that threads can share them out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ed_ingest.compiled import compiled, inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Runs = NDArray[np.int32]

# In cells with more points on average a look at the box of each comes before one at its points.
CROWDED = 8


@inlined
def squared_distance(at: Floats, rest: Floats, i: int, j: int) -> float:
    """Squared distance of two points in all their dimensions."""
    dx, dy = at[i, 0] - at[j, 0], at[i, 1] - at[j, 1]
    total = dx * dx + dy * dy
    for k in range(rest.shape[1]):
        total += (rest[i, k] - rest[j, k]) ** 2
    return float(total)


@inlined
def near(at: Floats, rest: Floats, time: Floats, i: int, j: int, eps2: float, gap: float) -> bool:
    """Whether two points are neighbours in space and, where it matters, in time."""
    close = squared_distance(at, rest, i, j) <= eps2
    return bool(close and (len(time) == 0 or abs(time[i] - time[j]) <= gap))


@compiled
def boxes(box: Floats, at: Floats, starts: Ints, chosen: Flags, first: int, last: int) -> None:
    """West, south, east and north end of the chosen points of each cell; infinite without any."""
    for c in range(first, last):
        west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
        for i in range(starts[c], starts[c + 1]):
            if chosen[i]:
                west, east = min(west, at[i, 0]), max(east, at[i, 0])
                south, north = min(south, at[i, 1]), max(north, at[i, 1])
        box[c, 0], box[c, 1], box[c, 2], box[c, 3] = west, south, east, north


@compiled
def squared_distance_to_box(at: Floats, i: int, box: Floats, d: int) -> float:
    """No more than the squared distance to any point in the box, rounding included."""
    dx = max(box[d, 0] - at[i, 0], at[i, 0] - box[d, 2], 0.0)
    dy = max(box[d, 1] - at[i, 1], at[i, 1] - box[d, 3], 0.0)
    return float(dx * dx + dy * dy)


@compiled
def tight_cells(
    tight: Flags,
    box: Floats,
    rest: Floats,
    time: Floats,
    starts: Ints,
    eps2: float,
    gap: float,
    first: int,
    last: int,
) -> None:
    """Mark cells in which all points are neighbours of each other, whatever pair one takes."""
    for c in range(first, last):
        dx, dy = box[c, 2] - box[c, 0], box[c, 3] - box[c, 1]
        tight[c] = rest.shape[1] == 0 and dx * dx + dy * dy <= eps2
        if tight[c] and len(time):
            earliest, latest = np.inf, -np.inf
            for i in range(starts[c], starts[c + 1]):
                earliest, latest = min(earliest, time[i]), max(latest, time[i])
            tight[c] = latest - earliest <= gap


@compiled
def _own_weight(weight: Floats, starts: Ints, c: int) -> float:
    total = 0.0
    for i in range(starts[c], starts[c + 1]):
        total += weight[i]
    return total


@inlined
def _weight_by_cell(
    i: int,
    c: int,
    own: float,
    at: Floats,
    rest: Floats,
    time: Floats,
    weight: Floats,
    starts: Ints,
    box: Floats,
    low: int,
    high: int,
    eps2: float,
    gap: float,
) -> float:
    """Weight of the neighbours of a point of cell `c` in some cells of a row.

    `own` is that of the whole of `c`, below 0 where not all in it are neighbours.
    """
    total = 0.0
    for d in range(low, high):
        if d == c and own >= 0.0:
            total += own
        elif squared_distance_to_box(at, i, box, d) <= eps2:
            for j in range(starts[d], starts[d + 1]):
                if near(at, rest, time, i, j, eps2, gap):
                    total += weight[j]
    return total


@compiled
def core_points(
    core: Flags,
    tight: Flags,
    box: Floats,
    at: Floats,
    rest: Floats,
    time: Floats,
    weight: Floats,
    starts: Ints,
    runs: Runs,
    inside_out: Ints,
    eps2: float,
    gap: float,
    least: float,
    first: int,
    last: int,
) -> None:
    """Mark points with at least this weight among their neighbours, themselves included.

    `inside_out` is the order in which the rows around are looked at: the nearest first, for
    enough is enough, as weights are never below 0.
    """
    plain = rest.shape[1] == 0 and len(time) == 0
    for c in range(first, last):
        own = _own_weight(weight, starts, c) if tight[c] else -1.0
        if own >= least:
            core[starts[c] : starts[c + 1]] = True
            continue
        for i in range(starts[c], starts[c + 1]):
            total = 0.0
            for k in inside_out:
                low, high = runs[c, k, 0], runs[c, k, 1]
                if plain and starts[high] - starts[low] <= CROWDED * (high - low):
                    for j in range(starts[low], starts[high]):
                        dx, dy = at[i, 0] - at[j, 0], at[i, 1] - at[j, 1]
                        total += weight[j] if dx * dx + dy * dy <= eps2 else 0.0
                else:
                    total += _weight_by_cell(
                        i, c, own, at, rest, time, weight, starts, box, low, high, eps2, gap
                    )
                if total >= least:
                    break
            core[i] = total >= least


@compiled
def cell_of_points(starts: Ints) -> Ints:
    """Which cell each point is in."""
    cell = np.empty(starts[-1], np.int64)
    for c in range(len(starts) - 1):
        cell[starts[c] : starts[c + 1]] = c
    return cell


@compiled
def spread_kernel(
    density: Floats,
    within: Floats,
    sources: Ints,
    sign: float,
    at: Floats,
    rest: Floats,
    weight: Floats,
    starts: Ints,
    runs: Runs,
    cell: Ints,
    radius2: float,
    eps2: float,
) -> None:
    """Add the sources' weights to all points around: by the quartic kernel, and within eps."""
    for j in sources:
        mass = sign * weight[j]
        for k in range(runs.shape[1]):
            for i in range(starts[runs[cell[j], k, 0]], starts[runs[cell[j], k, 1]]):
                distance2 = squared_distance(at, rest, i, j)
                if distance2 <= eps2:
                    within[i] += mass
                if distance2 < radius2:
                    density[i] += mass * (1 - distance2 / radius2) ** 2
