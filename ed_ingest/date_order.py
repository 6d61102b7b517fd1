"""In which order a file writes the figures of its dates: decided per file, on evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from ed_ingest.when import DateOrder, read_moments

# UK systems write the day first; another order needs evidence.
_USUAL: DateOrder = "dmy"
_OTHERS: tuple[DateOrder, ...] = ("mdy", "ymd")
_FIGURES = re.compile(r"\D*\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{2})\b|\d{6}$|\d{8}$")
_MOST_CELLS = 5_000
_ENOUGH = 8  # cells from which the span of the dates is evidence
_NARROWER = 0.5
_FEW = 0.1  # cells that may be slips, of all
_TWO_YEARS = 731  # days: no extract is of more, where day-first reads it as of a month


def judge_date_order(columns: Sequence[pd.Series]) -> DateOrder:
    """Judge the order of figures from all the dates of a file together.

    Parameters
    ----------
    columns
        Cells as delivered; what is no date written in figures is passed over.

    Returns
    -------
    DateOrder
        ``dmy`` unless another order reads cells that day-first cannot (a 13th month), or reads them
        into a span half as wide: an extract is of a month or a quarter, and the wrong order strews
        its dates over the year. A few cells are no evidence for an order that strews the others
        over many years.
    """
    dated = [cells for cells in map(_written, columns) if len(cells)]
    dated = [cells for cells in dated if _unread(cells, _USUAL) < 0.5 * len(cells) or any(
        _unread(cells, order) < 0.1 * len(cells) for order in _OTHERS)]  # fmt: skip
    best, fewest = _USUAL, sum(_unread(cells, _USUAL) for cells in dated)
    few = fewest <= _FEW * sum(map(len, dated))
    for order in _OTHERS:
        unread = sum(_unread(cells, order) for cells in dated)
        # A 31st of February is a slip: it is no sign that all other rows are of other years.
        if unread < fewest and not (few and _strews(dated, order)):
            best, fewest = order, unread
    if best == _USUAL and few and sum(map(len, dated)) >= _ENOUGH:
        best = _by_span(dated)
    return best


def _written(cells: pd.Series) -> pd.Series:
    """Cells that write a date in figures, as many as are worth a look."""
    text = cells.dropna()
    if text.dtype != "str":
        text = text[text.map(lambda cell: isinstance(cell, str)).astype(bool)].astype("str")
    step = max(1, len(text) // _MOST_CELLS)
    text = text.iloc[::step]
    return text[text.str.match(_FIGURES, na=False)]


def _unread(cells: pd.Series, order: DateOrder) -> int:
    read = read_moments(cells, date_order=order)
    return int((~read["understood"]).sum())


def _by_span(dated: Sequence[pd.Series]) -> DateOrder:
    """The order whose dates lie together, where day-first strews them."""
    usual = [_span(cells, _USUAL) for cells in dated]
    for order in _OTHERS:
        others = [
            _span(cells, order) for cells in dated if _unread(cells, order) <= _FEW * len(cells)
        ]
        if len(others) == len(usual) and sum(others) < _NARROWER * sum(usual):
            return order
    return _USUAL


def _strews(dated: Sequence[pd.Series], order: DateOrder) -> bool:
    """Whether an order strews over years what day-first reads into less than half as long."""
    usual = max((_span(cells, _USUAL) for cells in dated), default=0.0)
    return max((_span(cells, order) for cells in dated), default=0.0) > max(2 * usual, _TWO_YEARS)


def _span(cells: pd.Series, order: DateOrder) -> float:
    """Days between the early and the late dates, the outermost twentieths left out."""
    days = read_moments(cells, date_order=order)["day"].dropna()
    if days.empty:
        return 0.0
    seconds = days.astype("int64")
    return float(seconds.quantile(0.95) - seconds.quantile(0.05)) / 86_400
