"""What is not known to the police, as it may be shown to the analyst: rounded, large groups alone.

All counts are rounded by either method: they overlap with those of the other tables in many ways.
What chance finds is found of moved assaults, which are nobody's own: a whole per cent may be told.
"""

from __future__ import annotations

from functools import partial

import geopandas as gpd
import pandas as pd

from ed_ingest.sensitivity import chance_corrected
from hotspots.capture_recapture import estimates
from hotspots.publishable import PublishableKnowledge
from hotspots.small_numbers import (
    LEAST_SHARE_OF,
    Rules,
    publish_counts,
    round_count,
    shares,
)
from hotspots.tables import PoliceKnowledge
from hotspots.unseen import EVERYTHING, LEAST_ASSAULTS, SHARES

NOT_KNOWN_COLUMNS = ("by", "group", "name", "n", *SHARES, "share_by_chance")


def publish_knowledge(
    found: PoliceKnowledge | None,
    hot_spots: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    rules: Rules,
) -> PublishableKnowledge | None:
    """Make safe all that was found on what the police know of; for the analyst's tables.

    Parameters
    ----------
    found
        As from `police_knowledge.police_knowledge`, or None.
    hot_spots, areas
        As published.
    rules
        The agreement's rules.
    """
    if found is None:
        return None
    return PublishableKnowledge(
        by_group=publish_not_known(found.by_group, hot_spots, areas, rules),
        reported=publish_reported(found.reported, rules),
        sensitivity=publish_sensitivity(found.sensitivity, rules),
        capture_recapture=publish_capture_recapture(found.strata, rules),
    )


def publish_not_known(
    table: pd.DataFrame,
    hot_spots: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    rules: Rules,
) -> pd.DataFrame:
    """Keep the groups of enough assaults and incidents, round their counts and shares.

    Parameters
    ----------
    table
        As `unseen.not_known` gives it.
    hot_spots, areas
        As published: other hot spots are left out; both give the groups their names.
    rules
        The agreement's rules.

    Returns
    -------
    DataFrame
        `NOT_KNOWN_COLUMNS`. Shares are whole per cents of rounded counts.
    """
    total = int(table.loc[table["by"] == EVERYTHING, "n"].sum())
    safe = [_counts(rows["n"], total, rules) for _, rows in table.groupby("by")]
    named = {
        "hot_spot": hot_spots.set_index("hotspot_id")["name"],
        "area": areas.set_index("code")["name"],
    }
    names = pd.Series("", index=table.index, dtype="str")
    for by, known in named.items():
        of_kind = table["by"] == by
        names[of_kind] = table.loc[of_kind, "group"].map(known).astype("str").fillna("")
    enough = (table["n"] >= LEAST_ASSAULTS) & (table["n_incidents"] >= rules.threshold)
    enough &= table["by"].ne("hot_spot") | table["group"].isin(hot_spots["hotspot_id"])
    kept = table[enough]
    told = {name: _shares(kept, name, "n", rules) for name in SHARES}
    told["share_by_chance"] = kept["share_by_chance"].round(2)
    n = pd.concat(safe) if safe else table["n"].astype("Int64")
    shown = table[["by", "group"]].assign(name=names, n=n)[enough].assign(**told)
    order = [list(dict.fromkeys(table["by"])).index(by) for by in shown["by"]]
    shown = shown.assign(order=order).sort_values(["order", "group"], ignore_index=True)
    return shown.reindex(columns=list(NOT_KNOWN_COLUMNS))


def _counts(n: pd.Series, total: int, rules: Rules) -> pd.Series:
    """Rounded counts of one grouping; hot spots at a border may hold more than the area's own."""
    whole = total if n.sum() <= total else None
    told = publish_counts(n, threshold=rules.threshold, method="round5", total=whole)
    return told.set_axis(n.index)


def publish_reported(table: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """``said_reported, police_record, n``: what patients said beside what was found."""
    n = publish_counts(table["n"], threshold=rules.threshold, method="round5", total=rules.total)
    return table[["said_reported", "police_record"]].assign(n=n.set_axis(table.index))


def publish_sensitivity(table: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """``distance_m, gap_min, share_within, share_by_chance, share_corrected``.

    The last is worked out from the two that are shown, so that it tells nothing more.
    """
    shown = table[["distance_m", "gap_min"]].assign(
        share_within=_shares(table, "share_within", "n", rules, least=LEAST_SHARE_OF),
        share_by_chance=table["share_by_chance"].round(2),
    )
    corrected = chance_corrected(shown["share_within"], shown["share_by_chance"])
    return shown.assign(share_corrected=corrected.round(2))


def publish_capture_recapture(strata: pd.DataFrame | None, rules: Rules) -> pd.DataFrame | None:
    """The estimates of `capture_recapture.estimates`, worked out from rounded counts alone.

    None where a stratum has too few: the sum would give it away.
    """
    if strata is None or (strata[["n_hospital", "n_police"]] < LEAST_ASSAULTS).any(axis=None):
        return None
    rounded = partial(round_count, threshold=rules.threshold)
    ends = ("share_both", "share_low", "share_high")
    safe = strata[["stratum"]].assign(
        n_hospital=strata["n_hospital"].map(rounded),
        n_police=strata["n_police"].map(rounded),
        **{name: _shares(strata, name, "n_hospital", rules) for name in ends},
    )
    table = estimates(safe)
    counts = [name for name in table.columns if name.startswith("n_")]
    return table.assign(**{name: table[name].map(rounded).astype("Int64") for name in counts})


def knowledge_words(
    found: PoliceKnowledge | None, published: PublishableKnowledge | None
) -> tuple[str, ...]:
    """A sentence on the groups that are left out; none where there are none."""
    if found is None or published is None:
        return ()
    n = len(found.by_group) - len(published.by_group)
    groups = "1 group" if n == 1 else f"{n} groups"
    return (
        f"not_known_to_police.csv leaves out {groups} of fewer than {LEAST_ASSAULTS} assaults that "
        "could be compared, or of no hot spot that is shown.",
    ) * bool(n)


def _shares(
    table: pd.DataFrame, name: str, whole: str, rules: Rules, *, least: int = LEAST_ASSAULTS
) -> pd.Series:
    """A column of shares as whole per cents of rounded counts; missing stays missing."""
    part = table[name].fillna(0.0) * table[whole]
    return shares(part, table[whole], rules.threshold, least=least).where(table[name].notna())
