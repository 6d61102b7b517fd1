"""Which changes would make most rows complete: found by asking of each row what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, permutations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest import asks
from ed_ingest.asks import received_instead
from ed_ingest.measures import MINIMUM_DATA_SET

MOST_CHANGES = 3
NO_CHANGE = ""
HOSPITAL, PARTNERSHIP = "hospital", "partnership"


class Change(NamedTuple):
    """One thing that can be asked for, or done.

    ``item``: whose value it makes usable; ``whom``: who has to do it; ``words``: what.
    """

    item: str
    whom: str
    words: str


_NAMED_PLACE = {
    "licensed_premises": "ask for the name of the premises when the place is licensed premises",
    "food_or_shop": "ask for the name of the place when it is a food place or shop",
    "street": "ask for the name of the street, and what is near, when the place is a street",
    "public_transport": "ask for the station, stop or line when it was on public transport",
    "park_or_open_space": "ask for the name of the park or open space",
    "education": "ask for the name of the school or college",
    "workplace": "ask for the name or street of the workplace",
    "health_or_care": "ask for the name of the hospital, surgery or care home",
    "custody": "ask which police station or prison it was",
    "other_public": "ask for the street or a name when it was another public place",
    "other": "ask for the street or a name when it was another place",
    "unknown": "ask where it happened, a home or else the street or premises, when the kind of "
    "place is not known",
}
CHANGES: Mapping[str, Change] = {
    "type_asked": Change("type", HOSPITAL, "ask for the weapon or part of the body used"),
    "type_listed": Change(
        "type",
        PARTNERSHIP,
        "list the hospital’s own words or codes for the type under [values] in its file",
    ),
    "time_asked": Change("time", HOSPITAL, "ask for the time of the assault"),
    "time_midnight": Change(
        "time", HOSPITAL, "ask for the time, and for a blank, not 00:00, where it is not known"
    ),
    "time_with_date": Change(
        "time", HOSPITAL, "ask for the time beside the date, in a column or format that keeps it"
    ),
    "time_dated": Change("time", HOSPITAL, "ask for the date of the assault, with its time"),
    "time_written": Change("time", HOSPITAL, "ask for times written in one way, as 23:10"),
    "place_reviewed": Change(
        "location",
        PARTNERSHIP,
        "answer “places review”: words came in which no place was found",
    ),
    **{
        f"place_{kind}": Change("location", HOSPITAL, words) for kind, words in _NAMED_PLACE.items()
    },
}
_BY_REASON = {
    ("type", asks.BLANK): "type_asked",
    ("type", asks.WORD): "type_asked",
    ("type", asks.NOT_UNDERSTOOD): "type_listed",
    ("time", asks.BLANK): "time_asked",
    ("time", asks.WORD): "time_asked",
    ("time", asks.MIDNIGHT): "time_midnight",
    ("time", asks.DATE_ALONE): "time_with_date",
    ("time", asks.NO_DATE): "time_dated",
    ("time", asks.UNREAD): "time_written",
    ("location", asks.NO_PLACE): "place_reviewed",
}


def changes_needed(assaults: pd.DataFrame) -> pd.DataFrame:
    """Tell of each row which change each item of the minimum data set needs to be usable.

    Parameters
    ----------
    assaults
        Contract columns and ``items_present`` of stored assaults.

    Returns
    -------
    DataFrame
        On the index of `assaults`, ``type, time, location``: a key of `CHANGES`, or nothing where
        the item is usable. A row is complete once all its changes are made.
    """
    needed = {}
    for item in MINIMUM_DATA_SET:
        reasons = received_instead(assaults, item)
        keys = reasons.map({r: key for (of, r), key in _BY_REASON.items() if of == item})
        if item == "location":
            keys = keys.fillna("place_" + assaults["location_type"])
        needed[item] = keys.where(reasons.notna(), NO_CHANGE).astype("str")
    return pd.DataFrame(needed, index=assaults.index)


def best_changes(assaults: pd.DataFrame) -> pd.DataFrame:
    """Find for each provider the three changes that together make most rows complete.

    Every set of up to three is tried: a row that lacks its time and its place is gained by no
    change alone, and counts for a set that holds both.

    Parameters
    ----------
    assaults
        As for `changes_needed`, with ``month``.

    Returns
    -------
    DataFrame
        ``provider, rank`` (1 is to be made first), ``change, item, whom, words, n_alone`` (rows
        that this change alone makes complete), ``n_added`` (rows that it adds to those of the
        changes before it; 0 where only the next makes it worth while), ``n_months`` (with rows).
        As few changes as give the most; providers without any gain have no row.
    """
    needed = changes_needed(assaults)
    rows: list[dict[str, object]] = []
    for provider, own in needed.groupby(assaults["provider"], sort=True):
        lacking = own[(own != NO_CHANGE).any(axis=1)]
        if lacking.empty:
            continue
        n_months = assaults.loc[own.index, "month"].nunique()
        for rank, (key, alone, added) in enumerate(_best_set(lacking), start=1):
            rows.append(
                {
                    "provider": provider, "rank": rank, "change": key,
                    **CHANGES[key]._asdict(),
                    "n_alone": alone, "n_added": added, "n_months": n_months,
                }
            )  # fmt: skip
    columns = ["provider", "rank", "change", *Change._fields, "n_alone", "n_added", "n_months"]
    return pd.DataFrame(rows, columns=columns)


def _best_set(lacking: pd.DataFrame) -> list[tuple[str, int, int]]:
    """The best set in the order in which to make its changes: key, rows alone, rows added."""
    patterns = lacking.value_counts().reset_index()
    cells = patterns[list(MINIMUM_DATA_SET)].to_numpy(dtype=object)
    keys = sorted(set(cells.ravel()) - {NO_CHANGE})
    lacks = np.array([(cells == key).any(axis=1) for key in keys])
    n = patterns["count"].to_numpy(dtype=np.int64)
    best: tuple[int, ...] = ()
    gained = 0
    for size in range(1, min(MOST_CHANGES, len(keys)) + 1):
        for chosen in combinations(range(len(keys)), size):
            total = _gain(chosen, lacks, n)
            if total > gained:
                best, gained = chosen, total
    ordered = max(
        permutations(best),
        key=lambda order: [_gain(order[: i + 1], lacks, n) for i in range(len(order))],
    )
    totals = [0, *(_gain(ordered[: i + 1], lacks, n) for i in range(len(ordered)))]
    return [
        (keys[place], _gain((place,), lacks, n), totals[i + 1] - totals[i])
        for i, place in enumerate(ordered)
    ]


def _gain(chosen: tuple[int, ...], lacks: NDArray[np.bool_], n: NDArray[np.int64]) -> int:
    """Rows that lack nothing but what these changes bring."""
    others = np.delete(lacks, list(chosen), axis=0)
    return int(n[~others.any(axis=0)].sum())
