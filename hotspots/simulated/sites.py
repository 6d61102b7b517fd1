"""Where assaults happen in a town: candidate sites, how much each draws, and two planted trends."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from hotspots.simulated.areas import points_of
from hotspots.simulated.network import Floats
from hotspots.simulated.town import Town

NEAR_M = 40.0  # a doorway this near to premises is described by them
TREND_RADIUS_M = 130.0
# Share of the night-time economy's assaults that a trend's place has before and after.
EMERGING, FADING = (0.004, 0.09), (0.07, 0.008)
_NIGHT_RULES = ("venues", "near_venues", "takeaways")
_KIND_RULES = {
    "schools": "education",
    "parks": "park",
    "stations": "station",
    "hospitals": "health",
    "custody": "custody",
}
_SPREAD_M = {"premises": 6.0, "station": 25.0, "education": 25.0, "health": 25.0, "park": 35.0}


class Sites(NamedTuple):
    """Candidate sites of incidents.

    Attributes
    ----------
    table
        ``place`` (row of the town's places), ``near`` (row of premises within 40 m of a doorway,
        or -1), ``easting, northing, spread_m`` (standard deviation about the point, metres).
    weights
        For each rule "where", the relative draw of each site before and after the trends set in.
    trends
        ``trend, easting, northing, radius_m, share_before, share_after, places``.
    """

    table: pd.DataFrame
    weights: dict[str, tuple[Floats, Floats]]
    trends: pd.DataFrame


def make_sites(rng: np.random.Generator, town: Town) -> Sites:
    """List a town's sites and say what draws assaults to them."""
    table = _table(town)
    venue = town.places["venue"].to_numpy()[table["place"]]
    at_premises = table["at_premises"].to_numpy()
    risk = _risk(rng, table, np.where(at_premises, venue, ""))
    draw = _draw(town, table, np.where(at_premises, venue, ""), risk)
    whole = {rule: weight / weight.sum() for rule, weight in draw.items() if weight.sum() > 0}
    # What the town does not have happens in the street.
    fallback = whole.get("streets", np.full(len(table), 1 / len(table)))
    whole = {rule: whole.get(rule, fallback) for rule in draw}
    return _with_trends(table, whole, town.places)


def _table(town: Town) -> pd.DataFrame:
    """Places that are points, then doorways of the streets."""
    places = town.places
    spots = places[~places["kind"].isin(["street", "locality"])]
    spread = spots["kind"].map(_SPREAD_M).fillna(20.0)
    near = np.full(len(town.frontages), -1)
    premises = np.flatnonzero(places["kind"] == "premises")
    if len(premises):
        tree = cKDTree(points_of(places.iloc[premises]))
        distance, nearest = tree.query(points_of(town.frontages))
        near = np.where(distance <= NEAR_M, premises[np.minimum(nearest, len(premises) - 1)], -1)
    return pd.DataFrame(
        {
            "place": np.concatenate([spots.index, town.frontages["place"]]),
            "near": np.concatenate([np.full(len(spots), -1), near]),
            "easting": np.concatenate([spots["easting"], town.frontages["easting"]]),
            "northing": np.concatenate([spots["northing"], town.frontages["northing"]]),
            "spread_m": np.concatenate([spread, np.full(len(near), town.spread_m)]),
            "homes": np.concatenate([np.zeros(len(spots)), town.frontages["homes"]]),
            "at_premises": np.arange(len(spots) + len(near)) < len(spots),
        }
    )


def _risk(rng: np.random.Generator, table: pd.DataFrame, venue: np.ndarray) -> Floats:
    """Relative risk of each venue: by kind and by company, then heavy-tailed by rank (Zipf)."""
    base = pd.Series(venue).map({"club": 8.0, "pub": 3.0, "takeaway": 2.0, "shop": 0.5}).fillna(0)
    licensed = np.flatnonzero(np.isin(venue, ["pub", "club"]))
    xy = points_of(table)
    company = np.zeros(len(table))
    if len(licensed):
        near = cKDTree(xy[licensed]).query_ball_point(xy, 200, return_length=True)
        company = np.asarray(near, dtype=float)
    appeal = base.to_numpy() * (1 + company) ** 0.4 * rng.lognormal(0, 0.7, len(table))
    rank = pd.Series(-appeal).rank(method="first").to_numpy()
    return np.asarray(np.where(appeal > 0, rank**-1.0, 0.0))


