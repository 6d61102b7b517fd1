"""Read what a partnership notes of its hospitals' recording: training days, new systems."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from ed_ingest.errors import ReferenceDataError
from ed_ingest.own_lists import first_rows, read_own_list

FILE_NAME = "completeness-events.csv"
COLUMNS = ["provider", "month", "event", "new_limits"]
ALL = "all"
_YES_NO = {"yes": True, "no": False}


def load_completeness_events(folder: Path, providers: Collection[str]) -> pd.DataFrame:
    """Read the events that the control charts name.

    Parameters
    ----------
    folder
        The workspace's reference folder. The file completeness-events.csv may lie in it: UTF-8 with
        ``provider`` (an id, or ``all``), ``month`` (``YYYY-MM``, the first month after it),
        ``event`` (a few words; they are printed as they stand), ``new_limits`` (``yes``: the
        recording is another from then on, so mean and limits are taken anew; ``no``: only shown).
    providers
        Ids of all providers that there are.

    Returns
    -------
    DataFrame
        Those columns, ``new_limits`` as truth values, in the order of the months; a row for each
        provider where the file says ``all``. Without the file, no row.

    Raises
    ------
    ReferenceDataError
        If the file cannot be read, lacks a column, or has a row that is not as above.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return _typed(pd.DataFrame(columns=COLUMNS, dtype="str"))
    events = read_own_list(path, COLUMNS)
    events = events.apply(lambda cells: cells.str.strip())
    wrong = (
        ~events["provider"].isin([*providers, ALL])
        | ~events["month"].str.fullmatch(r"20\d{2}-(?:0[1-9]|1[0-2])").fillna(False).astype(bool)
        | events["event"].fillna("").eq("")
        | ~events["new_limits"].isin(list(_YES_NO))
    )
    if wrong.any():
        raise ReferenceDataError(
            f'{FILE_NAME}: row {first_rows(wrong)}: write the provider\'s id or "all", a month '
            'as 2025-12, the event in a few words, and "yes" or "no" under new_limits.'
        )
    every = events["provider"].eq(ALL)
    of_all = (
        events[every]
        .drop(columns="provider")
        .merge(pd.DataFrame({"provider": sorted(providers)}), how="cross")
    )
    return _typed(pd.concat([events[~every], of_all[COLUMNS]]))


def _typed(events: pd.DataFrame) -> pd.DataFrame:
    events = events.assign(new_limits=events["new_limits"].map(_YES_NO).astype(bool))
    return events.sort_values(["month", "provider", "event"], ignore_index=True)
