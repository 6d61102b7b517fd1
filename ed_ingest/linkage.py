"""Assaults and crimes become links with probabilities; what was found, and how much is chance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from ed_ingest.given import require_columns, require_records, require_share
from ed_ingest.incidents import incident_or_event
from ed_ingest.known_share import found_ratio, share_of
from ed_ingest.linkable import comparable_crimes, covered, linkable
from ed_ingest.schema import load_spec
from ed_ingest.tables import Links
from ed_ingest.weighed_pairs import FIRST_WEEKS, Weighed, best_pairs, weigh_pairs

# Sources are never summed: the hospitals come first, others are linked with the crimes left over.
SOURCES = ("ed", "urgent_care", "ambulance")
LEAST_PROBABILITY = 0.05
LINK_COLUMNS = ["event_id", "crime_id", "distance_m", "gap_min", "probability"]


class _Records(NamedTuple):
    """The records of one source that take part, in the order of their ids."""

    assaults: pd.DataFrame
    crimes: pd.DataFrame


class Linkage(NamedTuple):
    """Everything that one run of the linkage tells.

    ``links``: as `link` gives them. ``weighed``: as `weigh` gives it. ``chance_rate``: share of the
    hospitals' assaults that is linked at the threshold when they are moved by 7, 14 and 28 days to
    either side, where no link can be right; NaN where nothing could be linked.
    """

    links: Links
    weighed: pd.DataFrame
    chance_rate: float


def link(
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    *,
    threshold: float = 0.5,
    false_places: pd.DataFrame | None = None,
) -> Links:
    """Find the crime that is most likely the same incident as each assault, one-to-one.

    Parameters
    ----------
    assaults, crimes
        Contract columns; points in metres (EPSG:27700), local wall-clock times. Later halves of
        transfers take no part.
    threshold
        Probability from which a crime counts as taken: the hospitals' links come before those of
        other sources.
    false_places
        ``easting, northing, kind`` of hospitals and police stations whose point stands in for
        "not known" (see `linkable`), or None.

    Returns
    -------
    Links
        ``event_id, crime_id, distance_m, gap_min`` (minutes between the recorded intervals),
        ``probability`` (0.05 to 1), by ``event_id``; at most one row per assault and per crime.
        The pairs are those with the greatest expected number of right links.

    Raises
    ------
    AnalysisError
        If a table lacks a column, two assaults have the same label, or `threshold` is no
        share.
    """
    _require(assaults, crimes, threshold)
    return link_all(assaults, crimes, threshold=threshold, false_places=false_places).links


def weigh(
    assaults: pd.DataFrame, crimes: pd.DataFrame, *, false_places: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Say of each linkable assault how much of a police record was found, and how much by chance.

    What `known_share.known_share` needs for the share of any group.

    Parameters
    ----------
    assaults, crimes, false_places
        As for `link`; ``incident_id`` groups the patients of one incident.

    Returns
    -------
    DataFrame
        One row per linkable assault of the hospitals that counts (transfers once, in the months
        that the police delivered), on the index of `assaults`: ``event_id``; ``incident_id``;
        ``known``: probability that its own crime is among the records; ``known_by_incident``: that
        a crime of its incident is; ``by_chance``: mean of ``known`` when the
        assault is moved by whole weeks; missing where the police records allow no move;
        ``found_ratio`` as `known_share.found_ratio` gives it, the same in all rows.

    Raises
    ------
    AnalysisError
        As for `link`.
    """
    _require(assaults, crimes)
    return link_all(assaults, crimes, false_places=false_places).weighed


