"""Findings as bytes and back, exactly: no pickle, so that reading them runs nothing."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from hotspots.tables import (
    ChangeFindings,
    Comparison,
    Findings,
    HotSpotMap,
    PoliceKnowledge,
    Surface,
    ThemeFindings,
)

# Another number whenever what is written changes its meaning.
FORM = 1
_CLASSES = {
    c.__name__: c
    for c in (
        ChangeFindings,
        Comparison,
        Findings,
        HotSpotMap,
        PoliceKnowledge,
        Surface,
        ThemeFindings,
    )
}
_LENGTH = struct.Struct("<Q")
_NO_NAME = "\0none"


def encode_findings(findings: Findings) -> bytes:
    """Write findings as bytes: a tree in JSON, then tables (Arrow), arrays (npy) and shapes (WKB).

    Raises
    ------
    TypeError
        If a value is of no kind that is known here.
    """
    parts: list[bytes] = []
    tree = {"form": FORM, "findings": _write(findings, parts)}
    head = json.dumps(tree | {"lengths": [len(part) for part in parts]}).encode()
    body = b"".join([_LENGTH.pack(len(head)), head, *parts])
    packed: bytes = pa.compress(body, codec="zstd", asbytes=True)
    return _LENGTH.pack(len(body)) + packed


def decode_findings(blob: bytes) -> Findings | None:
    """Read findings as `encode_findings` wrote them; None where another version did."""
    (size,) = _LENGTH.unpack_from(blob)
    body: bytes = pa.decompress(
        blob[_LENGTH.size :], decompressed_size=size, codec="zstd", asbytes=True
    )
    (length,) = _LENGTH.unpack_from(body)
    start = _LENGTH.size + length
    head = json.loads(body[_LENGTH.size : start])
    if head["form"] != FORM:
        return None
    parts = []
    for size in head["lengths"]:
        parts.append(body[start : start + size])
        start += size
    try:
        findings: Findings = _read(head["findings"], parts)
    except (KeyError, TypeError):  # a class or field of another version
        return None
    return findings


def _write(value: Any, parts: list[bytes]) -> Any:
    """A tree that JSON knows; what it does not know goes to `parts`."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if is_dataclass(value) and type(value).__name__ in _CLASSES:
        told = {f.name: _write(getattr(value, f.name), parts) for f in fields(value)}
        return {"of": type(value).__name__, "fields": told}
    if isinstance(value, date) and not isinstance(value, pd.Timestamp):
        return {"date": value.isoformat()}
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return {"tuple": [_write(each, parts) for each in value]}
    if isinstance(value, Mapping):
        return {"map": [[str(key), _write(each, parts)] for key, each in value.items()]}
    return _write_part(value, parts)


def _write_part(value: Any, parts: list[bytes]) -> dict[str, Any]:
    if isinstance(value, np.ndarray):
        buffer = io.BytesIO()
        np.save(buffer, value, allow_pickle=False)
        return {"array": _put(buffer.getvalue(), parts)}
    if isinstance(value, BaseGeometry):
        return {"shape": _put(shapely.to_wkb(value), parts)}
    if isinstance(value, gpd.GeoDataFrame):
        name = str(value.geometry.name)
        plain = pd.DataFrame(value).assign(**{name: value.geometry.to_wkb()})
        crs = value.crs.to_string() if value.crs else None
        return {"shapes": _put(_arrow(plain), parts), "geometry": name, "crs": crs}
    if isinstance(value, pd.DataFrame):
        return {"table": _put(_arrow(value), parts)}
    if isinstance(value, pd.Series):
        column = _NO_NAME if value.name is None else str(value.name)
        return {"column": _put(_arrow(value.to_frame(column)), parts)}
    raise TypeError(f"{type(value).__name__} cannot be kept.")


def _put(part: bytes, parts: list[bytes]) -> int:
    parts.append(part)
    return len(parts) - 1


def _arrow(table: pd.DataFrame) -> bytes:
    """A table with its index and types, as an Arrow stream."""
    arrow = pa.Table.from_pandas(table)
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, arrow.schema) as stream:
        stream.write_table(arrow)
    return sink.getvalue()


def _read(tree: Any, parts: list[bytes]) -> Any:
    if not isinstance(tree, dict):
        return tree
    if "of" in tree:
        told = {name: _read(each, parts) for name, each in tree["fields"].items()}
        return _CLASSES[tree["of"]](**told)
    if "date" in tree:
        return date.fromisoformat(tree["date"])
    if "tuple" in tree:
        return tuple(_read(each, parts) for each in tree["tuple"])
    if "map" in tree:
        return {key: _read(each, parts) for key, each in tree["map"]}
    return _read_part(tree, parts)


def _read_part(tree: dict[str, Any], parts: list[bytes]) -> Any:
    if "array" in tree:
        return np.load(io.BytesIO(parts[tree["array"]]), allow_pickle=False)
    if "shape" in tree:
        return shapely.from_wkb(parts[tree["shape"]])
    if "shapes" in tree:
        plain = _table(parts[tree["shapes"]])
        shapes = gpd.GeoSeries.from_wkb(plain[tree["geometry"]], index=plain.index, crs=tree["crs"])
        whole = plain.assign(**{tree["geometry"]: shapes})
        return gpd.GeoDataFrame(whole, geometry=tree["geometry"], crs=tree["crs"])
    if "table" in tree:
        return _table(parts[tree["table"]])
    column = _table(parts[tree["column"]]).iloc[:, 0]
    return column.rename(None) if column.name == _NO_NAME else column


def _table(part: bytes) -> pd.DataFrame:
    with pa.ipc.open_stream(part) as stream:
        table: pd.DataFrame = stream.read_all().to_pandas()
    return table
