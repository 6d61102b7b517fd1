"""JOURNEY: records of a country become two rasters, by tiles on many workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from shapely.geometry.base import BaseGeometry

from hotspots.partition_points import (
    PartitionTask,
    assaults_to_draw,
    partition_tasks,
    violence_to_draw,
)
from hotspots.points import incident_numbers
from hotspots.police import FORCE_NOTE, POLICE_UK_NOTE
from hotspots.record_files import RecordFiles
from hotspots.tiled_raster import write_exact_raster, write_grouped_raster
from hotspots.words import period_words
from hotspots.workers import Workers, results_of

ASSAULTS_RASTER, POLICE_RASTER = "surface-assaults.tif", "surface-police.tif"
_KINDS = {
    "easting": "float64", "northing": "float64", "uncertainty_m": "float64", "incident_id": "str",
    "by_force": "bool",
}  # fmt: skip


def write_national_surfaces(
    records: RecordFiles,
    region: BaseGeometry | None,
    *,
    cell_m: float,
    bandwidth_m: float,
    least: int,
    period: tuple[date, date],
    folder: Path,
    workers: Workers,
    tell: Callable[[str], None],
    marking: str = "",
) -> tuple[Path, ...]:
    """Write surface-assaults.tif (classes of groups) and surface-police.tif (exact densities).

    Parameters
    ----------
    records
        All records, as from `record_files.open_records`.
    region
        Cells with their middle outside hold nothing, EPSG:27700; records outside still reach in.
        None: the rasters reach as far as the points, and cells that no kernel reaches hold nothing.
    cell_m, bandwidth_m
        Side of a cell; radius of the quartic kernel; metres.
    least
        The small-number threshold.
    period
        First and last night; police.uk's months count by their calendar month.
    folder
        Where to write.
    workers
        Who reads partitions and draws tiles.
    tell
        Gets a sentence on each raster.
    marking
        Protective marking, for the files' tags.

    Returns
    -------
    tuple
        The files written; none of what has nothing to draw.

    Raises
    ------
    AnalysisError
        If a partition or tile could not be done, or the raster would be absurdly large.
    """
    about = _tags(period, bandwidth_m=bandwidth_m, cell_m=cell_m, marking=marking)
    drawn: dict[str, Any] = {"region": region, "cell_m": cell_m, "bandwidth_m": bandwidth_m}
    drawn["workers"] = workers
    crimes = _read(records, "crimes", violence_to_draw, period, workers)
    police, tags = _one_kind(crimes, tell)
    done = {POLICE_RASTER: write_exact_raster(
        police, folder / POLICE_RASTER, **drawn, tags=about | tags
    )}  # fmt: skip
    tell(_told(POLICE_RASTER, len(police), done[POLICE_RASTER]))
    assaults = _read(records, "assaults", assaults_to_draw, period, workers)
    assaults["incident"] = incident_numbers(assaults)
    done[ASSAULTS_RASTER] = write_grouped_raster(
        assaults, folder / ASSAULTS_RASTER, **drawn, least=least, tags=about
    )
    tell(_told(ASSAULTS_RASTER, len(assaults), done[ASSAULTS_RASTER]))
    return tuple(folder / name for name, is_written in sorted(done.items()) if is_written)


def _read(
    records: RecordFiles,
    table: str,
    read: Callable[[PartitionTask], pd.DataFrame],
    period: tuple[date, date],
    workers: Workers,
) -> pd.DataFrame:
    """Points of all partitions of a table, in the order of their paths."""
    tasks = dict(partition_tasks(records, table, period))
    parts = dict(results_of(workers, read, tasks, what="file of records"))
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _KINDS.items()})
    return pd.concat([parts[path] for path in sorted(parts)], ignore_index=True)


def _one_kind(
    crimes: pd.DataFrame, tell: Callable[[str], None]
) -> tuple[pd.DataFrame, dict[str, str]]:
    """The forces' own records where there are any, else police.uk's: the two are never mixed."""
    own = crimes["by_force"].astype(bool)
    chosen, left, note = (
        (crimes[own], int((~own).sum()), FORCE_NOTE) if own.any() else (crimes, 0, POLICE_UK_NOTE)
    )
    if left:
        tell(f"{left:,} records of police.uk left aside: some forces sent their own records.")
    mapped = chosen[chosen["easting"].notna()]
    if len(mapped) < len(chosen):
        tell(f"{len(chosen) - len(mapped):,} police records of violence have no point.")
    return mapped, {"POLICE_RECORDS": note}


def _tags(
    period: tuple[date, date], *, bandwidth_m: float, cell_m: float, marking: str
) -> dict[str, str]:
    return {
        "PERIOD_FROM": period[0].isoformat(),
        "PERIOD_TO": period[1].isoformat(),
        "PERIOD": period_words(*period),
        "KERNEL": "quartic",
        "BANDWIDTH_M": f"{bandwidth_m:g}",
        "CELL_M": f"{cell_m:g}",
        "MARKING": marking,
    }


def _told(name: str, n: int, is_written: bool) -> str:
    if not is_written:
        return f"{name}: not written, as there is nothing that may be drawn."
    return f"{name}: drawn of {n:,} records with a point."
