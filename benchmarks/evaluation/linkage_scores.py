"""How right links, probabilities and the known share are, against the truth."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.evaluation.linkage_scenarios import Simulated

THRESHOLD = 0.5


class Scores(NamedTuple):
    """Of links of at least `THRESHOLD`: precision, recall, F1; of all: calibration."""

    precision: float
    recall: float
    f1: float
    calibration_error: float
    worst_bin: float


def score(links: pd.DataFrame, truth: Simulated, linkable: pd.Series) -> Scores:
    """Score ``event_id, crime_id, probability``; right is a crime of the same incident.

    `linkable` tells, by ``event_id``, which assaults could be linked at all.
    """
    pairs = truth.pairs[truth.pairs["event_id"].map(linkable).astype(bool)]
    right = pd.MultiIndex.from_frame(links[["event_id", "crime_id"]]).isin(
        pd.MultiIndex.from_frame(pairs)
    )
    sure = (links["probability"] >= THRESHOLD).to_numpy()
    hits = int(right[sure].sum())
    possible = _possible(pairs)
    precision, recall = hits / max(sure.sum(), 1), hits / max(possible, 1)
    error, worst = calibration(links["probability"].to_numpy(), right)
    f1 = 2 * hits / max(sure.sum() + possible, 1)
    return Scores(precision, recall, f1, error, worst)


def calibration(probability: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Expected calibration error over ten bins, and the worst bin of 200 pairs or more."""
    if not len(probability):
        return 0.0, 0.0
    which = np.minimum((probability * 10).astype(int), 9)
    error, worst = 0.0, 0.0
    for k in range(10):
        here = which == k
        if here.any():
            off = abs(probability[here].mean() - right[here].mean())
            error += here.mean() * off
            worst = max(worst, off) if here.sum() >= 200 else worst
    return float(error), float(worst)


def _possible(pairs: pd.DataFrame) -> int:
    """Most right links that one-to-one linking can make: records of one incident form a block."""
    if pairs.empty:
        return 0
    # Victims of one incident have the same crimes: the first names the incident.
    incident = pairs["event_id"].map(pairs.groupby("event_id")["crime_id"].min())
    return int(pairs.groupby(incident).nunique().min(axis=1).sum())
