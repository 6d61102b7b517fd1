"""The analyst's tables: tidy, with stable names; and the density as polygons."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.analyst_findings import beyond_the_map, named_bands, plain
from hotspots.area_comparison import RANK_COLUMNS
from hotspots.capture_recapture import ESTIMATE_COLUMNS
from hotspots.publishable import DensityClasses, Publishable, PublishableKnowledge
from hotspots.published_unseen import NOT_KNOWN_COLUMNS
from hotspots.qgis_styles import density_label

CRS = "EPSG:27700"
HOT_SPOT_COLUMNS = (
    "hotspot_id", "rank", "name", "place_name", "n", "n_low", "n_high", "peak", "share_not_found",
    "share_alcohol", "share_weapon", "false_place", "rank_low", "rank_high", "share_top",
    "rank_before", "trend", "harm",
)  # fmt: skip
RECORDED_COLUMNS = ("area", "quarter_from", "quarter_to", "offence_group", "n")
COMPARISON_COLUMNS = ("code", "name", *RANK_COLUMNS)
KNOWLEDGE_COLUMNS = {
    "not_known_to_police": NOT_KNOWN_COLUMNS,
    "reported_and_found": ("said_reported", "police_record", "n"),
    "link_sensitivity": (
        "distance_m", "gap_min", "share_within", "share_by_chance", "share_corrected",
    ),
    "capture_recapture": ESTIMATE_COLUMNS,
}  # fmt: skip
AREA_COLUMNS = ("code", "name", "population", "n_assaults", "n_police")


def tables(publishable: Publishable) -> dict[str, pd.DataFrame]:
    """The analyst's tables by name; those of which nothing is known are left out.

    Parameters
    ----------
    publishable
        What gate 2 let through.

    Returns
    -------
    dict
        Name -> table. A count that was held back is missing. All but cells say their period.
    """
    found = {
        "hotspots": _hot_spots(publishable.hot_spots),
        "areas": plain(publishable.areas, AREA_COLUMNS),
        "nights": named_bands(publishable.night_bands),
        "methods": plain(publishable.methods, ("code", "n")),
        "location_types": plain(publishable.location_types, ("code", "n")),
    }
    if len(publishable.premises):
        columns = ("place_id", "name", "n", "easting", "northing")
        found["premises"] = plain(publishable.premises, columns)
    if publishable.area_comparison is not None:
        found["area_comparison"] = plain(publishable.area_comparison, COMPARISON_COLUMNS)
    if publishable.recorded_crime is not None:
        found["recorded_crime"] = _recorded_crime(publishable.recorded_crime)
    found |= _knowledge(publishable.knowledge) | beyond_the_map(publishable)
    period = {
        "period_from": f"{publishable.period_from:%Y-%m-%d}",
        "period_to": f"{publishable.period_to:%Y-%m-%d}",
    }
    dated = {name: table.assign(**period) for name, table in found.items()}
    return {**dated, "cells": _cells(publishable.density)}


def _knowledge(knowledge: PublishableKnowledge | None) -> dict[str, pd.DataFrame]:
    """What the police know of; nothing before linkage."""
    if knowledge is None:
        return {}
    parts = (
        knowledge.by_group, knowledge.reported, knowledge.sensitivity, knowledge.capture_recapture
    )  # fmt: skip
    named = zip(KNOWLEDGE_COLUMNS.items(), parts, strict=True)
    return {name: plain(part, columns) for (name, columns), part in named if part is not None}


def _recorded_crime(totals: pd.DataFrame) -> pd.DataFrame:
    days = {name: totals[name].dt.strftime("%Y-%m-%d") for name in ("quarter_from", "quarter_to")}
    return plain(totals.assign(**days), RECORDED_COLUMNS)


def dissolved(density: DensityClasses | None) -> gpd.GeoDataFrame:
    """One polygon for each class that is drawn: ``class, label, geometry`` (EPSG:27700)."""
    runs: list[tuple[int, shapely.Geometry]] = [] if density is None else list(_runs(density))
    classes = sorted({number for number, _ in runs})
    shapes = [shapely.union_all([box for n, box in runs if n == number]) for number in classes]
    table = {
        "class": pd.Series(classes, dtype="int64"),
        "label": pd.Series([density_label(n) for n in classes], dtype="str"),
    }
    return gpd.GeoDataFrame(table, geometry=shapes, crs=CRS)


def _runs(density: DensityClasses) -> Iterator[tuple[int, shapely.Geometry]]:
    """Cells of one class side by side, as one box with its class."""
    half = density.cell_m / 2
    for row, y in zip(density.classes, density.y, strict=True):
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        ends = np.append(starts[1:], len(row))
        for start, end in zip(starts, ends, strict=True):
            if row[start] > 0:
                west, east = density.x[start] - half, density.x[end - 1] + half
                yield int(row[start]), shapely.box(west, y - half, east, y + half)


def _hot_spots(spots: gpd.GeoDataFrame) -> pd.DataFrame:
    """With the middle of each outline, to 10 m, and its area."""
    middle = spots.geometry.representative_point()
    return plain(spots, HOT_SPOT_COLUMNS).assign(
        easting=middle.x.round(-1).astype("int64").to_numpy(),
        northing=middle.y.round(-1).astype("int64").to_numpy(),
        area_ha=(spots.geometry.area / 10_000).round(2).to_numpy(),
    )


def cells(density: DensityClasses | None) -> gpd.GeoDataFrame:
    """The cells that are drawn, as squares: ``easting, northing`` (centre), ``class, geometry``."""
    table = _cells(density)
    half = 0.0 if density is None else density.cell_m / 2
    east, north = (table[name].to_numpy(dtype=float) for name in ("easting", "northing"))
    squares = shapely.box(east - half, north - half, east + half, north + half)
    return gpd.GeoDataFrame(table, geometry=squares, crs=CRS)


def _cells(density: DensityClasses | None) -> pd.DataFrame:
    """Centres of the cells that are drawn."""
    if density is None:
        none = {"easting": "float64", "northing": "float64", "class": "int64"}
        return pd.DataFrame(columns=list(none)).astype(none)
    row, column = np.nonzero(density.classes)
    return pd.DataFrame(
        {
            "easting": density.x[column],
            "northing": density.y[row],
            "class": density.classes[row, column].astype(np.int64),
        }
    )
