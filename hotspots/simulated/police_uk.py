"""Open street-level files in police.uk's form, of the same crimes: month and map point only."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.spatial import cKDTree

from hotspots.simulated.areas import points_of
from hotspots.simulated.incidents import Period, area_codes, draw
from hotspots.simulated.names import Words
from hotspots.simulated.network import Ints
from hotspots.simulated.sites import Sites
from hotspots.simulated.told_times import choose, write_days
from hotspots.simulated.town import Town

VIOLENCE = "Violence and sexual offences"
ANTI_SOCIAL = "Anti-social behaviour"
TYPES = {
    "34B": "Robbery",
    "9A": "Public order",
    "66": "Public order",
    "10D": "Possession of weapons",
}
# Rows of other kinds for each crime of the force's extract.
OTHERS_PER_CRIME = 0.3
OTHERS = {
    ANTI_SOCIAL: 0.4,
    "Shoplifting": 0.18,
    "Criminal damage and arson": 0.16,
    "Vehicle crime": 0.12,
    "Burglary": 0.08,
    "Drugs": 0.06,
}
OUTCOMES = {
    "Unable to prosecute suspect": 0.44,
    "Investigation complete; no suspect identified": 0.3,
    "Under investigation": 0.2,
    "Local resolution": 0.06,
}
NO_LOCATION_SHARE = 0.025
EVERY_DOORWAY = 7  # a map point every so many doorways of a street
PUBLIC_PLACES = ("Supermarket", "Nightclub", "Parking Area", "Shopping Area", "Park/Open Space")
_POINT_COLUMNS = ("Longitude", "Latitude", "Location", "LSOA code", "LSOA name")


def street_level_rows(
    rng: np.random.Generator, town: Town, sites: Sites, crimes: pd.DataFrame, *, period: Period
) -> pd.DataFrame:
    """Publish the force's crimes and others at the nearest map points, in police.uk's columns."""
    n = int(len(crimes) * OTHERS_PER_CRIME)
    site = draw(rng, sites.weights["streets"][0], n)
    months = period.months[rng.integers(0, len(period.months), n)]
    xy = np.concatenate([points_of(crimes), points_of(sites.table.iloc[site])])
    month = np.concatenate([crimes["at"].to_numpy().astype("M8[M]"), months])
    kind = np.concatenate(
        [crimes["offence_code"].map(TYPES).fillna(VIOLENCE), choose(rng, OTHERS, n)]
    )
    order = rng.permutation(len(xy))
    xy, month, kind = xy[order], month[order], kind[order]
    points = _map_points(rng, town)
    nearest = np.asarray(cKDTree(points_of(points)).query(xy)[1])
    nowhere = rng.random(len(xy)) < NO_LOCATION_SHARE
    there = {name: _at(points[name], nearest, nowhere) for name in _POINT_COLUMNS}
    there["Location"][nowhere] = "No Location"
    identified = kind != ANTI_SOCIAL
    # Plain objects: pandas' own text columns are slower to make, part and write.
    return pd.DataFrame(
        {
            "Crime ID": np.where(identified, _crime_ids(rng, len(xy)), ""),
            "Month": write_days(month, "%Y-%m"),
            "Reported by": "Wexshire Police",
            "Falls within": "Wexshire Police",
            **there,
            "Crime type": kind,
            "Last outcome category": np.where(identified, choose(rng, OUTCOMES, len(xy)), ""),
            "Context": "",
        },
        dtype=object,
    )


def _at(values: pd.Series, nearest: Ints, nowhere: NDArray[np.bool_]) -> Words:
    taken = values.to_numpy(dtype=object)[nearest]
    taken[nowhere] = ""
    return taken


def _map_points(rng: np.random.Generator, town: Town) -> pd.DataFrame:
    """Points in streets, some named after a kind of public place."""
    fronts = town.frontages
    nth = fronts.groupby("place").cumcount()
    of_street = fronts.groupby("place")["place"].transform("size")
    at = fronts[nth % EVERY_DOORWAY == np.minimum(3, of_street - 1)].reset_index(drop=True)
    street = town.places["name"].to_numpy(dtype=object)[at["place"]]
    public = np.array(PUBLIC_PLACES, dtype=object)[rng.integers(0, len(PUBLIC_PLACES), len(at))]
    name = np.where(rng.random(len(at)) < 0.08, public, street)
    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform(at["easting"], at["northing"])
    lsoa = area_codes(town, points_of(at).round())
    names = dict(zip(town.areas["code"], town.areas["name"], strict=True))
    return pd.DataFrame(
        {
            "easting": at["easting"],
            "northing": at["northing"],
            "Longitude": [f"{value:.6f}" for value in longitude],
            "Latitude": [f"{value:.6f}" for value in latitude],
            "Location": "On or near " + pd.Series(name).astype(str),
            "LSOA code": lsoa,
            "LSOA name": [names.get(code, "") for code in lsoa],
        }
    )


def _crime_ids(rng: np.random.Generator, n: int) -> Words:
    """Random 64-digit hexadecimal ids."""
    text = rng.bytes(32 * n).hex()
    return np.array([text[k : k + 64] for k in range(0, 64 * n, 64)], dtype=object)
