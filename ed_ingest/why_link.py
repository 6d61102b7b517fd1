"""Why one assault was linked, or not: what speaks for and against each candidate crime.

Of the crimes nothing is told but classes and weights: no id, no time, no point and no name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from ed_ingest.candidates import Floats
from ed_ingest.link_classes import class_of
from ed_ingest.link_factors import FACTORS, log_odds_of
from ed_ingest.linkage import LEAST_PROBABILITY, SOURCES, records_of
from ed_ingest.not_linkable import why_not_linkable
from ed_ingest.weighed_pairs import (
    Compared,
    best_pairs,
    compare_pairs,
    own_probability,
    weighed_pairs,
)

# Of less likely pairs nothing is told: a weight far out would tell how far apart the times are.
_LEAST_SHOWN = 1e-6
ORDINALS = ("first", "second", "third", "fourth", "fifth")


class Factor(NamedTuple):
    """One comparison: its name, the class found, and what it adds to the log-odds."""

    factor: str
    found: str
    log_odds: float


class Candidate(NamedTuple):
    """One crime that was compared.

    ``factors`` add up to ``log_odds``, those of ``probability``: that both records are of one
    incident. ``chosen``: it is this assault's pair. ``taken``: it is another assault's pair.
    """

    name: str
    factors: tuple[Factor, ...]
    log_odds: float
    probability: float
    chosen: bool
    taken: bool


class Explanation(NamedTuple):
    """Why an assault has its ``link_status``.

    ``reason``: why it could not be compared, empty where it was. ``n_candidates``: how many crimes
    were compared; ``candidates``: the likeliest of them, most likely first, none below one in a
    million. ``stale``: the records have changed since they were linked, so that the pair would now
    be another.
    """

    provider: str
    link_status: str
    reason: str
    candidates: tuple[Candidate, ...]
    n_candidates: int
    stale: bool


def why_link(
    event_id: str,
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    links: pd.DataFrame,
    *,
    threshold: float = 0.5,
    false_places: pd.DataFrame | None = None,
) -> Explanation | None:
    """Weigh the candidates of one assault again, and tell what each comparison says.

    Parameters
    ----------
    event_id
        The assault.
    assaults, crimes
        All records, contract columns, assaults with their ``link_status``.
    links
        As `linkage.link` gave them. Crimes that the hospitals' links took are no candidates for
        other sources.
    threshold, false_places
        As for `linkage.link`.

    Returns
    -------
    Explanation or None
        None where there is no such assault.
    """
    mine = assaults[assaults["event_id"] == event_id]
    if mine.empty:
        return None
    provider, source, status = mine.iloc[0][["provider", "source", "link_status"]]
    reason = why_not_linkable(mine, crimes, false_places=false_places)
    if reason:
        return Explanation(provider, status, reason, (), 0, stale=False)
    free = _not_taken_earlier(source, assaults, crimes, links, threshold=threshold)
    records = records_of(assaults, free, source=source, false_places=false_places)
    ours, theirs = records.assaults, records.crimes
    here = np.flatnonzero(ours["event_id"] == event_id)
    kept = set(links.loc[links["event_id"] == event_id, "crime_id"])
    if theirs.empty or not len(here):
        return Explanation(provider, status, "", (), 0, stale=bool(kept))
    position = int(here[0])
    compared = compare_pairs(ours, theirs)
    told, now = _candidates(position, ours, theirs, compared)
    n = int((compared.features.assault == position).sum())
    return Explanation(provider, status, "", told, n, stale=kept != now)


def _not_taken_earlier(
    source: str,
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    links: pd.DataFrame,
    *,
    threshold: float,
) -> pd.DataFrame:
    """The crimes left over by the links of the sources that come first."""
    earlier = assaults["source"].isin(SOURCES[: SOURCES.index(source)])
    theirs = links["event_id"].isin(assaults.loc[earlier, "event_id"])
    taken = links.loc[theirs & links["probability"].ge(threshold), "crime_id"]
    return crimes[~crimes["crime_id"].isin(taken)]


def facts(explanation: Explanation) -> Mapping[str, object]:
    """The same as plain lists and words, for machines; weights to one decimal."""
    return {
        "provider": explanation.provider,
        "link_status": explanation.link_status,
        "reason": explanation.reason,
        "stale": explanation.stale,
        "n_candidates": explanation.n_candidates,
        "candidates": [
            {
                "candidate": one.name,
                "chosen": one.chosen,
                "taken_by_another_assault": one.taken,
                "probability": round(one.probability, 3),
                "log_odds": round(one.log_odds, 1),
                "factors": [
                    {**factor._asdict(), "log_odds": round(factor.log_odds, 1)}
                    for factor in one.factors
                ],
            }
            for one in explanation.candidates
        ],
    }


def _candidates(
    position: int, assaults: pd.DataFrame, crimes: pd.DataFrame, compared: Compared
) -> tuple[tuple[Candidate, ...], set[str]]:
    """The likeliest candidates of the assault at `position`, and the id of the chosen crime."""
    table = _weighed_again(position, assaults, crimes, compared)
    rows = table["row"].to_numpy()
    parts = log_odds_of(
        assaults,
        compared,
        rows,
        single=table["single"].to_numpy(),
        own=table["own"].to_numpy(),
        probability=table["probability"].to_numpy(),
    ).to_numpy()
    told = table[["probability", "chosen", "taken"]].itertuples(index=False, name=None)
    candidates = tuple(
        Candidate(name, _factors(compared, int(row), part), float(part.sum()), *one)
        for name, row, part, one in zip(ORDINALS, rows, parts, told, strict=False)
    )
    chosen = compared.features.crime[rows[table["chosen"].to_numpy()]]
    return candidates, set(crimes["crime_id"].iloc[chosen])


def _weighed_again(
    position: int, assaults: pd.DataFrame, crimes: pd.DataFrame, compared: Compared
) -> pd.DataFrame:
    """The assault's candidates that are shown: ``row, single, own, probability, chosen, taken``."""
    weighed = weighed_pairs(assaults, crimes, compared)
    best = best_pairs(weighed.pairs, least=LEAST_PROBABILITY)
    single = compared.odds
    rows = np.flatnonzero(compared.features.assault == position)
    crime = compared.features.crime[rows]
    own = own_probability(compared)[rows]
    mine = weighed.pairs[weighed.pairs["assault"] == position].set_index("crime")
    # The weakest pairs are not compared with those of the incident's other patients.
    probability = mine["probability"].reindex(crime).fillna(pd.Series(own, index=crime))
    partner = best.set_index("crime")["assault"].reindex(crime).to_numpy(dtype=float)
    table = pd.DataFrame(
        {
            "row": rows,
            "single": single[rows],
            "own": own,
            "probability": probability.to_numpy(dtype=float),
            "chosen": partner == position,
            "taken": ~np.isnan(partner) & (partner != position),
        }
    )
    table = table[table["probability"] >= _LEAST_SHOWN]
    # Its own pair first, which is asked for: likelier ones may be the pairs of others.
    order = table.sort_values(["chosen", "probability", "row"], ascending=[False, False, True])
    return order.head(len(ORDINALS))


def _factors(compared: Compared, row: int, part: Floats) -> tuple[Factor, ...]:
    return tuple(
        Factor(name, class_of(name, compared, row, float(value)), float(value))
        for name, value in zip(FACTORS, part, strict=True)
    )
