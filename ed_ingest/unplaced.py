"""Give listed places without coordinates the point that other sources know for them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ed_ingest.same_place import SAME_STREET_M, bare_postcode, name_groups, name_keys

_ONE_SITE_M = 300.0


def with_points(
    places: pd.DataFrame, *, others: pd.DataFrame, postcodes: pd.DataFrame
) -> pd.DataFrame:
    """Fill in points that are missing.

    Parameters
    ----------
    places
        The columns of `Gazetteer.places` (metres, EPSG:27700); easting and northing may be missing.
    others
        Places of other sources, best source first, on an index without repeats.
    postcodes
        ``postcode, easting, northing``: upper case without space.

    Returns
    -------
    DataFrame
        `places` with ``centroid``: True where the point is only the middle of the postcode. A place
        takes the point of the one place of its name and kind in `others` (of several that lie
        apart, the one at its postcode), else its postcode's middle, else none.
    """
    placed = places.reset_index(drop=True).assign(centroid=False)
    missing = placed[placed[["easting", "northing"]].isna().any(axis=1)]
    if missing.empty:
        return placed
    known = others.dropna(subset=["easting", "northing"]).reset_index(drop=True)
    rows_of = name_keys(known, name_groups(known["kind"])).groupby("key")["row"].agg(list)
    keys = name_keys(missing, name_groups(missing["kind"])).groupby("row")["key"].agg(list)
    known_postcode, own_postcode = bare_postcode(known["postcode"]), bare_postcode(missing["postcode"])  # fmt: skip # noqa: E501
    centroids = postcodes.drop_duplicates("postcode").set_index("postcode")
    point = ["easting", "northing"]
    kinds = missing["kind"].to_dict()
    for row in missing.index:
        found = [r for key in keys.get(row, []) for r in rows_of.get(key, [])]
        namesakes = known.loc[sorted(set(found))]
        here = namesakes[known_postcode[namesakes.index] == own_postcode[row]]
        if len(here):
            namesakes = here
        reach = SAME_STREET_M if kinds[row] == "street" else _ONE_SITE_M
        if len(namesakes) and _spread(namesakes[point]) <= reach:
            placed.loc[row, point] = namesakes.iloc[0][point].to_numpy(dtype=float)
        elif own_postcode[row] in centroids.index:
            placed.loc[row, point] = centroids.loc[own_postcode[row], point].to_numpy(dtype=float)
            placed.loc[row, "centroid"] = True
    return placed


def _spread(points: pd.DataFrame) -> float:
    """Distance in metres of the point that is farthest from the first."""
    off = points.to_numpy(dtype=float) - points.iloc[0].to_numpy(dtype=float)
    return float(np.hypot(off[:, 0], off[:, 1]).max())
