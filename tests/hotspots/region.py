"""A made-up region of areas side by side, with hot spots inside them and astride a border."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ed_ingest.schema import load_spec
from ed_ingest.workspace import make_workspace
from hotspots.record_files import write_records
from tests.ed_ingest import contract_rows

CRS = "EPSG:27700"
# Corner where four areas of 3 km meet.
EAST, NORTH = 330_000.0, 260_000.0
SIDE = 3000.0
CODES = ("X01", "X02", "X03", "X04")
# Easting and northing from the corner, spread (m), assaults of the year, hospital.
SPOTS = (
    (-1200, -900, 35, 70, "marford"),
    (900, -1100, 35, 60, "marford"),
    (20, -1800, 30, 60, "marford"),  # astride X01 and X02, more of it in X02
    (-1000, 1200, 40, 50, "teilo"),
    (1300, 1000, 40, 45, "teilo"),
)
PLACES = (
    ("Castle Street", -1200, -900), ("Quay Parade", 900, -1100), ("Border Road", 20, -1800),
    ("Mill Lane", -1000, 1200), ("North Hill", 1300, 1000),
)  # fmt: skip


def areas() -> gpd.GeoDataFrame:
    """Four squares: X01 south-west, X02 south-east, X03 north-west, X04 north-east."""
    corners = [(-SIDE, -SIDE), (0, -SIDE), (-SIDE, 0), (0, 0)]
    shapes = [
        shapely.box(EAST + x, NORTH + y, EAST + x + SIDE, NORTH + y + SIDE) for x, y in corners
    ]
    names = ["Westford", "Eastford", "Norham", "Overton"]
    return gpd.GeoDataFrame({"CODE": list(CODES), "NAME": names}, geometry=shapes, crs=CRS)


def one_area() -> gpd.GeoDataFrame:
    """The same ground as one area."""
    whole = areas().union_all()
    return gpd.GeoDataFrame({"CODE": ["X00"], "NAME": ["Allford"]}, geometry=[whole], crs=CRS)


def records(seed: int = 1) -> dict[str, pd.DataFrame]:
    """A year of assaults and of police records; some assaults have no place."""
    rng = np.random.default_rng(seed)
    x, y, provider = [], [], []
    for east, north, spread, n, hospital in SPOTS:
        x.append(EAST + east + rng.normal(0, spread, n).round())
        y.append(NORTH + north + rng.normal(0, spread, n).round())
        provider += [hospital] * n
    xs, ys = np.concatenate(x), np.concatenate(y)
    hours = rng.integers(0, 365 * 24, len(xs))
    assaults = _repeated(contract_rows.assaults(), len(xs)).assign(
        event_id=[f"a{i:05}" for i in range(len(xs))],
        provider=provider,
        easting=xs,
        northing=ys,
        location_level="coordinates",
        location_uncertainty_m=10.0,
        place_id=pd.Series(np.nan, index=range(len(xs)), dtype="str"),
        place_name=pd.Series(np.nan, index=range(len(xs)), dtype="str"),
        lsoa=pd.Series(np.nan, index=range(len(xs)), dtype="str"),
        **_times(hours, "assault_from", "assault_to", "arrived_at"),
    )
    assaults["night_of"] = (assaults["assault_from"] - pd.Timedelta(hours=6)).dt.floor("D")
    nowhere = assaults.index % 17 == 0
    assaults.loc[nowhere, ["easting", "northing", "location_uncertainty_m"]] = np.nan
    assaults.loc[nowhere, "location_level"] = "none"
    twice = np.repeat(np.flatnonzero(~nowhere), 2)
    crimes = _repeated(contract_rows.crimes(), len(twice)).assign(
        crime_id=[f"c{i:05}" for i in range(len(twice))],
        easting=xs[twice] + rng.integers(-40, 41, len(twice)),
        northing=ys[twice] + rng.integers(-40, 41, len(twice)),
        lsoa=pd.Series(np.nan, index=range(len(twice)), dtype="str"),
        **_times(hours[twice], "committed_from", "committed_to"),
    )
    return {"assaults": assaults, "crimes": crimes, "batches": _batches()}


def workspace(folder):
    """A workspace with the region's streets and hospitals, without records."""
    made = make_workspace(folder, name="The region", marking="OFFICIAL", premises_names=True)
    lines = [
        f"p{i},{name},,street,{EAST + x:.0f},{NORTH + y:.0f},,"
        for i, (name, x, y) in enumerate(PLACES)
    ]
    header = "place_id,name,alt_names,kind,easting,northing,address,postcode"
    (made.reference / "places.csv").write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return made


def record_files(folder, tables=None):
    """The region's records as files."""
    return write_records(tables or records(), str(folder))


def _repeated(row: pd.DataFrame, n: int) -> pd.DataFrame:
    return row.iloc[[0] * n].reset_index(drop=True)


def _times(hours, *columns) -> dict[str, pd.Series]:
    at = pd.Series(pd.Timestamp("2025-04-01 07:00") + pd.to_timedelta(hours, unit="h"))
    at = at.astype("datetime64[s]")
    return dict.fromkeys(columns, at)


def _batches() -> pd.DataFrame:
    spec = load_spec("batches")
    rows = []
    for provider, kind in (("marford", "ed"), ("teilo", "ed"), ("police", "police")):
        row = dict.fromkeys(spec.contract, 0) | {
            "batch_id": f"b-{provider}", "provider": provider, "kind": kind,
            "received_at": pd.Timestamp("2026-04-15 09:00"), "file_hash": "f" * 64,
            "file_name": "x.csv", "agreement": "ISA-1",
            "period_from": pd.Timestamp("2025-04-01"), "period_to": pd.Timestamp("2026-03-31"),
        }  # fmt: skip
        rows.append(row)
    table = pd.DataFrame(rows, columns=spec.contract)
    times = ["received_at", "period_from", "period_to"]
    return table.astype(dict.fromkeys(times, "datetime64[s]"))
