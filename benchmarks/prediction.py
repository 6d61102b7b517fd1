# ruff: noqa: PD011 (the values are a surface's, not a frame's)
"""Does last year's map foretell next month? Chicago's aggravated assaults, twelve forecasts.

Density, Gi* and hot spots from DBSCAN beside the count of each cell, each given the same area; and
why the count is hard to beat: cell, bandwidth, and places that are known less well.

The data are open and lie beside the project: `../shared/data/chicago`, or where
`ED_HOTSPOTS_CHICAGO` points, the folder. Without them it says so and ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from machine import machine

from hotspots.bandwidth import PLAIN_BANDWIDTH_M, choose_bandwidth
from hotspots.clusters import dbscan
from hotspots.density import kernel_density
from hotspots.evaluate import score_map
from hotspots.gistar import gi_star
from hotspots.grid import make_grid
from hotspots.outlines import outline_clusters
from hotspots.peaks import part_at_peaks
from hotspots.tables import Grid

CELL_M, NEAR_M, SHARES = 100.0, 500.0, (0.01, 0.02, 0.05)
# As in the settings that a new workspace gets.
EPS_M, MIN_SAMPLES, LARGEST_RADIUS_M, MARGIN_M = 100.0, 10, 150.0, 40.0
YEAR = 2019
FOLDER = Path(__file__).parents[2] / "shared" / "data" / "chicago"


class Area(NamedTuple):
    """The cells that are scored: a grid, which of its cells they are, and the cells' side."""

    grid: Grid
    part: np.ndarray
    cell_m: float


Map = Callable[[pd.DataFrame], np.ndarray]
Maps = Callable[[Area, pd.Timestamp], dict[str, Map]]


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


def study_area(earlier: pd.DataFrame, cell_m: float) -> Area:
    """A grid, and which of its cells lie within 500 m of an assault of the years before."""
    bounds = (*earlier[["x", "y"]].min(), *earlier[["x", "y"]].max())
    grid = make_grid(bounds, cell_m=cell_m)
    surface = kernel_density(earlier["x"], earlier["y"], grid=grid, bandwidth_m=NEAR_M)
    return Area(grid, surface.values.ravel() > 0, cell_m)


def cell_of(area: Area, rows: pd.DataFrame) -> np.ndarray:
    """Number of each row's cell among those of the area, -1 outside."""
    x, y = np.unique(area.grid["x"]), np.unique(area.grid["y"])
    column = np.floor((rows["x"] - x[0]) / area.cell_m + 0.5).astype(int)
    row = np.floor((rows["y"] - y[0]) / area.cell_m + 0.5).astype(int)
    on = column.between(0, len(x) - 1) & row.between(0, len(y) - 1)
    numbers = np.where(area.part, np.cumsum(area.part) - 1, -1)
    return np.where(on, numbers[np.where(on, row * len(x) + column, 0)], -1)


def counts(rows: pd.DataFrame, area: Area) -> np.ndarray:
    """Assaults in each cell."""
    cells = cell_of(area, rows)
    return np.bincount(cells[cells >= 0], minlength=int(area.part.sum()))


def density(rows: pd.DataFrame, area: Area, bandwidth_m: float) -> np.ndarray:
    """Quartic density at each cell's centre."""
    surface = kernel_density(rows["x"], rows["y"], grid=area.grid, bandwidth_m=bandwidth_m)
    return surface.values.ravel()[area.part]


def gi_scores(rows: pd.DataFrame, area: Area, distance_m: float) -> np.ndarray:
    """Gi* of each cell, against all of the area."""
    n = np.zeros(len(area.grid))
    n[area.part] = counts(rows, area)
    scored = gi_star(Grid(area.grid.assign(n=n, inside=area.part)), neighbour_distance_m=distance_m)
    return scored["gi_star"].to_numpy()[area.part]


def hot_spots(rows: pd.DataFrame, area: Area, *, parted: bool) -> np.ndarray:
    """Assaults per km² of the hot spot that each cell's centre lies in, 0 outside all of them."""
    x, y = rows["x"].to_numpy(), rows["y"].to_numpy()
    labels = dbscan(x, y, eps_m=EPS_M, min_samples=MIN_SAMPLES)
    if parted:
        labels = part_at_peaks(
            x, y, labels, radius_m=LARGEST_RADIUS_M, eps_m=EPS_M, min_samples=MIN_SAMPLES
        )
    drawn = np.array(outline_clusters(x, y, labels, margin_m=MARGIN_M, boundary=None))
    heat = np.bincount(labels[labels >= 0], minlength=len(drawn)) / shapely.area(drawn) * 1e6
    centres = shapely.points(area.grid.loc[area.part, ["x", "y"]].to_numpy())
    cell, which = shapely.STRtree(drawn).query(centres, predicate="intersects")
    found = np.zeros(len(centres))
    np.maximum.at(found, cell, heat[which])
    return found


def all_maps(area: Area, start: pd.Timestamp) -> dict[str, Map]:
    """Each kind of map: a number for each cell of the area from the twelve months before."""
    month_before = start - pd.DateOffset(months=1)
    return {
        "naive: count of each cell, 12 months": partial(counts, area=area),
        "naive: count of each cell, last month": lambda rows: counts(
            rows[rows["at"] >= month_before], area
        ),
        **{
            f"density, h = {bandwidth_m:.0f} m": partial(
                density, area=area, bandwidth_m=bandwidth_m
            )
            for bandwidth_m in (75.0, 100.0, PLAIN_BANDWIDTH_M)
        },
        "density, h chosen by leaving out locations": lambda rows: density(
            rows, area, choose_bandwidth(rows["x"], rows["y"]).bandwidth_m
        ),
        **{
            f"Gi*, cells to {distance_m:.0f} m": partial(
                gi_scores, area=area, distance_m=distance_m
            )
            for distance_m in (100.0, 200.0)
        },
        "hot spots: DBSCAN, parted": partial(hot_spots, area=area, parted=True),
        "DBSCAN, not parted": partial(hot_spots, area=area, parted=False),
    }


