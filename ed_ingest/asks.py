"""What came instead of a usable value: what to ask each hospital for."""

from __future__ import annotations

import pandas as pd

from ed_ingest.items import ITEMS, is_present, was_date_alone, was_midnight, was_word
from ed_ingest.levels import HOMES

BLANK = "blank"
WORD = "a word for “not known”"
NOT_UNDERSTOOD = "words or codes that the list does not know"
MIDNIGHT = "00:00, used for “not known”"
MIDNIGHT_SUSPECTED = "00:00, far more often than the hours beside it: is it used for “not known”?"
NO_DATE = "a time without a date"
UNREAD = "a time that could not be read"
DATE_ALONE = "a date without a time (in a spreadsheet also 00:00)"
NO_PLACE = "words in which no place was found"
TYPE_ONLY = "the kind of place only"
LOCALITY = "a town or district only"
AREA = "a postcode district or area only"
HELD_BACK = "rows that could not be stored: see “why” for each delivery"
# The weapons are told by the type of assault: they are asked for with it.
_ASKED = tuple(
    i.item for i in ITEMS if i.item not in ("knife", "other_weapon", "firearm", "premises")
)
# Midnight is suspect from this many times the mean of the hours around it, and this many rows.
_SUSPECT_TIMES, _SUSPECT_ROWS = 3.0, 10
_HOURS_AROUND = (22, 23, 1, 2)


def what_to_ask(assaults: pd.DataFrame, held_back: pd.DataFrame) -> pd.DataFrame:
    """Count what came instead of a usable value, per provider and item.

    Parameters
    ----------
    assaults
        Contract columns and ``items_present`` of stored assaults.
    held_back
        ``provider, items_present`` of rows held back.

    Returns
    -------
    DataFrame
        ``provider, item, received_instead`` (words of our own, never a cell's), ``n``: by provider,
        the items in their order, most rows first. Item ``row`` counts the rows held back.
    """
    tables = [_instead(assaults, item) for item in _ASKED]
    tables += [_not_there(held_back, item) for item in _ASKED]
    tables.append(held_back[["provider"]].assign(item="row", received_instead=HELD_BACK))
    counted = pd.concat(tables).value_counts().rename("n").reset_index()
    counted = pd.concat([counted, _suspected_midnight(assaults)])
    order = {item: place for place, item in enumerate((*_ASKED, "row"))}
    counted["order"] = counted["item"].map(order)
    by = ["provider", "order", "n", "received_instead"]
    ranked = counted.sort_values(by, ascending=[True, True, False, True], ignore_index=True)
    return ranked[["provider", "item", "received_instead", "n"]]


def received_instead(assaults: pd.DataFrame, item: str) -> pd.Series:
    """What came in each row instead of a usable value of an item, in words of our own.

    Parameters
    ----------
    assaults
        Contract columns and ``items_present`` of stored assaults.
    item
        One of those that are asked for by themselves: no weapon, no details of premises.

    Returns
    -------
    Series
        On the index of `assaults`; missing where the value is usable.
    """
    reasons = {"time": _of_time, "location": _of_location}.get(item, _of_code)(assaults, item)
    masks = assaults["items_present"]
    empty = ~is_present(masks, item) & reasons.isin([UNREAD, NO_PLACE, NOT_UNDERSTOOD])
    reasons = reasons.mask(empty, BLANK).mask(empty & was_word(masks, item), WORD)
    if item == "location":
        kind_known = empty & assaults["location_type"].ne("unknown")
        reasons = reasons.mask(kind_known, TYPE_ONLY)
    return reasons


def _instead(assaults: pd.DataFrame, item: str) -> pd.DataFrame:
    reasons = received_instead(assaults, item)
    table = assaults[["provider"]].assign(item=item, received_instead=reasons)
    return table.dropna(subset="received_instead")


def _not_there(held_back: pd.DataFrame, item: str) -> pd.DataFrame:
    """Of rows held back it is known only whether the item was there."""
    masks = held_back["items_present"]
    words = pd.Series(BLANK, index=held_back.index).mask(was_word(masks, item), WORD)
    table = held_back[["provider"]].assign(item=item, received_instead=words)
    return table[~is_present(masks, item)]


def _of_code(assaults: pd.DataFrame, item: str) -> pd.Series:
    codes = assaults["assault_method" if item == "type" else item]
    return pd.Series(None, index=assaults.index, dtype="str").mask(
        codes.eq("unknown"), NOT_UNDERSTOOD
    )


def _of_time(assaults: pd.DataFrame, item: str) -> pd.Series:
    precision = assaults["time_precision"]
    reasons = precision.map(
        {"date": UNREAD, "arrival": NO_DATE, "missing": NO_DATE}, na_action="ignore"
    )
    masks, date = assaults["items_present"], precision.eq("date")
    reasons = reasons.mask(date & was_date_alone(masks), DATE_ALONE)
    return reasons.mask(date & was_midnight(masks), MIDNIGHT)


def _of_location(assaults: pd.DataFrame, item: str) -> pd.Series:
    reasons = assaults["location_level"].map(
        {"none": NO_PLACE, "locality": LOCALITY, "area": AREA}, na_action="ignore"
    )
    return reasons.mask(assaults["location_type"].isin(HOMES), None)


def _suspected_midnight(assaults: pd.DataFrame) -> pd.DataFrame:
    """Hospitals whose times of exactly midnight outnumber the full hours around it."""
    exact = assaults[assaults["time_precision"].eq("minute")]
    times = exact["assault_from"]
    full_hour = exact[times.dt.minute.eq(0)]
    hours = full_hour["assault_from"].dt.hour
    midnight = full_hour.loc[hours.eq(0), "provider"].value_counts()
    around = full_hour.loc[hours.isin(_HOURS_AROUND), "provider"].value_counts()
    expected = around.reindex(midnight.index, fill_value=0) / len(_HOURS_AROUND)
    suspect = midnight[(midnight > _SUSPECT_TIMES * expected) & (midnight >= _SUSPECT_ROWS)]
    return pd.DataFrame(
        {
            "provider": suspect.index.astype("str"),
            "item": "time",
            "received_instead": MIDNIGHT_SUSPECTED,
            "n": suspect.to_numpy(),
        }
    )
