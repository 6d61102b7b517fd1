"""Records as GeoParquet files, one a provider and month: what workers read without the store.

Readers go by the index, one small file a provider, never by what lies in the folders. A file's
name holds the hash of its content, so that new content never replaces the old under a reader; the
index is written last, at once, and what it no longer names is deleted after that. Nothing is
renamed. The index tells what is in each file, and not the files' footers: ten thousand footers are
ten thousand requests.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ed_ingest.errors import EdHotspotsError, StoreError
from ed_ingest.schema import TableSpec, load_spec
from hotspots.record_layout import (
    ABOUT,
    INDEX,
    SCHEMAS,
    SQUARE_M,
    index_path,
    indexed_provider,
    part_provider,
)
from hotspots.record_parquet import decode, frame_of
from hotspots.record_parts import (
    FORMAT,
    Placed,
    document,
    index_document,
    parts_of,
    placed,
    providers_of,
)
from hotspots.record_storage import Storage, make_private, open_storage, told_address

__all__ = [
    "RECORD_TABLES", "SQUARE_M", "RecordFiles", "open_records", "partitions_touching",
    "read_records", "write_records",
]  # fmt: skip

# All that journey 2 reads of the store.
RECORD_TABLES = tuple(SCHEMAS)
# So much is written, or read, at once: object storage takes many files at the same time.
_FILES_AT_ONCE, _BYTES_AT_ONCE = 500, 64 * 2**20
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
    make_private(storage)
    there = storage.listed()
    _require_format(storage, there)
    before = _read_indices(storage, there)
    whole = placed(tables)
    providers = providers_of(whole)
    _refuse_foreign(storage, [before[p]["source"] for p in providers if p in before], source)
    gone = [p for p in before if source and before[p]["source"] == source and p not in providers]
    if ABOUT not in there:
        storage.write({ABOUT: document({"format": FORMAT, "crs": "EPSG:27700"})})
    # An index, be it empty, says whose a provider's files are, should the next lines be cut off.
    new = [p for p in providers if p not in before]
    _write_all(storage, ((index_path(p), index_document(p, source, [])) for p in new))

    files: dict[str, list[dict[str, Any]]] = {p: [] for p in providers}
    n_rows = sum(len(one.rows) for one in whole)
    _write_all(storage, _new_parts(whole, files, there, tell=partial(tell or _nobody, n_rows)))
    _write_all(storage, _changed_indices(before, {**files, **{p: [] for p in gone}}, source))
    _clear(storage, files, gone)
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
    _require_format(storage, there)
    if ABOUT not in there:
        raise StoreError(
            f"{storage.told}: holds no record files. Write them with: ed-hotspots export --to"
        )
    rows = [
        (
            file["table"], provider, file["month"], file["path"], file["rows"],
            frozenset(map(tuple, file["squares"])), file["n_without_point"],
        )
        for provider, index in sorted(_read_indices(storage, there).items())
        for file in index["files"]
    ]  # fmt: skip
    partitions = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(
        {"table": "str", "provider": "str", "month": "str", "path": "str"}
        | {"rows": "int64", "n_without_point": "int64", "squares": "object"}
    )
    keys = ["table", "provider", "month"]
    ordered = partitions.sort_values(keys, kind="stable", ignore_index=True)
    return RecordFiles(address, ordered, dict(options or {}))


def read_records(
    files: RecordFiles,
    table: str,
    *,
    paths: Collection[str] | None = None,
    columns: Collection[str] | None = None,
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
            raise _renewed(told_address(files.address))
    needed = [n for n in spec.contract if n in wanted or n in spec.primary_key]
    providers = dict(zip(chosen["path"], chosen["provider"], strict=True))
    storage = open_storage(files.address, files.options)
    parts = list(_read_parts(storage, providers, spec, needed))
    return frame_of(parts, spec, columns=wanted)


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


def _nobody(_total: int, _done: int) -> None:
    """Nobody waits to be told."""


def _require_format(storage: Storage, there: Mapping[str, int]) -> None:
    if ABOUT in there and json.loads(storage.read([ABOUT])[ABOUT]).get("format") != FORMAT:
        raise StoreError(
            f"{storage.told}: record files of another version of ed-hotspots. Empty the address, "
            "and export again."
        )


def _refuse_foreign(storage: Storage, sources: list[str], source: str) -> None:
    foreign = sum(other != source for other in sources)
    if foreign:
        raise EdHotspotsError(
            f"{storage.told}: holds records of {foreign} of these providers from another "
            "workspace. Name another address, or empty this one."
        )


def _read_indices(storage: Storage, there: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """The index of each provider's files."""
    paths = {path: indexed_provider(path) for path in there if indexed_provider(path) is not None}
    try:
        return {str(paths[p]): json.loads(text) for p, text in storage.read(paths).items()}
    except FileNotFoundError:
        raise _renewed(storage.told) from None
    except ValueError:
        raise StoreError(
            f"{storage.told}: an index is damaged. Empty the address, and export again."
        ) from None


