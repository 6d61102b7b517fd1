"""How likely each pair is one incident: a model fitted to the records themselves, without labels.

In the manner of Fellegi and Sunter (1969, doi:10.1080/01621459.1969.10501049): each pair's place,
time, names and codes are weighed by how often they occur in pairs of one incident against how often
by chance. What chance brings is seen with the assaults moved by whole weeks, where no pair can be
right; how much it brings to each assault is expected from the crimes at its place and hour.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import isotonic_regression

from ed_ingest.candidates import Floats, Positions
from ed_ingest.evidence import (
    CODE_SHAPES,
    N_KINDS,
    N_LEVELS,
    N_RINGS,
    NAMES,
    RINGS,
    WAIT,
    Features,
)
from ed_ingest.matching import marginals

_STARTING_SHARE = 0.3
# Of the ways in which a told time errs: small errors are usual, the evening's date is rare.
_STARTING_ERRORS = np.array([0.25, 0.35, 0.12, 0.12, 0.07, 0.03, 0.06])
_STARTING_WORDS = np.array(
    [0.35, 0.05, 0.6]
)  # of pairs of one incident: cannot tell, differ, agree
_PRIOR_PAIRS = 20.0  # weight of the starting values against what the data say, in pairs
_MOST_ROUNDS, _LAST_ROUNDS = 60, 3
_ENOUGH_ASSAULTS = 6000
_ENOUGH = 1e-4
# What is expected by chance counts as much as so many pairs seen by chance.
EXPECTED_PAIRS = 1.0
_PRIOR_LOOKS = 50.0
_SCALES = (0.1, 10.0)
_TINY = 1e-200
# The search ends near this many uncertainties.
_REACH = 3.4
_RINGS_WITHIN = np.minimum(RINGS, _REACH)


class Model(NamedTuple):
    """What is known of pairs of one incident.

    ``share``: of the assaults, those whose own crime is among the records. ``rings``: how much
    likelier each ring is than by chance, by level. ``errors``: of the pairs, those with each error
    of the told time, by kind of time. ``codes``: how much likelier each combination of codes is
    than by chance. ``scale``: how many times the expected chance was seen, by kind of time;
    ``unit``: the weight that a typical chance pair has.
    """

    share: float
    rings: Floats
    errors: Floats
    codes: tuple[Floats, ...]
    scale: Floats
    unit: float


class Chance(NamedTuple):
    """What chance brings: the pairs seen with the assaults moved, and what is expected.

    ``pairs``: of all shifts. ``looks``: in how many shifts each assault was looked for.
    ``rate``: expected crimes per m² and minute, of each assault; ``kind``: of each assault.
    """

    pairs: Features
    looks: Floats
    rate: Floats
    kind: Positions


def fit(
    pairs: Features,
    rate: Floats,
    chance: Chance,
    *,
    n_assaults: int,
    code_prior: tuple[Floats, ...],
) -> Model:
    """Learn what pairs of one incident look like, by expectation and maximisation.

    Parameters
    ----------
    pairs
        The candidate pairs.
    rate
        Chance crimes per m² and minute for each of them, its own crime left out.
    chance
        What chance brings to the same assaults.
    n_assaults
        Linkable assaults, also those without any candidate.
    code_prior
        Share of the crimes in each class of the codes.
    """
    by_chance = _seen_by_chance(chance.pairs, code_prior)
    model = _start(by_chance)
    every = max(n_assaults // _ENOUGH_ASSAULTS, 1)
    if every > 1:
        # The likeness is learnt from some assaults where there are many, and then all are weighed.
        some = chance._replace(
            pairs=chance.pairs.of(chance.pairs.assault % every == 0),
            looks=np.where(np.arange(n_assaults) % every == 0, chance.looks, 0.0),
        )
        mine = pairs.assault % every == 0
        n_some = -(-n_assaults // every)
        model = _learnt(model, pairs.of(mine), rate[mine], some, by_chance, n_some, _MOST_ROUNDS)
    rounds = _MOST_ROUNDS if every == 1 else _LAST_ROUNDS
    return _learnt(model, pairs, rate, chance, by_chance, n_assaults, rounds)


def _learnt(
    model: Model,
    pairs: Features,
    rate: Floats,
    chance: Chance,
    by_chance: tuple[Floats, ...],
    n_assaults: int,
    rounds: int,
) -> Model:
    for _ in range(rounds):
        before = model
        model, seen = _weighed(model, chance)
        matched = marginals(
            pairs.record, pairs.crime, _odds(model, pairs, rate, chance.looks, seen)
        )
        model = _refit(model, pairs, matched, by_chance, n_assaults)
        if abs(model.share - before.share) < _ENOUGH * max(model.share, 0.01):
            break
    return _weighed(model, chance)[0]


def odds(model: Model, pairs: Features, rate: Floats, chance: Chance) -> Floats:
    """Odds of each pair by itself against what chance brings to the assault."""
    weight = weights(model, chance.pairs)
    seen = _sums(chance.pairs.assault, weight, len(chance.looks))
    return _odds(model, pairs, rate, chance.looks, seen)


def _odds(model: Model, pairs: Features, rate: Floats, looks: Floats, seen: Floats) -> Floats:
    expected = _expected(model, seen[pairs.assault], looks[pairs.assault], rate, pairs.kind)
    return weights(model, pairs) / expected * (model.share / (1 - model.share))


def chance_odds(model: Model, chance: Chance) -> Floats:
    """Odds of each chance pair, its own shift left out of what chance brings."""
    weight = weights(model, chance.pairs)
    return _chance_ratio(model, chance, weight) * (model.share / (1 - model.share))


def _chance_ratio(model: Model, chance: Chance, weight: Floats) -> Floats:
    pairs = chance.pairs
    seen = _sums(pairs.assault, weight, len(chance.looks))[pairs.assault]
    others = np.maximum(seen - np.bincount(pairs.record, weight)[pairs.record], 0.0)
    looks = np.maximum(chance.looks[pairs.assault] - 1, 0.0)
    rate = chance.rate[pairs.assault]
    return weight / _expected(model, others, looks, rate, pairs.kind)


def weights(model: Model, pairs: Features) -> Floats:
    """How much likelier each pair's likeness is for one incident, per m² and minute."""
    weight = model.rings[pairs.ring]
    timed = np.zeros(len(weight))
    for column, share in enumerate(model.errors.T):
        timed += pairs.times[column] * share[pairs.kind]
    weight *= timed
    weight /= pairs.area_m2
    for code, found in zip(pairs.codes, model.codes, strict=True):
        weight *= found[code]
    return np.maximum(weight, _TINY)


