"""Patients of one incident are grouped; an attendance moved between departments is counted once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from ed_ingest.candidates import (
    Floats,
    Positions,
    assault_spans,
    crime_spans,
    gap_min,
    minutes,
    uncertainty_m,
)
from ed_ingest.given import require_records
from ed_ingest.levels import HOMES, MAPPED_LEVELS
from ed_ingest.linkable import LINKABLE_PRECISIONS
from ed_ingest.schema import load_spec

# Two patients' points may lie as far apart as both are uncertain, but no further than this.
FARTHEST_M = 100.0
# Companions who came together and name the same place: geocoders differ by more.
SAME_NAME_M = 250.0
# Companions who arrive together may remember the time differently; others must agree on it.
TOGETHER_MIN, TOGETHER_GAP_MIN = 15.0, 60.0
ARRIVALS_MIN, GAP_MIN = 120.0, 15.0
# Two departments, or no arrival: only the same minute, nearly, at the same point, nearly.
TRANSFER_MIN, SAME_POINT_M = 12 * 60.0, 30.0
# Nobody is seen, moved and seen again within half an hour.
_JOURNEY_MIN = 30.0
# Two police records this near in place and time are of one incident; longer ones are not judged.
_ONE_INCIDENT_M, _ONE_INCIDENT_MIN, _SHORT_CRIME_MIN = 60.0, 20.0, 60.0


class _Patient(NamedTuple):
    event_id: str
    provider: str
    source: str
    arrived_at: pd.Timestamp
    assault_method: str
    sex: str
    age_band: str


def group_incidents(assaults: pd.DataFrame) -> pd.Series:
    """Group the patients of one incident: the same place and time within their uncertainties.

    Two patients of one department belong together when their points lie within their joint
    uncertainty (at most 100 m) and either they arrived within two hours and their intervals lie
    within 15 minutes, or they arrived within 15 minutes and their intervals lie within an hour
    (then up to 250 m apart if both name the same place). At two departments, or without an
    arrival, coincidence is likelier: both times must be exact and within 15 minutes, the points
    within 30 m, the arrivals within twelve hours. In a group every two patients belong together: a
    busy street on a Saturday is not chained into one incident.
    Records at home or without a point stay by themselves, and so do sources: an ambulance record is
    not another patient.

    Parameters
    ----------
    assaults
        Contract columns; points in metres (EPSG:27700), local times.

    Returns
    -------
    Series
        ``incident_id`` on the index of `assaults`: ``i-`` and the smallest ``event_id`` of the
        group; never missing.

    Raises
    ------
    AnalysisError
        If a column is missing, or two rows have the same label.
    """
    require_records(assaults, load_spec("ed_assault").contract, name="assaults")
    ordered = assaults.sort_values("event_id")
    taking = (
        ordered["location_level"].isin(MAPPED_LEVELS)
        & ordered["time_precision"].isin(LINKABLE_PRECISIONS)
        & ~ordered["location_type"].isin(HOMES)
        & ordered[["easting", "northing", "assault_from", "assault_to"]].notna().all(axis=1)
    )
    first = pd.Series(np.arange(len(ordered)))
    for source in sorted(ordered["source"].unique()):
        where = np.flatnonzero(taking & ordered["source"].eq(source))
        first.iloc[where] = where[_first_of_group(ordered.iloc[where])]
    ids = "i-" + ordered["event_id"].iloc[first].astype("str")
    named = pd.Series(ids.to_numpy(), index=ordered.index, dtype="str", name="incident_id")
    return named.reindex(assaults.index)


def flag_transfers(assaults: pd.DataFrame) -> pd.Series:
    """Flag the later of two attendances that are likely one patient moved between departments.

    Likely the same: one incident, another provider of the same source, the same method (two that
    are not known are not the same), arrivals 30 minutes to 12 hours apart, and neither sex nor age
    band at odds. Two victims of one incident at two hospitals look alike where the agreement names
    neither: the count is then low by them.

    Parameters
    ----------
    assaults
        Contract columns, with ``incident_id`` as `group_incidents` gives it.

    Returns
    -------
    Series
        ``yes`` for the later attendance, else ``no``; on the index of `assaults`.

    Raises
    ------
    AnalysisError
        If a column is missing, or two rows have the same label.
    """
    require_records(assaults, load_spec("ed_assault").contract, name="assaults")
    ordered = assaults.sort_values(["arrived_at", "event_id"])
    shared = ordered["incident_id"].duplicated(keep=False) & ordered["arrived_at"].notna()
    moved: set[str] = set()
    for _, group in ordered.loc[shared, ["incident_id", *_Patient._fields]].groupby("incident_id"):
        patients = group[list(_Patient._fields)].itertuples(index=False, name=None)
        moved |= _later_halves([_Patient(*patient) for patient in patients])
    flags = assaults["event_id"].isin(moved).map({True: "yes", False: "no"})
    return flags.astype("str").rename("transfer")


def incident_or_event(assaults: pd.DataFrame) -> pd.Series:
    """The incident of each assault; a record without one is an incident by itself."""
    known: pd.Series = assaults["incident_id"]
    return known.where(known.notna(), assaults["event_id"])


def of_one_incident(assaults: pd.DataFrame, crimes: pd.DataFrame, pairs: pd.DataFrame) -> pd.Series:
    """Probability that both records are of one incident, whoever's crime it is.

    Patients of one incident are no rivals for its crime, nor are crimes of one incident for its
    patient: the probabilities of their pairs add up, to 1 at most.

    Parameters
    ----------
    assaults, crimes
        The records compared, contract columns.
    pairs
        ``shift`` (pairs of two shifts have nothing to do with each other), ``assault, crime``
        (positions) and ``own``: probability that it is this patient's crime.
    """
    spans = crime_spans(crimes)
    incident = incident_or_event(assaults).to_numpy()[pairs["assault"]]
    each = pairs[["shift", "crime", "own"]].assign(incident=incident, pair=np.arange(len(pairs)))
    both = each.merge(each, on=["shift", "incident"], suffixes=("", "_other"))
    i, j = both["crime"].to_numpy(), both["crime_other"].to_numpy()
    alike = np.hypot(*(spans.points[i] - spans.points[j]).T) <= _ONE_INCIDENT_M
    alike &= gap_min(spans, spans, i, j) <= _ONE_INCIDENT_MIN
    alike &= np.maximum(spans.end - spans.start, 0)[i] <= _SHORT_CRIME_MIN
    alike &= np.maximum(spans.end - spans.start, 0)[j] <= _SHORT_CRIME_MIN
    total = both["own_other"][alike | (i == j)].groupby(both["pair"]).sum().clip(upper=1.0)
    return pd.Series(total.to_numpy(), index=pairs.index)


def _first_of_group(assaults: pd.DataFrame) -> Positions:
    """Position of the first record of each record's group."""
    first = np.arange(len(assaults))
    close = _close_pairs(assaults)
    together: dict[int, set[int]] = {}
    for one, other in close.tolist():
        together.setdefault(one, set()).add(other)
        together.setdefault(other, set()).add(one)
    groups: dict[int, set[int]] = {}
    for record in sorted(together):
        # Earlier neighbours lead groups; the record joins if it belongs with all of one.
        leaders = sorted({int(first[other]) for other in together[record] if other < record})
        fitting = [leader for leader in leaders if groups[leader] <= together[record]]
        first[record] = fitting[0] if fitting else record
        groups.setdefault(int(first[record]), set()).add(record)
    return first


