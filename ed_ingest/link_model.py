"""How likely each pair is one incident: a model fitted to the records themselves, without labels.

In the manner of Fellegi and Sunter (1969, doi:10.1080/01621459.1969.10501049): each pair's place,
time, names and codes are weighed by how often they occur in pairs of one incident against how often
by chance. What chance brings is seen with the assaults moved by whole weeks, where no pair can be
right; how much it brings to each assault is expected from the crimes at its place and hour.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ed_ingest.candidates import Floats, Positions
from ed_ingest.evidence import N_KINDS, Features
from ed_ingest.likeness import Model, refitted, seen_by_chance, starting_model, sums
from ed_ingest.matching import marginals

_MOST_ROUNDS, _LAST_ROUNDS = 60, 3
_ENOUGH_ASSAULTS = 6000
_ENOUGH, _ENOUGH_IN_FIT = 1e-4, 1e-4
# What is expected by chance counts as much as so many of the heavy pairs seen by chance: few, since
# what was seen of the very assault knows its names and codes, and the crimes around it do not.
EXPECTED_PAIRS = 0.1
_PRIOR_LOOKS = 50.0
# The crimes around are counted, so chance is known within half: more is the work of a few heavy
# pairs, and would lower all others.
_SCALES = (1 / 1.5, 1.5)
_TINY = 1e-200


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
    by_chance = seen_by_chance(chance.pairs, code_prior)
    model = starting_model(by_chance)
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
            pairs.record,
            pairs.crime,
            _odds(model, pairs, rate, chance.looks, seen),
            enough=_ENOUGH_IN_FIT,
        )
        model = refitted(model, pairs, matched, by_chance, n_assaults)
        if abs(model.share - before.share) < _ENOUGH * max(model.share, 0.01):
            break
    return _weighed(model, chance)[0]


def odds(model: Model, pairs: Features, rate: Floats, chance: Chance) -> Floats:
    """Odds of each pair by itself against what chance brings to the assault."""
    weight = weights(model, chance.pairs)
    seen = sums(chance.pairs.assault, weight, len(chance.looks))
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
    seen = sums(pairs.assault, weight, len(chance.looks))[pairs.assault]
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
    found = sums(chance.pairs.kind, ratio, N_KINDS)
    looks = sums(chance.kind, chance.looks, N_KINDS)
    step = (_PRIOR_LOOKS + found) / (_PRIOR_LOOKS + looks)
    seen = sums(chance.pairs.assault, weight, len(chance.looks))
    return model._replace(scale=np.clip(model.scale * step, *_SCALES)), seen
