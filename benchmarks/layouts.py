"""How many columns, values and fates are right over the labelled deliveries, mapped without edits.

Each delivery is profiled, its mapping taken as proposed, and ingested into a workspace of its own.
With the name of one (`python benchmarks/layouts.py t04`) it lists what is wrong there; of those
kept aside only the figures are ever shown.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ed_ingest.pipeline import ingest
from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace
from hotspots.profile import Wanted, run_profile

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
# What the truth calls the columns that one of ours fills.
FILLS = {
    "arrived_at": "arrival", "arrived_date": "arrival", "arrived_time": "arrival",
    "assault_at": "time", "assault_date": "time", "assault_time": "time", "assault_from": "time",
    "assault_to": "time", "time_precision": "time", "attendance_number": "number",
    "event_id": "number", "attendance_reason": "filter", "duplicate_flag": "filter",
    "age": "age_band", "date_of_birth": "age_band", "easting": "point", "northing": "point",
    "latitude": "point", "longitude": "point", "grid_reference": "point",
}  # fmt: skip
JUDGED = (
    "assault_from", "assault_to", "time_precision", "clock_change", "night_of", "assault_method",
    "location_type", "alcohol", "drugs", "domestic_abuse", "reported_to_police", "gang_related",
    "admitted", "assailants", "relationship", "age_band", "sex",
)  # fmt: skip
TIMES = ("assault_from", "assault_to")


def take(meta: dict[str, Any], path: Path, root: Path) -> tuple[dict[str, Any], pd.DataFrame]:
    """Profile and ingest one delivery; the profile's figures, and what was stored."""
    workspace = make_workspace(root, name="Corpus", marking="OFFICIAL", premises_names=False)
    counts = meta["kind"] == "assault_counts"
    wanted = Wanted(
        kind="counts" if counts else "ed",
        source=meta.get("source", "ed"),
        reference="ISA",
        items=tuple(meta.get("sharing_agreement_agreed", ())),
    )
    provider = meta["provider"].lower()
    figures, _ = run_profile(
        path, workspace, provider, wanted, yes=True, ask=None, tell=lambda _: None
    )
    # Rows of the corpus lie up to 2026; its impossible ones decades later.
    ingest(path, workspace, provider, received_at=datetime(2026, 12, 1))  # noqa: DTZ001
    with open_store(workspace.store) as store:
        return figures, store.read("assault_counts" if counts else "assaults")


def mapping_right(meta: dict[str, Any], figures: dict[str, Any]) -> list[tuple[str, bool]]:
    """Whether each described column is used for what it holds, and for nothing else."""
    found = []
    for column in figures["columns"]:
        if column["header"] not in meta["mapping"]:
            continue
        wanted = meta["mapping"][column["header"]]
        want = {"filter" if w.startswith("(") else FILLS.get(w, w) for w in wanted}
        got = {FILLS.get(name, name) for name in column["maps_to"]}
        found.append((column["header"], want - {"location_level"} == got))
    return found


def identifiers_marked(meta: dict[str, Any], figures: dict[str, Any]) -> list[bool]:
    marked = {c["header"]: c["identifier"] for c in figures["columns"]}
    return [bool(marked.get(header)) for header in meta.get("identifier_columns", ())]


def cell_right(truth: dict[str, str], stored: dict[str, Any], column: str) -> bool | None:
    """Whether one stored value is right; None where the truth does not judge it."""
    want = truth.get(column, "")
    if not want:
        return None
    got = stored[column]
    text = "" if pd.isna(got) else str(got)
    other = stored["time_precision"] != truth.get("time_precision", "")
    accepted = stored["time_precision"] in truth.get("time_precision_alt", "").split("|")
    if column in (*TIMES, "night_of", "clock_change") and other and accepted:
        return None
    if column in TIMES and not pd.isna(got):
        end = "from" if column == "assault_from" else "to"
        low, high = truth.get(f"{end}_min") or want, truth.get(f"{end}_max") or want
        return bool(pd.Timestamp(low) <= got <= pd.Timestamp(high))
    if column == "night_of":
        text = text[:10]
    allowed = {want, *truth.get(f"{column}_alt", "").split("|")}
    return ("<empty>" if text == "" else text) in allowed or (text == "" and "" in {want})


