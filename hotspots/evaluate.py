"""Did the last map foretell where assaults happened next? Scores of a map on later events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ed_ingest.errors import AnalysisError
from ed_ingest.given import numbers_of, require_number

AREA_SHARES = (0.01, 0.02, 0.05)
RESAMPLES = 1000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def pai(hits: float, total: float, area: float, total_area: float) -> float:
    """Predictive accuracy index: how many times denser events were in the hot area than overall.

    (hits / total) / (area / total_area): Chainey, Tompson and Uhlig 2008, DOI
    10.1057/palgrave.sj.8350066. 1 is no better than chance.

    Parameters
    ----------
    hits, total
        Later events inside the hot area, and all of them.
    area, total_area
        Of the hot area and of the whole, in the same unit.

    Returns
    -------
    float
        0 or more, no unit; NaN where there was no later event at all.

    Raises
    ------
    AnalysisError
        If a part is larger than its whole, or an area is not above 0.
    """
    parts = {"hits": hits, "total": total, "area": area, "total_area": total_area}
    for name, given in parts.items():
        require_number(given, name=name)
    if not 0 <= hits <= total < np.inf or not 0 < area <= total_area < np.inf:
        raise AnalysisError(
            "Hits lie between 0 and the total, and the hot area is above 0 and at most the whole."
        )
    return (hits / total) / (area / total_area) if total else float("nan")


def score_map(
    predicted: ArrayLike,
    cell: ArrayLike,
    *,
    block: ArrayLike | None = None,
    before: ArrayLike | None = None,
    area_shares: Sequence[float] = AREA_SHARES,
    resamples: int = RESAMPLES,
) -> pd.DataFrame:
    """Score a map on the events that came after it.

    The hot area is the cells with the highest prediction. Where equal predictions straddle its
    edge, each of their cells counts in part: what a blind choice among them would hit.

    Parameters
    ----------
    predicted
        One number for each cell of the study area, all cells of one size; higher is hotter. Any
        unit.
    cell
        Number of the cell that each later event lies in, from 0; events elsewhere are left out.
    block
        Which events belong together, a number for each: those of one place and night. Intervals
        come from drawing whole blocks. Default: each event by itself, which is too sure of itself.
    before
        Number of events in each cell that the map was made from, for the RRI.
    area_shares
        Shares of the area, above 0 to 1.
    resamples
        Draws for the intervals.

    Returns
    -------
    DataFrame
        One row per area share: ``area_share`` (of whole cells), ``n_cells``, ``n`` (events),
        ``hits``; ``hit_rate`` (0 to 1), ``pai``, ``pei`` (PAI over the best PAI that any choice of
        as many cells could have had; Hunt 2016), ``rri`` (events in the hot area after to before,
        over the same for all: Levine 2008, DOI 10.1057/sj.2008.5; missing without `before`);
        ``hit_rate_low, hit_rate_high, pai_low, pai_high, pei_low, pei_high`` (95 %, percentiles of
        the draws). Scores are missing without an event.

    Raises
    ------
    AnalysisError
        If the numbers do not fit each other.
    """
    values = numbers_of(predicted, name="predicted")
    cells = _whole(numbers_of(cell, name="cell"))
    blocks = np.arange(len(cells)) if block is None else np.asarray(block)
    earlier = None if before is None else numbers_of(before, name="before")
    _check(values, cells, blocks, earlier, area_shares)
    counts = _draws(cells, blocks, resamples)
    rows = []
    for share in area_shares:
        n_cells = max(1, round(share * len(values)))
        part = _part_hot(values, n_cells)
        scores = _scores(counts, part, n_cells / len(values), n_cells)
        rows.append(
            {"area_share": n_cells / len(values), "n_cells": n_cells, "n": len(cells)}
            | {"hits": float(part[cells].sum())}
            | {name: float(drawn[0]) for name, drawn in scores.items()}
            | {"rri": _rri(part, cells, earlier)}
            | _intervals(scores)
        )
    return pd.DataFrame(rows)


def _whole(numbers: Floats) -> Ints:
    if not (np.abs(numbers) < np.iinfo(np.int64).max).all() or (numbers % 1).any():
        raise AnalysisError("cell must be whole numbers: those of the cells, from 0.")
    return numbers.astype(np.int64)


class _Draws(NamedTuple):
    """Number of events in each occupied cell, a row for each draw, the first as it happened."""

    cells: Ints
    counts: Floats


def _check(
    values: Floats,
    cells: Ints,
    blocks: NDArray[np.generic],
    earlier: Floats | None,
    area_shares: Sequence[float],
) -> None:
    if not len(values) or not np.isfinite(values).all():
        raise AnalysisError("Every cell of the study area needs a prediction.")
    if len(cells) and not (cells.min() >= 0 and cells.max() < len(values)):
        raise AnalysisError("Events must lie in cells of the map. Leave out those outside.")
    if len(blocks) != len(cells) or (earlier is not None and len(earlier) != len(values)):
        raise AnalysisError("block is one for each event, before one for each cell.")
    shares = numbers_of(area_shares, name="area_shares")
    if not len(shares) or not ((shares > 0) & (shares <= 1)).all():
        raise AnalysisError("Shares of the area must be above 0 and at most 1.")


def _draws(cells: Ints, blocks: NDArray[np.generic], resamples: int) -> _Draws:
    """Draw blocks with replacement, as many as there are; the same draws always."""
    occupied, at = np.unique(cells, return_inverse=True)
    names, block = np.unique(blocks, return_inverse=True)
    rng = np.random.default_rng(1)
    counts = np.zeros((max(resamples, 0) + 1, len(occupied)))
    counts[0] = np.bincount(at, minlength=len(occupied))
    for draw in counts[1:]:
        times = np.bincount(rng.integers(0, max(len(names), 1), len(names)), minlength=len(names))
        draw[:] = np.bincount(at, weights=times[block], minlength=len(occupied))
    return _Draws(occupied, counts)


def _part_hot(values: Floats, n_cells: int) -> Floats:
    """Part of each cell that is in the hot area of `n_cells` cells, 0 to 1."""
    least = np.partition(values, len(values) - n_cells)[len(values) - n_cells]
    above, tied = values > least, values == least
    return np.asarray(above + tied * ((n_cells - above.sum()) / tied.sum()), dtype=float)


def _scores(draws: _Draws, part: Floats, area_share: float, n_cells: int) -> dict[str, Floats]:
    """Each score for each draw."""
    total = draws.counts.sum(axis=1)
    total[total == 0] = np.nan
    hit_rate = draws.counts @ part[draws.cells] / total
    best = -np.sort(-draws.counts, axis=1)[:, :n_cells].sum(axis=1) / total
    return {"hit_rate": hit_rate, "pai": hit_rate / area_share, "pei": hit_rate / best}


def _rri(part: Floats, cells: Ints, earlier: Floats | None) -> float:
    """Change in the hot area over the change in all; missing where one has no event."""
    if earlier is None or not len(cells) or not (earlier * part).sum():
        return float("nan")
    change = part[cells].sum() / (earlier * part).sum()
    return float(change / (len(cells) / earlier.sum()))


def _intervals(scores: dict[str, Floats]) -> dict[str, float]:
    """95 % of the draws; missing without any."""
    found: dict[str, float] = {}
    for name, drawn in scores.items():
        usual = np.quantile(drawn[1:], [0.025, 0.975]) if len(drawn) > 1 else [np.nan, np.nan]
        found |= {f"{name}_low": float(usual[0]), f"{name}_high": float(usual[1])}
    return found
