"""A list of records in XML, of any schema -> one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple, NoReturn
from xml.parsers import expat

import pandas as pd

from ed_ingest.errors import FileError
from ed_ingest.reachable import shown_name
from ed_ingest.records import MAX_CELL, MAX_COLUMNS

Way = tuple[str, ...]

_DEEPEST = 50
_BLOCK = 2**20
# Values that stand once outside the records (period, site) and are repeated on each row.
_MOST_COMMON_VALUES = 20
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"


class _Value(NamedTuple):
    """One leaf or attribute: the names of the elements down to it, and its text."""

    way: Way
    text: str


class _End(NamedTuple):
    """An element closes."""

    way: Way
    n_children: int


@dataclass(frozen=True)
class _Shape:
    """What was counted of a file: how often each way and each value occurs, what repeats."""

    elements: Counter[Way] = field(default_factory=Counter)
    n_values: Counter[Way] = field(default_factory=Counter)
    first: dict[Way, str] = field(default_factory=dict)
    repeated: set[Way] = field(default_factory=set)


def read_record_list(path: Path) -> pd.DataFrame:
    """Read the records of an XML file.

    A record is the repeated element with the most kinds of values of its own. Each value beneath
    it, an element's text or an attribute, is a column named by its element, with the names of the
    elements around it where two would be alike; a value that occurs again in its record stands in
    a column of its own, ``Name (2)``. Values of the elements around the record, and values that
    stand once in the file outside the records, such as the reporting period, are columns too.

    Returns
    -------
    DataFrame
        Text cells on the index ``row``: record n has the row n + 1, as where a spreadsheet shows
        the list under one row of headers. ``attrs``: ``left_out``, always 0.

    Raises
    ------
    FileError
        If the file is no XML, declares a document type or entities, or holds no list of records.
    """
    name = shown_name(path)
    with path.open("rb") as file:
        shape = _shape(_events(file, name), name)
    record = _record(shape, name)
    common = _common_values(shape, record)
    rows: list[dict[Way, str]] = []
    with path.open("rb") as file:
        rows.extend(_rows(_events(file, name), record, name))
    ways = list(dict.fromkeys(way for row in rows for way in row))
    if len(ways) + len(common) > MAX_COLUMNS:
        raise _too_many(name)
    named = _names([*common, *ways], record)
    table = pd.DataFrame(
        {
            **{named[way]: [text] * len(rows) for way, text in common.items()},
            **{named[way]: [row.get(way) for row in rows] for way in ways},
        }
    ).astype("str")
    table = table.where(table.apply(lambda column: column.str.strip() != ""))
    table.index = pd.RangeIndex(2, len(table) + 2, name="row")
    table = table[table.notna().any(axis=1)]
    table.attrs["left_out"] = 0
    return table


@dataclass(frozen=True)
class _Listener:
    """What the parser tells, gathered until it is passed on."""

    name: str
    events: list[_Value | _End] = field(default_factory=list)
    way: list[str] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    children: list[int] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        if tag.startswith(_SPREADSHEET):
            raise FileError(f"{self.name}: a spreadsheet kept as XML. Save it as .xlsx.")
        if len(self.way) >= _DEEPEST:
            raise FileError(
                f"{self.name}: elements lie more than {_DEEPEST} deep. Ask for a flat list."
            )
        if self.children:
            self.children[-1] += 1
        self.way.append(_local(tag))
        self.texts.append([])
        self.children.append(0)
        for key, text in attributes.items():
            if "XMLSchema-instance" not in key:
                self.value((*self.way, _local(key)), text)

    def end(self, _: str) -> None:
        """An element closes; one without elements in it is a value."""
        text = "".join(self.texts.pop())
        n = self.children.pop()
        if n == 0 and text.strip():
            self.value(tuple(self.way), text)
        self.events.append(_End(tuple(self.way), n))
        self.way.pop()

    def characters(self, text: str) -> None:
        """Some of an element's text."""
        self.texts[-1].append(text)

    def value(self, way: Way, text: str) -> None:
        """One value, if it is no longer than a cell may be."""
        if len(text) > MAX_CELL:
            raise FileError(
                f"{self.name}: a value has more than {MAX_CELL:,} characters. Correct it."
            )
        self.events.append(_Value(way, text))

    def refuse(self, *_: object) -> NoReturn:
        """A document type or an entity is declared."""
        raise FileError(
            f"{self.name}: declares a document type or entities, which no list of records needs. "
            "Ask for the export without them."
        )


