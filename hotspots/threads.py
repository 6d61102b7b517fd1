"""Divide long work among the processors: parts of rows, each filled by one thread."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

# Parts for each thread: where one takes long, the others go on with what is left.
PARTS_EACH = 4
# Below so many points the threads would take longer to start than to work.
WORTH_IT = 20_000

Part = tuple[int, int]


def processors(threads: int | None) -> int:
    """How many threads: as asked, else one for each processor, or as many as a task may use."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, threads or (int(told) if told.isdecimal() else 0) or os.cpu_count() or 1)


def equal_parts(ends: NDArray[np.int64], threads: int) -> list[Part]:
    """Divide rows into parts with about as many points each.

    Parameters
    ----------
    ends
        First point of each row, and the number of points.
    threads
        How many there are to share the work.

    Returns
    -------
    list
        First and last (not included) row of each part; together all rows, none empty.
    """
    n, n_points = len(ends) - 1, int(ends[-1])
    wanted = 1 if threads == 1 or n_points < WORTH_IT else threads * PARTS_EACH
    cuts = np.searchsorted(ends, np.linspace(0, n_points, wanted + 1)[1:-1])
    bounds = np.unique(np.concatenate([[0], cuts, [n]]))
    return [(int(a), int(b)) for a, b in itertools.pairwise(bounds)]


def for_each(parts: list[Part], work: Callable[[int, int], object], *, threads: int) -> None:
    """Do the work for each part; it must let other threads run, and write to its own part alone."""
    if len(parts) < 2 or threads == 1:
        for first, last in parts:
            work(first, last)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda part: work(*part), parts))
