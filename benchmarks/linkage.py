"""Linkage beside nearest-first, an oracle and Splink, on made-up partnerships with known truth.

``python benchmarks/linkage.py`` scores every kind of partnership; ``--aside`` also the kind
and the seeds that nobody tuned by; ``--seeds 201 202`` others; ``--size N`` takes the time of N
assaults and ten times as many crimes.
Splink runs in an interpreter of its own, named by ``ED_HOTSPOTS_SPLINK``, else it is left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from machine import machine, peak_memory_mib

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.evaluation.linkage_referees import nearest_first, one_to_one, oracle
from benchmarks.evaluation.linkage_scenarios import KEPT_ASIDE, SCENARIOS, Simulated, simulate
from benchmarks.evaluation.linkage_scores import THRESHOLD, score
from ed_ingest.incidents import group_incidents
from ed_ingest.linkable import linkable
from ed_ingest.linkage import link, link_all, link_summary

SEEDS, SEEDS_ASIDE = (1, 2, 3, 4, 5), (101, 102, 103, 104, 105)
HEAD = (
    "| kind | seed | F1 | nearest | oracle | Splink | calibration error | worst bin | linked "
    "| known: true, by incident | estimate | 95 % interval | by incident | truth inside |"
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--aside", action="store_true")
    parser.add_argument("--size", type=int)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--seeds", type=int, nargs="+")
    chosen = parser.parse_args()
    print(f"## Linkage\n\n{machine()}\n")
    if chosen.size:
        _time(chosen.size)
        return
    kinds = {**SCENARIOS, **KEPT_ASIDE} if chosen.aside else SCENARIOS
    names = [name for name in kinds if not chosen.kinds or name in chosen.kinds.split(",")]
    print(HEAD + "\n" + "|---" * HEAD.count(" | ") + "|---|")
    inside = [
        _judge(name, seed, simulate(kinds[name], seed=seed))
        for name in names
        for seed in chosen.seeds or (SEEDS_ASIDE if chosen.aside else SEEDS)
    ]
    print(f"\nTruth inside the 95 % interval in {sum(inside)} of {len(inside)} runs.\n")


def _judge(name: str, seed: int, made: Simulated) -> bool:
    """Print one row; tell whether the true share is inside the interval."""
    ours = made.assaults.assign(incident_id=group_incidents(made.assaults))
    may = linkable(ours, false_places=None)
    by_event = pd.Series(may.to_numpy(), index=ours["event_id"])
    linkage = link_all(ours, made.crimes)
    share = link_summary(ours, made.crimes, linkage.links, linkage=linkage)
    scores = score(linkage.links, made, by_event)
    there = ours[may].reset_index(drop=True)
    others = (
        nearest_first(there, made.crimes),
        oracle(there, made.crimes, made),
        *_splink(there, made.crimes),
    )
    peers = [score(links, made, by_event).f1 for links in others]
    nearest, told, *splink = peers  # Splink: at the best of its settings
    true, by_incident = (known[may.to_numpy()].mean() for known in (made.known, made.by_incident))
    low, high = share["known_share_low"], share["known_share_high"]
    linked = (linkage.links["probability"] >= THRESHOLD).sum() / may.sum()
    inside = bool(low <= true <= high)
    cells = (
        name, seed, f"{scores.f1:.3f}", f"{nearest:.3f}", f"{told:.3f}",
        f"{max(splink):.3f}" if splink else "", f"{scores.calibration_error:.3f}",
        f"{scores.worst_bin:.3f}", f"{linked:.3f}", f"{true:.3f}, {by_incident:.3f}",
        f"{share['known_share']:.3f}", f"{low:.3f} to {high:.3f}",
        f"{share['known_share_incident']:.3f}", "yes" if inside else "no",
    )  # fmt: skip
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    return inside


def _splink(assaults: pd.DataFrame, crimes: pd.DataFrame) -> list[pd.DataFrame]:
    """Links of Splink at each of its settings, made one-to-one; empty without Splink."""
    interpreter = os.environ.get("ED_HOTSPOTS_SPLINK")
    if not interpreter:
        return []
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("left.csv", "right.csv", "pairs.csv")]
        _points(assaults, "event_id", "assault").to_csv(files[0], index=False)
        _points(crimes, "crime_id", "committed").to_csv(files[1], index=False)
        peer = Path(__file__).parent / "evaluation" / "splink_peer.py"
        told = subprocess.run([interpreter, peer, *files], check=True, capture_output=True)
        print(f"<!-- Splink, seconds by setting: {told.stdout.decode().split()[1::2]} -->")
        pairs = pd.read_csv(files[2])
    names = {"unique_id_l": "event_id", "unique_id_r": "crime_id"}
    pairs = pairs.rename(columns=names | {"match_probability": "probability"})
    return [one_to_one(found) for _, found in pairs.groupby("setting")]


def _points(table: pd.DataFrame, key: str, side: str) -> pd.DataFrame:
    start, end = (
        table[f"{side}_{end}"].to_numpy().astype("datetime64[m]").astype("int64")
        for end in ("from", "to")
    )
    middle = (start + end) // 2
    points = table[[key, "easting", "northing"]].rename(columns={key: "unique_id"})
    return points.assign(start=start, end=end, day=middle // 1440, night=(middle + 720) // 1440)


def _time(n: int) -> None:
    """Seconds from tables to links, and peak memory; Splink on the same tables."""
    kind = SCENARIOS["realistic"]._replace(assaults=n, crimes=10 * n, months=24)
    made = simulate(kind, seed=1)
    start = time.perf_counter()
    links = link(made.assaults, made.crimes)
    seconds = time.perf_counter() - start
    print(
        f"{n:,} assaults, {10 * n:,} crimes, 24 months: {seconds:.1f} s from tables to links, "
        f"{len(links):,} pairs; peak memory {peak_memory_mib() / 1024:.2f} GiB (with the making)\n"
    )
    if n <= 100_000:
        _splink(made.assaults, made.crimes)


if __name__ == "__main__":
    np.seterr(all="ignore")
    main()
