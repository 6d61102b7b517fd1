"""Density and hot spots of one set of points: where they lie, their rank and lasting id."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from ed_ingest.tables import Gazetteer
from hotspots.clusters import dbscan
from hotspots.gathered import gathered_density
from hotspots.hot_spot_facts import describe_hot_spots
from hotspots.outlines import outline_clusters
from hotspots.peaks import part_at_peaks
from hotspots.small_numbers import LEAST_BASE
from hotspots.street_names import names_of_hot_spots
from hotspots.tables import Grid, HotSpotMap

MARGIN_M = 40.0
MARGIN_OF_EPS = 0.4
ID_CELL_M = 100


def map_hot_spots(
    points: pd.DataFrame,
    *,
    grid: Grid,
    bandwidth_m: float,
    eps_m: float,
    min_samples: int,
    largest_radius_m: float,
    gazetteer: Gazetteer,
    least: int = LEAST_BASE,
    cut: bool = True,
) -> HotSpotMap | None:
    """Draw density and hot spots of one set of points.

    Clusters are found among the points whose place is known to `eps_m` or better, and parted
    around their peaks where they are too large; every point inside an outline then counts for that
    hot spot. Hot spots rank by their count.

    Parameters
    ----------
    points
        As from `points.assault_points`.
    grid
        Where density is wanted.
    bandwidth_m
        Radius of the quartic kernel, metres.
    eps_m, min_samples
        A place where `min_samples` records lie within `eps_m` metres is part of a hot spot.
    largest_radius_m
        A larger cluster is parted; see `peaks.part_at_peaks`.
    gazetteer
        For names, false places and the boundary, to which surface and outlines are cut.
    least
        As for `gathered.gathered_density`: what is drawn must not tell of fewer incidents.
    cut
        Whether outlines, as the surface, end at the boundary.

    Returns
    -------
    HotSpotMap or None
        None without points.
    """
    if points.empty:
        return None
    surface, support = gathered_density(
        points, grid=grid, bandwidth_m=bandwidth_m, least=least, boundary=gazetteer.boundary
    )
    ranked, members = _ranked(
        points,
        eps_m=eps_m,
        min_samples=min_samples,
        largest_radius_m=largest_radius_m,
        boundary=gazetteer.boundary if cut else None,
    )
    facts = describe_hot_spots(points, members, ids=list(ranked), gazetteer=gazetteer)
    return HotSpotMap(surface, support, _with_outlines(facts, ranked), members)


def draw_hot_spots(
    points: pd.DataFrame,
    *,
    eps_m: float,
    min_samples: int,
    largest_radius_m: float,
    gazetteer: Gazetteer,
    cut: bool = True,
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    """Draw and name the hot spots of a set of points, without density and other facts.

    Parameters
    ----------
    points, eps_m, min_samples, largest_radius_m, gazetteer, cut
        As for `map_hot_spots`; there must be a point.

    Returns
    -------
    tuple
        ``hotspot_id, name, geometry``, rank 1 first, and ``members``, as in `HotSpotMap`.
    """
    ranked, members = _ranked(
        points,
        eps_m=eps_m,
        min_samples=min_samples,
        largest_radius_m=largest_radius_m,
        boundary=gazetteer.boundary if cut else None,
    )
    ids = pd.Series(list(ranked), dtype="str", name="hotspot_id")
    names = names_of_hot_spots(points, members, gazetteer).reindex(ids).to_numpy()
    return _with_outlines(pd.DataFrame({"hotspot_id": ids, "name": names}), ranked), members


def _with_outlines(facts: pd.DataFrame, ranked: Mapping[str, BaseGeometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(facts, geometry=list(ranked.values()), crs="EPSG:27700")


def _ranked(
    points: pd.DataFrame,
    *,
    eps_m: float,
    min_samples: int,
    largest_radius_m: float,
    boundary: BaseGeometry | None,
) -> tuple[dict[str, BaseGeometry], pd.Series]:
    """Outline by id, rank 1 first, and the id of each point."""
    x, y = points["easting"].to_numpy(float), points["northing"].to_numpy(float)
    precise = (points["uncertainty_m"] <= eps_m).to_numpy()
    outlines = _outlines(
        x[precise],
        y[precise],
        points["uncertainty_m"].to_numpy(float)[precise],
        eps_m=eps_m,
        min_samples=min_samples,
        largest_radius_m=largest_radius_m,
        boundary=boundary,
    )
    return _rank(outlines, points, least=min_samples)


def _outlines(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    uncertainty_m: NDArray[np.float64],
    *,
    eps_m: float,
    min_samples: int,
    largest_radius_m: float,
    boundary: BaseGeometry | None,
) -> list[BaseGeometry]:
    """Outlines of the clusters, the too large ones parted."""
    clusters = dbscan(x, y, eps_m=eps_m, min_samples=min_samples)
    parts = part_at_peaks(
        x, y, clusters, radius_m=largest_radius_m, eps_m=eps_m, min_samples=min_samples
    )
    margin_m = min(MARGIN_M, MARGIN_OF_EPS * eps_m)
    return outline_clusters(
        x, y, parts, margin_m=margin_m, boundary=boundary, uncertainty_m=uncertainty_m
    )


def _rank(
    outlines: list[BaseGeometry], points: pd.DataFrame, *, least: int
) -> tuple[dict[str, BaseGeometry], pd.Series]:
    """Outlines that hold `least` points by hot-spot id, rank 1 first, and the id of each point."""
    rows = pd.DataFrame(
        {
            "outline": outline_of(points, outlines),
            "x": points["easting"].to_numpy(float),
            "y": points["northing"].to_numpy(float),
        }
    )
    # Sorted before they are summed: the same centre for any order of the records.
    held = rows[rows["outline"] >= 0].sort_values(["x", "y"])
    centres = held.groupby("outline").agg(n=("x", "size"), x=("x", "mean"), y=("y", "mean"))
    centres = centres[centres["n"] >= least]  # the boundary may have cut one short
    centres = centres.sort_values(["n", "y", "x"], ascending=[False, True, True])
    ids = pd.Series(_ids(centres), index=centres.index, dtype="str")
    ranked = {name: outlines[at] for at, name in ids.items()}  # type: ignore[call-overload]
    members = rows["outline"].map(ids).set_axis(points.index).astype("str")
    return ranked, members


def outline_of(points: pd.DataFrame, outlines: list[BaseGeometry]) -> NDArray[np.int64]:
    """Number of the outline that each point lies in, -1 for none."""
    located = shapely.points(points["easting"].to_numpy(float), points["northing"].to_numpy(float))
    at, within = shapely.STRtree(outlines).query(located, predicate="intersects")
    # Outlines only touch: a point on a common edge belongs to the first of them.
    order = np.lexsort((-within, at))
    found = np.full(len(points), -1, dtype=np.int64)
    found[at[order]] = within[order]
    return found


def _ids(centres: pd.DataFrame) -> list[str]:
    """Ids from the 100 m square of the centre: the same whatever the rank or the row order."""
    cells = (centres[["x", "y"]] // ID_CELL_M).astype(int).astype("str")
    codes = "H-" + cells["x"] + "-" + cells["y"]
    nth = codes.groupby(codes).cumcount()
    return list(codes.where(nth == 0, codes + "-" + (nth + 1).astype("str")))
