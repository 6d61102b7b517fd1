"""What each candidate pair of an assault and a crime has to say: place, time, names and codes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest.candidates import (
    DAY_MIN,
    EARLY_HOURS_MIN,
    Floats,
    Positions,
    after_midnight,
    crime_spans,
    minutes,
    reach_m,
    told_spans,
    uncertainty_m,
)
from ed_ingest.linkable import OFFENCE_GROUPS
from ed_ingest.place_words import N_ANSWERS, name_agreement

# Edges of the rings of distance, in units of the pair's uncertainty (95 % radius).
RINGS = np.array(
    [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1, 1.3, 1.7, 2.3, 3.2, 4.5, 6.5, 9.5, 50.0]
)
N_RINGS = len(RINGS) - 1
POLICE_UNCERTAINTY_M = 30.0
# Kinds of level: the point was delivered; found as premises; found as a street or the like.
_LEVELS = {"coordinates": 0, "premises": 1}
N_LEVELS = 3
# Kinds of time told: full hour, half hour, other minute, part of the day, date alone.
HOUR, HALF_HOUR, MINUTE, PART, DATE = range(5)
N_KINDS = 5
# Errors of the told time: standard deviation and offset, minutes. What is told is a mixture.
ERRORS_MIN = ((5, 0), (15, 0), (25, 12), (25, -12), (45, 0), (120, 0))
_EVENING_ERROR_MIN = 15.0
N_ERRORS = len(ERRORS_MIN) + 1  # the last is the date of the evening before
# Minutes from the crime to the arrival, where the time was told loosely.
_WAITS_MIN = np.array([-30, 0, 30, 60, 90, 150, 240, 420, 720, 1440])
_N_WAITS = len(_WAITS_MIN) + 1
_SHORT_MIN, _LONG_MIN = 61.0, 421.0
_ANSWERS = ("yes", "no", "unknown")
_METHODS = ("sharp_object", "glass", "blunt_object", "unknown")  # the last: every other method
_PLACES = ("licensed_premises", "street", "unknown")
# Metres within which chance, too, finds crimes at the place of that name.
_NAMED_WITHIN_M = np.array([25, 60, 120, 250])
N_DISTANCES = len(_NAMED_WITHIN_M) + 1
# The comparisons of codes: classes of the assault, and of the crime beside each. Names of place, by
# distance; wait for the arrival; offence and method, knife and method, night-time economy and
# place, domestic abuse and place and abuse, alcohol and alcohol. Each word of the police is weighed
# once.
NAMES, WAIT = 0, 1
CODE_SHAPES = (
    (N_DISTANCES, N_ANSWERS),
    (3, _N_WAITS + 1),
    (len(_METHODS) + 1, len(OFFENCE_GROUPS) + 1),
    (len(_METHODS) + 1, 3),
    (len(_PLACES) + 1, 3),
    (3 * (len(_PLACES) + 1), 3),
    (3, 3),
)


class Features(NamedTuple):
    """What is compared: one element per candidate pair, ordered by shift, assault and crime.

    ``record``: number of the assault, another one in each shift; ``assault, crime``: positions.
    ``distance_m``. ``ring``: level and ring of distance. ``area_m2``: area that was searched around
    the assault. ``kind``: kind of time told. ``times``:
    density per minute of the crime's time under each error of the told time (rows).
    ``codes``: for each comparison of codes, the combination found.
    """

    record: Positions
    assault: Positions
    crime: Positions
    distance_m: Floats
    ring: Positions
    area_m2: Floats
    kind: Positions
    times: NDArray[np.float32]
    codes: tuple[Positions, ...]

    def of(self, rows: Positions | NDArray[np.bool_] | slice) -> Features:
        """Some of the pairs."""
        codes = tuple(code[rows] for code in self.codes)
        plain = {
            name: values[rows]
            for name, values in self._asdict().items()
            if name not in ("times", "codes")
        }
        return Features(times=self.times[:, rows], codes=codes, **plain)


def features(
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    shifts_days: tuple[int, ...] = (0,),
    wider: float = 1.0,
) -> Features:
    """Compare the records of each pair.

    Parameters
    ----------
    assaults, crimes
        Linkable assaults and comparable crimes, contract columns.
    pairs, shifts_days, wider
        As `candidate_pairs` gives and takes them.
    """
    shift, i, j = (pairs[name].to_numpy() for name in ("shift", "assault", "crime"))
    spread_m = np.hypot(uncertainty_m(assaults), POLICE_UNCERTAINTY_M)
    level = assaults["location_level"].map(_LEVELS).fillna(N_LEVELS - 1).to_numpy(dtype=np.int64)
    ring = np.digitize(pairs["distance_m"] / spread_m[i], RINGS[1:-1])
    kind = kinds_of_time(assaults)
    days = np.array(shifts_days, dtype=float)[shift] * DAY_MIN
    return Features(
        record=shift * len(assaults) + i,
        assault=i,
        crime=j,
        distance_m=pairs["distance_m"].to_numpy(),
        ring=level[i] * N_RINGS + ring,
        area_m2=(np.pi * reach_m(assaults, wider=wider) ** 2)[i],
        kind=kind[i],
        times=_times(assaults, crimes, i, j, days),
        codes=_codes(assaults, crimes, pairs, days, kind),
    )


def kinds_of_time(assaults: pd.DataFrame) -> Positions:
    """How the time was recorded: people round to the hour or half hour."""
    minute = minutes(assaults["assault_from"]) % 60
    kind = np.select([minute == 0, minute == 30], [HOUR, HALF_HOUR], MINUTE)
    precision = assaults["time_precision"]
    return np.select([precision.eq("minute"), precision.eq("date")], [kind, DATE], PART)


def _times(
    assaults: pd.DataFrame, crimes: pd.DataFrame, i: Positions, j: Positions, days: Floats
) -> NDArray[np.float32]:
    ours, theirs = told_spans(assaults), crime_spans(crimes)
    # A recorded minute is an interval of one minute.
    start, end = ours.start[i] + days, ours.end[i] + 1 + days
    first, last = theirs.start[j], theirs.end[j] + 1
    # Single precision is ample and halves the memory.
    table = np.empty((N_ERRORS, len(i)), dtype=np.float32)
    for row, (spread, offset) in enumerate(ERRORS_MIN):
        table[row] = overlap(start - offset, end - offset, first, last, spread)
    # The date may be that of the evening before, if the arrival allows it.
    date = assaults["time_precision"].eq("date").to_numpy(dtype=bool)
    night_start = np.where(date, ours.end + 1, ours.start + DAY_MIN)
    night_end = np.where(date, ours.end + EARLY_HOURS_MIN, ours.end + DAY_MIN) + 1
    may = ((date | after_midnight(assaults)) & ~(night_start > _arrival(assaults)))[i]
    table[-1] = 0.0
    evening = (night_start[i] + days)[may], (night_end[i] + days)[may]
    table[-1, may] = overlap(*evening, first[may], last[may], _EVENING_ERROR_MIN)
    return table


def overlap(
    start: Floats, end: Floats, other_start: Floats, other_end: Floats, spread: float
) -> Floats:
    """Mean density of a normal error over two intervals: each time is anywhere in its interval."""
    # The compiler takes long to load: only where there is something to compare.
    from ed_ingest.time_density import mean_density

    return mean_density(start, end, other_start, other_end, spread)


def _arrival(assaults: pd.DataFrame) -> Floats:
    """Minutes; infinite where the arrival is not known."""
    known = assaults["arrived_at"].notna().to_numpy()
    return np.where(known, minutes(assaults["arrived_at"]), np.inf)


def _codes(
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    pairs: pd.DataFrame,
    days: Floats,
    kind: Positions,
) -> tuple[Positions, ...]:
    """Combinations as `CODE_SHAPES` counts them: the assault's class comes first."""
    i, j, distance_m = (pairs[name].to_numpy() for name in ("assault", "crime", "distance_m"))
    # A crime in the same street is mostly called like it, whether or not it is the same incident.
    near = np.digitize(distance_m, _NAMED_WITHIN_M)
    ours, theirs = _classes_of_assaults(assaults), _classes_of_crimes(crimes)
    sides = zip(CODE_SHAPES[2:], ours, theirs, strict=True)
    combined = (one[i] * size + other[j] for (_, size), one, other in sides)
    return (
        near * N_ANSWERS + name_agreement(assaults, crimes, i, j),
        _wait(assaults, crimes, i, j, days, kind),
        *combined,
    )


