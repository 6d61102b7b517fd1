"""A made-up town is put where it belongs in a country, in its own size and under its own name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from hotspots.simulated.country import Area
from hotspots.simulated.network import CENTRE, Floats
from hotspots.simulated.town import Town

N_CODES = 100  # more than a town has small areas
FIRST_CODE = 500_000  # E01500000: far above any code in use


def lay_town(town: Town, area: Area) -> Town:
    """Move and stretch a town about its centre; ids and codes become the area's own.

    Points of the gazetteer are whole metres, as before. What is said of one place beside another
    (doorways 15 m apart, buildings 8 to 15 m off the street) stretches with the town.
    """

    def moved(xy: Floats) -> Floats:
        return np.asarray((xy - CENTRE) * area.scale + np.array(area.centre))

    def points(frame: pd.DataFrame) -> dict[str, Any]:
        xy = moved(frame[["easting", "northing"]].to_numpy(dtype=float))
        return {"easting": xy[:, 0], "northing": xy[:, 1]}

    def shapes(frame: Any) -> Any:
        return frame.set_geometry(shapely.transform(frame.geometry.to_numpy(), moved))

    def renamed(words: pd.Series) -> pd.Series:
        return words.str.replace(town.name, area.name)

    prefix = f"{area.number + 1:03}-"
    codes = [f"E01{FIRST_CODE + area.number * N_CODES + k:06}" for k in range(len(town.areas))]
    places = town.places.assign(
        **points(town.places),
        place_id=prefix + town.places["place_id"],
        name=renamed(town.places["name"]),
        address=renamed(town.places["address"]),
    )
    return replace(
        town,
        name=area.name,
        places=places.round({"easting": 0, "northing": 0}),
        frontages=town.frontages.assign(**points(town.frontages)),
        postcodes=town.postcodes.assign(**points(town.postcodes)),
        boundary=shapely.transform(town.boundary, moved),
        areas=shapes(town.areas.assign(code=codes, name=renamed(town.areas["name"]))),
        basemap=shapes(town.basemap),
    )
