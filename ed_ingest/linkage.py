"""Assaults and crimes become links with probabilities; what was found, and how much is chance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from ed_ingest.candidates import candidate_pairs
from ed_ingest.evidence import features
from ed_ingest.incidents import incident_or_event, of_one_incident
from ed_ingest.link_model import Model, fit, probabilities
from ed_ingest.linkable import comparable_crimes, covered, linkable
from ed_ingest.matching import assign
from ed_ingest.tables import Links

# Sources are never summed: the hospitals come first, others are linked with the crimes left over.
SOURCES = ("ed", "urgent_care", "ambulance")
LEAST_PROBABILITY = 0.05
# Whole weeks keep the weekday, so that a shifted assault meets the crowds of its own hour.
CHANCE_SHIFTS_DAYS = (-14, -7, 7, 14)
# Weaker pairs do not even add to those beside them.
_LEAST_OWN_PROBABILITY = 0.01
LINK_COLUMNS = ["event_id", "crime_id", "distance_m", "gap_min", "probability"]


class _Records(NamedTuple):
    """The records of one source that take part, in the order of their ids."""

    assaults: pd.DataFrame
    crimes: pd.DataFrame


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
    """
    found = [pd.DataFrame(columns=LINK_COLUMNS)]
    taken = pd.Series(dtype="str")
    for source in SOURCES:
        free = crimes[~crimes["crime_id"].isin(taken)]
        records = _taking_part(assaults, free, source=source, false_places=false_places)
        if records.assaults.empty or records.crimes.empty:
            continue
        links = _best_pairs(records, _fitted(records))
        found.append(links)
        taken = pd.concat([taken, links.loc[links["probability"] >= threshold, "crime_id"]])
    return _one_to_one(pd.concat(found, ignore_index=True), threshold=threshold)


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
    """
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
) -> dict[str, float]:
    """Estimate the share of hospital assaults that the police know of.

    Parameters
    ----------
    assaults, crimes, links, threshold, false_places
        As for `link_status`. Only assaults of source ``ed`` count, transfers once, in the months
        that the police records cover.

    Returns
    -------
    dict
        ``n_linkable``; ``n_not_found`` (neither linked nor linked by incident at the threshold);
        ``known_share``: mean probability, so that links in doubt count in part; ``known_share_low``
        and ``known_share_high`` (95 %); ``known_share_incident``: the same where all patients of
        an incident are as likely known as the likeliest of them; ``chance_rate``: share that is
        linked at the threshold when the assaults are moved by one or two weeks, where no link can
        be right. Shares are NaN when nothing is linkable.
    """
    status = link_status(
        assaults, links, threshold=threshold, false_places=false_places, crimes=crimes
    )
    counted = (
        assaults["source"].eq("ed") & assaults["transfer"].ne("yes") & status.ne("not_linkable")
    )
    records = _taking_part(assaults, crimes, source="ed", false_places=false_places)
    return {
        "n_linkable": int(counted.sum()),
        "n_not_found": int((status[counted] == "not_found").sum()),
        **known_share(assaults, links, counted=counted),
        "chance_rate": _chance_rate(records, threshold=threshold),
    }


def known_share(
    assaults: pd.DataFrame, links: pd.DataFrame, *, counted: pd.Series
) -> dict[str, float]:
    """Estimate the share of some assaults that the police know of.

    Parameters
    ----------
    assaults, links
        As for `link_status`; all assaults, so that other patients of an incident speak for it.
    counted
        Whether each assault counts.

    Returns
    -------
    dict
        ``known_share, known_share_low, known_share_high, known_share_incident`` as in
        `link_summary`.
    """
    known = links.set_index("event_id")["probability"].astype("float64")
    probability = assaults["event_id"].map(known).astype("float64").fillna(0.0)
    likeliest = probability.groupby(incident_or_event(assaults)).transform("max")
    low, high = _interval(probability[counted])
    return {
        "known_share": _mean(probability[counted]),
        "known_share_low": low,
        "known_share_high": high,
        "known_share_incident": _mean(likeliest[counted]),
    }


def _taking_part(
    assaults: pd.DataFrame, crimes: pd.DataFrame, *, source: str, false_places: pd.DataFrame | None
) -> _Records:
    mine = assaults["source"].eq(source) & assaults["transfer"].ne("yes")
    mine &= linkable(assaults, false_places=false_places) & covered(assaults, crimes)
    return _Records(
        assaults[mine].sort_values("event_id", ignore_index=True),
        crimes[comparable_crimes(crimes)].sort_values("crime_id", ignore_index=True),
    )


def _fitted(records: _Records) -> Model:
    pairs = candidate_pairs(records.assaults, records.crimes)
    compared = features(records.assaults, records.crimes, pairs)
    return fit(compared, n_assaults=len(records.assaults))


def _best_pairs(records: _Records, model: Model) -> pd.DataFrame:
    pairs = candidate_pairs(records.assaults, records.crimes)
    own = probabilities(model, features(records.assaults, records.crimes, pairs))
    pairs = pairs.assign(own=own)[own >= _LEAST_OWN_PROBABILITY]
    pairs["probability"] = of_one_incident(records.assaults, records.crimes, pairs)
    pairs = pairs[pairs["probability"] >= LEAST_PROBABILITY]
    left, right = pairs["assault"].to_numpy(), pairs["crime"].to_numpy()
    pairs = pairs[assign(left, right, pairs["probability"].to_numpy())]
    pairs["event_id"] = records.assaults["event_id"].to_numpy()[pairs["assault"]]
    pairs["crime_id"] = records.crimes["crime_id"].to_numpy()[pairs["crime"]]
    return pairs[LINK_COLUMNS]


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


def _chance_rate(records: _Records, *, threshold: float) -> float:
    """Mean share linked when the assaults' dates are moved; the model is that of the true dates."""
    if records.assaults.empty or records.crimes.empty:
        return float("nan")
    model = _fitted(records)
    rates = []
    for days in CHANCE_SHIFTS_DAYS:
        times = ["arrived_at", "assault_from", "assault_to"]
        moved = records.assaults.copy()
        moved[times] = moved[times] + pd.Timedelta(days=days)
        moved = moved[covered(moved, records.crimes)].reset_index(drop=True)
        if len(moved):
            links = _best_pairs(_Records(moved, records.crimes), model)
            rates.append((links["probability"] >= threshold).sum() / len(moved))
    return float(np.mean(rates)) if rates else float("nan")


def _mean(values: pd.Series) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _interval(probability: pd.Series) -> tuple[float, float]:
    """95 % interval of the mean probability, with sampling and doubt about the links.

    Rubin's rule for a status imputed many times (Rubin 1987, doi:10.1002/9780470316696): the
    variance is that of sampling, s(1 - s)/n, plus that between imputations, the mean of p(1 - p)
    over n. A Wilson interval of the size that has this variance.
    """
    n, share = len(probability), _mean(probability)
    if n == 0:
        return float("nan"), float("nan")
    sampling = share * (1 - share)
    doubt = _mean(probability * (1 - probability))
    size = n * sampling / (sampling + doubt) if sampling > 0 else float(n)
    z = norm.ppf(0.975)
    centre = (share + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z * np.sqrt(sampling / size + z**2 / (4 * size**2)) / (1 + z**2 / size)
    return float(max(centre - half, 0.0)), float(min(centre + half, 1.0))
