"""Columns of a text file that is regular throughout, several times faster than row by row.

Regular means that no reader could differ about it: each quotation mark opens a cell, closes one or
is doubled inside one, all lines end alike and all rows have the same number of cells.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv

_BLOCK = 2**22
_QUOTE, _NEW_LINE, _RETURN = ord('"'), ord("\n"), ord("\r")


def regular_columns(
    content: bytes, *, delimiter: str, skip_lines: int, width: int
) -> list[list[pa.Array]] | None:
    """Cells of each column, in pieces; None where the file is not regular.

    Parameters
    ----------
    content
        Valid UTF-8.
    delimiter
        Sign between the cells, one byte.
    skip_lines
        Lines above the first record: line breaks, also those inside a heading.
    width
        Number of cells that each row must have, two or more; a blank line gives as many blanks.
    """
    start = _after_lines(content, skip_lines)
    if width < 2 or start is None or start == len(content):
        return None
    body = np.frombuffer(content, dtype=np.uint8)[start:]
    if not _alike_line_ends(content, start) or not _quoted_as_the_rules_say(body, ord(delimiter)):
        return None
    names = [str(place) for place in range(width)]
    try:
        table = csv.read_csv(
            pa.BufferReader(pa.py_buffer(content).slice(start)),
            csv.ReadOptions(column_names=names, block_size=_BLOCK),
            csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:  # a row of another number of cells
        return None
    return [column.chunks for column in table.columns]


def _after_lines(content: bytes, n: int) -> int | None:
    place = 0
    for _ in range(n):
        place = content.find(b"\n", place) + 1
        if place == 0:
            return None
    return place


def _alike_line_ends(content: bytes, start: int) -> bool:
    n_returns = content.count(b"\r", start)
    return n_returns == 0 or (
        n_returns == content.count(b"\r\n", start) == content.count(b"\n", start)
    )


def _quoted_as_the_rules_say(body: npt.NDArray[np.uint8], delimiter: int) -> bool:
    """Whether every other mark, from the first, opens a cell and the ones between close it.

    A doubled mark inside a cell closes it and opens it again at once.
    """
    marks = np.flatnonzero(body == _QUOTE)
    if len(marks) == 0:
        return True
    if len(marks) % 2:
        return False
    opening, closing = marks[0::2], marks[1::2]
    before = body[np.maximum(opening - 1, 0)]
    after = body[np.minimum(closing + 1, len(body) - 1)]
    again = np.zeros(len(opening) + 1, dtype=bool)
    again[1:-1] = closing[:-1] + 1 == opening[1:]
    opens = (opening == 0) | (before == delimiter) | (before == _NEW_LINE)
    ends = (after == delimiter) | (after == _NEW_LINE) | (after == _RETURN)
    closes = ends | (closing == len(body) - 1)
    return bool((opens | again[:-1]).all() and (closes | again[1:]).all())
