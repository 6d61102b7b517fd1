"""A hospital's file of a million rows: read, mapped, normalised, validated; seconds and memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from machine import machine, peak_memory_mib

from ed_ingest.layout import apply_mapping
from ed_ingest.normalise import normalise_attendances
from ed_ingest.read import read_extract
from ed_ingest.schema import load_spec, load_vocabulary
from ed_ingest.validate import validate

N = 1_000_000
COLUMNS = {
    "attendance_number": "AttNo", "arrived_at": "Arrival Date/Time", "attendance_reason": "Reason",
    "assault_date": "Date of assault", "assault_time": "Time of assault",
    "assault_method": "Weapon", "location_type": "Place type", "location_text": "Where",
    "easting": "E", "northing": "N", "alcohol": "Alcohol", "domestic_abuse": "DV",
    "reported_to_police": "Police told", "assailants": "How many", "relationship": "Who",
    "admitted": "Outcome", "age": "Age", "sex": "Sex",
}  # fmt: skip
STREETS = ("High", "Castle", "Station", "Mill", "Church", "Albert", "Queen", "Park", "Bridge")
ENDS = ("Street", "St", "Rd", "Lane", "Row", "Sq")
WHERE = ("outside the {}", "in {}", "{}, toilets", "nr {}", "{} - dance floor", "fight at {}")


def words(vocabulary: str) -> list[str]:
    return [w.rstrip("*") for w in load_vocabulary(vocabulary)["words"] if w.rstrip("*")]


def typed(rng: np.random.Generator, choices: list[str], n: int, *, blank: float) -> np.ndarray:
    """Words as clerks type them: in any case, some misspelt, some blank."""
    some = np.array([*choices, *(w.upper() for w in choices), *(w.title() for w in choices)])
    slips = [w[:k] + w[k + 1 :] for w in choices if len(w) > 6 for k in (2, 4)]
    cells = rng.choice(some, n).astype("U60")
    wrong = rng.random(n) < 0.03
    cells[wrong] = rng.choice(np.array(slips or choices), wrong.sum())
    cells[rng.random(n) < blank] = ""
    return cells


def times(rng: np.random.Generator, at: pd.DatetimeIndex) -> np.ndarray:
    """Times of day in the ways that people write them, in one column."""
    plain, bare = at.strftime("%H:%M").to_numpy("U30"), at.strftime("%H%M").to_numpy("U30")
    cells = np.where(rng.random(len(at)) < 0.8, plain, bare)
    approx = np.char.add("approx ", at.strftime("%H.%M").to_numpy("U30"))
    cells = np.where(rng.random(len(at)) < 0.05, approx, cells)
    said = np.array(
        ["evening", "2am", "between 1 and 2am", "NK", "", "late night", "11-1am", "24:00"]
    )
    vague = rng.random(len(at)) < 0.12
    cells[vague] = rng.choice(said, vague.sum())
    return cells


def hospital_file(n: int, *, seed: int = 1) -> pd.DataFrame:
    """Attendances of ten years, every cell as text; about 600,000 distinct texts of places."""
    rng = np.random.default_rng(seed)
    arrived = pd.Timestamp(2016, 1, 1) + pd.to_timedelta(rng.integers(0, 5_000_000, n), unit="min")
    assault = arrived - pd.to_timedelta(rng.integers(5, 900, n), unit="min")
    street = np.array([f"{s} {e}" for s in STREETS for e in ENDS])
    house = np.char.add(rng.integers(1, 9000, n).astype("U5"), " ")
    place = np.char.add(house, rng.choice(street, n))
    where = np.array(WHERE)[rng.integers(0, len(WHERE), n)]
    table = {
        "AttNo": np.char.add("ED", np.arange(n).astype("U9")),
        "Arrival Date/Time": arrived.strftime("%d/%m/%Y %H:%M"),
        "Reason": rng.choice(["Assault", "ASSAULT", "Fall", "RTC"], n, p=[0.6, 0.3, 0.06, 0.04]),
        "Date of assault": assault.strftime("%d/%m/%Y"),
        "Time of assault": times(rng, assault),
        "Weapon": typed(rng, words("assault_method"), n, blank=0.05),
        "Place type": typed(rng, words("location_type"), n, blank=0.1),
        "Where": [w.format(p) for w, p in zip(where, place, strict=True)],
        "E": rng.integers(310_000, 330_000, n).astype("U9"),
        "N": rng.integers(170_000, 190_000, n).astype("U9"),
        "Alcohol": typed(rng, ["Yes", "No", "Y", "N", "not known"], n, blank=0.1),
        "DV": typed(rng, ["Yes", "No", "not asked"], n, blank=0.2),
        "Police told": typed(rng, ["Yes", "No", "will do"], n, blank=0.2),
        "How many": rng.choice(["1", "2", "3", "4+", "group", "", "unknown"], n),
        "Who": typed(rng, words("relationship"), n, blank=0.2),
        "Outcome": typed(rng, words("admitted"), n, blank=0.05),
        "Age": rng.integers(16, 90, n).astype("U3"),
        "Sex": rng.choice(["M", "F", "Male", "female", ""], n),
    }
    made = pd.DataFrame(table)
    return made.where(rng.random(made.shape) > 0.002, "")


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else N
    spec = load_spec("ed_assault")
    seconds: list[tuple[str, float, float]] = []

    def stage(name: str, call: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = call()
        seconds.append((name, time.perf_counter() - start, peak_memory_mib()))
        return result

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        if len(sys.argv) > 2:
            path = Path(sys.argv[2])
        else:
            make_in_child(path, n)
        size = path.stat().st_size / 2**20
        before = peak_memory_mib()
        raw = stage("read", lambda: read_extract(path))
    mapped = stage("map", lambda: apply_mapping(raw, COLUMNS, where="million.csv"))
    normal = stage("normalise", lambda: normalise_attendances(mapped))
    checked = stage("validate", lambda: validate(normal, spec, received_on=date(2026, 1, 1)))
    counts = (
        len(checked.attendances),
        len(checked.held_back),
        checked.n_not_assault,
        checked.n_duplicate,
    )
    assert sum(counts) == len(raw) == n, "a row is lost or doubled"
    print(
        f"## One million rows\n\n{machine()}\n\n{n:,} rows, {size:.0f} MiB of CSV; "
        f"{before:.0f} MiB held before. Stored {counts[0]:,}, held back {counts[1]:,}, no assault "
        f"{counts[2]:,}, duplicate {counts[3]:,}; {len(checked.issues):,} issues.\n"
    )
    print("| stage | seconds | peak memory so far, MiB |\n|---|---|---|")
    for name, took, peak in seconds:
        print(f"| {name} | {took:.1f} | {peak:.0f} |")
    print(f"| all | {sum(took for _, took, _ in seconds):.1f} | {seconds[-1][2]:.0f} |\n")


def make_in_child(path: Path, n: int) -> None:
    """Write the file in a process of its own, so that its memory is not counted."""
    code = f"import million; million.hospital_file({n}).to_csv({str(path)!r}, index=False)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent)


if __name__ == "__main__":
    main()
