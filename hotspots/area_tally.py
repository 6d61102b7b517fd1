"""A first look at record files: how many records lie in which area, and on which days they came."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from hotspots.belonging import area_of_records, tells_a_place
from hotspots.record_files import RecordFiles, read_records

_PLACE = ("provider", "easting", "northing", "lsoa")
_TIMES = {
    "assaults": ("arrived_at", "assault_from", "source", "transfer"),
    "crimes": ("committed_from", "committed_to"),
}


@dataclass(frozen=True)
class TallyTask:
    """Files of one table and provider, and the areas that they touch; small, for a worker."""

    files: RecordFiles
    table: str
    paths: tuple[str, ...]
    areas: gpd.GeoDataFrame
    of_small_area: pd.Series


@dataclass(frozen=True)
class Tally:
    """What was counted.

    Attributes
    ----------
    counts
        ``table, path, provider, area_code`` (missing: in none), ``n``, ``n_placed`` (those that
        tell a place: a point, or a small area).
    days
        ``table, provider, day, n``: records that tell when a month was delivered, by the day that
        they came, else happened.
    """

    counts: pd.DataFrame
    days: pd.DataFrame


def tally(task: TallyTask) -> Tally:
    """Count records by area and by day; reads only places and times."""
    rows = read_records(
        task.files,
        task.table,
        paths=task.paths,
        columns=[*_PLACE, *_TIMES[task.table]],
        with_path=True,
    )
    area = area_of_records(rows, task.areas, of_small_area=task.of_small_area)
    placed = tells_a_place(rows, task.of_small_area)
    by = rows.assign(area_code=area, n_placed=placed).groupby(
        ["path", "provider", "area_code"], dropna=False
    )
    counts = by.agg(n=("n_placed", "size"), n_placed=("n_placed", "sum")).reset_index()
    came = _when(rows, task.table).dropna().dt.floor("D")
    per_day = came.groupby([rows["provider"].reindex(came.index), came]).size()
    days = per_day.rename_axis(["provider", "day"]).rename("n").reset_index()
    return Tally(counts.assign(table=task.table), days.assign(table=task.table))


def _when(rows: pd.DataFrame, table: str) -> pd.Series:
    """As `delivered_months.delivered_by_source` goes by: hospitals', a transferred patient once."""
    if table == "crimes":
        return rows["committed_from"].fillna(rows["committed_to"])
    counted = rows[rows["source"].eq("ed") & rows["transfer"].ne("yes")]
    return counted["arrived_at"].fillna(counted["assault_from"])
