"""Which rows hold which item: present, valid, usable."""

from __future__ import annotations

import pandas as pd

from ed_ingest.items import ITEMS, is_present
from ed_ingest.levels import HOMES
from ed_ingest.levels import MAPPED_LEVELS as MAPPED_LEVELS

USABLE_PRECISIONS = ("minute", "part_of_day")
VALID_PRECISIONS = (*USABLE_PRECISIONS, "date")
MINIMUM_DATA_SET = tuple(item.item for item in ITEMS if item.minimum)
COUNTS = ["n", "present", "valid", "usable"]
# Places of which details of the premises are appropriate.
_PREMISES_TYPES = ("licensed_premises", "food_or_shop")
_CODED_BY_METHOD = ("type", "knife", "other_weapon", "firearm")


def measure(assaults: pd.DataFrame, present: pd.Series, held_back: pd.DataFrame) -> pd.DataFrame:
    """Count, per provider, month and item, the rows that hold it.

    Parameters
    ----------
    assaults
        Contract columns of stored assaults; the month is that of the arrival, else of the assault.
    present
        Masks of `items_present` on the index of `assaults`.
    held_back
        ``provider, month, items_present`` of rows held back: present at best.

    Returns
    -------
    DataFrame
        ``provider, month`` (``YYYY-MM``), ``item`` in the order of `ITEMS`, ``n`` (rows asked),
        ``present`` (not blank nor a word for "not known"), ``valid`` (became a contract code, time
        or level), ``usable`` (type known; time to the minute or part of the day; place specific or
        a home; else as valid). Each is at most the one before. Details of premises are asked of
        assaults at licensed premises, food places and shops.
    """
    stored = pd.DataFrame({"provider": assaults["provider"], "month": month_of(assaults)})
    tables: list[pd.DataFrame] = []
    for item in ITEMS:
        delivered = is_present(present, item.item)
        usable = _usable(assaults, item.item)
        if item.item == "premises":
            usable &= delivered  # a point without words tells nothing of the premises
        valid = usable | (_valid(assaults, item.item) & delivered)
        came = stored.assign(n=1, present=valid | delivered, valid=valid, usable=usable)
        kept_back = held_back[["provider", "month"]].assign(
            n=1, present=is_present(held_back["items_present"], item.item), valid=0, usable=0
        )
        if item.item == "premises":
            came, kept_back = came[_at_premises(assaults)], kept_back[:0]
        both = pd.concat([came, kept_back]).astype(dict.fromkeys(COUNTS, "int64"))
        sums = both.groupby(["provider", "month"], as_index=False)[COUNTS].sum()
        tables.append(sums.assign(item=item.item, order=len(tables)))
    long = pd.concat(tables).sort_values(["provider", "month", "order"], ignore_index=True)
    return long[["provider", "month", "item", *COUNTS]]


def is_complete(assaults: pd.DataFrame) -> pd.Series:
    """Tell whether type, time and location are all usable."""
    complete = pd.Series(True, index=assaults.index)
    for item in MINIMUM_DATA_SET:
        complete &= _usable(assaults, item)
    return complete


def month_of(assaults: pd.DataFrame) -> pd.Series:
    """Month of the arrival, else of the assault, ``YYYY-MM``."""
    months: pd.Series = assaults["arrived_at"].fillna(assaults["assault_from"]).dt.strftime("%Y-%m")
    return months


def _usable(assaults: pd.DataFrame, item: str) -> pd.Series:
    if item in _CODED_BY_METHOD:
        return assaults["assault_method"].ne("unknown")
    if item == "time":
        return assaults["time_precision"].isin(USABLE_PRECISIONS)
    if item == "location":
        home = assaults["location_type"].isin(HOMES)
        return home | assaults["location_level"].isin((*MAPPED_LEVELS, "withheld"))
    if item == "premises":
        return assaults["location_level"].isin(["premises", "coordinates"])
    return assaults[item].ne("unknown")


def _valid(assaults: pd.DataFrame, item: str) -> pd.Series:
    if item == "time":
        return assaults["time_precision"].isin(VALID_PRECISIONS)
    if item in ("location", "premises"):
        return assaults["location_level"].ne("none")
    return _usable(assaults, item)


def _at_premises(assaults: pd.DataFrame) -> pd.Series:
    return assaults["location_type"].isin(_PREMISES_TYPES)
