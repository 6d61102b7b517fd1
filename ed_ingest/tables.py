"""The named tables that pass between the stages of journey 1, and the gazetteer.

Each is a plain pandas frame at run time. The names let the type checker refuse to store what has
not been through the gate. Conventions: text and codes are pandas ``str`` columns (missing is NaN),
times are ``datetime64`` local wall-clock times, coordinates are floats in metres (EPSG:27700).
From RawExtract to Sealed the index, named ``row``, is the row number as the spreadsheet shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, NewType

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

# Cells as delivered, one column per header.
RawExtract = NewType("RawExtract", pd.DataFrame)
# The same cells under the schema's names, the provider's other columns left behind.
Mapped = NewType("Mapped", pd.DataFrame)
# Contract codes and typed values, not yet checked; with the transient columns.
Normalised = NewType("Normalised", pd.DataFrame)
# Rows that meet the schema.
Attendances = NewType("Attendances", pd.DataFrame)
# The words hold no person, number or home any more.
Redacted = NewType("Redacted", pd.DataFrame)
# With place, coordinates, level, uncertainty and small area.
Located = NewType("Located", pd.DataFrame)
# Exactly the contract's columns: what may be stored.
Sealed = NewType("Sealed", pd.DataFrame)
# Words of records without a place that may be held for a while: event_id, words, place_words,
# town_words, phrase.
Held = NewType("Held", pd.DataFrame)
# Places of stored records that were placed anew: the columns of a place, and event_id.
Replaced = NewType("Replaced", pd.DataFrame)
# Police recorded crime with exactly the contract's columns.
Crimes = NewType("Crimes", pd.DataFrame)
# Counts of a period, place and method, with exactly the contract's columns.
Counts = NewType("Counts", pd.DataFrame)
# event_id, crime_id, distance_m, gap_min, probability.
Links = NewType("Links", pd.DataFrame)
# row, column, rule, fate, shape, remedy.
Issues = NewType("Issues", pd.DataFrame)

ISSUE_COLUMNS = ("row", "column", "rule", "fate", "shape", "remedy")


class Validated(NamedTuple):
    """What became of each row of a delivery."""

    attendances: Attendances
    issues: Issues
    held_back: pd.DataFrame  # the rows not stored, normalised, for the completeness measures
    n_not_assault: int
    n_duplicate: int


class ValidatedCrimes(NamedTuple):
    """What became of each row of a police delivery."""

    crimes: Crimes
    issues: Issues
    n_duplicate: int


# Compared by identity, so that what is worked out from it can be kept for the next delivery.
@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Known places and areas, all in EPSG:27700.

    Attributes
    ----------
    places
        ``place_id, name, alt_names, kind, easting, northing, address, postcode``: one row per
        place; ``alt_names`` separated by ``|``; ``kind`` as in docs/contract.md.
    names
        ``name, place_id, rank``: every name of every place in the normal form that texts are
        matched in, and how it came about (`place_names`).
    postcodes
        ``postcode, easting, northing``: upper case without space.
    boundary
        The partnership's area, or None.
    areas
        Small areas: ``code, name, population, geometry``; empty when none were supplied.
    basemap
        Lines and polygons for orientation: ``kind`` (road, water, area), ``name, geometry``.
    aliases
        Words in normal form that an analyst has explained -> place id, or what they mean instead
        (`ed_ingest.answered_places.SPECIAL`).
    """

    places: pd.DataFrame
    names: pd.DataFrame
    postcodes: pd.DataFrame
    boundary: BaseGeometry | None
    areas: gpd.GeoDataFrame
    basemap: gpd.GeoDataFrame
    aliases: Mapping[str, str] = field(default_factory=dict)
