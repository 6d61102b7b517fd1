"""Dates and times as hospitals and forces write them -> days, minutes and intervals."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest.clock import DAY, NONE, UNREAD, Clock, read_clock
from ed_ingest.codes import is_missing

DateOrder = Literal["dmy", "mdy", "ymd"]
LONDON = ZoneInfo("Europe/London")

# What systems write when they have no date.
_SENTINELS = frozenset(
    date(*parts)
    for parts in (
        (1, 1, 1), (1753, 1, 1), (1811, 11, 11), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1),
        (1901, 1, 1), (2999, 12, 31), (9999, 12, 31),
    )
)  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WELSH_MONTHS = (
    "ion", "chw", "maw", "ebr", "mai", "meh", "gor", "aws", "med", "hyd", "tac", "rha",
)  # fmt: skip
_SEPARATED = re.compile(r"(?<!\d)(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s\-/.,]*([a-z]{3,10})[\s\-/.,]*(\d{4}|\d{2}(?![:.]?\d))(?!\d)",
    re.I,
)
_NAMED_FIRST = re.compile(r"\b([a-z]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)", re.I)
_GLUED = re.compile(r"(?<!\d)(\d{8})[T ]?(\d{4}(?:\d{2})?)?(?!\d)")
_SIX = re.compile(r"(\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
# A full date with a time beside it, in ASCII figures; of so many texts it pays to read the halves.
_PLAIN = (
    r"^(?:[0-9]{2}/[0-9]{2}/[0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}) [0-9]{2}:[0-9]{2}(?::[0-9]{2})?\Z"
)
_MANY = 1000
_OFFSET = re.compile(r"(\d{2}:?\d{2})(?::?\d{2}(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})", re.I)
_WITH_SECONDS = re.compile(r"\d{6}")
_EXCEL_EPOCH = date(1899, 12, 30)
# Day numbers of a workbook that counts from 1904 are so many days smaller.
_DAYS_TO_1904 = 1462


class Moment(NamedTuple):
    """A cell's day (None where it tells none), its time of day, and whether it was understood."""

    day: date | None
    clock: Clock
    understood: bool


_NOTHING = Moment(None, NONE, True)
_UNREAD = Moment(None, NONE, False)


def read_moments(cells: pd.Series, *, date_order: DateOrder = "dmy") -> pd.DataFrame:
    """Read cells that tell a date, with or without a time.

    Parameters
    ----------
    cells
        Text, true dates, dates with time, or spreadsheet day numbers; may be missing. Day numbers
        count from 1904 where ``attrs["epoch_1904"]`` is set.
    date_order
        Order of figures in the file. ISO dates and month names are understood in any file.

    Returns
    -------
    DataFrame
        On the index of `cells`: ``day`` (midnight; missing where none was told), ``kind``,
        ``from_min``, ``to_min`` (as in `Clock`) and ``understood``. A time with an offset from UTC
        becomes London's wall-clock time.
    """
    places, distinct = pd.factorize(cells)
    if cells.attrs.get("epoch_1904"):
        distinct = pd.Index([_from_1904(cell) for cell in distinct], dtype="object")
    split = _days_and_clocks(pd.Series(distinct))
    if split is None:
        found = [*(_moment(cell, date_order) for cell in distinct), _NOTHING]
        return _moments(found).take(places).set_axis(cells.index)
    plain, days, clocks = split
    others = [*(_moment(cell, date_order) for cell in distinct[~plain]), _NOTHING]
    joined = _joined(read_moments(days, date_order=date_order), clocks)
    table = pd.concat([joined, _moments(others)], ignore_index=True)
    order = np.append(np.argsort(np.argsort(~plain, kind="stable")), len(plain))
    return table.take(order[places]).set_axis(cells.index)


def _days_and_clocks(texts: pd.Series) -> tuple[NDArray[np.bool_], pd.Series, pd.Series] | None:
    """Which of many texts are a full date, a blank and a time of day; those dates and times.

    A year has half a million minutes and few days: the two halves are read once each. None where
    the texts are few, or no texts.
    """
    if texts.dtype != "str" or len(texts) < _MANY:
        return None
    plain = texts.str.match(_PLAIN).to_numpy(dtype=bool)
    return plain, texts[plain].str.slice(0, 10), texts[plain].str.slice(11)


