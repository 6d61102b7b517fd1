"""Small numbers: counts rounded or held back so that no 1 to 4 can be read or worked out.

Two methods, by agreement. ``round5``: 0 stays 0, 1 to 7 become 5, from 8 on the nearest 5.
``suppress_lt5``: 1 to 4 are missing, others as they are, in a table where that gives nothing away;
any other is rounded. With a threshold above 5, the threshold
takes the place of the 5 in both.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ed_ingest.errors import AnalysisError

Method = Literal["round5", "suppress_lt5"]
LEAST_BASE = 5
LEAST_THRESHOLD = 3
# A share of fewer says nothing once its counts are rounded.
LEAST_SHARE_OF = 10
NO_LIMIT = 1e15
# A total of fewer times the base is not parted: over many packs its records could be told apart.
LEAST_TOTAL = 4


class Rules(NamedTuple):
    """The agreement's rules, and the exact number of records that all counts are part of."""

    threshold: int
    method: Method
    total: int
    premises_names: bool


def require_rules(threshold: int, method: str) -> None:
    """Refuse rules that no agreement can mean.

    Raises
    ------
    AnalysisError
        If the method is not one of the two or the threshold is below 3.
    """
    known = isinstance(method, str) and method in ("round5", "suppress_lt5")
    if not known or not isinstance(threshold, int) or threshold < LEAST_THRESHOLD:
        raise AnalysisError(
            "small_numbers: method must be round5 or suppress_lt5, and the threshold 3 or more. "
            "Your sharing agreement says which."
        )


def round_count(n: float, *, threshold: int) -> int:
    """0 stays 0; small counts become the base (5, or a higher threshold); others its multiples."""
    base = max(LEAST_BASE, threshold)
    whole = math.floor(n + 0.5)
    if whole <= 0:
        return 0
    return base * max(1, math.floor(whole / base + 0.5))


def publish_counts(
    counts: ArrayLike,
    *,
    threshold: int,
    method: Method,
    total: int | None = None,
) -> pd.Series:
    """Make the counts of one table safe, alone and against the total that they are part of.

    What a reader can work out is followed as intervals: a rounded count stands for a range, a
    missing one for anything from 1, the total for its own range (known exactly where counts are
    not rounded). Where some count, or the rest that the table leaves out, must then lie in
    1 .. threshold − 1, exact counts are rounded; if that does not help, all go missing. A larger
    count is never hidden for a small one's sake: another table, of a part of it, would bring it
    back, and with it the small one. Of a total under four times the base nothing is parted. Where
    the counts add up to the total, a reader is taken to know
    that there is no rest.

    Parameters
    ----------
    counts
        Counts that do not overlap, 0 or more; expected numbers are taken to the nearest whole.
    threshold
        Smallest count that may be read, at least 1.
    method
        ``round5`` or ``suppress_lt5``.
    total
        The exact number of what the counts are part of, where a reader may learn it (or, rounded,
        sees it); None where it is published nowhere.

    Returns
    -------
    Series
        Of dtype ``Int64``; missing where held back.
    """
    exact = np.floor(np.asarray(counts, float) + 0.5)
    if total is not None and 0 < total < LEAST_TOTAL * max(LEAST_BASE, threshold):
        return pd.Series(pd.NA, index=range(len(exact)), dtype="Int64")
    limits = _total_range(total, threshold=threshold, method=method)
    rest = 0.0 if total is not None and exact.sum() == total else NO_LIMIT
    rounded = [round_count(n, threshold=threshold) for n in exact]
    small = (exact >= 1) & (exact < threshold)
    if method == "suppress_lt5":
        # Who knows the rules knows that what is missing is small, and must not find out how small.
        low, high = np.where(small, 1.0, exact), np.where(small, threshold - 1.0, exact)
        if not _gives_away(np.append(low, 0.0), np.append(high, rest), limits, threshold):
            return pd.Series(exact, dtype="Int64").mask(pd.Series(small))
    low, high = _ranges(exact, threshold=threshold)
    safe = not _gives_away(np.append(low, 0.0), np.append(high, rest), limits, threshold)
    if method == "suppress_lt5" and small.any():
        # That it is rounded tells that exact counts would give a small one away: so a reader is
        # taken to know which are small (minimality attack: Wong and others 2007).
        low = np.where(small, low, np.where(exact > 0, np.maximum(low, threshold), 0.0))
        high = np.where(small, np.minimum(high, threshold - 1.0), high)
        safe &= not _gives_away(np.append(low, 0.0), np.append(high, rest), limits, threshold)
    if safe:
        return pd.Series(rounded, dtype="Int64")
    return pd.Series(pd.NA, index=range(len(exact)), dtype="Int64")


