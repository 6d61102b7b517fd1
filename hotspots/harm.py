"""What one assault weighs, where a partnership says so: five bruises are not five stabbings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd


class HarmWeights(NamedTuple):
    """Harm of one assault by method (contract codes); ``admitted`` is added for an admission."""

    by_method: Mapping[str, float]
    admitted: float = 0.0


def harm_of(assaults: pd.DataFrame, weights: HarmWeights | None) -> pd.Series | None:
    """Weight each assault.

    There is no agreed scale for hospital records: the weights are the partnership's own, in any
    unit. Sherman, Neyroud and Neyroud (2016, DOI 10.1093/police/paw003) weigh police offences by
    days of imprisonment.

    Parameters
    ----------
    assaults
        ``assault_method, admitted`` of the contract.
    weights
        A method without a weight weighs nothing; None where the partnership names none.

    Returns
    -------
    Series or None
        On the index of `assaults`; None without weights.
    """
    if weights is None:
        return None
    by_method = assaults["assault_method"].map(dict(weights.by_method)).fillna(0.0).astype(float)
    return by_method + weights.admitted * assaults["admitted"].eq("yes")