def _draw(town: Town, table: pd.DataFrame, venue: np.ndarray, risk: Floats) -> dict[str, Floats]:
    """Relative draw of each site under each rule."""
    xy = points_of(table)
    front = ~table["at_premises"].to_numpy()
    kind = np.where(front, "street", town.places["kind"].to_numpy()[table["place"]])
    shops = np.isin(venue, ["shop", "takeaway"])
    busy = _spill(xy, shops.astype(float), reach_m=110)
    schools = (kind == "education").astype(float)
    draw = {
        "venues": risk * np.isin(venue, ["pub", "club"]),
        "takeaways": risk * (venue == "takeaway"),
        "shops": risk * (venue == "shop"),
        "premises": risk * (kind == "premises"),
        "near_venues": front * _spill(xy, risk, reach_m=45),
        "near_schools": front * _spill(xy, schools, reach_m=220),
        "streets": front * (0.15 + busy),
        "homes": front * table["homes"].to_numpy(),
    }
    return draw | {rule: (kind == name).astype(float) for rule, name in _KIND_RULES.items()}


def _spill(xy: Floats, weight: Floats, *, reach_m: float) -> Floats:
    """Weight of all sites around each, falling off as a Gaussian with this standard deviation."""
    sources = np.flatnonzero(weight > 0)
    total = np.zeros(len(xy))
    if len(sources):
        pairs = cKDTree(xy).sparse_distance_matrix(
            cKDTree(xy[sources]), 3 * reach_m, output_type="ndarray"
        )
        fall = weight[sources][pairs["j"]] * np.exp(-0.5 * (pairs["v"] / reach_m) ** 2)
        np.add.at(total, pairs["i"], fall)
    return total


def _with_trends(table: pd.DataFrame, whole: dict[str, Floats], town_places: pd.DataFrame) -> Sites:
    """Plant one place where assaults emerge, and one where they fade.

    Both are away from the core, and from hospitals and the police station, which are false places.
    """
    xy = points_of(table)
    night = whole["near_venues"]
    spill = _spill(xy, night + whole["venues"], reach_m=60)
    false_places = town_places["kind"].isin(["health", "custody"])
    far = np.hypot(*(xy - xy[spill.argmax()]).T) > 700
    for point in points_of(town_places[false_places]):
        far &= np.hypot(*(xy - point).T) > 300
    first = int(np.where(far, spill, -1).argmax())
    far &= np.hypot(*(xy - xy[first]).T) > 700
    second = int(np.where(far, spill, -1).argmax())
    weights = {rule: (weight, weight) for rule, weight in whole.items()}
    rows = []
    for trend, centre, shares in (("emerging", first, EMERGING), ("fading", second, FADING)):
        inside = np.hypot(*(xy - xy[centre]).T) <= TREND_RADIUS_M
        for rule in _NIGHT_RULES:
            before, after = weights[rule]
            weights[rule] = (
                _set_share(before, inside, shares[0]),
                _set_share(after, inside, shares[1]),
            )
        places = town_places["place_id"].iloc[table.loc[inside, "place"].unique()]
        rows.append((trend, *xy[centre].round(), TREND_RADIUS_M, *shares, "|".join(places)))
    columns = ["trend", "easting", "northing", "radius_m", "share_before", "share_after", "places"]
    return Sites(table, weights, pd.DataFrame(rows, columns=columns))


def _set_share(weight: Floats, inside: np.ndarray, share: float) -> Floats:
    """Scale so that the sites inside hold this share; unchanged where they draw nothing."""
    held = weight[inside].sum() / weight.sum()
    if not 0 < held < 1:
        return weight
    return np.asarray(np.where(inside, weight * share / held, weight * (1 - share) / (1 - held)))
