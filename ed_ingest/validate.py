"""Rows that meet the schema, rows that do not, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from ed_ingest.issues import HELD_BACK, NOTED, all_issues, issue_rows
from ed_ingest.schema import TableSpec
from ed_ingest.tables import Attendances, Normalised, Validated

EARLIEST = pd.Timestamp(2000, 1, 1)
# An assault this long or longer after arrival has a wrong date; one shorter may carry the date of
# the evening before or after, which is left as told and flagged.
LATE_AFTER = pd.Timedelta(hours=24)
LONG_BEFORE = pd.Timedelta(days=90)

_CORRECT = "Ask the provider to correct the row and send it again."


def validate(normalised: Normalised, spec: TableSpec, *, received_on: date) -> Validated:
    """Part the rows into those to be stored and those held back; drop what is no assault.

    Parameters
    ----------
    normalised
        Contract codes and typed values, with the columns for the checks.
    spec
        The schema ``ed_assault``.
    received_on
        Day of the delivery: no arrival lies after it.

    Returns
    -------
    Validated
        ``attendances`` and ``held_back`` without the columns for the checks; ``issues``; rows that
        are no assault and rows equal to an earlier one in every delivered cell are only counted.
        Rows equal but without arrival or attendance number are kept and noted.
    """
    assaults = normalised[normalised["is_assault"]]
    named = assaults["arrived_at"].notna() | assaults["attendance_number"].notna()
    duplicate = assaults["_repeat"] & named
    rows = assaults[~duplicate]
    issues = all_issues(
        [
            *_impossible(rows, received_on),
            *_doubtful(rows),
            *_not_understood(rows, spec),
            *_against_schema(rows, spec),
        ]
    )
    held_back = rows.index.isin(issues.loc[issues["fate"] == HELD_BACK, "row"])
    kept = [name for name in rows if not str(name).startswith("_") and name != "is_assault"]
    return Validated(
        attendances=Attendances(rows.loc[~held_back, kept]),
        issues=issues,
        held_back=rows.loc[held_back, kept],
        n_not_assault=len(normalised) - len(assaults),
        n_duplicate=int(duplicate.sum()),
    )


def _impossible(rows: pd.DataFrame, received_on: date) -> Iterator[pd.DataFrame]:
    """Rows that cannot be placed in time, or whose cells stand in the wrong columns."""
    arrived, assault = rows["arrived_at"], rows["assault_from"]
    tomorrow = pd.Timestamp(received_on) + pd.Timedelta(days=1)
    yield _held(
        rows["_misplaced"].astype(bool),
        "",
        "no more cells than headers",
        "Ask for text with commas in quotation marks, or for a workbook.",
    )
    yield _held(
        arrived.isna() & assault.isna(),
        "arrived_at",
        "a date of arrival or assault",
        "Ask the provider for the date and send the row again.",
        cells=rows["_unread_arrived_at"].fillna(rows["_unread_assault_from"]),
    )
    yield _held(
        (arrived >= tomorrow) | (arrived.isna() & (assault >= tomorrow)),
        "arrived_at",
        "not after the day of delivery",
        _CORRECT,
    )
    yield _held(
        (arrived < EARLIEST) | (assault < EARLIEST),
        "arrived_at",
        "not before the year 2000",
        _CORRECT,
    )
    yield _held(
        _after_arrival(rows) >= LATE_AFTER, "assault_from", "assault before arrival", _CORRECT
    )
    numbers = rows["attendance_number"]
    yield _held(
        numbers.notna() & numbers.duplicated(keep="last"),
        "attendance_number",
        "each attendance number once; the last row counts",
        "Check that attendance_number under [columns] names the attendance, not the person.",
    )


def _after_arrival(rows: pd.DataFrame) -> pd.Series:
    """How long after arrival the earliest possible time of the assault lies."""
    latest = rows["arrived_at"].mask(
        rows["_no_arrival_time"], rows["arrived_at"] + pd.Timedelta(hours=23, minutes=59)
    )
    after: pd.Series = rows["assault_from"] - latest
    return after


def _doubtful(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows that are stored all the same."""
    after = _after_arrival(rows)
    yield _noted(
        (after > pd.Timedelta(0)) & (after < LATE_AFTER),
        "assault_from",
        "assault before arrival",
        "Ask whether the date is that of the evening before; the record keeps what was told.",
    )
    yield _noted(
        after < -LONG_BEFORE,
        "assault_from",
        "assault within 90 days before arrival",
        "Ask the provider whether the date of the assault is right.",
    )
    yield _noted(
        rows["_no_arrival_time"].astype(bool),
        "arrived_at",
        "arrival with its time",
        "Ask the provider for the time of arrival.",
    )
    yield _noted(
        rows["clock_change"] == "nonexistent",
        "assault_from",
        "a time that the clocks showed",
        "None: in this hour of March the clocks go forward, so the time was written an hour off.",
    )
    yield _noted(
        rows["_point_refused"],
        "easting",
        "coordinates in Great Britain",
        "Check which column is easting or longitude and which northing or latitude; the record "
        "is stored without them.",
    )
    yield _noted(
        rows["_repeat"].astype(bool),
        "arrived_at",
        "no two rows alike",
        "Rows alike without arrival may be two patients: ask the provider for the arrival.",
    )


