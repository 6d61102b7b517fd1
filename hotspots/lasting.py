"""Hot spots as things that last: the same id from month to month, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.rank_stability import rank_stability
from hotspots.tables import ChangeFindings, HotSpotMap

# Two outlines are the same hot spot where their common part is at least this much of the smaller.
SAME_SHARE = 0.3
# A trend is told of a hot spot only where what was compared is mostly the same ground.
TREND_SHARE = 0.5
TREND_COLUMNS = ("trend", "n_now", "n_before")


def as_lasting(
    found: HotSpotMap | None,
    incident: pd.Series,
    *,
    before: gpd.GeoDataFrame | None,
    harm: pd.Series | None,
) -> HotSpotMap | None:
    """Give hot spots lasting ids, the sureness of their ranks, and their harm.

    Parameters
    ----------
    found
        As from `hot_spots.map_hot_spots`.
    incident, before, harm
        As for `with_rank_stability`, `with_lasting_ids` and `with_harm`.
    """
    if found is None:
        return None
    named = with_lasting_ids(found, before)
    return with_harm(with_rank_stability(named, incident), harm)


def with_lasting_ids(found: HotSpotMap, before: gpd.GeoDataFrame | None) -> HotSpotMap:
    """Give each hot spot the id that it had a month before, where it is still the same.

    Two outlines are the same hot spot where they share at least three tenths of the smaller one;
    the pairs that share most come first, and each id goes to one hot spot. So one that grows, or
    moves by half its width, keeps its id; of one that splits, the part with more of it; where two
    grow into one, that of the larger part. All others bear the id of their place.

    Parameters
    ----------
    found
        As from `hot_spots.map_hot_spots`.
    before
        ``hotspot_id, rank, geometry`` (EPSG:27700) of the month before; None without one.

    Returns
    -------
    HotSpotMap
        With ``rank_before`` (missing for a new one) in ``hot_spots``.
    """
    spots = found.hot_spots
    kept = _same(spots, before) if before is not None else {}
    names = _unique(spots["hotspot_id"], kept)
    rank = pd.Series(dtype="Int64")
    if before is not None:
        rank = before.set_index("hotspot_id")["rank"].astype("Int64")
    renamed = spots.assign(
        hotspot_id=spots["hotspot_id"].map(names).astype("str"),
        rank_before=pd.array(
            [
                rank.get(kept[name], pd.NA) if name in kept else pd.NA
                for name in spots["hotspot_id"]
            ],
            dtype="Int64",
        ),
    )
    members = found.members.map(names).astype("str")
    return replace(found, hot_spots=renamed, members=members)


def with_rank_stability(found: HotSpotMap, incident: pd.Series) -> HotSpotMap:
    """Add how sure each rank is: ``rank_low, rank_high, share_top``.

    Parameters
    ----------
    found
        Hot spots with their members.
    incident
        Incident of each point, on the index of ``members``.
    """
    spots = found.hot_spots
    ranks = rank_stability(found.members, incident, ids=list(spots["hotspot_id"]))
    sure = ranks.set_index("hotspot_id").reindex(spots["hotspot_id"])
    columns = ["rank_low", "rank_high", "share_top"]
    return replace(found, hot_spots=spots.assign(**{c: sure[c].to_numpy() for c in columns}))


def with_harm(found: HotSpotMap, harm: pd.Series | None) -> HotSpotMap:
    """Add ``harm``: the sum of the weights of a hot spot's records; missing without weights.

    Parameters
    ----------
    found
        Hot spots with their members.
    harm
        Weight of each record, its index holding that of ``members``; None without weights.
    """
    spots = found.hot_spots
    if harm is None:
        return replace(found, hot_spots=spots.assign(harm=np.nan))
    rows = pd.DataFrame({"spot": found.members, "harm": harm.reindex(found.members.index)})
    # Sorted before they are summed: the same sums for any order of the records.
    sums = rows.dropna().sort_values("harm").groupby("spot")["harm"].sum()
    return replace(found, hot_spots=spots.assign(harm=spots["hotspot_id"].map(sums).fillna(0.0)))


def with_trend(found: HotSpotMap | None, change: ChangeFindings | None) -> HotSpotMap | None:
    """Add ``trend, n_now, n_before``: those of the compared polygon on mostly the same ground.

    Parameters
    ----------
    found
        Hot spots of the map.
    change
        What changed, on polygons drawn from both periods together; None where nothing was compared.
    """
    if found is None:
        return None
    spots, compared = found.hot_spots, None if change is None else change.hot_spots
    rows = np.full(len(spots), -1)
    if compared is not None and len(compared) and len(spots):
        shared = _shared(spots, compared)
        rows = np.where(shared.max(axis=1) >= TREND_SHARE, shared.argmax(axis=1), -1)
    if compared is None:
        compared = gpd.GeoDataFrame({name: [] for name in TREND_COLUMNS}, geometry=[])
    told = pd.DataFrame(compared[list(TREND_COLUMNS)]).reset_index(drop=True).reindex(rows)
    told = told.set_index(spots.index).astype({"n_now": "Int64", "n_before": "Int64"})
    with_trends = spots.assign(
        trend=told["trend"].astype("str"), n_now=told["n_now"], n_before=told["n_before"]
    )
    return replace(found, hot_spots=with_trends)


def _same(spots: gpd.GeoDataFrame, before: gpd.GeoDataFrame) -> dict[str, str]:
    """Id now -> id before, of the hot spots that are still the same."""
    shared = _shared(spots, before)
    now_ids, old_ids = list(spots["hotspot_id"]), list(before["hotspot_id"])
    common = shared * np.minimum(
        spots.geometry.area.to_numpy()[:, None], before.geometry.area.to_numpy()[None, :]
    )
    pairs = sorted(
        (-common[i, j], now_ids[i], old_ids[j]) for i, j in np.argwhere(shared >= SAME_SHARE)
    )
    kept: dict[str, str] = {}
    for _, now, old in pairs:
        if now not in kept and old not in kept.values():
            kept[now] = old
    return kept


def _shared(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Common part of each pair of outlines, as a share of the smaller one; ``(len(a), len(b))``."""
    share = np.zeros((len(a), len(b)))
    here, there = np.asarray(a.geometry), np.asarray(b.geometry)
    i, j = shapely.STRtree(there).query(here, predicate="intersects")
    smaller = np.minimum(shapely.area(here[i]), shapely.area(there[j]))
    common = shapely.area(shapely.intersection(here[i], there[j]))
    share[i, j] = np.divide(common, smaller, out=np.zeros_like(common), where=smaller > 0)
    return share


def _unique(ids: pd.Series, kept: dict[str, str]) -> dict[str, str]:
    """New id of each hot spot: kept ones first, a place's own id only where nobody bears it."""
    names, taken = dict(kept), set(kept.values())
    for own in sorted(name for name in ids if name not in kept):
        name, nth = own, 1
        while name in taken:
            nth += 1
            name = f"{own}-{nth}"
        names[own] = name
        taken.add(name)
    return names
