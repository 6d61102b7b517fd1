"""Hospital and police records as points: one small table of what maps and hot spots need."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ed_ingest.levels import HOMES as HOMES
from ed_ingest.levels import MAPPED_LEVELS
from ed_ingest.schema import load_vocabulary
from ed_ingest.tables import Gazetteer
from hotspots.timing import evening_of, hour_known, nights_of

STREET_LEVELS = ("junction", "street")
WEAPONS = ("sharp_object", "glass", "blunt_object", "firearm", "corrosive_or_burn", "vehicle")
# Kinds of place at which records of other places are often put, in police.uk's words.
FALSE_PLACES = ("hospital", "police station", "prison")
# police.uk says where a crime lies by a street, or by a kind of place, or not at all.
POLICE_UK_PREFIX = r"^On or near(?: |$)"


def counted_once(assaults: pd.DataFrame) -> pd.DataFrame:
    """Attendances at emergency departments, a patient moved between departments once."""
    return assaults[(assaults["source"] == "ed") & (assaults["transfer"] != "yes")]


def is_mapped(assaults: pd.DataFrame) -> pd.Series:
    """Which assaults have a point that may be drawn: specific, and never at a home."""
    return (
        assaults["location_level"].isin(MAPPED_LEVELS)
        & ~assaults["location_type"].isin(HOMES)
        & assaults["easting"].notna()
        & assaults["northing"].notna()
    )


def is_mapped_crime(violence: pd.DataFrame) -> pd.Series:
    """Which police records have a point that may be drawn."""
    return (
        violence["location_level"].isin(["coordinates", "snapped"])
        & violence["easting"].notna()
        & violence["northing"].notna()
    )


def incident_numbers(records: pd.DataFrame) -> pd.Series:
    """Number each incident from 0; a record that belongs to no known group is its own incident."""
    codes, groups = pd.factorize(records["incident_id"])
    alone = len(groups) + np.arange(len(records))
    return pd.Series(np.where(codes < 0, alone, codes), index=records.index, dtype=np.int64)


def assault_points(assaults: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """The assaults with a point.

    Parameters
    ----------
    assaults
        The contract's columns.
    gazetteer
        Says which of the named places are premises; a place that it does not know as premises is
        named nowhere.

    Returns
    -------
    DataFrame
        On the assaults' index: ``easting, northing, uncertainty_m`` (missing as 0), ``incident``
        (number), ``night`` (as from `timing.nights_of`), ``starts_at, ends_at`` (missing where the
        hour is not known), ``alcohol, weapon, linked`` (``yes``, ``no``, ``unknown``: not known or
        not linkable), ``street`` (named in the record), ``place_id``, ``premises`` (name),
        ``lsoa``, ``at_false_place`` (never: the words of a record are not kept).
    """
    mapped = assaults[is_mapped(assaults)]
    method = mapped["assault_method"]
    status = mapped["link_status"]
    premises = set(gazetteer.places.loc[gazetteer.places["kind"] == "premises", "place_id"])
    at_premises = (mapped["location_level"] == "premises") & mapped["place_id"].isin(premises)
    linked = np.select(
        [status.isin(["linked", "linked_by_incident"]), status == "not_found"],
        ["yes", "no"],
        "unknown",
    )
    points = _points(mapped, incident_numbers(mapped), mapped["assault_from"], mapped["assault_to"])
    return points.assign(
        night=nights_of(mapped),
        uncertainty_m=mapped["location_uncertainty_m"].fillna(0.0).astype(float),
        at_false_place=False,
        weapon=np.select([method == "unknown", method.isin(WEAPONS)], ["unknown", "yes"], "no"),
        linked=linked,
        street=mapped["place_name"].where(mapped["location_level"].isin(STREET_LEVELS)),
        place_id=mapped["place_id"],
        premises=mapped["place_name"].where(at_premises),
    )


def crime_points(violence: pd.DataFrame) -> pd.DataFrame:
    """Police records with a point, in the columns of `assault_points`.

    Parameters
    ----------
    violence
        The contract's ``crimes`` columns, as `police.comparable_violence` chose them. Each crime
        counts as an incident of its own. ``night`` is missing where only the month is known;
        ``at_false_place`` is true where police.uk says "On or near Police Station", and the like.
    """
    mapped = violence[is_mapped_crime(violence)]
    # Only police.uk's own words are known to be of streets; a force's may be of any place.
    words = mapped["place_name"].where(mapped["location_level"] == "snapped")
    words = words.str.replace(POLICE_UK_PREFIX, "", regex=True)
    not_streets = ["", *load_vocabulary("police_uk_kinds")["words"].str.casefold()]
    alone = pd.Series(np.arange(len(mapped)), index=mapped.index, dtype=np.int64)
    points = _points(mapped, alone, mapped["committed_from"], mapped["committed_to"])
    missing = pd.Series(np.nan, index=mapped.index, dtype="str")
    by_month = mapped["time_precision"] == "month"
    return points.assign(
        night=evening_of(mapped["committed_from"]).mask(by_month),
        uncertainty_m=0.0,
        at_false_place=words.str.casefold().isin(FALSE_PLACES),
        weapon=mapped["knife"],
        linked="unknown",
        street=words.mask(words.str.casefold().isin(not_streets)),
        place_id=missing,
        premises=missing,
    )


def _points(
    mapped: pd.DataFrame, incident: pd.Series, starts: pd.Series, ends: pd.Series
) -> pd.DataFrame:
    timed = hour_known(
        pd.DataFrame(
            {
                "assault_from": starts,
                "assault_to": ends,
                "time_precision": mapped["time_precision"].replace("interval", "part_of_day"),
            }
        )
    )
    return pd.DataFrame(
        {
            "easting": mapped["easting"].astype(float),
            "northing": mapped["northing"].astype(float),
            "incident": incident,
            "starts_at": starts.where(timed),
            "ends_at": ends.where(timed),
            "alcohol": mapped["alcohol"],
            "lsoa": mapped["lsoa"],
        }
    )
