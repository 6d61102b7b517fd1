"""How likely each pair is one incident: a model fitted to the records themselves, without labels.

In the manner of Fellegi and Sunter (1969, doi:10.1080/01621459.1969.10501049): each pair's place,
time and codes are weighed by how often they occur in pairs of one incident against how often by
chance. By chance, crimes lie around an assault and over the hours of the week as the police records
do; an assault's own crime lies near it, as far as places and times are recorded well.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from ed_ingest.candidates import Floats, Positions
from ed_ingest.evidence import RINGS, Features
from ed_ingest.matching import marginals

_STARTING_SHARE = 0.3
_STARTING_SPREAD_MIN = np.array([25.0, 20.0, 15.0, 15.0])  # by kind of time
_STARTING_EVENING = np.array([0.1, 0.2])  # times after midnight, dates without time
_ASTRAY_SHARE, _ASTRAY_MIN = 0.05, 60.0  # a few times are remembered worse
_PRIOR_PAIRS = 20.0  # weight of the starting values against what the data say, in pairs
_MOST_ROUNDS = 40
_ENOUGH = 1e-3
_TINY = 1e-300


class Model(NamedTuple):
    """What is known of pairs of one incident.

    ``share``: of the assaults, those whose own crime is among the records. ``rings``: of the pairs,
    those in each ring of distance. ``spread_min``: standard deviation of the recorded time, by kind
    of time. ``evening``: how often the date is that of the evening before, for times after midnight
    and for dates without a time. ``codes``: of the pairs, those with each combination of codes.
    """

    share: float
    rings: Floats
    spread_min: Floats
    evening: Floats
    codes: tuple[Floats, ...]


def fit(compared: Features, *, n_assaults: int) -> Model:
    """Learn what pairs of one incident look like, by expectation and maximisation.

    Parameters
    ----------
    compared
        The candidate pairs.
    n_assaults
        Linkable assaults, also those without any candidate.
    """
    model = _start(compared)
    for _ in range(_MOST_ROUNDS):
        before, model = model, _refit(model, compared, n_assaults)
        moved = abs(model.share - before.share) + np.abs(model.rings - before.rings).max()
        if moved < _ENOUGH:
            break
    return model


def probabilities(model: Model, compared: Features) -> Floats:
    """Probability that each pair is one incident, no record being in two pairs."""
    return marginals(compared.assault, compared.crime, _odds(model, compared))


def _start(compared: Features) -> Model:
    # The normal error in two dimensions that has 95 % within the uncertainty, truncated at the end.
    within = 1 - 0.05 ** (RINGS**2)
    return Model(
        share=_STARTING_SHARE,
        rings=np.diff(within) + 1e-4 / len(within),
        spread_min=_STARTING_SPREAD_MIN,
        evening=_STARTING_EVENING,
        codes=compared.code_chance,
    )


def _odds(model: Model, compared: Features) -> Floats:
    """Likelihood ratio of each pair times the odds that an assault has a crime at all."""
    per_area = model.rings / (np.pi * np.diff(RINGS**2))
    own = per_area[compared.ring] / compared.area_m2 * sum(_time_densities(model, compared))
    ratio = own / compared.chance
    for code, found, chance in zip(compared.codes, model.codes, compared.code_chance, strict=True):
        ratio = ratio * (found / chance)[code]
    return np.asarray(ratio * model.share / (1 - model.share))


def _time_densities(model: Model, compared: Features) -> tuple[Floats, Floats, Floats]:
    """Density per minute of the crime's time given the assault's: as dated, astray, a day later."""
    later = np.where(compared.day, model.evening[1], model.evening[0]) * compared.night_possible
    spread = model.spread_min[compared.kind]
    crime = compared.crime_start, compared.crime_end
    near = _overlap(compared.start, compared.end, *crime, spread)
    astray = _overlap(compared.start, compared.end, *crime, np.full_like(spread, _ASTRAY_MIN))
    night = _overlap(compared.night_start, compared.night_end, *crime, spread)
    return (
        (1 - later) * (1 - _ASTRAY_SHARE) * near,
        (1 - later) * _ASTRAY_SHARE * astray,
        later * night,
    )


def _overlap(
    start: Floats, end: Floats, other_start: Floats, other_end: Floats, spread: Floats
) -> Floats:
    """Mean density of a normal error over two intervals: each time is anywhere in its interval."""

    def twice_integrated(difference: Floats) -> Floats:
        z = difference / spread
        return np.asarray(spread * (z * ndtr(z) + np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)))

    total = (
        twice_integrated(other_end - start)
        - twice_integrated(other_end - end)
        - twice_integrated(other_start - start)
        + twice_integrated(other_start - end)
    )
    # Rounding leaves a trifle below 0 far from the intervals.
    return np.maximum(total, 0.0) / ((end - start) * (other_end - other_start))


def _refit(model: Model, compared: Features, n_assaults: int) -> Model:
    near, astray, night = _time_densities(model, compared)
    matched = probabilities(model, compared)
    whole = np.maximum(near + astray + night, _TINY)
    start = _start(compared)
    return Model(
        share=float(np.clip(matched.sum() / max(n_assaults, 1), 1e-4, 0.99)),
        rings=_shares(compared.ring, matched, start.rings),
        spread_min=_refit_spread(compared, matched * near / whole),
        evening=_refit_evening(compared, matched, matched * night / whole),
        codes=tuple(
            _shares(code, matched, chance)
            for code, chance in zip(compared.codes, compared.code_chance, strict=True)
        ),
    )


def _shares(found: Positions, matched: Floats, prior: Floats) -> Floats:
    counts = np.bincount(found, matched, minlength=len(prior)) + _PRIOR_PAIRS * prior
    return np.asarray(counts / counts.sum())


def _refit_spread(compared: Features, matched: Floats) -> Floats:
    """Standard deviation, minutes, from crimes whose minute is known; intervals keep the start."""
    middle = (compared.crime_start + compared.crime_end - compared.start - compared.end) / 2
    known = (compared.kind < 3) & (compared.crime_end - compared.crime_start <= 61)
    kind, weight = compared.kind[known], matched[known]
    squares = np.bincount(kind, weight * middle[known] ** 2, minlength=4)
    pairs = np.bincount(kind, weight, minlength=4) + _PRIOR_PAIRS
    return np.asarray(np.sqrt((squares + _PRIOR_PAIRS * _STARTING_SPREAD_MIN**2) / pairs))


def _refit_evening(compared: Features, matched: Floats, later: Floats) -> Floats:
    possible = matched * compared.night_possible
    when = compared.day.astype(np.int64)
    counts = np.bincount(when, later, minlength=2) + _PRIOR_PAIRS * _STARTING_EVENING
    return counts / (np.bincount(when, possible, minlength=2) + _PRIOR_PAIRS)
