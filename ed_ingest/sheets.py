"""Sheets of a workbook -> one table: the sheet with the records, and those like it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from ed_ingest.errors import FileError
from ed_ingest.records import Rows, blank, make_records

# Where several sheets are read, the number of the sheet stands before the row's: row 12 of the
# third visible sheet is 30000012. No sheet has more than 1,048,576 rows.
ROWS_A_SHEET = 10_000_000
# Two sheets hold the same kind of records when this share of all their columns is in both.
_ALIKE = 0.8


class Sheet(NamedTuple):
    """One sheet: its place among the visible ones from 1, its rows, and what was counted in it."""

    name: str
    place: int
    rows: Rows
    counts: Counter[str]


class Workbook(NamedTuple):
    """The sheets that are read, and facts about the whole file by name."""

    sheets: Sequence[Sheet]
    facts: dict[str, int]


def one_table(workbook: Workbook, name: str, *, header_row: int | None) -> pd.DataFrame:
    """Read the sheet with the most cells under a header, and the sheets with the same columns.

    Parameters
    ----------
    workbook
        Sheets as `read_workbook` gives them.
    name
        The file's name, for messages.
    header_row
        Row number of the header on each sheet; found when not given.

    Returns
    -------
    DataFrame
        As `make_records` gives it. ``attrs`` also: ``sheets_read``, ``sheets_unread`` (other
        visible sheets with a table), the workbook's facts, the counts of the sheets read.

    Raises
    ------
    FileError
        If no sheet holds records under a header.
    """
    tables: list[tuple[Sheet, pd.DataFrame]] = []
    faults: list[tuple[int, FileError]] = []
    for sheet in workbook.sheets:
        try:
            tables.append((sheet, make_records([sheet.rows], name, header_row=header_row)))
        except FileError as fault:
            faults.append((_n_filled_rows(sheet.rows), fault))
    if not tables:
        if not faults:
            raise FileError(
                f"{name}: no visible sheet of cells. Ask the provider to make the extract again."
            )
        raise max(faults, key=lambda fault: fault[0])[1]
    main = max((table for _, table in tables), key=lambda table: int(table.count().sum()))
    read = [(sheet, table) for sheet, table in tables if _overlap(table, main) >= _ALIKE]
    together = _beneath_each_other(read, main)
    counted = sum((sheet.counts for sheet, _ in read), Counter[str]())
    together.attrs.update(workbook.facts)
    together.attrs.update(counted)
    together.attrs.update(
        left_out=sum(table.attrs["left_out"] for _, table in read),
        error_cells=counted["error_cells"] + sum(t.attrs["error_cells"] for _, t in read),
        sheets_read=len(read),
        sheets_unread=len(tables) - len(read),
    )
    return together


def _n_filled_rows(rows: Rows) -> int:
    return sum(any(not blank(cell) for cell in row) for row in rows)


def _overlap(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """Share of all columns of two tables that both have, names in any case."""
    names = set(map(str.casefold, one.columns))
    others = set(map(str.casefold, other.columns))
    return len(names & others) / len(names | others)


def _beneath_each_other(read: list[tuple[Sheet, pd.DataFrame]], main: pd.DataFrame) -> pd.DataFrame:
    if len(read) == 1:
        return read[0][1]
    spelling = {str(column).casefold(): column for column in main.columns}
    parts = []
    for sheet, table in read:
        part = table.rename(columns=lambda c: spelling.get(str(c).casefold(), c))
        part.index = pd.Index(part.index + sheet.place * ROWS_A_SHEET, name="row")
        part.attrs = {}
        parts.append(part)
    return pd.concat(parts)
