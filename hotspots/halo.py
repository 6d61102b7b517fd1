"""An area beside others: its neighbours' records reach into its maps, and count for nothing else.

A surface needs what lies within a kernel's reach of its last cell, and a hot spot astride a border
is one hot spot, whoever draws it. All else that is told of an area is of its own records.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from ed_ingest.tables import Gazetteer
from hotspots.delivered_months import Delivered
from hotspots.grid import inside
from hotspots.tables import HotSpotMap

# Records are drawn at most half a bandwidth from where they lie, with kernels that their
# uncertainty may widen to one and a half bandwidths.
REACH_OF_BANDWIDTHS = 2
# How far peaks of a large cluster part it may depend on the peak next to it, in radii; and on how
# many peaks one after the other that is followed.
REACH_OF_A_PEAK, PEAKS = 4, 2
ROUND_M = 100


@dataclass(frozen=True)
class Neighbours:
    """What an area that is analysed beside others is told of them.

    Attributes
    ----------
    code
        Of the area itself. Of two areas that hold equally much of a hot spot, the smaller code's
        tells of it.
    assaults, crimes
        The contract's columns and ``area_code``: records that lie beyond the area, near enough to
        reach into its maps, and the area of each (missing: of none). Their index is apart from
        that of the area's own.
    delivered
        Months that providers delivered whole, by all their records: those of one area would show
        gaps that the delivery does not have. None: judged by the area's own.
    """

    code: str
    assaults: pd.DataFrame
    crimes: pd.DataFrame
    delivered: Delivered | None = None


def default_halo_m(*, bandwidth_m: float, eps_m: float, largest_radius_m: float) -> float:
    """How far beyond an area its neighbours' records are needed, metres.

    The surface needs two bandwidths: a record is drawn at most half a bandwidth from its place, and
    reaches one bandwidth, or one and a half where its place is as uncertain as the bandwidth. A hot
    spot at the border needs all records of its cluster within two of the largest radii and two
    ``eps``, which tell whether the cluster is parted; where it is, a peak's part may depend on that
    of a denser peak up to four radii away, which is followed over two such peaks. A longer chain of
    ever denser peaks could in principle move an outline: `docs/methods/many-areas.md`.

    Parameters
    ----------
    bandwidth_m, eps_m, largest_radius_m
        As for `analysis.analyse`.
    """
    surface = REACH_OF_BANDWIDTHS * bandwidth_m
    spots = 2 * largest_radius_m + 2 * eps_m + PEAKS * REACH_OF_A_PEAK * largest_radius_m
    return float(ROUND_M * math.ceil(max(surface, spots) / ROUND_M))


def no_neighbours(assaults: pd.DataFrame, crimes: pd.DataFrame) -> Neighbours:
    """Neighbours of an area that stands alone: no records."""
    return Neighbours("", assaults.iloc[:0], crimes.iloc[:0])


def together(own: pd.DataFrame, beyond: pd.DataFrame) -> pd.DataFrame:
    """The area's own records, then its neighbours'."""
    return own if beyond.empty else pd.concat([own, beyond])


def own_hot_spots(
    found: HotSpotMap | None,
    points: pd.DataFrame,
    neighbours: Neighbours | None,
    beyond: pd.DataFrame,
) -> HotSpotMap | None:
    """Leave the hot spots that are the area's to tell of, ranked anew.

    A hot spot is told of by the area in which most of its incidents lie, of equal ones by that of
    the smaller code; incidents in no area do not count. So each is told of once, by whichever areas
    see it.

    Parameters
    ----------
    found
        Hot spots of the area's and its neighbours' records, not cut to the boundary.
    points
        These records' ``incident``, on the index of ``members``.
    neighbours
        None: the area stands alone, and all are its own.
    beyond
        The neighbours' ``area_code``, on the same index; records that it does not hold are the
        area's own.
    """
    if found is None or neighbours is None:
        return found
    area = beyond["area_code"].reindex(found.members.index)
    area[~area.index.isin(beyond.index)] = neighbours.code
    rows = pd.DataFrame({"spot": found.members, "area": area, "incident": points["incident"]})
    counts = rows.dropna().groupby(["spot", "area"])["incident"].nunique().rename("n").reset_index()
    most = counts.sort_values(["n", "area"], ascending=[False, True]).drop_duplicates("spot")
    own = set(most.loc[most["area"] == neighbours.code, "spot"])
    spots = found.hot_spots[found.hot_spots["hotspot_id"].isin(own)].reset_index(drop=True)
    spots = spots.assign(rank=range(1, len(spots) + 1))
    return replace(found, hot_spots=spots, members=found.members.where(found.members.isin(own)))


def places_within(
    gazetteer: Gazetteer, points: pd.DataFrame, neighbours: Neighbours | None
) -> Gazetteer:
    """Leave the places of the area alone, and those that its own records name.

    Parameters
    ----------
    gazetteer
        Of the area and of what lies about it.
    points
        The area's own, as from `points.assault_points`.
    neighbours
        None: the area stands alone, and all are its own.
    """
    places = gazetteer.places
    if neighbours is None or gazetteer.boundary is None:
        return gazetteer
    own = inside(places["easting"], places["northing"], gazetteer.boundary)
    return replace(gazetteer, places=places[own | places["place_id"].isin(points["place_id"])])


def at_the_border(
    points: pd.DataFrame, gazetteer: Gazetteer, neighbours: Neighbours | None
) -> pd.DataFrame:
    """``easting, northing`` of where each point reaches into the area's rectangle, for its grid."""
    places = points[["easting", "northing"]]
    if neighbours is None or gazetteer.boundary is None:
        return places
    west, south, east, north = gazetteer.boundary.bounds
    return places.clip(
        lower=pd.Series({"easting": west, "northing": south}),
        upper=pd.Series({"easting": east, "northing": north}),
        axis="columns",
    )
