"""A year of 41 forces' street files: 4 million rows to stores, record files and surfaces."""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import rasterio
from machine import machine
from pyarrow import csv

from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.pipeline import ingest
from ed_ingest.workspace import make_workspace, open_workspace
from hotspots.export_records import export_to_files
from hotspots.national_surface import POLICE_RASTER, write_national_surfaces
from hotspots.partition_points import partition_tasks, violence_to_draw
from hotspots.record_files import RecordFiles, open_records
from hotspots.workers import Workers, results_of, workers

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "police-england-wales-2025"
PROVIDER = 'name = "police.uk"\nkind = "police"\nlayout = "police-uk-street"\n'
HEADINGS = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
CELL_M, BANDWIDTH_M = 100.0, 300.0
RECEIVED = datetime(2026, 1, 31, 12).astimezone()
PERIOD = date(2025, 1, 1), date(2025, 12, 31)
# The work of a force in one task: ids are of the force's own store.
Force = tuple[str, str, str]


def main() -> None:
    data = Path(os.environ.get("ED_HOTSPOTS_FORCES", DATA))
    found = sorted(data.glob("*.parquet"))
    if not found:
        print("## Forces\n\nNo street data: name their folder in ED_HOTSPOTS_FORCES.\n")
        return
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--all", action="store_true", help="all forces, not two")
    asked.add_argument("--keep", type=Path, metavar="FOLDER", help="where the rasters stay")
    given = asked.parse_args()
    stages: list[tuple[str, float, float]] = []
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        with staged("street files as published", stages):
            n_rows = write_street_files(found[0], root / "files", None if given.all else 2)
        forces = [(f.name, str(f), scratch) for f in sorted((root / "files").iterdir())]
        tasks = {name: (name, folder, scratch) for name, folder, _ in forces}
        with workers() as crew:
            with staged("intake into one store a force", stages):
                taken = dict(results_of(crew, take_in, tasks, what="force"))
            with staged("export to record files", stages):
                dict(results_of(crew, export_force, tasks, what="force"))
            records = open_records(str(root / "records"))
            out = given.keep or root / "surfaces"
            with staged(f"a surface for each of {len(tasks)} forces", stages):
                for name in tasks:
                    surface(of_provider(records, name), out / name, crew)
            with staged("one surface of all", stages):
                surface(records, out, crew)
            points = violence(records, crew)
        report(n_rows, pd.DataFrame(taken).T, stages, points, out)


def write_street_files(source: Path, folder: Path, wanted: int | None) -> int:
    """Write files as police.uk does, by force and month; the dropped columns are blank."""
    writers: dict[tuple[str, str], csv.CSVWriter] = {}
    n_rows, names = 0, set()
    for batch in pq.ParquetFile(source).iter_batches(65_536):
        table = pa.Table.from_batches([batch])
        keys = table.select(["Falls within", "Month"]).group_by(["Falls within", "Month"])
        for key in keys.aggregate([]).to_pylist():
            force, month = re.sub(r"[^a-z]+", "-", key["Falls within"].lower()), key["Month"]
            if wanted and force not in names and len(names) >= wanted:
                continue
            names.add(force)
            mine = table.filter(
                pc.and_(
                    pc.equal(table["Falls within"], key["Falls within"]),
                    pc.equal(table["Month"], month),
                )
            )
            blank = pa.nulls(len(mine), pa.string())
            whole = pa.table([mine[h] if h in mine.column_names else blank for h in HEADINGS],
                             names=HEADINGS)  # fmt: skip
            if (force, month) not in writers:
                path = folder / force / f"{month}-{force}-street.csv"
                path.parent.mkdir(parents=True, exist_ok=True)
                writers[force, month] = csv.CSVWriter(path, whole.schema)
            writers[force, month].write_table(whole)
            n_rows += len(whole)
    for writer in writers.values():
        writer.close()
    return n_rows


def take_in(force: Force) -> dict[str, float]:
    """Take a force's files into a store of its own; what became of their rows."""
    name, folder, scratch = force
    start = time.perf_counter()
    root = Path(scratch) / "workspaces" / name
    workspace = make_workspace(root, name="Bench", marking="X", premises_names=False)
    (root / "providers" / f"{name}.toml").write_text(PROVIDER, encoding="utf-8")
    places = load_gazetteer(workspace.reference)
    counts: dict[str, float] = {}
    for path in sorted(Path(folder).glob("*.csv")):
        receipt = ingest(path, workspace, name, received_at=RECEIVED, gazetteer=places)
        for key in ("n_read", "n_stored", "n_replaced", "n_held_back", "n_duplicate"):
            counts[key] = counts.get(key, 0) + receipt.counts.get(key, 0)
    return {**counts, "seconds": time.perf_counter() - start}