def code_shares(crimes: pd.DataFrame) -> tuple[Floats, ...]:
    """Share of the crimes in each class of a code; even where the class is one of pairs."""
    even = [np.full(size, 1 / size) for _, size in CODE_SHAPES[:2]]
    found = zip(CODE_SHAPES[2:], _classes_of_crimes(crimes), strict=True)
    counts = [np.bincount(code, minlength=size) + 1.0 for (_, size), code in found]
    return (*even, *(count / count.sum() for count in counts))


def _classes_of_assaults(assaults: pd.DataFrame) -> tuple[Positions, ...]:
    method = _positions(assaults["assault_method"], _METHODS)
    place = _positions(assaults["location_type"], _PLACES)
    abuse, alcohol = _answers(assaults["domestic_abuse"]), _answers(assaults["alcohol"])
    return method, method, place, place * 3 + abuse, alcohol


def _classes_of_crimes(crimes: pd.DataFrame) -> tuple[Positions, ...]:
    offence = _positions(crimes["offence_group"], OFFENCE_GROUPS)
    knife, abuse = _answers(crimes["knife"]), _answers(crimes["domestic_abuse"])
    night, alcohol = _answers(crimes["night_time_economy"]), _answers(crimes["alcohol"])
    return offence, knife, night, abuse, alcohol


def _wait(
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    i: Positions,
    j: Positions,
    days: Floats,
    kind: Positions,
) -> Positions:
    """How the time was told, and class of the wait for the arrival; the last says nothing."""
    theirs = crime_spans(crimes)
    # A moved assault was moved with its arrival.
    wait = _arrival(assaults)[i] + days - (theirs.start[j] + theirs.end[j]) / 2
    told = np.select([kind[i] < PART, kind[i] == PART], [0, 1], 2)
    says = np.isfinite(wait) & ((theirs.end - theirs.start)[j] <= _LONG_MIN)
    return told * (_N_WAITS + 1) + np.where(says, np.digitize(wait, _WAITS_MIN), _N_WAITS)


def _positions(codes: pd.Series, known: tuple[str, ...]) -> Positions:
    """Position of each code among the known ones; one more for all others."""
    return _found(codes, known, len(known))


def _answers(codes: pd.Series) -> Positions:
    return _found(codes, _ANSWERS, len(_ANSWERS) - 1)


def _found(codes: pd.Series, known: tuple[str, ...], otherwise: int) -> Positions:
    # Few words, many rows: each word is looked up once.
    row, words = pd.factorize(codes)
    place = pd.Index(known).get_indexer(pd.Index(words))
    return np.append(np.where(place < 0, otherwise, place), otherwise)[row]
