"""Exact quartic density beside KDEpy, scikit-learn, scipy and libkdv: time, memory and error.

Every measurement runs in a process of its own, so that its memory can be told. Peers that are not
installed are left out: `python -m pip install -r benchmarks/peers.txt`. `--full` goes up to five
million points and waits up to ten minutes for a peer.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

import numpy as np
from evaluation.density_peers import DENSITIES, H_M, SIDE_M, centres
from machine import machine, peak_memory_mib

SNAPPED_PLACES = 3_077
# Name, points, raw or snapped, cells along a side.
QUICK = [
    ("ours", 10_000, "raw", 400),
    ("ours", 100_000, "raw", 400),
    ("scikit-learn", 100_000, "raw", 400),
    ("KDEpy", 100_000, "raw", 400),
    ("ours", 100_000, "snapped", 400),
]
FULL = [
    *((name, n, kind, 2000) for n in (10_000, 100_000, 1_000_000, 5_000_000)
      for kind in ("raw", "snapped") for name in ("ours", "KDEpy")),
    ("our preview", 1_000_000, "raw", 2000),
    ("our preview", 5_000_000, "raw", 2000),
    ("ours", 1_000_000, "raw", 400),
    ("KDEpy", 1_000_000, "raw", 400),
    ("scikit-learn", 1_000_000, "raw", 2000),
    ("scipy", 1_000_000, "raw", 2000),
    ("libkdv", 1_000_000, "raw", 2000),
]  # fmt: skip
PATIENCE_S = 600
QUICK_ONES = ("ours", "our preview", "KDEpy")


def points(n: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """A town's worth of points about its middle, none outside the grid."""
    rng = np.random.default_rng(1)
    places = n if kind == "raw" else SNAPPED_PLACES
    x, y = np.clip(rng.normal(SIDE_M / 2, SIDE_M / 8, (2, places)), 100, SIDE_M - 100)
    if kind == "raw":
        return x, y
    at = rng.choice(places, n, p=rng.dirichlet(np.full(places, 0.3)))
    return x[at], y[at]


def direct_sum(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Quartic density in events per km² at a few places, by the formula."""
    sums = [
        (np.clip(1 - ((east - x) ** 2 + (north - y) ** 2) / H_M**2, 0, None) ** 2).sum()
        for east, north in at
    ]
    return 3e6 / (np.pi * H_M**2) * np.array(sums)


def measure(name: str, n: int, kind: str, n_side: int) -> dict[str, object]:
    """Median of three runs (one for slow peers), peak memory and error over the peak.

    Seconds by the clock, and of all processors together: the latter tell more on a busy machine.
    """
    x, y = points(n, kind)
    # The peak is somewhere in the middle: half of the cells that are checked lie there.
    rng, axis = np.random.default_rng(3), centres(n_side)
    middle = rng.integers(n_side * 3 // 8, n_side * 5 // 8, (2, 60))
    anywhere = rng.integers(0, n_side, (2, 60))
    column, row = np.concatenate([middle, anywhere], axis=1)
    few = row * n_side + column
    density = DENSITIES[name]
    density(x[:100], y[:100], 100, few[:1] * 0)  # import, compile or load what was compiled
    seconds, busy, before = [], [], peak_memory_mib()
    for _ in range(3 if name in QUICK_ONES else 1):
        start, start_busy = time.perf_counter(), time.process_time()
        values, rest = density(x, y, n_side, few)
        seconds.append(time.perf_counter() - start + rest)
        busy.append(time.process_time() - start_busy + rest)
    memory = peak_memory_mib() - before
    error = None
    if values is not None:
        wanted = direct_sum(x, y, np.column_stack([axis[column], axis[row]]))
        error = float(np.abs(values - wanted).max() / wanted.max())
    return {
        "s": sorted(seconds)[len(seconds) // 2],
        "busy": sorted(busy)[len(busy) // 2],
        "mib": memory,
        "error": error,
        "sampled": rest > 0,
    }


def line(case: tuple[str, int, str, int]) -> str:
    """One row of the table, from a process of its own."""
    name, n, kind, n_side = case
    head = f"| {n:,} | {kind} | {n_side} × {n_side} | {name} |"
    call = [sys.executable, __file__, "--one", *map(str, case)]
    try:
        done = subprocess.run(call, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    except subprocess.TimeoutExpired:
        return f"{head} over {PATIENCE_S} | | | |"
    except subprocess.CalledProcessError as problem:
        missing = "ModuleNotFoundError" in problem.stderr
        return f"{head} {'not installed' if missing else 'failed'} | | | |"
    found = json.loads(done.stdout.splitlines()[-1])
    error = "" if found["error"] is None else f"{found['error']:.1e}"
    sampled = " (from some of the cells)" if found["sampled"] else ""
    return (
        f"{head} {found['s']:.2f}{sampled} | {found['busy']:.2f} | {found['mib']:.0f} | {error} |"
    )


def main() -> None:
    if "--one" in sys.argv:
        name, n, kind, n_side = sys.argv[2:6]
        print(json.dumps(measure(name, int(n), kind, int(n_side))))
        return
    print(f"## Density, h = {H_M:.0f} m, {SIDE_M / 1000:.0f} km square\n\n{machine()}\n")
    print("| points | kind | cells | by | s | processor s | MiB | error / peak |")
    print("|---|---|---|---|---|---|---|---|")
    for case in FULL if "--full" in sys.argv else QUICK:
        print(line(case), flush=True)
    print()


if __name__ == "__main__":
    main()
