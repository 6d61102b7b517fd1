"""What each distinct word of some texts is: ordinary, a name, a cue, a number, a word of places.

Each distinct word is looked at once for all texts; a text then asks only for its words' flags.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from ed_ingest.name_index import NameIndex
from ed_ingest.numbers_kept import is_harmless_number
from ed_ingest.ordinary_words import (
    inflected_words,
    ordinary_words,
    words_of_deeds,
    words_of_what_was_done,
)
from ed_ingest.schema import load_vocabulary
from ed_ingest.sounds import sound
from ed_ingest.spelling import Spellings, corrections, spellings_of
from ed_ingest.words import abbreviations, normal_text, vocabulary, vocabulary_kind

ORDINARY = 1 << 0  # may stay unless it is also a name and a cue makes one of it
NAME = 1 << 1  # of a person, wherever no known place protects it
ALSO_NAME = 1 << 2  # an ordinary word that is sometimes a name
FORENAME = 1 << 3  # such a word that is a forename
CUE = 1 << 4  # a name often follows
STRONG = 1 << 5  # a name follows unless the next word is ordinary
RELATION = 1 << 6  # so does one even if a place is called like it
TYPE = 1 << 7  # ends the name of a street, a venue or another place
STREET = 1 << 8  # ends the name of a street
PLACE = 1 << 9  # a word of known places that is no name
NUMBER = 1 << 10  # has a digit
HARMLESS = 1 << 11  # a number in the shape of a time, a count, a road
LEADS = 1 << 12  # first word of a town or chain
MISSPELT = 1 << 13  # an ordinary word, or one of places, with one letter wrong
LETTER = 1 << 14  # one letter alone
TOLD = 1 << 15  # says what was done, with what, by whom, when or which injury
DEED = 1 << 16  # a verb of violence
LABEL = 1 << 17  # a number behind it is a room's, a platform's, a bus's
ADDRESSED = 1 << 18  # a word of streets or localities
SURNAME = 1 << 19  # a name that is no forename
TITLED = 1 << 20  # an ordinary word that is a name only behind a title, relation or name
DOUBTFUL = 1 << 21  # does not simply stay
_MAY_GO = NAME | ALSO_NAME | NUMBER | LETTER | PLACE | MISSPELT

SHORTEST_MISSPELT = 5  # letters


class PlaceWords(NamedTuple):
    """Words of the gazetteer's names and addresses that no list of ours holds.

    Attributes
    ----------
    words
        Words of names and addresses.
    addressed
        Words of streets and localities.
    beginnings
        First two words of each name of three or more.
    localities
        Localities of one word, which may be names of people too.
    spellings
        For telling which word of the gazetteer a misspelt one stands for; `_our_spellings` tells it
        of the words of our lists.
    sounds
        How words of the gazetteer's names sound that no name of a person sounds like.
    """

    words: frozenset[str]
    addressed: frozenset[str]
    beginnings: frozenset[tuple[str, str]]
    localities: frozenset[str]
    spellings: Spellings
    sounds: frozenset[str]


def kinds_of(words: Iterable[str], index: NameIndex) -> dict[str, int]:
    """Flags of each distinct word, in normal form, of some texts."""
    places = place_words(index)
    kinds = {word: _kind(word, places, index) for word in set(words)}
    return {
        word: kind | DOUBTFUL if kind & _MAY_GO or not kind & ORDINARY else kind
        for word, kind in kinds.items()
    }


def _kind(word: str, places: PlaceWords, index: NameIndex) -> int:
    kind = listed_kinds().get(word, 0)
    if word in index.town_first_words and word != "the":
        kind |= LEADS
    if word in places.addressed:
        kind |= ADDRESSED
    if len(word) == 1 and word.isalpha():
        return kind | LETTER
    if kind & (ORDINARY | NAME):
        return kind
    if any(map(str.isdigit, word)):
        return kind | NUMBER | (HARMLESS if is_harmless_number(word) else 0)
    if word[-1] == "s" and listed_kinds().get(word[:-1], 0) & NAME:
        return kind | listed_kinds()[word[:-1]] & (NAME | SURNAME)
    if word in places.words:
        return kind | PLACE
    return kind | _misspelt(word, places)


def _misspelt(word: str, places: PlaceWords) -> int:
    """Flags of what a word with one letter wrong stands for; none where a name is as near."""
    if len(word) < SHORTEST_MISSPELT or not word.isalpha():
        return 0
    kinds, normal = listed_kinds(), abbreviations()
    meant = corrections(word, _our_spellings(), places.spellings)
    flags = [kinds.get(normal.get(w, w), 0) for w in meant]
    ended = [flag for w, flag in zip(meant, flags, strict=True) if w in _endings()]
    if ended:
        return ORDINARY | MISSPELT | ended[0] & (TYPE | STREET)
    if not places.localities.isdisjoint(meant):
        return PLACE | MISSPELT
    if any(flag & NAME for flag in flags):
        return 0
    if not places.words.isdisjoint(meant):
        return PLACE | MISSPELT
    if flags:
        return ORDINARY | MISSPELT
    return PLACE | MISSPELT if sound(word) in places.sounds else 0


@cache
def listed_kinds() -> dict[str, int]:
    """Flags of every word of the vocabularies."""
    kinds: dict[str, int] = defaultdict(int)
    listed = [*_ordinary_and_names(), *_cues(), *_of_places()]
    listed += [(word, TOLD) for word in words_of_what_was_done()]
    listed += [(word, DEED) for word in words_of_deeds()]
    listed += [(word, LABEL) for word in around_places("numbered")]
    for word, flag in listed:
        kinds[word] |= flag
    return dict(kinds)


def around_places(role: str) -> frozenset[str]:
    """Words that stand around the names of places in one role (place_cues.csv)."""
    return vocabulary_kind("place_cues", "role", role)


def _ordinary_and_names() -> Iterator[tuple[str, int]]:
    names = vocabulary("person_names", "name")
    always = vocabulary_kind("also_names", "always", "yes")
    forenames = vocabulary_kind("also_names", "always", "first")
    by_rule = inflected_words() - vocabulary("safe_words") - vocabulary("common_words")
    for word in ordinary_words():
        if word not in always and not (word in by_rule and word in names):
            yield word, ORDINARY
    yield from ((word, NAME) for word in (names - ordinary_words()) | (names & by_rule) | always)
    yield from ((word, ALSO_NAME) for word in vocabulary("also_names") - always)
    yield from ((word, SURNAME) for word in vocabulary_kind("person_names", "part", "surname"))
    surnames = vocabulary_kind("common_words", "surname", "yes") - always
    yield from ((word, ALSO_NAME | TITLED) for word in surnames)
    yield from ((word, FORENAME) for word in forenames)


def _cues() -> Iterator[tuple[str, int]]:
    table = load_vocabulary("name_cues")
    flags = {"strong": CUE | STRONG | RELATION, "role": CUE | STRONG, "weak": CUE}
    for word, strength in zip(table["word"], table["strength"], strict=True):
        yield normal_text(word), flags[strength]


def _of_places() -> Iterator[tuple[str, int]]:
    yield from ((word, TYPE) for word in vocabulary("place_types"))
    yield from ((word, STREET) for word in vocabulary_kind("place_types", "kind", "street"))
    first_words = {name.split()[0] for name in vocabulary("known_venues", "name")}
    yield from ((word, LEADS) for word in first_words - {"the"})
    yield from ((town, LEADS) for town in around_places("town_of_a_name"))


@lru_cache(maxsize=2)
def place_words(index: NameIndex) -> PlaceWords:
    """Words of a gazetteer's names and addresses; kept for its next delivery."""
    of_streets = {
        word
        for name, rows in index.exact.items()
        if any(index.kinds[row] in ("street", "locality") for row in rows)
        for word in name.split()
    }
    of_addresses = {word for address in index.addresses for word in address.split()}
    named = {word for name in index.exact for word in name.split()}
    towns = {word for name in index.own_towns | index.elsewhere for word in name.split()}
    venues = {word for name in vocabulary("known_venues", "name") for word in name.split()}
    words = {w for w in named | of_addresses | towns | venues if len(w) > 1 and w.isalpha()}
    kinds = listed_kinds()
    unlisted = frozenset(w for w in words if not kinds.get(w, 0) & (ORDINARY | NAME | CUE))
    long = (name.split() for name in index.exact if name.count(" ") > 1)
    beginnings = frozenset((name[0], name[1]) for name in long)
    localities = frozenset(
        name
        for name, rows in index.exact.items()
        if " " not in name and any(index.kinds[row] == "locality" for row in rows)
    )
    spellings = spellings_of(sorted(w for w in unlisted | localities if w.isalpha()))
    long_enough = (w for w in named if len(w) >= SHORTEST_MISSPELT and w.isalpha())
    sounds = frozenset(map(sound, long_enough)) - _sounds_of_names()
    return PlaceWords(unlisted, frozenset(of_streets), beginnings, localities, spellings, sounds)


@cache
def _our_spellings() -> Spellings:
    """Our own words, which are far more than a gazetteer's: their spellings are made once."""
    listed = listed_kinds().items()
    ours = {w for w, kind in listed if kind & NAME or len(w) >= SHORTEST_MISSPELT}
    return spellings_of(sorted(w for w in ours | _endings() if w.isalpha()))


@cache
def _sounds_of_names() -> frozenset[str]:
    return frozenset(sound(word) for word, kind in listed_kinds().items() if kind & NAME)


@cache
def _endings() -> frozenset[str]:
    """Words that end the name of a place, written in full: "street", not its normal form "st"."""
    types = vocabulary("place_types")
    return types | {word for word, normal in abbreviations().items() if normal in types}
