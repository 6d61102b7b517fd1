"""police.uk's street-level files: told by their headings, old and new, whatever else they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ed_ingest.schema import load_headings
from ed_ingest.tables import RawExtract

PUBLISHED = "police-uk-street"
_NEEDED = ("committed_month", "crime_type", "place_name")
AREA_ONLY = (
    "police.uk gives a month and the nearest of a fixed set of places: these rows take part in the "
    "comparison of areas only, and are never linked with an assault."
)


def is_police_uk(raw: pd.DataFrame) -> bool:
    """Whether a file has the columns of a published street file, of any year."""
    found = street_columns(raw)
    placed = {"longitude", "latitude"} <= set(found) or {"easting", "northing"} <= set(found)
    table = load_headings("police_uk_headings")
    only_there = set(table.loc[table["column"].isin(["", "lsoa"]), "heading"].map(_plain))
    marked = any(_plain(str(header)) in only_there for header in raw.columns)
    return placed and marked and set(_NEEDED) <= set(found)


def street_columns(raw: pd.DataFrame) -> dict[str, str]:
    """Column of the schema -> the heading that this file has for it; what it lacks is left out."""
    headers = {_plain(str(header)): str(header) for header in reversed(list(raw.columns))}
    found: dict[str, str] = {}
    for column, heading in load_headings("police_uk_headings")[["column", "heading"]].to_numpy():
        if column and _plain(heading) in headers:
            found.setdefault(column, headers[_plain(heading)])
    return found


def crime_columns(
    raw: RawExtract, columns: Mapping[str, str | tuple[str, ...]]
) -> Mapping[str, str | tuple[str, ...]]:
    """The mapping for one police file: a provider's own, or that of the street file's year.

    Parameters
    ----------
    raw
        Cells as delivered.
    columns
        The provider's mapping.
    """
    return street_columns(raw) if holds_police_uk(columns) and is_police_uk(raw) else columns


def holds_police_uk(columns: Iterable[str]) -> bool:
    """Whether a provider's mapping is of police.uk: it has a month and no day."""
    return "committed_month" in set(columns)


def _plain(header: str) -> str:
    return " ".join(header.replace("_", " ").split()).casefold()
