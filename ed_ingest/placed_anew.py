"""Stored records whose words are still held get the place that reference data now know."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from ed_ingest.deidentify import known_words, with_held_words
from ed_ingest.levels import MAPPED_LEVELS, UNPLACED_LEVELS
from ed_ingest.places import locate
from ed_ingest.tables import Gazetteer, Replaced

COLUMNS = (
    *("event_id", "location_type", "location_text", "place_id", "place_name", "easting"),
    *("northing", "location_level", "location_uncertainty_m", "match_score", "lsoa"),
)
_BETTER = {level: i for i, level in enumerate(("none", "area", "locality"))}
_MAPPED, _HOME = len(_BETTER), len(_BETTER) + 1


def place_anew(
    assaults: pd.DataFrame,
    held: pd.DataFrame,
    *,
    gazetteer: Gazetteer,
    lsoa_of_homes: Collection[str],
) -> Replaced:
    """Place records by their held words; what that makes no better stays as it is.

    Parameters
    ----------
    assaults
        Stored records, with the contract's columns.
    held
        ``event_id, words`` of those whose words are held.
    gazetteer
        Known places, EPSG:27700, with the aliases.
    lsoa_of_homes
        Providers whose agreement lets the small area of a home be stored.

    Returns
    -------
    Replaced
        ``event_id, location_type, location_text, place_id, place_name, easting, northing`` (metres,
        EPSG:27700), ``location_level, location_uncertainty_m, match_score, lsoa`` of the records
        that now have a better place, or turn out to be at a home: those are withheld, and keep no
        words. The words are sealed as `seal` does. Nothing else changes, no time least of all.
    """
    rows = assaults[
        assaults["event_id"].isin(held["event_id"])
        & assaults["location_level"].isin(UNPLACED_LEVELS)
    ].reset_index(drop=True)
    located = locate(with_held_words(rows, held, places=gazetteer), gazetteer=gazetteer)
    at_home = located["location_level"] == "withheld"
    private = at_home & ~located["provider"].isin(list(lsoa_of_homes))
    placed = located.assign(
        location_text=known_words(located).mask(at_home), lsoa=located["lsoa"].mask(private)
    )
    better = _rank(placed["location_level"]) > _rank(rows["location_level"].loc[placed.index])
    return Replaced(placed.loc[better, list(COLUMNS)].reset_index(drop=True))


def _rank(levels: pd.Series) -> pd.Series:
    ranks = {**_BETTER, **dict.fromkeys(MAPPED_LEVELS, _MAPPED), "withheld": _HOME}
    return levels.map(ranks).astype("int64")
