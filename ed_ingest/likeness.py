"""What pairs of one incident look like, and what chance pairs look like: shares of each class."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import isotonic_regression

from ed_ingest.candidates import Floats, Positions
from ed_ingest.evidence import (
    CODE_SHAPES,
    N_DISTANCES,
    N_KINDS,
    N_LEVELS,
    N_RINGS,
    NAMES,
    RINGS,
    WAIT,
    Features,
)

_STARTING_SHARE = 0.3
# Of the ways in which a told time errs: small errors are usual, the evening's date is rare.
_STARTING_ERRORS = np.array([0.25, 0.35, 0.12, 0.12, 0.07, 0.03, 0.06])
# Of pairs of one incident: names of place cannot tell, differ, agree.
_STARTING_WORDS = np.array([0.35, 0.05, 0.6])
_PRIOR_PAIRS = 20.0  # weight of the starting values against what the data say, in pairs
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


def starting_model(by_chance: tuple[Floats, ...]) -> Model:
    """The model before any pair was seen: what is usual, and what chance pairs are like."""
    rings, *codes = by_chance
    # The normal error in two dimensions that has 95 % within the uncertainty, truncated at the end.
    within = np.diff(1 - 0.05 ** (RINGS**2)) + 1e-4 / N_RINGS
    named = np.tile(_STARTING_WORDS, N_DISTANCES) / codes[NAMES]
    return Model(
        share=_STARTING_SHARE,
        rings=_per_area(np.tile(within, N_LEVELS), rings),
        errors=np.tile(_STARTING_ERRORS / _STARTING_ERRORS.sum(), (N_KINDS, 1)),
        codes=(named, *(np.ones_like(code) for code in codes[1:])),
        scale=np.ones(N_KINDS),
        unit=1.0,
    )


def refitted(
    model: Model, pairs: Features, matched: Floats, by_chance: tuple[Floats, ...], n_assaults: int
) -> Model:
    """The model that fits the pairs, each counting as its probability to be one incident's."""
    rings, *codes = by_chance
    within = np.diff(1 - 0.05 ** (RINGS**2)) + 1e-4 / N_RINGS
    all_levels = sums(pairs.ring % N_RINGS, matched, N_RINGS)
    pooled = _shares(all_levels, within)
    found = sums(pairs.ring, matched, len(rings)).reshape(N_LEVELS, N_RINGS)
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


def seen_by_chance(pairs: Features, code_prior: tuple[Floats, ...]) -> tuple[Floats, ...]:
    """Share of each ring (by level) and of each combination of codes among chance pairs.

    Each assault counts once however crowded its place is. The wait for the arrival goes with the
    told time, so there each pair counts as its time fits.
    """
    alone = 1.0 / (1 + np.bincount(pairs.assault))
    each = alone[pairs.assault]
    timed = _STARTING_ERRORS @ pairs.times
    fitting = each * timed / max(float(timed.mean()) if len(timed) else 1.0, _TINY)
    by_level = sums(pairs.ring, each, N_LEVELS * N_RINGS).reshape(N_LEVELS, -1)
    pooled = _shares(by_level.sum(axis=0), _area(_RINGS_WITHIN))
    found = [np.array([_shares(level, pooled) for level in by_level]).ravel()]
    for number, (code, prior) in enumerate(zip(pairs.codes, code_prior, strict=True)):
        shape = CODE_SHAPES[number]
        whole = np.tile(prior, shape[0])
        found.append(_by_class(code, fitting if number == WAIT else each, shape, whole))
    return tuple(found)


def sums(group: Positions, values: Floats, n: int) -> Floats:
    """Sum of the values of each group, of 0 to `n` - 1."""
    return np.asarray(np.bincount(group, values, n), dtype=np.float64)


def _refit_errors(model: Model, pairs: Features, matched: Floats) -> Floats:
    each = pairs.times * model.errors.T[:, pairs.kind]
    each *= matched / np.maximum(each.sum(axis=0), _TINY)
    found = np.array([sums(pairs.kind, row, N_KINDS) for row in each]).T
    prior = _STARTING_ERRORS / _STARTING_ERRORS.sum()
    pooled = _shares(found.sum(axis=0), prior)
    return np.array([_shares(kind, pooled) for kind in found])


def _by_class(code: Positions, weight: Floats, shape: tuple[int, int], prior: Floats) -> Floats:
    """Share of each combination among those of its class of assault."""
    counts = sums(code, weight, shape[0] * shape[1]).reshape(shape)
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
    """How much denser one incident's pairs lie than chance, which is even over the whole reach.

    It falls with distance, or stays: rings that say otherwise are put together.
    """
    levels = zip(found.reshape(-1, N_RINGS), by_chance.reshape(-1, N_RINGS), strict=True)
    falling = [
        isotonic_regression(ours / theirs, weights=theirs, increasing=False).x
        for ours, theirs in levels
    ]
    return np.concatenate(falling)
