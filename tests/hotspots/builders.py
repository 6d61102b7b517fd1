"""A valid Publishable of an invented town, to change one thing of."""

from __future__ import annotations

import dataclasses
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.publishable import (
    DensityClasses,
    Publishable,
    PublishableChange,
    PublishableKnowledge,
    PublishableTheme,
)

CRS = "EPSG:27700"
# Somewhere on the British National Grid; the town of Marford is invented.
EAST, NORTH = 330_000.0, 260_000.0

# name, easting and northing from the centre, radius, assaults, peak, share without police record
SPOTS = [
    ("Castle Street (The Anchor)", 0, 0, 230, 370, "Sat night, 00–03 (Sun)", 0.62),
    ("Station Road (Rail Taproom)", 520, -460, 170, 120, "Sat night, 21–00", 0.65),
    ("Quay Parade (Quay Bar)", -760, -640, 150, 95, "Fri night, 00–03 (Sat)", 0.66),
    ("Mill Lane", -1150, 760, 140, 65, "Thu, 15–18", 0.76),
    ("Newport Road", 1700, 560, 130, 55, "Thu, 15–18", 0.66),
    ("Northgate", 120, 1200, 120, 50, "Sat night, 00–03 (Sun)", 0.61),
    ("Park Place", -1800, -1250, 110, 40, "Fri, 15–18", None),
]
TRENDS = ("persistent", "fading", "persistent", "new", None, "emerging", "intermittent")
ROADS = [
    ("Castle Street", [(-3000, -180), (-1200, -120), (0, 0), (900, 120), (3000, 380)]),
    ("Mill Lane", [(-1900, 2200), (-1150, 760), (-420, 240), (0, 0)]),
    ("Station Road", [(0, 0), (520, -460), (1200, -1300), (2100, -2300)]),
    ("Quay Parade", [(-2900, 180), (-1600, -300), (-760, -640), (0, -900), (520, -460)]),
    ("Newport Road", [(0, 0), (800, 420), (1700, 560), (3000, 760)]),
    ("Northgate", [(0, 0), (60, 640), (120, 1200), (420, 2300)]),
    ("Park Place", [(-2700, -1900), (-1800, -1250), (-760, -640)]),
    ("St Mary Row", [(-420, 240), (60, 640), (800, 420)]),
    ("Union Street", [(0, -900), (140, -1500), (60, -2300)]),
]
CAVEATS = (
    "Made-up data: Marford is not a real place.",
    "The place is as the patient told it; 17% of assaults could not be mapped.",
    "“No matching police record found”: the police may hold one under another place or time.",
    "Contains OS data © Crown copyright and database right 2026.",
)


def publishable(**changes) -> Publishable:
    """What gate 2 might let through for Marford; `changes` replace single fields."""
    base = Publishable(
        partnership="Marford",
        marking="OFFICIAL–SENSITIVE",
        period_from=date(2025, 11, 1),
        period_to=date(2026, 10, 31),
        providers=pd.DataFrame(
            {
                "provider": ["marford", "st-teilo"],
                "name": ["Marford General Hospital", "St Teilo’s Infirmary"],
                "n_recorded": [1040, 570],
                "n_mapped": [890, 445],
                "months": [12, 11],
            }
        ),
        n_recorded=1610,
        n_mapped=1335,
        share_mapped=0.83,
        n_home=150,
        share_placed=0.91,
        density=density(),
        hot_spots=hot_spots(),
        police_density=None,
        police_hot_spots=no_hot_spots(),
        police_note="",
        night_bands=night_bands(),
        share_night_time_economy=0.64,
        nte_hours=(18, 6),
        methods=pd.DataFrame({"code": ["body_part", "glass"], "n": [1200, 60]}),
        location_types=pd.DataFrame({"code": ["street"], "n": [800]}),
        areas=areas(),
        premises=pd.DataFrame(columns=["place_id", "name", "n", "easting", "northing"]),
        share_not_found=0.59,
        share_not_found_low=0.54,
        share_not_found_high=0.63,
        bandwidth_m=200.0,
        cell_m=25.0,
        threshold=5,
        rounding="round5",
        boundary=shapely.box(EAST - 3000, NORTH - 2400, EAST + 3000, NORTH + 2400),
        basemap=basemap(),
        withheld=("2 of 56 figures by night and time are not shown.",),
        caveats=CAVEATS,
        analyst_notes=(),
    )
    return dataclasses.replace(base, **changes)


