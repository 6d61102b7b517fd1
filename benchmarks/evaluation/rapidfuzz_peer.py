"""One rapidfuzz scorer over all names of a gazetteer: the likeliest name, and how alike it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process, utils

from ed_ingest.places import normal_form
from ed_ingest.tables import Gazetteer

SCORERS: dict[str, Callable[..., Any]] = {
    "ratio": fuzz.ratio,
    "token_set_ratio": fuzz.token_set_ratio,
    "WRatio": fuzz.WRatio,
}
CUT_OFFS = (60, 70, 75, 80, 85, 90, 95)
_LEVELS = {"street": "street", "locality": "locality"}


def names_to_compare(gazetteer: Gazetteer, *, normalised: bool) -> pd.DataFrame:
    """Every name with its place's row: in our normal form, or in lower case without punctuation.

    Returns
    -------
    DataFrame
        ``name``, and ``row``: the place's position in `Gazetteer.places`. The first place of a
        name stands for all of them, as the scorer has nothing to choose by.
    """
    places = gazetteer.places.reset_index(drop=True)
    if normalised:
        row_of = pd.Series(places.index, index=places["place_id"])
        names = gazetteer.names
        table = pd.DataFrame(
            {"name": names["name"].to_numpy(), "row": row_of[names["place_id"]].to_numpy()}
        )
    else:
        written = places["name"] + "|" + places["alt_names"].fillna("")
        parts = written.str.split("|").explode().map(utils.default_process)
        table = pd.DataFrame({"name": parts.to_numpy(), "row": parts.index})
    return table[table["name"] != ""].drop_duplicates("name", ignore_index=True)


def prepared(texts: pd.Series, *, normalised: bool) -> list[str]:
    """Texts in the form of the names."""
    return list(normal_form(texts) if normalised else texts.map(utils.default_process))


def likeliest(texts: list[str], names: pd.DataFrame, scorer: str) -> list[tuple[int, float]]:
    """For each text the row of the likeliest name's place, and the score, 0 to 100."""
    choices, rows = list(names["name"]), list(names["row"])
    found = [process.extractOne(text, choices, scorer=SCORERS[scorer]) for text in texts]
    return [(rows[at], score) for _, score, at in found]


def answers(
    best: list[tuple[int, float]], texts: pd.Series, gazetteer: Gazetteer, cut_off: float
) -> pd.DataFrame:
    """The likeliest places from a cut-off up, as `ed_ingest.places.find_places` would give them."""
    places = gazetteer.places.reset_index(drop=True)
    scores = pd.Series([score for _, score in best], index=texts.index, dtype="float64")
    told = scores >= cut_off
    chosen = places.iloc[[row for row, _ in best]].set_axis(texts.index)
    level = chosen["kind"].map(_LEVELS).fillna("premises").where(told, "none")
    return pd.DataFrame(
        {
            "place_id": chosen["place_id"].where(told),
            "location_level": level,
            "easting": chosen["easting"].where(told),
            "northing": chosen["northing"].where(told),
            "match_score": (scores / 100).where(told),
        }
    )
