"""Hot spots of earlier months in the store: the next month's have their ids from them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import date

import geopandas as gpd
import pandas as pd

from ed_ingest.store_tables import transaction

_COLUMNS = ("month", "hotspot_id", "rank", "n_incidents", "settings")


def keep_hot_spots(
    connection: sqlite3.Connection,
    month: str,
    hot_spots: gpd.GeoDataFrame,
    *,
    period_from: date,
    providers: Collection[str],
    settings: str = "",
) -> None:
    """Keep the hot spots of all assaults of a month's map, in place of any kept of it before.

    Parameters
    ----------
    connection
        The store.
    month
        ``YYYY-MM``, the last of the map's period.
    hot_spots
        ``hotspot_id`` (each once), ``rank, n_incidents, geometry`` (EPSG:27700); exact. May be
        empty: a map without hot spots is kept as none at all.
    period_from
        First night of the map's period: when its records are purged, these go too.
    providers
        Ids of the hospitals: when one is erased, what was found in its records goes too.
    settings
        What tells maps of the same settings apart from others.
    """
    shared = (settings, period_from.isoformat(), json.dumps(sorted(providers)))
    shapes = hot_spots.geometry.to_wkb()
    columns = (hot_spots["hotspot_id"], hot_spots["rank"], hot_spots["n_incidents"], shapes)
    rows = [
        (month, str(name), int(rank), int(n), shape, *shared)
        for name, rank, n, shape in zip(*columns, strict=True)
    ]
    with transaction(connection):
        connection.execute("DELETE FROM hot_spot_history WHERE month = ?", (month,))
        connection.executemany(
            "INSERT INTO hot_spot_history (month, hotspot_id, rank, n_incidents, geometry,"
            " settings, period_from, providers) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def read_hot_spots_before(connection: sqlite3.Connection, month: str) -> gpd.GeoDataFrame | None:
    """Read the hot spots of the latest month before one (``YYYY-MM``) that are kept.

    Returns
    -------
    GeoDataFrame or None
        ``month, hotspot_id, rank, n_incidents, settings, geometry`` (EPSG:27700), rank 1 first, as
        `keep_hot_spots` was given them; None where no earlier month is kept.
    """
    found = connection.execute(
        f"SELECT {', '.join(_COLUMNS)}, geometry FROM hot_spot_history WHERE month ="  # noqa: S608 (names of our own)
        " (SELECT MAX(month) FROM hot_spot_history WHERE month < ?) ORDER BY rank, hotspot_id",
        (month,),
    ).fetchall()
    if not found:
        return None
    table = pd.DataFrame([row[:-1] for row in found], columns=list(_COLUMNS))
    typed = table.astype({"month": "str", "hotspot_id": "str", "settings": "str"})
    shapes = gpd.GeoSeries.from_wkb([row[-1] for row in found], crs="EPSG:27700")
    return gpd.GeoDataFrame(typed, geometry=shapes)
