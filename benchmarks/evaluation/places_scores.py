"""Whether the place found for a text is the one it names, and how far its point is off."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

SPECIFIC = frozenset({"coordinates", "premises", "postcode", "junction", "street"})
JUNCTION_M = 60.0
BINS = 10

# Levels that are as fine as the truth's own.
_FINE = {
    "premises": {"coordinates", "premises", "postcode"},
    "junction": {"junction", "street", "coordinates"},
    "street": {"street", "junction", "coordinates"},
    "postcode": {"postcode", "premises", "street", "coordinates"},
    "locality": {"locality", "area"},
    "area": {"area", "locality", "none", ""},
    "none": {"none", "area", "locality", ""},
}
# A landmark is told by its own point, its grounds or the street through it.
_LANDMARK = "M"
_LANDMARK_LEVELS = {"premises", "locality", "street", "area", "coordinates"}
_WITHOUT_PLACE = ("none", "home", "ambiguous")
_OF_A_CANDIDATE_M = 450.0  # the street of one of several candidates
_COARSE_M = 400.0  # a street, junction or postcode this near is coarser, not false


class Answer(NamedTuple):
    """What was found for a text; an empty string or None where there is nothing."""

    place_id: str
    level: str
    easting: float | None
    northing: float | None


class Truth(NamedTuple):
    """What a text names."""

    kind: str  # place, street-level only, junction, postcode, ambiguous, none, home
    acceptable: tuple[str, ...]
    level: str
    easting: float | None
    northing: float | None
    within_m: float


def score(labels: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Compare the places found with the truth.

    Parameters
    ----------
    labels
        ``set, truth_place_id, acceptable_place_ids, truth_level, easting, northing, max_error_m``,
        all text; metres in EPSG:27700.
    found
        On the index of `labels`, as `ed_ingest.places.find_places` gives it: ``place_id,
        location_level, easting, northing, location_uncertainty_m, match_score``.

    Returns
    -------
    DataFrame
        On the index of `labels`: ``set, kind`` of the truth, ``right``, ``claimed`` (a specific
        level was answered), ``false`` (claimed, not right, and not merely coarser than could be),
        ``told`` (any place or point was answered), ``error_m``, ``within_uncertainty`` (missing
        where nothing is to be compared), ``match_score``.
    """
    rows = []
    for (_, label), (_, cells) in zip(labels.iterrows(), found.iterrows(), strict=True):
        truth, answer = _truth(label), _answer(cells)
        error = _distance(truth, answer)
        right = is_right(truth, answer)
        claimed = answer.level in SPECIFIC
        drawn = claimed and error is not None and truth.kind not in ("none", "home")
        rows.append(
            {
                "set": label["set"],
                "kind": truth.kind,
                "right": right,
                "claimed": claimed,
                "false": claimed and not right and not is_coarse(truth, answer),
                "told": bool(answer.place_id) or answer.easting is not None,
                "error_m": error if drawn else math.nan,
                "within_uncertainty": _within(error, cells) if drawn else None,
                "match_score": _number(cells.get("match_score")) if claimed else None,
            }
        )
    return pd.DataFrame(rows, index=labels.index).astype({"match_score": "float64"})


def is_right(truth: Truth, answer: Answer) -> bool:
    """Whether an answer is right, by the kind of its truth."""
    place, level, claimed = answer.place_id, answer.level, answer.level in SPECIFIC
    error = _distance(truth, answer)
    near = error is not None and error <= truth.within_m
    if truth.kind == "home":
        return level == "withheld" and not place and answer.easting is None
    if truth.kind == "none":
        return not place and level in _FINE["none"]
    if truth.kind == "ambiguous":
        if not truth.acceptable:
            return not claimed
        reach = max(truth.within_m, _OF_A_CANDIDATE_M)
        beside = level == "street" and error is not None and error <= reach
        return place in truth.acceptable or beside
    if truth.kind == "junction":
        named = all(part in truth.acceptable for part in place.split("|")) if place else True
        return named and level in _FINE["junction"] and near
    if truth.kind == "postcode":
        return level in _FINE["postcode"] and near
    if claimed and answer.easting is None:
        return False  # a place that could be drawn has no point
    if truth.kind == "street-level only":
        return level in _FINE["street"] and (place in truth.acceptable or near)
    return _right_place(truth, answer, near=near)


