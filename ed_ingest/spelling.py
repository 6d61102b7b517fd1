"""Words with one letter wrong: find the words that they may stand for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from rapidfuzz.distance import OSA

from ed_ingest.words import vocabulary

SHORTEST = 4
# Longer than any word of a name: each spelling with a letter less is as long again.
LONGEST = 100

# A spelling with one letter left out -> the words that become so.
Spellings = Mapping[str, tuple[str, ...]]


def spellings_of(words: Iterable[str]) -> Spellings:
    """Every word of at least four letters under each spelling with one letter left out."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in dict.fromkeys(words):
        if len(word) >= SHORTEST:
            for less in _one_letter_less(word):
                found[less].append(word)
    return {less: tuple(words) for less, words in found.items()}


def corrections(word: str, *spellings: Spellings) -> list[str]:
    """Known words that differ from `word` by one letter wrong, missing, too many or swapped."""
    forms = _one_letter_less(word)
    candidates = {known for by in spellings for less in forms for known in by.get(less, ())}
    return sorted(known for known in candidates if edit_distance(word, known) == 1)


def edit_distance(one: str, other: str) -> int:
    """Letters to insert, delete, replace or swap with their neighbour to make one of the other.

    >>> edit_distance("claer", "clare")
    1
    """
    return OSA.distance(one, other)


def is_ordinary_misspelt(word: str) -> bool:
    """Whether a word is an ordinary word with one letter wrong."""
    return not _one_letter_less(word).isdisjoint(_ordinary())


def _one_letter_less(word: str) -> set[str]:
    if len(word) > LONGEST:
        return {word}
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(spellings_of(vocabulary("safe_words")))