def _expected(model: Model, seen: Floats, looks: Floats, rate: Floats, kind: Positions) -> Floats:
    """Weight that chance brings: what is expected, corrected by what was seen (gamma-Poisson)."""
    prior = EXPECTED_PAIRS * model.unit
    return (prior + seen) / (prior / (model.scale[kind] * rate) + looks)


def _weighed(model: Model, chance: Chance) -> tuple[Model, Floats]:
    """Compare the chance seen with the chance expected, by kind of time; and chance by assault.

    Where nothing but chance is at work, the likelihood ratios of an assault's pairs add up to 1 on
    average: the expectation is scaled until those of the moved assaults do.
    """
    weight = weights(model, chance.pairs)
    total = weight.sum()
    expected = (chance.rate * chance.looks).sum()
    unit = (weight**2).sum() / total if total > _TINY else expected or 1.0
    model = model._replace(unit=float(unit))
    ratio = _chance_ratio(model, chance, weight)
    found = _sums(chance.pairs.kind, ratio, N_KINDS)
    looks = _sums(chance.kind, chance.looks, N_KINDS)
    step = (_PRIOR_LOOKS + found) / (_PRIOR_LOOKS + looks)
    seen = _sums(chance.pairs.assault, weight, len(chance.looks))
    return model._replace(scale=np.clip(model.scale * step, *_SCALES)), seen


def _start(by_chance: tuple[Floats, ...]) -> Model:
    rings, *codes = by_chance
    # The normal error in two dimensions that has 95 % within the uncertainty, truncated at the end.
    within = np.diff(1 - 0.05 ** (RINGS**2)) + 1e-4 / N_RINGS
    named = _STARTING_WORDS / codes[NAMES]
    return Model(
        share=_STARTING_SHARE,
        rings=_per_area(np.tile(within, N_LEVELS), rings),
        errors=np.tile(_STARTING_ERRORS / _STARTING_ERRORS.sum(), (N_KINDS, 1)),
        codes=(named, *(np.ones_like(code) for code in codes[1:])),
        scale=np.ones(N_KINDS),
        unit=1.0,
    )