def with_choices(**changes) -> Publishable:
    """The same with two themes, and with nights and bands of two hot spots."""
    knife = PublishableTheme(
        "knife",
        "Knife or sharp object",
        "",
        60,
        45,
        density(),
        pd.DataFrame({"hotspot_id": ["H01", "H02"], "n": pd.array([25, None], "Int64")}),
        night_bands().assign(n=5),
    )
    firearm = PublishableTheme(
        "firearm",
        "Firearm",
        "Too few records to show.",
        None,
        None,
        None,
        pd.DataFrame({"hotspot_id": ["H01"], "n": pd.array([None], "Int64")}),
        night_bands().assign(n=pd.array([None] * 56, "Int64")),
    )
    bands = pd.DataFrame(
        {"hotspot_id": ["H01", "H01", "H03"], "night": [5, 4, 5], "band": [6, 6, 5]}
    ).assign(n=pd.array([80, 40, 10], "Int64"))
    return publishable(**{"themes": (knife, firearm), "hot_spot_bands": bands, **changes})


def with_everything(**changes) -> Publishable:
    """The same with every table that gate 2 may let through."""
    spots = hot_spots()
    own = [spots["hotspot_id"], spots["name"]]
    shares = {"share_not_found": 0.6, "share_not_found_low": 0.5, "share_not_found_high": 0.7}
    incident = {f"share_not_found_incident{end}": 0.6 for end in ("", "_low", "_high")}
    knowledge = PublishableKnowledge(
        by_group=pd.DataFrame([{"by": "all", "group": "all", "name": None, "n": 900}]).assign(
            **shares, **incident, share_by_chance=0.02
        ),
        reported=pd.DataFrame([{"said_reported": "yes", "police_record": "found", "n": 200}]),
        sensitivity=pd.DataFrame(
            [(100.0, 60.0, 0.3, 0.02, 0.28)],
            columns=["distance_m", "gap_min", "share_within", "share_by_chance", "share_corrected"],
        ),
        capture_recapture=pd.DataFrame(
            [("all", 1.0, 900, 700, 300, 2100, 1900, 2300)],
            columns=[
                "stratum", "odds_ratio", "n_hospital", "n_police", "n_both", "n_estimated",
                "n_estimated_low", "n_estimated_high",
            ],
        ),
    )  # fmt: skip
    ranks = ("rank_hospitals", "rank_police")
    compared = {f"{name}{end}": 1 for name in ranks for end in ("", "_low", "_high")}
    return with_choices(
        police_hot_spots=spots.iloc[:2].assign(trend=None, rank_before=None),
        premises=pd.DataFrame(
            [("p1", "Quay Bar", 35, EAST, NORTH)],
            columns=["place_id", "name", "n", "easting", "northing"],
        ),
        area_comparison=pd.DataFrame([{"code": "W01000001", "name": "Marford 001A"}]).assign(
            **compared, rank_difference=0, ranked_higher_by="no_clear_difference"
        ),
        recorded_crime=pd.DataFrame(
            [("Marford", pd.Timestamp("2026-07-01"), pd.Timestamp("2026-09-30"), "robbery", 21)],
            columns=["area", "quarter_from", "quarter_to", "offence_group", "n"],
        ),
        knowledge=knowledge,
        change=change(),
        comparison=gpd.GeoDataFrame(
            {"more": ["hospitals", "police"]}, geometry=spots.geometry[[0, 4]].to_numpy(), crs=CRS
        ),
        compared_hot_spots=pd.DataFrame(
            [(own[1][0], 300, 120, 1.0, 2.0, 1.0), (own[1][1], 90, None, 2.0, 3.5, 1.5)],
            columns=[
                "name", "n_hospital", "n_police", "rank_hospital", "rank_police", "rank_difference",
            ],
        ),
        evaluation=pd.DataFrame(
            [("density", 0.01, 0.31, 0.25, 0.38, 31.0, 0.8)],
            columns=[
                "map", "area_share", "hit_rate", "hit_rate_low", "hit_rate_high", "pai", "pei",
            ],
        ),
        special_nights=pd.DataFrame(
            [
                ("bank_holiday", "", 40, 8, 1.4, 1.0, 1.9),
                ("event", "Derby", None, 2, None, None, None),
            ],
            columns=["kind", "name", "n", "n_nights", "ratio", "ratio_low", "ratio_high"],
        ),
        ranked_premises=pd.DataFrame(
            [(1, "p1", "Quay Bar", 35, 25, 50, 10, 12.5, None, EAST, NORTH, "up", 20, None)],
            columns=[
                "rank", "place_id", "name", "n_named", "n_low", "n_high", "n_near",
                "per_100_capacity", "per_1000_open_hours", "easting", "northing", "trend", "n_now",
                "n_before",
            ],
        ),
        premises_bands=pd.DataFrame(
            [("p1", 5, -1, 20), ("p1", -1, 6, 15)], columns=["place_id", "night", "band", "n"]
        ),
        concentration=pd.DataFrame(
            [(0.1, 0.6, 0.3), (1.0, 1.0, 1.0)],
            columns=["share_premises", "share_incidents", "share_if_equal"],
        ),
        near_repeat=pd.DataFrame(
            [(0.0, 100.0, 0.0, 7.0, 45, 1.5, 0.01), (100.0, 200.0, 0.0, 7.0, None, None, None)],
            columns=[
                "distance_from", "distance_to", "time_from", "time_to", "n_pairs", "ratio",
                "p_permuted",
            ],
        ),
        **changes,
    )  # fmt: skip


