"""Records of one source and the crimes: candidate pairs with their probabilities, and chance's."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest.candidates import Floats, candidate_pairs
from ed_ingest.evidence import Features, code_shares, features, kinds_of_time
from ed_ingest.incidents import of_one_incident
from ed_ingest.likeness import Model
from ed_ingest.link_model import Chance, chance_odds, fit, odds
from ed_ingest.linkable import calendar_months
from ed_ingest.local_rate import NEAR_M, WIDE_M, local_rate
from ed_ingest.matching import assign, marginals
from ed_ingest.reach import widening
from ed_ingest.recalibration import recalibrated

# Whole weeks keep the weekday, so that a moved assault meets the crowds of its own hour. These
# weeks come first, then all up to half a year away, as far as so many pairs allow.
FIRST_WEEKS = (1, 2, 4)
_FURTHEST_WEEK = 26
_CHANCE_PAIRS = 800_000
# Weaker pairs do not even add to those beside them.
_LEAST_OWN_PROBABILITY = 0.01
_TIE = 0.01
PAIR_COLUMNS = ["assault", "crime", "distance_m", "gap_min", "own", "probability"]


class Weighed(NamedTuple):
    """Pairs as recorded and as chance makes them.

    ``pairs``: `PAIR_COLUMNS` with ``own``: probability that it is this patient's crime, and
    ``probability``: that both are of one incident. ``chance_pairs``: the same with ``shift``
    (position in `shifts_days`), of the moved assaults. ``looks``: which assaults (columns) were
    looked for in which shift (rows).
    """

    model: Model
    pairs: pd.DataFrame
    chance_pairs: pd.DataFrame
    looks: NDArray[np.bool_]
    shifts_days: tuple[int, ...]


class Compared(NamedTuple):
    """Candidate pairs, those of the moved assaults, and the model fitted to both.

    ``pairs, moved``: as `candidate_pairs` gives them. ``features``: what each of `pairs` has to
    say; ``odds``: of each by itself, before records compete for one another. ``chance,
    chance_odds``: the same of the moved ones. ``looks, shifts_days``: as in `Weighed`.
    """

    model: Model
    pairs: pd.DataFrame
    features: Features
    odds: Floats
    moved: pd.DataFrame
    chance: Chance
    chance_odds: Floats
    looks: NDArray[np.bool_]
    shifts_days: tuple[int, ...]


def weigh_pairs(assaults: pd.DataFrame, crimes: pd.DataFrame) -> Weighed:
    """Fit the model to the records and weigh every candidate pair, also with the dates moved.

    Parameters
    ----------
    assaults, crimes
        Linkable assaults of one source and comparable crimes, each ordered by its id.
    """
    return weighed_pairs(assaults, crimes, compare_pairs(assaults, crimes))


def compare_pairs(assaults: pd.DataFrame, crimes: pd.DataFrame) -> Compared:
    """Compare every candidate pair and fit the model; arguments as for `weigh_pairs`."""
    wider = widening(assaults, crimes)
    pairs = candidate_pairs(assaults, crimes, wider=wider)
    around = local_rate(assaults, crimes)
    shifts_days, stride = _shifts(len(pairs))
    looks = covered_looks(assaults, crimes, shifts_days)
    looks &= _turns(*looks.shape) % stride == 0
    moved = candidate_pairs(assaults, crimes, shifts_days=shifts_days, looks=looks, wider=wider)
    # Compared together, since reading the words and codes is most of the work.
    both = pd.concat([pairs, moved.assign(shift=moved["shift"] + 1)], ignore_index=True)
    together = features(assaults, crimes, both, shifts_days=(0, *shifts_days), wider=wider)
    compared, by_shift = together.of(slice(len(pairs))), together.of(slice(len(pairs), None))
    nobody = np.zeros(len(assaults))
    chance = Chance(
        by_shift,
        looks.sum(axis=0).astype(float),
        around.at(np.arange(len(assaults)), nobody, nobody),
        kinds_of_time(assaults),
    )
    distance = compared.distance_m
    rate = around.at(compared.assault, distance <= NEAR_M, distance <= WIDE_M)
    model = fit(compared, rate, chance, n_assaults=len(assaults), code_prior=code_shares(crimes))
    single, by_chance = recalibrated(
        odds(model, compared, rate, chance),
        compared.record,
        chance_odds(model, chance),
        by_shift.record - len(assaults),
        looks=chance.looks,
        share=model.share,
    )
    return Compared(model, pairs, compared, single, moved, chance, by_chance, looks, shifts_days)


def weighed_pairs(assaults: pd.DataFrame, crimes: pd.DataFrame, compared: Compared) -> Weighed:
    """Weigh the pairs that `compare_pairs` compared, by the model that it fitted."""
    model, pairs, chance = compared.model, compared.pairs, compared.chance
    own = own_probability(compared)
    moved = compared.moved
    by_chance = _chance_marginals(chance.pairs, compared.chance_odds, moved, len(crimes))
    return Weighed(
        model,
        _with_incidents(assaults, crimes, pairs.assign(own=own)),
        _with_incidents(assaults, crimes, moved.assign(own=by_chance)),
        compared.looks,
        compared.shifts_days,
    )


def own_probability(compared: Compared) -> Floats:
    """Probability of each pair, of its odds by itself, now that every record has one at most."""
    return marginals(compared.features.record, compared.features.crime, compared.odds)


def best_pairs(pairs: pd.DataFrame, *, least: float) -> pd.DataFrame:
    """Choose the pairs with the greatest expected number of right links, in each shift.

    Parameters
    ----------
    pairs
        ``shift, assault, crime, own, probability``.
    least
        Pairs of a lower probability are no links.
    """
    pairs = pairs[pairs["probability"] >= least]
    shift = pairs["shift"].to_numpy()
    left, right = (
        shift * (pairs[side].max() + 1 if len(pairs) else 1) + pairs[side].to_numpy()
        for side in ("assault", "crime")
    )
    # Between patients and crimes of one incident each keeps the crime that is likelier its own.
    gain = pairs["probability"] + _TIE * pairs["own"]
    return pairs[assign(left, right, gain.to_numpy())]


def _shifts(n_pairs: int) -> tuple[tuple[int, ...], int]:
    """By how many days to move the assaults, and each assault takes every how manyth shift.

    The fewer pairs one look has, the more looks are needed, and the cheaper they are.
    """
    weeks = [*FIRST_WEEKS, *(w for w in range(1, _FURTHEST_WEEK + 1) if w not in FIRST_WEEKS)]
    affordable = _CHANCE_PAIRS // max(2 * n_pairs, 1)
    each_side = max(affordable, len(FIRST_WEEKS))
    stride = int(np.clip(len(FIRST_WEEKS) // max(affordable, 1), 1, len(FIRST_WEEKS)))
    days = tuple(side * 7 * week for week in weeks[:each_side] for side in (-1, 1))
    return days, stride


def _turns(n_shifts: int, n_assaults: int) -> NDArray[np.int64]:
    """Numbers by which assaults take turns: neighbours take different weeks."""
    return np.arange(n_shifts)[:, None] // 2 + np.arange(n_assaults)[None, :]


def covered_looks(
    assaults: pd.DataFrame, crimes: pd.DataFrame, shifts_days: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Whether the police records cover each assault (columns) moved by each shift (rows)."""
    first, last = crimes["committed_from"].min(), crimes["committed_from"].max()
    delivered = np.unique(calendar_months(crimes["committed_from"]))
    rows = []
    for days in shifts_days:
        start = assaults["assault_from"] + pd.Timedelta(days=days)
        in_month = np.isin(calendar_months(start), delivered)
        rows.append(in_month & start.between(first, last).to_numpy(dtype=bool))
    return np.array(rows)


def _chance_marginals(
    compared: Features, ratio: Floats, moved: pd.DataFrame, n_crimes: int
) -> Floats:
    """Each shift is a world by itself: a crime is another record in each."""
    crime = moved["shift"].to_numpy() * n_crimes + compared.crime
    return marginals(compared.record, crime, ratio)


def _with_incidents(
    assaults: pd.DataFrame, crimes: pd.DataFrame, pairs: pd.DataFrame
) -> pd.DataFrame:
    strong = pairs[pairs["own"] >= _LEAST_OWN_PROBABILITY].reset_index(drop=True)
    return strong.assign(probability=of_one_incident(assaults, crimes, strong))