def _not_understood(rows: pd.DataFrame, spec: TableSpec) -> Iterator[pd.DataFrame]:
    """Cells that were delivered and not understood; the contract's column is left unknown."""
    for name in ("arrived_at", "assault_from"):
        cells = rows[f"_unread_{name}"]
        if name == "arrived_at":
            known = rows["assault_from"].notna()
        else:
            known = rows["arrived_at"].notna() | rows["assault_from"].notna()
        rule = "a date or time that can be read"
        remedy = "Check date_order under [format]; ask the provider for one way of writing times."
        yield _noted(cells.notna() & known, name, rule, remedy, cells=cells)
    unknown_area = rows["_unread_lsoa"].notna()
    yield _noted(
        unknown_area,
        "lsoa",
        "the code of a small area",
        "Check lsoa under [columns] in the provider's file; the record is stored without it.",
        cells=rows["_unread_lsoa"],
    )
    for name in (f.name for f in spec.fields.values() if f.codes):
        if f"_unread_{name}" in rows:
            cells = rows[f"_unread_{name}"]
            rule = "words that are known"
            remedy = f"Add the provider's words under [values.{name}] in the provider's file."
            yield _noted(cells.notna(), name, rule, remedy, cells=cells)


def _against_schema(rows: pd.DataFrame, spec: TableSpec) -> Iterator[pd.DataFrame]:
    """Whatever breaks a constraint of the schema; what later stages fill is not looked at."""
    for field in (f for f in spec.fields.values() if f.name in rows):
        column = rows[field.name]
        broken = column.isna() if field.required else pd.Series(False, index=rows.index)
        if field.codes:
            broken |= column.notna() & ~column.isin(field.codes)
        if field.minimum is not None:
            broken |= column < field.minimum
        if field.maximum is not None:
            broken |= column > field.maximum
        rule = "as the schema says"
        remedy = f"See {field.name} in schemas/{spec.name}.json. {_CORRECT}"
        yield _held(broken, field.name, rule, remedy)


def _held(
    mask: pd.Series, column: str, rule: str, remedy: str, *, cells: pd.Series | None = None
) -> pd.DataFrame:
    return issue_rows(mask, column=column, rule=rule, fate=HELD_BACK, remedy=remedy, cells=cells)


def _noted(
    mask: pd.Series, column: str, rule: str, remedy: str, *, cells: pd.Series | None = None
) -> pd.DataFrame:
    return issue_rows(mask, column=column, rule=rule, fate=NOTED, remedy=remedy, cells=cells)