def is_rounded_instead(counts: ArrayLike, shown: pd.Series, method: Method) -> bool:
    """Whether a table that is to show exact counts shows rounded ones."""
    exact = pd.Series(np.floor(np.asarray(counts, float) + 0.5), dtype="Int64")
    told = shown.reset_index(drop=True)
    differs = (told.notna() & told.ne(exact).fillna(False)).any()
    return method == "suppress_lt5" and bool(differs)


def enough_or_missing(counts: ArrayLike, *, threshold: int) -> pd.Series:
    """Rounded counts where there are enough; missing below the threshold, and for none at all.

    For figures of which many lie inside one another. What is missing is anything from 0, so that
    nothing under the threshold can be told for certain, whatever else is known of the whole.

    Returns
    -------
    Series
        Of dtype ``Int64``, with the index of `counts` where that is a series.
    """
    index = counts.index if isinstance(counts, pd.Series) else None
    exact = np.floor(np.asarray(counts, float) + 0.5)
    rounded = [round_count(n, threshold=threshold) for n in exact]
    return pd.Series(rounded, index=index, dtype="Int64").where(exact >= threshold)


def publish_total(n: float, *, threshold: int, method: Method) -> int:
    """Make one figure safe that always has to be shown: rounded wherever it is small."""
    rounded = round_count(n, threshold=threshold)
    return rounded if method == "round5" or 0 < n < threshold else round(n)


def share(
    part: float, whole: float, *, threshold: int, least: int = LEAST_SHARE_OF
) -> float | None:
    """A share as a whole per cent (0 to 1) of counts to the nearest 5; None where `whole` is few.

    The part is taken to the nearest base, 1 and 2 to 0: it is not itself published, and the share
    of a small count must not come out at two or five times its size.
    """
    if not whole >= max(threshold, least):
        return None
    base = max(LEAST_BASE, threshold)
    near = base * math.floor(part / base + 0.5)
    return round(min(near / round_count(whole, threshold=threshold), 1.0), 2)


def shares(
    part: pd.Series, whole: pd.Series, threshold: int, *, least: int = LEAST_SHARE_OF
) -> pd.Series:
    """`share` of each row; missing (NaN) for None."""
    rows = zip(part, whole, strict=True)
    values = [share(float(a), float(b), threshold=threshold, least=least) for a, b in rows]
    return pd.Series(values, index=part.index, dtype="float64")


def _gives_away(
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    limits: tuple[float, float],
    threshold: int,
) -> bool:
    """Whether one of the numbers between `low` and `high` can only be one of 1 .. threshold − 1.

    Or, where that is known anyway, only a single one of them. `limits` are the least and most that
    all add up to.
    """
    least = np.maximum(low, limits[0] - (high.sum() - high))
    most = np.minimum(high, limits[1] - (low.sum() - low))
    is_small = (least >= 1) & (most < threshold)
    known_to_be = (low >= 1) & (high < threshold)
    return bool((is_small & (~known_to_be | (least == most))).any())


def _ranges(
    exact: NDArray[np.float64], *, threshold: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The whole numbers that each rounded count may stand for: lowest and highest."""
    base = max(LEAST_BASE, threshold)
    shown = np.array([round_count(n, threshold=threshold) for n in exact], dtype=float)
    low = np.where(shown <= base, np.minimum(shown, 1), np.ceil(shown - base / 2))
    return low, np.where(shown > 0, np.ceil(shown + base / 2) - 1, 0)


def _total_range(total: int | None, *, threshold: int, method: Method) -> tuple[float, float]:
    if total is None:
        return 0.0, NO_LIMIT
    if method == "suppress_lt5":
        return (1.0, threshold - 1.0) if 0 < total < threshold else (float(total), float(total))
    low, high = _ranges(np.array([float(total)]), threshold=threshold)
    return float(low[0]), float(high[0])
