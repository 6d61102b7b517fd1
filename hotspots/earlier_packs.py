"""Which earlier packs a new one overlaps, and what that leaves of exact counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import pandas as pd

from hotspots.small_numbers import Method

# The completeness report looks back so far, whatever the map does.
COMPLETENESS_MONTHS = 12


class Earlier(NamedTuple):
    """A pack that went out: its name, and its first and last night (None where not known)."""

    name: str
    period_from: date | None
    period_to: date | None


def overlapping(period_from: date, period_to: date, earlier: Iterable[Earlier]) -> tuple[str, ...]:
    """Names of the packs that count a night which this one counts too.

    Parameters
    ----------
    period_from, period_to
        First and last night of the new map.
    earlier
        All packs that went out. One whose nights are not known is taken to overlap.
    """
    first = _first_counted(period_from, period_to)
    return tuple(
        name
        for name, begin, end in earlier
        if begin is None
        or end is None
        or (end >= first and _first_counted(begin, end) <= period_to)
    )


def method_beside(method: Method, beside: Iterable[str]) -> Method:
    """The method that a pack may use beside earlier ones that it overlaps.

    Exact counts of two overlapping periods, or of two versions of one, differ by the exact counts
    of few nights or few corrected records. Rounded ones of either pack leave that open.
    """
    return "round5" if tuple(beside) else method


def _first_counted(period_from: date, period_to: date) -> date:
    """First night of the map or of the completeness report, whichever is earlier."""
    months = pd.Timestamp(period_to).to_period("M") - (COMPLETENESS_MONTHS - 1)
    return min(period_from, months.start_time.date())