def _right_place(truth: Truth, answer: Answer, *, near: bool) -> bool:
    named, claimed = answer.place_id in truth.acceptable, answer.level in SPECIFIC
    if not claimed and (truth.level == "area" or (truth.level == "locality" and named)):
        return True
    landmark = bool(truth.acceptable) and truth.acceptable[0].startswith(_LANDMARK)
    fine = answer.level in _FINE[truth.level] or (landmark and answer.level in _LANDMARK_LEVELS)
    if named:
        return fine or (truth.level == "premises" and claimed)
    return fine and not answer.place_id and near


def is_coarse(truth: Truth, answer: Answer) -> bool:
    """Whether an answer that is not right is near the place, only coarser than it could be."""
    error = _distance(truth, answer)
    return (
        truth.kind not in ("none", "home")
        and answer.level in ("street", "postcode", "junction")
        and error is not None
        and error <= max(truth.within_m, _COARSE_M)
    )


def _truth(label: pd.Series) -> Truth:
    named = label["truth_place_id"]
    kind = named.split(":")[0]
    if kind not in ("ambiguous", "junction", "none", "home", "postcode", "street-level only"):
        kind = "place"
    within = _number(label["max_error_m"])
    return Truth(
        kind,
        tuple(filter(None, label["acceptable_place_ids"].split("|"))),
        label["truth_level"],
        _number(label["easting"]),
        _number(label["northing"]),
        0.0 if within is None else within,
    )


def _answer(cells: pd.Series) -> Answer:
    place, level = ("" if pd.isna(c) else str(c) for c in cells[["place_id", "location_level"]])
    x, y = _number(cells["easting"]), _number(cells["northing"])
    return Answer(place, level, x, y) if None not in (x, y) else Answer(place, level, None, None)


def _number(cell: Any) -> float | None:
    if cell is None or cell == "" or pd.isna(cell):
        return None
    return float(cell)


def _distance(truth: Truth, answer: Answer) -> float | None:
    if answer.easting is None or answer.northing is None:
        return None
    if truth.easting is None or truth.northing is None:
        return None
    return math.hypot(answer.easting - truth.easting, answer.northing - truth.northing)


def _within(error: float | None, cells: pd.Series) -> bool | None:
    radius = _number(cells.get("location_uncertainty_m"))
    return None if radius is None or error is None else error <= radius


def places_named(scored: pd.DataFrame) -> pd.DataFrame:
    """Rows whose text determines a place."""
    return scored[~scored["kind"].isin(_WITHOUT_PLACE)]


def error_at(scored: pd.DataFrame, share: float) -> float:
    """Error in metres that this share of the points told does not exceed; infinite if none was."""
    errors = sorted(scored["error_m"].dropna())
    return errors[min(len(errors) - 1, int(share * len(errors)))] if errors else math.inf


def reliability(scored: pd.DataFrame) -> pd.DataFrame:
    """Answers of a specific level by their score.

    Returns
    -------
    DataFrame
        One row for each tenth of the score that has answers: ``low`` (its lower end), ``n``,
        ``score`` (mean), ``right`` (share).
    """
    told = scored.dropna(subset=["match_score"])
    tenth = np.minimum((told["match_score"] * BINS).astype(int), BINS - 1)
    groups = told.assign(right=told["right"].astype(float)).groupby(tenth)
    table = groups.agg(n=("right", "size"), score=("match_score", "mean"), right=("right", "mean"))
    return table.assign(low=table.index / BINS).reset_index(drop=True)


def calibration_error(scored: pd.DataFrame) -> float:
    """Expected calibration error: mean distance of score and share right over the tenths.

    Naeini, Cooper and Hauskrecht (2015), https://doi.org/10.1609/aaai.v29i1.9602. Missing where
    nothing was answered.
    """
    table = reliability(scored)
    if table.empty:
        return math.nan
    gaps = (table["score"] - table["right"]).abs()
    return float((gaps * table["n"]).sum() / table["n"].sum())
