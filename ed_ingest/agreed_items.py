"""Which contract columns an agreement lets be stored, and what a table is without the others."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from ed_ingest.schema import TableSpec

# All else is agreed without being named: the minimum data set, the survey's items, arrival,
# admission.
ON_REQUEST = ("age_band", "sex")

# Each of these tells the others: when one is not agreed, none is.
TIMES = ("assault_from", "assault_to", "time_precision", "clock_change", "night_of")
_PLACES = (
    "place_id",
    "place_name",
    "easting",
    "northing",
    "location_level",
    "location_uncertainty_m",
    "match_score",
)
# The words of a place name it, and its small area holds it; either may be withheld alone.
_OF_PLACES = ("location_text", "lsoa")
# What makes a row a record, and what only linkage fills in.
_OWN = (
    *("provider", "source", "batch_id", "committed_from", "committed_to", "n"),
    *("incident_id", "transfer", "link_status"),
)
# Delivered columns that become contract columns of another name.
_BECOMES = {
    **dict.fromkeys(("assault_at", "assault_date", "assault_time"), "assault_from"),
    **dict.fromkeys(("latitude", "longitude"), "easting"),
}
_NEUTRAL = ("unknown", "missing", "none")
_MINIMUM = {"type": "assault_method", "time": "assault_from", "location": "easting"}


def agreed_columns(
    spec: TableSpec, *, items: Collection[str] = (), not_agreed: Collection[str] = ()
) -> list[str]:
    """Name the contract columns that may be stored, in the schema's order.

    Parameters
    ----------
    spec
        The schema of the provider's records.
    items
        Columns that the agreement names of those that need to be named (`ON_REQUEST`).
    not_agreed
        Columns that it withholds. The columns of a time tell each other, and so do those of a
        place: when one is withheld, all are. ``location_text`` and ``lsoa`` go with a place, and
        can be withheld alone.
    """
    withheld = set(not_agreed)
    if withheld & set(TIMES):
        withheld |= set(TIMES)
    if withheld & set(_PLACES):
        withheld |= {*_PLACES, *_OF_PLACES}
    return [
        name
        for name in spec.contract
        if name not in withheld and (name in items or name not in ON_REQUEST)
    ]


def without_unagreed_cells(mapped: pd.DataFrame, agreed: Collection[str]) -> pd.DataFrame:
    """Drop the delivered columns of what is not agreed: nobody notes which of their cells came."""
    return mapped[[n for n in mapped.columns if _BECOMES.get(str(n), str(n)) in agreed]]


def always_stored(spec: TableSpec) -> list[str]:
    """Name the contract columns without which there is no record: no agreement withholds them."""
    return [name for name in spec.contract if name in _OWN or not _may_be_empty(spec, name)]


def minimum_withheld(spec: TableSpec, agreed: Collection[str]) -> list[str]:
    """Which of the minimum data set's ``type``, ``time``, ``location`` are not agreed."""
    return [item for item, name in _MINIMUM.items() if name in spec.contract and name not in agreed]


def without_items(
    table: pd.DataFrame,
    spec: TableSpec,
    names: Collection[str],
    *,
    among: pd.Series | None = None,
) -> pd.DataFrame:
    """Empty columns, as if nothing had been delivered in them.

    Parameters
    ----------
    table
        Rows with contract columns, on any index.
    spec
        Their schema.
    names
        Columns to empty; those that `always_stored` names stay.
    among
        Whether each row is emptied; all are when not given.

    Returns
    -------
    DataFrame
        `table` with ``unknown``, ``missing`` or ``none`` in columns that need a code, and nothing
        in the others.
    """
    every = pd.Series(True, index=table.index)
    rows = every if among is None else among.astype(bool)
    kept = always_stored(spec)
    emptied = {
        name: table[name].mask(rows, _neutral(spec, name))
        for name in names
        if name in table and name not in kept
    }
    return table.assign(
        **{name: column.astype(table[name].dtype) for name, column in emptied.items()}
    )


def _may_be_empty(spec: TableSpec, name: str) -> bool:
    return not spec.fields[name].required or _neutral(spec, name) is not None


def _neutral(spec: TableSpec, name: str) -> str | None:
    field = spec.fields[name]
    return next((code for code in _NEUTRAL if code in field.codes and field.required), None)
