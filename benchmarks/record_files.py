"""Record files of a nation: 340 providers, 12 months, written, opened and read by tasks.

``--providers N --assaults N --crimes N`` set the size; ``--to FOLDER`` says where (default: a
temporary folder). Made-up frames with the contract's columns.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from machine import machine, peak_memory_mib, timed

from ed_ingest.schema import load_spec
from hotspots.record_files import (
    SQUARE_M,
    RecordFiles,
    open_records,
    partitions_touching,
    read_records,
    write_records,
)
from hotspots.record_layout import SCHEMAS

MONTHS = 12
FIRST = np.datetime64("2025-01-01T00:00", "s")
FORCES = 43


def frame(table: str, columns: dict[str, object], n: int) -> pd.DataFrame:
    """A table of the contract, typed; columns that are not given hold one word or nothing."""
    spec, made = load_spec(SCHEMAS[table]), {}
    for name in spec.contract:
        kind = spec.fields[name].kind
        if name in columns:
            made[name] = columns[name]
        elif kind == "string":
            made[name] = pd.Series(np.full(n, "unknown", dtype=object)).astype("str")
        elif kind == "number":
            made[name] = np.full(n, 50.0)
        elif kind == "integer":
            made[name] = np.ones(n, dtype="int64")
        else:
            made[name] = np.full(n, FIRST)
    return pd.DataFrame(made)


def ids(prefix: str, n: int) -> pd.Series:
    """Opaque ids in the order of a key."""
    return pd.Series([f"{prefix}{i:015x}" for i in range(n)]).astype("str")


def places(rng: np.random.Generator, which: np.ndarray, missing: float) -> dict[str, object]:
    """Points around the place of each provider, 25 km wide; some are missing."""
    centre = np.column_stack([rng.uniform(1e5, 6e5, 400), rng.uniform(1e5, 6e5, 400)])
    points = centre[which] + rng.normal(0, 12_000, (len(which), 2))
    points[rng.random(len(which)) < missing] = np.nan
    return {"easting": points[:, 0].round(), "northing": points[:, 1].round()}


def nation(providers: int, assaults: int, crimes: int) -> dict[str, pd.DataFrame]:
    """Records of a year, as a store would give them."""
    rng = np.random.default_rng(1)
    hospital, force = rng.integers(0, providers, assaults), rng.integers(0, FORCES, crimes)
    names = np.array([f"hospital-{i:03}" for i in range(providers)], dtype=object)
    forces = np.array([f"force-{i:02}" for i in range(FORCES)], dtype=object)
    words = np.array([f"outside place number {i}" for i in range(5000)], dtype=object)
    when = {n: FIRST + rng.integers(0, 365 * 86400 // 60, n) * 60 for n in (assaults, crimes)}
    event, crime = ids("a", assaults), ids("c", crimes)
    linked = min(assaults, crimes) // 4
    deliveries = providers * MONTHS
    return {
        "assaults": frame(
            "assaults",
            {
                "event_id": event, "provider": pd.Series(names[hospital]).astype("str"),
                "arrived_at": when[assaults], "assault_from": when[assaults],
                "assault_to": when[assaults],
                "location_text": pd.Series(rng.choice(words, assaults)).astype("str"),
                **places(rng, hospital, 0.4),
            },
            assaults,
        ),
        "crimes": frame(
            "crimes",
            {
                "crime_id": crime, "provider": pd.Series(forces[force]).astype("str"),
                "committed_from": when[crimes], "committed_to": when[crimes],
                "place_name": pd.Series(rng.choice(words, crimes)).astype("str"),
                **places(rng, force, 0.1),
            },
            crimes,
        ),
        "links": frame(
            "links",
            {
                "event_id": event[:linked], "crime_id": crime[:linked],
                "distance_m": rng.uniform(0, 500, linked),
                "probability": rng.uniform(0.05, 1, linked),
            },
            linked,
        ),
        "batches": frame(
            "batches",
            {
                "batch_id": ids("b", deliveries),
                "provider": pd.Series(np.repeat(names, MONTHS)).astype("str"),
                "received_at": FIRST + np.tile(np.arange(MONTHS), providers) * 30 * 86400,
            },
            deliveries,
        ),
    }  # fmt: skip


def measure(records: dict[str, pd.DataFrame], folder: str) -> None:
    start = time.perf_counter()
    write_records(records, folder)
    print(f"written      {time.perf_counter() - start:6.1f} s, peak {peak_memory_mib():.0f} MiB")
    start = time.perf_counter()
    write_records(records, folder)
    print(f"written again{time.perf_counter() - start:6.1f} s (no file changes)")
    seconds, files = timed(lambda: open_records(folder))
    size = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file()) / 2**20
    print(f"opened       {seconds:6.2f} s: {len(files.partitions)} files, {size:.0f} MiB")
    area = (300_000.0, 300_000.0, 340_000.0, 340_000.0)
    seconds, touching = timed(lambda: partitions_touching(files, "crimes", area))
    print(f"looked up    {seconds:6.3f} s: {len(touching)} files of crimes touch 40 x 40 km")
    some = files.partitions[files.partitions["table"] == "crimes"].iloc[:100]
    task = RecordFiles(files.address, some, files.options)
    sent = len(pickle.dumps(task)) / 2**10
    seconds, rows = timed(lambda: read_records(task, "crimes", paths=some["path"]))
    print(f"a task reads {seconds:6.2f} s: {len(rows)} rows of 100 files ({sent:.0f} KiB sent)")
    columns = ["easting", "northing", "committed_from"]
    seconds, _ = timed(lambda: read_records(task, "crimes", paths=some["path"], columns=columns))
    print(f"three columns{seconds:6.2f} s")
    whole, rows = timed(lambda: read_records(files, "assaults"), repeat=1)
    print(f"all assaults {whole:6.1f} s: {len(rows)} rows")
    pd.testing.assert_frame_equal(rows, records["assaults"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--providers", type=int, default=340)
    parser.add_argument("--assaults", type=int, default=300_000)
    parser.add_argument("--crimes", type=int, default=2_300_000)
    parser.add_argument("--to")
    options = parser.parse_args()
    print(f"{machine()}; squares of {SQUARE_M // 1000} km")
    records = nation(options.providers, options.assaults, options.crimes)
    if options.to:
        measure(records, options.to)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(records, folder)


if __name__ == "__main__":
    main()