def _new_parts(
    whole: list[Placed],
    files: dict[str, list[dict[str, Any]]],
    there: Mapping[str, int],
    *,
    tell: Callable[[int], None],
) -> Iterator[tuple[str, bytes]]:
    """Path and content of each file that is not there yet; `files` gets what the index will say."""
    done = 0
    for table in whole:
        for part in parts_of(table):
            files[part.provider].append(part.facts)
            # One that was cut off is shorter.
            if there.get(part.facts["path"]) != len(part.content):
                yield part.facts["path"], part.content
            done += part.facts["rows"]
            tell(done)


def _changed_indices(
    before: Mapping[str, dict[str, Any]],
    files: Mapping[str, list[dict[str, Any]]],
    source: str,
) -> Iterator[tuple[str, bytes]]:
    for provider, named in files.items():
        content = index_document(provider, source, named)
        if provider not in before or json.loads(content) != before[provider]:
            yield index_path(provider), content


def _clear(storage: Storage, files: Mapping[str, list[dict[str, Any]]], gone: list[str]) -> None:
    """Delete what no index names any more, also what an export that was cut off has left."""
    named = {file["path"] for listed in files.values() for file in listed}
    ours = {*files, *gone}
    left = [p for p in storage.listed() if part_provider(p) in ours and p not in named]
    storage.remove(sorted(left))
    storage.remove([index_path(provider) for provider in gone])


def _write_all(storage: Storage, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files as they come, many at once, and no more of them in memory than that."""
    waiting: dict[str, bytes] = {}
    for path, content in files:
        waiting[path] = content
        if len(waiting) >= _FILES_AT_ONCE or sum(map(len, waiting.values())) >= _BYTES_AT_ONCE:
            storage.write(waiting)
            waiting = {}
    if waiting:
        storage.write(waiting)


def _read_parts(
    storage: Storage, providers: Mapping[str, str], spec: TableSpec, columns: list[str]
) -> Iterator[pa.Table]:
    """Each file's rows; of object storage many files are fetched at once."""
    paths = list(providers)
    try:
        for start in range(0, len(paths), _FILES_AT_ONCE):
            some = paths[start : start + _FILES_AT_ONCE]
            content = {} if storage.system is None else storage.read(some)
            for path in some:
                file = content[path] if content else Path(storage.root) / path
                yield decode(file, spec, provider=providers[path], columns=columns)
    except FileNotFoundError:
        raise _renewed(storage.told) from None
    except pa.ArrowInvalid:
        raise StoreError(
            f"{storage.told}: a file is damaged, or of another version of ed-hotspots. Empty the "
            "address, and export again."
        ) from None


def _renewed(told: str) -> StoreError:
    return StoreError(f"{told}: the records were exported again meanwhile. Begin anew.")
