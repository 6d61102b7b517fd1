"""What was wrong with a delivery, row by row, in shapes and rules; never a cell's value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from ed_ingest.tables import ISSUE_COLUMNS, Issues

HELD_BACK = "held_back"
NOTED = "noted"
_LONGEST_SHAPE = 20
_FEW_ROWS = 5
_TYPES = {"row": "int64", **dict.fromkeys(ISSUE_COLUMNS[1:], "str")}
_NONE = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _TYPES.items()})


def issue_rows(
    rows: pd.Series | pd.Index,
    *,
    column: str,
    rule: str,
    fate: str,
    remedy: str,
    cells: pd.Series | None = None,
) -> pd.DataFrame:
    """One issue for each of these rows.

    Parameters
    ----------
    rows
        Row numbers; or a mask on the index of row numbers, for those where it is true.
    column, rule, fate, remedy
        The contract's column; what was expected; ``held_back`` or ``noted``; what to do.
    cells
        The column's cells as delivered, for their shapes; without it (free text, identifiers) the
        shape is empty.
    """
    index = rows.index[rows] if isinstance(rows, pd.Series) else rows
    if index.empty:
        return _NONE
    shape = shapes(cells.loc[index]).to_numpy() if cells is not None else ""
    table = pd.DataFrame({"row": index.to_numpy()})
    table = table.assign(column=column, rule=rule, fate=fate, shape=shape, remedy=remedy)
    return table.astype(_TYPES)


@dataclass(frozen=True)
class IssueKind:
    """Rows of one delivery that lack the same; no cell's value.

    ``fate, column, rule, remedy``: as in `issue_rows`. ``rows``: how many. ``first``: the numbers
    of the first few; empty where the issue is of the whole file. ``shape``: of what came, where one
    is told.
    """

    fate: str
    column: str
    rule: str
    remedy: str
    rows: int
    first: tuple[int, ...]
    shape: str = ""


def issue_kinds(issues: pd.DataFrame, *, by_shape: bool = False) -> tuple[IssueKind, ...]:
    """Issues by what is wrong, those held back first, then those of most rows.

    Parameters
    ----------
    issues
        ``row, column, rule, fate, shape, remedy``; row 0, or none, stands for the whole file.
    by_shape
        Tell cells of different shapes apart.
    """
    keys = ["fate", "column", "rule", "remedy", *(["shape"] if by_shape else [])]
    missing = {"row": 0, **dict.fromkeys(ISSUE_COLUMNS[1:], "")}
    found = []
    for values, rows in issues.fillna(missing).groupby(keys, sort=False)["row"]:
        numbers = sorted(int(row) for row in rows if row)
        told = dict(zip(keys, map(str, values), strict=True))
        found.append(IssueKind(**told, rows=len(rows), first=tuple(numbers[:_FEW_ROWS])))
    return tuple(sorted(found, key=lambda kind: (kind.fate != HELD_BACK, -kind.rows)))


def all_issues(tables: Iterable[pd.DataFrame]) -> Issues:
    """Issues of a delivery in the order of its rows."""
    table = pd.concat([_NONE, *(t for t in tables if len(t))], ignore_index=True)
    return Issues(table.sort_values("row", kind="stable", ignore_index=True))


def shapes(cells: pd.Series) -> pd.Series:
    """Shapes of cells: 9 a digit, A a letter, other signs but `` :/.-`` a question mark.

    >>> shapes(pd.Series(["31/02/2026", "2 am?"])).tolist()
    ['99/99/9999', '9 AA?']
    """
    places, distinct = pd.factorize(cells.astype("str"))
    found = pd.Series([*(_shape(str(cell)) for cell in distinct), ""], dtype="str")
    return found.take(places).set_axis(cells.index)


def _shape(text: str) -> str:
    signs = re.sub(r"[^\w :/.\-]|_", "?", text.strip()[:_LONGEST_SHAPE])
    return re.sub(r"[^\W\d]", "A", re.sub(r"\d", "9", signs))
