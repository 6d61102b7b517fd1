"""What each comparison adds to the odds of candidate pairs, in logarithms that add up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ed_ingest.candidates import GAP_MIN, Floats, Positions, reach_m, told_spans
from ed_ingest.link_model import weights
from ed_ingest.weighed_pairs import Compared

# The comparisons of `evidence.CODE_SHAPES`, in their order.
CODE_NAMES = (
    "names_of_place",
    "wait_for_arrival",
    "method_and_offence",
    "method_and_knife",
    "place_and_night_time_economy",
    "place_and_domestic_abuse",
    "alcohol",
)
FACTORS = (
    "share_known", "distance", "time", "coincidence", *CODE_NAMES, "rivals", "same_incident",
)  # fmt: skip
# What rounding leaves of never and of certain; their logarithms would run away.
_NEVER, _CERTAIN = 1e-300, 1 - 1e-12


def log_odds_of(
    assaults: pd.DataFrame,
    compared: Compared,
    rows: Positions,
    *,
    single: Floats,
    own: Floats,
    probability: Floats,
) -> pd.DataFrame:
    """Split the log-odds of some pairs into what each comparison adds.

    Distance and time are told against a crime that lies anywhere in the area and the hours that
    were searched; ``coincidence`` is then the number of crimes that chance puts there, each
    counting as it is alike.

    Parameters
    ----------
    assaults
        As `weighed_pairs.compare_pairs` took them.
    compared
        As it gave them.
    rows
        Positions of the pairs wanted, among all candidate pairs.
    single, own, probability
        Of each pair wanted: its odds by itself; the probability that it is this patient's crime,
        as every record has one at most; and that both records are of one incident.

    Returns
    -------
    DataFrame
        One row per pair, in the order of `rows`; columns `FACTORS`, natural logarithms. They add up
        to the log-odds of `probability`.
    """
    model, pairs = compared.model, compared.features.of(rows)
    area_m2, window_min = (values[pairs.assault] for values in _searched(assaults))
    prior = model.share / (1 - model.share)
    whole = weights(model, pairs)
    parts = {
        "share_known": np.full(len(rows), np.log(prior)),
        "distance": np.log(model.rings[pairs.ring] / pairs.area_m2 * area_m2),
    }
    for name, code, found in zip(CODE_NAMES, pairs.codes, model.codes, strict=True):
        parts[name] = np.log(found[code])
    # Of the weight, what is left is that of the time.
    others = np.sum([parts["distance"], *(parts[name] for name in CODE_NAMES)], axis=0)
    parts["time"] = np.log(whole * area_m2 * window_min) - others
    parts["coincidence"] = np.log(single / prior) - np.log(whole * area_m2 * window_min)
    parts["rivals"] = log_odds(own) - np.log(single)
    parts["same_incident"] = log_odds(probability) - log_odds(own)
    return pd.DataFrame(parts, columns=list(FACTORS))


def log_odds(probability: Floats) -> Floats:
    """Natural logarithm of the odds; finite also for never and for certain."""
    kept = np.clip(probability, _NEVER, _CERTAIN)
    return np.asarray(np.log(kept / (1 - kept)))


def _searched(assaults: pd.DataFrame) -> tuple[Floats, Floats]:
    """Square metres and minutes in which the crimes of each assault are sought."""
    spans = told_spans(assaults)
    return np.pi * reach_m(assaults) ** 2, spans.end - spans.start + 1 + 2 * GAP_MIN
