"""Names of people among the words of a location: what stays is known to be none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from ed_ingest.homes import is_house_number
from ed_ingest.known_places import ORDINARY, Span
from ed_ingest.name_index import NameIndex
from ed_ingest.words import vocabulary, vocabulary_kind

# Numbers that stay: a clock time, a count, an ordinal, a road, a bus.
_HARMLESS_NUMBER = re.compile(
    r"x?\d{1,2}|\d{3}|(?:[01]\d|2[0-4])[0-5]\d(?:h|hrs?)?|\d{1,2}(?:am|pm|st|nd|rd|th|hrs?|h|ft|m|mins?|"
    r"yds?|km|s|x|[a-d])|\d{3}m|[abm]\d{1,4}|m\d{1,2}|[a-z]\d{1,2}|\d{4}s?(?=$)"
)
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[0-5]\d(?:h|hrs?)?")
_OUTSIDE = frozenset({"outside", "near", "opposite", "inside", "behind", "beside"})
_AT_A_PLACE = _OUTSIDE | {"in", "at", "off", "on", "next"}
_LINKS = frozenset({"the", "a", "to", "of"})
# Words that end the name of a street or venue, and are not also an ordinary end of a sentence.
_NO_ENDING = frozenset(
    {
        *("close", "way", "rise", "view", "court", "place", "hill", "row", "walk", "drive"),
        *("house", "flat", "shop", "store", "stores", "kitchen", "hall", "social", "sports"),
        *("market", "food", "chicken", "fish", "field", "fields", "cross", "tower", "well"),
        *("wood", "woods", "prison", "bridge", "lake", "beach", "recreation", "green", "common"),
        *("spice", "burger", "burgers", "coffee", "bakers", "butchers"),
    }
)
MOST_NAME_WORDS = 3


def kept_words(
    raw: Sequence[str],
    words: Sequence[str],
    breaks: Sequence[bool],
    spans: Sequence[Span],
    index: NameIndex,
) -> list[bool]:
    """For each word of a text, whether it may stay.

    A word stays when it belongs to a known place, is an ordinary word, or stands where an unknown
    place does ("o/s the Xyz", "Xyz Street"). A word that is a name, or nothing that is known, goes.

    Parameters
    ----------
    raw
        The words as written.
    words
        The same in normal form.
    breaks
        For each word, whether punctuation or the start of the text stands before it.
    spans
        Names of known places among them.
    index
        The gazetteer's names.
    """
    covered = _protected(words, spans, index)
    cues = [_PLACE if known else word for word, known in zip(words, covered, strict=True)]
    keep = [
        known or _is_ordinary(word, cues[i - 1] if i else "") or _is_number(words, i, covered)
        for i, (word, known) in enumerate(zip(words, covered, strict=True))
    ]
    _keep_unknown_venues(raw, words, breaks, covered, keep)
    return keep


def is_safe_word(word: str) -> bool:
    """Whether a word in normal form, or a number, may be stored whatever stands beside it."""
    if any(map(str.isdigit, word)):
        return _HARMLESS_NUMBER.fullmatch(word) is not None and (
            len(word) < 4 or not word.isdigit() or _CLOCK.fullmatch(word) is not None
        )
    return word == "/" or word in vocabulary("safe_words") or word in vocabulary("place_types")


def _protected(words: Sequence[str], spans: Sequence[Span], index: NameIndex) -> list[bool]:
    """Words of known places, chains and towns; not where a cue makes a person of them."""
    covered = [False] * len(words)
    starts = {span.start for span in spans}
    # A word of a known place is no cue: the "Dr" of "Wheatsheaf Dr, Marford" is a drive.
    cues = list(words)
    for span in sorted(spans):
        if not _is_person(cues, span, followed=span.end in starts):
            covered[span.start : span.end] = [True] * (span.end - span.start)
            cues[span.start : span.end] = [_PLACE] * (span.end - span.start)
    for i in range(len(words)):
        for end in (i + 1, i + 2):
            if "".join(words[i:end]).upper() in index.premises_postcodes:
                covered[i:end] = [True] * (end - i)
    for start, word in enumerate(words):
        if covered[start] or not (word in _venue_first_words() or word in index.town_first_words):
            continue
        for end in range(min(len(words), start + 3), start, -1):
            name = " ".join(words[start:end])
            if _is_town_or_chain(name, index) and not _is_cued(cues, start):
                covered[start:end] = [True] * (end - start)
                break
    return covered


_PLACE = "·"  # stands for a word of a known place


def _is_town_or_chain(name: str, index: NameIndex) -> bool:
    towns = name in index.own_towns or name in index.elsewhere
    return towns or name in vocabulary("known_venues", "name")


@cache
def _venue_first_words() -> frozenset[str]:
    return frozenset(name.split()[0] for name in vocabulary("known_venues", "name"))


def _is_person(words: Sequence[str], span: Span, *, followed: bool) -> bool:
    inside = words[span.start : span.end]
    relations = vocabulary_kind("name_cues", "strength", "strong")
    if len(inside) == 1 and span.start and words[span.start - 1] in relations:
        return True
    if not all(map(is_name, inside)):
        return False
    if _is_cued(words, span.start):
        return True
    if span.score <= ORDINARY:
        return not followed
    # One word alone is a person's name unless it stands where a place does.
    before = words[span.start - 1] if span.start else ""
    return len(inside) == 1 and before not in _AT_A_PLACE | _LINKS and span.end != len(words)


def _is_cued(words: Sequence[str], i: int) -> bool:
    return i > 0 and words[i - 1] in _cues()


def _is_ordinary(word: str, before: str) -> bool:
    if word == "/":
        return True
    if word not in vocabulary("safe_words") and word not in vocabulary("place_types"):
        return False
    if word not in _sometimes():
        return True
    # An ordinary word that is also a name: a name beside a cue or another name.
    return before not in _strong_cues() and not (is_name(before) and not _ends_a_name(word))


def _ends_a_name(word: str) -> bool:
    return word in vocabulary("place_types")


def _is_number(words: Sequence[str], i: int, covered: Sequence[bool]) -> bool:
    word = words[i]
    if not any(map(str.isdigit, word)) or not _HARMLESS_NUMBER.fullmatch(word):
        return False
    if len(word) == 4 and word.isdigit() and not _CLOCK.fullmatch(word):
        return False
    if i and words[i - 1] in _strong_cues():
        return False
    return not (is_house_number(word) and _street_follows(words, i, covered))


def _street_follows(words: Sequence[str], i: int, covered: Sequence[bool]) -> bool:
    """Whether a street stands right behind a number, which is then a house's."""
    streets = vocabulary_kind("place_types", "kind", "street")
    following = words[i + 1 : i + 5]
    for n, word in enumerate(following):
        if word in streets and n > 0:
            return True
        if word in vocabulary("safe_words") and not covered[i + 1 + n] and n == 0:
            return False
    return False


