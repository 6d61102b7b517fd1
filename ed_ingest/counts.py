"""A table of counts -> one row for each period, place and method, checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from ed_ingest.agreed_items import without_items
from ed_ingest.codes import UNKNOWN, check_values
from ed_ingest.counts_cells import read_methods, read_numbers
from ed_ingest.counts_labels import is_total
from ed_ingest.counts_periods import period_of_file, periods_of_rows, year_of_file
from ed_ingest.counts_places import place_counts
from ed_ingest.counts_table import CountsShape, cells_of_counts
from ed_ingest.deidentify import opaque_ids
from ed_ingest.issues import HELD_BACK, NOTED, all_issues, issue_rows
from ed_ingest.kept_since import REMEDY, RULE
from ed_ingest.layout import apply_mapping
from ed_ingest.schema import TableSpec
from ed_ingest.tables import Counts, Gazetteer, Issues, RawExtract

__all__ = ["CountsShape", "ReadCounts", "read_counts"]

EARLIEST = pd.Timestamp(2000, 1, 1)
_NONE: Mapping[str, Mapping[str, str]] = MappingProxyType({})
_PART = "\x1f"
_ASK = "Ask the provider to correct the row and send the file again."


class ReadCounts(NamedTuple):
    """Rows to be stored, their opaque names, what was wrong, and what became of the others."""

    counts: Counts
    count_ids: pd.Series
    issues: Issues
    n_read: int
    n_held_back: int
    n_duplicate: int


def read_counts(
    raw: RawExtract,
    spec: TableSpec,
    *,
    columns: Mapping[str, str | tuple[str, ...]],
    shape: CountsShape,
    values: Mapping[str, Mapping[str, str]] = _NONE,
    places: Gazetteer,
    key: bytes,
    provider: str,
    batch_id: str,
    received_on: date,
    where: str,
    agreed: Collection[str] | None = None,
    kept_since: date | None = None,
) -> ReadCounts:
    """Read a provider's table of counts.

    Parameters
    ----------
    raw
        Cells as delivered; ``attrs``: ``titles`` above the header, ``sheet`` and ``file_stem``.
    spec
        The schema ``assault_counts``.
    columns, shape, values
        The provider's mapping: headers, layout, own words of methods.
    places
        Known places, which the labels are looked up in.
    key, provider, batch_id
        For the opaque names: the same period, place and method get the same name again.
    received_on
        No period begins after this day.
    where
        The file, and whose mapping it is, for messages.
    agreed
        Contract columns that the sharing agreement covers, all when not given; the others are
        emptied.
    kept_since
        Counts of periods that ended before this day are held back: they are not kept so long.

    Returns
    -------
    ReadCounts
        ``n_read`` counts the cells with a count. Counts of methods that have one contract code are
        added up, and the sum is missing where one of them is suppressed. Totals are left out.
        Cells of no count or no period are held back.

    Raises
    ------
    MappingError
        If a column is missing, or the period is told nowhere.
    """
    words = {**values.get("assault_method", {}), **shape.methods}
    check_values({"assault_method": words}, {"assault_method": spec.fields["assault_method"].codes})
    mapped = apply_mapping(raw, columns, where=where)
    in_rows = "period" in shape.wide or not {"period", "period_from"}.isdisjoint(columns)
    told = None if in_rows else period_of_file(raw.attrs, shape.period, where=where)
    year = year_of_file(raw.attrs, shape.period)
    cells = cells_of_counts(raw, mapped, columns, shape, year=year, where=where)
    table = cells.table.join(read_numbers(cells.table["cell"], blank=shape.blank))
    table = table[~table["left_out"]]
    table = table.join(
        periods_of_rows(table["words"], table["heading_period"], year=year, told=told)
    )
    codes = read_methods(table["method"].mask(table["method"].map(_is_total)), words)
    table = table.assign(code=codes.fillna(UNKNOWN), unread=codes.isna(), name=_names(table))
    rejected = [*_impossible(table, received_on), *_too_old(table, kept_since)]
    bad = pd.concat([mask for mask, *_ in rejected], axis=1).any(axis=1)
    kept = table[~bad]
    repeated = kept.duplicated(["name", "method", "n"])
    located = place_counts(_added_up(kept[~repeated]), places=places)
    noted = [*_doubtful(table), *_passed_over(cells.n_others, cells.n_totals, located)]
    held = [_issue(table, *reject) for reject in rejected]
    rows = located.assign(provider=provider, batch_id=batch_id)
    return ReadCounts(
        counts=_sealed(rows, spec, agreed),
        count_ids=opaque_ids(key, provider, located["name"]),
        issues=all_issues([*held, *noted]),
        n_read=len(table),
        n_held_back=int(bad.sum()),
        n_duplicate=int(repeated.sum()),
    )


def _is_total(text: object) -> bool:
    return isinstance(text, str) and is_total(text)


def _names(table: pd.DataFrame) -> pd.Series:
    """What tells a count from others: its period, place as written, and method."""
    days = (table[c].dt.strftime("%Y-%m-%d").fillna("") for c in ("period_from", "period_to"))
    written = (table[c].str.strip().str.casefold() for c in ("place_name", "lsoa"))
    texts = (text.str.replace(r"\s+", " ", regex=True) for text in written)
    numbers = (table[c].round().astype("str") for c in ("easting", "northing"))
    name = pd.Series("count", index=table.index, dtype="str")
    for part in (*days, *texts, *numbers):
        name = name + _PART + part.astype("str").fillna("")
    return name


Rejected = tuple[pd.Series, str, str, str, pd.Series | None]


def _impossible(table: pd.DataFrame, received_on: date) -> Iterator[Rejected]:
    """What is no count, or of no period: mask, column, rule, remedy, cells."""
    yield (
        table["wrong"],
        "n",
        "a whole number, 0 or more, or a sign that it is suppressed",
        _ASK,
        table["cell"],
    )
    yield (
        table["period_from"].isna(),
        "period_from",
        "a month, quarter or range of days, with its year",
        "Check period under [columns]; where the file has no year, give it in [counts] period.",
        table["words"],
    )
    yield (
        table["period_from"] > pd.Timestamp(received_on),
        "period_from",
        "not after the day of delivery",
        _ASK,
        table["words"],
    )
    yield (table["period_from"] < EARLIEST, "period_from", "not before the year 2000", _ASK, None)
    usable = ~table["wrong"] & table["period_from"].notna()
    same = table[usable].duplicated(["name", "method", "n"])
    other = table[usable][~same].duplicated(["name", "method"], keep=False)
    yield (
        pd.Series(other, index=table.index[usable]).reindex(table.index).eq(True),
        "n",
        "each period, place and method once",
        "Two unlike counts are given for one: ask the provider which is right, or map the column "
        "that tells them apart.",
        None,
    )


def _too_old(table: pd.DataFrame, since: date | None) -> Iterator[Rejected]:
    if since is not None:
        yield (table["period_to"] < pd.Timestamp(since), "period_to", RULE, REMEDY, None)


def _issue(
    table: pd.DataFrame,
    mask: pd.Series,
    column: str,
    rule: str,
    remedy: str,
    cells: pd.Series | None,
) -> pd.DataFrame:
    chosen = table[mask].drop_duplicates("row")
    given = None if cells is None else cells.loc[chosen.index].set_axis(chosen["row"])
    rows = pd.Index(chosen["row"])
    return issue_rows(rows, column=column, rule=rule, fate=HELD_BACK, remedy=remedy, cells=given)


def _doubtful(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    unread = table[table["unread"]].drop_duplicates("row")
    yield issue_rows(
        pd.Index(unread["row"]),
        column="assault_method",
        rule="words that are known",
        fate=NOTED,
        remedy="Add the provider's words under [values.assault_method] in the provider's file.",
        cells=unread["method"].set_axis(unread["row"]),
    )
    refused = table[table["refused"]].drop_duplicates("row")
    yield issue_rows(
        pd.Index(refused["row"]),
        column="easting",
        rule="coordinates in Great Britain",
        fate=NOTED,
        remedy="Check which column is easting or longitude and which northing or latitude.",
    )


def _passed_over(n_others: int, n_totals: int, located: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Notes on the whole file."""
    n_emptied = int(located["emptied"].sum())
    for n, column, rule, remedy in (
        (n_totals, "", "rows that are records", "totals were left out: look them over."),
        (
            n_others,
            "",
            "columns that are known",
            "columns are neither mapped nor understood as counts; add those that are to [counts].",
        ),
        (
            n_emptied,
            "place_name",
            "labels of places, not of persons or homes",
            "labels were emptied: ask the provider for labels that name no person and no home.",
        ),
    ):
        rows = pd.Index([0] if n else [])
        yield issue_rows(rows, column=column, rule=rule, fate=NOTED, remedy=f"{n} {remedy}")


