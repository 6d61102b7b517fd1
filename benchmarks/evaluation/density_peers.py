"""The densities that `density.py` compares: ours and, where installed, four others.

Each takes points in metres and gives the density at the centres of a square grid, rows from south
to north, at a few cells that are checked, and the seconds that it would have taken on top: slow
ones are run for some of the cells only.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable

import numpy as np

SIDE_M, H_M = 20_000.0, 300.0
Cells = np.ndarray
Density = Callable[[np.ndarray, np.ndarray, int, np.ndarray], tuple[np.ndarray | None, float]]


def centres(n_side: int) -> np.ndarray:
    """Cell centres along one side, metres."""
    return (np.arange(n_side) + 0.5) * SIDE_M / n_side


def ours(x: np.ndarray, y: np.ndarray, n_side: int, few: Cells) -> tuple[np.ndarray, float]:
    """The quartic density, exact."""
    from hotspots.density import kernel_density
    from hotspots.grid import make_grid

    grid = make_grid((0, 0, SIDE_M, SIDE_M), cell_m=SIDE_M / n_side)
    return kernel_density(x, y, grid=grid, bandwidth_m=H_M).values.ravel()[few], 0.0


def preview(x: np.ndarray, y: np.ndarray, n_side: int, few: Cells) -> tuple[np.ndarray, float]:
    """Our preview, binned and convolved."""
    from hotspots.grid import make_grid
    from hotspots.preview import preview_density

    grid = make_grid((0, 0, SIDE_M, SIDE_M), cell_m=SIDE_M / n_side)
    found = preview_density(x, y, grid=grid, bandwidth_m=H_M, refine=1)
    return found.surface.values.ravel()[few], 0.0


def kdepy(x: np.ndarray, y: np.ndarray, n_side: int, few: Cells) -> tuple[np.ndarray, float]:
    """Binned and convolved; its bandwidth is h/√7 for a quartic kernel that ends at h."""
    from KDEpy import FFTKDE

    axis = centres(n_side)
    at = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    values = FFTKDE(kernel="biweight", bw=H_M / np.sqrt(7)).fit(np.column_stack([x, y]))(at)
    values = values.reshape(n_side, n_side).T.ravel()
    return values[few] * len(x) * 1e6, 0.0


def scikit_learn(x: np.ndarray, y: np.ndarray, n_side: int, few: Cells) -> tuple[None, float]:
    """A tree, exact, Epanechnikov (it has no quartic); a fiftieth of the cells."""
    from sklearn.neighbors import KernelDensity

    model = KernelDensity(bandwidth=H_M, kernel="epanechnikov").fit(np.column_stack([x, y]))
    return None, _by_sample(lambda at: model.score_samples(at), n_side, 50)


def scipy_gaussian(x: np.ndarray, y: np.ndarray, n_side: int, few: Cells) -> tuple[None, float]:
    """A direct sum, Gaussian only; a ten-thousandth of the cells."""
    from scipy.stats import gaussian_kde

    model = gaussian_kde(np.stack([x, y]), bw_method=H_M / np.sqrt(8) / x.std())
    return None, _by_sample(lambda at: model(at.T), n_side, 10_000)


def libkdv(x: np.ndarray, y: np.ndarray, n_side: int, few: Cells) -> tuple[None, float]:
    """Exact, Epanechnikov only, scaled to a maximum of 1; it doubles the bandwidth that it gets."""
    from libkdv import kdv

    at = np.column_stack([x, y])
    with contextlib.redirect_stdout(io.StringIO()):
        model = kdv(at, GPS=False, bandwidth=H_M / 2, row_pixels=n_side, col_pixels=n_side)
        model.compute()
    return None, 0.0


def _by_sample(density: Callable[[np.ndarray], np.ndarray], n_side: int, every: int) -> float:
    """Evaluate one cell in `every`, taken at random; seconds that the others would have taken."""
    axis, rng = centres(n_side), np.random.default_rng(2)
    cells = rng.choice(n_side**2, n_side**2 // every, replace=False)
    start = time.perf_counter()
    density(np.column_stack([axis[cells % n_side], axis[cells // n_side]]))
    return (time.perf_counter() - start) * (every - 1)


DENSITIES: dict[str, Density] = {
    "ours": ours,
    "our preview": preview,
    "KDEpy": kdepy,
    "scikit-learn": scikit_learn,
    "scipy": scipy_gaussian,
    "libkdv": libkdv,
}
