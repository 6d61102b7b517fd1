"""Find the names of known places that a text misspells, and accept only what is near enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from ed_ingest.known_places import MISSPELT, Span
from ed_ingest.name_index import VENUES, NameIndex
from ed_ingest.place_names import is_distinctive
from ed_ingest.sounds import sound
from ed_ingest.spelling import (
    Spellings,
    corrections,
    edit_distance,
    is_ordinary_misspelt,
    spellings_of,
)
from ed_ingest.words import abbreviations, loose_key, normal_text, vocabulary, vocabulary_kind

EDITS_PER_LETTER_OF_WORD = 0.25
EDITS_PER_LETTER = 0.18  # a name of 10 letters may have two wrong ones
EDITS_PER_LETTER_ON_STREET = 0.4  # of a venue on the street that the text names
MOST_EDITS = 3
LONGEST_DOUBTFUL = 6  # one word of no more letters must stand where a name does
SHORTEST, SHORTEST_WORD = 5, 3  # letters of a name, and of a word of one
MOST_WINDOW_WORDS, MOST_STRANGE_WORDS = 4, 3
SHORT_FORM = 0.65
_WORDS_AT_ONCE = 2_000
_MOST_COMBINATIONS = 2_000
_AT = frozenset({"in", "at", "outside", "near", "opposite", "inside", "behind", "the"})


class _Meant(NamedTuple):
    """A word of a name that a strange word may stand for, in normal form, and the edits between."""

    normal: str
    edits: int


def one_letter_spans(
    texts: Sequence[Sequence[str]], known: Sequence[Sequence[Span]], index: NameIndex
) -> list[list[Span]]:
    """Find names of several words of which one word has one letter wrong; quick.

    Parameters
    ----------
    texts
        Words of each text in normal form.
    known
        Names of known places found in each text.
    index
        The gazetteer's names.

    Returns
    -------
    list of list of Span
        For each text the names found, none overlapping another. One may take in a known name,
        which is then part of it.
    """
    spellings = _spellings(index)
    right: dict[str, list[str]] = {}
    found = []
    for words, spans in zip(texts, known, strict=True):
        taken: list[Span] = []
        strange = _strange(words, spans)
        for i in (i for i, is_strange in enumerate(strange) if is_strange):
            if words[i] not in right:
                right[words[i]] = corrections(words[i], spellings)
            if right[words[i]] and not any(s.start <= i < s.end for s in taken):
                taken += _corrected(words, i, right[words[i]], index)[:1]
        found.append(taken)
    return found


def _corrected(words: Sequence[str], i: int, right: Sequence[str], index: NameIndex) -> list[Span]:
    """Names around word `i`, the longest first, once it is put right; none where two are alike."""
    spans = []
    for start in range(max(0, i - MOST_WINDOW_WORDS + 1), i + 1):
        for end in range(max(i + 1, start + 2), min(len(words), start + MOST_WINDOW_WORDS) + 1):
            windows = (" ".join([*words[start:i], word, *words[i + 1 : end]]) for word in right)
            rows = {index.exact[name] for name in windows if name in index.exact}
            if len(rows) == 1:
                name = " ".join(words[start:end])
                spans.append(Span(start, end, rows.pop(), MISSPELT, name))
    return sorted(spans, key=lambda span: span.start - span.end)


def misspelt_spans(
    texts: Sequence[Sequence[str]], known: Sequence[Sequence[Span]], index: NameIndex
) -> list[list[Span]]:
    """Find misspelt names by their words; thorough. Takes and returns as `one_letter_spans`."""
    found = one_letter_spans(texts, known, index)
    all_known = [with_misspelt(k, f) for k, f in zip(known, found, strict=True)]
    strange = [_strange(words, spans) for words, spans in zip(texts, all_known, strict=True)]
    meant = _meant_words(texts, strange, index)
    for t, words in enumerate(texts):
        if any(strange[t]):
            found[t] += _misspelt(words, strange[t], all_known[t], found[t], meant, index)
    return found


def _misspelt(
    words: Sequence[str],
    strange: Sequence[bool],
    known: Sequence[Span],
    taken: Sequence[Span],
    meant: Mapping[str, tuple[_Meant, ...]],
    index: NameIndex,
) -> list[Span]:
    """Misspelt names of one text, the longest first; none overlapping another or one taken."""
    streets = [span for span in known if _is_street(span, index)]
    found: list[Span] = []
    for start, end in sorted(_windows(words, strange, known), key=lambda w: (w[0] - w[1], w[0])):
        if any(s.start < end and start < s.end for s in (*taken, *found)):
            continue
        name = " ".join(words[start:end])
        rows = (
            () if _is_ordinary(name) else _best(words[start:end], strange[start:end], meant, index)
        )
        if rows and end - start == 1 and not _stands_as_a_name(words, start, rows, index):
            rows = ()
        rows = rows or (() if _is_ordinary(name) else _on_street(name, streets, index))
        if rows:
            found.append(Span(start, end, rows, MISSPELT, name))
        elif rows := _short_form(words, start, end, index):
            found.append(Span(start, end, rows, SHORT_FORM, name))
    return found


def _stands_as_a_name(words: Sequence[str], i: int, rows: Sequence[int], index: NameIndex) -> bool:
    """Whether one word alone may be a misspelt name: long, or where the name of a place stands."""
    after = words[i + 1] if i + 1 < len(words) else ""
    if after in vocabulary_kind("place_types", "kind", "street"):
        return False
    placed = i > 0 and words[i - 1] in _AT
    kind = after in vocabulary("place_types")
    area = any(index.kinds[row] == "locality" for row in rows)
    return len(words[i]) > LONGEST_DOUBTFUL or placed or kind or area


def _strange(words: Sequence[str], known: Sequence[Span]) -> list[bool]:
    """For each word, whether it is none that we know, and long enough to be put right."""
    strange = [
        len(word) >= SHORTEST - 1 and word.isalpha() and word not in _ordinary() for word in words
    ]
    for span in known:
        strange[span.start : span.end] = [False] * (span.end - span.start)
    return strange


def _windows(
    words: Sequence[str], strange: Sequence[bool], known: Sequence[Span]
) -> Iterator[tuple[int, int]]:
    """First word, and the one after the last, of each run of words that may be a misspelt name."""
    inner = {i for span in known for i in range(span.start + 1, span.end)}
    for start in range(len(words)):
        if start in inner or words[start] in _AT or words[start] == "/":
            continue
        for end in range(start + 1, min(len(words), start + MOST_WINDOW_WORDS) + 1):
            if words[end - 1] == "/":
                break
            if end not in inner and 0 < sum(strange[start:end]) <= MOST_STRANGE_WORDS:
                yield start, end


@cache
def _ordinary() -> frozenset[str]:
    return vocabulary("safe_words") | vocabulary("place_types") | vocabulary("name_cues")


@lru_cache(maxsize=2)
def _spellings(index: NameIndex) -> Spellings:
    return spellings_of(word for name in index.exact for word in name.split())


@lru_cache(maxsize=2)
def _words_of_names(index: NameIndex) -> tuple[list[str], list[str], list[str]]:
    """Words that a misspelt one may stand for: as spelt, in normal form, and how they sound."""
    spelt = {word: word for name in index.exact for word in name.split()}
    # "steet" stands for "street", whose normal form has too few letters to be told by.
    spelt |= {long: short for long, short in abbreviations().items() if short in spelt}
    usable = sorted(word for word in spelt if word.isalpha() and len(word) >= SHORTEST_WORD)
    return usable, [spelt[word] for word in usable], list(map(sound, usable))


def _meant_words(
    texts: Sequence[Sequence[str]], strange: Sequence[Sequence[bool]], index: NameIndex
) -> dict[str, tuple[_Meant, ...]]:
    """For each strange word, and pair with one, the words of names that they may stand for."""
    spelt, normal, sounds = _words_of_names(index)
    known = set(spelt)
    words = sorted(
        {
            word
            for own, is_strange in zip(texts, strange, strict=True)
            for word in _strange_words(own, is_strange)
            if word not in known
        }
    )
    # A word that names are made of is none misspelt.
    meant: dict[str, tuple[_Meant, ...]] = {}
    meant |= {word: (_Meant(form, 0),) for word, form in zip(spelt, normal, strict=True)}
    longest = np.array([_most_edits(word) for word in spelt], dtype=np.uint8)
    for first in range(0, len(words) if spelt else 0, _WORDS_AT_ONCE):
        some = words[first : first + _WORDS_AT_ONCE]
        by_letter = _edits(some, spelt)
        by_sound = _edits(list(map(sound, some)), sounds)
        # What sounds the same is one edit off at least.
        edits = np.minimum(by_letter, np.maximum(by_sound, 1))
        for i, j in zip(*np.nonzero(edits <= longest), strict=True):
            near = _Meant(normal[j], int(edits[i, j]))
            meant[some[i]] = (*meant.get(some[i], ()), near)
    return meant


def _edits(words: Sequence[str], known: Sequence[str]) -> NDArray[np.uint8]:
    """Letters wrong between each word and each known one; more than `MOST_EDITS` are not told."""
    return cdist(words, known, scorer=OSA.distance, score_cutoff=MOST_EDITS, dtype=np.uint8)


def _strange_words(words: Sequence[str], strange: Sequence[bool]) -> Iterator[str]:
    for i, is_strange in enumerate(strange):
        if is_strange:
            yield words[i]
        if i and (is_strange or strange[i - 1]) and words[i - 1].isalpha() and words[i].isalpha():
            yield words[i - 1] + words[i]


def _most_edits(word: str) -> int:
    """Letters of a word of a name that may be wrong."""
    return min(MOST_EDITS, max(1, int(EDITS_PER_LETTER_OF_WORD * len(word))))


def _best(
    window: Sequence[str],
    strange: Sequence[bool],
    meant: Mapping[str, tuple[_Meant, ...]],
    index: NameIndex,
) -> tuple[int, ...]:
    """Places of the one name within the allowed number of edits; none where two are as near."""
    edits: dict[tuple[int, ...], int] = {}
    for words in _readings(window, strange, meant):
        name = " ".join(word.normal for word in words)
        rows, d = index.exact.get(name), sum(word.edits for word in words)
        if rows is not None and d <= min(MOST_EDITS, _allowed(name, EDITS_PER_LETTER)):
            edits[rows] = min(d, edits.get(rows, d))
    fewest = min(edits.values(), default=0)
    best = [rows for rows, d in edits.items() if d == fewest]
    return best[0] if len(best) == 1 else ()


def _readings(
    window: Sequence[str], strange: Sequence[bool], meant: Mapping[str, tuple[_Meant, ...]]
) -> Iterator[tuple[_Meant, ...]]:
    """Names that the words may stand for, word by word, and with two of them as one."""
    options = [
        meant.get(word, ()) if odd else (_Meant(word, 0),)
        for word, odd in zip(window, strange, strict=True)
    ]
    if prod(map(len, options)) <= _MOST_COMBINATIONS:
        yield from product(*options)
    for i in range(1, len(window)):
        joined = meant.get(window[i - 1] + window[i], ()) if strange[i - 1] or strange[i] else ()
        together = [*options[: i - 1], joined, *options[i + 1 :]]
        if joined and prod(map(len, together)) <= _MOST_COMBINATIONS:
            yield from product(*together)


def _allowed(name: str, per_letter: float) -> int:
    letters = len(loose_key(name.split()))
    return round(letters * per_letter) if letters >= SHORTEST else 0


def with_misspelt(known: Sequence[Span], misspelt: Sequence[Span]) -> list[Span]:
    """Known and misspelt names in the order of the text; a known one inside another left out."""
    kept = [k for k in known if not any(m.start < k.end and k.start < m.end for m in misspelt)]
    return sorted([*kept, *misspelt])


def _is_street(span: Span, index: NameIndex) -> bool:
    return any(index.kinds[row] == "street" for row in span.rows)


@lru_cache(maxsize=2)
def _keys_of_venues(index: NameIndex) -> dict[int, list[str]]:
    """Loose spellings of the names of each venue."""
    keys: dict[int, list[str]] = defaultdict(list)
    for name, rows in index.exact.items():
        key = loose_key(name.split())
        for row in rows:
            if index.kinds[row] in VENUES and key not in keys[row]:
                keys[row].append(key)
    return keys


def _on_street(name: str, streets: Sequence[Span], index: NameIndex) -> tuple[int, ...]:
    """A venue of nearly that name on a street that the text names."""
    key, keys_of = loose_key(name.split()), _keys_of_venues(index)
    best: tuple[int, int] | None = None
    for row in sorted({row for street in streets for row in _venues_on(street.rows, index)}):
        for other in keys_of.get(row, ()):
            allowed = min(MOST_EDITS - 1, round(len(other) * EDITS_PER_LETTER_ON_STREET))
            if len(other) >= SHORTEST and other[0] == key[:1]:
                d = edit_distance(key, other)
                if d <= allowed:
                    best = min(best, (d, row)) if best else (d, row)
    return () if best is None else (best[1],)


def _venues_on(rows: Sequence[int], index: NameIndex) -> Iterator[int]:
    for row in rows:
        yield from index.on_street.get(normal_text(index.names[row]), ())


def _short_form(words: Sequence[str], start: int, end: int, index: NameIndex) -> tuple[int, ...]:
    """A venue called by the first word of its name alone, where no other's name begins so."""
    if end - start != 1 or not is_distinctive([words[start]]):
        return ()
    rows = index.first_words.get(words[start], ())
    placed = start == 0 or words[start - 1] in _AT
    kind = end < len(words) and words[end] in vocabulary("place_types")
    return rows if len(rows) == 1 and (placed or kind) else ()


def _is_ordinary(name: str) -> bool:
    return " " not in name and is_ordinary_misspelt(name)
