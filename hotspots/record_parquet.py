"""Rows of the contract as GeoParquet and back; the same rows always make the same bytes.

Assaults and crimes are GeoParquet 1.0.0 (https://geoparquet.org/releases/v1.0.0/): a point in WKB,
EPSG:27700, null where there is none. What the folders' names say, the provider, is in no file, as
in every Hive layout: readers would find the column twice.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from ed_ingest.schema import TableSpec

GEOMETRY = "geometry"
# Which file a row came from.
PATH = "path"
_ARROW = {
    "string": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    # Local wall-clock time, no zone: the repeated hour of October is twice the same time.
    "datetime": pa.timestamp("ms"),
    "date": pa.date32(),
}


def arrow_rows(rows: pd.DataFrame, spec: TableSpec) -> pa.Table:
    """The columns that a file holds, typed as the contract says, and the points in WKB."""
    schema = _schema(spec)
    columns = [pa.array(rows[name], type=schema.field(name).type) for name in schema.names]
    table = pa.Table.from_arrays(columns, schema=schema)
    if "easting" not in spec.fields:
        return table
    return table.append_column(GEOMETRY, _points(rows))


def encode(table: pa.Table) -> bytes:
    """One file: Parquet, and GeoParquet where there are points."""
    sink = io.BytesIO()
    with pq.ParquetWriter(
        sink,
        table.schema,
        # Both measured: quicker for files of a hundred rows and of thousands, and little larger.
        compression="snappy",
        use_dictionary=False,
        # Of text it would repeat two records' words in every footer.
        write_statistics=[n for n in table.column_names if n in _STATISTICS],
        store_schema=False,
    ) as writer:
        writer.write_table(table)
        if GEOMETRY in table.column_names:
            writer.add_key_value_metadata({"geo": _geo(table)})
    return sink.getvalue()


_STATISTICS = {"arrived_at", "assault_from", "committed_from", "easting", "northing"}


def decode(
    source: Path | bytes, spec: TableSpec, *, provider: str, columns: Collection[str]
) -> pa.Table:
    """Columns of the contract from one file; no geometry.

    Parameters
    ----------
    source
        The file, or its bytes.
    spec
        The table's schema.
    provider
        Whose records they are.
    columns
        Names of the contract.

    Raises
    ------
    pyarrow.ArrowInvalid
        If it is no such file.
    """
    with pq.ParquetFile(pa.BufferReader(source) if isinstance(source, bytes) else source) as file:
        table = file.read([n for n in columns if n != "provider"], use_threads=False)
    if set(table.column_names) != set(columns) - {"provider"}:
        raise pa.ArrowInvalid("columns are missing")
    schema = _schema(spec)
    typed = pa.schema([schema.field(n) for n in table.column_names])
    if not table.schema.equals(typed):
        table = table.cast(typed)
    if "provider" in columns:
        table = table.append_column("provider", pa.repeat(pa.scalar(provider), table.num_rows))
    return table


def frame_of(parts: Sequence[pa.Table], spec: TableSpec, *, columns: Sequence[str]) -> pd.DataFrame:
    """Parts of a table as `Store.read` gives it: sorted by its key, which all parts hold.

    Beside the contract's columns there may be `PATH`.
    """
    kind = {name: field.kind for name, field in spec.fields.items()} | {PATH: "string"}
    if not parts:
        kinds = [(n, _ARROW[kind[n]]) for n in {*columns, *spec.primary_key}]
        parts = [pa.schema(kinds).empty_table()]
    whole = pa.concat_tables([part.select(parts[0].column_names) for part in parts])
    whole = whole.combine_chunks().sort_by([(name, "ascending") for name in spec.primary_key])
    return pd.DataFrame({n: _series(whole.column(n), kind[n]) for n in columns})


def _series(column: pa.ChunkedArray, kind: str) -> pd.Series:
    if kind in ("date", "datetime"):
        series: pd.Series = column.cast(pa.timestamp("s"), safe=False).to_pandas()
        return series.astype("datetime64[s]")
    if kind == "integer":
        series = column.to_pandas(integer_object_nulls=True)
        return series.astype("Int64" if column.null_count else "int64")
    series = column.to_pandas()
    return series.astype("float64" if kind == "number" else "str")


def _schema(spec: TableSpec) -> pa.Schema:
    return pa.schema([(n, _ARROW[spec.fields[n].kind]) for n in spec.contract if n != "provider"])


def _points(rows: pd.DataFrame) -> pa.Array:
    x, y = (rows[name].to_numpy("float64", na_value=np.nan) for name in ("easting", "northing"))
    there = ~(np.isnan(x) | np.isnan(y))
    written = np.full(len(rows), None, dtype=object)
    written[there] = shapely.to_wkb(shapely.points(x[there], y[there]), byte_order=1)
    return pa.array(written, type=pa.binary())


def _geo(table: pa.Table) -> str:
    """What GeoParquet asks for in the file's metadata."""
    column = {"encoding": "WKB", "geometry_types": ["Point"], "crs": _crs()}
    if table[GEOMETRY].null_count < table.num_rows:
        easting, northing = (
            table[name].to_numpy()[table[GEOMETRY].is_valid().to_numpy()]
            for name in ("easting", "northing")
        )
        column["bbox"] = [easting.min(), northing.min(), easting.max(), northing.max()]
    return json.dumps(
        {"version": "1.0.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    )


@cache
def _crs() -> object:
    return CRS.from_epsg(27700).to_json_dict()
