"""What the reader left out or could not see, as notes on the whole file."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ed_ingest.issues import NOTED, all_issues, issue_rows
from ed_ingest.tables import Issues

# By what is counted in RawExtract.attrs: what was expected, and what to do.
_NOTES: Mapping[str, tuple[str, str]] = {
    "left_out": (
        "rows that are records",
        "{n} totals, repeated headers or closing lines were left out: look them over.",
    ),
    "hidden_sheets": (
        "no hidden sheets",
        "{n} hidden sheets were left unread: ask the provider what they hold, and for extracts "
        "without them.",
    ),
    "hidden_columns": (
        "no hidden columns",
        "{n} hidden columns were read like the others: ask the provider whether they were meant "
        "to be sent.",
    ),
    "sheets_unread": (
        "one table in a workbook",
        "{n} more sheets hold a table of other columns and were not read: name the sheet under "
        "[format] in the provider's file if the wrong one was taken.",
    ),
    "formulas_without_value": (
        "values, not formulas",
        "{n} formulas have no saved value and were read as empty: ask for the workbook opened and "
        "saved once, or with values only.",
    ),
    "error_cells": (
        "values, not errors of formulas",
        "{n} cells hold a formula's error and were read as empty: ask for the values.",
    ),
    "external_links": (
        "no links to other workbooks",
        "Links to other workbooks were not followed, the values last saved were read: ask for "
        "values only.",
    ),
    "macros": (
        "no macros",
        "The workbook holds macros. None was run; ask for .xlsx files.",
    ),
}  # fmt: skip


def reading_notes(attrs: Mapping[object, object]) -> Issues:
    """Notes on the whole file (row 0) for what `read_extract` counted.

    Parameters
    ----------
    attrs
        ``attrs`` of a RawExtract.
    """
    notes = [_several_sheets(_number(attrs, "sheets_read"))]
    for counted, (rule, remedy) in _NOTES.items():
        n = _number(attrs, counted)
        notes.append(_note(n > 0, rule, remedy.format(n=n)))
    return all_issues(notes)


def _several_sheets(n: int) -> pd.DataFrame:
    remedy = f"{n} sheets with the same columns were read: row 30000012 is row 12 of the third."
    return _note(n > 1, "one sheet of records", remedy)


def _number(attrs: Mapping[object, object], counted: str) -> int:
    n = attrs.get(counted, 0)
    return int(n) if isinstance(n, int) else 0


def _note(there_is: bool, rule: str, remedy: str) -> pd.DataFrame:
    index = pd.Index([0] if there_is else [])
    return issue_rows(index, column="", rule=rule, fate=NOTED, remedy=remedy)