def export_force(force: Force) -> int:
    """Export a force's records to where those of all forces lie."""
    name, _, scratch = force
    workspace = open_workspace(Path(scratch) / "workspaces" / name)
    return export_to_files(workspace, str(Path(scratch) / "records"), "published data").files


def of_provider(records: RecordFiles, provider: str) -> RecordFiles:
    of = records.partitions[records.partitions["provider"] == provider]
    return replace(records, partitions=of)


def surface(records: RecordFiles, folder: Path, crew: Workers) -> None:
    write_national_surfaces(
        records, None, cell_m=CELL_M, bandwidth_m=BANDWIDTH_M, least=5, period=PERIOD,
        folder=folder, workers=crew, tell=lambda _: None,
    )  # fmt: skip


def violence(records: RecordFiles, crew: Workers) -> dict[str, pd.DataFrame]:
    """Each force's rows of violence."""
    tasks = dict(partition_tasks(records, "crimes", PERIOD))
    provider = records.partitions.set_index("path")["provider"]
    parts: dict[str, list[pd.DataFrame]] = {}
    for path, rows in results_of(crew, violence_to_draw, tasks, what="file"):
        parts.setdefault(str(provider[path]), []).append(rows)
    return {name: pd.concat(rows) for name, rows in sorted(parts.items())}


def sum_of_kernels(points: pd.DataFrame) -> float:
    """What all cells together must hold: the sum of each kernel at the cells' middles, plainly.

    Near 1 for each point and not 1: cells are a third of the bandwidth.
    """
    steps = (np.arange(-4, 5) + 0.5) * CELL_M
    total = 0.0
    for start in range(0, len(points), 100_000):
        some = points.iloc[start : start + 100_000]
        across, down = (
            (steps - (some[name].to_numpy() % CELL_M)[:, None]) ** 2
            for name in ("easting", "northing")
        )
        share = 1 - (across[:, :, None] + down[:, None, :]) / BANDWIDTH_M**2
        total += float((np.maximum(share, 0) ** 2).sum())
    return total * 3 / (np.pi * BANDWIDTH_M**2) * CELL_M**2


def sum_of_raster(path: Path) -> float:
    """Events in a raster: density by area, block by block."""
    total = 0.0
    with rasterio.open(path) as dataset:
        for _, window in dataset.block_windows(1):
            values = dataset.read(1, window=window, masked=True)
            total += float(values.astype("float64").filled(0.0).sum())
    return total * CELL_M**2 / 1e6


def report(
    n_rows: int,
    taken: pd.DataFrame,
    stages: list[tuple[str, float, float]],
    points: dict[str, pd.DataFrame],
    out: Path,
) -> None:
    told = taken.drop(columns="seconds").sum().astype(int)
    assert n_rows == told["n_read"] == told["n_stored"] + told["n_held_back"], "a row is lost"
    print(f"## Forces\n\n{machine()}\n")
    print(f"{len(taken)} forces, {n_rows:,} rows: stored {told['n_stored']:,}, held back "
          f"{told['n_held_back']:,}, replaced {told['n_replaced']:,}.\n")  # fmt: skip
    print("| stage | seconds | peak memory, MiB (this process and all workers) |\n|---|---|---|")
    for name, seconds, peak in stages:
        print(f"| {name} | {seconds:.0f} | {peak:.0f} |")
    worst, n_all, n_mapped = 0.0, 0, 0
    mapped = {name: rows[rows["easting"].notna()] for name, rows in points.items()}
    for name, rows in mapped.items():
        expected, drawn = sum_of_kernels(rows), sum_of_raster(out / name / POLICE_RASTER)
        worst = max(worst, abs(drawn / expected - 1))
        n_all, n_mapped = n_all + len(points[name]), n_mapped + len(rows)
    whole = sum_of_raster(out / POLICE_RASTER)
    expected = sum_of_kernels(pd.concat(list(mapped.values())))
    off = abs(whole / expected - 1)
    assert max(worst, off) < 1e-6, "a kernel is lost"
    print(f"\nViolence: {n_all:,} rows, {n_mapped:,} with a point. All cells of the surface of all "
          f"hold {whole:,.1f}; the kernels' sums at the cells' middles {expected:,.1f} "
          f"({off:.0e} apart; of single forces at most {worst:.0e}).\n")  # fmt: skip


@contextmanager
def staged(name: str, stages: list[tuple[str, float, float]]) -> Iterator[None]:
    """Time a stage, and watch the memory of this process and of all that it started."""
    start, peak, over = time.perf_counter(), [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.5):
            peak[0] = max(peak[0], resident_mib())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    yield
    over.set()
    watcher.join()
    stages.append((name, time.perf_counter() - start, peak[0]))
    print(f"{name}: {stages[-1][1]:.0f} s, {peak[0]:.0f} MiB", file=sys.stderr)


def resident_mib() -> float:
    me, total = psutil.Process(), 0
    for process in [me, *me.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total / 2**20


if __name__ == "__main__":
    main()
