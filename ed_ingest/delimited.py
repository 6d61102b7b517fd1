"""Cells of a text file: what its letters are coded in, and what its cells are parted by."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from pathlib import Path

from ed_ingest.errors import FileError

_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 200_000


def read_rows(path: Path) -> list[list[str]]:
    """Read a text file with commas, semicolons, tabs or bars between its cells.

    Returns
    -------
    list
        Rows of text cells. The line ``sep=;`` that some programs write first is not a row.

    Raises
    ------
    FileError
        If the file is no text, its letters are in no known code, or a quotation mark is never
        closed.
    """
    text = _decoded(path.read_bytes(), path.name)
    declared = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    text = text[declared.end() :] if declared else text
    delimiter = declared[1] if declared else _delimiter(text)
    try:
        return _cells(text, delimiter, strict=True)
    except csv.Error:
        return _with_loose_marks(text, delimiter, path.name)


def _cells(text: str, delimiter: str, *, strict: bool) -> list[list[str]]:
    lines = io.StringIO(text, newline="")
    return list(csv.reader(lines, delimiter=delimiter, strict=strict))


def _with_loose_marks(text: str, delimiter: str, name: str) -> list[list[str]]:
    """Read text with quotation marks inside its cells, so long as no rows run together by them."""
    try:
        rows = _cells(text, delimiter, strict=False)
        run_together = any("\n" in cell for row in rows for cell in row)
    except csv.Error:
        run_together = True
    if run_together:
        raise FileError(
            f"{name}: a quotation mark is opened and never closed, so that rows run together. "
            "Send the extract as .xlsx, or correct the marks."
        )
    return rows


def _decoded(content: bytes, name: str) -> str:
    """Text by its byte order mark, else UTF-8, else Windows-1252."""
    if content.startswith(_PACKED):
        raise FileError(
            f"{name}: a workbook under the name of a text file. Give it the ending .xlsx or .xls, "
            "or save it as CSV."
        )
    marked = next((encoding for mark, encoding in _BOMS if content.startswith(mark)), None)
    if marked is None and b"\x00" in content:
        raise FileError(f"{name}: not a text file. Open it where it was made and save it as CSV.")
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError(f"{name}: the letters are in no known code. Save the file as CSV UTF-8.")


def _delimiter(text: str) -> str:
    """Sign that cuts the most of the first rows into the same number of cells, two or more."""
    sample = text[:_SAMPLE]

    def evenness(delimiter: str) -> tuple[int, int]:
        lines = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = Counter(len(row) for row in islice(lines, 100) if len(row) > 1)
        return max(((n, width) for width, n in widths.items()), default=(0, 0))

    return max(",;\t|", key=evenness)
