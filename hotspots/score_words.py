"""Did the last map predict? Its scores on the later month, in words."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from hotspots.brief_sections import Section, Table
from hotspots.publishable import Publishable
from hotspots.words import is_missing, period_words, share_interval_words, share_words

TITLE = "Did the last map predict?"
NOTHING_BEFORE = "No earlier map to score: it takes records from before this period."
# The part of the area whose hits the sentence tells; the table has the others.
TOLD_AREA_SHARE = 0.02


class Score(NamedTuple):
    """Share of the later assaults (0 to 1) in the hottest part of the area, with its interval."""

    area_share: float
    hit_rate: float
    low: float
    high: float


def predicted_section(publishable: Publishable) -> Section:
    """How the map of a month earlier foretold the last month, beside a plain count of each cell."""
    ours, naive = (_scores(publishable.evaluation, name) for name in ("density", "counts"))
    month = period_words(publishable.period_to.replace(day=1), publishable.period_to)
    if not ours:
        few = f"Too few assaults in {month} to score an earlier map."
        return Section(TITLE, [NOTHING_BEFORE if publishable.evaluation is None else few])
    sentences = [
        *_verdict(ours, naive, month),
        f"A map made of the records before {month} was tried on the assaults of {month}, beside a "
        "plain count of each square and a map that knows nothing.",
    ]
    beside = {score.area_share: score for score in naive}
    rows = [
        [
            f"hottest {share_words(score.area_share)} of the area",
            _words(score),
            _words(beside.get(score.area_share)),
            share_words(score.area_share),
        ]
        for score in ours
    ]
    headings = ["Share of assaults in the", "This map", "Plain count", "Chance"]
    return Section(TITLE, sentences, Table(headings, [False, True, True, True], rows))


def _scores(evaluation: pd.DataFrame | None, name: str) -> list[Score]:
    """Known scores of one map, the smallest part of the area first."""
    if evaluation is None:
        return []
    known = evaluation[(evaluation["map"] == name) & evaluation["hit_rate"].notna()]
    columns = ["area_share", "hit_rate", "hit_rate_low", "hit_rate_high"]
    return [Score(*map(float, row)) for row in known.sort_values("area_share")[columns].to_numpy()]


def _verdict(ours: list[Score], naive: list[Score], month: str) -> list[str]:
    """One map is called better than another only where their intervals are apart."""
    told = _nearest(ours)
    better = told.low > told.area_share
    words = [
        f"{'Yes, better than chance' if better else 'Not clearly better than chance'}: "
        f"{share_words(told.hit_rate)} of the assaults of {month} fell in the hottest "
        f"{share_words(told.area_share)} of the area."
    ]
    if not naive:
        return words
    plain = _nearest(naive)
    return [
        *words,
        f"Beside a plain count ({share_words(plain.hit_rate)}): {_beside(ours, naive)}.",
    ]


def _beside(ours: list[Score], naive: list[Score]) -> str:
    """Which map did better, at whichever of the sizes that are shown it is clear."""
    by_size = {score.area_share: score for score in naive}
    both = [(one, by_size[one.area_share]) for one in ours if one.area_share in by_size]
    we_did = [one.area_share for one, plain in both if one.low > plain.high]
    it_did = [one.area_share for one, plain in both if one.high < plain.low]
    if bool(we_did) == bool(it_did):
        return "no clear difference"
    who, sizes = ("this map", we_did) if we_did else ("the plain count", it_did)
    told = _nearest(ours).area_share
    return f"{who} did better" + (
        "" if told in sizes else f" in the hottest {share_words(sizes[0])}"
    )


def _nearest(scores: list[Score]) -> Score:
    return min(scores, key=lambda score: abs(score.area_share - TOLD_AREA_SHARE))


def _words(score: Score | None) -> str:
    if score is None:
        return ""
    low, high = (None if is_missing(end) else end for end in (score.low, score.high))
    return share_interval_words(score.hit_rate, low, high)
