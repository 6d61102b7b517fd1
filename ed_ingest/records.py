"""Rows of cells -> one table of records under its headers, cells as delivered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ed_ingest.errors import FileError
from ed_ingest.header import BEYOND_HEADERS, SEARCHED_ROWS, Header, find_header, unnamed_column
from ed_ingest.no_records import is_no_record

Rows = Sequence[Sequence[object]]
# One column's cells of some rows: text in Arrow's compact form, or what a workbook gives.
_Part: TypeAlias = "pa.Array | list[object]"

MAX_COLUMNS = 2_000
MAX_CELL = 131_072  # characters; the csv module's own limit
# What a spreadsheet shows where a formula failed.
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")


class _Body(NamedTuple):
    """Cells below the header, column by column."""

    columns: list[list[_Part]]
    beyond: dict[int, tuple[object, ...]]  # by place of the row: cells right of the last header
    widths: Counter[int]
    n_rows: int
    n_errors: int


def make_records(
    chunks: Iterable[Rows],
    name: str,
    *,
    header_row: int | None,
    columns_below: Callable[[int, int], list[list[pa.Array]] | None] | None = None,
) -> pd.DataFrame:
    """Find the header among the first rows and put the others under it.

    Parameters
    ----------
    chunks
        Rows of cells from the first row on, some at a time. Blank is None, empty or white space.
    name
        The file's name, for messages.
    header_row
        Row number of the header as the spreadsheet shows it; found when not given.
    columns_below
        Given the number of rows down to the header and of columns, all cells below column by
        column, or None; a faster way to what `chunks` would give, where the file has one.

    Returns
    -------
    DataFrame
        One column per header on the index ``row``. Columns of text alone are ``str``; blanks and
        the error values of spreadsheets are missing. ``attrs``: ``left_out`` (rows that are no
        records), ``error_cells``.

    Raises
    ------
    FileError
        If there is no header, no row under it, a cell of more than 131,072 characters, or more
        than 2,000 columns.
    """
    rows = iter(chunks)
    head: list[Sequence[object]] = []
    for chunk in rows:
        head.extend(chunk)
        if len(head) > max(2 * SEARCHED_ROWS, header_row or 0):
            break
    header = _header(head, name, header_row)
    fast = columns_below(header.n_rows, len(header.names)) if columns_below else None
    body = _checked(fast) if fast else None
    if body is None:
        body = _gathered(chain([head[header.n_rows :]], rows), len(header.names), header, name)
    return _frame(body, header, head[: header.n_rows], name)


def blank(cell: object) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and (not cell or cell.isspace()))


def _header(head: Rows, name: str, header_row: int | None) -> Header:
    if all(blank(cell) for row in head for cell in row):
        raise FileError(f"{name}: the file is empty. Ask the provider to make the extract again.")
    header = find_header(head, header_row=header_row)
    if header is None:
        raise FileError(
            f"{name}: no row of headers was found. Give header_row under [format] in the "
            "provider's file, or ask for an extract with headers."
        )
    if len(header.names) > MAX_COLUMNS:
        raise FileError(
            f"{name}: {len(header.names):,} columns, more than the {MAX_COLUMNS:,} that are read. "
            "Ask for the agreed columns only."
        )
    return header


def _gathered(chunks: Iterator[Rows], width: int, header: Header, name: str) -> _Body:
    """Turn rows into columns, some rows at a time, so that few are held as Python objects."""
    columns: list[list[_Part]] = [[] for _ in range(width)]
    beyond: dict[int, tuple[object, ...]] = {}
    widths: Counter[int] = Counter()
    n_rows = n_errors = 0
    for chunk in chunks:
        lengths = Counter(map(len, chunk))
        widths += lengths
        if set(lengths) - {width}:
            for place, row in enumerate(chunk, start=n_rows):
                if len(row) > width and not all(blank(cell) for cell in row[width:]):
                    beyond[place] = tuple(row[width:])
            filler = [""] * width
            chunk = [[*row, *filler[len(row) :]][:width] for row in chunk]
        for place, cells in enumerate(zip(*chunk, strict=True)):
            part, errors = _part(cells, header.n_rows + n_rows + 1, name)
            columns[place].append(part)
            n_errors += errors
        n_rows += len(chunk)
    return _Body(columns, beyond, widths, n_rows, n_errors)


def _checked(columns: list[list[pa.Array]]) -> _Body | None:
    """Columns with blanks and errors made missing; None where a cell is too long, to tell which."""
    n_rows = sum(map(len, columns[0]))
    parts: list[list[_Part]] = []
    n_errors = 0
    for column in columns:
        if any((pc.max(pc.binary_length(text)).as_py() or 0) > MAX_CELL for text in column):
            return None
        pairs = [_without_blanks(text) for text in column]
        parts.append([text for text, _ in pairs])
        n_errors += sum(n for _, n in pairs)
    return _Body(parts, {}, Counter({len(columns): n_rows}), n_rows, n_errors)


def _part(cells: Sequence[object], first_row: int, name: str) -> tuple[_Part, int]:
    """Cells of one column, blanks and error values made missing; and how many errors."""
    try:
        text = pa.array(cells, pa.large_string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return _mixed(cells, first_row, name)
    longest = pc.max(pc.binary_length(text)).as_py() or 0
    if longest > MAX_CELL:
        _refuse_long(cells, first_row, name)
    return _without_blanks(text)


def _without_blanks(text: pa.Array) -> tuple[pa.Array, int]:
    """Text with blanks and error values made missing; and how many errors."""
    text = pc.if_else(pc.or_(pc.equal(text, ""), pc.utf8_is_space(text)), None, text)
    if not pc.any(pc.starts_with(text, "#")).as_py():
        return text, 0
    wrong = pc.is_in(text, value_set=pa.array(_ERRORS, pa.large_string()))
    return pc.if_else(wrong, None, text), pc.sum(wrong).as_py() or 0


def _mixed(cells: Sequence[object], first_row: int, name: str) -> tuple[_Part, int]:
    texts = {cell for cell in cells if isinstance(cell, str)}
    if not texts:
        return list(cells), 0
    if max(map(len, texts)) > MAX_CELL:
        _refuse_long(cells, first_row, name)
    nothing = {text for text in texts if blank(text)} | texts.intersection(_ERRORS)
    n_errors = sum(cell in _ERRORS for cell in cells) if texts.intersection(_ERRORS) else 0
    return [None if cell in nothing else cell for cell in cells], n_errors


def _refuse_long(cells: Sequence[object], first_row: int, name: str) -> None:
    for row, cell in enumerate(cells, start=first_row):
        if isinstance(cell, str) and len(cell) > MAX_CELL:
            raise FileError(
                f"{name}: row {row} has a cell of more than {MAX_CELL:,} characters. "
                "Correct that row."
            )


def _frame(body: _Body, header: Header, above: Rows, name: str) -> pd.DataFrame:
    """Lay the columns side by side and leave out what is no record."""
    names = list(header.names)
    columns = {heading: _column(parts) for heading, parts in zip(names, body.columns, strict=True)}
    beyond = body.beyond
    for extra in _extra_columns(body, len(names)):
        names.append(extra)
        columns[extra] = _column([[cells[0] if cells else None for cells in _places(beyond, body)]])
        beyond = {place: cells[1:] for place, cells in beyond.items()}
    words = {p: ", ".join(str(c) for c in cells if not blank(c)) for p, cells in beyond.items()}
    if any(words.values()):
        columns[BEYOND_HEADERS] = _column([[words.get(p) or None for p in range(body.n_rows)]])
    table = pd.DataFrame(columns)
    table.index = pd.RangeIndex(header.n_rows + 1, header.n_rows + 1 + body.n_rows, name="row")
    unnamed = [c for c in names if c not in header.names or c.startswith("column ")]
    table = table.drop(columns=[c for c in unnamed if table[c].isna().all()])
    filled = table.notna().any(axis=1)
    kept = table if filled.all() else table[filled]
    extra_rows = is_no_record(kept, above)
    kept = kept[~extra_rows] if extra_rows.any() else kept
    if kept.empty:
        raise FileError(
            f"{name}: headers but no rows. Ask the provider to make the extract again; for a month "
            "without assaults no file is needed."
        )
    kept.attrs.update(left_out=int(extra_rows.sum()), error_cells=body.n_errors)
    return kept


def _places(
    beyond: dict[int, tuple[object, ...]], body: _Body
) -> Iterator[tuple[object, ...] | None]:
    return (beyond.get(place) for place in range(body.n_rows))


def _extra_columns(body: _Body, width: int) -> list[str]:
    """Name the columns that most rows have and the header has not."""
    if not body.n_rows:
        return []
    usual = max(body.widths, key=lambda n: body.widths[n])
    if body.widths[usual] * 2 <= body.n_rows or usual > MAX_COLUMNS:
        return []
    return [unnamed_column(place) for place in range(width, usual)]


def _column(parts: list[_Part]) -> pd.Series:
    """One column; pure text in the ``str`` type, blanks missing."""
    if len(parts) == 1 and isinstance(parts[0], list):
        parts = [_part(parts[0], 0, "")[0]] if not any(map(blank, parts[0])) else parts
    if all(isinstance(part, pa.Array) for part in parts):
        # One piece: each later step would pay for the many.
        return pd.Series(pa.concat_arrays(parts or [pa.array([], pa.large_string())]), dtype="str")
    cells = [
        cell for part in parts for cell in (part if isinstance(part, list) else part.to_pylist())
    ]
    if all(cell is None or isinstance(cell, str) for cell in cells):
        return pd.Series(pa.array(cells, pa.large_string()), dtype="str")
    values = np.empty(len(cells), dtype=object)
    values[:] = cells
    return pd.Series(values, dtype="object")
