"""Exact quartic density beside scikit-learn's tree and a direct sum, in the same run."""

from __future__ import annotations

import numpy as np
from machine import machine, timed
from sklearn.neighbors import KernelDensity

from hotspots.density import kernel_density
from hotspots.grid import make_grid

BANDWIDTH_M, CELL_M, SIDE_M = 200.0, 50.0, 10_000.0


def direct_sum(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Quartic density in events per km² at a few points, by the formula."""
    squared = (at[:, :1] - x) ** 2 + (at[:, 1:] - y) ** 2
    weight = np.clip(1 - squared / BANDWIDTH_M**2, 0, None) ** 2
    return 3e6 / (np.pi * BANDWIDTH_M**2) * weight.sum(axis=1)


def main() -> None:
    rng = np.random.default_rng(1)
    grid = make_grid((0, 0, SIDE_M, SIDE_M), cell_m=CELL_M)
    centres = grid[["x", "y"]].to_numpy()
    few = rng.choice(len(centres), 500, replace=False)
    print(f"## Density, h = {BANDWIDTH_M:.0f} m, {len(grid):,} cells\n\n{machine()}\n")
    print("| points | ours, s | error / peak | scikit-learn (Epanechnikov, rtol 1e-4), s |")
    print("|---|---|---|---|")
    for n in (10_000, 100_000):
        x, y = rng.normal(SIDE_M / 2, SIDE_M / 8, (2, n))
        kernel_density(x[:10], y[:10], grid=grid, bandwidth_m=BANDWIDTH_M)  # compile once
        ours, surface = timed(
            lambda x=x, y=y: kernel_density(x, y, grid=grid, bandwidth_m=BANDWIDTH_M)
        )
        values = surface.values.ravel()
        error = np.abs(values[few] - direct_sum(x, y, centres[few])).max() / values.max()
        peer = KernelDensity(bandwidth=BANDWIDTH_M, kernel="epanechnikov", rtol=1e-4)
        peer.fit(np.column_stack([x, y]))
        theirs, _ = timed(lambda peer=peer: peer.score_samples(centres), repeat=1)
        print(f"| {n:,} | {ours:.3f} | {error:.1e} | {theirs:.1f} |")
    print()


if __name__ == "__main__":
    main()
