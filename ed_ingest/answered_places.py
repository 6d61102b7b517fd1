"""What an analyst's answers change: words that mean a place, a district, a home, or no place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from ed_ingest.levels import UNPLACED_LEVELS
from ed_ingest.name_forms import is_distinctive
from ed_ingest.name_index import NameIndex, index_names
from ed_ingest.people import is_name
from ed_ingest.place_choice import UNCERTAINTY_M
from ed_ingest.place_names import FULL, PART
from ed_ingest.place_phrases import names_a_town_elsewhere, phrases_of
from ed_ingest.tables import Gazetteer
from ed_ingest.words import normal_form, normal_word, tokens

# Answers that name no place of the gazetteer.
NOT_A_PLACE, HOME, LOCALITY = "not_a_place", "home", "locality"
SPECIAL = (NOT_A_PLACE, HOME, LOCALITY)

_SCORE = 0.9  # a person said so, of these words
_SAYS_HOME = "at home"
_COLUMNS = (
    *("place_id", "place_name", "location_level", "easting", "northing"),
    *("location_uncertainty_m", "match_score"),
)


def with_alias_names(
    names: pd.DataFrame, aliases: Mapping[str, str], places: pd.DataFrame
) -> pd.DataFrame:
    """Add aliases to the names of places.

    Parameters
    ----------
    names
        ``name, place_id, rank`` of all places, as in `Gazetteer.names`.
    aliases
        Words in normal form -> place id or one of `SPECIAL`.
    places
        ``place_id`` of all places.

    Returns
    -------
    DataFrame
        `names` and a row for each alias that names a place by itself. Left out are ordinary words
        ("the park"), which any sentence may hold, and names that other places bear ("Burger Barn",
        of which there are two): `with_answers` takes those only where nothing else is known.
    """
    # A part of another name yields to what the analyst says.
    taken = set(names.loc[names["rank"] < PART, "name"])
    known = set(places["place_id"])
    rows = [
        (alias, place_id, FULL)
        for alias, place_id in aliases.items()
        if place_id in known and alias not in taken and is_distinctive(alias.split(), shortest=3)
    ]
    added = pd.DataFrame(rows, columns=list(names)).astype(names.dtypes.to_dict())
    if not rows:
        return names
    others = names.merge(added[["name", "place_id"]], how="left", indicator=True)
    kept = names[(others["_merge"] == "left_only").to_numpy()]
    return pd.concat([kept, added], ignore_index=True)


def homes_named(texts: pd.Series, aliases: Mapping[str, str]) -> pd.Series:
    """Put words that say a home in place of texts that name one by an alias.

    Parameters
    ----------
    texts
        Locations in words, as delivered; may be missing.
    aliases
        Words in normal form -> place id or one of `SPECIAL`.
    """
    homes = [f" {alias} " for alias, answer in aliases.items() if answer == HOME]
    if not homes:
        return texts
    forms = " " + normal_form(texts) + " "
    named = forms.map(lambda form: any(home in form for home in homes)).astype(bool)
    return texts.mask(named, _SAYS_HOME)


def with_answers(found: pd.DataFrame, texts: pd.Series, gazetteer: Gazetteer) -> pd.DataFrame:
    """Place what the words alone could not, where an analyst has said what they mean.

    Parameters
    ----------
    found
        What `look_up` found for each of `texts`.
    texts
        Locations in words, on the index of `found`.
    gazetteer
        Known places, EPSG:27700, and the aliases.

    Returns
    -------
    DataFrame
        `found`; rows at no more than a locality whose phrase is an alias get the place of the
        alias, or the level ``locality`` without a point. Texts that name a town of elsewhere and
        homes stay as they are.
    """
    answers = {a: p for a, p in gazetteer.aliases.items() if p not in (HOME, NOT_A_PLACE)}
    open_rows = found["location_level"].isin(UNPLACED_LEVELS).to_numpy()
    if not answers or not open_rows.any():
        return found
    columns = (texts.fillna("").astype("str"), found["place_words"].fillna(""))
    rows = list(zip(*columns, found["location_level"], strict=True))
    asked = {row for row, is_open in zip(rows, open_rows, strict=True) if is_open}
    meant = {row: _meant(*row, answers, gazetteer) for row in asked}
    alias = pd.Series([meant.get(row, "") for row in rows], index=found.index, dtype="str")
    places = _answered_places(gazetteer).reindex(alias.map(answers)).set_index(found.index)
    told = alias != ""
    placed = {c: found[c].mask(told, places[c].astype(found[c].dtype)) for c in _COLUMNS}
    place_words = (found["place_words"].fillna("") + " " + alias).str.strip()
    return found.assign(**placed, place_words=found["place_words"].mask(told, place_words))


def _meant(
    text: str, place_words: str, level: str, answers: Mapping[str, str], gazetteer: Gazetteer
) -> str:
    """The alias that one text is about; empty where there is none."""
    towns = own_town_words(text, gazetteer)
    known = towns | set(place_words.split())
    if names_a_town_elsewhere(text, known, index_names(gazetteer).elsewhere):
        return ""
    phrases = phrases_of(text, known, towns=towns, level=level)
    # A district without a point says no more than a district of the gazetteer.
    told = (p for p in phrases if p in answers and (answers[p] != LOCALITY or level != LOCALITY))
    return next(told, "")


def own_town_words(text: str, gazetteer: Gazetteer) -> set[str]:
    """Words of one text, in normal form, that are of the partnership's own towns.

    A town that is called like a person ("Barry") is not told from one.
    """
    said = {normal_word(match.group()) for match in tokens(text)}
    return said & _town_words(index_names(gazetteer))


@lru_cache(maxsize=2)
def _town_words(index: NameIndex) -> frozenset[str]:
    words = {word for town in index.own_towns for word in town.split()}
    return frozenset(word for word in words if not is_name(word))


def _answered_places(gazetteer: Gazetteer) -> pd.DataFrame:
    """What a record gets whose words mean a place, by place id."""
    ids = gazetteer.places["place_id"]
    wanted = ids.isin(gazetteer.aliases.values()) & ~ids.isin(SPECIAL)
    places = gazetteer.places[wanted].rename(columns={"name": "place_name"})
    kinds = places["kind"]
    places = places.assign(
        location_level=kinds.where(kinds.isin(["street", "locality"]), "premises"),
        location_uncertainty_m=kinds.map(UNCERTAINTY_M),
        match_score=_SCORE,
    )
    district = pd.DataFrame({"location_level": [LOCALITY]}, index=[LOCALITY])
    return pd.concat([places.set_index("place_id", drop=False), district])[list(_COLUMNS)]
