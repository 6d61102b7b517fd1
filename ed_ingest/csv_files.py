"""CSV files as people and publishers save them: any usual encoding, delimiter and heading."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ed_ingest.errors import ReferenceDataError

_DELIMITERS = ",;\t|"
_HEAD_BYTES = 65_536
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip # noqa: E501
# Excel may write the delimiter into a line of its own before all others.
_SEP_LINE = re.compile(r"^\ufeff?sep=(.)\r?\n", re.IGNORECASE)


class CsvForm(NamedTuple):
    """How a CSV file is written: its encoding, delimiter, lines before the first row, first row."""

    encoding: str
    delimiter: str
    skip: int
    first: list[str]


def csv_form(path: Path) -> CsvForm | None:
    """Tell how a CSV file is written by its beginning; None where it cannot be read as text."""
    try:
        with path.open("rb") as handle:
            head = handle.read(_HEAD_BYTES)
    except OSError:
        return None
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "utf-8-sig")
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
    sep = _SEP_LINE.match(text)
    body = text[sep.end() :] if sep else text
    rows = {d: _first_row(body, d) for d in ([sep[1]] if sep else _DELIMITERS)}
    delimiter = max(rows, key=lambda d: len(rows[d]))
    return CsvForm(encoding, delimiter, int(sep is not None), rows[delimiter])


def _first_row(text: str, delimiter: str) -> list[str]:
    # Split as rows end, so that a cell may hold a line break within its quotation marks.
    try:
        rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
        return next((row for row in rows if any(cell.strip() for cell in row)), [])
    except csv.Error:
        return []


def heading(cell: str) -> str:
    """A heading in the one form in which headings are compared: ``Easting (m)`` is ``easting``."""
    plain = re.sub(r"\(.*?\)", "", cell.replace("\ufeff", "")).strip().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def read_csv(
    path: Path, *, header: int | None, columns: Callable[[str], bool] | list[int] | None = None
) -> pd.DataFrame:
    """Read all cells of a CSV file as text; blank cells are missing, blank rows left out.

    Parameters
    ----------
    path
        The file.
    header
        0 where the first row holds headings, None where there are none.
    columns
        Which columns to read: a test of their headings, or positions.

    Raises
    ------
    ReferenceDataError
        If the file cannot be read as CSV.
    """
    form = csv_form(path) or CsvForm("utf-8-sig", ",", 0, [])
    for encoding in (form.encoding, "cp1252"):
        try:
            table = pd.read_csv(
                path, dtype=str, header=header, usecols=columns, encoding=encoding,
                sep=form.delimiter, skiprows=form.skip, na_values=[""], keep_default_na=False,
            )  # fmt: skip
        except UnicodeDecodeError:
            continue
        except (OSError, pd.errors.ParserError, pd.errors.EmptyDataError, ValueError):
            break
        return table.dropna(how="all").reset_index(drop=True)
    raise ReferenceDataError(f"{path.name}: cannot be read as CSV. Download or save it again.")
