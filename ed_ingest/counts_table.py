"""A table of counts, long or wide -> one row for each cell that is a count."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd

from ed_ingest.codes import normal_words
from ed_ingest.coordinates import points
from ed_ingest.counts_cells import Heading, read_headings
from ed_ingest.counts_labels import is_total
from ed_ingest.errors import MappingError
from ed_ingest.header import BEYOND_HEADERS
from ed_ingest.layout import text_of
from ed_ingest.periods import Period

_POINT = ("easting", "northing", "latitude", "longitude")
_TEXTS = ("period", "period_from", "period_to", "place_name", "lsoa", "assault_method")


class CountsShape(NamedTuple):
    """How the file is laid out: as in ``[counts]`` of the provider's file."""

    wide: str = "no"
    methods: Mapping[str, str] = MappingProxyType({})
    period: str | None = None
    blank: str = "suppressed"


class Cells(NamedTuple):
    """One row for each count, and how many columns and cells of totals were left out.

    Columns of the table: ``row``, ``words`` (of the period), ``heading_period``, ``place_name``,
    ``lsoa``, ``easting``, ``northing``, ``refused``, ``method``, ``cell``.
    """

    table: pd.DataFrame
    n_others: int
    n_totals: int


def cells_of_counts(
    raw: pd.DataFrame,
    mapped: pd.DataFrame,
    columns: Mapping[str, str | tuple[str, ...]],
    shape: CountsShape,
    *,
    year: Period | None,
    where: str,
) -> Cells:
    """Take a table apart; totals are left out.

    Parameters
    ----------
    raw, mapped, columns
        Cells as delivered, those under the schema's names, and the mapping.
    shape
        Whether methods or periods stand in columns of their own.
    year
        Of headings that tell only a month.
    where
        For messages.

    Raises
    ------
    MappingError
        If there is no column of counts, or one that the shape names is missing.
    """
    base = _labels(mapped)
    if shape.wide == "no":
        if "n" not in mapped:
            raise MappingError(
                f"{where}: no column for n. Name the column of counts under [columns], or say with "
                "wide under [counts] what the columns are of."
            )
        table = base.assign(cell=text_of(mapped, "n"), heading_period=None)
        others = 0
    else:
        headings, left_out = _headings(raw, columns, shape, year, where)
        parts = [_of_heading(base, raw, heading) for heading in headings]
        table, others = pd.concat(parts, ignore_index=True), len(left_out)
    table = table.reset_index(drop=True)
    texts = ("place_name", "lsoa", "words", "method", "cell")
    table = table.astype(dict.fromkeys(texts, "str"))
    totals = _are_totals(table)
    return Cells(table[~totals], others, int(totals.sum()))


def _labels(mapped: pd.DataFrame) -> pd.DataFrame:
    texts = pd.DataFrame({name: _filled(text_of(mapped, name)) for name in _TEXTS})
    both = texts["period_from"] + " - " + texts["period_to"]
    words = texts["period"].fillna(both).fillna(texts["period_from"])
    place = points(mapped[[name for name in _POINT if name in mapped]])
    base = texts[["place_name", "lsoa"]].assign(words=words, method=texts["assault_method"])
    return base.join(place).assign(row=mapped.index)


def _filled(texts: pd.Series) -> pd.Series:
    """Fill the gaps that merged cells leave: a label stands in the first row of its group only."""
    given = texts.dropna()
    gaps = len(texts) - len(given)
    if given.empty or gaps < len(texts) / 3 or pd.isna(texts.iloc[0]):
        return texts
    return texts if given.eq(given.shift()).any() else texts.ffill()


def _headings(
    raw: pd.DataFrame,
    columns: Mapping[str, str | tuple[str, ...]],
    shape: CountsShape,
    year: Period | None,
    where: str,
) -> tuple[list[Heading], list[str]]:
    used = {_plain(h) for header in columns.values() for h in _headers(header)}
    free = [str(h) for h in raw.columns if _plain(str(h)) not in used and h != BEYOND_HEADERS]
    headings, others = read_headings(free, wide=shape.wide, methods=shape.methods, year=year)
    found = {normal_words(heading.method) for heading in headings if heading.method}
    missing = len({normal_words(name) for name in shape.methods} - found)
    if not headings or (missing and shape.wide != "period"):
        raise MappingError(
            f"{where}: {missing or 'all'} of the columns of counts are missing. Check [counts] in "
            "the provider's file against the headers of the delivery, and that their year is told."
        )
    return headings, others


def _of_heading(base: pd.DataFrame, raw: pd.DataFrame, heading: Heading) -> pd.DataFrame:
    cells = text_of(raw, heading.header)
    part = base.assign(cell=cells, heading_period=_repeated(heading.period, base))
    return part if heading.method is None else part.assign(method=heading.method)


def _repeated(period: Period | None, rows: pd.DataFrame) -> pd.Series:
    """The same on every row; a tuple would be taken for a column."""
    values = np.empty(len(rows), dtype=object)
    for place in range(len(rows)):
        values[place] = period
    return pd.Series(values, index=rows.index)


def _are_totals(table: pd.DataFrame) -> pd.Series:
    """Sums over places, periods or methods; a method of all together stays where it is alone."""
    labels = _total(table["place_name"]) | _total(table["words"])
    methods = _total(table["method"])
    keys = [table[name].astype("str").fillna("") for name in ("words", "place_name", "lsoa")]
    keys.append(table["heading_period"].astype("str").fillna(""))
    parts = (~methods & table["method"].notna()).groupby(keys).transform("any")
    return labels | (methods & parts)


def _total(texts: pd.Series) -> pd.Series:
    known = {text: is_total(str(text)) for text in texts.dropna().unique()}
    return texts.map(known).eq(True)


def _headers(header: str | tuple[str, ...]) -> tuple[str, ...]:
    return (header,) if isinstance(header, str) else tuple(header)


def _plain(header: str) -> str:
    return " ".join(header.split()).casefold()