def link_all(
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    *,
    threshold: float = 0.5,
    false_places: pd.DataFrame | None = None,
) -> Linkage:
    """Link, and tell of each assault and of chance what the shares are estimated from.

    Parameters
    ----------
    assaults, crimes, threshold, false_places
        As for `link`.
    """
    found = [pd.DataFrame(columns=LINK_COLUMNS)]
    told, rate = _nothing_known(assaults.iloc[:0]), float("nan")
    taken = pd.Series(dtype="str")
    # The hospitals also where they have none: what is told is told of them.
    for source in (s for s in SOURCES if s == "ed" or assaults["source"].eq(s).any()):
        free = crimes[~crimes["crime_id"].isin(taken)]
        records = records_of(assaults, free, source=source, false_places=false_places)
        if source == "ed":
            told = _nothing_known(records.assaults)
        if records.assaults.empty or records.crimes.empty:
            continue
        weighed = weigh_pairs(records.assaults, records.crimes)
        if source == "ed":
            told = _known(records.assaults, weighed)
            rate = _chance_rate(weighed, threshold=threshold)
        links = _named(best_pairs(weighed.pairs, least=LEAST_PROBABILITY), records)
        found.append(links)
        taken = pd.concat([taken, links.loc[links["probability"] >= threshold, "crime_id"]])
    links = _one_to_one(pd.concat(found, ignore_index=True), threshold=threshold)
    rows = pd.Series(assaults.index, index=assaults["event_id"])
    return Linkage(links, told.set_axis(rows[told["event_id"]]).sort_index(), rate)


def link_status(
    assaults: pd.DataFrame,
    links: pd.DataFrame,
    *,
    threshold: float = 0.5,
    false_places: pd.DataFrame | None = None,
    crimes: pd.DataFrame | None = None,
) -> pd.Series:
    """Say of each assault whether a matching police record was found.

    Parameters
    ----------
    assaults
        Contract columns; ``incident_id`` groups the patients of one incident.
    links
        As `link` gives them.
    threshold
        A pair of at least this probability is a link.
    false_places
        As for `link`.
    crimes
        The police records, where months that they do not cover are to be ``not_linkable``: nobody
        could look there. Without them every month counts as covered.

    Returns
    -------
    Series
        ``linked``, ``linked_by_incident``, ``not_found`` or ``not_linkable``, on the index of
        `assaults`.

    Raises
    ------
    AnalysisError
        As for `link`.
    """
    _require(assaults, crimes, threshold)
    possible = linkable(assaults, false_places=false_places)
    if crimes is not None:
        possible &= covered(assaults, crimes)
    sure = links.loc[links["probability"] >= threshold, "event_id"]
    linked = assaults["event_id"].isin(sure)
    incident = incident_or_event(assaults)
    by_incident = incident.isin(incident[linked])
    status = np.select(
        [linked, ~possible, by_incident],
        ["linked", "not_linkable", "linked_by_incident"],
        "not_found",
    )
    return pd.Series(status, index=assaults.index, dtype="str", name="link_status")


def link_summary(
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    links: pd.DataFrame,
    *,
    threshold: float = 0.5,
    false_places: pd.DataFrame | None = None,
    linkage: Linkage | None = None,
) -> dict[str, float]:
    """Estimate the share of hospital assaults that the police know of.

    Parameters
    ----------
    assaults, crimes, links, threshold, false_places
        As for `link_status`. Only assaults of source ``ed`` count, transfers once, in the months
        that the police records cover.
    linkage
        As from `link_all`, where the caller has it already.

    Returns
    -------
    dict
        ``n_linkable``; ``n_not_found`` (neither linked nor linked by incident at the threshold);
        ``known_share``: mean probability, so that links in doubt count in part; ``known_share_low``
        and ``known_share_high`` (95 %); ``known_share_incident``: the same where all patients of
        an incident are as likely known as the likeliest of them; ``chance_rate``: share that is
        linked at the threshold when the assaults are moved by one or two weeks, where no link can
        be right. Shares are NaN when nothing is linkable.

    Raises
    ------
    AnalysisError
        As for `link`.
    """
    linkage = linkage or link_all(assaults, crimes, threshold=threshold, false_places=false_places)
    status = link_status(
        assaults, links, threshold=threshold, false_places=false_places, crimes=crimes
    )
    weighed = linkage.weighed
    everybody = pd.Series(True, index=weighed.index)
    by_incident = share_of(weighed.assign(known=weighed["known_by_incident"]), everybody)
    return {
        "n_linkable": len(weighed),
        "n_not_found": int((status[weighed.index] == "not_found").sum()),
        **share_of(weighed, everybody),
        "known_share_incident": by_incident["known_share"],
        "chance_rate": linkage.chance_rate,
    }


