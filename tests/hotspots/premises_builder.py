"""Premises of the invented town of Marford as gate 2 might let them through."""

from __future__ import annotations

import pandas as pd

from hotspots.publishable import Publishable
from tests.hotspots.builders import EAST, NORTH, publishable

# name, east and north of the centre, named, near, police, trend, now, before, capacity, hours
PREMISES = [
    ("The Anchor", 10, 20, 85, 60, 45, "no_clear_change", 20, 20, 28.3, 23.4),
    ("Rail Taproom", 520, -450, 55, 15, 20, "up", 25, 10, 36.7, 15.1),
    ("Quay Bar", -760, -630, 40, 25, 15, "down", 5, 20, None, None),
    ("Castle Kebab House", 60, 30, 25, 70, 40, "no_clear_change", 10, 5, None, 6.9),
    ("Mill Lane Social Club", -1150, 770, 15, None, 5, "too_few", None, None, 10.0, None),
    ("Northgate Hotel", 130, 1190, 10, None, None, "too_few", None, None, None, None),
]
BANDS = [
    ("p1", 4, -1, 25), ("p1", 5, -1, 45), ("p1", 6, -1, 5), ("p1", -1, 5, 25), ("p1", -1, 6, 40),
    ("p1", 4, 6, 10), ("p1", 5, 6, 25), ("p1", 5, 5, 15), ("p2", 5, -1, 20), ("p2", 4, -1, 20),
    ("p2", -1, 5, 30), ("p2", 5, 5, 10), ("p2", 4, 5, 10), ("p3", -1, 6, 15),
]  # fmt: skip


def ranked() -> pd.DataFrame:
    """The ranking, with every column that gate 2 may let through."""
    columns = ["name", "easting", "northing", "n_named", "n_near", "n_police_near", "trend"]
    columns += ["n_now", "n_before", "per_100_capacity", "per_1000_open_hours"]
    table = pd.DataFrame(PREMISES, columns=columns)
    counts = ["n_named", "n_near", "n_police_near", "n_now", "n_before"]
    table = table.astype(dict.fromkeys(counts, "Int64"))
    n = table["n_named"].astype(float)
    return table.assign(
        place_id=[f"p{i}" for i in range(1, len(table) + 1)],
        rank=range(1, len(table) + 1),
        easting=table["easting"] + EAST,
        northing=table["northing"] + NORTH,
        n_low=(n - 2 * n**0.5) // 5 * 5,
        n_high=(n + 2 * n**0.5) // 5 * 5 + 5,
        n_shrunk=(0.97 * n).round().astype("Int64"),
        n_shrunk_low=(n - 2 * n**0.5).round().astype("Int64"),
        n_shrunk_high=(n + 1.8 * n**0.5).round().astype("Int64"),
    )


def with_premises(**changes) -> Publishable:
    """Marford with premises named in its records; `changes` replace single fields."""
    curve = pd.DataFrame(
        {
            "share_premises": [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0],
            "share_incidents": [0.26, 0.45, 0.71, 0.83, 0.93, 0.98, 1.0, 1.0],
            "share_if_equal": [0.05, 0.08, 0.18, 0.31, 0.51, 0.68, 0.98, 1.0],
        }
    )
    bands = pd.DataFrame(BANDS, columns=["place_id", "night", "band", "n"]).astype({"n": "Int64"})
    given = {
        "ranked_premises": ranked(),
        "premises_bands": bands,
        "n_premises": 240,
        "concentration": curve,
        **changes,
    }
    return publishable(**given)
