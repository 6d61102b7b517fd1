"""Records as GeoParquet files, one a provider and month: what workers read without the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

# All that journey 2 reads of the store.
RECORD_TABLES = ("assaults", "crimes", "links", "batches")
SQUARE_M = 10_000


@dataclass(frozen=True)
class RecordFiles:
    """Records in a folder or in object storage; small, and can be sent to workers.

    Attributes
    ----------
    address
        A folder, or an address that fsspec knows (``s3://bucket/records``).
    options
        What fsspec needs to open the address; never credentials: those come from the environment.
    partitions
        One row per file: ``table, provider, month`` (``YYYY-MM``, or ``undated``), ``path`` (within
        the address), ``rows``, ``squares`` (frozenset of ``(easting // SQUARE_M, northing //
        SQUARE_M)`` that hold a point of it), ``n_without_point``.
    """

    address: str
    partitions: pd.DataFrame
    options: Mapping[str, Any] = field(default_factory=dict)


def write_records(
    tables: Mapping[str, pd.DataFrame], address: str, *, options: Mapping[str, Any] | None = None
) -> RecordFiles:
    """Write tables of records as ``TABLE/provider=ID/month=YYYY-MM/part-0.parquet``.

    What is there of the same providers is replaced; files of other providers stay.
    """
    raise NotImplementedError


def open_records(address: str, *, options: Mapping[str, Any] | None = None) -> RecordFiles:
    """Find which files there are, and what is in each, without reading their rows."""
    raise NotImplementedError


def read_records(
    files: RecordFiles,
    table: str,
    *,
    paths: Collection[str] | None = None,
    columns: Collection[str] | None = None,
) -> pd.DataFrame:
    """Read a table, or some of its files, as `Store.read` gives it, in the order of its key."""
    raise NotImplementedError


def partitions_touching(
    files: RecordFiles, table: str, bounds: tuple[float, float, float, float]
) -> pd.DataFrame:
    """The partitions of a table that may hold a point within bounds (west, south, east, north)."""
    raise NotImplementedError
