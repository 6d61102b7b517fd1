"""Read the calendar of local events that a partnership keeps: matches, festivals, fairs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ed_ingest.errors import ReferenceDataError
from ed_ingest.own_lists import first_rows, read_own_list
from ed_ingest.reference_folder import EVENTS_FILE

COLUMNS = ["first_night", "last_night", "name"]


def load_events(folder: Path) -> pd.DataFrame | None:
    """Read the local events of a reference folder: its ``events.csv``; None where it has none.

    Raises
    ------
    ReferenceDataError
        As `read_events`.
    """
    path = folder / EVENTS_FILE
    return read_events(path) if path.is_file() else None


def read_events(path: Path) -> pd.DataFrame:
    """Read local events for `special_nights.calendar_of_nights`.

    Parameters
    ----------
    path
        CSV file in UTF-8 with ``first_night, last_night, name``; dates as 2025-12-31, both nights
        included; an empty ``last_night`` is the first.

    Returns
    -------
    DataFrame
        ``first_night, last_night`` (midnight of the date), ``name``, in the order of the nights.

    Raises
    ------
    ReferenceDataError
        If the file cannot be read, lacks a column, or holds a date that is none, an event without a
        name, or one that ends before it begins.
    """
    events = read_own_list(path, COLUMNS)
    events["last_night"] = events["last_night"].fillna(events["first_night"])
    nights = events[["first_night", "last_night"]].apply(
        pd.to_datetime, format="%Y-%m-%d", errors="coerce"
    )
    wrong = (
        nights.isna().any(axis=1)
        | events["name"].isna()
        | (nights["last_night"] < nights["first_night"])
    )
    if wrong.any():
        raise ReferenceDataError(
            f"{path.name}: row {first_rows(wrong)}: each event needs a name and its nights "
            "as 2025-12-31, the last one not before the first."
        )
    found: pd.DataFrame = nights.assign(name=events["name"].str.strip())
    return found.sort_values(COLUMNS, ignore_index=True)
