"""Find the names of known places that a text misspells, and accept only what is near enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import prod

from ed_ingest.known_places import MISSPELT, SHORT_FORM, Span
from ed_ingest.meant_words import MOST_EDITS, Meant, meant_words
from ed_ingest.name_forms import is_distinctive
from ed_ingest.name_index import VENUES, NameIndex, own_names
from ed_ingest.one_letter import (
    MOST_WINDOW_WORDS,
    one_letter_spans,
    strange_words,
    with_misspelt,
)
from ed_ingest.spelling import edit_distance, is_ordinary_misspelt
from ed_ingest.words import loose_key, vocabulary, vocabulary_kind

EDITS_PER_LETTER = 0.18  # a name of 10 letters may have two wrong ones
EDITS_PER_LETTER_ON_STREET = 0.4  # of a venue on the street that the text names
LONGEST_DOUBTFUL = 6  # one word of no more letters must stand where a name does
SHORTEST, SHORTEST_STRANGE = 5, 3  # letters of a name, and of a word of one
MOST_STRANGE_WORDS = 3
_MOST_COMBINATIONS = 2_000
_AT = frozenset({"in", "at", "outside", "near", "opposite", "inside", "behind", "the"})


def misspelt_spans(
    texts: Sequence[Sequence[str]], known: Sequence[Sequence[Span]], index: NameIndex
) -> list[list[Span]]:
    """Find misspelt names by their words; thorough. Takes and returns as `one_letter_spans`."""
    found = one_letter_spans(texts, known, index)
    all_known = [with_misspelt(k, f) for k, f in zip(known, found, strict=True)]
    strange = [
        strange_words(words, spans, shortest=SHORTEST_STRANGE)
        for words, spans in zip(texts, all_known, strict=True)
    ]
    # A town of elsewhere is no name misspelt, and no short form of one.
    strange = [
        [odd and word not in index.elsewhere for odd, word in zip(own, words, strict=True)]
        for own, words in zip(strange, texts, strict=True)
    ]
    meant = meant_words(texts, strange, index)
    for t, (words, meanings) in enumerate(zip(texts, meant, strict=True)):
        if any(strange[t]):
            found[t] += _misspelt(words, strange[t], all_known[t], found[t], meanings, index)
    return found


def _misspelt(
    words: Sequence[str],
    strange: Sequence[bool],
    known: Sequence[Span],
    taken: Sequence[Span],
    meant: tuple[Sequence[tuple[Meant, ...]], Sequence[tuple[Meant, ...]]],
    index: NameIndex,
) -> list[Span]:
    """Misspelt names of one text, the longest first; none overlapping another or one taken."""
    streets = [span for span in known if _is_street(span, index)]
    found: list[Span] = []
    for start, end in sorted(_windows(words, strange, known), key=lambda w: (w[0] - w[1], w[0])):
        if any(s.start < end and start < s.end for s in (*taken, *found)):
            continue
        name = " ".join(words[start:end])
        ordinary = _is_ordinary(name)
        single, joined = meant
        hopeful = all(single[start:end]) or any(joined[start : end - 1])
        rows = _best(words, start, end, single, joined, index) if hopeful else ()
        if ordinary and not all(index.kinds[row] == "locality" for row in rows):
            rows = ()
        if not ordinary and (rows or streets):
            if end - start == 1 and not _stands_as_a_name(words, start, rows, index):
                rows = ()
            rows = rows or _on_street(name, streets, index)
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


def _best(
    words: Sequence[str],
    start: int,
    end: int,
    single: Sequence[tuple[Meant, ...]],
    joined: Sequence[tuple[Meant, ...]],
    index: NameIndex,
) -> tuple[int, ...]:
    """Places of the one name within the allowed number of edits; none where two are as near."""
    edits: dict[tuple[int, ...], int] = {}
    spelt = len(loose_key(words[start:end]))
    for options in _readings(start, end, single, joined):
        if prod(map(len, options)) > _MOST_COMBINATIONS:
            continue
        for meant in product(*options):
            name = " ".join([word.normal for word in meant])
            rows = index.exact.get(name)
            if rows is not None:
                d = sum(word.edits for word in meant)
                if d <= _allowed(max(spelt, len(loose_key(name.split())))):
                    edits[rows] = min(d, edits.get(rows, d))
    fewest = min(edits.values(), default=0)
    best = [rows for rows, d in edits.items() if d == fewest]
    return best[0] if len(best) == 1 else ()


def _readings(
    start: int, end: int, single: Sequence[tuple[Meant, ...]], joined: Sequence[tuple[Meant, ...]]
) -> Iterator[list[tuple[Meant, ...]]]:
    """What the words may stand for, word by word, and with two of them as one."""
    yield [*single[start:end]]
    for i in range(start, end - 1):
        if joined[i]:
            yield [*single[start:i], joined[i], *single[i + 2 : end]]


def _allowed(letters: int) -> int:
    """Edits between a name of so many letters and what is written for it."""
    return min(MOST_EDITS, round(letters * EDITS_PER_LETTER)) if letters >= SHORTEST else 0


def _is_street(span: Span, index: NameIndex) -> bool:
    return any(index.kinds[row] == "street" for row in span.rows)


@lru_cache(maxsize=2)
def _keys_on_streets(index: NameIndex) -> dict[tuple[str, str], tuple[tuple[str, int], ...]]:
    """Loose spellings of the names of venues, with their positions, by street and first letter."""
    keys: dict[int, set[str]] = defaultdict(set)
    for name, rows in index.exact.items():
        key = loose_key(name.split())
        for row in rows:
            if index.kinds[row] in VENUES and len(key) >= SHORTEST:
                keys[row].add(key)
    found: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for street, rows in index.on_street.items():
        for row in rows:
            for key in sorted(keys.get(row, ())):
                found[street, key[0]].append((key, row))
    return {where: tuple(venues) for where, venues in found.items()}


def _on_street(name: str, streets: Sequence[Span], index: NameIndex) -> tuple[int, ...]:
    """A venue of nearly that name on a street that the text names."""
    key, best = loose_key(name.split()), (MOST_EDITS, -1)
    names = own_names((row for span in streets for row in span.rows), index)
    venues = _keys_on_streets(index)
    for other, row in (venue for s in sorted(names) for venue in venues.get((s, key[:1]), ())):
        if abs(len(other) - len(key)) < MOST_EDITS:
            d = edit_distance(key, other)
            if d <= min(MOST_EDITS - 1, round(len(other) * EDITS_PER_LETTER_ON_STREET)):
                best = min(best, (d, row))
    return () if best[1] < 0 else (best[1],)


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