def _joined(days: pd.DataFrame, clocks: pd.Series) -> pd.DataFrame:
    """Put days and times of day together, as `_with_time` does for one cell."""
    places, distinct = pd.factorize(clocks)
    read = _clocks([_clock_of_rest(rest) for rest in distinct])
    times = read.take(places).set_axis(days.index)
    told = days["day"].notna()
    times["kind"] = times["kind"].where(told, days["kind"])
    times[["from_min", "to_min"]] = times[["from_min", "to_min"]].where(told, 0.0)
    understood = days["understood"] & (times["kind"] != "unread")
    return pd.concat([days["day"], times], axis=1).assign(understood=understood)


def _moments(found: list[Moment]) -> pd.DataFrame:
    table = _clocks([moment.clock for moment in found])
    table.insert(0, "day", pd.Series([m.day for m in found], dtype="datetime64[s]"))
    table["understood"] = [m.understood and m.clock.kind != "unread" for m in found]
    return table


def read_times(cells: pd.Series) -> pd.DataFrame:
    """Read cells that tell a time of day.

    Returns
    -------
    DataFrame
        On the index of `cells`: ``kind``, ``from_min``, ``to_min`` (as in `Clock`) and
        ``understood``.
    """
    places, distinct = pd.factorize(cells)
    bare_hhmm = any(_is_hhmm(cell) for cell in distinct)
    found = [*(read_clock(cell, bare_hhmm=bare_hhmm) for cell in distinct), NONE]
    table = _clocks(found)
    table["understood"] = table["kind"] != "unread"
    return table.take(places).set_axis(cells.index)


def at_minute(days: pd.Series, minutes: pd.Series) -> pd.Series:
    """Wall-clock time so many minutes after each day's midnight; missing without a day."""
    return days + pd.to_timedelta(minutes.astype("float64"), unit="min").astype("timedelta64[s]")


def clock_change(times: pd.Series) -> pd.Series:
    """Tell which local times London's clocks showed twice or never.

    Parameters
    ----------
    times
        Wall-clock times without offset; may be missing.

    Returns
    -------
    Series
        ``ambiguous`` (the repeated hour of October), ``nonexistent`` (the skipped hour of March),
        else ``none``.
    """
    once = times.dt.tz_localize(LONDON, ambiguous="NaT", nonexistent="shift_forward")
    real = times.dt.tz_localize(LONDON, ambiguous=np.ones(len(times), bool), nonexistent="NaT")
    change = pd.Series("none", index=times.index, dtype="str")
    return change.mask(times.notna() & once.isna(), "ambiguous").mask(
        times.notna() & real.isna(), "nonexistent"
    )


def night_of(start: pd.Series, end: pd.Series, *, known_time: pd.Series) -> pd.Series:
    """Evening that an incident belongs to: the day turns at 06:00.

    Parameters
    ----------
    start, end
        The interval that contains the incident.
    known_time
        Whether a time of day was told; where it was not, the night is given only if the whole
        interval falls into one.

    Returns
    -------
    Series
        Midnight at which that evening's day began; missing where no night can be told.
    """
    turn = pd.Timedelta(hours=6)
    first, last = (start - turn).dt.normalize(), (end - turn).dt.normalize()
    return first.where(known_time | (first == last)).astype("datetime64[s]")


def _clocks(clocks: list[Clock]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": pd.Series([clock.kind for clock in clocks], dtype="str"),
            "from_min": np.array([clock.from_min for clock in clocks], dtype="float64"),
            "to_min": np.array([clock.to_min for clock in clocks], dtype="float64"),
        }
    )


def _is_hhmm(cell: object) -> bool:
    """Whether a time is written as three or four figures, as text or as a number."""
    if isinstance(cell, str):
        return cell.isascii() and cell.isdigit() and 3 <= len(cell) <= 4
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return number and 100 <= float(cell) <= 2400 and float(cell).is_integer()  # type: ignore[arg-type]


def _moment(cell: object, order: DateOrder) -> Moment:
    if isinstance(cell, datetime):
        return _known(cell.date(), read_clock(cell))
    if isinstance(cell, date):
        return _known(cell, NONE)
    if isinstance(cell, str):
        return _of_text(cell.strip(), order)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _of_number(float(cell), order)
    return Moment(None, read_clock(cell), False) if isinstance(cell, time | timedelta) else _UNREAD