def change() -> PublishableChange:
    """One hot spot new, one with fewer, one without a clear change."""
    spots = hot_spots().iloc[:3]
    table = pd.DataFrame(
        {
            "hotspot_id": ["C-1", "C-2", "C-3"],
            "name": spots["name"],
            "trend": ["new", "fading", "persistent"],
            "n_now": pd.array([25, 10, 30], "Int64"),
            "n_before": pd.array([None, 40, 30], "Int64"),
            "ratio_low": [2.1, 0.1, np.nan],
            "ratio_high": [np.nan, 0.6, np.nan],
        }
    )
    return PublishableChange(
        hot_spots=gpd.GeoDataFrame(table, geometry=spots.geometry.to_numpy(), crs=CRS),
        now_from=date(2026, 8, 1),
        now_to=date(2026, 10, 31),
        before_from=date(2025, 8, 1),
        before_to=date(2025, 10, 31),
        compared_with="a_year_before",
        providers=("Marford General Hospital",),
        left_out=("St Teilo’s Infirmary",),
        n_now=400,
        n_before=420,
        is_called=True,
    )


def hot_spots() -> gpd.GeoDataFrame:
    """Seven hot spots, the first of them long, none a plain circle."""
    rows = []
    for rank, (name, x, y, radius, n, peak, not_found) in enumerate(SPOTS, start=1):
        angle = np.linspace(0, 2 * np.pi, 14, endpoint=False)
        reach = radius * (1 + 0.12 * np.sin(3 * angle + rank))
        stretch = 1.5 if rank == 1 else 1.0
        ring = np.column_stack(
            [EAST + x + stretch * reach * np.cos(angle), NORTH + y + reach * np.sin(angle)]
        )
        low, high = n - 2 * np.sqrt(n), n + 2 * np.sqrt(n)
        rows.append(
            {
                "hotspot_id": f"H{rank:02d}",
                "rank": rank,
                "name": name,
                "place_name": name.partition(" (")[2].rstrip(")") or None,
                "n": n,
                "n_low": 5 * round(low / 5),
                "n_high": 5 * round(high / 5),
                "peak": peak,
                "share_not_found": not_found,
                "share_alcohol": 0.7,
                "share_weapon": 0.1,
                "false_place": False,
                "rank_low": rank,
                "rank_high": rank + 1,
                "share_top": 0.9,
                "rank_before": rank,
                "trend": TRENDS[rank - 1],
                "harm": None,
                "geometry": shapely.Polygon(ring),
            }
        )
    whole = dict.fromkeys(("n", "n_low", "n_high"), "Int64")
    return gpd.GeoDataFrame(rows, crs=CRS).astype(whole)


