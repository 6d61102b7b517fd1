"""Find names of several words of which one word has one letter wrong: the quick way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from ed_ingest.known_places import MISSPELT, Span
from ed_ingest.name_index import NameIndex
from ed_ingest.spelling import Spellings, corrections, spellings_of
from ed_ingest.words import vocabulary

SHORTEST_STRANGE = 4  # letters of a word that may be put right
MOST_WINDOW_WORDS = 4


def one_letter_spans(
    texts: Sequence[Sequence[str]],
    known: Sequence[Sequence[Span]],
    index: NameIndex,
    *,
    corrected: dict[str, list[str]] | None = None,
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
    corrected
        What strange words may stand for, found out before; filled up for the next texts.

    Returns
    -------
    list of list of Span
        For each text the names found, none overlapping another. One may take in a known name,
        which is then part of it.
    """
    spellings = _spellings(index)
    right = {} if corrected is None else corrected
    found = []
    for words, spans in zip(texts, known, strict=True):
        taken: list[Span] = []
        strange = strange_words(words, spans)
        for i in (i for i, is_strange in enumerate(strange) if is_strange):
            if words[i] not in right:
                right[words[i]] = corrections(words[i], spellings)
            if right[words[i]] and not any(s.start <= i < s.end for s in taken):
                named = _corrected(words, i, right[words[i]], index)
                taken += [span for span in named if not _cuts(span, spans)][:1]
        found.append(taken)
    return found


def _cuts(span: Span, known: Sequence[Span]) -> bool:
    """Whether a name begins or ends in the middle of a known one."""
    return any(k.start < span.start < k.end or k.start < span.end < k.end for k in known)


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


def strange_words(
    words: Sequence[str], known: Sequence[Span], *, shortest: int = SHORTEST_STRANGE
) -> list[bool]:
    """For each word, whether it is none that we know, and has the letters to be put right."""
    ordinary = _ordinary()
    strange = [len(word) >= shortest and word not in ordinary and word.isalpha() for word in words]
    for span in known:
        strange[span.start : span.end] = [False] * (span.end - span.start)
    return strange


@cache
def _ordinary() -> frozenset[str]:
    return vocabulary("safe_words") | vocabulary("place_types") | vocabulary("name_cues")


@lru_cache(maxsize=2)
def _spellings(index: NameIndex) -> Spellings:
    return spellings_of(word for name in index.exact for word in name.split())


def with_misspelt(known: Sequence[Span], misspelt: Sequence[Span]) -> list[Span]:
    """Known and misspelt names in the order of the text; a known one inside another left out."""
    kept = [k for k in known if not any(m.start < k.end and k.start < m.end for m in misspelt)]
    return sorted([*kept, *misspelt])
