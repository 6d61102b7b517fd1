"""Where each record goes among the record files: by provider and month; and where points lie."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

# Table -> the schema that its columns keep to: all that journey 2 reads of the store.
SCHEMAS = {
    "assaults": "ed_assault",
    "crimes": "police_crime",
    "links": "links",
    "batches": "batches",
}
SQUARE_M = 10_000
UNDATED = "undated"
# What Hive writes for "none": a link whose assault is not there has no provider.
NO_PROVIDER = "__HIVE_DEFAULT_PARTITION__"
# Readers of Hive partitions skip names that begin with a line or a dot.
INDEX, ABOUT = "_index", "_index/about.json"
_PART = re.compile(
    r"(?:assaults|crimes|links|batches)/provider=([^/]+)/month=[^/]+/"
    r"\.?part-0-[0-9a-f]{16}\.parquet(?:\.unfinished)?"
)
_INDEX_FILE = re.compile(r"_index/provider=[^/]+\.json")


def quoted(provider: str) -> str:
    """A provider's id as a part of a path; readers of Hive partitions decode the percent signs."""
    # Also a dot: Windows drops it at the end of a name.
    return re.sub(r"[^A-Za-z0-9_-]", _percent, provider) or NO_PROVIDER


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8"))


def index_path(provider: str) -> str:
    """Where the index of a provider's files lies within the address."""
    return f"{INDEX}/provider={quoted(provider)}.json"


def is_index(path: str) -> bool:
    """Whether a file is the index of a provider's files."""
    return _INDEX_FILE.fullmatch(path) is not None


def part_path(table: str, provider: str, month: str, digest: str) -> str:
    """Where a file lies within the address; another content has another name."""
    return f"{table}/provider={quoted(provider)}/month={month}/part-0-{digest}.parquet"


def part_provider(path: str) -> str | None:
    """Whose records a file holds, finished or not, `quoted`; None for what is not ours."""
    found = _PART.fullmatch(path)
    return found[1] if found else None


def homes(
    table: str, rows: pd.DataFrame, *, assaults: pd.DataFrame | None = None
) -> tuple[pd.Series, pd.Series]:
    """Provider and month of each row of a table, on its index.

    Parameters
    ----------
    table, rows
        A table of `SCHEMAS`, with the contract's columns.
    assaults
        Of which the links are; not looked at for other tables.

    Returns
    -------
    providers, months
        Ids (empty for a link of no known assault), and ``YYYY-MM`` or ``undated``: of
        ``arrived_at`` or else ``assault_from``, ``committed_from``, ``received_at``; links go with
        their assault.
    """
    if table == "links":
        known = pd.DataFrame() if assaults is None else assaults
        if known.empty:
            return pd.Series("", index=rows.index), pd.Series(UNDATED, index=rows.index)
        providers, months = homes("assaults", known)
        of = pd.Index(known["event_id"]).get_indexer(rows["event_id"])
        return (
            pd.Series(np.where(of < 0, "", providers.to_numpy()[of]), index=rows.index),
            pd.Series(np.where(of < 0, UNDATED, months.to_numpy()[of]), index=rows.index),
        )
    if table == "assaults":
        times = rows["arrived_at"].fillna(rows["assault_from"])
    else:
        times = rows["committed_from" if table == "crimes" else "received_at"]
    return rows["provider"], _months(times)


def _months(times: pd.Series) -> pd.Series:
    """``YYYY-MM`` of each time; each month is written once, as millions of rows share few."""
    whole = times.to_numpy().astype("datetime64[M]")
    distinct, which = np.unique(whole, return_inverse=True)
    words = np.array([UNDATED if np.isnat(m) else str(m) for m in distinct], dtype=object)
    return pd.Series(words[which] if len(words) else [], index=times.index, dtype="object")


def squares_of(easting: np.ndarray, northing: np.ndarray) -> frozenset[tuple[int, int]]:
    """The squares of `SQUARE_M` that hold a point; metres, EPSG:27700; what is missing has none."""
    there = ~(np.isnan(easting) | np.isnan(northing))
    corners = [(c[there] // SQUARE_M).astype("int64").tolist() for c in (easting, northing)]
    return frozenset(zip(*corners, strict=True))
