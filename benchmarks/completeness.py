"""Five years of ten hospitals: measures, gate 2, page and workbook, stage by stage."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from machine import machine, timed

from ed_ingest.completeness import summarise
from ed_ingest.items import ITEMS
from hotspots.completeness_disclosure import disclose_completeness
from hotspots.completeness_workbook import write_completeness_workbook
from hotspots.report import write_completeness

HOSPITALS, MONTHS, ROWS_A_MONTH = 10, 60, 150
LAST = "2025-12"


def stored(rng: np.random.Generator, providers: list[str]) -> pd.DataFrame:
    """Rows as the store gives them, with gaps of every kind."""
    n = HOSPITALS * MONTHS * ROWS_A_MONTH
    start = pd.Period(LAST) - MONTHS + 1
    minutes = rng.integers(0, int(MONTHS * 30.4 * 1440), n)
    told = pd.Series(start.start_time + pd.to_timedelta(minutes, unit="min"))
    told = told.astype("datetime64[s]")

    def drawn(values: list[str], shares: list[float]) -> pd.Series:
        return pd.Series(rng.choice(values, n, p=shares), dtype="str")

    answers = ["yes", "no", "unknown"]
    columns = {
        name: drawn(answers, [0.3, 0.4, 0.3])
        for name in ("alcohol", "drugs", "domestic_abuse", "reported_to_police", "gang_related")
    }
    columns |= {
        "provider": drawn(providers, [1 / HOSPITALS] * HOSPITALS),
        "source": drawn(["ed"], [1.0]),
        "arrived_at": told + pd.Timedelta(hours=1),
        "assault_from": told,
        "assault_to": told,
        "time_precision": drawn(["minute", "part_of_day", "date"], [0.7, 0.1, 0.2]),
        "assault_method": drawn(["body_part", "glass", "unknown"], [0.7, 0.2, 0.1]),
        "location_type": drawn(["street", "licensed_premises", "own_home"], [0.5, 0.3, 0.2]),
        "location_level": drawn(["premises", "street", "locality", "none"], [0.3, 0.3, 0.2, 0.2]),
        "place_id": drawn([f"p{i}" for i in range(500)], [1 / 500] * 500),
        "location_text": drawn(["somewhere"], [1.0]),
        "easting": pd.Series(np.full(n, 4e5)),
        "northing": pd.Series(np.full(n, 3e5)),
        "assailants": drawn(["1", "2", "unknown"], [0.4, 0.3, 0.3]),
        "relationship": drawn(["stranger", "family", "unknown"], [0.4, 0.3, 0.3]),
        "items_present": pd.Series(rng.integers(0, 1 << (2 * len(ITEMS)), n)),
    }
    return pd.DataFrame(columns)


def deliveries(providers: list[str]) -> pd.DataFrame:
    """One a month of each hospital."""
    months = pd.period_range(end=LAST, periods=MONTHS, freq="M")
    rows = [
        {
            "batch_id": f"{p}-{m}", "provider": p,
            "received_at": m.end_time.floor("D") + pd.Timedelta(days=9),
            "period_from": m.start_time, "period_to": m.end_time.floor("D"),
            "n_read": 165, "n_stored": 150, "n_outdated": 0, "n_held_back": 5,
            "n_not_assault": 8, "n_duplicate": 2,
        }
        for p in providers for m in months
    ]  # fmt: skip
    return pd.DataFrame(rows)


def main() -> None:
    providers = [f"hospital-{i}" for i in range(HOSPITALS)]
    rows, batches = stored(np.random.default_rng(1), providers), deliveries(providers)
    held = pd.DataFrame({"batch_id": [], "provider": [], "month": [], "items_present": []})
    held = held.astype({"batch_id": "str", "provider": "str", "month": "str"})
    held["items_present"] = held["items_present"].astype("int64")
    names = {p: p.title() for p in providers}
    print(f"## Completeness, {HOSPITALS} hospitals x {MONTHS} months, {len(rows):,} rows\n")
    print(f"{machine()}\n")
    measured, summary = timed(
        lambda: summarise(rows, held, batches, provider_names=names, month_to=LAST)
    )
    gated, safe = timed(
        lambda: disclose_completeness(
            summary, partnership="Bench", marking="OFFICIAL", threshold=5, method="round5"
        )
    )
    with tempfile.TemporaryDirectory() as folder:
        page, _ = timed(lambda: write_completeness(safe, Path(folder) / "c.html"))
        book, _ = timed(lambda: write_completeness_workbook(safe, Path(folder) / "c.xlsx"))
        sizes = [(Path(folder) / name).stat().st_size / 1024 for name in ("c.html", "c.xlsx")]
    print("| stage | seconds |\n|---|---|")
    stages = {"measures": measured, "gate 2": gated, "page": page, "workbook": book}
    for stage, seconds in stages.items():
        print(f"| {stage} | {seconds:.2f} |")
    print(f"| all | {sum(stages.values()):.2f} |")
    print(f"\nThe page has {sizes[0]:,.0f} kB, the workbook {sizes[1]:,.0f} kB.")


if __name__ == "__main__":
    main()
