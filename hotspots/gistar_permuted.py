"""How often chance alone would give a sum as far out: cells dealt out anew, the own one kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def permuted_p(
    values: Floats,
    *,
    own: NDArray[np.int64],
    total: Floats,
    k: Floats,
    permutations: int,
    seed: int,
) -> Floats:
    """Two-sided p of each cell's sum by conditional permutation.

    The counts of the other cells are dealt out anew; the cell keeps its own. Each permutation is
    one random order of all cells: the cell's neighbours are the first k − 1 of it, itself left out.
    So the same orders serve every cell, and the cost is one sort and one running sum each.

    Parameters
    ----------
    values
        Counts of all cells inside, less their mean.
    own
        Which of them are tested.
    total, k
        Sum over the cells in reach of each, and how many they are, itself included.
    permutations, seed
        As for `gistar.gi_star`.

    Returns
    -------
    NDArray
        (2 × the smaller tail + 2) / (`permutations` + 1), at most 1.
    """
    rng = np.random.default_rng(seed)
    above, below = np.zeros(len(own)), np.zeros(len(own))
    count = k.astype(np.int64)
    for _ in range(permutations):
        order = rng.permutation(len(values))
        place = np.empty(len(values), dtype=np.int64)
        place[order] = np.arange(len(values))
        running = np.concatenate([[0.0], np.cumsum(values[order])])
        # Where the cell itself is among the first k − 1, the next one takes its place.
        among = place[own] < count - 1
        drawn = np.where(among, running[count], running[count - 1] + values[own])
        above += drawn >= total - 1e-9
        below += drawn <= total + 1e-9
    return np.asarray(np.minimum(1.0, 2 * (np.minimum(above, below) + 1) / (permutations + 1)))