def two_maps(area: Area, start: pd.Timestamp) -> dict[str, Map]:
    """The count and densities of several widths."""
    widths = (50.0, 75.0, 100.0, 150.0, 200.0, 300.0)
    return {
        "count": partial(counts, area=area),
        **{f"{width:.0f} m": partial(density, area=area, bandwidth_m=width) for width in widths},
    }


def forecasts(
    assaults: pd.DataFrame, *, cell_m: float, maps: Maps, shares: Sequence[float], resamples: int
) -> pd.DataFrame:
    """Scores of each map for each month of the year; also at the area of the hot spots, if any."""
    area = study_area(assaults[assaults["at"] < pd.Timestamp(YEAR, 1, 1)], cell_m)
    found = []
    for start in pd.date_range(f"{YEAR}-01-01", periods=12, freq="MS"):
        after = assaults["at"].between(start, start + pd.DateOffset(months=1), inclusive="left")
        year = assaults["at"].between(start - pd.DateOffset(years=1), start, inclusive="left")
        rows, seen = assaults[after], assaults[year]
        cells = cell_of(area, rows)
        inside = cells >= 0
        block = rows.groupby(["x", "y", "night"]).ngroup().to_numpy()
        drawn = {name: predict(seen) for name, predict in maps(area, start).items()}
        own = [float((drawn[name] > 0).mean()) for name in drawn if name.startswith("hot spots")]
        for name, predicted in drawn.items():
            scores = score_map(
                predicted, cells[inside], block=block[inside], before=counts(seen, area),
                area_shares=[*shares, *own], resamples=resamples,
            )  # fmt: skip
            named = [f"{share:.0%}" for share in shares] + ["of the hot spots"] * len(own)
            found.append(scores.assign(map=name, month=start, area=named))
    return pd.concat(found).assign(n_area=int(area.part.sum()))


def print_all(assaults: pd.DataFrame) -> None:
    """Every map, at each share of the area."""
    scores = forecasts(assaults, cell_m=CELL_M, maps=all_maps, shares=SHARES, resamples=200)
    own = scores.loc[scores["area"] == "of the hot spots", "area_share"]
    print(f"{scores['n_area'].iloc[0]:,} cells of {CELL_M:.0f} m; hot spots cover ", end="")
    print(f"{own.min():.2%} to {own.max():.2%} of the area\n")
    head = ("map", "area", "hit rate", "PAI (lowest, highest month)", "PEI", "RRI", "above naive")
    print(f"| {' | '.join(head)} |\n{'|---' * len(head)}|")
    naive = scores[scores["map"].str.startswith("naive") & scores["map"].str.contains("12")]
    for (name, area), part in scores.groupby(["map", "area"], sort=False):
        base = naive.loc[naive["area"] == area, "pai"].to_numpy()
        print(
            f"| {name} | {area} | {part['hit_rate'].mean():.1%} | {part['pai'].mean():.1f} "
            f"({part['pai'].min():.1f}, {part['pai'].max():.1f}) | {part['pei'].mean():.2f} "
            f"| {part['rri'].mean():.2f} | {(part['pai'].to_numpy() > base).sum()} of 12 |"
        )
    print()


def displaced(assaults: pd.DataFrame, spread_m: float) -> pd.DataFrame:
    """Each record by itself moved at random: normal, this standard deviation along each axis."""
    moved = np.random.default_rng(1).normal(0, spread_m, (2, len(assaults)))
    return assaults.assign(x=assaults["x"] + moved[0], y=assaults["y"] + moved[1])


def print_why(assaults: pd.DataFrame) -> None:
    """PAI at 2 % of the area by cell and bandwidth, as recorded and with places known less well."""
    year = assaults["at"].dt.year
    before = set(map(tuple, assaults.loc[year == YEAR - 1, ["x", "y"]].to_numpy()))
    now = list(map(tuple, assaults.loc[year == YEAR, ["x", "y"]].to_numpy()))
    again = np.mean([place in before for place in now])
    print(
        f"{again:.0%} of {YEAR}'s assaults have the very coordinates of one of the year before.\n"
    )
    header = None
    for spread_m in (0.0, 25.0, 50.0, 100.0):
        known = displaced(assaults, spread_m) if spread_m else assaults
        for cell_m in (50.0, 100.0, 200.0):
            scores = forecasts(known, cell_m=cell_m, maps=two_maps, shares=(0.02,), resamples=0)
            pai = scores.groupby("map", sort=False)["pai"].mean()
            if header is None:
                header = ["displaced by", "cell", *pai.index]
                print(f"| {' | '.join(header)} |\n{'|---' * len(header)}|")
            told = " | ".join(f"{value:.1f}" for value in pai)
            print(f"| {spread_m:.0f} m | {cell_m:.0f} m | {told} |", flush=True)
    print()


def main() -> None:
    assaults = read()
    if assaults is None:
        print("The Chicago assaults are not there: set ED_HOTSPOTS_CHICAGO to their folder.")
        return
    print(f"## Prediction, Chicago {YEAR}, each month from the twelve before\n\n{machine()}\n")
    print_all(assaults)
    print_why(assaults)


if __name__ == "__main__":
    main()
