"""Police recorded crime -> Crimes: the same reading, mapping and checking as for hospitals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType

import pandas as pd

from ed_ingest.agreed_items import without_items
from ed_ingest.codes import check_values
from ed_ingest.crime_places import crime_places
from ed_ingest.date_order import judge_date_order
from ed_ingest.deidentify import opaque_ids
from ed_ingest.intervals import committed
from ed_ingest.issues import HELD_BACK, NOTED, all_issues, issue_rows
from ed_ingest.kept_since import held_back_as_old
from ed_ingest.layout import text_of
from ed_ingest.markers import MARKERS, read_markers
from ed_ingest.offences import TELLING, offence_codes, offence_groups
from ed_ingest.schema import TableSpec
from ed_ingest.tables import Crimes, Gazetteer, Mapped, ValidatedCrimes
from ed_ingest.when import DateOrder

_NONE: Mapping[str, Mapping[str, str]] = MappingProxyType({})
_PART = "\x1f"


def read_crimes(
    mapped: Mapped,
    spec: TableSpec,
    *,
    key: bytes,
    provider: str,
    batch_id: str,
    places: Gazetteer,
    values: Mapping[str, Mapping[str, str]] = _NONE,
    date_order: DateOrder | None = None,
    agreed: Collection[str] | None = None,
    kept_since: date | None = None,
) -> ValidatedCrimes:
    """Turn a police file's cells into the contract's crimes.

    Parameters
    ----------
    mapped
        Cells under the schema's names: police.uk (with ``committed_month``) or a force's extract.
    spec
        The schema ``police_crime``.
    key, provider, batch_id
        For the opaque ids; whose file it is; which delivery.
    places
        Known places, whose names alone stay in the words; small areas, for rows without a
        delivered LSOA. EPSG:27700.
    values
        The force's own words -> contract codes, by column.
    date_order
        Order of figures in the file's dates; judged from them when not given.
    agreed
        Contract columns that the sharing agreement covers, all when not given; the others are
        emptied.
    kept_since
        Rows that ended before this day are held back: records are not kept so long.

    Returns
    -------
    ValidatedCrimes
        ``crimes`` with exactly the contract's columns, on the index of `mapped`. Rows without a
        place are kept; rows without a date are held back. Equal rows are never merged: police
        files repeat them rightly, so ``n_duplicate`` is 0. A crime at a home keeps its small area
        only.

    Raises
    ------
    SettingsError
        If the force's words are mapped to what is no contract code.
    """
    check_values(values, _contract_codes(spec))
    date_order = date_order or _date_order(mapped)
    times = committed(mapped, date_order=date_order)
    table = times.join(_offences(mapped, values)).join(read_markers(mapped, values))
    table = table.join(crime_places(mapped, values, markers=table, places=places))
    table["crime_id"] = opaque_ids(key, provider, _names_of_rows(mapped))
    table["provider"], table["batch_id"] = provider, batch_id
    too_old = held_back_as_old(table["committed_to"], kept_since, column="committed_to")
    issues = all_issues([*_impossible(table, mapped), too_old, *_doubtful(table)])
    held_back = table.index.isin(issues.loc[issues["fate"] == HELD_BACK, "row"])
    crimes = table.loc[~held_back, spec.contract]
    texts = dict.fromkeys([f for f in spec.contract if spec.fields[f].kind == "string"], "str")
    others = [] if agreed is None else [n for n in spec.contract if n not in agreed]
    crimes = without_items(crimes.astype(texts), spec, others)
    return ValidatedCrimes(Crimes(crimes), issues, 0)


def _date_order(mapped: pd.DataFrame) -> DateOrder:
    names = [name for name in mapped if str(name).startswith("committed_")]
    return judge_date_order([mapped[name] for name in names])


def _contract_codes(spec: TableSpec) -> dict[str, tuple[str, ...]]:
    codes = {field.name: field.codes for field in spec.fields.values()}
    groups, types = spec.fields["offence_group"].codes, spec.fields["location_type"].codes
    return {**codes, **dict.fromkeys(TELLING, groups), "premises_type": types}


def _offences(mapped: pd.DataFrame, values: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    groups, unread = offence_groups(mapped, values)
    return pd.DataFrame(
        {
            "offence_code": offence_codes(text_of(mapped, "offence_code")),
            "offence_group": groups,
            "_unread_offence_group": unread,
        }
    )


def _names_of_rows(mapped: pd.DataFrame) -> pd.Series:
    """What tells each row from all others, the same whenever the same file is read.

    The force's reference (with the month, since police.uk repeats some), or else the whole row;
    and how many equal ones came before.
    """
    reference = text_of(mapped, "crime_reference")
    month = text_of(mapped, "committed_month").fillna("")
    named = "reference" + _PART + reference + _PART + month
    nameless = mapped[reference.isna()]
    content = pd.Series("row", index=nameless.index, dtype="str")
    for column in (name for name in sorted(mapped.columns) if not str(name).startswith("_")):
        content = content + _PART + text_of(nameless, column).fillna("")
    parts = named.where(reference.notna(), content.reindex(mapped.index))
    ordinal = parts.groupby(parts).cumcount()
    return parts + _PART + ordinal.astype("str")


def _impossible(table: pd.DataFrame, mapped: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows that are held back."""
    misplaced = mapped.get("_misplaced", pd.Series(False, index=mapped.index))
    yield issue_rows(
        misplaced.astype(bool),
        column="",
        rule="no more cells than headers",
        fate=HELD_BACK,
        remedy="Ask for text with commas in quotation marks, or for a workbook.",
    )
    yield issue_rows(
        table["committed_from"].isna(),
        column="committed_from",
        rule="a date of the crime",
        fate=HELD_BACK,
        remedy="Check [columns] and date_order in the provider's file, or ask for the dates.",
        cells=table["_unread_committed_from"],
    )


def _doubtful(table: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows that are stored all the same."""
    dated = table["committed_from"].notna()
    unread = table["_unread_committed_from"]
    yield issue_rows(
        unread.notna() & dated,
        column="committed_from",
        rule="a date or time that can be read",
        fate=NOTED,
        remedy="Ask the force for one way of writing times.",
        cells=unread,
    )
    yield issue_rows(
        table["_turned"].astype(bool),
        column="committed_to",
        rule="not before committed_from",
        fate=NOTED,
        remedy="Ask the force which is right; the record keeps the start alone.",
    )
    yield issue_rows(
        table["_point_refused"],
        column="easting",
        rule="coordinates in Great Britain",
        fate=NOTED,
        remedy="Check which column is easting or longitude and which northing or latitude.",
    )
    for column in ("offence_group", "location_type", *MARKERS):
        cells = table[f"_unread_{column}"]
        yield issue_rows(
            cells.notna(),
            column=column,
            rule="words that are known",
            fate=NOTED,
            remedy="Add the force's words under [values] in the provider's file.",
            cells=cells,
        )
