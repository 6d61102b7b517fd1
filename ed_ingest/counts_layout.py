"""Propose how a file of counts is to be read: which column is the place, the method, the month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from ed_ingest.codes import normal_words
from ed_ingest.counts_cells import is_method, read_headings, read_methods, read_numbers
from ed_ingest.counts_labels import is_total, small_area_code
from ed_ingest.counts_periods import told_period, year_of_file
from ed_ingest.header import BEYOND_HEADERS
from ed_ingest.layout import text_of
from ed_ingest.periods import Period, read_period
from ed_ingest.tables import RawExtract

SURE, LIKELY, GUESSED = 0.95, 0.8, 0.5
# Words of headers, in normal form, for each column; the whole header or its beginning or end.
_HEADERS: Mapping[str, str] = {
    "period_from": r"(?:period |reporting period |date |week )?(?:from|start|begins?)(?: date)?"
    r"|(?:start|from) (?:date|month|of period)|reporting period start date|period start|o",
    "period_to": r"(?:period |reporting period |date |week )?(?:to|end|ends)(?: date)?"
    r"|(?:end|to) (?:date|month|of period)|reporting period end date|period end|hyd",
    "year": r"(?:calendar |financial |fiscal )?year|fy|blwyddyn",
    "period": r"(?:reporting |time |attendance |calendar |assault )?"
    r"(?:period|month|quarter|qtr|week|mis|chwarter|cyfnod)(?: (?:of|and) .*)?"
    r"|month year|year month|month ending|week commencing|w c|date",
    "lsoa": r"lsoa(?: ?(?:20)?[12]1)?(?: ?(?:code|cd))?|lsoa.*code|small area(?: code)?|area code",
    "easting": r"eastings?|x|osgb ?x|x ?coord\w*|grid ?x|easting m",
    "northing": r"northings?|y|osgb ?y|y ?coord\w*|grid ?y|northing m",
    "latitude": r"lat|latitude",
    "longitude": r"lon|long|lng|longitude",
    "assault_method": r"(?:assault |injury |primary )?(?:method|mechanism|weapon|means)\b.*"
    r"|(?:type|kind|nature) of (?:assault|weapon|injury|violence)|assault type|weapon type|type"
    r"|dull.*|math o ymosodiad|category|arf",
    "place_name": r"(?:assault |incident )?(?:place|location|venue|premises?|ward|area|town|street"
    r"|neighbourhood|locality|site|postcode|sector|postcode sector|district|lsoa name|msoa name"
    r"|locations?|zone|beat|community|hot ?spot|lle|lleoliad|ardal)(?: ?(?:name|desc\w*|of .*"
    r"|label|sector|type))?|where.*|row labels|name|electoral division|ward name|msoa.*",
    "n": r"(?:the )?(?:n|no|num|number|count|counts|total|totals|assaults|attendances|cases|nifer"
    r"|frequency|freq|volume|patients|victims|all|tally)(?: (?:of )?\w+){0,3}|(?:ed |ae )?\w+ count"
    r"|assault attendances|ed attendances",
}


@dataclass(frozen=True)
class CountsProposal:
    """A layout for a file of counts.

    Attributes
    ----------
    columns
        Name of schemas/assault_counts.json (also ``period``, ``latitude``, ``longitude``) ->
        header, or several headers whose words are joined: the ``[columns]`` of providers/<id>.toml.
    wide
        ``no``: a row is one count, its column is ``n``; ``method``: one column for each method;
        ``period``: one column for each month or quarter; ``method_and_period``: one for each pair.
    methods
        Header (or its part beside the month) -> contract code of ``assault_method``, where `wide`
        is by method.
    period
        The file's only period as its titles, sheet or name tell it, ``YYYY-MM-DD/YYYY-MM-DD``; None
        where a column or the headers tell it, or nothing does.
    confidence
        For each name in `columns`, and for ``wide`` and ``period``: 0 to 1.
    questions
        What could not be told, in plain words without a cell's value; empty when all is known.
    """

    columns: Mapping[str, str | tuple[str, ...]]
    wide: str
    methods: Mapping[str, str]
    period: str | None
    confidence: Mapping[str, float]
    questions: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """The tables ``columns`` and ``counts`` as they stand in providers/<id>.toml."""
        columns = {
            name: header if isinstance(header, str) else list(header)
            for name, header in self.columns.items()
        }
        counts: dict[str, Any] = {} if self.wide == "no" else {"wide": self.wide}
        if self.methods:
            counts["methods"] = dict(self.methods)
        return {"columns": columns, "counts": counts} if counts else {"columns": columns}


class _Column(NamedTuple):
    """What the cells of one column look like: shares of its filled cells, 0 to 1."""

    header: str
    period: float
    method: float
    number: float
    code: float
    n_filled: int


def propose_counts(raw: RawExtract) -> CountsProposal:
    """Propose the layout of a file of counts.

    How `profile --kind counts` uses it::

        raw = read_counts_file(path)            # ed_ingest.counts_file: finds the header itself
        proposal = propose_counts(raw)
        document = {"name": ..., "kind": "counts", **proposal.document()}

    ``proposal.questions`` is empty when the file can be read with it. A period that only the
    titles, the sheet or the file's name tell is not written to the provider's file: it is found
    again in each delivery. ``[counts] period`` is for files that tell it nowhere.

    Parameters
    ----------
    raw
        As `read_counts_file` gives it: ``attrs["titles"]`` holds the texts above the header,
        ``attrs["sheet"]`` the sheet's name, ``attrs["file_stem"]`` the file's name.
    """
    year = year_of_file(raw.attrs, None)
    # A year that the file does not tell is asked for; any will do to see that a cell is a month.
    some_year = year or read_period("2024")
    seen = [_look_at(raw, str(h), some_year) for h in raw.columns if h != BEYOND_HEADERS]
    wide, counted, methods = _wide(seen, some_year)
    free = [column for column in seen if column.header not in counted]
    columns, confidence = _columns(free, long=wide == "no")
    confidence["wide"] = SURE if wide != "no" or "n" in columns else GUESSED
    period = None
    questions = []
    if not {"period", "period_from"} & set(columns) and "period" not in wide:
        told = told_period(raw.attrs)
        period = f"{told.first}/{told.last}" if told else None
        confidence["period"] = LIKELY if told else 0.0
        if told is None:
            questions.append("Which month or quarter is the file of? Nothing in it tells.")
    elif year is None and _lacks_years(raw, columns, counted):
        questions.append("Which year are the months of? Give it as period under [counts].")
    if "n" not in columns and wide == "no":
        questions.append("Which column holds the counts, or are the columns methods or months?")
    if not {"place_name", "lsoa", "easting", "longitude"} & set(columns):
        questions.append("Which column names the places? Without one the counts are of no place.")
    return CountsProposal(columns, wide, methods, period, confidence, tuple(questions))


def _look_at(raw: RawExtract, header: str, year: Period | None) -> _Column:
    renamed = raw.rename(columns=str)
    texts = text_of(renamed, header).dropna()
    distinct = pd.Series([t for t in texts.unique() if not is_total(str(t))], dtype="str")
    if distinct.empty:
        return _Column(header, 0, 0, 0, 0, 0)
    numbers = read_numbers(texts, blank="suppressed")
    filled = texts.str.strip() != ""
    codes = read_methods(distinct, {})
    return _Column(
        header,
        period=float(distinct.map(lambda t: read_period(t, year=year) is not None).mean()),
        method=float(
            codes.isin([c for c in codes.dropna().unique() if c not in ("unknown", "other")]).mean()
        ),
        number=float((~numbers["wrong"])[filled].mean()) if numbers["n"].notna().any() else 0.0,
        code=float(distinct.map(lambda t: small_area_code(t) is not None).mean()),
        n_filled=len(texts),
    )


def _wide(seen: list[_Column], year: Period | None) -> tuple[str, set[str], dict[str, str]]:
    """Which axis stands in the headers; headers of counts and totals; methods of the headers."""
    numeric = [c.header for c in seen if c.number >= LIKELY or c.n_filled == 0]
    for wide in ("method_and_period", "period", "method"):
        headings, _ = read_headings(numeric, wide=wide, methods={}, year=year)
        if wide == "method" and len(headings) == 1 and not is_method(headings[0].header):
            continue
        if headings and (len(headings) > 1 or wide == "method"):
            counted = {h.header for h in headings} | {h for h in numeric if is_total(h)}
            told = {h.method for h in headings if h.method}
            codes = read_methods(pd.Series(sorted(told), dtype="str"), {})
            methods = {m: str(c) for m, c in zip(sorted(told), codes, strict=True)}
            return wide, counted, methods
    return "no", set(), {}


def _columns(
    free: list[_Column], *, long: bool
) -> tuple[dict[str, str | tuple[str, ...]], dict[str, float]]:
    """The best column for each name: its header's words first, then what its cells look like."""
    columns: dict[str, str | tuple[str, ...]] = {}
    confidence: dict[str, float] = {}
    left = [column for column in free if column.n_filled]
    names = [n for n in _HEADERS if long or n not in ("n", "assault_method")]
    for by_words in (True, False):
        for name in names:
            if name in columns:
                continue
            scored = [(_score(name, column, by_words), column) for column in left]
            best, chosen = max(scored, key=lambda s: s[0], default=(0.0, None))
            if chosen is not None and best >= GUESSED:
                columns[name], confidence[name] = chosen.header, best
                left = [column for column in left if column is not chosen]
    return _joined_year(columns, confidence)


