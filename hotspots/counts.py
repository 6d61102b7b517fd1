"""Plain counts of assaults: by hospital, code, small area and premises."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from hotspots.points import is_mapped
from hotspots.timing import nights_of


def count_providers(assaults: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Assaults by hospital.

    Parameters
    ----------
    assaults
        The contract's columns.
    names
        Name of each provider by its id; a missing one is shown by its id.

    Returns
    -------
    DataFrame
        ``provider, name, n_recorded, n_mapped, months`` (calendar months with a record), by name.
    """
    month = nights_of(assaults).dt.to_period("M")
    rows = pd.DataFrame(
        {"provider": assaults["provider"], "mapped": is_mapped(assaults), "month": month}
    )
    table = (
        rows.groupby("provider")
        .agg(n_recorded=("mapped", "size"), n_mapped=("mapped", "sum"), months=("month", "nunique"))
        .reset_index()
    )
    named = {provider: names.get(provider, provider) for provider in table["provider"]}
    table.insert(1, "name", table["provider"].map(named).astype("str"))
    return table.sort_values(["name", "provider"], ignore_index=True)


def count_codes(codes: pd.Series) -> pd.DataFrame:
    """Assaults by contract code: ``code, n``, most first, equal ones in alphabetical order."""
    counts = codes.value_counts().rename_axis("code").reset_index(name="n")
    return counts.sort_values(["n", "code"], ascending=[False, True], ignore_index=True)


def count_areas(
    areas: gpd.GeoDataFrame, assault_lsoas: pd.Series, crime_lsoas: pd.Series
) -> gpd.GeoDataFrame:
    """Assaults and police records by small area, joined on the code.

    Parameters
    ----------
    areas
        ``code, name, population, geometry``, EPSG:27700. Their polygons are often simplified, so
        points are not used.
    assault_lsoas, crime_lsoas
        Code of each record, missing where not known.

    Returns
    -------
    GeoDataFrame
        ``code, name, population, n_assaults, n_police, geometry``: one row per area.
    """
    table = areas.drop_duplicates("code").reset_index(drop=True)
    for column, codes in (("n_assaults", assault_lsoas), ("n_police", crime_lsoas)):
        table[column] = table["code"].map(codes.value_counts()).fillna(0).astype("int64")
    columns = ["code", "name", "population", "n_assaults", "n_police", "geometry"]
    return table.reindex(columns=columns)


def count_premises(points: pd.DataFrame) -> pd.DataFrame:
    """Premises named in the records: what happened near them unnamed is not theirs.

    Parameters
    ----------
    points
        As from `points.assault_points`.

    Returns
    -------
    DataFrame
        ``place_id, name, n, n_incidents, easting, northing`` (EPSG:27700), most first.
    """
    named = points[points["premises"].notna()]
    table = named.groupby("place_id").agg(
        name=("premises", "min"),
        n=("premises", "size"),
        n_incidents=("incident", "nunique"),
        easting=("easting", "median"),
        northing=("northing", "median"),
    )
    order = ["n", "name", "place_id"]
    return table.reset_index().sort_values(order, ascending=[False, True, True], ignore_index=True)


def count_links(assaults: pd.DataFrame) -> dict[str, int]:
    """Assaults that could be found in police records, and those that were not.

    Returns
    -------
    dict
        ``n_linkable`` and ``n_not_found``; empty before linkage.
    """
    status = assaults["link_status"]
    if not status.notna().any():
        return {}
    not_found = int(status.eq("not_found").sum())
    return {"n_linkable": int(is_linkable(assaults).sum()), "n_not_found": not_found}


def is_linkable(assaults: pd.DataFrame) -> pd.Series:
    """Which assaults could be found in police records; none before linkage."""
    return assaults["link_status"].isin(["linked", "linked_by_incident", "not_found"])
