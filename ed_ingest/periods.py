"""Words for a month, quarter, year or range of days -> its first and last day."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """First and last day counted."""

    first: date
    last: date


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan", "ionawr", "ion"),
            ("february", "feb", "chwefror", "chwef"),
            ("march", "mar", "mawrth", "maw"),
            ("april", "apr", "ebrill", "ebr"),
            ("may", "mai"),
            ("june", "jun", "mehefin", "meh"),
            ("july", "jul", "gorffennaf", "gorff"),
            ("august", "aug", "awst"),
            ("september", "sept", "sep", "medi"),
            ("october", "oct", "hydref", "hyd"),
            ("november", "nov", "tachwedd", "tach"),
            ("december", "dec", "rhagfyr", "rhag"),
        ),
        start=1,
    )
    for name in names
}
_M = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")(?![a-z])\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:20\d\d)"
_SHORT = r"(?:20\d\d|['’]?\d\d)(?!\d)"
# A financial or two-year span: 2025/26, 2025-26, 2025/2026.
_FY = r"(?P<fy>20\d\d)\s?[/-]\s?(?P<fy2>20\d\d|\d\d)(?![\d/-])"
_TO = r"\s*(?:-|–|—|to|until|hyd|i)\s*"
_SEP = r"[\s,\-/_.]*"
_ISO = rf"{_YEAR}-\d\d-\d\d(?:[ T]00:00(?::00)?)?"
_NUMERIC = rf"{_DAY}[/.\-](?:0?[1-9]|1[0-2])[/.\-](?:20)?\d\d"
_WORDED = rf"{_DAY}(?:st|nd|rd|th)?\s+{_M}\s+{_YEAR}"
_DATE = rf"(?:{_ISO}|{_NUMERIC}|{_WORDED})"
_QUARTER = (
    r"(?:q(?:tr|uarter)?\.?\s?(?P<q>[1-4])|(?P<nth>[1-4])(?:st|nd|rd|th)\s+(?:quarter|qtr)"
    r"|chwarter\s?(?P<cq>[1-4]))"
)
_QUARTER_2 = re.sub(r"\?P<(\w+)>", r"?P<\g<1>2>", _QUARTER)
_YEAR_WORD = r"(?:(?:fy|financial year|year|of)\s*)?"

# In this order: what is longest and plainest first.
_PATTERNS = tuple(
    (kind, re.compile(rf"(?<![a-z\d]){pattern}(?![a-z\d])"))
    for kind, pattern in (
        ("dates", rf"(?P<d1>{_DATE}){_TO}(?P<d2>{_DATE})"),
        ("week", rf"(?:w/?c|week commencing|week beginning)[\s:]*(?P<d1>{_DATE})"),
        ("week_end", rf"(?:w/?e|week ending)[\s:]*(?P<d1>{_DATE})"),
        ("date", rf"(?P<d1>{_DATE})"),
        ("months", rf"(?P<m1>{_M}){_SEP}(?P<y1>{_SHORT}){_TO}(?P<m2>{_M}){_SEP}(?P<y2>{_SHORT})"),
        ("quarter", rf"{_QUARTER}{_SEP}{_YEAR_WORD}{_FY}"),
        ("quarter", rf"{_YEAR_WORD}{_FY}{_SEP}{_QUARTER_2}"),
        ("months", rf"(?P<m1>{_M}){_TO}(?P<m2>{_M}){_SEP}{_FY}"),
        ("month", rf"(?P<m1>{_M}){_SEP}{_FY}"),
        ("month", rf"{_FY}{_SEP}(?P<m1>{_M})"),
        ("fy_month", rf"{_FY}{_SEP}(?:m|month|period|p)\s?(?P<n>1[0-2]|0?[1-9])"),
        ("fy_month", rf"(?:m|month|period|p)\s?(?P<n>1[0-2]|0?[1-9]){_SEP}{_FY}"),
        ("months", rf"(?P<m1>{_M}){_TO}(?P<m2>{_M}){_SEP}(?P<y2>{_SHORT})"),
        ("months", rf"(?P<y2>{_YEAR}){_SEP}(?P<m1>{_M}){_TO}(?P<m2>{_M})"),
        ("month", rf"(?P<m1>{_M}){_SEP}(?P<y2>{_SHORT})"),
        ("month", rf"(?P<y2>{_YEAR}){_SEP}(?P<m1>{_M})"),
        ("quarter", rf"{_QUARTER}{_SEP}{_YEAR_WORD}(?P<y2>{_YEAR})"),
        ("quarter", rf"(?P<y2>{_YEAR}){_SEP}{_QUARTER_2}"),
        ("number", rf"(?P<y2>{_YEAR})[\s,\-/_.]*(?P<n>1[0-2]|0[1-9]|[1-9])(?![/\-.]?\d)"),
        ("number", rf"(?<![\d/\-.])(?P<n>1[0-2]|0?[1-9])[\s,\-/.]+(?P<y2>{_YEAR})"),
        ("year", rf"{_YEAR_WORD}{_FY}"),
        ("year", rf"{_YEAR_WORD}(?P<y2>{_YEAR})"),
        ("months", rf"(?P<m1>{_M}){_TO}(?P<m2>{_M})"),
        ("month", rf"(?P<m1>{_M})"),
        ("quarter", rf"{_QUARTER}"),
    )
)
_FILLERS = frozenset(
    {
        *("period", "month", "quarter", "year", "for", "in", "the", "of", "from", "to", "and"),
        *("reporting", "counts", "count", "n", "number", "cases", "assaults", "attendances"),
        *("monthly", "quarterly", "calendar", "financial", "fy", "cy", "mis", "blwyddyn"),
        *("total", "totals"),
    }
)
_FINANCIAL = 4  # a financial year begins in April
# A line that says when the file was made, not what it is of.
_MADE = re.compile(
    r"\b(?:produced|printed|run|generated|created|extracted|exported|published|updated|issued|"
    r"prepared|refreshed|version|last|as at|date of report|report date)\b"
)


def read_period(text: str, *, year: Period | None = None) -> Period | None:
    """Read a cell or heading that is a period and nothing else.

    Parameters
    ----------
    text
        As delivered: "Jan 2026", "2026-01", "Q1 2026", "Q4 2025/26" (financial, from April),
        "Jan-Mar 2026", "01/01/2026 - 31/03/2026", "w/c 05/01/2026"; months in Welsh too. A first or
        last day of a month alone stands for the month.
    year
        Year (calendar or financial) of a month or quarter that does not tell its own.

    Returns
    -------
    Period or None
        None where it is no period, or its year is not known.
    """
    plain = _plain(text)
    for kind, pattern in _PATTERNS:
        match = pattern.search(plain)
        if match is None:
            continue
        rest = re.findall(r"[^\W_]+", plain[: match.start()] + " " + plain[match.end() :])
        if set(rest) <= _FILLERS:
            return _period(kind, match, year)
    return None


def find_periods(text: str) -> list[Period]:
    """Periods with their year that a longer text names: a title, the name of a sheet or file.

    A single day is none, nor is what a line says of when it was made.
    """
    plain = _plain(text)
    if _MADE.search(plain):
        return []
    found = []
    for kind, pattern in _PATTERNS:
        for match in list(pattern.finditer(plain)):
            period = None if kind in ("date", "year") else _period(kind, match, None)
            if period:
                found.append(period)
            if period or kind == "date":
                blank = " " * (match.end() - match.start())
                plain = plain[: match.start()] + blank + plain[match.end() :]
    return found


def find_years(text: str) -> list[Period]:
    """Calendar and financial years that a text names; that of a single day is none."""
    plain = _plain(text)
    if _MADE.search(plain):
        return []
    for kind, pattern in _PATTERNS:
        if kind == "date":
            plain = pattern.sub(" ", plain)
    found = [_period(k, m, None) for k, p in _PATTERNS if k == "year" for m in p.finditer(plain)]
    years = {period for period in found if period is not None}
    financial = {period for period in years if period.first.month == _FINANCIAL}
    return sorted(financial or years)


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").lower().split())


def _period(kind: str, match: re.Match[str], year: Period | None) -> Period | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    try:
        if kind in ("dates", "date", "week", "week_end"):
            return _of_dates(kind, groups)
        span = _year_of(groups) or year
        if span is None:
            return None
        if kind == "year":
            return span
        return _of_months(kind, groups, span)
    except ValueError:
        return None


def _year_of(groups: dict[str, str]) -> Period | None:
    """The year that the words tell: a calendar year, or a financial one from April."""
    if "fy" in groups:
        first, second = int(groups["fy"]), int(groups["fy2"]) % 100
        if (first + 1) % 100 != second:
            raise ValueError("no two years in a row")
        return Period(date(first, 4, 1), date(first + 1, 3, 31))
    if "y2" in groups:
        return _calendar(_full_year(groups["y2"]))
    return None


def _of_months(kind: str, groups: dict[str, str], span: Period) -> Period:
    financial = span.first.month == _FINANCIAL
    if kind == "quarter":
        number = int(next(v for k, v in groups.items() if k.rstrip("2") in ("q", "nth", "cq")))
        first = _add_months(span.first, 3 * (number - 1))
        return Period(first, _month_end(_add_months(first, 2)))
    if kind == "fy_month":
        first = _add_months(span.first, int(groups["n"]) - 1)
        return Period(first, _month_end(first))
    numbers = [_MONTHS[groups[k].rstrip(".")] for k in ("m1", "m2") if k in groups]
    if kind == "number":
        numbers = [int(groups["n"])]
    months = [date(span.first.year + (financial and n < 4), n, 1) for n in numbers]
    if "y1" in groups:
        months[0] = months[0].replace(year=_full_year(groups["y1"]))
    elif months[0] > months[-1] and not financial:
        months[0] = months[0].replace(year=months[0].year - 1)  # "Dec-Feb 2026"
    if months[0] > months[-1]:
        raise ValueError("ends before it begins")
    return Period(months[0], _month_end(months[-1]))


def _of_dates(kind: str, groups: dict[str, str]) -> Period | None:
    first = _read_date(groups["d1"])
    if kind == "dates":
        last = _read_date(groups["d2"])
        return Period(first, last) if first <= last else None
    if kind == "week":
        return Period(first, first + timedelta(days=6))
    if kind == "week_end":
        return Period(first - timedelta(days=6), first)
    if first.day == 1 or first == _month_end(first):
        return Period(first.replace(day=1), _month_end(first))
    return None


def _read_date(text: str) -> date:
    """One day, UK order."""
    if re.match(r"20\d\d-", text):
        return datetime.fromisoformat(text[:10]).date()
    if re.search("[a-z]{3}", text) and " " in text:
        day, month, year = text.split()
        return date(int(year), _MONTHS[month.rstrip(".")], int(re.sub(r"\D", "", day)))
    day, month, year = re.split(r"[/.\-]", text)
    return date(_full_year(year), int(month), int(day))


def _full_year(text: str) -> int:
    digits = int(re.sub(r"\D", "", text))
    return digits if digits > 99 else 2000 + digits


def _calendar(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def _add_months(first: date, n: int) -> date:
    months = first.year * 12 + first.month - 1 + n
    return date(months // 12, months % 12 + 1, 1)


def _month_end(day: date) -> date:
    return _add_months(day.replace(day=1), 1) - timedelta(days=1)
