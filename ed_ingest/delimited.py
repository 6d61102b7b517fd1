"""Cells of a text file: what its letters are coded in, and what its cells are parted by."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import pyarrow as pa

from ed_ingest.errors import FileError
from ed_ingest.reachable import shown_name
from ed_ingest.regular_csv import regular_columns

Chunk = list[list[str]]
ColumnsBelow = Callable[[int, int], "list[list[pa.Array]] | None"]
T = TypeVar("T")

# Rows that are held as Python objects at a time: so few that they stay in the processor's cache.
CHUNK_ROWS = 2_000
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Shorter than the longest cell that the csv module takes, so that a sample never fails.
_SAMPLE = 100_000
_SAMPLE_ROWS = 200
_DECLARED = re.compile(r"sep=(.)(\r\n|\r|\n)", re.IGNORECASE)
# No text has these; a stray one in many thousand signs is a typing error.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_MOST_CONTROL = 0.002


class _Text(NamedTuple):
    content: bytes
    encoding: str
    declared: bool
    delimiter: str
    width: int
    name: str


def read_rows(path: Path) -> Chunk:
    """All rows of a text file at once; see `through_rows`."""
    return through_rows(path, lambda chunks, _: [row for chunk in chunks for row in chunk])


def through_rows(path: Path, make: Callable[[Iterator[Chunk], ColumnsBelow], T]) -> T:
    """Read a text file with commas, semicolons, tabs or bars between its cells.

    Parameters
    ----------
    path
        The file: UTF-8, UTF-16, UTF-32 or Windows-1252, with any kind of line end.
    make
        Is handed the rows in lists of at most `CHUNK_ROWS`, and makes of them what is given back;
        and a call which, for a number of rows from the top and a number of columns, gives the cells
        below column by column at once, or None where the file is not regular enough for that.
        It is called again, from the first row, where quotation marks stand inside cells. A blank
        line is a row; the line ``sep=;`` that some programs write first is not.

    Raises
    ------
    FileError
        If the file is no text, its letters are in no known code, a quotation mark is never closed,
        or a cell has more than 131,072 characters.
    """
    text = _opened(path.read_bytes(), shown_name(path))
    try:
        return make(_chunks(text, strict=True), lambda rows, width: _below(text, rows, width))
    except csv.Error:
        return make(_chunks(text, strict=False), lambda rows, width: None)


def _below(text: _Text, n_rows: int, width: int) -> list[list[pa.Array]] | None:
    if text.encoding not in ("utf-8", "utf-8-sig", "cp1252") or not text.delimiter.isascii():
        return None
    reader = csv.reader(_stream(text), delimiter=text.delimiter, strict=True)
    for _ in islice(reader, n_rows):
        pass
    lines = reader.line_num + text.declared
    content = text.content
    if text.encoding == "cp1252":
        content = content.decode("cp1252").encode()
    return regular_columns(content, delimiter=text.delimiter, skip_lines=lines, width=width)


def _chunks(text: _Text, *, strict: bool) -> Iterator[Chunk]:
    """Rows in lists; a row that holds line breaks is looked at before it is passed on."""
    reader = csv.reader(_stream(text), delimiter=text.delimiter, strict=strict)
    n_rows = n_lines = 0
    while True:
        chunk: Chunk = []
        try:
            chunk.extend(islice(reader, CHUNK_ROWS))
        except csv.Error as fault:
            if "field limit" in str(fault):
                raise _too_long(text.name, n_rows + len(chunk) + 1) from None
            raise
        if not chunk:
            return
        if reader.line_num - n_lines > len(chunk):
            _refuse_run_together(chunk, text, n_rows, strict=strict)
        n_rows, n_lines = n_rows + len(chunk), reader.line_num
        yield chunk


def _stream(text: _Text) -> io.TextIOWrapper:
    stream = io.TextIOWrapper(io.BytesIO(text.content), encoding=text.encoding, newline="")
    if text.declared:
        stream.readline()
    return stream


def _refuse_run_together(chunk: Chunk, text: _Text, n_before: int, *, strict: bool) -> None:
    for place, row in enumerate(chunk, start=n_before + 1):
        broken = any("\n" in cell or "\r" in cell for cell in row)
        if broken and _runs_together(row, text, strict=strict):
            raise FileError(
                f"{text.name}: a quotation mark is opened in row {place} and never closed, so that "
                "rows run together. Send the extract as .xlsx, or correct the marks."
            )


def _runs_together(row: list[str], text: _Text, *, strict: bool) -> bool:
    """Whether a row with line breaks is several rows that a stray mark has joined.

    It then has as many delimiters as so many rows have, most of them inside one cell. Where marks
    are loose anyhow, one line inside a cell with the delimiters of a whole row is enough.
    """
    if text.width < 2:
        return not strict
    lines = [cell.splitlines() for cell in row]
    n_lines = 1 + sum(len(cell) - 1 for cell in lines if cell)
    signs = len(row) - 1 + sum(cell.count(text.delimiter) for cell in row)
    if len(row) != text.width and signs == n_lines * (text.width - 1):
        return True
    within = (line.count(text.delimiter) for cell in lines for line in cell[1:])
    return not strict and any(n >= text.width - 1 for n in within)


def _opened(content: bytes, name: str) -> _Text:
    if content.startswith(_PACKED):
        raise FileError(
            f"{name}: a workbook under the name of a text file. Give it the ending .xlsx or .xls, "
            "or save it as CSV."
        )
    encoding = _encoding(content, name)
    if not encoding.startswith(("utf-16", "utf-32")):
        content = content.rstrip(b"\x1a")  # DOS wrote this sign at the end of a text
    stream = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    sample = stream.read(_SAMPLE)
    if len(_CONTROL.findall(sample)) > _MOST_CONTROL * len(sample):
        raise _no_text(name)
    declared = _DECLARED.match(sample)
    if declared:
        sample = sample[declared.end() :]
    delimiter, width = _delimiter(sample)
    if declared:
        delimiter = declared[1]
        width = _usual_width(sample, delimiter)[-1]
    return _Text(content, encoding, declared is not None, delimiter, width, name)


def _encoding(content: bytes, name: str) -> str:
    """What the letters are coded in: by the byte order mark, else UTF-8, else Windows-1252."""
    marked = next((encoding for mark, encoding in _BOMS if content.startswith(mark)), None)
    marked = marked or _unmarked_utf16(content)
    if marked is None and b"\x00" in content:
        raise _no_text(name)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise _no_text(name)
        return encoding
    raise FileError(f"{name}: the letters are in no known code. Save the file as CSV UTF-8.")


def _unmarked_utf16(content: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of English or Welsh text is zero."""
    start = content[:4000]
    if len(content) % 2 or len(start) < 4:
        return None
    zero_low, zero_high = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if zero_low == 0 and zero_high >= 0.8 * half:
        return "utf-16-le"
    if zero_high == 0 and zero_low >= 0.8 * half:
        return "utf-16-be"
    return None


