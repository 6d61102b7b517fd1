"""Which month or quarter counts are of: from a column, a heading, the titles or a file's name."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date

import pandas as pd

from ed_ingest.errors import MappingError
from ed_ingest.periods import Period, find_periods, find_years, read_period


def told_period(attrs: Mapping[Hashable, object]) -> Period | None:
    """The one period that titles above the header tell, else the sheet's or the file's name.

    Parameters
    ----------
    attrs
        Of the file as read: ``titles``, ``sheet``, ``file_stem``.
    """
    groups = _told_texts(attrs)
    for texts in groups:
        found = {period for text in texts for period in find_periods(text)}
        if found:
            return next(iter(found)) if len(found) == 1 else None
    year = year_of_file(attrs, None)
    if year is None:
        return None
    # The title tells the year, and a title or the sheet a month or quarter alone.
    for texts in groups:
        found = {p for text in texts if (p := read_period(text, year=year)) not in (None, year)}
        if found:
            return next(iter(found)) if len(found) == 1 else None
    # A year in the name of a file may be that of its making.
    named = {y for texts in groups[:2] for text in texts for y in find_years(text)}
    return year if year in named else None


def period_of_file(attrs: Mapping[Hashable, object], setting: str | None, *, where: str) -> Period:
    """The period of a file that has no column for it.

    Raises
    ------
    MappingError
        If it is told nowhere, or the file tells another than the setting.
    """
    given = read_period(setting) if setting else None
    found = told_period(attrs)
    if found and given and found != given:
        raise MappingError(
            f"{where}: the file tells another period than [counts] period in the provider's file. "
            "Correct or take out that setting."
        )
    period = found or given
    if period is None:
        raise MappingError(
            f"{where}: which month or quarter the counts are of is told nowhere. Give period under "
            "[counts] in the provider's file, such as 2026-01, or ask for a column with it."
        )
    return period


def year_of_file(attrs: Mapping[Hashable, object], setting: str | None) -> Period | None:
    """The one year, calendar or financial, that the file or the setting tells."""
    for texts in [*_told_texts(attrs), (setting or "",)]:
        years = {year for text in texts for year in find_years(text)}
        if not years:
            years = {_year(p) for text in texts for p in find_periods(text) if _is_in_a_year(p)}
        if len(years) == 1:
            return next(iter(years))
    return None


def periods_of_rows(
    words: pd.Series,
    headings: Iterable[Period | None],
    *,
    year: Period | None,
    told: Period | None,
) -> pd.DataFrame:
    """First and last day of each row, from its heading, else its cell, else the file.

    Returns
    -------
    DataFrame
        On the index of `words`: ``period_from, period_to``; missing where no period can be read.
    """
    known = {word: read_period(str(word), year=year) for word in words.dropna().unique()}
    chosen = [
        heading or (told if pd.isna(word) else known[word])
        for heading, word in zip(headings, words, strict=True)
    ]
    first = pd.Series([period.first if period else None for period in chosen], dtype="object")
    last = pd.Series([period.last if period else None for period in chosen], dtype="object")
    days = {"period_from": _as_times(first), "period_to": _as_times(last)}
    return pd.DataFrame(days).set_axis(words.index)


def _as_times(days: pd.Series) -> pd.Series:
    return pd.to_datetime(days).astype("datetime64[s]")


def _told_texts(attrs: Mapping[Hashable, object]) -> list[tuple[str, ...]]:
    titles = attrs.get("titles") or ()
    told = tuple(str(t) for t in titles) if isinstance(titles, tuple | list) else ()
    return [told, (str(attrs.get("sheet") or ""),), (str(attrs.get("file_stem") or ""),)]


def _is_in_a_year(period: Period) -> bool:
    return period.first.year == period.last.year


def _year(period: Period) -> Period:
    return Period(date(period.first.year, 1, 1), date(period.first.year, 12, 31))
