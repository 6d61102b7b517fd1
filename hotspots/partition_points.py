"""Points of one partition of record files, read on a worker: a few columns of the period's rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pandas as pd

from ed_ingest.errors import AnalysisError
from hotspots.points import counted_once, is_mapped, is_mapped_crime
from hotspots.police import in_period, kinds_of_violence
from hotspots.record_files import RecordFiles, read_records
from hotspots.timing import nights_of

_OF_ASSAULTS = (
    "easting", "northing", "location_uncertainty_m", "location_level", "location_type",
    "incident_id", "source", "transfer", "night_of", "arrived_at", "assault_from",
    "time_precision", "link_status",
)  # fmt: skip
_OF_CRIMES = (
    "easting", "northing", "location_level", "location_type", "offence_group", "domestic_abuse",
    "committed_from", "time_precision",
)  # fmt: skip


class PartitionTask(NamedTuple):
    """Which file to read, and which rows of it.

    Attributes
    ----------
    files
        Record files, of one partition alone.
    period
        First and last night.
    """

    files: RecordFiles
    period: tuple[date, date]


def partition_tasks(
    records: RecordFiles, table: str, period: tuple[date, date]
) -> Iterator[tuple[str, PartitionTask]]:
    """Path and task of each partition of a table."""
    of = records.partitions[records.partitions["table"] == table]
    for row, path in of["path"].items():
        one = replace(records, partitions=of.loc[[row]])
        yield str(path), PartitionTask(one, period)


def assaults_to_draw(task: PartitionTask) -> pd.DataFrame:
    """The assaults that `analysis.analyse` would draw.

    Returns
    -------
    DataFrame
        ``easting, northing`` (EPSG:27700), ``uncertainty_m`` (missing as 0), ``incident_id``
        (missing: of no known group).
    """
    read = read_records(task.files, "assaults", columns=_OF_ASSAULTS)
    if read["link_status"].isna().any():
        raise AnalysisError(
            "Assaults are not linked yet, so that patients of one incident would count as several. "
            "First, where they are stored: ed-hotspots link, then export --to."
        )
    rows = counted_once(read)
    first, last = (pd.Timestamp(day) for day in task.period)
    drawn = rows[is_mapped(rows) & nights_of(rows).between(first, last)]
    return pd.DataFrame(
        {
            "easting": drawn["easting"].astype(float),
            "northing": drawn["northing"].astype(float),
            "uncertainty_m": drawn["location_uncertainty_m"].fillna(0.0).astype(float),
            "incident_id": drawn["incident_id"],
        }
    ).reset_index(drop=True)


def violence_to_draw(task: PartitionTask) -> pd.DataFrame:
    """The police records of violence that may stand beside hospitals'.

    Returns
    -------
    DataFrame
        ``easting, northing`` (EPSG:27700; missing without a point), ``uncertainty_m`` (0),
        ``by_force`` (the force's own record, else of police.uk).
    """
    rows = read_records(task.files, "crimes", columns=_OF_CRIMES)
    rows = rows[in_period(rows, *task.period)]
    by_force, published = kinds_of_violence(rows)
    violence = rows[by_force | published]
    mapped = is_mapped_crime(violence)
    return pd.DataFrame(
        {
            "easting": violence["easting"].astype(float).where(mapped),
            "northing": violence["northing"].astype(float).where(mapped),
            "uncertainty_m": 0.0,
            "by_force": by_force[violence.index],
        }
    ).reset_index(drop=True)
