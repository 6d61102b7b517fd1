"""Shares with their uncertainty, and tables in Markdown."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any


def wilson(right: float, n: int, *, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of `right` in `n` trials; 0 to 1 where there are none.

    Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953: unlike the usual one it stays
    within 0 and 1, and says something of a share of 100 %.
    """
    if n == 0:
        return 0.0, 1.0
    share, spread = right / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def share_cell(right: float, n: int) -> str:
    """A share with its interval and what it is of, as one cell of a table."""
    if n == 0:
        return "none there"
    low, high = wilson(right, n)
    # One leak in ten thousand must not read as none.
    share = right / n if right in (0, n) else min(max(right / n, 0.001), 0.999)
    return f"{share:.1%} ({low:.1%}–{high:.1%}) of {n:,}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def processor_seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of processor time that a call took, held to one thread, and its result.

    Processor time and not the clock's, for other work on the machine must not count.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        start = time.process_time()
        result = call()
        return time.process_time() - start, result