def _added_up(cells: pd.DataFrame) -> pd.DataFrame:
    """One row for each period, place and contract code; its label as first written."""
    grouped = cells.groupby(["name", "code"], sort=False)
    first = grouped.first()
    sums = grouped["n"].sum().where(grouped["n"].count() == grouped.size())
    rows = first[["period_from", "period_to", "place_name", "lsoa", "easting", "northing", "row"]]
    rows = rows.assign(n=sums.astype("Int64")).reset_index()
    rows["name"] = rows["name"] + _PART + rows["code"]
    texts = {c: rows[c].astype("str") for c in ("place_name", "lsoa", "name", "code")}
    points = {c: rows[c].astype("float64") for c in ("easting", "northing")}
    return rows.assign(**texts, **points).rename(columns={"code": "assault_method"})


def _sealed(rows: pd.DataFrame, spec: TableSpec, agreed: Collection[str] | None) -> Counts:
    """Exactly the contract's columns, in their types, empty where they are not agreed."""
    columns: dict[str, pd.Series] = {}
    for name in spec.contract:
        kind = spec.fields[name].kind
        if kind == "date":
            columns[name] = rows[name].astype("datetime64[s]")
        elif kind == "integer":
            columns[name] = rows[name].astype("Int64")
        else:
            columns[name] = rows[name].astype("float64" if kind == "number" else "str")
    others = [] if agreed is None else [name for name in spec.contract if name not in agreed]
    return Counts(without_items(pd.DataFrame(columns, index=rows.index), spec, others))
