"""Odds of pairs set right by what chance brings: the moved assaults tell how often it does.

The weights of a pair's likeness are multiplied as if each told something of its own. They do not
quite: a pair that names one venue is near too. So the odds are too high for some pairs and too low
for others, and by how much depends on the place and on how its records err. But pairs of moved
assaults are wrong, all of them. Where the moved assaults have as many pairs of a strength as the
recorded ones, these are chance; where they have none, these are right. A logistic curve from the
model's odds to the right ones is fitted as from positive and unlabelled cases (du Plessis, Niu and
Sugiyama 2015, Convex formulation for learning from positive and unlabeled data, PMLR 37:1386-1394).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize

from ed_ingest.candidates import Floats, Positions
from ed_ingest.likeness import sums

# Assaults with lower odds are not looked at: they are all but certain to have no crime.
_LEAST = 0.01
_FURTHEST = 1e4  # odds beyond which what is surer cannot be told apart
# Weight of the model as it is against what the moved assaults say, in pairs.
_PRIOR_SHIFT, _PRIOR_SLOPE = 2.0, 8.0


def recalibrated(
    odds: Floats,
    record: Positions,
    chance_odds: Floats,
    chance_record: Positions,
    *,
    looks: Floats,
    share: float,
) -> tuple[Floats, Floats]:
    """Set right the odds of pairs, as recorded and as moved.

    Parameters
    ----------
    odds, record
        Odds of each pair by itself, and number of the assault.
    chance_odds, chance_record
        The same of the moved pairs; an assault has another number in each shift, which is its own
        one plus a multiple of the number of assaults.
    looks
        In how many shifts each assault was looked for.
    share
        Of the assaults, those that have their own crime, as the model has it.

    Returns
    -------
    tuple
        Both odds: those of one assault are multiplied by the same number, so that their sum is
        that of an assault which has its crime.
    """
    n = len(looks)
    summed = sums(record, odds, n)
    moved = sums(chance_record, chance_odds, int(chance_record.max(initial=-1)) + 1)
    if not (summed > _LEAST).any() or not looks.any():
        return odds, chance_odds
    # The moved pairs of one assault stand for one look; those never looked for are as the others.
    each = n / np.count_nonzero(looks) / np.maximum(looks, 1.0)[np.arange(len(moved)) % n]
    strong, doubtful = summed > _LEAST, moved > _LEAST
    # Chance has its turn where an assault has no crime of its own.
    weight = each[doubtful] * (1 - share)
    curve = _curve(_log(summed[strong]), _log(moved[doubtful]), weight)
    return odds * _factor(summed, curve)[record], chance_odds * _factor(moved, curve)[chance_record]


def _curve(found: Floats, chance: Floats, weight: Floats) -> Floats:
    """Shift and slope, on the scale of log odds."""

    def loss(curve: Floats) -> float:
        right = np.logaddexp(0.0, -(curve[0] + curve[1] * found)).sum()
        wrong = (weight * (curve[0] + curve[1] * chance)).sum()
        prior = _PRIOR_SHIFT * curve[0] ** 2 + _PRIOR_SLOPE * (curve[1] - 1) ** 2
        return float(right + wrong + prior)

    start = np.array([0.0, 1.0])
    return np.asarray(minimize(loss, start, method="L-BFGS-B", bounds=[(-5, 5), (0.2, 3)]).x)


def _factor(summed: Floats, curve: Floats) -> Floats:
    """By how much the odds of each assault are multiplied; weak ones stay as they are."""
    before = _log(summed)
    after = np.exp(curve[0] + (curve[1] - 1) * before)
    return np.where(summed > _LEAST, after, 1.0)


def _log(odds: Floats) -> Floats:
    return np.asarray(np.log(np.clip(odds, 1 / _FURTHEST, _FURTHEST)))
