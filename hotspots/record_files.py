"""Records as GeoParquet files, one a provider and month: what workers read without the store.

Readers go by the index, one small file a provider, never by what lies in the folders. A file's
name holds the hash of its content, so that new content never replaces the old under a reader; the
index is written last, at once, and what it no longer names is deleted after that. Nothing is
renamed. The index tells what is in each file, and not the files' footers: ten thousand footers are
ten thousand requests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ed_ingest.errors import StoreError
from ed_ingest.schema import TableSpec, load_spec
from hotspots.record_index import read_indices, renewed, require_format
from hotspots.record_layout import ABOUT, INDEX, SCHEMAS, SQUARE_M
from hotspots.record_parquet import PATH, decode, frame_of
from hotspots.record_storage import FILES_AT_ONCE, Storage, open_storage, told_address
from hotspots.record_writing import replace_records

__all__ = [
    "RECORD_TABLES", "SQUARE_M", "RecordFiles", "open_records", "partitions_touching",
    "read_records", "write_records",
]  # fmt: skip

# All that journey 2 reads of the store.
RECORD_TABLES = tuple(SCHEMAS)
_COLUMNS = ("table", "provider", "month", "path", "rows", "squares", "n_without_point")


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
    tables: Mapping[str, pd.DataFrame],
    address: str,
    *,
    options: Mapping[str, Any] | None = None,
    source: str = "",
    tell: Callable[[int, int], None] | None = None,
) -> RecordFiles:
    """Write tables of records as ``TABLE/provider=ID/month=YYYY-MM/part-0-HASH.parquet``.

    All that is there of the same providers is replaced, tables that are not given too; files of
    other providers stay. Written again, the same records change no file. Cut off at any moment,
    readers find of each provider all of its old records or all of its new ones.

    Parameters
    ----------
    tables
        Of `RECORD_TABLES`, with the contract's columns; links need the assaults beside them.
    address
        A folder, made for its owner alone where it is not there, or an address that fsspec knows.
    options
        What fsspec needs to open the address; no credentials.
    source
        Opaque name of the store that the records are of. What it wrote of providers that it does
        not hold any more is deleted, and what another store wrote is not replaced.
    tell
        Told how many rows there are, and how many are done.

    Raises
    ------
    EdHotspotsError
        If the address cannot be used, or another source's records of one of the providers are
        there.
    """
    storage = open_storage(address, options)
    replace_records(storage, tables, source=source, tell=tell)
    return open_records(address, options=options)


def open_records(address: str, *, options: Mapping[str, Any] | None = None) -> RecordFiles:
    """Find which files there are, and what is in each, without reading their rows.

    Raises
    ------
    StoreError
        If there are no record files, or they are of another version.
    EdHotspotsError
        If the address cannot be used.
    """
    storage = open_storage(address, options)
    there = storage.listed(INDEX)
    require_format(storage, there)
    if ABOUT not in there:
        raise StoreError(
            f"{storage.told}: holds no record files. Write them with: ed-hotspots export --to"
        )
    rows = [
        (
            file["table"], provider, file["month"], file["path"], file["rows"],
            frozenset(map(tuple, file["squares"])), file["n_without_point"],
        )
        for provider, index in sorted(read_indices(storage, there).items())
        for file in index["files"]
    ]  # fmt: skip
    partitions = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(
        {"table": "str", "provider": "str", "month": "str", "path": "str"}
        | {"rows": "int64", "n_without_point": "int64", "squares": "object"}
    )
    keys = ["table", "provider", "month"]
    ordered = partitions.sort_values(keys, kind="stable", ignore_index=True)
    # Workers may be in another folder.
    lasting = storage.root if storage.system is None else address
    return RecordFiles(lasting, ordered, dict(options or {}))


def read_records(
    files: RecordFiles,
    table: str,
    *,
    paths: Collection[str] | None = None,
    columns: Collection[str] | None = None,
    with_path: bool = False,
) -> pd.DataFrame:
    """Read a table, or some of its files, as `Store.read` gives it, in the order of its key.

    Parameters
    ----------
    files
        As `open_records` found them.
    table
        One of `RECORD_TABLES`.
    paths
        Of ``files.partitions``; all files of the table when not given.
    columns
        Names of the contract; all when not given. They come in the contract's order.
    with_path
        Whether a last column, ``path``, tells the file of each row.

    Raises
    ------
    StoreError
        If a file is not there any more, as after another export; open the records again then.
    """
    if table not in SCHEMAS:
        raise StoreError(f"There is no such table. Choose from: {', '.join(RECORD_TABLES)}.")
    spec = load_spec(SCHEMAS[table])
    wanted = [n for n in spec.contract if columns is None or n in columns]
    if columns is not None and len(wanted) < len(set(columns)):
        raise StoreError(f"{table}: there is no such column. docs/contract.md names them all.")
    chosen = files.partitions[files.partitions["table"] == table]
    if paths is not None:
        chosen = chosen[chosen["path"].isin(set(paths))]
        if len(chosen) < len(set(paths)):
            raise renewed(told_address(files.address))
    needed = [n for n in spec.contract if n in wanted or n in spec.primary_key]
    providers = dict(zip(chosen["path"], chosen["provider"], strict=True))
    storage = open_storage(files.address, files.options)
    parts = list(_read_parts(storage, providers, spec, needed))
    if with_path:
        named = zip(providers, parts, strict=True)
        parts = [part.append_column(PATH, pa.repeat(path, len(part))) for path, part in named]
    return frame_of(parts, spec, columns=[*wanted, PATH] if with_path else wanted)


def partitions_touching(
    files: RecordFiles, table: str, bounds: tuple[float, float, float, float]
) -> pd.DataFrame:
    """The partitions of a table that may hold a point within bounds (west, south, east, north).

    None that holds one is missed, points on the bounds counted in; some may hold none, as only the
    square of `SQUARE_M` of each point is known. Metres, EPSG:27700.
    """
    west, south, east, north = bounds
    of = files.partitions[files.partitions["table"] == table]

    def touches(square: tuple[int, int]) -> bool:
        e, n = square[0] * SQUARE_M, square[1] * SQUARE_M
        return e <= east and n <= north and e + SQUARE_M > west and n + SQUARE_M > south

    # Few squares lie within the bounds of a task, and to look these up is quicker than to compare.
    held = frozenset().union(*of["squares"])
    within = frozenset(square for square in held if touches(square))
    return of[[not within.isdisjoint(squares) for squares in of["squares"]]]


def _read_parts(
    storage: Storage, providers: Mapping[str, str], spec: TableSpec, columns: list[str]
) -> Iterator[pa.Table]:
    """Each file's rows; of object storage many files are fetched at once."""
    paths = list(providers)
    try:
        for start in range(0, len(paths), FILES_AT_ONCE):
            some = paths[start : start + FILES_AT_ONCE]
            content = {} if storage.system is None else storage.read(some)
            for path in some:
                file = content[path] if content else Path(storage.root) / path
                yield decode(file, spec, provider=providers[path], columns=columns)
    except FileNotFoundError:
        raise renewed(storage.told) from None
    except pa.ArrowInvalid:
        raise StoreError(
            f"{storage.told}: a file is damaged, or of another version of ed-hotspots. Empty the "
            "address, and export again."
        ) from None