def _refit(
    model: Model, pairs: Features, matched: Floats, by_chance: tuple[Floats, ...], n_assaults: int
) -> Model:
    rings, *codes = by_chance
    within = np.diff(1 - 0.05 ** (RINGS**2)) + 1e-4 / N_RINGS
    all_levels = _sums(pairs.ring % N_RINGS, matched, N_RINGS)
    pooled = _shares(all_levels, within)
    found = _sums(pairs.ring, matched, len(rings)).reshape(N_LEVELS, N_RINGS)
    by_level = np.array([_shares(level, pooled) for level in found]).ravel()
    return model._replace(
        share=float(np.clip(matched.sum() / max(n_assaults, 1), 1e-4, 0.99)),
        rings=_per_area(by_level, rings),
        errors=_refit_errors(model, pairs, matched),
        codes=tuple(
            _by_class(code, matched, shape, chance) / chance
            for code, shape, chance in zip(pairs.codes, CODE_SHAPES, codes, strict=True)
        ),
    )


def _refit_errors(model: Model, pairs: Features, matched: Floats) -> Floats:
    each = pairs.times * model.errors.T[:, pairs.kind]
    each *= matched / np.maximum(each.sum(axis=0), _TINY)
    found = np.array([_sums(pairs.kind, row, N_KINDS) for row in each]).T
    prior = _STARTING_ERRORS / _STARTING_ERRORS.sum()
    pooled = _shares(found.sum(axis=0), prior)
    return np.array([_shares(kind, pooled) for kind in found])


def _seen_by_chance(pairs: Features, code_prior: tuple[Floats, ...]) -> tuple[Floats, ...]:
    """Share of each ring (by level) and of each combination of codes among chance pairs.

    Each assault counts once however crowded its place is. The wait for the arrival goes with the
    told time, so there each pair counts as its time fits.
    """
    alone = 1.0 / (1 + np.bincount(pairs.assault))
    each = alone[pairs.assault]
    timed = _STARTING_ERRORS @ pairs.times
    fitting = each * timed / max(float(timed.mean()) if len(timed) else 1.0, _TINY)
    by_level = _sums(pairs.ring, each, N_LEVELS * N_RINGS).reshape(N_LEVELS, -1)
    pooled = _shares(by_level.sum(axis=0), _area(_RINGS_WITHIN))
    found = [np.array([_shares(level, pooled) for level in by_level]).ravel()]
    for number, (code, prior) in enumerate(zip(pairs.codes, code_prior, strict=True)):
        shape = CODE_SHAPES[number]
        whole = np.tile(prior, shape[0])
        found.append(_by_class(code, fitting if number == WAIT else each, shape, whole))
    return tuple(found)


def _by_class(code: Positions, weight: Floats, shape: tuple[int, int], prior: Floats) -> Floats:
    """Share of each combination among those of its class of assault."""
    counts = _sums(code, weight, shape[0] * shape[1]).reshape(shape)
    before = prior.reshape(shape)
    return np.array([_shares(*row) for row in zip(counts, before, strict=True)]).ravel()


def _shares(counts: Floats, prior: Floats) -> Floats:
    """Shares of the counts, steadied by so many pairs as `prior` says."""
    steadied = counts + _PRIOR_PAIRS * prior
    return np.asarray(steadied / steadied.sum())


def _area(edges: Floats) -> Floats:
    """Share of the area that each ring has; a trifle for those beyond the reach."""
    area = np.maximum(np.diff(edges**2), 0.0) + 1e-3
    return np.asarray(area / area.sum())


def _per_area(found: Floats, by_chance: Floats) -> Floats:
    """Density of one incident's pairs per unit of area, were chance even over the whole reach.

    It falls with distance, or stays: rings that say otherwise are put together.
    """
    levels = zip(found.reshape(-1, N_RINGS), by_chance.reshape(-1, N_RINGS), strict=True)
    falling = [
        isotonic_regression(ours / theirs, weights=theirs, increasing=False).x
        for ours, theirs in levels
    ]
    return np.concatenate(falling) / (np.pi * _REACH**2)


def _sums(group: Positions, values: Floats, n: int) -> Floats:
    """Sum of the values of each group, of 0 to `n` - 1."""
    return np.asarray(np.bincount(group, values, n), dtype=np.float64)
