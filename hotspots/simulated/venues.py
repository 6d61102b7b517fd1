"""Where the made-up town's premises, landmarks and parks lie."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import Polygon

from hotspots.simulated.areas import points_of
from hotspots.simulated.names import names, premises_names
from hotspots.simulated.network import BUILT_M, CENTRE, RING_M, TERRACE_M, Floats, from_centre, unit
from hotspots.simulated.streets import CRS, Streets

# How many, and how much each kind is drawn to the night-time core, the old centre, the secondary
# centres along the ring, the main roads, and anywhere.
PREMISES = {
    "pub": (92, (5.0, 0.8, 3.5, 0.25, 0.03)),
    "club": (14, (12.0, 0.5, 2.5, 0.0, 0.0)),
    "takeaway": (96, (5.0, 0.6, 5.0, 0.4, 0.03)),
    "shop": (150, (1.0, 3.5, 4.0, 0.4, 0.02)),
}
CORE_STREETS = 3
PAVEMENT_M = (8.0, 15.0)  # from the middle of the street to the middle of the building


def premises(
    rng: np.random.Generator, fronts: pd.DataFrame, districts: pd.DataFrame
) -> pd.DataFrame:
    """Place pubs, clubs, takeaways and shops along the streets, each on a doorway of its own."""
    pull = _pull(rng, fronts)
    free = np.ones(len(fronts), dtype=bool)
    parts = []
    for kind, (n, drawn) in PREMISES.items():
        weight = (pull @ np.array(drawn)) * free
        at = rng.choice(len(fronts), n, replace=False, p=weight / weight.sum())
        free[at] = False
        parts.append(_on_street(rng, fronts.iloc[at], districts).assign(venue=kind))
        parts[-1]["name"] = premises_names(rng, kind, n)
    made = pd.concat(parts, ignore_index=True)
    made["place_id"] = [f"P{k:04}" for k in range(1, len(made) + 1)]
    made["alt_names"] = _short_names(rng, made["name"])
    return made.assign(kind="premises")


def _pull(rng: np.random.Generator, fronts: pd.DataFrame) -> Floats:
    """Columns: night-time core, old centre, near a secondary centre, main road, anywhere."""
    xy = points_of(fronts)
    in_centre = (fronts["quarter"] == "centre").to_numpy()
    core = CENTRE + 190 * unit(rng.uniform(0, 2 * np.pi, 1))[0]
    long_enough = fronts.groupby("place")["number"].transform("size").to_numpy() >= 9
    near = np.where(in_centre & long_enough, np.hypot(*(xy - core).T), np.inf)
    by_street = pd.Series(near).groupby(fronts["place"].to_numpy()).min().nsmallest(CORE_STREETS)
    main = (fronts["main"] >= 0).to_numpy()
    away = from_centre(xy)
    outer = np.flatnonzero(main & (away > RING_M * 0.8) & (away < BUILT_M * 0.85))
    secondary = _apart(rng, xy[outer], 7, gap_m=750)
    distance = cKDTree(secondary).query(xy)[0]
    return np.stack(
        [
            fronts["place"].isin(by_street.index).to_numpy(),
            in_centre,
            main * np.exp(-((distance / 140) ** 2)) + 0.4 * np.exp(-((distance / 90) ** 2)),
            main,
            np.ones(len(fronts)),
        ],
        axis=1,
    ).astype(float)


def _apart(rng: np.random.Generator, xy: Floats, n: int, *, gap_m: float) -> Floats:
    """Up to `n` of the points, at least so far apart."""
    kept: list[Floats] = []
    for point in rng.permutation(xy):
        if len(kept) < n and all(np.hypot(*(point - other)) >= gap_m for other in kept):
            kept.append(point)
    return np.array(kept)


def _on_street(
    rng: np.random.Generator, at: pd.DataFrame, districts: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Point beside the street, house number, address and postcode of a doorway."""
    side = rng.integers(0, 2, len(at))
    turn = at["bearing"].to_numpy() + np.where(side == 1, 1, -1) * np.pi / 2
    step = rng.uniform(*PAVEMENT_M, len(at))[:, None] * unit(turn)
    xy = np.round(points_of(at) + step)
    number = (2 * at["number"] + 1 + side).astype(str).to_numpy()
    address = number + " " + at["street"].to_numpy()
    if districts is not None:
        _, near = cKDTree(points_of(districts)).query(xy)
        address = address + ", " + districts["name"].to_numpy()[near]
    return pd.DataFrame(
        {
            "easting": xy[:, 0],
            "northing": xy[:, 1],
            "address": address + ", Marford",
            "postcode": at["postcode"].to_numpy(),
            "street": at["street"].to_numpy(),
        }
    )


