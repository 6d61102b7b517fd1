"""Write the made-up partnership's CSV and GeoJSON files, the same bytes for the same content."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, BinaryIO

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio

_TEXT = pa.large_string()


def write_csv(
    path: Path,
    frame: pd.DataFrame,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    line_end: str = "\n",
) -> None:
    """Write a table with its header; cells are quoted only where they must be.

    Letters that the encoding lacks become a question mark, as old systems do.
    """
    with path.open("wb") as handle:
        header = delimiter.join(map(str, frame.columns)) + line_end
        handle.write(header.encode(encoding, errors="replace"))
        append_csv(handle, frame, delimiter=delimiter, encoding=encoding, line_end=line_end)


def append_csv(
    target: BinaryIO,
    frame: pd.DataFrame,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    line_end: str = "\n",
) -> None:
    """Write a table's rows to an open file, without header; quick enough for millions of rows."""
    if frame.empty:
        return
    columns = [_as_text(frame[name]) for name in frame]
    content = _joined(columns, delimiter, line_end)
    # To count is quicker than to look into each cell; most files need no quotes at all.
    expected = (len(columns) - 1) * len(frame)
    if content.count(delimiter.encode()) != expected or _needs_quotes(content, line_end, frame):
        quoted = [_quoted(column, delimiter) for column in columns]
        content = _joined(quoted, delimiter, line_end)
    if encoding != "utf-8":
        content = content.decode("utf-8").encode(encoding, errors="replace")
    target.write(content)


def _as_text(values: pd.Series) -> Any:
    column = pa.array(values, from_pandas=True)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_timestamp(column.type):
        column = pc.strftime(column.cast(pa.timestamp("s")), format="%Y-%m-%d %H:%M")
    return pc.fill_null(column.cast(_TEXT), "")


def _joined(columns: list[Any], delimiter: str, line_end: str) -> bytes:
    lines = pc.binary_join_element_wise(*columns, pa.scalar(delimiter, _TEXT))
    whole = pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines)
    text = pc.binary_join(whole, pa.scalar(line_end, _TEXT))[0]
    content: bytes = text.as_buffer().to_pybytes() + line_end.encode()
    return content


def _needs_quotes(content: bytes, line_end: str, frame: pd.DataFrame) -> bool:
    """Whether a cell holds a quote or a line's end."""
    returns = len(frame) if "\r" in line_end else 0
    return b'"' in content or content.count(b"\n") != len(frame) or content.count(b"\r") != returns


def _quoted(column: Any, delimiter: str) -> Any:
    """Quote the cells that hold the delimiter, a quote or a line's end."""
    special = pc.match_substring_regex(column, f'[{re.escape(delimiter)}"\r\n]')
    quote, nothing = pa.scalar('"', _TEXT), pa.scalar("", _TEXT)
    doubled = pc.replace_substring(column, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise(quote, doubled, quote, nothing), column)


def write_geojson(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Write shapes with their coordinate reference system, to the metre."""
    document = json.loads(frame.to_json(drop_id=True), parse_float=lambda text: round(float(text)))
    path.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")


def write_geopackage(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Write shapes as one layer, named as the file; quicker to read than GeoJSON when many."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2025-12-31T00:00:00.000Z"})
    try:
        pyogrio.write_dataframe(frame, path, driver="GPKG", layer=path.stem)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
