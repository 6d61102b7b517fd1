"""Rows among the records that are none: totals, repeated headers, notes, page lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

_TOTAL = re.compile(
    r"(?:grand |sub ?-?)?totals?\b|(?:count|sum|average|mean)\b|end of (?:report|file|extract)",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?:page|tudalen)\s*\d+(?:\s*(?:of|o|/)\s*\d+)?", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?:notes?|source|produced|generated|report|extract(?:ed)?|created|printed|run|prepared|"
    r"filters?|disclaimer|confidential|official|©|\*)\b|\*",
    re.IGNORECASE,
)
# What stands in a row beneath the header that says how each column is filled in.
_UNIT = re.compile(
    r"\(?(?:[dmy]{1,4}(?:[/\-. ]?[dmy]{1,4}){2}(?:[ T]h{1,2}[:.]?m{2}(?:[:.]?ss)?)?|"
    r"h{1,2}[:.]?m{2}(?:[:.]?ss)?(?: ?\(?24 ?h(?:ou)?r?s?\)?)?|24 ?h(?:ou)?rs?(?: clock)?|"
    r"free ?text|text|string|number|numeric|integer|int|date|time|date ?/? ?time|code|coded|"
    r"(?:var)?char\(?\d*\)?|an?\d+|n\d+|max \w+ ?\d+|y ?/ ?n(?: ?/ ?\w+)?|yes ?/ ?no\b.*|"
    r"mandatory|required|optional|m|r|o|drop ?-?down|pick ?list|see (?:list|codes?|key|notes?)|"
    r"years?|minutes|mins?|metres|format.*|e\.?g\.?.*)\)?",
    re.IGNORECASE,
)
# Words of a unit row that may as well be a record's: alone they make no row a unit row.
_WEAK = frozenset({"m", "o", "r", "date", "time", "text", "code", "number"})


def is_no_record(table: pd.DataFrame, above: Sequence[Sequence[object]]) -> pd.Series:
    """Tell which rows are no records.

    Parameters
    ----------
    table
        Rows under their headers, none of them blank.
    above
        The rows of the sheet down to the last header row: reports repeat them on each page.

    Returns
    -------
    Series
        Whether the row is a total, a row of `above` again, a line such as "Page 1 of 2", a row of
        units right beneath the header, or a closing line below the last record.
    """
    n_filled = table.notna().sum(axis=1)
    few = table[n_filled <= max(1, table.shape[1] // 2)]
    first = _first_cells(few)
    totals = first.index[first.str.match(_TOTAL).astype(bool)]
    alone = first[n_filled.loc[first.index] == 1]
    pages = alone.index[alone.str.strip().str.fullmatch(_PAGE).astype(bool)]
    told = totals.union(pages)
    rest = table.drop(index=told) if len(told) else table
    closing = _closing_lines(rest, n_filled.loc[rest.index])
    others = told.union(closing).union(_again(table, above))
    return pd.Series(table.index.isin(others.union(_units(table))), index=table.index)


def _first_cells(rows: pd.DataFrame) -> pd.Series:
    """First filled cell of each row, as text."""
    first = rows.iloc[:, 0].astype(object)
    for column in rows.columns[1:]:
        if first.notna().all():
            break
        first = first.fillna(rows[column].astype(object))
    return first.astype("str")


def _again(table: pd.DataFrame, above: Sequence[Sequence[object]]) -> pd.Index:
    """Rows that repeat the header or a title above it, cell by cell."""
    found = table.index[:0]
    for row in above:
        labels = [None if cell is None else str(cell) for cell in row]
        filled = [(place, label) for place, label in enumerate(labels) if label and label.strip()]
        filled = [(place, label) for place, label in filled if place < table.shape[1]]
        if not filled:
            continue
        rows = table
        for place, label in filled:
            rows = rows[(rows.iloc[:, place] == label).fillna(False).astype(bool)]
        rows = rows[rows.notna().sum(axis=1) <= len(filled)]
        found = found.union(rows.index)
    return found


def _units(table: pd.DataFrame) -> pd.Index:
    """The first row, where most of its cells say how a column is to be filled in."""
    if len(table) < 2:
        return table.index[:0]
    cells = [str(cell).strip() for cell in table.iloc[0] if not pd.isna(cell)]
    told = [cell.lower() for cell in cells if _UNIT.fullmatch(cell)]
    strong = [cell for cell in told if cell not in _WEAK]
    is_unit_row = strong and len(told) >= 2 and 2 * len(told) > len(cells)
    return table.index[:1] if is_unit_row else table.index[:0]


def _closing_lines(table: pd.DataFrame, n_filled: pd.Series) -> pd.Index:
    """Last rows of a table of four columns or more that hold one text, or a note in two cells."""
    if table.shape[1] < 4:
        return table.index[:0]
    few = n_filled <= 2
    trailing = table.loc[few[::-1].cummin()[::-1].astype(bool)]
    if trailing.empty:
        return trailing.index
    first = _first_cells(trailing)
    lone = n_filled.loc[trailing.index] == 1
    words = first.str.match(r"\D").astype(bool) & lone & trailing.iloc[:, 0].notna()
    notes = first.str.match(_CLOSING).astype(bool)
    closing = words | notes
    # Only from the last row upward, without a gap: a record between is a record.
    return trailing.index[closing[::-1].cummin()[::-1].astype(bool)]
