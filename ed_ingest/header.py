"""Find the row of headers in a sheet of cells, and name its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ed_ingest.codes import normal_words

Row = Sequence[object]

# Column for cells to the right of the last header: in such a row every cell may be misplaced.
BEYOND_HEADERS = "cells beyond the headers"

# The header is one of the first rows; titles, notes and blank rows may stand above it.
SEARCHED_ROWS = 30
_LONGEST_HEADER = 80
_VALUE = re.compile(r"[\d\s:/.,+\-£%]+|.*\d[/\-.:]\d.*", re.DOTALL)
_ANSWERS = frozenset({"y", "n", "yes", "no", "true", "false", "nk", "n k", "na", "n a", "unknown"})


class Header(NamedTuple):
    """Names of the columns, each once, and the number of rows down to the last header row."""

    names: tuple[str, ...]
    n_rows: int


def find_header(rows: Sequence[Row], *, header_row: int | None = None) -> Header | None:
    """Find the headers of a table.

    Parameters
    ----------
    rows
        The sheet from its first row; an empty cell is None or the empty text.
    header_row
        The header's row number as the spreadsheet shows it, where it is known; otherwise the first
        of the first 30 rows with the most headings (short words, unlike each other, no values).

    Returns
    -------
    Header or None
        None when no row looks like headers. Where a row of group headings stands above, a name is
        ``group / heading``; a heading that occurs again gets `` (2)``; a column without heading is
        named by its letter.
    """
    last = _last_header_row(rows, header_row)
    if last is None:
        return None
    labels = [_label(cell) for cell in rows[last]]
    groups = [_label(cell) for cell in rows[last - 1]] if last > 0 else []
    if _are_groups(groups, labels, [_values(cell) for cell in rows[last - 1]] if groups else []):
        labels = _with_groups(groups, labels)
    return Header(_unique(labels), last + 1)


def unnamed_column(place: int) -> str:
    """Name of a column without heading: its letter as the spreadsheet shows it, A, B … Z, AA."""
    letters = ""
    while place >= 0:
        place, last = divmod(place, 26)
        letters = chr(ord("A") + last) + letters
        place -= 1
    return f"column {letters}"


def _last_header_row(rows: Sequence[Row], header_row: int | None) -> int | None:
    if header_row is None:
        scores = [_score(row) for row in rows[:SEARCHED_ROWS]]
        best = max(scores, default=0)
        if best < min(2, _widest(rows)) or best <= 0:
            return None
        found = scores.index(best)
    else:
        found = header_row - 1
        if found >= len(rows) or not any(_label(cell) for cell in rows[found]):
            return None
    return found + 1 if _are_headings_below(rows, found) else found


def _are_headings_below(rows: Sequence[Row], place: int) -> bool:
    """Whether a row with gaps holds group headings: the row below fills them and repeats itself."""
    if place + 1 >= len(rows) or any(_values(cell) for cell in rows[place + 1]):
        return False
    groups = [_label(cell) for cell in rows[place]]
    below = [label.lower() for cell in rows[place + 1] if (label := _label(cell))]
    return (
        groups.count("") > 1 and len(below) > len(set(below)) and len(below) > _score(rows[place])
    )


def _score(row: Row) -> int:
    """Headings in a row, each counted once, less its values."""
    labels = {normal_words(_label(cell)) for cell in row if not _values(cell)} - {""}
    return len(labels) - sum(_values(cell) for cell in row)


def _values(cell: object) -> bool:
    """Whether a cell holds a value rather than a heading."""
    if not isinstance(cell, str):
        return cell is not None
    text = cell.strip()
    if not text:
        return False
    answer = normal_words(text) in _ANSWERS
    return answer or len(text) > _LONGEST_HEADER or _VALUE.fullmatch(text) is not None


def _label(cell: object) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def _widest(rows: Sequence[Row]) -> int:
    return max(sum(bool(_label(cell)) for cell in row) for row in rows[:SEARCHED_ROWS])


def _are_groups(groups: list[str], labels: list[str], values: list[bool]) -> bool:
    """Whether the row above holds group headings: headings repeat, or miss what stands above."""
    if sum(map(bool, groups)) < 2 or any(values):
        return False
    filled = [label.lower() for label in labels if label]
    gaps = any(group and not label for group, label in zip(groups, labels, strict=False))
    return gaps or len(set(filled)) < len(filled)


def _with_groups(groups: list[str], labels: list[str]) -> list[str]:
    """Put each heading under its group; a merged group heading stands in its first cell only."""
    names, group = [], ""
    for place, label in enumerate(labels):
        here = groups[place] if place < len(groups) else ""
        group = here or group
        names.append(f"{group} / {label}" if group and label else here or label)
    return names


def _unique(labels: list[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    names = []
    for place, label in enumerate(labels):
        name = label or unnamed_column(place)
        seen[name.lower()] += 1
        names.append(name if seen[name.lower()] == 1 else f"{name} ({seen[name.lower()]})")
    return tuple(names)
