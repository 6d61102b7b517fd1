"""Valid tables of records, typed as `Store.read` gives them, to change one thing of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ed_ingest.schema import load_spec
from ed_ingest.store_tables import typed_values
from hotspots.record_layout import SCHEMAS

VALUES = {"string": "unknown", "number": None, "integer": 0, "date": None, "datetime": None}


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """A table of the contract in the order of its key; what a row does not name is plain."""
    spec = load_spec(SCHEMAS[name])
    plain = {n: VALUES[spec.fields[n].kind] for n in spec.contract}
    records = pd.DataFrame([{**plain, **row} for row in rows], columns=spec.contract, dtype=object)
    return typed_values(records.sort_values(list(spec.primary_key), ignore_index=True), spec)


def tables() -> dict[str, pd.DataFrame]:
    """Two hospitals and a force: three assaults, two crimes, one link, two deliveries."""
    east, north = 318_500.0, 176_250.0  # square (31, 17)
    return {
        "assaults": table(
            "assaults",
            [
                {
                    "event_id": "e1", "provider": "afon", "arrived_at": "2025-03-01 00:10",
                    "assault_from": "2025-02-28 23:50", "easting": east, "northing": north,
                },
                {"event_id": "e2", "provider": "afon", "assault_from": "2025-02-03 12:00"},
                {"event_id": "e3", "provider": "bryn"},
            ],
        ),
        "crimes": table(
            "crimes",
            [
                {
                    "crime_id": "c1", "provider": "heddlu", "committed_from": "2025-02-28 23:45",
                    "easting": east + 40, "northing": north,
                },
                {"crime_id": "c2", "provider": "heddlu"},
            ],
        ),
        "links": table(
            "links",
            [{"event_id": "e1", "crime_id": "c1", "distance_m": 40.0, "gap_min": 0.0}],
        ),
        "batches": table(
            "batches",
            [
                {"batch_id": "b1", "provider": "afon", "received_at": "2025-03-04 09:00"},
                {"batch_id": "b2", "provider": "heddlu", "received_at": "2025-03-05 09:00"},
            ],
        ),
    }  # fmt: skip


def without(kept: Mapping[str, pd.DataFrame], event_id: str) -> dict[str, pd.DataFrame]:
    """The tables without one assault and its link."""
    return {
        name: rows[rows["event_id"] != event_id].reset_index(drop=True)
        if "event_id" in rows.columns
        else rows
        for name, rows in kept.items()
    }
