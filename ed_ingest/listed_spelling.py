"""The listed word that a misspelt one stands for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ed_ingest.phrases import word_list
from ed_ingest.words import vocabulary

_ENDINGS = ("", "e", "s", "es", "ed", "d", "ing", "er")
_VOWELS = re.compile(r"[aeiouy]")
_SOUNDS = (
    (re.compile(r"^kn"), "n"), (re.compile(r"^wr"), "r"), (re.compile(r"^sch"), "sk"),
    (re.compile(r"^gh"), "g"), (re.compile(r"ph"), "f"), (re.compile(r"ght"), "t"),
    (re.compile(r"dg"), "j"), (re.compile(r"tch"), "ch"), (re.compile(r"sc(?=[eiy])"), "s"),
    (re.compile(r"c(?=[eiy])"), "s"), (re.compile(r"ck|c(?!h)|q"), "k"), (re.compile(r"x"), "ks"),
    (re.compile(r"z"), "s"), (re.compile(r"(?<=[aeiou])h"), ""),
)  # fmt: skip


@dataclass(frozen=True)
class _Spellings:
    """Words of one list by what a misspelt one keeps: its first sound, consonants, sound."""

    by_first: Mapping[str, tuple[str, ...]]
    by_consonants: Mapping[str, tuple[str, ...]]
    by_sound: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=200_000)
def surely_meant(word: str, name: str) -> str:
    """The listed word that a slip of the keys made this of; the word itself where there is none.

    Letters doubled, swapped, left out or put in, or the vowels left out. An ordinary word and one
    that the list knows are no misspellings.
    """
    if not _may_be_misspelt(word, name):
        return word
    near = (known for known in _near(word, name, 1) if _slip(word, known))
    shortest = 5 if _VOWELS.search(word) else 3
    return next(near, None) or _with_vowels(word, name, shortest=shortest) or word


@lru_cache(maxsize=200_000)
def perhaps_meant(word: str, name: str) -> str:
    """The same, less surely: one wrong letter, a spelling by sound, two words in one."""
    sure = surely_meant(word, name)
    if sure != word or not _may_be_misspelt(word, name):
        return sure
    alike = (known for known in _near(word, name, 2) if _alike(word, known))
    return (
        next(alike, None)
        or _by_sound(word, name)
        or _with_vowels(word, name, shortest=3)
        or _two_words(word, name)
        or _short_word_doubled(word, name)
        or word
    )


def _may_be_misspelt(word: str, name: str) -> bool:
    return (
        len(word) > 2
        and word.isalpha()
        and word.isascii()
        and word not in word_list(name).known
        and word not in vocabulary("safe_words")
    )


def _near(word: str, name: str, edits: int) -> Iterable[str]:
    """Words within so many edits that begin with the same sound, the nearest first."""
    by_first = _spellings(name).by_first
    first = dict.fromkeys((word[:1], _sound(word)[:1]))
    alike = dict.fromkeys(known for letter in first for known in by_first.get(letter, ()))
    found = process.extract(word, list(alike), scorer=OSA.distance, score_cutoff=edits, limit=None)
    listed = word_list(name).known
    found.sort(key=lambda hit: (hit[1], hit[0] not in listed, -len(hit[0]), hit[0]))
    return [str(known) for known, _, _ in found]


def _slip(word: str, known: str) -> bool:
    """Whether two words one edit apart differ by a slip of the keys."""
    shorter = min(len(word), len(known))
    if len(word) == len(known):
        return shorter > 3 and sorted(word) == sorted(known)
    if _single(word) == _single(known):
        return shorter > 3
    return len(known) > 5 and shorter > 4


def _alike(word: str, known: str) -> bool:
    shorter = min(len(word), len(known))
    edits = OSA.distance(word, known)
    if edits == 1:
        vowel = _consonants(word) == _consonants(known)
        return shorter > 5 or (vowel and shorter > 4)
    return shorter > 7 or (sorted(word) == sorted(known) and shorter > 4)


def _with_vowels(word: str, name: str, *, shortest: int) -> str | None:
    """The word that lost vowels: "pnchd", "nghtclub"."""
    consonants = _consonants(word)
    if len(word) < shortest or len(consonants) < 2:
        return None
    fuller = _spellings(name).by_consonants.get(consonants, ())
    return next((known for known in fuller if _is_within(_single(word), known)), None)


def _by_sound(word: str, name: str) -> str | None:
    if len(word) < 4 or len(_sound(word)) < 2:
        return None
    most = 2 if len(word) > 5 else 1 if len(_sound(word)) > 2 else 0
    spoken = _spoken(word)
    alike = _spellings(name).by_sound.get(_sound(word), ())
    return next((w for w in alike if OSA.distance(spoken, _spoken(w)) <= most), None)


def _two_words(word: str, name: str) -> str | None:
    known = word_list(name).known
    cuts = range(3, len(word) - 2) if len(word) > 6 else ()
    both = (cut for cut in cuts if word[:cut] in known and word[cut:] in known)
    return next((f"{word[:cut]} {word[cut:]}" for cut in both), None)


def _short_word_doubled(word: str, name: str) -> str | None:
    single = _single(word)
    return single if single != word and single in word_list(name).known else None


def _single(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def _consonants(word: str) -> str:
    """Consonants of a word, doubled ones once; a vowel at its start counts."""
    return _single(word[:1] + _VOWELS.sub("", word[1:]))


def _sound(word: str) -> str:
    """A coarse key of how a word sounds: the consonants that are heard."""
    return _consonants(_spoken(word))


def _spoken(word: str) -> str:
    for pattern, letters in _SOUNDS:
        word = pattern.sub(letters, word)
    return word


def _is_within(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


@cache
def _spellings(name: str) -> _Spellings:
    """All long words of a list, those of a stem with their common endings."""
    words = word_list(name)
    known = {*words.known, *(stem + end for stem in words.stem_words for end in _ENDINGS)}
    long = [word for word in known if len(word) > 3 and word.isalpha()]
    long.sort(key=lambda word: (word not in words.known, len(word), word))
    return _Spellings(
        by_first=_by(long, lambda word: {word[:1], _sound(word)[:1]}),
        by_consonants=_by(long, lambda word: {_consonants(word)}),
        by_sound=_by(long, lambda word: {_sound(word)}),
    )


def _by(words: Iterable[str], keys: Callable[[str], set[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in words:
        for key in keys(word):
            found.setdefault(key, []).append(word)
    return {form: tuple(alike) for form, alike in found.items()}
