"""Not known to the police: the share with no matching police record, by any grouping."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ed_ingest.known_share import known_share
from hotspots.tables import HotSpotMap, PoliceKnowledge
from hotspots.timing import hour_known, nights_of, spread_over_bands
from hotspots.words import BANDS, NIGHTS

# Of fewer assaults no share is shown, so none is estimated.
LEAST_ASSAULTS = 20
SHARES = (
    "share_not_found", "share_not_found_low", "share_not_found_high",
    "share_not_found_incident", "share_not_found_incident_low", "share_not_found_incident_high",
)  # fmt: skip
COLUMNS = ("by", "group", "n", "n_incidents", *SHARES, "share_by_chance")
EVERYTHING = "all"


def not_known(
    weighed: pd.DataFrame, assaults: pd.DataFrame, *, hot_spots: pd.Series | None = None
) -> pd.DataFrame:
    """Estimate the share of linkable assaults with no matching police record, by group.

    Parameters
    ----------
    weighed
        As `ed_ingest.linkage.weigh` gives it, for all records: those outside `assaults` tell how
        links err.
    assaults
        The assaults of the period, contract columns, on the index of `weighed`.
    hot_spots
        ``hotspot_id`` of the assaults that lie in one; None without a map. It may hold others'
        beside those of `assaults`, neighbours' that a hot spot at a border is made of too.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row per group; ``by``: ``all, hot_spot, area, method, place_type, age_band,
        month, night, hour_band, said_reported``. ``n, n_incidents``: linkable assaults and their
        incidents. The shares are 1 less those of `known_share`, with their 95 % intervals: by
        assault, and (``…_incident``) with every patient as likely known as the likeliest of the
        incident. ``share_by_chance``: mean share of a police record that is found when the
        assaults are moved by whole weeks. Shares are NaN for fewer than `LEAST_ASSAULTS`.
    """
    mine = weighed.index.isin(assaults.index)
    by_incident = weighed.assign(known=weighed["known_by_incident"])
    tables = []
    for by, labels in _groupings(assaults.loc[weighed.index[mine]], hot_spots).items():
        groups = labels.reindex(weighed.index)
        size = groups.value_counts()
        large = groups.where(groups.map(size) >= LEAST_ASSAULTS)
        rows = weighed.assign(group=groups).groupby("group", sort=True)
        table = pd.DataFrame({"n": rows.size(), "n_incidents": rows["incident_id"].nunique()})
        shares = [_turned(known_share(which, groups=large)) for which in (weighed, by_incident)]
        table[list(SHARES)] = pd.concat(shares, axis=1).reindex(table.index).to_numpy()
        table["share_by_chance"] = rows["by_chance"].mean().where(table["n"] >= LEAST_ASSAULTS)
        tables.append(table.rename_axis("group").reset_index().assign(by=by))
    found = pd.concat(tables, ignore_index=True)[list(COLUMNS)]
    return found.astype({"by": "str", "group": "str"})


def reported_and_found(assaults: pd.DataFrame) -> pd.DataFrame:
    """Count what patients said of reporting beside what was found.

    Parameters
    ----------
    assaults
        The assaults of the period, contract columns.

    Returns
    -------
    DataFrame
        ``said_reported`` (``yes, no, unknown``), ``police_record`` (``found, not_found,
        not_comparable``), ``n``: all nine combinations.
    """
    status = assaults["link_status"]
    record = np.select(
        [status.isin(["linked", "linked_by_incident"]), status.eq("not_found")],
        ["found", "not_found"],
        "not_comparable",
    )
    every = pd.MultiIndex.from_product(
        [["yes", "no", "unknown"], ["found", "not_found", "not_comparable"]],
        names=["said_reported", "police_record"],
    )
    counts = assaults.groupby([assaults["reported_to_police"].to_numpy(), record]).size()
    return counts.reindex(every, fill_value=0).rename("n").reset_index()


def with_estimated_shares(
    found: HotSpotMap | None, knowledge: PoliceKnowledge | None
) -> HotSpotMap | None:
    """Give each hot spot the estimated number that was not found, where there are enough.

    Parameters
    ----------
    found
        Hot spots with counts of the links made.
    knowledge
        With the shares by group, from which what chance and links in doubt do to a count is taken
        off; None before linkage.
    """
    if found is None or knowledge is None:
        return found
    table = knowledge.by_group
    mine = table[table["by"] == "hot_spot"].set_index("group")
    spots = found.hot_spots
    estimated = spots["hotspot_id"].map(mine["share_not_found"])
    number = (estimated * spots["n_linkable"]).fillna(spots["n_not_found"])
    return replace(found, hot_spots=spots.assign(n_not_found=number))


def _turned(table: pd.DataFrame) -> pd.DataFrame:
    """Shares not known, with the ends of their intervals in order."""
    return 1 - table[["known_share", "known_share_high", "known_share_low"]]


def _groupings(assaults: pd.DataFrame, hot_spots: pd.Series | None) -> dict[str, pd.Series]:
    """Label of each assault by each grouping; missing is in no group."""
    night = nights_of(assaults)
    age = assaults["age_band"]
    labels = {
        EVERYTHING: pd.Series(EVERYTHING, index=assaults.index),
        "hot_spot": hot_spots,
        "area": assaults["lsoa"],
        "method": assaults["assault_method"],
        "place_type": assaults["location_type"],
        "age_band": age if age.ne("unknown").any() else None,
        "month": night.dt.strftime("%Y-%m"),
        "night": night.dt.day_of_week.map(dict(enumerate(NIGHTS))),
        "hour_band": _hour_band(assaults),
        "said_reported": assaults["reported_to_police"],
    }
    return {by: found for by, found in labels.items() if found is not None}


def _hour_band(assaults: pd.DataFrame) -> pd.Series:
    """The band of three hours that holds the whole told time; missing where none does."""
    timed = assaults[hour_known(assaults)]
    spread = spread_over_bands(timed["assault_from"], timed["assault_to"])
    whole = spread[spread["weight"] >= 1].set_index("record")["band"]
    return whole.map(dict(enumerate(BANDS))).reindex(assaults.index)
