"""One CSV, XLSX, XLS or ODS file -> RawExtract, every cell as delivered."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ed_ingest.delimited import read_rows
from ed_ingest.errors import FileError
from ed_ingest.header import BEYOND_HEADERS, Header, find_header, unnamed_column
from ed_ingest.tables import RawExtract
from ed_ingest.workbook import Rows, read_sheets

TEXT_ENDINGS = (".csv", ".txt", ".tsv", ".tab", ".psv")
WORKBOOK_ENDINGS = (".xlsx", ".xls", ".ods")
MAX_BYTES = 2**30
_TOTAL = re.compile(
    r"(?:grand |sub ?-?)?totals?\b|(?:count|sum|average|mean)\b|end of (?:report|file|extract)",
    re.IGNORECASE,
)


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, 64 hexadecimal digits."""
    with _reachable(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_extract(
    path: Path, *, sheet: str | None = None, header_row: int | None = None
) -> RawExtract:
    """Read one delivered file.

    Parameters
    ----------
    path
        Text with commas, semicolons, tabs or bars (UTF-8, Windows-1252, or UTF-16 with a byte order
        mark), or a workbook.
    sheet
        Name of the sheet; without it the visible one with the most cells under a header.
    header_row
        Row number of the header as the spreadsheet shows it; found when not given.

    Returns
    -------
    RawExtract
        One column per header, text as delivered (missing where the cell is blank), true dates,
        times and numbers of a workbook as such. The index ``row`` is the row number as the
        spreadsheet shows it. Blank rows, totals, closing lines and repeated headers are left out;
        ``attrs["left_out"]`` counts the last three. Cells to the right of the last header stand in
        one column of their own.

    Raises
    ------
    FileError
        If the file cannot be read as what its name says, or holds no header or no rows.
    """
    ending = _reachable(path).suffix.lower()
    if path.stat().st_size > MAX_BYTES:
        raise FileError(f"{path.name}: more than 1 GB. Ask for one file a month.")
    if ending in TEXT_ENDINGS:
        rows, header = _one_table(read_rows(path), path.name, header_row)
    elif ending in WORKBOOK_ENDINGS:
        rows, header = _one_sheet(read_sheets(path, sheet=sheet), path.name, header_row)
    else:
        raise FileError(
            f"{path.name}: files with this ending are not read. Send CSV, .xlsx, .xls or .ods."
        )
    return RawExtract(_frame(rows, header, path.name))


def _reachable(path: Path) -> Path:
    try:
        with path.open("rb"):
            return path
    except FileNotFoundError:
        raise FileError(f"{path.name}: no such file. Check the name and folder.") from None
    except OSError:
        raise FileError(
            f"{path.name}: cannot be opened. Close it in other programs, check your rights to it."
        ) from None


def _one_table(rows: Rows, name: str, header_row: int | None) -> tuple[Rows, Header]:
    if not any(_filled(row) for row in rows):
        raise FileError(f"{name}: the file is empty. Ask the provider to make the extract again.")
    header = find_header(rows, header_row=header_row)
    if header is None:
        raise FileError(
            f"{name}: no row of headers was found. Give header_row under [format] in the "
            "provider's file, or ask for an extract with headers."
        )
    if not any(_filled(row) for row in rows[header.n_rows :]):
        raise FileError(
            f"{name}: headers but no rows. Ask the provider to make the extract again; for a month "
            "without assaults no file is needed."
        )
    return rows, header


def _one_sheet(
    sheets: Mapping[str, Rows], name: str, header_row: int | None
) -> tuple[Rows, Header]:
    """Choose the sheet with the most cells under a header; refuse to choose between equals."""
    filled = [rows for rows in sheets.values() if any(_filled(row) for row in rows)]
    tables = [(rows, h) for rows in filled if (h := find_header(rows, header_row=header_row))]
    with_rows = [(rows, h) for rows, h in tables if any(_filled(row) for row in rows[h.n_rows :])]
    if not with_rows:
        most = max(filled, key=len, default=[])
        return _one_table(most, name, header_row)
    if len(with_rows) == 1:
        return with_rows[0]
    rows, header = max(with_rows, key=lambda table: sum(_filled(row) for row in table[0]))
    alike = sum(h.names == header.names for _, h in with_rows)
    if alike > 1:
        raise FileError(
            f"{name}: {alike} sheets hold the same columns. Put all rows on one sheet, or name the "
            "sheet under [format] in the provider's file."
        )
    return rows, header


def _filled(row: Sequence[object]) -> int:
    return sum(not _blank(cell) for cell in row)


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def _frame(rows: Rows, header: Header, name: str) -> pd.DataFrame:
    """Put the rows under their headers and leave out what is no record."""
    body = rows[header.n_rows :]
    names = _with_extra(header.names, body)
    width = len(names)
    beyond = [
        ", ".join(str(cell) for cell in row[width:] if not _blank(cell)) if len(row) > width else ""
        for row in body
    ]
    columns = {
        heading: _column([row[place] if place < len(row) else "" for row in body])
        for place, heading in enumerate(names)
    }
    table = pd.DataFrame(columns)
    if any(beyond):
        table[BEYOND_HEADERS] = _column(beyond)
    table.index = pd.RangeIndex(header.n_rows + 1, len(rows) + 1, name="row")
    unnamed = [c for c in table if c not in header.names or str(c).startswith("column ")]
    table = table.drop(columns=[c for c in unnamed if table[c].isna().all()])
    kept = table[table.notna().any(axis=1)]
    extra = _no_record(kept)
    kept = kept[~extra]
    if kept.empty:
        raise FileError(f"{name}: headers but no rows. Ask the provider to make the extract again.")
    kept.attrs["left_out"] = int(extra.sum())
    return kept


def _with_extra(names: tuple[str, ...], body: Rows) -> tuple[str, ...]:
    """Name the columns that most rows have and the header has not."""
    widths = Counter(map(len, body))
    usual = max(widths, key=lambda width: widths[width])
    if widths[usual] * 2 <= len(body):
        return names
    return (*names, *(unnamed_column(place) for place in range(len(names), usual)))


def _column(cells: Sequence[object]) -> pd.Series:
    """One column; pure text in the ``str`` type, blanks missing."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    if len(texts) == len(cells):
        text = pd.Series(texts, dtype="str")
        return text.where(text.str.strip() != "")
    values = np.array([None if _blank(cell) else cell for cell in cells], dtype=object)
    return pd.Series(values, dtype="object")


def _no_record(table: pd.DataFrame) -> pd.Series:
    """Totals, repeated headers and closing lines among the rows."""
    n_filled = table.notna().sum(axis=1)
    sparse = table[n_filled <= max(1, table.shape[1] // 2)]
    first = sparse.iloc[:, 0].astype(object)
    for column in sparse.columns[1:]:
        first = first.fillna(sparse[column].astype(object))
    totals = first.index[first.astype("str").str.match(_TOTAL)]
    again = table[table.iloc[:, 0].astype(object) == str(table.columns[0])]
    headers = again.index[((again == list(again.columns)) | again.isna()).all(axis=1)]
    no_record: pd.Series = _closing_lines(table, n_filled)
    return no_record | table.index.isin(totals.union(headers))


def _closing_lines(table: pd.DataFrame, n_filled: pd.Series) -> pd.Series:
    """Last rows of a table of four columns or more that hold one text and nothing else."""
    lone = (n_filled == 1) & (table.shape[1] >= 4)
    trailing = table.index[lone[::-1].cummin()[::-1].astype(bool)]
    words = table.loc[trailing].iloc[:, 0].astype("str").str.match(r"\D", na=False)
    return pd.Series(table.index.isin(trailing[words]), index=table.index)
