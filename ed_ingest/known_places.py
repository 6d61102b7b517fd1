"""Find the names of known places among the words of a text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from ed_ingest.name_forms import is_distinctive
from ed_ingest.name_index import CUTS, MOST_WORDS, NameIndex
from ed_ingest.words import loose_word, vocabulary

EXACT, SHORTENED, LOOSE, PARTIAL, MISSPELT, SHORT_FORM, ORDINARY = 7, 6, 5, 4, 3, 2, 1


_LONGEST_CUT = len(CUTS)


class Span(NamedTuple):
    """A run of words that is the name of known places.

    Attributes
    ----------
    start, end
        First word and the one after the last.
    rows
        Positions of the places of this name in the gazetteer.
    score
        How surely the words are that name, in order: `EXACT`, `SHORTENED` (without its kind or
        town), `LOOSE` (they differ in spacing, plural or article), `PARTIAL` (its beginning, or
        that of its building), `MISSPELT`, `SHORT_FORM` (one word of it),
        or `ORDINARY` (a venue's name that is also an ordinary
        word: only a street named beside it makes it a name).
    name
        The words as in `NameIndex.exact`, or their loose key.
    """

    start: int
    end: int
    rows: tuple[int, ...]
    score: int
    name: str


def known_spans(words: Sequence[str], index: NameIndex) -> list[Span]:
    """Find the names of known places; the longest first where they overlap.

    Parameters
    ----------
    words
        Words of one text in normal form.
    index
        The gazetteer's names.

    Returns
    -------
    list of Span
        In the order of the text, none overlapping another.
    """
    candidates = list(_candidates(words, index))
    if len(candidates) < 2:
        return candidates
    candidates.sort(key=lambda s: (s.start - s.end, -s.score, s.start))
    taken = [False] * len(words)
    chosen = []
    for span in candidates:
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = [True] * (span.end - span.start)
            chosen.append(span)
    return sorted(chosen)


def _candidates(words: Sequence[str], index: NameIndex) -> list[Span]:
    # Every exact name also has its loose key: one quick look-up a window finds both.
    found = []
    parts = list(map(loose_word, words))
    n, loose, beginnings = len(words), index.loose, index.beginnings
    for start in range(n):
        key = ""
        for end in range(start + 1, min(n, start + MOST_WORDS) + 1):
            key += parts[end - 1]
            cut = CUTS[len(key)] if len(key) < _LONGEST_CUT else CUTS[-1]
            if cut and key[:cut] not in beginnings:
                break
            if key in loose:
                span = _span(words, start, end, key, index)
                if span is not None:
                    found.append(span)
    return found


def _span(words: Sequence[str], start: int, end: int, key: str, index: NameIndex) -> Span | None:
    window = list(words[start:end])
    if "/" in window or window[-1] in _NOT_LAST or window[0] in ("and", "of"):
        return None
    name = " ".join(window)
    rows = index.exact.get(name)
    if rows is not None:
        sure = len(window) > 1 or is_distinctive(window, shortest=3) or _is_area(rows, index)
        score = _SCORES[index.least_rank[name]] if sure else ORDINARY
        return Span(start, end, rows, score, name)
    if not is_distinctive([w for w in window if w != "the"]) or key in _kinds():
        return None
    if len(window) == 1 and len(key) < _SHORTEST_LOOSE:
        return None
    score = min(LOOSE, _SCORES[index.loose_rank[key]])
    return Span(start, end, index.loose[key], score, key)


_SHORTEST_LOOSE = 5


@cache
def _kinds() -> frozenset[str]:
    """Loose spellings of the words for kinds of places."""
    return frozenset(map(loose_word, vocabulary("place_types")))


# By rank of the name: as written, shortened, a part, its building, words of any sentence.
_SCORES = (EXACT, SHORTENED, PARTIAL, PARTIAL, ORDINARY)
_NOT_LAST = frozenset({"the", "and", "of"})


def _is_area(rows: tuple[int, ...], index: NameIndex) -> bool:
    return any(index.kinds[row] in ("locality", "street") for row in rows)