def judge(meta: dict[str, Any], truth: pd.DataFrame, stored: pd.DataFrame) -> dict[str, Any]:
    """Cells by column, and rows whose fate is right, matched by the truth's key."""
    key = meta.get("key", "arrived_at")
    unit = "D" if key == "date" else "min"
    waiting: dict[Any, list[dict[str, Any]]] = {}
    for row in stored.to_dict("records"):
        at = row[key]
        waiting.setdefault(None if pd.isna(at) else at.floor(unit), []).append(row)
    cells: dict[str, list[bool]] = {}
    wrong: Counter[str] = Counter()
    fates = 0
    rows = truth.sort_values("expect", key=lambda s: s != "stored", kind="stable")
    for row in rows.to_dict("records"):
        at = pd.Timestamp(row[key]).floor(unit) if row[key] else None
        found = waiting.get(at) or []
        may = {row["expect"], *row.get("expect_alt", "").split("|")}
        taken = found.pop(0) if found and "stored" in may else None
        fates += ("stored" in may) if taken else bool(may - {"stored", ""})
        for column in JUDGED if taken else ():
            right = cell_right(row, taken, column)
            if right is not None:
                cells.setdefault(column, []).append(right)
                wrong[f"{column}: {row.get(column)} read as {taken[column]}"] += not right
    beyond = sum(map(len, waiting.values()))
    return {"cells": cells, "fates": max(fates - beyond, 0), "rows": len(truth), "wrong": wrong}


def counts_right(truth: pd.DataFrame, stored: pd.DataFrame) -> dict[str, Any]:
    found = {
        (f"{r.period_from:%Y-%m-%d}", str(r.place_name).casefold(), r.assault_method): r.n
        for r in stored.itertuples()
    }
    right = []
    for row in truth.to_dict("records"):
        n = found.get((row["period_from"], row["place_name"].casefold(), row["assault_method"]), -1)
        told = "" if pd.isna(n) else f"{float(n):.0f}"
        absent = not pd.isna(n) and n == -1 and row.get("expect_alt") == "rejected"
        right.append(told == row["n"] or absent)
    return {"cells": {"n": right}, "fates": sum(right), "rows": len(right), "wrong": Counter()}


def one(meta_path: Path) -> dict[str, Any]:
    """All figures of one delivery; a refused one has every row wrong."""
    meta = json.loads(meta_path.read_text(encoding="utf-8"))
    truth = pd.read_csv(
        meta_path.with_name(meta_path.name.replace(".meta.json", ".truth.csv")),
        dtype=str, keep_default_na=False,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        figures, stored = take(meta, meta_path.parent / meta["file"], Path(folder) / "w")
    counts = meta["kind"] == "assault_counts"
    found = counts_right(truth, stored) if counts else judge(meta, truth, stored)
    mapped = mapping_right(meta, figures) if not counts else []
    return {
        **found,
        "mapping": mapped,
        "identifiers": identifiers_marked(meta, figures),
        "needs_map": bool(meta.get("value_maps")),
    }


def share(values: list[bool]) -> str:
    return f"{sum(values) / len(values):.1%} of {len(values)}" if values else "-"


def main() -> None:
    wanted = sys.argv[1:]
    for folder, title in (("tune", "tuned on"), ("aside", "kept aside")):
        total: dict[str, list[bool]] = {}
        print(f"{title:14}{'columns':>16}{'identifiers':>16}{'values':>18}{'fates':>16}")
        for path in sorted((CORPUS / folder).glob("*.meta.json")):
            name = path.name.removesuffix(".meta.json")
            if wanted and not name.startswith(tuple(wanted)):
                continue
            found = one(path)
            values = [v for column in found["cells"].values() for v in column]
            fates = [n < found["fates"] for n in range(found["rows"])]
            mapped = [right for _, right in found["mapping"]]
            row = (mapped, found["identifiers"], values, fates)
            cells = [f"{share(v):>{w}}" for v, w in zip(row, (16, 16, 18, 16), strict=True)]
            shown = name if folder == "tune" else name[:3]
            print(f"{shown[:13]:14}{''.join(cells)}{'  (own codes)' if found['needs_map'] else ''}")
            for column, rights in found["cells"].items():
                total.setdefault(column, []).extend(rights)
            for label, v in zip(
                ("=columns", "=identifiers", "=values", "=fates"), row, strict=True
            ):
                total.setdefault(label, []).extend(v)
            if wanted and folder == "tune":
                print("   headings wrong:", [h for h, right in found["mapping"] if not right])
                for text, n in found["wrong"].most_common(20):
                    print(f"   {n} × {text}" if n else "", end="\n" if n else "")
        for column in sorted(total):
            print(f"  {column.lstrip('='):20}{share(total[column]):>20}")


if __name__ == "__main__":
    main()