def _require(assaults: pd.DataFrame, crimes: pd.DataFrame | None, threshold: float = 0.5) -> None:
    require_share(threshold, name="threshold")
    require_records(assaults, load_spec("ed_assault").contract, name="assaults")
    if crimes is not None:
        require_columns(crimes, load_spec("police_crime").contract, name="crimes")


def records_of(
    assaults: pd.DataFrame, crimes: pd.DataFrame, *, source: str, false_places: pd.DataFrame | None
) -> _Records:
    """The assaults of one source and the crimes that take part; arguments as for `link`."""
    mine = assaults["source"].eq(source) & assaults["transfer"].ne("yes")
    mine &= linkable(assaults, false_places=false_places) & covered(assaults, crimes)
    return _Records(
        assaults[mine].sort_values("event_id", ignore_index=True),
        crimes[comparable_crimes(crimes)].sort_values("crime_id", ignore_index=True),
    )


def _named(pairs: pd.DataFrame, records: _Records) -> pd.DataFrame:
    return pairs.assign(
        event_id=records.assaults["event_id"].to_numpy()[pairs["assault"]],
        crime_id=records.crimes["crime_id"].to_numpy()[pairs["crime"]],
    )[LINK_COLUMNS]


def _nothing_known(assaults: pd.DataFrame) -> pd.DataFrame:
    """Where no crime can be compared, nobody is known, by chance neither."""
    incident = incident_or_event(assaults)
    none = dict.fromkeys(("known", "known_by_incident", "by_chance"), 0.0)
    table = pd.DataFrame({"event_id": assaults["event_id"], "incident_id": incident})
    return table.assign(**none, found_ratio=1.0)


def _known(assaults: pd.DataFrame, weighed: Weighed) -> pd.DataFrame:
    """Sum up what was found of each assault; the chance of one that was never moved is missing."""
    n = len(assaults)
    known = np.bincount(weighed.pairs["assault"], weighed.pairs["own"], minlength=n)
    moved = np.bincount(weighed.chance_pairs["assault"], weighed.chance_pairs["own"], minlength=n)
    looks = np.where(weighed.looks.any(axis=0), weighed.looks.sum(axis=0), np.nan)
    table = _nothing_known(assaults).assign(known=known, by_chance=moved / looks)
    # A crime that two patients of an incident share belongs to the incident for certain.
    best = (
        pd.Series(weighed.pairs["probability"].to_numpy())
        .groupby(weighed.pairs["assault"].to_numpy())
        .max()
        .reindex(range(n), fill_value=0.0)
    )
    likeliest = table["known"].clip(lower=best.to_numpy()).groupby(table["incident_id"])
    table = table.assign(known_by_incident=likeliest.transform("max"))
    return table.assign(found_ratio=found_ratio(table, share=weighed.model.share))


def _one_to_one(links: pd.DataFrame, *, threshold: float) -> Links:
    """Of two sources' pairs with one crime a link stays, else the first source's.

    The pairs come in the order of the sources, which have at most one each with a crime. Typed also
    when there are none.
    """
    doubtful = links["probability"].lt(threshold)
    links = links.loc[doubtful.sort_values(kind="stable").index].drop_duplicates("crime_id")
    links = links.sort_values("event_id", ignore_index=True)
    kinds = dict.fromkeys(LINK_COLUMNS[:2], "str") | dict.fromkeys(LINK_COLUMNS[2:], "float64")
    return Links(links.astype(kinds))


def _chance_rate(weighed: Weighed, *, threshold: float) -> float:
    """Mean share linked when the assaults' dates are moved; the model is that of the true dates."""
    told = np.flatnonzero(np.isin(np.abs(weighed.shifts_days), np.multiply(FIRST_WEEKS, 7)))
    moved = weighed.chance_pairs[weighed.chance_pairs["shift"].isin(told)]
    linked = best_pairs(moved, least=max(threshold, LEAST_PROBABILITY))
    looks = weighed.looks[told].sum()
    return float(len(linked) / looks) if looks else float("nan")
