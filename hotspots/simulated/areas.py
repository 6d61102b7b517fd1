"""Districts, small areas and postcodes of the made-up town."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.cluster.vq import kmeans2
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

from hotspots.simulated.names import Words, names
from hotspots.simulated.network import CENTRE, Floats
from hotspots.simulated.streets import CRS

N_AREAS = 84
POPULATION = 138_000
POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # those that stand in the second half of a postcode


def points_of(frame: pd.DataFrame) -> Floats:
    """Eastings and northings as an array of two columns."""
    return np.asarray(frame[["easting", "northing"]].to_numpy(dtype=float))


def make_districts(rng: np.random.Generator, fronts: pd.DataFrame) -> pd.DataFrame:
    """The town centre and the districts round it, as rows of the gazetteer."""
    known = names("places")["districts"]
    outer = points_of(fronts[fronts["quarter"] != "centre"])
    middle, _ = kmeans2(outer, len(known), minit="++", seed=rng)
    xy = np.round([CENTRE, *middle])
    return pd.DataFrame(
        {
            "place_id": [f"L{k:03}" for k in range(1, len(xy) + 1)],
            "name": ["Marford Town Centre", *known],
            "alt_names": ["town centre|city centre|town|Canol y Dref", *[""] * len(known)],
            "kind": "locality",
            "easting": xy[:, 0],
            "northing": xy[:, 1],
            "address": "Marford",
        }
    )


def make_postcodes(fronts: pd.DataFrame) -> Words:
    """One postcode for ten doorways or so of a street; sectors lie round the centre."""
    turn = np.arctan2(*(points_of(fronts) - CENTRE).T[::-1]) + np.pi
    outer = 2 + (turn / (2 * np.pi) * 5 * 0.999).astype(int)
    district = np.where(fronts["quarter"] == "centre", 1, outer)
    block = (district * 10_000 + fronts["place"]) * 1_000 + fronts["number"] // 10
    code, distinct = pd.factorize(block)
    outward = pd.Series(distinct) // 10_000_000
    nth = outward.groupby(outward).cumcount().to_numpy()
    letters = np.array(list(POSTCODE_LETTERS), dtype=object)
    sector = ("MF" + outward.astype(str) + " " + pd.Series(1 + nth // 400).astype(str)).to_numpy(
        dtype=object
    )
    return np.asarray((sector + letters[nth // 20 % 20] + letters[nth % 20])[code])


def make_small_areas(
    rng: np.random.Generator, fronts: pd.DataFrame, boundary: BaseGeometry
) -> gpd.GeoDataFrame:
    """Cells with much the same number of people each: ``code, name, population, geometry``."""
    homes = fronts["homes"].to_numpy(dtype=float)
    people = rng.choice(len(fronts), 4_000, p=homes / homes.sum())
    seeds, _ = kmeans2(points_of(fronts)[people], N_AREAS, minit="++", seed=rng)
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(seeds), extend_to=boundary))
    cells = shapely.intersection(cells, boundary)
    middle = shapely.get_coordinates(shapely.centroid(cells)) - CENTRE
    cells = cells[np.lexsort([np.arctan2(*middle.T), np.hypot(*middle.T) // 900])]
    point, cell = shapely.STRtree(cells).query(shapely.points(points_of(fronts)), "intersects")
    living = np.bincount(cell, homes[point], len(cells)) * rng.normal(1, 0.06, len(cells))
    return gpd.GeoDataFrame(
        {
            "code": [f"E019{k:05}" for k in range(1, len(cells) + 1)],
            "name": [f"Marford {1 + k // 4:03}{'ABCD'[k % 4]}" for k in range(len(cells))],
            "population": (living / living.sum() * POPULATION).astype(int),
        },
        geometry=list(cells),
        crs=CRS,
    )