def no_hot_spots() -> gpd.GeoDataFrame:
    """The table of hot spots without a row."""
    return hot_spots().iloc[:0]


def density(cell_m: float = 25.0) -> DensityClasses:
    """Eight classes of a smooth surface over the hot spots, and nothing elsewhere."""
    x = EAST + np.arange(-3000 + cell_m / 2, 3000, cell_m)
    y = NORTH + np.arange(-2400 + cell_m / 2, 2400, cell_m)
    surface = np.zeros((len(y), len(x)))
    for _, east, north, radius, n, _, _ in SPOTS:
        distance2 = (x - EAST - east) ** 2 + (y[:, None] - NORTH - north) ** 2
        surface += n * np.clip(1 - distance2 / (2.4 * radius) ** 2, 0, None) ** 2
    edges = [12, 22, 35, 50, 80, 130, 200, 290]
    return DensityClasses(np.digitize(surface, edges).astype(np.int8), x, y, cell_m)


def night_bands() -> pd.DataFrame:
    """Most on Friday and Saturday nights; two figures held back."""
    nights = np.array([0.6, 0.6, 0.7, 0.9, 2.4, 3.0, 1.2])
    bands = np.array([4, 12, 22, 30, 34, 62, 58, 18])
    n = 5.0 * np.round(nights[:, None] * bands / 5 / 1.3)
    n[0, 0] = n[1, 0] = np.nan
    night, band = np.divmod(np.arange(56), 8)
    return pd.DataFrame({"night": night, "band": band, "n": n.ravel()})


def basemap() -> gpd.GeoDataFrame:
    """Named and nameless roads, a river, and the edges of neighbourhoods."""
    lines = [("road", name, line(points)) for name, points in ROADS]
    lines += [
        ("road", None, line([(x - 140, y - 500), (x, y), (x + 150, y + 480)]))
        for x in range(-2700, 2800, 450)
        for y in range(-1950, 2000, 650)
    ]
    lines += [
        ("road", None, line([(x - 420, y + 60), (x, y), (x + 420, y - 30)]))
        for x in range(-2500, 2600, 800)
        for y in range(-1900, 2000, 480)
    ]
    river = line([(-3000, -2100), (-1200, -1700), (600, -900), (3000, -300)]).buffer(130)
    cells = [
        ("area", f"Neighbourhood {x} {y}", shapely.box(x, y, x + 1000, y + 800))
        for x in np.arange(EAST - 3000, EAST + 3000, 1000)
        for y in np.arange(NORTH - 2400, NORTH + 2400, 800)
    ]
    rows = [*lines, ("water", "River Mar", river), *cells]
    return gpd.GeoDataFrame(rows, columns=["kind", "name", "geometry"], crs=CRS)


def areas() -> gpd.GeoDataFrame:
    """Small areas with rounded counts, one of them held back."""
    boxes = [
        shapely.box(EAST + x, NORTH + y, EAST + x + 1500, NORTH + y + 1200)
        for x in range(-3000, 3000, 1500)
        for y in range(-2400, 2400, 1200)
    ]
    counts = np.array([5.0 * (i * i % 40) for i in range(len(boxes))])
    counts[3] = np.nan
    return gpd.GeoDataFrame(
        {
            "code": [f"W0100{i:04d}" for i in range(len(boxes))],
            "name": [f"Marford {i:03d}A" for i in range(len(boxes))],
            "population": 1500,
            "n_assaults": counts,
            "n_police": np.nan,
        },
        geometry=boxes,
        crs=CRS,
    )


def line(points: list[tuple[float, float]]) -> shapely.LineString:
    """A line through points given from the town's centre."""
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in points])
