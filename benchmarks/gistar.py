"""Gi* of a grid beside esda: time and the greatest difference of the scores."""

from __future__ import annotations

import numpy as np
from machine import machine, timed

from hotspots.gistar import gi_star
from hotspots.grid import make_grid
from hotspots.tables import Grid

CELL_M, DISTANCE_M = 25.0, 75.0


def esda_scores(grid: Grid) -> np.ndarray | None:
    """Gi* by esda with binary weights, the cell itself included; None where it is not installed."""
    try:
        from esda.getisord import G_Local
        from libpysal.weights import DistanceBand
    except ImportError:
        return None
    weights = DistanceBand(
        grid[["x", "y"]].to_numpy(), threshold=DISTANCE_M, binary=True, silence_warnings=True
    )
    scored = G_Local(grid["n"].to_numpy(float), weights, transform="B", permutations=0, star=True)
    return np.asarray(scored.Zs)


def main() -> None:
    print(f"## Gi*, cells of {CELL_M:.0f} m, neighbours to {DISTANCE_M:.0f} m\n\n{machine()}\n")
    print("| cells | ours, s | esda, s | greatest difference |\n|---|---|---|---|")
    for side in (100, 400):
        grid = make_grid((0, 0, side * CELL_M, side * CELL_M), cell_m=CELL_M)
        grid["n"] = np.random.default_rng(1).poisson(0.3, len(grid))
        seconds, scored = timed(lambda grid=grid: gi_star(grid, neighbour_distance_m=DISTANCE_M))
        peer, theirs = timed(lambda grid=grid: esda_scores(grid), repeat=1)
        if theirs is None:
            print(f"| {len(grid):,} | {seconds:.3f} | not installed | |")
            continue
        apart = np.abs(scored["gi_star"].to_numpy() - theirs).max()
        print(f"| {len(grid):,} | {seconds:.3f} | {peer:.1f} | {apart:.1e} |")
    print()


if __name__ == "__main__":
    main()