def _delimiter(sample: str) -> tuple[str, int]:
    """Sign that cuts the most of the first rows into the same number of cells, and the number."""
    found = {sign: _usual_width(sample, sign) for sign in ",;\t|"}
    best = max(found, key=lambda sign: found[sign])
    return best, found[best][-1]


def _usual_width(sample: str, delimiter: str) -> tuple[int, int, int]:
    """How much speaks for the usual number of cells; how many rows have it; the number, from two.

    Where most of these rows have cells that begin with a space, the sign is one between words:
    then only the others speak for it.
    """
    lines = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows = [row for row in islice(lines, _SAMPLE_ROWS) if len(row) > 1]
    widths = Counter(map(len, rows))
    prose = Counter(len(row) for row in rows if any(re.match(" +[^ ]", c) for c in row[1:]))
    return max(
        (
            (n if 2 * prose[width] <= n else n - prose[width], n, width)
            for width, n in widths.items()
        ),
        default=(0, 0, 0),
    )


def _no_text(name: str) -> FileError:
    return FileError(f"{name}: not a text file. Open it where it was made and save it as CSV.")


def _too_long(name: str, row: int) -> FileError:
    return FileError(
        f"{name}: row {row} has a cell of more than {csv.field_size_limit():,} characters, as when "
        "a quotation mark is never closed. Correct that row."
    )
