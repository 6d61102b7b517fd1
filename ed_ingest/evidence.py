"""What each candidate pair of an assault and a crime has to say: place, time, codes, and chance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ed_ingest.candidates import (
    DAY_MIN,
    EARLY_HOURS_MIN,
    Floats,
    Positions,
    after_midnight,
    assault_spans,
    crime_spans,
    minutes,
    points,
    uncertainty_m,
)
from ed_ingest.linkable import OFFENCE_GROUPS

# Edges of the rings of distance, in units of the pair's uncertainty (95 % radius).
RINGS = np.array([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1, 1.3, 1.7, 2.3, 3.2, 50.0])
_POLICE_UNCERTAINTY_M = 30.0
_WEEK_MIN = 7 * DAY_MIN
_NEAR_M, _WIDE_M = 150.0, 500.0  # circles in which the chance crimes are counted
_WIDE_WEIGHT = 2.0  # crimes that the wide circle's density counts for in the near one
_SHORTEST_COVER_MIN = 4 * _WEEK_MIN  # one week of records says nothing about the others
_SHORT_MIN = 61.0  # a crime no longer than this has an hour of the week
_ANSWERS = ("yes", "no", "unknown")
_METHODS = ("sharp_object", "unknown")  # the last class is every other method


class Features(NamedTuple):
    """What is compared: one element per candidate pair, ordered by assault and crime.

    ``assault, crime``: positions. ``ring``: ring of distance. ``area_m2``: square of the pair's
    uncertainty, which turns rings into square metres. ``chance``: chance crimes per m² and minute
    at this place and hour of the week. ``start, end``: the assault's interval;
    ``crime_start, crime_end``: the crime's; ``night_start, night_end``: where the assault lies if
    its date is that of the evening before, and ``night_possible``; all in minutes.
    ``kind``: kind of the assault's time (0 full hour, 1 half hour, 2 other minute, 3 interval).
    ``day``: the assault has a date without a time. ``codes, code_chance``: for each comparison of
    codes, the combination found and the share of chance pairs that have each combination.
    """

    assault: Positions
    crime: Positions
    ring: Positions
    area_m2: Floats
    chance: Floats
    start: Floats
    end: Floats
    crime_start: Floats
    crime_end: Floats
    night_start: Floats
    night_end: Floats
    night_possible: NDArray[np.bool_]
    kind: Positions
    day: NDArray[np.bool_]
    codes: tuple[Positions, ...]
    code_chance: tuple[Floats, ...]


def features(assaults: pd.DataFrame, crimes: pd.DataFrame, pairs: pd.DataFrame) -> Features:
    """Compare the records of each pair.

    Parameters
    ----------
    assaults, crimes
        Linkable assaults and comparable crimes, contract columns.
    pairs
        As `candidate_pairs` gives them.
    """
    i, j = pairs["assault"].to_numpy(), pairs["crime"].to_numpy()
    ours, theirs = assault_spans(assaults), crime_spans(crimes)
    day = assaults["time_precision"].eq("date").to_numpy(dtype=bool)
    night_start = np.where(day, ours.end + 1, ours.start + DAY_MIN)
    night_end = np.where(day, ours.end + EARLY_HOURS_MIN, ours.end + DAY_MIN)
    night_possible = (day | after_midnight(assaults)) & ~(night_start > _arrival(assaults))
    area_m2 = uncertainty_m(assaults)[i] ** 2 + _POLICE_UNCERTAINTY_M**2
    ring = np.digitize(pairs["distance_m"] / np.sqrt(area_m2), RINGS[1:-1])
    codes, code_chance = _compare_codes(assaults, crimes, i, j)
    return Features(
        assault=i,
        crime=j,
        ring=ring,
        area_m2=area_m2,
        chance=_chance(assaults, crimes, pairs),
        # A recorded minute is an interval of one minute.
        start=ours.start[i],
        end=ours.end[i] + 1,
        crime_start=theirs.start[j],
        crime_end=theirs.end[j] + 1,
        night_start=night_start[i],
        night_end=night_end[i] + 1,
        night_possible=night_possible[i],
        kind=_kind_of_time(assaults)[i],
        day=day[i],
        codes=codes,
        code_chance=code_chance,
    )


def _arrival(assaults: pd.DataFrame) -> Floats:
    """Minutes; infinite where the arrival is not known."""
    known = assaults["arrived_at"].notna().to_numpy()
    return np.where(known, minutes(assaults["arrived_at"]), np.inf)


def _kind_of_time(assaults: pd.DataFrame) -> Positions:
    """How the time was recorded: people round to the hour or half hour."""
    minute = minutes(assaults["assault_from"]) % 60
    kind = np.select([minute == 0, minute == 30], [0, 1], 2)
    return np.where(assaults["time_precision"].eq("minute"), kind, 3)


def _chance(assaults: pd.DataFrame, crimes: pd.DataFrame, pairs: pd.DataFrame) -> Floats:
    """Crimes per m² and minute that chance puts at the place of an assault, at a crime's time.

    The crimes around the assault (the pair's own left out), spread over the hours of the week as
    all crimes are. The near circle is steadied by the wide one, so that no place has a rate of 0.
    """
    i, j = pairs["assault"].to_numpy(), pairs["crime"].to_numpy()
    here, tree = points(assaults), cKDTree(points(crimes))
    distance = pairs["distance_m"].to_numpy()
    near, wide = (
        np.asarray(tree.query_ball_point(here, radius, return_length=True))[i]
        - (distance <= radius)
        for radius in (_NEAR_M, _WIDE_M)
    )
    wide_density = (wide + 0.5) / (np.pi * _WIDE_M**2)
    density = (near + _WIDE_WEIGHT) / (np.pi * _NEAR_M**2 + _WIDE_WEIGHT / wide_density)
    spans = crime_spans(crimes)
    first, last = spans.start.min(initial=np.inf), spans.start.max(initial=-np.inf)
    cover = max(last - first, _SHORTEST_COVER_MIN)
    return np.asarray(density / cover * _hour_of_week_factor(spans.start, spans.end)[j])


def _hour_of_week_factor(start: Floats, end: Floats) -> Floats:
    """Of each crime: how many times the average rate its hour of the week has; 1 if it is long."""
    short = end - start <= _SHORT_MIN
    hour = ((start + end) / 2 % _WEEK_MIN // 60).astype(np.int64)
    counts = np.bincount(hour[short], minlength=168) + 1.0
    return np.where(short, (counts / counts.mean())[hour], 1.0)


def _compare_codes(
    assaults: pd.DataFrame, crimes: pd.DataFrame, i: Positions, j: Positions
) -> tuple[tuple[Positions, ...], tuple[Floats, ...]]:
    """Offence group; weapon, domestic abuse and alcohol as each side has them."""
    nothing = np.zeros(len(assaults), dtype=np.int64)
    sides = (
        (nothing, 1, _positions(crimes["offence_group"], OFFENCE_GROUPS), len(OFFENCE_GROUPS)),
        (_positions(assaults["assault_method"], _METHODS), 3, _answers(crimes["knife"]), 3),
        (_answers(assaults["domestic_abuse"]), 3, _answers(crimes["domestic_abuse"]), 3),
        (_answers(assaults["alcohol"]), 3, _answers(crimes["alcohol"]), 3),
    )
    codes = tuple(ours[i] * m + theirs[j] for ours, _, theirs, m in sides)
    chance = tuple(
        np.outer(_shares(ours, n), _shares(theirs, m)).ravel() for ours, n, theirs, m in sides
    )
    return codes, chance


def _positions(codes: pd.Series, known: tuple[str, ...]) -> Positions:
    """Position of each code among the known ones; one more for all others."""
    found = pd.Index(known).get_indexer(pd.Index(codes))
    return np.where(found < 0, len(known), found)


def _answers(codes: pd.Series) -> Positions:
    return pd.Index(_ANSWERS).get_indexer(pd.Index(codes))


def _shares(codes: Positions, n: int) -> Floats:
    counts = np.bincount(codes, minlength=n) + 1.0
    return np.asarray(counts / counts.sum())