def _keep_unknown_venues(
    raw: Sequence[str],
    words: Sequence[str],
    breaks: Sequence[bool],
    covered: Sequence[bool],
    keep: list[bool],
) -> None:
    """Keep runs of unknown words that stand where the name of a place does."""
    i = 0
    while i < len(words):
        if keep[i]:
            i += 1
            continue
        end = i
        while end < len(words) and not keep[end]:
            end += 1
        run = _Run(i, end, list(words[i:end]), raw[end - 1].lower().endswith(_POSSESSIVE))
        if _is_place_name(run, words, breaks, covered):
            keep[i:end] = [True] * (end - i)
        i = end


class _Run(NamedTuple):
    """Words next to each other that are neither ordinary nor of a known place."""

    start: int
    end: int
    words: list[str]
    possessive: bool


_POSSESSIVE = ("'s", "’s", "s'", "s’")


def _is_place_name(
    run: _Run, words: Sequence[str], breaks: Sequence[bool], covered: Sequence[bool]
) -> bool:
    if len(run.words) > MOST_NAME_WORDS or any(_is_initial_or_number(w) for w in run.words):
        return False
    before = words[run.start - 1] if run.start else ""
    if before in _WELSH_PLACES and not all(map(is_name, run.words)):
        return True
    if before in _LINKS and run.start > 1:
        before = words[run.start - 2]
    here = before in _AT_A_PLACE
    if _is_cued(words, run.start) and not here:
        return False
    first = here or breaks[run.start]
    after = words[run.end] if run.end < len(words) else ""
    named = any(map(is_name, run.words))
    if after in vocabulary("place_types") and after not in _NO_ENDING and not breaks[run.end]:
        return run.possessive or first or not named
    if not run.possessive:
        return here and not named
    # "Kitty Flynn's" is a pub, "o/s Dorothy's" a place; "at Rhys's" may be a home.
    last = run.end == len(words) or breaks[run.end]
    on_street = run.end < len(words) and covered[run.end]
    return on_street or (last and (before in _OUTSIDE or (len(run.words) > 1 and first)))


_WELSH_PLACES = frozenset(
    {
        *("ty", "tafarn", "clwb", "gwesty", "heol", "ffordd", "stryd", "maes", "plas", "parc"),
        *("llys", "bryn", "cwrt", "nant", "pont", "eglwys", "capel", "ysgol", "clos", "lon"),
        "rhodfa",
    }
)


def is_name(word: str) -> bool:
    """Whether a word is a common name of a person, or more often that than anything else."""
    names = vocabulary("person_names", "name")
    return word in names or word in _always() or word.removesuffix("s") in names


def _is_initial_or_number(word: str) -> bool:
    return len(word) == 1 or any(map(str.isdigit, word))


@cache
def _strong_cues() -> frozenset[str]:
    return _cues() - vocabulary_kind("name_cues", "strength", "weak")


@cache
def _cues() -> frozenset[str]:
    return vocabulary("name_cues")


@cache
def _always() -> frozenset[str]:
    return vocabulary_kind("also_names", "always", "yes")


@cache
def _sometimes() -> frozenset[str]:
    return vocabulary_kind("also_names", "always", "no")
