# ruff: noqa: PD011 (the values are a surface's, not a frame's)
"""Does last year's map foretell next month? Chicago's aggravated assaults, twelve forecasts.

The data are open and lie beside the project: `../shared/data/chicago`, or where
`ED_HOTSPOTS_CHICAGO` points, the folder. Without them it says so and ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from machine import machine

from hotspots.bandwidth import PLAIN_BANDWIDTH_M, choose_bandwidth
from hotspots.density import kernel_density
from hotspots.evaluate import score_map
from hotspots.grid import make_grid
from hotspots.tables import Grid

CELL_M, NEAR_M, SHARES = 100.0, 500.0, (0.01, 0.02, 0.05)
YEAR = 2019
FOLDER = Path(__file__).parents[2] / "shared" / "data" / "chicago"
Map = Callable[[pd.DataFrame], np.ndarray]


def read() -> pd.DataFrame | None:
    """Assaults with ``x, y`` (EPSG:26916), ``at`` and ``night``, or None where they are not."""
    path = (
        Path(os.environ.get("ED_HOTSPOTS_CHICAGO", FOLDER)) / "chicago_aggravated_assaults.csv.gz"
    )
    if not path.is_file():
        return None
    rows = pd.read_csv(path, parse_dates=["date"])
    points = gpd.points_from_xy(rows["longitude"], rows["latitude"], crs=4326).to_crs(26916)
    night = (rows["date"] - pd.Timedelta(hours=6)).dt.normalize()
    return pd.DataFrame({"x": points.x, "y": points.y, "at": rows["date"], "night": night})


def study_area(earlier: pd.DataFrame) -> tuple[Grid, np.ndarray]:
    """A grid, and which of its cells lie within 500 m of an assault of the years before."""
    bounds = (*earlier[["x", "y"]].min(), *earlier[["x", "y"]].max())
    grid = make_grid(bounds, cell_m=CELL_M)
    surface = kernel_density(earlier["x"], earlier["y"], grid=grid, bandwidth_m=NEAR_M)
    return grid, surface.values.ravel() > 0


def cell_of(grid: Grid, part: np.ndarray, rows: pd.DataFrame) -> np.ndarray:
    """Number of each row's cell among those of the area, -1 outside."""
    x, y = np.unique(grid["x"]), np.unique(grid["y"])
    column = np.floor((rows["x"] - x[0]) / CELL_M + 0.5).astype(int)
    row = np.floor((rows["y"] - y[0]) / CELL_M + 0.5).astype(int)
    on = column.between(0, len(x) - 1) & row.between(0, len(y) - 1)
    numbers = np.where(part, np.cumsum(part) - 1, -1)
    return np.where(on, numbers[np.where(on, row * len(x) + column, 0)], -1)


def maps(grid: Grid, part: np.ndarray, start: pd.Timestamp) -> dict[str, Map]:
    """Each kind of map: a number for each cell of the area from the twelve months before."""

    def density(rows: pd.DataFrame, bandwidth_m: float) -> np.ndarray:
        surface = kernel_density(rows["x"], rows["y"], grid=grid, bandwidth_m=bandwidth_m)
        return surface.values.ravel()[part]

    def counts(rows: pd.DataFrame) -> np.ndarray:
        cells = cell_of(grid, part, rows)
        return np.bincount(cells[cells >= 0], minlength=int(part.sum()))

    month_before = start - pd.DateOffset(months=1)
    return {
        "naive: count of each cell, 12 months": counts,
        "naive: count of each cell, last month": lambda rows: counts(
            rows[rows["at"] >= month_before]
        ),
        **{
            f"density, h = {bandwidth_m:.0f} m": partial(density, bandwidth_m=bandwidth_m)
            for bandwidth_m in (75.0, 100.0, PLAIN_BANDWIDTH_M)
        },
        "density, h chosen by leaving out locations": lambda rows: density(
            rows, choose_bandwidth(rows["x"], rows["y"]).bandwidth_m
        ),
    }


def forecasts(assaults: pd.DataFrame) -> pd.DataFrame:
    """Scores of each map for each month of the year."""
    earlier = assaults[assaults["at"] < pd.Timestamp(YEAR, 1, 1)]
    grid, part = study_area(earlier)
    print(f"{int(part.sum()):,} cells of {CELL_M:.0f} m\n")
    found = []
    for start in pd.date_range(f"{YEAR}-01-01", periods=12, freq="MS"):
        after = assaults["at"].between(start, start + pd.DateOffset(months=1), inclusive="left")
        year = assaults["at"].between(start - pd.DateOffset(years=1), start, inclusive="left")
        rows, seen = assaults[after], assaults[year]
        cells = cell_of(grid, part, rows)
        inside = cells >= 0
        block = rows.groupby(["x", "y", "night"]).ngroup().to_numpy()
        before = cell_of(grid, part, seen)
        counts = np.bincount(before[before >= 0], minlength=int(part.sum()))
        for name, predict in maps(grid, part, start).items():
            scores = score_map(
                predict(seen), cells[inside], block=block[inside], before=counts,
                area_shares=SHARES, resamples=200,
            )  # fmt: skip
            found.append(scores.assign(map=name, month=start, share=SHARES))
    return pd.concat(found)


def main() -> None:
    assaults = read()
    if assaults is None:
        print("The Chicago assaults are not there: set ED_HOTSPOTS_CHICAGO to their folder.")
        return
    print(f"## Prediction, Chicago {YEAR}, each month from the twelve before\n\n{machine()}\n")
    scores = forecasts(assaults)
    print(
        "| map | area | hit rate | PAI (lowest, highest month) | PEI | RRI | months above naive |"
    )
    print("|---|---|---|---|---|---|---|")
    naive = scores[scores["map"].str.startswith("naive") & scores["map"].str.contains("12")]
    for (name, share), part in scores.groupby(["map", "share"], sort=False):
        base = naive.loc[naive["share"] == share, "pai"].to_numpy()
        print(
            f"| {name} | {share:.0%} | {part['hit_rate'].mean():.1%} | {part['pai'].mean():.1f} "
            f"({part['pai'].min():.1f}, {part['pai'].max():.1f}) | {part['pei'].mean():.2f} "
            f"| {part['rri'].mean():.2f} | {(part['pai'].to_numpy() > base).sum()} of 12 |"
        )
    print()


if __name__ == "__main__":
    main()
