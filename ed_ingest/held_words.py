"""Which words of records without a place may be held for a while, so that a person can place them.

`seal` stores only words known to be safe, and the name of an unknown venue is none. What is held
here is stricter than what `redact` leaves: of the words that nobody knows only those that several
attendances of several nights share. What one record alone says may be a person.
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from ed_ingest.answered_places import own_town_words
from ed_ingest.levels import HOMES, UNPLACED_LEVELS, may_be_homes
from ed_ingest.name_index import index_names
from ed_ingest.people import is_name
from ed_ingest.place_phrases import names_a_town_elsewhere, phrases_of, strange_words
from ed_ingest.redaction import only_known_words
from ed_ingest.tables import Gazetteer, Held, Located
from ed_ingest.words import vocabulary

LEAST_NIGHTS = 2  # one night's patients may all come from one home
_SHORTEST = 3  # letters of a word: initials are not held


def words_to_place(located: Located, *, gazetteer: Gazetteer) -> pd.DataFrame:
    """Take the words of records without a place, which are still to go through `hold_words`.

    Parameters
    ----------
    located
        Records after `redact_words` and `locate`.
    gazetteer
        Known places.

    Returns
    -------
    DataFrame
        ``words``; ``place_words, town_words``: those of them, in normal form, that are of known
        places and of the partnership's own towns; ``location_level, night_of``; on the rows of
        `located` that are at no more than a locality. Homes are left out, with all that may be
        one: the type is unknown, and it was domestic, by a partner or relative, or the type came
        in words that were not understood. So are records that name a town of elsewhere.
    """
    columns = ["words", "place_words", "town_words", "location_level", "night_of"]
    if "location_text" not in located:
        return pd.DataFrame(columns=columns)
    open_rows = located["location_level"].isin(UNPLACED_LEVELS) & located["location_text"].notna()
    open_rows &= ~located["location_type"].isin(HOMES) & ~may_be_homes(located)
    rows = located[open_rows]
    texts, of_places = rows["location_text"], rows["place_words"].fillna("")
    towns = {text: own_town_words(text, gazetteer) for text in texts.unique()}
    elsewhere = index_names(gazetteer).elsewhere
    pairs = list(zip(texts, of_places, strict=True))
    is_away = {
        (text, words): names_a_town_elsewhere(text, towns[text] | set(words.split()), elsewhere)
        for text, words in set(pairs)
    }
    told = pd.Series([" ".join(sorted(towns[t])) for t in texts], index=rows.index, dtype="str")
    table = rows.assign(words=texts, place_words=of_places, town_words=told)
    return table.loc[[not is_away[pair] for pair in pairs], columns]


def hold_words(
    texts: pd.DataFrame, *, min_records: int, answered: Collection[str] = frozenset()
) -> Held:
    """Keep of each text the words that may be held; a mark stands for the others.

    Parameters
    ----------
    texts
        ``event_id, words, place_words, town_words, location_level, night_of``: one row an
        attendance, of the delivery and of what is held already.
    min_records
        Attendances that must share a word which nobody knows, 2 or more.
    answered
        Phrases that a person has answered already: nothing is left to ask about them.

    Returns
    -------
    Held
        ``event_id, words, place_words, town_words, phrase``. Of the words stay those known to be
        safe, those of known places and own towns, and those that nobody knows which are no name of
        a person, have no digit and three letters at least, and which `min_records` attendances of
        two nights or more share. `phrase` is what to ask about; texts without one, or with one
        answered, are left out.
    """
    columns = ["words", "place_words", "town_words", "location_level"]
    rows = list(texts[columns].itertuples(index=False, name=None))
    known = {row: {*row[1].split(), *row[2].split()} for row in set(rows)}
    strange = {row: set(strange_words(row[0], known[row])) for row in known}
    shared = _shared_words([strange[row] for row in rows], texts["night_of"], min_records)
    kept = {
        row: only_known_words(row[0], frozenset(known[row] | (strange[row] & shared)))
        for row in known
    }
    phrase = {
        row: next(iter(phrases_of(kept[row], known[row], towns=row[2].split(), level=row[3])), "")
        for row in known
    }
    held = texts[["event_id", "place_words", "town_words"]].assign(
        words=pd.Series([kept[row] for row in rows], index=texts.index, dtype="str"),
        phrase=pd.Series([phrase[row] for row in rows], index=texts.index, dtype="str"),
    )
    return Held(held[(held["phrase"] != "") & ~held["phrase"].isin(list(answered))])


def _shared_words(strange: list[set[str]], nights: pd.Series, min_records: int) -> set[str]:
    said = pd.DataFrame({"word": strange, "night": nights.to_numpy()}).explode("word")
    said = said.dropna(subset="word")
    # Nights that are not known may all be the same one.
    counted = said.fillna({"night": pd.Timestamp(0)}).groupby("word")["night"]
    table = counted.agg(["size", "nunique"])
    many = table[(table["size"] >= min_records) & (table["nunique"] >= LEAST_NIGHTS)].index
    return {word for word in many if _may_be_held(word)}


def _may_be_held(word: str) -> bool:
    # "Darren's" is "darrens" in normal form.
    forms = (word, word.removesuffix("s"))
    person = any(is_name(form) or form in vocabulary("also_names") for form in forms)
    return len(word) >= _SHORTEST and not person and not any(map(str.isdigit, word))
