"""What a full brief is made of: Marford with themes, a change, an earlier map and ranks."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.publishable import Publishable, PublishableChange, PublishableTheme
from tests.hotspots.builders import CRS, hot_spots, night_bands, publishable

TRENDS = ["emerging", "persistent", "persistent", "fading", "intermittent", "new", "persistent"]


def full(**changes) -> Publishable:
    """`builders.publishable` with all that the brief can tell."""
    parts = {
        "hot_spots": spots_with_trend(),
        "change": change(),
        "evaluation": evaluation(),
        "themes": themes(),
        "chance_rate": 0.03,
    }
    return publishable(**{**parts, **changes})


def spots_with_trend() -> gpd.GeoDataFrame:
    return hot_spots().assign(
        trend=TRENDS,
        rank_low=[1, 2, 2, 4, 4, 4, 6],
        rank_high=[1, 2, 3, 5, 7, 7, 7],
        share_top=[1.0, 0.99, 0.97, 0.3, 0.2, 0.1, 0.0],
        rank_before=pd.Series([1, 3, 2, 4, 5, pd.NA, 7], dtype="Int64"),
    )


def change(**changes) -> PublishableChange:
    """Three months beside the same a year before."""
    spots = hot_spots()[["hotspot_id", "name", "geometry"]].assign(
        trend=TRENDS,
        n_now=[110, 30, 25, 10, 15, 20, 10],
        n_before=[70, 30, 20, 25, 15, pd.NA, 10],
        ratio_low=[1.1, np.nan, np.nan, 0.2, np.nan, 2.1, np.nan],
        ratio_high=[2.2, np.nan, np.nan, 0.9, np.nan, np.nan, np.nan],
    )
    parts = {
        "hot_spots": gpd.GeoDataFrame(spots, crs=CRS).astype(
            {"n_now": "Int64", "n_before": "Int64"}
        ),
        "now_from": date(2026, 8, 1),
        "now_to": date(2026, 10, 31),
        "before_from": date(2025, 8, 1),
        "before_to": date(2025, 10, 31),
        "compared_with": "a_year_before",
        "providers": ("Marford General Hospital",),
        "left_out": ("St Teilo’s Infirmary",),
        "n_now": 330,
        "n_before": 305,
        "is_called": True,
    }
    return PublishableChange(**{**parts, **changes})


def evaluation() -> pd.DataFrame:
    rows = [
        ("density", 0.01, 0.35, 0.27, 0.44, 35.0, 0.71),
        ("density", 0.02, 0.46, 0.38, 0.55, 23.0, 0.74),
        ("density", 0.05, 0.63, 0.54, 0.71, 12.6, 0.83),
        ("counts", 0.01, 0.30, 0.22, 0.38, 30.0, 0.61),
        ("counts", 0.02, 0.41, 0.33, 0.49, 20.5, 0.66),
        ("counts", 0.05, 0.55, 0.46, 0.63, 11.0, 0.72),
    ]
    return pd.DataFrame(
        rows,
        columns=["map", "area_share", "hit_rate", "hit_rate_low", "hit_rate_high", "pai", "pei"],
    )


def themes() -> tuple[PublishableTheme, ...]:
    spots = pd.DataFrame({"hotspot_id": ["H01", "H02", "H03"], "n": [25, 10, pd.NA]})
    nothing = spots.iloc[:0]
    parts = {"density": None, "night_bands": night_bands()}
    return (
        PublishableTheme(
            "knife", "Knife or sharp object", "", 85, 70,
            by_hot_spot=spots.astype({"n": "Int64"}), **parts,
        ),
        PublishableTheme(
            "domestic", "Domestic abuse", "Counted, and never placed.", 190, None,
            by_hot_spot=nothing, **parts,
        ),
    )  # fmt: skip
