"""A CSV of a million rows and a workbook of 40,000 to cells, beside the usual readers."""

from __future__ import annotations

import csv
import random
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import psutil
from machine import machine

from ed_ingest.guarded import close_reader, read_guarded

HEADINGS = (
    "AttendanceNumber", "ArrivalDateTime", "PresentingProblem", "IncidentDate", "IncidentTime",
    "AssaultMethodDesc", "AssaultLocationTypeDesc", "AssaultLocDesc", "PoliceInformed",
    "AlcoholInvolved", "Comment",
)  # fmt: skip
WORDS = (
    ("Fist/foot/other body part", "Knife / sharp instrument", "Glass", "Not known"),
    ("Pub/Club/Bar", "Street", "Own home", "Not known"),
    ("dancefloor, Klub Marrakesh", "outside Spar, High Street", "", "Parc y Felin"),
    ("Yes", "No", "NK"),
    ("Y", "N"),
    ("", "punched twice, fell", "c/o pain"),
)


def rows(n: int) -> Any:
    """Made-up attendances: an own number, true times, words."""
    chance = random.Random(1)  # noqa: S311 - made-up data
    start = datetime(2025, 1, 1)  # noqa: DTZ001 - local wall-clock time
    for number in range(n):
        arrival = start + timedelta(minutes=chance.randrange(525_600))
        assault = arrival - timedelta(minutes=chance.randrange(300))
        yield [f"01-{number:06d}-1", arrival, "Assault", assault, *map(chance.choice, WORDS)]


def write_csv(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for own, arrival, reason, assault, *words in rows(1_000_000):
            when = f"{arrival:%d/%m/%Y %H:%M}"
            writer.writerow([own, when, reason, f"{assault:%d/%m/%Y}", f"{assault:%H:%M}", *words])


def write_workbook(path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.append([*HEADINGS, "Age", "Score", "Ward", "Stream"])
    for n, (own, arrival, reason, assault, *words) in enumerate(rows(40_000)):
        day, clock = assault.date(), assault.time()
        sheet.append([own, arrival, reason, day, clock, *words, n % 90, n / 7, "", "Minors"])
    book.save(path)


def openpyxl_cells(path: Path) -> list[Any]:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


def measured(call: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds, peak resident MB of this process and its children above where it stood, result."""
    own = psutil.Process()
    done = threading.Event()
    peak = [0]

    def resident() -> int:
        total: int = own.memory_info().rss
        for child in own.children():
            try:
                total += child.memory_info().rss
            except psutil.Error:
                continue  # it has just ended
        return total

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], resident())

    before = resident()
    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    try:
        result = call()
    finally:
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
    return seconds, (peak[0] - before) / 2**20, result


def main() -> None:
    print(f"## Reading\n\n{machine()}\n")
    print("| file | reader | seconds | peak MB | rows |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        text, book = Path(folder) / "a.csv", Path(folder) / "a.xlsx"
        write_csv(text)
        write_workbook(book)
        runs: list[tuple[str, str, Callable[[], Any]]] = [
            ("CSV, 1,000,000 × 11", "ed-hotspots, its own process", lambda: read_guarded(text)),
            ("CSV, 1,000,000 × 11", "pandas.read_csv(dtype=str)", lambda: _pandas(text)),
            ("XLSX, 40,000 × 15", "ed-hotspots, its own process", lambda: read_guarded(book)),
            ("XLSX, 40,000 × 15", "openpyxl, read-only", lambda: openpyxl_cells(book)),
        ]
        for file, reader, call in runs:
            seconds, memory, result = measured(call)
            n = len(result)
            del result
            close_reader()
            print(f"| {file} | {reader} | {seconds:.1f} | {memory:,.0f} | {n:,} |", flush=True)
    print("\nThe time of the first includes the start of its process and the way back from it.\n")


def _pandas(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


if __name__ == "__main__":
    main()
