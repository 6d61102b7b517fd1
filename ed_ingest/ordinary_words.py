"""Words of common English, Welsh and the shorthand of clinics, with their other forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from ed_ingest.schema import load_vocabulary
from ed_ingest.words import normal_text, vocabulary

_VOWELS = frozenset("aeiou")
_HISSES = ("s", "x", "z", "ch", "sh")
_SHORTEST_DOUBLED, _LONGEST_DOUBLED = 3, 4  # letters of a verb whose last one doubles: stab, skip


@cache
def ordinary_words() -> frozenset[str]:
    """Every word that may stay whatever the text is about, in normal form."""
    listed = vocabulary("safe_words") | vocabulary("place_types")
    return listed | _normal(load_vocabulary("common_words")["word"]) | inflected_words()


@cache
def inflected_words() -> frozenset[str]:
    """Forms of the listed words that are made by rule: a listed name comes before them."""
    table = load_vocabulary("common_words")
    return _normal(
        form
        for word, forms in zip(table["word"], table["forms"], strict=True)
        for form in other_forms(word, forms)
    )


@cache
def words_of_what_was_done() -> frozenset[str]:
    """Words that say what was done, with what, by whom, when or which injury; none of a place."""
    table = load_vocabulary("common_words")
    told = table[table["told"] == "yes"]
    rows = zip(told["word"], told["forms"], strict=True)
    return _normal(form for word, forms in rows for form in (word, *other_forms(word, forms)))


@cache
def words_of_deeds() -> frozenset[str]:
    """Verbs that say what somebody did, in every form."""
    table = load_vocabulary("common_words")
    told = table[(table["told"] == "yes") & table["forms"].str.contains("v")]
    return _normal(form for word in told["word"] for form in (word, *other_forms(word, "v")))


def other_forms(word: str, forms: str) -> Iterator[str]:
    """Plural of a noun (n), forms of a verb (v) and of an adjective (a).

    >>> sorted(other_forms("stab", "v"))
    ['stabbed', 'stabber', 'stabbing', 'stabs']
    """
    if "n" in forms:
        yield _with_s(word)
    if "v" in forms:
        stem = _stem(word)
        yield from (_with_s(word), stem + "ing", _past(stem, word), _past(stem, word)[:-1] + "r")
    if "a" in forms:
        stem = _stem(word)
        past = _past(stem, word)
        yield from (past[:-1] + "r", past[:-1] + "st", _adverb(word))


def _with_s(word: str) -> str:
    if word.endswith("y") and len(word) > 1 and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(_HISSES) else "s")


def _stem(word: str) -> str:
    """What -ing stands behind: the mute e falls away, the last letter of a short word doubles."""
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        return word[:-1]
    short = _SHORTEST_DOUBLED <= len(word) <= _LONGEST_DOUBLED or word.startswith(("un", "re"))
    closed = word[-1] not in _VOWELS and word[-1] not in "wxyh" and word[-2:-1] in tuple(_VOWELS)
    return word + word[-1] if short and closed and word[-3:-2] not in tuple(_VOWELS) else word


def _past(stem: str, word: str) -> str:
    if word.endswith("y") and len(word) > 1 and word[-2] not in _VOWELS:
        return word[:-1] + "ied"
    return stem + "ed" if not word.endswith(("ee", "oe", "ye")) else word + "d"


def _adverb(word: str) -> str:
    if word.endswith("y"):
        return word[:-1] + "ily"
    return word[:-1] + "y" if word.endswith("le") else word + "ly"


def _normal(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(normal_text, words))
