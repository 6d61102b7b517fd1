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
# Questions in full stand as headings: "Was the patient hurt with a weapon? If so, which …".
_LONGEST_HEADER = 200
# Rows with this share of the best row's score come near it.
_NEAR = 0.6
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
        of the first 30 rows that has nearly the most headings (words unlike each other, no values).

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
        first = _first_header_row(rows)
        if first is None:
            return None
        found = first
    else:
        found = header_row - 1
        if found >= len(rows) or not any(_label(cell) for cell in rows[found]):
            return None
    return found + 1 if _are_headings_below(rows, found) else found


def _first_header_row(rows: Sequence[Row]) -> int | None:
    """Row that looks most like headings; of rows nearly as good, the first.

    Records of words alone score as headings do, and more where the header has a gap or a name
    twice: so the first row that comes near the best is taken. A row above a blank one is more
    likely a title or a parameter of the report.
    """
    scores = [_score(row) for row in rows[:SEARCHED_ROWS]]
    best = max(scores, default=0)
    if best < min(2, _widest(rows)) or best <= 0:
        return _first_contrast(rows)
    near = [place for place, score in enumerate(scores) if score >= max(2, _NEAR * best)]
    near = near or [scores.index(best)]
    return next((place for place in near if not _is_blank(rows, place + 1)), near[0])


def _first_contrast(rows: Sequence[Row]) -> int | None:
    """Header whose names are partly numbers or single letters: unlike each other and the cells."""
    for place, row in enumerate(rows[:SEARCHED_ROWS]):
        labels = [_label(cell) for cell in row if _label(cell)]
        words = sum(_kind(label) in ("text", "answer") for label in labels)
        if len(labels) < 2 or len(set(labels)) < len(labels) or words < 2:
            continue
        if not all(isinstance(cell, str) for cell in row if _label(cell)):
            continue
        if 2 * _contrasts(rows, place) >= len(labels):
            return place
    return None


def _contrasts(rows: Sequence[Row], place: int) -> int:
    """Columns in which a row's cell is of another kind than every filled cell right below it."""
    n = 0
    for column, cell in enumerate(rows[place]):
        below = [_kind(r[column]) for r in rows[place + 1 : place + 6] if column < len(r)]
        kinds = set(below) - {""}
        n += bool(_kind(cell)) and bool(kinds) and _kind(cell) not in kinds
    return n


def _kind(cell: object) -> str:
    """Roughly what a cell is: number, moment (with figures and signs), answer, text or blank."""
    text = _label(cell)
    if not text:
        return ""
    if not isinstance(cell, str):
        return "number" if isinstance(cell, int | float) else "moment"
    if normal_words(text) in _ANSWERS:
        return "answer"
    if not _values(cell):
        return "text"
    return "number" if text.replace(".", "", 1).isdigit() else "moment"


def _is_blank(rows: Sequence[Row], place: int) -> bool:
    return place < len(rows) and not any(_label(cell) for cell in rows[place])


def _are_headings_below(rows: Sequence[Row], place: int) -> bool:
    """Whether a row with gaps holds group headings: the row below fills them.

    It must also repeat itself (Date, Time, Date, Time) or stand over values where it has words
    itself; or else the first record could be taken for headings.
    """
    if place + 1 >= len(rows) or any(_values(cell) for cell in rows[place + 1]):
        return False
    groups = [_label(cell) for cell in rows[place]]
    labels = [_label(cell) for cell in rows[place + 1]]
    below = [label.lower() for label in labels if label]
    repeats = len(below) > len(set(below))
    if groups.count("") > 1 and repeats and len(below) > _score(rows[place]):
        return True
    gaps = [i for i, group in enumerate(groups) if not group and any(groups[:i])]
    if not gaps or not all(i < len(labels) and labels[i] for i in gaps):
        return False
    return (repeats or len(gaps) > 1) and 2 * _contrasts(rows, place + 1) >= len(below) > 1


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
