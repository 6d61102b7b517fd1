"""Find the names of known places that a text misspells, and accept only what is near enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from ed_ingest.known_places import MISSPELT, VENUES, NameIndex, Span
from ed_ingest.place_names import is_distinctive
from ed_ingest.words import loose_key, normal_text, vocabulary

LEAST_SIMILARITY = 0.3  # cosine of character n-grams: which names are worth comparing
MOST_COMPARED = 20
EDITS_PER_LETTER = 0.15  # a name of 10 letters may have two wrong ones
EDITS_PER_LETTER_ON_STREET = 0.4  # of a venue on the street that the text names
MOST_EDITS = 3
SHORTEST = 5
MOST_WINDOW_WORDS = 4
SHORT_FORM = 0.65
_AT = frozenset({"in", "at", "outside", "near", "opposite", "inside", "behind", "the"})


class _Window(NamedTuple):
    """Words of one text that may be a misspelt name."""

    text: int
    start: int
    end: int
    name: str


def misspelt_spans(
    texts: Sequence[Sequence[str]], known: Sequence[Sequence[Span]], index: NameIndex
) -> list[list[Span]]:
    """Find misspelt names of places in the words that no known name covers.

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
        For each text the names found, longest first, none overlapping another or a known one.
    """
    windows = [w for t, words in enumerate(texts) for w in _windows(t, words, known[t])]
    found: list[list[Span]] = [[] for _ in texts]
    if not windows or not index.exact:
        return found
    similar = _similar_names(sorted({w.name for w in windows}), list(index.exact))
    names_of = _names_of_venues(index)
    for window in sorted(windows, key=lambda w: (w.start - w.end, w.start)):
        taken = found[window.text]
        if any(s.start < window.end and window.start < s.end for s in taken):
            continue
        streets = [s for s in known[window.text] if _is_street(s, index)]
        span = (
            _best(window, similar.get(window.name, ()), index)
            or _on_street(window, streets, names_of, index)
            or _short_form(window, texts[window.text], index)
        )
        if span is not None:
            taken.append(span)
    return found


def _windows(t: int, words: Sequence[str], known: Sequence[Span]) -> Iterator[_Window]:
    free = [w != "/" for w in words]
    for span in known:
        free[span.start : span.end] = [False] * (span.end - span.start)
    strange = [free[i] and _is_strange(word) for i, word in enumerate(words)]
    if not any(strange):
        return
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + MOST_WINDOW_WORDS) + 1):
            if not all(free[start:end]):
                break
            if any(strange[start:end]) and words[start] not in _AT:
                yield _Window(t, start, end, " ".join(words[start:end]))


def _is_strange(word: str) -> bool:
    return len(word) >= SHORTEST - 1 and word.isalpha() and word not in _ordinary()


@cache
def _ordinary() -> frozenset[str]:
    return vocabulary("safe_words") | vocabulary("place_types") | vocabulary("name_cues")


def _similar_names(queries: list[str], names: list[str]) -> dict[str, list[str]]:
    """Names that share the most character n-grams with each query, most similar first."""
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), dtype=np.float32)
    of_names = vectoriser.fit_transform(names).T.tocsr()
    of_queries = vectoriser.transform(queries)
    similar: dict[str, list[str]] = {}
    for first in range(0, len(queries), 2_000):
        scores = (of_queries[first : first + 2_000] @ of_names).tocsr()
        for i in range(scores.shape[0]):
            row = slice(scores.indptr[i], scores.indptr[i + 1])
            near = np.flatnonzero(scores.data[row] >= LEAST_SIMILARITY)
            best = near[np.argsort(-scores.data[row][near], kind="stable")[:MOST_COMPARED]]
            similar[queries[first + i]] = [names[j] for j in scores.indices[row][best]]
    return similar


def _best(window: _Window, names: Sequence[str], index: NameIndex) -> Span | None:
    """The one name within the allowed number of edits; none where two are equally near."""
    edits: dict[tuple[int, ...], int] = {}
    for name in names:
        d = _edits_between(window.name, name)
        if d <= min(MOST_EDITS, _allowed(name, EDITS_PER_LETTER)):
            rows = index.exact[name]
            edits[rows] = min(d, edits.get(rows, d))
    fewest = min(edits.values(), default=0)
    best = [rows for rows, d in edits.items() if d == fewest]
    if len(best) != 1 or _is_typing_error(window.name):
        return None
    return Span(window.start, window.end, best[0], MISSPELT, window.name)


def _allowed(name: str, per_letter: float) -> int:
    letters = len(loose_key(name.split()))
    return round(letters * per_letter) if letters >= SHORTEST else 0


def _edits_between(one: str, other: str) -> int:
    a, b = one.split(), other.split()
    kinds = vocabulary("place_types")
    # The word for the kind of place must be the same: Park Road is not Park Street misspelt.
    if (a[-1] in kinds or b[-1] in kinds) and a[-1] != b[-1]:
        return MOST_EDITS + 1
    return edit_distance(loose_key(a), loose_key(b))


def edit_distance(one: str, other: str) -> int:
    """Letters to insert, delete, replace or swap with their neighbour to make one of the other.

    >>> edit_distance("claer", "clare")
    1
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _is_street(span: Span, index: NameIndex) -> bool:
    return any(index.kinds[row] == "street" for row in span.rows)


def _names_of_venues(index: NameIndex) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for name, rows in index.exact.items():
        for row in rows:
            if index.kinds[row] in VENUES:
                names[row].append(name)
    return names


def _on_street(
    window: _Window, streets: Sequence[Span], names_of: Mapping[int, list[str]], index: NameIndex
) -> Span | None:
    """A venue of nearly that name on the street that the text names."""
    on_them = {
        row
        for street in streets
        for place in street.rows
        for row in index.on_street.get(normal_text(index.names[place]), ())
    }
    best: tuple[int, int] | None = None
    for row in sorted(on_them):
        for name in names_of.get(row, ()):
            if name[0] == window.name[0]:
                d = _edits_between(window.name, name)
                if d <= _allowed(name, EDITS_PER_LETTER_ON_STREET) and d <= MOST_EDITS - 1:
                    best = min(best, (d, row)) if best else (d, row)
    if best is None or _is_typing_error(window.name):
        return None
    return Span(window.start, window.end, (best[1],), MISSPELT, window.name)


def _short_form(window: _Window, words: Sequence[str], index: NameIndex) -> Span | None:
    """A venue called by the first word of its name alone, where no other's name begins so."""
    if window.end - window.start != 1 or not is_distinctive([window.name]):
        return None
    rows = index.first_words.get(window.name, ())
    placed = window.start > 0 and words[window.start - 1] in _AT
    kind = window.end < len(words) and words[window.end] in vocabulary("place_types")
    if len(rows) != 1 or not (placed or kind):
        return None
    return Span(window.start, window.end, rows, SHORT_FORM, window.name)


def _is_typing_error(name: str) -> bool:
    """Whether one word is an ordinary word with one letter wrong."""
    if " " in name:
        return False
    return not _one_letter_less(name).isdisjoint(_ordinary_one_letter_less())


def _one_letter_less(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


@cache
def _ordinary_one_letter_less() -> frozenset[str]:
    words = (w for w in vocabulary("safe_words") if len(w) >= SHORTEST - 1)
    return frozenset(part for word in words for part in _one_letter_less(word))
