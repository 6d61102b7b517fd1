"""DBSCAN beside `dbscan` (Wang) and scikit-learn: time, memory, and the same cores and noise.

Each runs in a process of its own, so that memory is its own. Seconds are by the clock, and of all
processors together: the latter tell more on a busy machine. scikit-learn holds every list of
neighbours: a million points of this city take more than 24 GiB. Beyond 100,000 points it runs only
with --full, on a million of the same city spread over sixteen times the area.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from machine import machine, peak_memory_mib

EPS_M, MIN_SAMPLES = 100.0, 20
SIZES = (10_000, 100_000, 1_000_000, 5_000_000)
MOST_FOR_SKLEARN = 100_000
SIDE_M, PLACES, SNAPPED_TO, SPREAD = 20_000.0, 400, 3_000, 4


def city(n: int, kind: str) -> np.ndarray:
    """Points of a made-up city: 400 places of differing size, two in five points anywhere.

    They are `raw`, `snapped` to 3,000 places, or `spread` over a square four times as wide.
    """
    rng = np.random.default_rng(1)
    centre, size = rng.uniform(0, SIDE_M, (PLACES, 2)), rng.gamma(2, 80, PLACES) + 20
    share = rng.pareto(1.2, PLACES) + 0.1
    at = rng.choice(PLACES, n, p=share / share.sum())
    points = centre[at] + rng.normal(0, 1, (n, 2)) * size[at, None]
    anywhere = rng.random(n) < 0.4
    points[anywhere] = rng.uniform(0, SIDE_M, (int(anywhere.sum()), 2))
    if kind == "snapped":
        from scipy.spatial import cKDTree

        anchors = rng.uniform(0, SIDE_M, (SNAPPED_TO, 2))
        points = anchors[cKDTree(anchors).query(points)[1]]
    return points * SPREAD if kind == "spread" else points


def ours(points: np.ndarray) -> tuple[np.ndarray, None]:
    from hotspots.clusters import dbscan

    return dbscan(points[:, 0], points[:, 1], eps_m=EPS_M, min_samples=MIN_SAMPLES), None


def wang(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from dbscan import DBSCAN

    return DBSCAN(points, EPS_M, MIN_SAMPLES)


def sklearn(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.cluster import DBSCAN

    fitted = DBSCAN(eps=EPS_M, min_samples=MIN_SAMPLES).fit(points)
    core = np.zeros(len(points), dtype=bool)
    core[fitted.core_sample_indices_] = True
    return fitted.labels_, core


METHODS = {"ours": ours, "dbscan (Wang)": wang, "scikit-learn": sklearn}


def run_one(name: str, kind: str, n: int, path: str) -> None:
    """In a process of its own: seconds and MiB as JSON, labels and cores in a file."""
    cluster = METHODS[name]
    cluster(city(200, "raw"))  # imports, and compiled code from the disk
    points = city(n, kind)
    before = peak_memory_mib()
    seconds, busy = [], []
    for _ in range(1 if name == "scikit-learn" else 3 if n > 100_000 else 9):
        start, start_busy = time.perf_counter(), time.process_time()
        labels, core = cluster(points)
        seconds.append(time.perf_counter() - start)
        busy.append(time.process_time() - start_busy)
    memory = peak_memory_mib() - before
    if core is None:
        core = cores_of_ours(points)
    np.savez(path, labels=labels, core=core)
    print(json.dumps([float(np.median(seconds)), float(np.median(busy)), memory]))


def cores_of_ours(points: np.ndarray) -> np.ndarray:
    from hotspots.cells import sort_into_cells
    from hotspots.cluster_cells import core_points_of

    cells = sort_into_cells(points, side=EPS_M / np.sqrt(2), reach=2)
    return core_points_of(cells, EPS_M**2, np.inf, MIN_SAMPLES)[1][cells.place]


def child(name: str, kind: str, n: int, path: Path) -> list[float] | None:
    """Run one method; None where it is not installed."""
    command = [sys.executable, __file__, "--one", name, kind, str(n), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        if "ModuleNotFoundError" in done.stderr:
            return None
        raise SystemExit(done.stderr)
    found: list[float] = json.loads(done.stdout)
    return found


def same(one: Path, other: Path) -> str:
    """Whether cores and noise are equal, and the cores in the same clusters."""
    a, b = np.load(one), np.load(other)
    core = a["core"]
    pairs = np.unique(np.column_stack([a["labels"][core], b["labels"][core]]), axis=0)
    one_to_one = all(len(np.unique(pairs[:, k])) == len(pairs) for k in (0, 1))
    noise = np.array_equal(a["labels"] == -1, b["labels"] == -1)
    return "yes" if noise and one_to_one and np.array_equal(core, b["core"]) else "NO"


def line(name: str, kind: str, n: int, folder: Path) -> str:
    """One row of the table; ours comes first."""
    path = folder / f"{name}.npz"
    found = child(name, kind, n, path)
    if found is None:
        return f"| {n:,} | {kind} | {name} | not installed | | | |"
    told = "" if name == "ours" else same(folder / "ours.npz", path)
    seconds, busy, memory = found
    return f"| {n:,} | {kind} | {name} | {seconds:.3f} | {busy:.3f} | {memory:,.0f} | {told} |"


def main() -> None:
    print(f"## DBSCAN, eps {EPS_M:.0f} m, min_samples {MIN_SAMPLES}\n\n{machine()}\n")
    print("| points | kind | by | s | processor s | MiB | cores and noise as ours |")
    print("|---|---|---|---|---|---|---|")
    cases = [(kind, n) for kind in ("raw", "snapped") for n in SIZES]
    if "--full" in sys.argv:
        cases.append(("spread", 1_000_000))
    with tempfile.TemporaryDirectory() as folder:
        for kind, n in cases:
            for name in METHODS:
                if name != "scikit-learn" or n <= MOST_FOR_SKLEARN or kind == "spread":
                    print(line(name, kind, n, Path(folder)), flush=True)
    print()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        run_one(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
    else:
        main()
