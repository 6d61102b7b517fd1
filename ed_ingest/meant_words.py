"""What strange words may stand for: words of known names that are spelt or sound nearly so."""

from __future__ import annotations

from collections import defaultdict
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


class _Group(NamedTuple):
    """Words that some strange words are compared with, and their positions among all."""

    at: NDArray[np.int64]
    words: list[str]


class _Vocabulary(NamedTuple):
    """Words of all names: as spelt, in normal form; edits allowed.

    `by_length` has for each length of a strange word the words that may be so long misspelt,
    `by_beginning` the sounds of words by their first letter. `own` and `heard` give what words
    stand for by spelling and by sound.
    """

    spelt: list[str]
    normal: list[str]
    most_edits: NDArray[np.uint8]
    by_length: Mapping[int, _Group]
    by_beginning: Mapping[str, _Group]
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
    edits: dict[tuple[str, int], int] = {}
    by_length: dict[int, list[str]] = defaultdict(list)
    by_beginning: dict[str, list[str]] = defaultdict(list)
    for word in words:
        by_length[len(word)].append(word)
        by_beginning[sound(word)[:1]].append(word)
    for length, some in by_length.items():
        edits |= _near(some, some, names.by_length.get(length), names)
    # A word that begins with another sound is another word, unless its letters are as near.
    for beginning, some in by_beginning.items():
        heard = list(map(sound, some))
        for pair, d in _near(some, heard, names.by_beginning.get(beginning), names).items():
            # What sounds the same is one edit off at least.
            edits[pair] = min(max(d, 1), edits.get(pair, MOST_EDITS))
    near: dict[str, list[Meant]] = defaultdict(list)
    for (word, j), d in sorted(edits.items()):
        near[word].append(Meant(names.normal[j], d))
    return {word: tuple(found) for word, found in near.items()}


def _near(
    words: Sequence[str], forms: Sequence[str], group: _Group | None, names: _Vocabulary
) -> dict[tuple[str, int], int]:
    """Edits between each word, in the form to compare, and the words of a group near enough."""
    found: dict[tuple[str, int], int] = {}
    if group is None:
        return found
    allowed = names.most_edits[group.at]
    for first in range(0, len(words), _WORDS_AT_ONCE):
        some = forms[first : first + _WORDS_AT_ONCE]
        # More than `MOST_EDITS` are not told.
        edits = cdist(
            some, group.words, scorer=OSA.distance, score_cutoff=MOST_EDITS, dtype=np.uint8
        )
        for i, j in zip(*np.nonzero(edits <= allowed), strict=True):
            found[words[first + i], int(group.at[j])] = int(edits[i, j])
    return found


@lru_cache(maxsize=2)
def _words_of_names(index: NameIndex) -> _Vocabulary:
    forms = {word: word for name in index.exact for word in name.split()}
    # "steet" stands for "street", whose normal form has too few letters to be told by.
    forms |= {long: short for long, short in abbreviations().items() if short in forms}
    spelt = sorted(word for word in forms if word.isalpha() and len(word) >= SHORTEST_WORD)
    heard: dict[str, tuple[Meant, ...]] = {}
    beginnings: dict[str, list[int]] = defaultdict(list)
    lengths: dict[int, list[int]] = defaultdict(list)
    sounds = list(map(sound, spelt))
    for at, (word, how) in enumerate(zip(spelt, sounds, strict=True)):
        heard[how] = (*heard.get(how, ()), Meant(forms[word], 1))
        beginnings[how[:1]].append(at)
        for length in range(len(word) - _most_edits(word), len(word) + _most_edits(word) + 1):
            lengths[length].append(at)
    return _Vocabulary(
        spelt=spelt,
        normal=[forms[word] for word in spelt],
        most_edits=np.array([_most_edits(word) for word in spelt], dtype=np.uint8),
        by_length={n: _group(at, spelt) for n, at in lengths.items()},
        by_beginning={letter: _group(at, sounds) for letter, at in beginnings.items()},
        own={word: (Meant(forms[word], 0),) for word in spelt},
        heard=heard,
    )


def _group(at: list[int], words: Sequence[str]) -> _Group:
    return _Group(np.array(at, dtype=np.int64), [words[i] for i in at])


def _most_edits(word: str) -> int:
    """Letters of a word of a name that may be wrong."""
    return min(MOST_EDITS, max(1, int(EDITS_PER_LETTER_OF_WORD * len(word))))