def _short_names(rng: np.random.Generator, name: pd.Series) -> pd.Series:
    """What regulars call some of the pubs and clubs: the last word, or the name without "The"."""
    plain = name.str.removeprefix("The ")
    last = plain.str.split().str[-1]
    unique = ~last.duplicated(keep=False) & (last != plain)
    said = rng.random(len(name)) < 0.3
    return pd.Series(np.where(unique & said, last, np.where(name != plain, plain, "")))


def landmarks(rng: np.random.Generator, fronts: pd.DataFrame) -> pd.DataFrame:
    """Stations, schools, hospitals and the police station, each on a street."""
    known = names("places")
    away = from_centre(points_of(fronts))
    main = (fronts["main"] >= 0).to_numpy()
    parts = []
    for kind, called, (nearest, farthest) in (
        ("station", known["stations"], (260, 600)),
        ("education", known["schools"], (700, 2_300)),
        ("health", known["hospitals"], (900, 2_200)),
        ("custody", known["custody"], (300, 700)),
    ):
        ring = np.flatnonzero(
            (away >= nearest) & (away < farthest) & (main | (kind == "education"))
        )
        at = fronts.iloc[rng.choice(ring, len(called), replace=False)]
        made = _on_street(rng, at)
        both = pd.Series(called).str.split("|", n=1)
        made["name"], made["alt_names"] = both.str[0], both.str[1]
        parts.append(made.assign(kind=kind))
    made = pd.concat(parts, ignore_index=True)
    return made.assign(place_id=[f"M{k:03}" for k in range(1, len(made) + 1)])


def parks(rng: np.random.Generator, streets: Streets) -> gpd.GeoDataFrame:
    """Green spaces where the streets leave room."""
    called = names("places")["parks"]
    angle, reach = rng.uniform(0, 2 * np.pi, 900), rng.uniform(TERRACE_M / 2, BUILT_M * 0.8, 900)
    xy = CENTRE + reach[:, None] * unit(angle)
    lines = shapely.union_all([*streets.lines.geometry, streets.water])
    room = shapely.distance(shapely.points(xy), lines)
    order = np.argsort(-room)
    chosen: list[int] = []
    for k in order:
        if len(chosen) < len(called) and all(np.hypot(*(xy[k] - xy[j])) > 600 for j in chosen):
            chosen.append(int(k))
    edge = unit(np.linspace(0, 2 * np.pi, 14, endpoint=False))
    reach = np.asarray(room)[chosen][:, None] * rng.uniform(0.6, 0.85, (len(chosen), 14))
    fields = [Polygon(xy[k] + r[:, None] * edge) for k, r in zip(chosen, reach, strict=True)]
    middle = np.round(xy[chosen])
    return gpd.GeoDataFrame(
        {
            "place_id": [f"M{k:03}" for k in range(101, 101 + len(chosen))],
            "name": called[: len(chosen)],
            "alt_names": "",
            "kind": "park",
            "easting": middle[:, 0],
            "northing": middle[:, 1],
            "address": "Marford",
        },
        geometry=fields,
        crs=CRS,
    )