def _events(file: BinaryIO, name: str) -> Iterator[_Value | _End]:
    """Values and ends of elements in the order of the file, names without namespaces."""
    listener = _Listener(name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.characters
    parser.StartDoctypeDeclHandler = listener.refuse
    parser.EntityDeclHandler = listener.refuse
    parser.ExternalEntityRefHandler = listener.refuse
    parser.buffer_text = True
    try:
        while block := file.read(_BLOCK):
            parser.Parse(block, False)
            yield from listener.events
            listener.events.clear()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError):
        raise FileError(
            f"{name}: not XML, or cut short. Ask the provider to make the extract again."
        ) from None
    yield from listener.events


def _local(tag: str) -> str:
    return tag.rsplit(" ", 1)[-1]


def _shape(events: Iterator[_Value | _End], name: str) -> _Shape:
    """Count ways and values, and find which elements have a sibling of the same name."""
    shape = _Shape()
    siblings: dict[Way, int] = {}
    for event in events:
        if isinstance(event, _Value):
            shape.n_values[event.way] += 1
            shape.first.setdefault(event.way, event.text)
            if len(shape.n_values) > 10 * MAX_COLUMNS:
                raise _too_many(name)
            continue
        shape.elements[event.way] += 1
        siblings[event.way] = siblings.get(event.way, 0) + 1
        if siblings[event.way] == 2:
            shape.repeated.add(event.way)
        # The children of the element that closes are no siblings of those of the next one.
        if event.n_children:
            for way in [w for w in siblings if w[:-1] == event.way]:
                del siblings[way]
    return shape


def _record(shape: _Shape, name: str) -> Way:
    """The repeated element with the most kinds of values that lie in no repeated one within it."""
    kinds: Counter[Way] = Counter()
    for way in shape.n_values:
        around = [way[:n] for n in range(len(way), 0, -1) if way[:n] in shape.repeated]
        # A leaf that repeats is a value of the element around it, not a record.
        around = [owner for owner in around if owner != way]
        if around:
            kinds[around[0]] += 1
    if not kinds:
        raise FileError(
            f"{name}: no list of records was found in it. Ask for CSV or .xlsx, or for one element "
            "a record."
        )
    return max(kinds, key=lambda way: (kinds[way], shape.elements[way], -len(way)))


def _common_values(shape: _Shape, record: Way) -> dict[Way, str]:
    """Values that stand once in the file, neither in a record nor in what holds the records."""
    once = {
        way: shape.first[way]
        for way, n in shape.n_values.items()
        if n == 1 and way[: len(record)] != record and not _is_around(way, record)
    }
    return once if len(once) <= _MOST_COMMON_VALUES else {}


def _is_around(way: Way, record: Way) -> bool:
    """Whether a value is of an element that the record lies in."""
    return way[:-1] == record[: len(way) - 1]


def _rows(events: Iterator[_Value | _End], record: Way, name: str) -> Iterator[dict[Way, str]]:
    row: dict[Way, str] = {}
    around: dict[Way, str] = {}
    depth = len(record)
    for event in events:
        if isinstance(event, _Value):
            if event.way[:depth] == record:
                row[_free(event.way, row, name)] = event.text
            elif _is_around(event.way, record):
                around[event.way] = event.text
        elif event.way == record:
            yield {**around, **row}
            row = {}
        elif record[: len(event.way)] == event.way:
            # An element that holds records closes: its values are not the next one's.
            around = {way: text for way, text in around.items() if len(way) <= len(event.way)}


def _free(way: Way, row: dict[Way, str], name: str) -> Way:
    """The value's way in its row, numbered where the same stands there already."""
    n, free = 1, way
    while free in row:
        n += 1
        free = (*way[:-1], f"{way[-1]} ({n})")
    if n > MAX_COLUMNS or len(row) > MAX_COLUMNS:
        raise _too_many(name)
    return free


def _names(ways: list[Way], record: Way) -> dict[Way, str]:
    """Shortest unlike names: the last element, or more of the way where that is not enough."""
    alike = Counter(way[-1].casefold() for way in ways)
    named: dict[Way, str] = {}
    for way in ways:
        within = way[len(record) :] if way[: len(record)] == record else way
        named[way] = way[-1] if alike[way[-1].casefold()] == 1 else " / ".join(within)
    return named


def _too_many(name: str) -> FileError:
    return FileError(
        f"{name}: more than {MAX_COLUMNS:,} kinds of values. Ask for the agreed columns only."
    )
