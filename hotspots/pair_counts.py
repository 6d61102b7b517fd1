"""The inner loop of near repeats, compiled; ``near_repeat`` explains what it counts.

Imported only where it is needed: loading the compiler takes longer than printing a help text.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ed_ingest.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def count_pairs(counts: Ints, pairs: Ints, band: Ints, when: Floats, edges: Floats) -> None:
    """Add each pair to its row (distance band) and column (time band; the last: beyond all)."""
    for k in range(len(pairs)):
        gap = abs(when[pairs[k, 0]] - when[pairs[k, 1]])
        column = 0
        while column < len(edges) and gap > edges[column]:
            column += 1
        counts[band[k], column] += 1
