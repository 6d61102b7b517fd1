"""One cell as a Table Schema field reads it, and the rules that the cell breaks.

Cell by cell and exact: `ed_ingest.schema_checks` asks here only about what it cannot settle for
many cells at once. Reads what frictionless 5.21 reads, its leniencies too: numbers with blanks
around them, underscores or figures of other scripts, dates without leading zeros.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from dateutil import parser as dateutil_parser  # type: ignore[import-untyped, unused-ignore]

from ed_ingest.schema import Field

Reader = Callable[[Any], Any]
Check = Callable[[Any], bool]

# In the order in which a cell's rules are told; each kind has some of them.
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_TRUE = ("true", "True", "TRUE", "1")
_FALSE = ("false", "False", "FALSE", "0")


def reader_of(field: Field) -> Reader:
    """Find how a cell of this field is read: a function that gives None for what is no such value.

    Raises
    ------
    ValueError
        If the type, or the format of a string, is one that is not known here.
    """
    if field.kind not in _READERS or (field.kind == "string" and field.format != "default"):
        raise ValueError(f"{field.name}: {field.kind}/{field.format} is no type known here.")
    return _READERS[field.kind](field)


def checker_of(field: Field) -> Callable[[Any], tuple[str, ...]]:
    """Find which rules a cell breaks: a function that names them; none for a sound cell.

    The rules are ``type``, ``required`` and the constraints by their names in the Table Schema. A
    cell of the wrong type breaks no other rule, and an empty one none but ``required``.
    """
    read = reader_of(field)
    checks = _checks(field, read)
    for_none = ("required",) if field.required else ()
    missing = frozenset(field.missing_values)

    def broken(cell: Any) -> tuple[str, ...]:
        if cell is None or str(cell) in missing:
            return for_none
        value = read(cell)
        if value is None:
            return ("type",)
        return tuple(name for name, holds in checks.items() if not holds(value))

    return broken


def _checks(field: Field, read: Reader) -> dict[str, Check]:
    """Constraints that the field's kind has, by name."""
    told = field.constraints
    checks: dict[str, Check] = {}
    if field.kind == "string":
        if "minLength" in told:
            checks["minLength"] = lambda value: len(value) >= told["minLength"]
        if "maxLength" in told:
            checks["maxLength"] = lambda value: len(value) <= told["maxLength"]
        if "pattern" in told:
            pattern = re.compile(f"^{told['pattern']}$")
            checks["pattern"] = lambda value: pattern.match(value) is not None
    elif field.kind != "boolean":
        checks |= {name: _bound(name, read(told[name])) for name in _BOUNDS if name in told}
    if "enum" in told:
        codes = [read(code) for code in told["enum"]]
        checks["enum"] = lambda value: value in codes
    return checks


def _bound(name: str, bound: Any) -> Check:
    """Whether a value keeps a bound; what is no number (NaN) keeps none."""
    compare: Mapping[str, Check] = {
        "minimum": lambda value: bool(value >= bound),
        "maximum": lambda value: bool(value <= bound),
        "exclusiveMinimum": lambda value: bool(value > bound),
        "exclusiveMaximum": lambda value: bool(value < bound),
    }
    holds = compare[name]
    return lambda value: not _is_nan(value) and holds(value)


def _is_nan(value: Any) -> bool:
    return isinstance(value, Decimal) and value.is_nan()


def _string(_: Field) -> Reader:
    return lambda cell: cell if isinstance(cell, str) else None


def _boolean(field: Field) -> Reader:
    values = {
        **dict.fromkeys(field.reading.get("trueValues", _TRUE), True),
        **dict.fromkeys(field.reading.get("falseValues", _FALSE), False),
    }

    def read(cell: Any) -> bool | None:
        if isinstance(cell, bool):
            return cell
        return values.get(cell) if isinstance(cell, str) else None

    return read


def _integer(field: Field) -> Reader:
    stray = None if field.reading.get("bareNumber", True) else _STRAY

    def read(cell: Any) -> int | None:
        if isinstance(cell, str):
            text = stray.sub("", cell.strip()) if stray else cell.strip()
            try:
                return int(text)
            except ValueError:  # also figures beyond any number's length
                return None
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return None
        return int(cell) if isinstance(cell, int) or cell.is_integer() else None

    return read


def _number(field: Field) -> Reader:
    group, point = field.reading.get("groupChar", ""), field.reading.get("decimalChar", ".")
    stray = None if field.reading.get("bareNumber", True) else _STRAY

    def read(cell: Any) -> Decimal | None:
        if isinstance(cell, bool) or not isinstance(cell, str | int | float):
            return None
        if not isinstance(cell, str):
            return Decimal(str(cell))
        text = stray.sub("", cell.strip()) if stray else cell.strip()
        text = text.replace(group, "") if group else text
        if point != "." and "." in text:
            return None
        try:
            return Decimal(text.replace(point, "."))
        except InvalidOperation:
            return None

    return read


def _date(field: Field) -> Reader:
    pattern = "%Y-%m-%d" if field.format == "default" else field.format

    def read(cell: Any) -> date | None:
        if isinstance(cell, datetime):
            midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
            return cell.date() if midnight else None
        if isinstance(cell, date):
            return cell
        found = _parsed(cell, pattern)
        return found.date() if found else None

    return read


def _datetime(field: Field) -> Reader:
    def read(cell: Any) -> datetime | None:
        if isinstance(cell, datetime):
            return cell
        if field.format != "default":
            return _parsed(cell, field.format)
        long_enough = isinstance(cell, str) and len(cell) >= 19 and cell[16] == ":"
        return _iso(cell) if long_enough else None

    return read


def _time(field: Field) -> Reader:
    def read(cell: Any) -> time | None:
        if isinstance(cell, time):
            return cell
        if field.format == "default":
            long_enough = isinstance(cell, str) and len(cell) >= 8 and cell[5] == ":"
            found = _iso(f"2000-01-01T{cell}") if long_enough else None
        else:
            found = _parsed(cell, field.format)
        return found.timetz() if found else None

    return read


def _iso(text: str) -> datetime | None:
    try:
        found: datetime = dateutil_parser.isoparse(text)
    except (ValueError, OverflowError):
        return None
    return found


def _parsed(cell: Any, pattern: str) -> datetime | None:
    if not isinstance(cell, str):
        return None
    try:
        # Wall-clock times as they stand: a pattern with an offset gives an aware time by itself.
        found: datetime = (
            dateutil_parser.parse(cell) if pattern == "any" else datetime.strptime(cell, pattern)  # noqa: DTZ007
        )
    except (ValueError, OverflowError):
        return None
    return found


# What stands around a number whose text is not bare: signs of currency, units.
_STRAY = re.compile(r"((^[^-\d]*)|(\D*$))")
_READERS: Mapping[str, Callable[[Field], Reader]] = MappingProxyType(
    {
        "string": _string,
        "boolean": _boolean,
        "integer": _integer,
        "number": _number,
        "date": _date,
        "datetime": _datetime,
        "time": _time,
    }
)
