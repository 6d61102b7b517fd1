"""One delivered file (text, workbook or XML) -> RawExtract, every cell as delivered."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from ed_ingest.delimited import through_rows
from ed_ingest.errors import FileError
from ed_ingest.reachable import reachable, shown_name
from ed_ingest.record_xml import read_record_list
from ed_ingest.records import make_records
from ed_ingest.sheets import one_table
from ed_ingest.tables import RawExtract
from ed_ingest.workbook import read_workbook

TEXT_ENDINGS = (".csv", ".txt", ".tsv", ".tab", ".psv")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")
XML_ENDINGS = (".xml",)
MAX_FILE_MB = 1024


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, 64 hexadecimal digits."""
    with reachable(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_all_tables(path: Path, max_file_mb: int = MAX_FILE_MB) -> tuple[pd.DataFrame, ...]:
    """Cells of every visible sheet of a workbook, or of the one table of another file.

    Raises
    ------
    FileError
        As `read_extract`.
    """
    if reachable(path).suffix.lower() not in WORKBOOK_ENDINGS:
        return (read_extract(path, max_file_mb=max_file_mb),)
    _refuse_large(path, max_file_mb)
    return tuple(pd.DataFrame(list(sheet.rows)) for sheet in read_workbook(path).sheets)


def read_extract(
    path: Path,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    max_file_mb: int = MAX_FILE_MB,
) -> RawExtract:
    """Read one delivered file, in this process.

    Parameters
    ----------
    path
        Text with commas, semicolons, tabs or bars (UTF-8, Windows-1252 or UTF-16), a workbook, or
        an XML list of records.
    sheet
        Name of the sheet; without it the visible sheet with the most cells under a header, and
        those beside it with the same columns.
    header_row
        Row number of the header as the spreadsheet shows it; found when not given.
    max_file_mb
        Larger files are refused unread.

    Returns
    -------
    RawExtract
        One column per header, text as delivered (missing where the cell is blank or holds a
        spreadsheet's error value), true dates, times and numbers of a workbook as such. The index
        ``row`` is the row number as the spreadsheet shows it; where several sheets are read, row 12
        of the third visible sheet is 30000012. Blank rows, totals, closing lines, page lines, rows
        of units and repeated headers are left out. Cells to the right of the last header stand in
        one column of their own. ``attrs`` counts what the reader left or could not see: see
        `reading_notes`.

    Raises
    ------
    FileError
        If the file cannot be read as what its name says, or holds no header or no rows.
    """
    ending, name = reachable(path).suffix.lower(), shown_name(path)
    _refuse_large(path, max_file_mb)
    if ending in TEXT_ENDINGS:
        table = through_rows(
            path,
            lambda rows, below: make_records(
                rows, name, header_row=header_row, columns_below=below
            ),
        )
    elif ending in WORKBOOK_ENDINGS:
        table = one_table(read_workbook(path, sheet=sheet), name, header_row=header_row)
    elif ending in XML_ENDINGS:
        table = read_record_list(path)
    else:
        raise FileError(
            f"{name}: files with this ending are not read. Send CSV, .xlsx, .xls, .ods or .xml."
        )
    return RawExtract(table)


def _refuse_large(path: Path, max_file_mb: int) -> None:
    if path.stat().st_size > max_file_mb * 2**20:
        raise FileError(
            f"{shown_name(path)}: more than {max_file_mb:,} MB. Ask for one file a month."
        )
