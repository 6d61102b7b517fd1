"""England and Wales end to end: made up, analysed area by area, and held against the truth.

``python benchmarks/nation.py`` makes and analyses 12 areas; ``--areas 340`` the country;
``--workers N`` on so many processes; ``--speedup`` analyses them with 1, 2 and 4 (of which the last
is quicker only where there are as many processors) and compares the results row by row; ``--keep
FOLDER`` keeps the workspace, and takes it up again where it is there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
from machine import machine

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.evaluation.memory_watch import Watched, watch
from benchmarks.evaluation.nation_truth import differences, hot_places, share_found

ROOT = Path(__file__).parents[1]
HEAD = "| stage | workers | s | areas a minute | driver, MiB | largest worker, MiB | all, MiB |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--areas", type=int, default=12)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speedup", action="store_true")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        _measure((asked.keep or Path(folder) / "w").absolute(), asked)


def _measure(workspace: Path, asked: argparse.Namespace) -> None:
    print(f"## Nation: {asked.areas} areas\n\n{machine()}\n")
    print(f"{HEAD}\n{'|---' * (HEAD.count('|') - 1)}|")
    if not (workspace / "areas.gpkg").is_file():
        made = _run(
            "simulate", str(workspace), "--areas", str(asked.areas), "--seed", str(asked.seed),
            "--workers", str(asked.workers),
        )  # fmt: skip
        _print_row("simulate", asked.workers, asked.areas, made)
    n_areas = len(gpd.read_file(workspace / "areas.gpkg"))
    counts = [asked.workers]
    if asked.speedup:
        counts = [1, 2, 4]
    results = {n: workspace / "outputs" / f"areas-{n}-workers" for n in counts}
    for n, result in results.items():
        _print_row("analyse", n, n_areas, _analyse(workspace, n, result))
    first = results[counts[0]]
    for n in counts[1:]:
        unlike = differences(first / "areas.gpkg", results[n] / "areas.gpkg")
        told = f"layers that differ: {', '.join(unlike)}" if unlike else "every row is the same"
        print(f"\n{counts[0]} and {n} workers: {told}.")
    _print_truth(workspace, first)


def _analyse(workspace: Path, n_workers: int, result: Path) -> Watched:
    return _run(
        "analyse", "-w", str(workspace), "--areas", str(workspace / "areas.gpkg"),
        "--by", "area_code", "--records", str(workspace / "records"),
        "--workers", str(n_workers), "--folder", str(result),
    )  # fmt: skip


def _run(*arguments: str) -> Watched:
    sys.stdout.flush()
    return watch([sys.executable, "-m", "hotspots", *arguments], cwd=ROOT)


def _print_row(stage: str, n_workers: int, n_areas: int, run: Watched) -> None:
    largest = run.workers[0] if run.workers else 0.0
    cells = (
        stage, n_workers, f"{run.seconds:.1f}", f"{n_areas / run.seconds * 60:.1f}",
        f"{run.driver:,.0f}", f"{largest:,.0f}", f"{run.together:,.0f}",
    )  # fmt: skip
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def _print_truth(workspace: Path, result: Path) -> None:
    hot_spots = gpd.read_file(result / "areas.gpkg", layer="hotspots")
    summary = gpd.read_file(result / "areas.gpkg", layer="area_summary")
    places = hot_places(workspace / "truth")
    found = share_found(places, hot_spots)
    done = pd.Series(summary["state"]).eq("done").sum()
    print(
        f"\n{done} of {len(summary)} areas done, {len(hot_spots):,} hot spots. In a hot spot of "
        f"rank 1 to 5 lie {found['hottest']:.0%} of the areas' hottest true places, and "
        f"{found['five']:.0%} of the {len(places):,} that are among an area's five hottest.\n"
    )


if __name__ == "__main__":
    main()
