"""Read a list that a partnership keeps by hand: a CSV file with set columns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ed_ingest.errors import ReferenceDataError


def read_own_list(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read the named columns as text, without the rows that are blank; numbered as in the file.

    Raises
    ------
    ReferenceDataError
        If the file cannot be read or lacks a column.
    """
    try:
        rows = pd.read_csv(
            path, dtype="str", encoding="utf-8-sig", skipinitialspace=True, skip_blank_lines=False
        )
    except (OSError, UnicodeDecodeError, ValueError) as fault:
        raise ReferenceDataError(
            f"{path.name}: cannot be read. Save it as CSV (UTF-8) with {', '.join(columns)}."
        ) from fault
    if not isinstance(rows.index, pd.RangeIndex):  # pandas took the first cells for labels
        raise ReferenceDataError(
            f"{path.name}: a row has more cells than there are columns. Put words that hold a "
            "comma in quotation marks."
        )
    missing = [column for column in columns if column not in rows]
    if missing:
        raise ReferenceDataError(
            f"{path.name}: no column {', '.join(missing)}. Its columns are {', '.join(columns)}."
        )
    return rows[columns].dropna(how="all")


def first_rows(wrong: pd.Series) -> str:
    """The first rows that are wrong, as a spreadsheet numbers them: ``3, 17``."""
    return ", ".join(str(row + 2) for row in wrong.index[wrong][:5])
