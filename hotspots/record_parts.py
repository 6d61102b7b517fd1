"""Tables of records parted by provider and month: the files, and what the index says of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ed_ingest.schema import load_spec
from hotspots.record_layout import SCHEMAS, homes, part_path, squares_of
from hotspots.record_parquet import arrow_rows, encode

FORMAT = 1


class Part(NamedTuple):
    """One file: whose, what the index says of it, and its content."""

    provider: str
    facts: dict[str, Any]
    content: bytes


class Placed(NamedTuple):
    """A table in the order of its key, with the provider and month that each row goes to."""

    table: str
    rows: pd.DataFrame
    providers: pd.Series
    months: pd.Series


def placed(tables: Mapping[str, pd.DataFrame]) -> list[Placed]:
    """All tables, with where their rows go; links need the assaults beside them."""
    found = []
    for table in SCHEMAS:
        if table in tables:
            rows = _in_order(table, tables[table])
            found.append(Placed(table, rows, *homes(table, rows, assaults=tables.get("assaults"))))
    return found


def providers_of(tables: Iterable[Placed]) -> list[str]:
    """All providers that any table has rows of, sorted."""
    return sorted({str(name) for table in tables for name in table.providers.unique()})


def parts_of(whole: Placed) -> Iterator[Part]:
    """The files of one table, by provider and month; the same rows give the same bytes."""
    of_provider, providers = pd.factorize(whole.providers, sort=True)
    of_month, months = pd.factorize(whole.months, sort=True)
    group = of_provider * len(months) + of_month
    order = np.argsort(group, kind="stable")
    arrow = arrow_rows(whole.rows, load_spec(SCHEMAS[whole.table])).take(order)
    points = _points(whole.rows, order)
    starts = [*np.flatnonzero(np.diff(group[order], prepend=-1)), len(order)]
    for first, end in pairwise(starts):
        which = group[order[first]]
        provider, month = providers[which // len(months)], months[which % len(months)]
        content = encode(arrow.slice(first, end - first))
        # Names need no more: two contents of one partition that share 64 bits do not happen.
        digest = hashlib.sha256(content).hexdigest()[:16]
        facts = {
            "table": whole.table,
            "month": str(month),
            "path": part_path(whole.table, provider, month, digest),
            "rows": int(end - first),
            "n_without_point": int(np.isnan(points[first:end]).any(axis=1).sum()),
            "squares": sorted(squares_of(points[first:end, 0], points[first:end, 1])),
        }
        yield Part(str(provider), facts, content)


def index_document(provider: str, source: str, files: list[dict[str, Any]]) -> bytes:
    """The index of a provider's files; the same files give the same bytes."""
    ordered = sorted(files, key=lambda file: str(file["path"]))
    return document({"provider": provider, "source": source, "files": ordered})


def document(content: Mapping[str, Any]) -> bytes:
    """Compact JSON, UTF-8."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _in_order(table: str, rows: pd.DataFrame) -> pd.DataFrame:
    keys = list(load_spec(SCHEMAS[table]).primary_key)
    if len(keys) == 1 and rows[keys[0]].is_monotonic_increasing:
        return rows.reset_index(drop=True)
    return rows.sort_values(keys, ignore_index=True)


def _points(rows: pd.DataFrame, order: np.ndarray) -> np.ndarray:
    if "easting" not in rows.columns:
        return np.full((len(rows), 2), np.nan)
    points: np.ndarray = rows[["easting", "northing"]].to_numpy("float64", na_value=np.nan)
    ordered: np.ndarray = points[order]
    return ordered
