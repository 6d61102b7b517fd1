"""Which assaults and crimes may take part in linkage."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ed_ingest.given import require_columns
from ed_ingest.levels import HOMES, MAPPED_LEVELS

LINKABLE_PRECISIONS = ("minute", "part_of_day", "date")
CRIME_PRECISIONS = ("minute", "interval", "date")
# Offence groups in which somebody may have been hurt; theft and damage are `other`.
OFFENCE_GROUPS = (
    "homicide",
    "violence_with_injury",
    "violence_without_injury",
    "robbery",
    "sexual",
    "weapons",
    "public_order",
    "violence_and_sexual",
)
# A point this near a hospital or police station is that place.
FALSE_PLACE_M = 30.0
# What the record must say for a false place to be the true one, by the gazetteer's kind.
_TRUE_TYPE = {"health": "health_or_care", "custody": "custody"}
_TRUE_WORDS = {
    "health": r"\b(?:hospital|infirmary|ward|clinic|surgery|a ?& ?e|emergency department)\b",
    "custody": r"\b(?:police|custody|cells?|prison)\b",
}
# Of the gazetteer's health places those that points default to; no playgroup, no care home.
_HOSPITAL = r"\b(?:hospital|infirmary|ysbyty)\b"
_NO_WORDS = r"(?!)"  # matches nothing
# A longer interval says too little about when the crime happened.
_LONGEST_CRIME = pd.Timedelta(days=7)


def false_places(places: pd.DataFrame) -> pd.DataFrame:
    """Places where a point often stands for "not known": hospitals and police stations.

    Parameters
    ----------
    places
        The gazetteer's places: ``name, alt_names, kind, easting, northing`` (metres, EPSG:27700).

    Returns
    -------
    DataFrame
        ``easting, northing, kind``: every ``custody``, and ``health`` of whose names one says
        hospital: surgeries, care homes and playgroups are of kind ``health`` too.

    Raises
    ------
    AnalysisError
        If a column is missing.
    """
    wanted = ("name", "alt_names", "kind", "easting", "northing")
    require_columns(places, wanted, name="places")
    said = [places[names].astype("str") for names in ("name", "alt_names")]
    hospital = said[0].str.contains(_HOSPITAL, case=False, na=False)
    hospital |= said[1].str.contains(_HOSPITAL, case=False, na=False)
    false = places["kind"].eq("custody") | (places["kind"].eq("health") & hospital)
    return places.loc[false, ["easting", "northing", "kind"]]


def linkable(assaults: pd.DataFrame, *, false_places: pd.DataFrame | None) -> pd.Series:
    """Tell which assaults a police record could be found for.

    Parameters
    ----------
    assaults
        Contract columns of the assaults table.
    false_places
        ``easting, northing`` (metres, EPSG:27700) and ``kind`` (``health`` or ``custody``) of
        places that stand in for "not known", or None.

    Returns
    -------
    Series
        True for a mapped record with a time of ``minute``, ``part_of_day`` or ``date``, not at a
        home, not at a defaulted false place.
    """
    return (
        assaults["location_level"].isin(MAPPED_LEVELS)
        & assaults["time_precision"].isin(LINKABLE_PRECISIONS)
        & ~assaults["location_type"].isin(HOMES)
        & assaults[["easting", "northing", "assault_from", "assault_to"]].notna().all(axis=1)
        & ~at_defaulted_place(assaults, false_places)
    )


def at_defaulted_place(assaults: pd.DataFrame, false_places: pd.DataFrame | None) -> pd.Series:
    """Tell which points are a hospital's or police station's only because nothing else was known.

    A delivered point there counts as a default unless the type of place or the words say that it
    happened there; a place that was found from the words is never a default.
    """
    defaulted = pd.Series(False, index=assaults.index)
    if false_places is None:
        return defaulted
    delivered = assaults["location_level"].isin(["coordinates", "postcode"])
    words = assaults["location_text"].astype("str").str.lower()
    for kind, places in false_places.groupby("kind"):
        said = assaults["location_type"].eq(_TRUE_TYPE.get(str(kind), ""))
        said |= words.str.contains(_TRUE_WORDS.get(str(kind), _NO_WORDS), na=False)
        asked = delivered & ~said & assaults["easting"].notna() & assaults["northing"].notna()
        points = assaults.loc[asked, ["easting", "northing"]].to_numpy(dtype=float)
        nearest, _ = cKDTree(places[["easting", "northing"]].to_numpy(dtype=float)).query(points)
        defaulted[asked] |= nearest <= FALSE_PLACE_M
    return defaulted


def comparable_crimes(crimes: pd.DataFrame) -> pd.Series:
    """Tell which crimes have a day, a true point and an offence in which somebody may be hurt."""
    return (
        crimes["time_precision"].isin(CRIME_PRECISIONS)
        & crimes["location_level"].eq("coordinates")
        & crimes["offence_group"].isin(OFFENCE_GROUPS)
        & crimes["location_type"].ne("home")
        & crimes[["easting", "northing", "committed_from", "committed_to"]].notna().all(axis=1)
        & (crimes["committed_to"] - crimes["committed_from"]).le(_LONGEST_CRIME)
    )


def covered(assaults: pd.DataFrame, crimes: pd.DataFrame) -> pd.Series:
    """Tell which assaults lie within a day of a calendar month that holds comparable crimes.

    An assault in a month that the police did not deliver is not "not found": nobody could look.
    """
    months = np.unique(calendar_months(crimes.loc[comparable_crimes(crimes), "committed_from"]))
    day = pd.Timedelta(days=1)
    first = np.isin(calendar_months(assaults["assault_from"] - day), months)
    last = np.isin(calendar_months(assaults["assault_to"] + day), months)
    return pd.Series(first | last, index=assaults.index)


def calendar_months(times: pd.Series) -> NDArray[np.int64]:
    """Calendar months as numbers; a missing time is of none: -1."""
    months = times.to_numpy().astype("datetime64[M]")
    return np.where(np.isnat(months), -1, months.astype("int64"))
