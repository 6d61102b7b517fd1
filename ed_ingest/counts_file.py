"""A file of counts -> RawExtract, with the titles above its header and the name of its sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from ed_ingest.counts_cells import is_suppressed
from ed_ingest.delimited import read_rows
from ed_ingest.errors import FileError
from ed_ingest.periods import read_period
from ed_ingest.read import MAX_FILE_MB, TEXT_ENDINGS, WORKBOOK_ENDINGS, read_extract
from ed_ingest.records import Rows
from ed_ingest.tables import RawExtract
from ed_ingest.workbook import read_workbook

_SEARCHED_ROWS, _LONGEST_HEADER = 30, 80


def read_counts_file(
    path: Path,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    max_file_mb: int = MAX_FILE_MB,
) -> RawExtract:
    """Read one delivered file of counts.

    Parameters
    ----------
    path, sheet, header_row, max_file_mb
        As for `read_extract`. Headers of counts may be months, so they are looked for here.

    Returns
    -------
    RawExtract
        As from `read_extract`, with ``attrs``: ``titles`` (the texts above the header), ``sheet``
        (its name, None for text) and ``file_stem``.

    Raises
    ------
    FileError
        If the file cannot be read, or holds no header or no rows.
    """
    ending = path.suffix.lower()
    sheets: Mapping[str, Rows] = {}
    if ending in WORKBOOK_ENDINGS and path.is_file():
        sheets = {s.name: s.rows for s in read_workbook(path, sheet=sheet).sheets}
    elif ending in TEXT_ENDINGS and path.is_file():
        sheets = {"": read_rows(path)}
    name = sheet if sheet is not None else _fullest(sheets, path.name)
    rows = sheets.get(name or "", [])
    found = header_row or _header_row(rows)
    raw = read_extract(path, sheet=name or None, header_row=found, max_file_mb=max_file_mb)
    titles = rows[: (found or 1) - 1]
    raw.attrs["titles"] = tuple(
        " ".join(str(cell).split()) for row in titles for cell in row if str(cell or "").strip()
    )
    raw.attrs["sheet"], raw.attrs["file_stem"] = name or None, path.stem
    return raw


def _fullest(sheets: Mapping[str, Rows], file: str) -> str:
    """The sheet with the most numbers; refuses to choose between two tables alike."""
    n = {name: sum(_is_count(c) for row in rows for c in row) for name, rows in sheets.items()}
    name = max(n, key=lambda s: n[s], default="")
    headers = {s: _header_texts(rows) for s, rows in sheets.items() if n[s]}
    alike = sum(texts == headers.get(name) for texts in headers.values())
    if alike > 1:
        raise FileError(
            f"{file}: {alike} sheets hold the same columns. Put all rows on one sheet, or name the "
            "sheet under [format] in the provider's file."
        )
    return name


def _header_texts(rows: Rows) -> list[str]:
    found = _header_row(rows)
    return [str(cell) for cell in rows[found - 1]] if found else []


def _header_row(rows: Rows) -> int | None:
    """Row number of the headers: the first of the first rows with the most labels."""
    scores = [_score(row) for row in rows[:_SEARCHED_ROWS]]
    best = max(scores, default=0)
    return scores.index(best) + 1 if best > 1 else None


def _score(row: Sequence[object]) -> int:
    """Labels in a row, each once, less its counts and suppressed counts."""
    labels: set[str] = set()
    n_counts = 0
    for cell in row:
        text = _text(cell)
        if read_period(text) or not (_is_count(cell) or is_suppressed(text)):
            labels.add(text.casefold() if len(text) <= _LONGEST_HEADER else "")
        else:
            n_counts += 2 if _is_count(cell) else 1
    return len(labels - {""}) - n_counts


def _text(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    return " ".join(str(cell).split()) if cell is not None else ""


def _is_count(cell: object) -> bool:
    if isinstance(cell, bool):
        return False
    return isinstance(cell, int | float) or str(cell).strip().replace(",", "").isdigit()