def _close_pairs(assaults: pd.DataFrame) -> Positions:
    """Pairs of positions of records that belong together."""
    if len(assaults) < 2:
        return np.empty((0, 2), dtype=np.int64)
    spans = assault_spans(assaults)
    # The middles of two days that overlap lie within a day: the box keeps the search small.
    middle = (spans.start + spans.end) / 2
    box = np.column_stack([spans.points / SAME_NAME_M, middle / (1440 + TOGETHER_GAP_MIN)])
    pairs = cKDTree(box).query_pairs(1.0, p=np.inf, output_type="ndarray")
    i, j = pairs[:, 0], pairs[:, 1]
    distance = np.hypot(*(spans.points[i] - spans.points[j]).T)
    near = distance <= np.minimum(np.hypot(*uncertainty_m(assaults)[pairs].T), FARTHEST_M)
    gap, apart = gap_min(spans, spans, i, j), _arrivals_apart(assaults, i, j)
    exact = assaults["time_precision"].eq("minute").to_numpy(dtype=bool)
    department = pd.factorize(assaults["provider"])[0]
    told_alike = (gap <= GAP_MIN) & (apart <= ARRIVALS_MIN)
    came_together = (gap <= TOGETHER_GAP_MIN) & (apart <= TOGETHER_MIN)
    name = pd.factorize(assaults["place_name"])[0]
    named_alike = (name[i] == name[j]) & (name[i] >= 0) & (distance <= SAME_NAME_M)
    same_minute = exact[i] & exact[j] & (gap <= GAP_MIN) & (distance <= SAME_POINT_M)
    one_department = (department[i] == department[j]) & ~np.isnan(apart)
    elsewhere = same_minute & ~(apart > TRANSFER_MIN)
    close = near & np.where(one_department, told_alike | came_together, elsewhere)
    close |= named_alike & one_department & came_together
    return np.asarray(pairs[close])


def _arrivals_apart(assaults: pd.DataFrame, i: Positions, j: Positions) -> Floats:
    """Minutes; NaN where one is not known."""
    known = assaults["arrived_at"].notna().to_numpy()
    arrival = np.where(known, minutes(assaults["arrived_at"]), np.nan)
    return np.asarray(np.abs(arrival[i] - arrival[j]))


def _later_halves(patients: list[_Patient]) -> set[str]:
    """Ids of the later attendances; each earlier one explains at most one later one.

    A patient moved twice is at three departments; back at the first, it is likelier another victim.
    """
    later: set[str] = set()
    explained: set[str] = set()
    been_at = {patient.event_id: {patient.provider} for patient in patients}
    for number, patient in enumerate(patients):
        for earlier in patients[:number]:
            new = patient.provider not in been_at[earlier.event_id]
            if new and earlier.event_id not in explained and _same_patient(earlier, patient):
                later.add(patient.event_id)
                explained.add(earlier.event_id)
                been_at[patient.event_id] |= been_at[earlier.event_id]
                break
    return later


def _same_patient(earlier: _Patient, later: _Patient) -> bool:
    minutes_apart = (later.arrived_at - earlier.arrived_at).total_seconds() / 60
    return (
        earlier.provider != later.provider
        and earlier.source == later.source
        and earlier.assault_method == later.assault_method != "unknown"
        and _JOURNEY_MIN <= minutes_apart <= TRANSFER_MIN
        and not _at_odds(earlier.sex, later.sex)
        and not _at_odds(earlier.age_band, later.age_band)
    )


def _at_odds(one: str, other: str) -> bool:
    return "unknown" not in (one, other) and one != other
