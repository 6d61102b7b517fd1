"""In which class a comparison falls, in words that tell neither a time nor a place."""

from __future__ import annotations

from bisect import bisect_right
from math import exp

from ed_ingest.candidates import GAP_MIN
from ed_ingest.evidence import CODE_SHAPES, NAMES, WAIT
from ed_ingest.link_factors import CODE_NAMES
from ed_ingest.place_words import AGREE, DIFFER, N_ANSWERS
from ed_ingest.weighed_pairs import Compared

# Less than this is no evidence at all, more than 1 and 3 is positive and strong (Kass and Raftery
# 1995, doi:10.1080/01621459.1995.10476572: 2 and 6 of twice the logarithm).
_NOTHING, _POSITIVE, _STRONG = 0.1, 1.0, 3.0
_DISTANCES_M = (50.0, 100.0, 200.0, 400.0)
_GAPS_MIN = {0.0: "the told times meet", 30.0: "within half an hour", 60.0: "within an hour"}
_NAMES = {AGREE: "the same place is named", DIFFER: "different places are named"}
_SOME, _MANY = 0.05, 0.5  # crimes that chance puts into the area and hours searched
_FIXED = {
    "share_known": "how many are known at all",
    "rivals": "what else fits either record",
    "same_incident": "other patients and crimes of the incident",
}


def class_of(factor: str, compared: Compared, row: int, log_odds: float) -> str:
    """The class of one factor of one candidate pair.

    Parameters
    ----------
    factor
        One of `link_factors.FACTORS`.
    compared, row
        The pairs compared, and the position of the pair.
    log_odds
        What the factor adds; of coincidence its size is the class.
    """
    if factor in _FIXED:
        return _FIXED[factor]
    if factor == "distance":
        return _distance_class(float(compared.features.distance_m[row]))
    if factor == "time":
        return _time_class(float(compared.pairs["gap_min"].iloc[row]))
    if factor == "coincidence":
        return _coincidence_class(-log_odds)
    number = CODE_NAMES.index(factor)
    return _code_class(number, int(compared.features.codes[number][row]), log_odds)


def strength_words(log_odds: float) -> str:
    """How strongly something speaks for or against a pair."""
    size = abs(log_odds)
    if size < _NOTHING:
        return "says nothing"
    how = "" if size < _STRONG else " strongly"
    how = " a little" if size < _POSITIVE else how
    return f"speaks {'for' if log_odds > 0 else 'against'} it{how}"


def _distance_class(distance_m: float) -> str:
    number = bisect_right(_DISTANCES_M, distance_m)
    if number == 0:
        return f"under {_DISTANCES_M[0]:.0f} m"
    if number == len(_DISTANCES_M):
        return f"{_DISTANCES_M[-1]:.0f} m or more"
    return f"{_DISTANCES_M[number - 1]:.0f} to {_DISTANCES_M[number]:.0f} m"


def _time_class(gap_min: float) -> str:
    words = next((words for edge, words in _GAPS_MIN.items() if gap_min <= edge), None)
    return words or ("over an hour apart" if gap_min <= GAP_MIN else "a night apart")


def _coincidence_class(log_expected: float) -> str:
    expected = exp(log_expected)
    if expected < _SOME:
        return "quiet place and hour: coincidence unlikely"
    if expected < _MANY:
        return "coincidence possible"
    return "busy place and hour: coincidence likely"


def _code_class(number: int, code: int, log_odds: float) -> str:
    if number == NAMES:
        return _NAMES.get(code % N_ANSWERS, "names cannot tell")
    theirs = code % CODE_SHAPES[number][1]
    # The last class of the crime's side is "not known", but for the offence, which is always told.
    silent = theirs == CODE_SHAPES[number][1] - 1
    if silent:
        return "not known" if number == WAIT else "the police record does not say"
    if abs(log_odds) < _NOTHING:
        return "neither agrees nor differs"
    usual = ("agrees", "differs") if number != WAIT else ("a usual wait", "an unusual wait")
    return usual[0] if log_odds > 0 else usual[1]
