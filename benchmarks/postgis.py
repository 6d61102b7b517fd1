"""The copy in PostGIS: first export, one with nothing new, one new delivery, renewed links."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from machine import machine, peak_memory_mib

from ed_ingest import audit
from ed_ingest.schema import load_spec
from ed_ingest.store import TABLES, Store, open_store
from ed_ingest.store_rows import put
from ed_ingest.store_tables import transaction
from hotspots.postgis import Exported, export_to_postgis

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.hotspots.postgis_server import PASSWORD, running_server, why_not

ASSAULTS, CRIMES, MONTHS, HOSPITALS = 100_000, 500_000, 24, 4
DRAWN = np.random.default_rng(7)


def main() -> None:
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    if reason := why_not():
        print(f"Skipped: {reason}.")
        return
    os.environ |= {"PGUSER": "writer", "PGPASSWORD": PASSWORD}
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder) / "s.sqlite") as store,
        running_server() as server,
    ):
        fill(store, scale)
        print(f"## Copy in PostGIS\n\n{machine()}\n")
        print(", ".join(f"{len(store.read(table)):,} {table}" for table in TABLES) + "\n")
        print("| export | seconds | deliveries sent | rows written | rows removed |")
        print("|---|---|---|---|---|")
        address = server.address()

        def tell(name: str, change: Callable[[Store], None] | None = None) -> None:
            if change:
                change(store)
            start = time.perf_counter()
            done = export_to_postgis(store, address, release="r")
            print(f"| {name} | {time.perf_counter() - start:.1f} {_told(done)}")

        tell("first")
        tell("again, nothing changed")
        tell("again, the store read all the same", lambda s: s.audit("another", "entry", {}))
        tell("one new delivery", lambda s: _deliver(s, "new", "a", ASSAULTS // 100))
        tell("linked again", _link)
        print(f"\npeak memory {peak_memory_mib():.0f} MiB\n")


def _told(done: Exported) -> str:
    written = sum(step.new + step.changed for step in done.tables.values())
    removed = sum(step.removed for step in done.tables.values())
    return f"| {done.deliveries} | {written:,} | {removed:,} |"


def fill(store: Store, scale: float) -> None:
    """A few years of hospitals' and a force's deliveries, linked."""
    for month in range(MONTHS):
        for hospital in range(HOSPITALS):
            n = int(ASSAULTS * scale) // (MONTHS * HOSPITALS)
            _deliver(store, f"h{hospital}-{month}", f"{hospital}-{month}-", n)
        _deliver(store, f"p-{month}", f"p-{month}-", int(CRIMES * scale) // MONTHS, "crimes")
    _link(store)


def _deliver(store: Store, batch: str, prefix: str, n: int, table: str = "assaults") -> None:
    key = {"assaults": "event_id", "crimes": "crime_id"}[table]
    rows = _rows(table, n).assign(batch_id=batch, provider=batch.partition("-")[0])
    # Ids are hashes: their order is not that of the deliveries.
    rows[key] = [f"{DRAWN.integers(2**63):016x}{prefix}{i}" for i in range(n)]
    kind = {"assaults": "ed", "crimes": "police"}[table]
    named = {"batch_id": batch, "provider": batch, "file_hash": batch, "kind": kind}
    row = _rows("batches", 1).assign(**named)
    with transaction(store.connection):
        put(store.connection, table, rows)
        put(store.connection, "batches", row)
        audit.append(store.connection, "ingest", batch, {"rows": n})


def _rows(table: str, n: int) -> pd.DataFrame:
    """Rows that the schema allows, each column drawn by itself."""
    spec = load_spec(TABLES[table])
    columns: dict[str, object] = {}
    for name in spec.contract:
        field = spec.fields[name]
        minutes = DRAWN.integers(0, 525_600, n).astype("timedelta64[m]")
        moments = np.datetime64("2025-01-01T00:00") + minutes
        if field.codes:
            columns[name] = DRAWN.choice(field.codes, n)
        elif field.kind == "datetime":
            columns[name] = moments
        elif field.kind == "date":
            columns[name] = moments.astype("datetime64[D]").astype("datetime64[s]")
        elif field.kind == "number":
            columns[name] = np.round(DRAWN.uniform(0, field.maximum or 500, n), 1)
        elif field.kind == "integer":
            columns[name] = DRAWN.integers(0, 1000, n)
        else:
            columns[name] = [f"Castle Street {i % 997}" for i in range(n)]
    return pd.DataFrame(columns)


def _link(store: Store) -> None:
    assaults, crimes = store.read("assaults"), store.read("crimes")
    n = len(assaults) // 2
    links = pd.DataFrame(
        {
            "event_id": DRAWN.permutation(assaults["event_id"])[:n],
            "crime_id": DRAWN.permutation(crimes["crime_id"])[:n],
            "distance_m": 20.0,
            "gap_min": 0.0,
            "probability": 0.9,
        }
    )
    found = assaults["event_id"].isin(links["event_id"])
    store.record_links(
        links, assaults.assign(link_status=np.where(found, "linked", "not_found")), {}
    )


if __name__ == "__main__":
    main()