def _known(day: date, clock: Clock) -> Moment:
    return _NOTHING if day in _SENTINELS else Moment(day, clock, clock is not UNREAD)


def _from_1904(cell: object) -> object:
    """A bare day number of a workbook that counts from 1904, as one that counts from 1900."""
    if not isinstance(cell, int | float) or isinstance(cell, bool):
        return cell
    return cell + _DAYS_TO_1904 if 18_500 <= cell < 78_000 else cell


def _of_number(number: float, order: DateOrder) -> Moment:
    """Read a spreadsheet's day number, or figures such as 20260207 read as a number."""
    if 20000 <= number < 80000:
        whole = int(number)
        minute = round((number - whole) * DAY)
        clock = Clock("minute", minute, minute) if number > whole else NONE
        return _known(_EXCEL_EPOCH + timedelta(days=whole), clock)
    if number == 0:
        return _NOTHING
    whole_day = number.is_integer() and number > 0
    return _of_text(f"{int(number):06d}", order) if whole_day else _UNREAD


def _of_text(text: str, order: DateOrder) -> Moment:
    if _SERIAL.fullmatch(text):
        return _of_number(float(text), order)
    for pattern in (_ISO, _SEPARATED, _NAMED, _NAMED_FIRST, _GLUED, _SIX):
        match = pattern.fullmatch(text) if pattern is _SIX else pattern.search(text)
        day = _day(pattern, match.groups(), order) if match else None
        if match and day:
            glued = match[2] if pattern is _GLUED else None
            rest = f"{text[: match.start()]} {text[match.end() :]} {glued or ''}"
            return _with_time(day, rest.strip(" T:,;-@"))
    return _NOTHING if is_missing(text) else _UNREAD


def _with_time(day: date, rest: str) -> Moment:
    """Put a day and the words beside it together; UTC becomes local time."""
    if day in _SENTINELS:
        return _NOTHING
    if _WITH_SECONDS.fullmatch(rest):
        rest = rest[:4]
    offset = _OFFSET.fullmatch(rest)
    if not offset:
        return _known(day, _clock_of_rest(rest))
    sign = "+0000" if offset[2][0].isalpha() else offset[2].replace(":", "")
    stamp = f"{day.isoformat()} {offset[1].replace(':', '')} {sign}"
    try:
        local = datetime.strptime(stamp, "%Y-%m-%d %H%M %z").astimezone(LONDON)
    except (ValueError, OverflowError):  # no such time or offset
        return _known(day, UNREAD)
    return _known(local.date(), read_clock(local))


@lru_cache(maxsize=10_000)
def _clock_of_rest(rest: str) -> Clock:
    return read_clock(rest) if rest else NONE


@lru_cache(maxsize=50_000)
def _day(pattern: re.Pattern[str], parts: tuple[str, ...], order: DateOrder) -> date | None:
    """Day told by the figures of a matched date; None when there is no such day."""
    if pattern is _ISO:
        return _real(parts[0], parts[2], parts[3])
    if pattern is _NAMED:
        return _real(parts[2], _month(parts[1]), parts[0])
    if pattern is _NAMED_FIRST:
        return _real(parts[2], _month(parts[0]), parts[1])
    if pattern is _GLUED:
        figures = parts[0]
        ymd = _real(figures[:4], figures[4:6], figures[6:])
        return ymd or _in_order((figures[:2], figures[2:4], figures[4:]), order)
    first, second, third = parts if pattern is _SIX else (parts[0], parts[2], parts[3])
    return _in_order((first, second, third), order)


def _in_order(parts: tuple[str, str, str], order: DateOrder) -> date | None:
    one, two, three = parts
    if order == "ymd" and len(three) == 2:
        return _real(one, two, three)
    return _real(three, one, two) if order == "mdy" else _real(three, two, one)


def _month(name: str) -> str:
    short = name[:3].lower()
    months = _MONTHS if short in _MONTHS else _WELSH_MONTHS
    return str(months.index(short) + 1) if short in months else "0"


def _real(year: str, month: str, day: str) -> date | None:
    full = int(year) + (2000 if len(year) == 2 else 0)
    plausible = 1800 <= full <= 2100 or full in (1753, 2999, 9999, 1)
    try:
        return date(full, int(month), int(day)) if plausible else None
    except ValueError:
        return None
