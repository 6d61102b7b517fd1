"""What strange words may stand for: words of known names that are spelt or sound nearly so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from ed_ingest.name_index import NameIndex
from ed_ingest.sounds import sound
from ed_ingest.words import abbreviations

EDITS_PER_LETTER_OF_WORD = 0.25
MOST_EDITS = 3
SHORTEST_WORD = 3
_WORDS_AT_ONCE = 2_000


class Meant(NamedTuple):
    """A word of a name that a word may stand for, in normal form, and the edits between."""

    normal: str
    edits: int


class _Vocabulary(NamedTuple):
    """Words of all names: as spelt, in normal form, how they sound and begin; edits allowed.

    `own` and `heard` give the same words by spelling and by sound.
    """

    spelt: list[str]
    normal: list[str]
    sounds: list[str]
    begin: NDArray[np.str_]
    most_edits: NDArray[np.uint8]
    own: Mapping[str, tuple[Meant, ...]]
    heard: Mapping[str, tuple[Meant, ...]]


def meant_words(
    texts: Sequence[Sequence[str]], strange: Sequence[Sequence[bool]], index: NameIndex
) -> Iterator[tuple[list[tuple[Meant, ...]], list[tuple[Meant, ...]]]]:
    """What each word of each text may stand for.

    Parameters
    ----------
    texts
        Words of each text in normal form.
    strange
        For each word, whether it is none that we know; the others stand for themselves.
    index
        The gazetteer's names.

    Yields
    ------
    tuple
        For each text: what each word may stand for, and each word together with the one behind it.
    """
    names = _words_of_names(index)
    words = {
        word
        for own, odd in zip(texts, strange, strict=True)
        for word, is_odd in zip(own, odd, strict=True)
        if is_odd
    }
    # A word that names are made of is none misspelt.
    meant = {**_near_words(sorted(words - names.own.keys()), names)}
    meant |= {word: names.own[word] for word in words & names.own.keys()}
    for own, odd in zip(texts, strange, strict=True):
        single = [
            meant.get(word, ()) if is_odd else (Meant(word, 0),)
            for word, is_odd in zip(own, odd, strict=True)
        ]
        pairs = zip(own, own[1:], odd, odd[1:], strict=False)
        joined = [names.heard.get(sound(a + b), ()) if x or y else () for a, b, x, y in pairs]
        yield single, joined


def _near_words(words: Sequence[str], names: _Vocabulary) -> dict[str, tuple[Meant, ...]]:
    near: dict[str, tuple[Meant, ...]] = {}
    for first in range(0, len(words) if names.spelt else 0, _WORDS_AT_ONCE):
        some = words[first : first + _WORDS_AT_ONCE]
        heard = list(map(sound, some))
        by_sound = _edits(heard, names.sounds)
        # A word that begins with another sound is another word, unless one letter is wrong.
        begin = np.array([how[:1] for how in heard])[:, None]
        by_sound[begin != names.begin[None, :]] = MOST_EDITS + 1
        # What sounds the same is one edit off at least.
        edits = np.minimum(_edits(some, names.spelt), np.maximum(by_sound, 1))
        for i, j in zip(*np.nonzero(edits <= names.most_edits), strict=True):
            found = Meant(names.normal[j], int(edits[i, j]))
            near[some[i]] = (*near.get(some[i], ()), found)
    return near


def _edits(words: Sequence[str], known: Sequence[str]) -> NDArray[np.uint8]:
    """Letters wrong between each word and each known one; more than `MOST_EDITS` are not told."""
    return cdist(words, known, scorer=OSA.distance, score_cutoff=MOST_EDITS, dtype=np.uint8)


@lru_cache(maxsize=2)
def _words_of_names(index: NameIndex) -> _Vocabulary:
    forms = {word: word for name in index.exact for word in name.split()}
    # "steet" stands for "street", whose normal form has too few letters to be told by.
    forms |= {long: short for long, short in abbreviations().items() if short in forms}
    spelt = sorted(word for word in forms if word.isalpha() and len(word) >= SHORTEST_WORD)
    heard: dict[str, tuple[Meant, ...]] = {}
    sounds = list(map(sound, spelt))
    for word, how in zip(spelt, sounds, strict=True):
        heard[how] = (*heard.get(how, ()), Meant(forms[word], 1))
    return _Vocabulary(
        spelt=spelt,
        normal=[forms[word] for word in spelt],
        sounds=sounds,
        begin=np.array([how[:1] for how in sounds], dtype=str),
        most_edits=np.array([_most_edits(word) for word in spelt], dtype=np.uint8),
        own={word: (Meant(forms[word], 0),) for word in spelt},
        heard=heard,
    )


def _most_edits(word: str) -> int:
    """Letters of a word of a name that may be wrong."""
    return min(MOST_EDITS, max(1, int(EDITS_PER_LETTER_OF_WORD * len(word))))
