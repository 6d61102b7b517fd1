"""Find the names of known places that a text misspells, and accept only what is near enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfVectorizer

from ed_ingest.known_places import MISSPELT, Span
from ed_ingest.name_index import VENUES, NameIndex
from ed_ingest.place_names import is_distinctive
from ed_ingest.spelling import (
    Spellings,
    corrections,
    edit_distance,
    is_ordinary_misspelt,
    spellings_of,
)
from ed_ingest.words import loose_key, normal_text, vocabulary

LEAST_SIMILARITY = 0.3  # cosine of character n-grams: which names are worth comparing
MOST_COMPARED = 20
EDITS_PER_WORD = 0.5  # of the letters of one word among several
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
    """Find misspelt names by their likeness; thorough. Takes and returns as `one_letter_spans`."""
    found = one_letter_spans(texts, known, index)
    all_known = [with_misspelt(k, f) for k, f in zip(known, found, strict=True)]
    windows = [w for t, words in enumerate(texts) for w in _windows(t, words, all_known[t])]
    if not windows or not index.exact:
        return found
    similar = _similar_names(sorted({w.name for w in windows}), index)
    names_of = _names_of_venues(index)
    for window in sorted(windows, key=lambda w: (w.start - w.end, w.start)):
        taken = found[window.text]
        if any(s.start < window.end and window.start < s.end for s in taken):
            continue
        streets = [s for s in all_known[window.text] if _is_street(s, index)]
        span = (
            _best(window, similar.get(window.name, ()), index)
            or _on_street(window, streets, names_of, index)
            or _short_form(window, texts[window.text], index)
        )
        if span is not None:
            taken.append(span)
    return found


def _strange(words: Sequence[str], known: Sequence[Span]) -> list[bool]:
    """For each word, whether it is none that we know, and long enough to be put right."""
    strange = [
        len(word) >= SHORTEST - 1 and word.isalpha() and word not in _ordinary() for word in words
    ]
    for span in known:
        strange[span.start : span.end] = [False] * (span.end - span.start)
    return strange


def _windows(t: int, words: Sequence[str], known: Sequence[Span]) -> Iterator[_Window]:
    strange = _strange(words, known)
    if not any(strange):
        return
    inner = {i for span in known for i in range(span.start + 1, span.end)}
    for start in range(len(words)):
        if start in inner or words[start] in _AT or words[start] == "/":
            continue
        for end in range(start + 1, min(len(words), start + MOST_WINDOW_WORDS) + 1):
            if words[end - 1] == "/":
                break
            if end not in inner and any(strange[start:end]):
                yield _Window(t, start, end, " ".join(words[start:end]))


@cache
def _ordinary() -> frozenset[str]:
    return vocabulary("safe_words") | vocabulary("place_types") | vocabulary("name_cues")


@lru_cache(maxsize=2)
def _spellings(index: NameIndex) -> Spellings:
    return spellings_of(word for name in index.exact for word in name.split())


@lru_cache(maxsize=2)
def _n_grams(index: NameIndex) -> tuple[TfidfVectorizer, csr_array]:
    """How to weigh character n-grams, and the weights of each name, one column a name."""
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), dtype=np.float32)
    return vectoriser, csr_array(vectoriser.fit_transform(list(index.exact)).T)


def _similar_names(queries: list[str], index: NameIndex) -> dict[str, list[str]]:
    """Names that share the most character n-grams with each query, most similar first."""
    vectoriser, of_names = _n_grams(index)
    names = list(index.exact)
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
    if len(best) != 1 or _is_ordinary(window.name):
        return None
    return Span(window.start, window.end, best[0], MISSPELT, window.name)


def _allowed(name: str, per_letter: float) -> int:
    letters = len(loose_key(name.split()))
    return round(letters * per_letter) if letters >= SHORTEST else 0


def _edits_between(one: str, other: str) -> int:
    a, b = one.split(), other.split()
    kinds = vocabulary("place_types")
    # The word for the kind of place must be the same: Park Road is not Park Street misspelt.
    if a[-1] != b[-1] and (a[-1] in kinds or (b[-1] in kinds and not _one_edit(a[-1], b[-1]))):
        return MOST_EDITS + 1
    # Nor may a whole word be another one beside a right word: "along Cardiff" is not Kongs Cardiff.
    if len(a) == len(b) and any(_another_word(x, y) for x, y in zip(a, b, strict=True)):
        return MOST_EDITS + 1
    return edit_distance(loose_key(a), loose_key(b))


def _another_word(one: str, other: str) -> bool:
    return one != other and edit_distance(one, other) > max(1, EDITS_PER_WORD * len(other))


def _one_edit(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) <= 1 and edit_distance(one, other) == 1


def with_misspelt(known: Sequence[Span], misspelt: Sequence[Span]) -> list[Span]:
    """Known and misspelt names in the order of the text; a known one inside another left out."""
    kept = [k for k in known if not any(m.start < k.end and k.start < m.end for m in misspelt)]
    return sorted([*kept, *misspelt])


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
    if best is None or _is_ordinary(window.name):
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


def _is_ordinary(name: str) -> bool:
    return " " not in name and is_ordinary_misspelt(name)
