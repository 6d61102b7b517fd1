"""Rows that meet the schema, rows that do not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from ed_ingest.doubts import LATE_AFTER, doubts, rounded
from ed_ingest.issues import HELD_BACK, all_issues, issue_rows
from ed_ingest.kept_since import held_back_as_old
from ed_ingest.schema import Field, TableSpec
from ed_ingest.schema_checks import failing_cells
from ed_ingest.tables import Attendances, Normalised, Validated

EARLIEST = pd.Timestamp(2000, 1, 1)

_CORRECT = "Ask the provider to correct the row and send it again."


def validate(
    normalised: Normalised,
    spec: TableSpec,
    *,
    received_on: date,
    kept_since: date | None = None,
) -> Validated:
    """Part the rows into those to be stored and those held back; drop what is no assault.

    Held back is only what cannot be placed in time at all, or is certainly wrong; whatever else is
    doubtful is noted, and the row is stored.

    Parameters
    ----------
    normalised
        Contract codes and typed values, with the columns for the checks.
    spec
        The schema ``ed_assault``.
    received_on
        Day of the delivery: no arrival lies after it.
    kept_since
        Rows from before this day are held back: records are not kept so long.

    Returns
    -------
    Validated
        ``attendances`` and ``held_back`` without the columns for the checks; ``issues``; rows that
        are no assault and rows equal to an earlier one in every delivered cell are only counted.
        Rows equal but without arrival or attendance number are kept and noted. Attendance numbers
        that a spreadsheet has rounded are left out: two attendances may have the same.
    """
    assaults = _without_rounded_numbers(normalised[normalised["is_assault"]])
    named = assaults["arrived_at"].notna() | assaults["attendance_number"].notna()
    duplicate = assaults["_repeat"] & named
    rows = assaults[~duplicate]
    rows = rows.assign(_after_arrival=_after_arrival(rows, _tomorrow(received_on)))
    moments = rows["arrived_at"].fillna(rows["assault_to"])
    too_old = held_back_as_old(moments, kept_since, column="arrived_at")
    impossible = [*_impossible(rows, received_on), too_old]
    issues = all_issues([*impossible, *doubts(rows, spec), *_against_schema(rows, spec)])
    held_back = rows.index.isin(issues.loc[issues["fate"] == HELD_BACK, "row"])
    kept = [name for name in rows if not str(name).startswith("_") and name != "is_assault"]
    return Validated(
        attendances=Attendances(rows.loc[~held_back, kept]),
        issues=issues,
        held_back=rows.loc[held_back, kept],
        n_not_assault=len(normalised) - len(assaults),
        n_duplicate=int(duplicate.sum()),
    )


def _without_rounded_numbers(assaults: pd.DataFrame) -> pd.DataFrame:
    numbers = assaults["attendance_number"]
    spoilt = rounded(numbers)
    return assaults.assign(attendance_number=numbers.mask(spoilt), _rounded_number=spoilt)


def _tomorrow(received_on: date) -> pd.Timestamp:
    return pd.Timestamp(received_on) + pd.Timedelta(days=1)


def _after_arrival(rows: pd.DataFrame, tomorrow: pd.Timestamp) -> pd.Series:
    """How long after arrival the earliest possible time of the assault lies.

    Missing where either is impossible by itself: that is told, and comparing would tell it twice.
    """
    arrived, assault = rows["arrived_at"], rows["assault_from"]
    end_of_day = arrived + pd.Timedelta(hours=23, minutes=59)
    after = assault - arrived.mask(rows["_no_arrival_time"], end_of_day)
    return after.where((arrived >= EARLIEST) & (arrived < tomorrow) & (assault >= EARLIEST))


def _impossible(rows: pd.DataFrame, received_on: date) -> Iterator[pd.DataFrame]:
    """Rows that cannot be placed in time, or whose cells stand in the wrong columns."""
    arrived, assault = rows["arrived_at"], rows["assault_from"]
    arrival_came, assault_came = rows["_came_arrived_at"], rows["_came_assault_from"]
    tomorrow = _tomorrow(received_on)
    yield _held(
        rows["_misplaced"].astype(bool),
        "",
        "no more cells than headers",
        "Ask for text with commas in quotation marks, or for a workbook.",
    )
    unread = rows["_unread_arrived_at"].fillna(rows["_unread_assault_from"])
    yield _held(
        arrived.isna() & assault.isna(),
        "arrived_at",
        "a date of arrival or assault",
        "Ask the provider for the date and send the row again.",
        cells=unread,
    )
    for late, cells in (
        (arrived >= tomorrow, arrival_came),
        (arrived.isna() & (assault >= tomorrow), assault_came),
    ):
        yield _held(late, "arrived_at", "not after the day of delivery", _CORRECT, cells=cells)
    for early, cells in (
        (arrived < EARLIEST, arrival_came),
        ((assault < EARLIEST) & ~(arrived < EARLIEST), assault_came),
    ):
        yield _held(early, "arrived_at", "not before the year 2000", _CORRECT, cells=cells)
    yield _held(
        rows["_after_arrival"] >= LATE_AFTER,
        "assault_from",
        "assault before arrival",
        _CORRECT,
        cells=assault_came,
    )
    yield _held(
        rows["assault_to"] < assault,
        "assault_to",
        "an end of the assault that is not before its start",
        _CORRECT,
        cells=assault_came,
    )
    numbers = rows["attendance_number"]
    yield _held(
        numbers.notna() & numbers.duplicated(keep="last"),
        "attendance_number",
        "each attendance number once; the last row counts",
        "Check that attendance_number under [columns] names the attendance, not the person.",
    )


def _against_schema(rows: pd.DataFrame, spec: TableSpec) -> Iterator[pd.DataFrame]:
    """Whatever breaks a rule of the schema; what later stages fill is not looked at."""
    found = failing_cells(rows[[name for name in spec.fields if name in rows]], spec)
    for (column, rule), cells in found.groupby(["column", "rule"], sort=False):
        yield issue_rows(
            pd.Index(cells["row"]),
            column=str(column),
            rule=_in_words(str(rule), spec.fields.get(str(column))),
            fate=HELD_BACK,
            remedy=f"See {column or 'the key'} in schemas/{spec.name}.json. {_CORRECT}",
        )


def _in_words(rule: str, field: Field | None) -> str:
    """A rule of the Table Schema as a person would say it."""
    told = field.constraints if field else {}
    words = {
        "required": "a value",
        "enum": "one of the contract's codes",
        "unique": "a value that no earlier row has",
        "pattern": "the form that the schema gives",
        "type": f"a value of the type {field.kind if field else ''}",
        "minimum": f"at least {told.get('minimum')}",
        "maximum": f"at most {told.get('maximum')}",
        "exclusiveMinimum": f"more than {told.get('exclusiveMinimum')}",
        "exclusiveMaximum": f"less than {told.get('exclusiveMaximum')}",
        "minLength": f"at least {told.get('minLength')} characters",
        "maxLength": f"at most {told.get('maxLength')} characters",
    }
    return words.get(rule, rule)


def _held(
    mask: pd.Series, column: str, rule: str, remedy: str, *, cells: pd.Series | None = None
) -> pd.DataFrame:
    return issue_rows(mask, column=column, rule=rule, fate=HELD_BACK, remedy=remedy, cells=cells)
