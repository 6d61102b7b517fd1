"""Cells and headings of a table of counts: numbers, suppressed numbers, methods and periods."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from ed_ingest.codes import is_missing, normal_words, read_codes
from ed_ingest.counts_labels import is_total
from ed_ingest.periods import Period, read_period

_BLANK = re.compile(r"[-–—.]|n/?a|not applicable|\[z\]", re.IGNORECASE)
_ZERO = re.compile(r"nil|none|zero|\[low\]", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.0+)?|-?\d+(?:\.\d+)?")
_SUPPRESSED = re.compile(
    r"\*+|\.{2,}|…|#+|~|:|x|s|\[?[cx]\]?|\(?c\)?|[<≤]\s?=?\s?\d+|\d+\s?(?:-|–|—|to)\s?\d+"
    r"|(?:less|fewer) than \w+|under \w+|up to \d+|\d+ or (?:less|fewer)"
    r"|(?:data )?(?:suppressed|supp?|withheld|redacted|disclosive|confidential|masked|hidden|low|"
    r"small)(?: numbers?)?|n/?d|not disclosed"
    # A workbook makes a day of "1-4": no count is written as one.
    r"|\d{4}-\d\d-\d\d(?: 00:00:00)?",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(
    r"%|per ?cent|\brates?\b|\bper \d|\bshare\b|\brank\b|\bchange\b", re.IGNORECASE
)


class Heading(NamedTuple):
    """What a column of counts is of; the method as words, None where the heading tells none."""

    header: str
    period: Period | None
    method: str | None


def read_numbers(texts: pd.Series, *, blank: str) -> pd.DataFrame:
    """Read counts.

    Parameters
    ----------
    texts
        Cells as text; may be missing.
    blank
        What an empty cell (or a dash) stands for: ``suppressed``, ``zero`` or ``left_out``.

    Returns
    -------
    DataFrame
        On the index of `texts`: ``n`` (missing where suppressed or wrong), ``wrong`` (no count:
        negative, a fraction, other words) and ``left_out``.
    """
    plain = texts.fillna("").str.strip().str.removesuffix("†").str.strip()
    empty = plain.eq("") | plain.str.fullmatch(_BLANK)
    number = plain.where(plain.str.fullmatch(_NUMBER)).str.replace(",", "", regex=False)
    n = pd.to_numeric(number, errors="coerce").mask(plain.str.fullmatch(_ZERO), 0.0)
    if blank == "zero":
        n = n.mask(empty, 0.0)
    whole = n.ge(0) & n.mod(1).eq(0) & n.lt(_MOST)
    wrong = ~whole & ~empty & ~plain.str.fullmatch(_SUPPRESSED)
    return pd.DataFrame(
        {
            "n": n.where(whole).astype("Int64"),
            "wrong": wrong,
            "left_out": empty if blank == "left_out" else False,
        }
    )


def is_suppressed(text: str) -> bool:
    """Whether a cell says that its count is suppressed."""
    return _SUPPRESSED.fullmatch(text.strip()) is not None


_MOST = 1e9  # beyond this it is no count


def read_methods(texts: pd.Series, values: Mapping[str, str]) -> pd.Series:
    """Contract codes of methods in words; missing where not understood."""
    return read_codes(texts, "assault_method", values, guess=False)


def read_headings(
    headers: list[str],
    *,
    wide: str,
    methods: Mapping[str, str],
    year: Period | None = None,
) -> tuple[list[Heading], list[str]]:
    """Tell the columns of counts from the others.

    Parameters
    ----------
    headers
        Headers that are not mapped to anything else.
    wide
        ``method``, ``period`` or ``method_and_period``: what each column is of.
    methods
        Header, or its part, -> contract code. Where any are given, only these are methods;
        otherwise all whose words are understood.
    year
        Year of headings that tell only a month.

    Returns
    -------
    tuple
        The headings of counts, and the headers left out; totals and shares are in neither.
    """
    found: list[Heading] = []
    left_out = []
    own = {normal_words(name) for name in methods}
    for header in headers:
        heading = _heading(header, wide, own, year)
        if heading is not None:
            found.append(heading)
        elif not is_total(header) and not _NO_COUNT.search(header):
            left_out.append(header)
    if wide != "period" and found and all(is_total(str(h.method)) for h in found):
        return found, left_out
    return [h for h in found if h.method is None or not is_total(h.method)], left_out


def is_method(text: str) -> bool:
    """Whether words name one method, and not only that it is not known."""
    codes = read_codes(pd.Series([text], dtype="str"), "assault_method", guess=False)
    silent = is_missing(text) or _NOT_TOLD.search(text) is not None
    return bool(codes.notna().iloc[0]) and (codes.iloc[0] != "unknown" or silent)


# "Assaults" names no method either, but it is no column of those that are not known.
_NOT_TOLD = re.compile(
    r"\b(?:other|unknown|not (?:known|stated|recorded|given)|unspecified)\b", re.I
)


def _heading(header: str, wide: str, own: set[str], year: Period | None) -> Heading | None:
    if _NO_COUNT.search(header) or is_total(header):
        return None
    if wide == "period":
        period = read_period(header, year=year)
        return Heading(header, period, None) if period else None
    if wide == "method":
        return Heading(header, None, header) if _names_method(header, own) else None
    parts = [part.strip() for part in re.split(r" / | [-–|:] |\n", header) if part.strip()]
    periods = [(part, p) for part in parts if (p := read_period(part, year=year))]
    others = [part for part in parts if part not in [text for text, _ in periods]]
    method = " / ".join(others)
    if len(periods) != 1 or not others or is_total(method):
        return None
    return Heading(header, periods[0][1], method) if _names_method(method, own) else None


def _names_method(words: str, own: set[str]) -> bool:
    return normal_words(words) in own if own else is_method(words)