def _score(name: str, column: _Column, by_words: bool) -> float:
    """How well a column fits a name, 0 to 1; the cells must not speak against it."""
    looks = {
        "period": column.period,
        "period_from": column.period,
        "period_to": column.period,
        "year": column.period,
        "n": column.number,
        "assault_method": column.method,
        "lsoa": column.code,
        "place_name": 1 - max(column.number, column.method, column.period),
    }.get(name, column.number)
    said = re.fullmatch(_HEADERS[name], normal_words(column.header)) is not None
    if by_words:
        against = looks < 0.3 and name not in ("period_from", "period_to", "year")
        return (SURE if looks >= GUESSED else LIKELY) if said and not against else 0.0
    guessable = name in ("period", "n", "assault_method", "lsoa", "place_name")
    return LIKELY * looks if guessable else 0.0


def _joined_year(
    columns: dict[str, str | tuple[str, ...]], confidence: dict[str, float]
) -> tuple[dict[str, str | tuple[str, ...]], dict[str, float]]:
    """A column of years belongs to that of the months."""
    year, sure = columns.pop("year", None), confidence.pop("year", 0.0)
    if isinstance(year, str):
        month = columns.get("period")
        columns["period"] = (year, month) if isinstance(month, str) else year
        confidence.setdefault("period", sure)
    if "period_from" in columns and "period_to" in columns and "period" in columns:
        columns.pop("period")
        confidence.pop("period")
    return columns, confidence


def _lacks_years(
    raw: RawExtract, columns: Mapping[str, str | tuple[str, ...]], counted: set[str]
) -> bool:
    """Whether months stand without a year in the column of periods, or in the headers."""
    header = columns.get("period", columns.get("period_from"))
    if isinstance(header, str):
        texts = text_of(raw.rename(columns=str), header).dropna().unique()
        months = [str(t) for t in texts if read_period(str(t), year=read_period("2024"))]
        return any(read_period(text) is None for text in months)
    months = [h for part in counted for h in re.split(r" / ", part)]
    told = [m for m in months if read_period(m, year=read_period("2024")) and not is_total(m)]
    return header is None and any(read_period(month) is None for month in told)
